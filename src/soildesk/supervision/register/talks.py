"""约谈: talks in a list, and the page of one of them with what was promised."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import audit, audit_words, files
from soildesk.core.duties import state_of
from soildesk.core.permissions import Actor
from soildesk.enterprises.register.records import stopped
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import RecordPage
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter
from soildesk.kit.languages import listed
from soildesk.kit.parts import Act, Chip, Event, Fact, File, Step
from soildesk.kit.register import Column, Register, Row
from soildesk.supervision import words
from soildesk.supervision.models import Talk, TalkPromise
from soildesk.supervision.queries import letters
from soildesk.supervision.queries import talks as reads
from soildesk.supervision.register.matters import SECTION
from soildesk.supervision.services.letters import WRITE
from soildesk.supervision.services.slips import ANSWER
from soildesk.supervision.services.talks import digest_of

if TYPE_CHECKING:
    from soildesk.core.models import Duty

State, Kept = Talk.State, TalkPromise.State


def talk(actor: Actor, row: Row, on: date) -> RecordPage:
    """One talk: notice, minutes, what was promised and what came of it."""
    found = reads.talk_of(actor, row["uid"])
    assert found is not None
    promises = reads.promises_of(found)
    return RecordPage(
        chips=list(_chips(found, promises)),
        life=_life(found, on),
        facts=_facts(found),
        acts=list(_acts(actor, found)),
        files=[_file(use) for use in files.uses_of(found)],
        history=_history(found, promises),
        related=_related(actor, found),
        template="supervision/talk.html",
        context={"talk": found, "promises": [_promise(actor, one, on) for one in promises]},
    )


def _chips(found: Talk, promises: Sequence[TalkPromise]) -> Iterator[Chip]:
    yield words.chip(words.TALK_STATES, found.state)
    if found.digest and digest_of(found.minutes, promises) != found.digest:
        yield Chip("bad", _("内容与校验值不符"), why=_("请勿使用，并请审计人员核查。"))


def _life(found: Talk, on: date) -> list[Step]:
    at = list(State).index(State(found.state))
    days = (found.planned_on, found.held_on, found.closed_on)
    names = (_("通知约谈"), _("约谈、提出整改要求"), _("整改核实、销号"))
    stages = ("done", "done" if at else "here", "done" if at == 2 else "here" if at == 1 else "ahead")
    return [Step(name, stage, day) for name, stage, day in zip(names, stages, days, strict=True)]  # type: ignore[arg-type]


def _facts(found: Talk) -> list[Fact]:
    units = listed(str(one) for one in reads.units_of(found))
    facts = [Fact(_("被约谈单位"), units), Fact(_("约谈机关"), found.body, source=found.document)]
    if found.chair:
        facts += [Fact(_("约谈人"), found.chair), Fact(_("被约谈人"), found.attended)]
    if found.closed_why:
        facts.append(Fact(_("销号说明"), found.closed_why))
    return facts


def _acts(actor: Actor, found: Talk) -> Iterator[Act]:
    if actor.person is not None and actor.person.department_id == found.owner_department_id:
        why = stopped(actor, WRITE, found)
        if found.state == State.PLANNED:
            yield Act(
                _("登记约谈记录"),
                reverse("supervision:hold_talk", args=[found.uid]),
                "pencil",
                primary=True,
                stopped_by=why,
            )
        if found.state == State.HELD:
            left = found.promises.exclude(state=Kept.VERIFIED).count()
            why = why or (_("还有 %(n)d 项整改要求没有核实。") % {"n": left} if left else "")
            yield Act(
                _("销号"),
                reverse("supervision:close_talk", args=[found.uid]),
                "check-circle-fill",
                primary=True,
                stopped_by=why,
            )
    yield Act(_("约谈通知书"), reverse("supervision:talk_paper", args=[found.uid, "notice"]), "file-earmark-text")
    if found.held_on:
        yield Act(_("约谈记录（Word）"), reverse("supervision:talk_paper", args=[found.uid, "minutes"]), "file-earmark-text")  # fmt: skip


def _promise(actor: Actor, one: TalkPromise, on: date) -> dict[str, Any]:
    """One promise with its state, its lateness by its duty, and what the actor may do."""
    duty = reads.duty_of(one)
    return {
        "promise": one,
        "chip": words.chip(words.PROMISE_STATES, one.state, one.remark),
        "term": _term(duty, on) if duty and one.state != Kept.VERIFIED else None,
        "files": [_file(use) for use in files.uses_of(one)],
        "acts": list(_promise_acts(actor, one)),
    }


def _term(duty: Duty, on: date) -> Chip:
    return words.chip(words.DUTY_STATES, state_of(duty, on))


def _promise_acts(actor: Actor, one: TalkPromise) -> Iterator[Act]:
    own = actor.person is not None and actor.person.department_id == one.owner_department_id
    at = lambda name: reverse("supervision:promise_act", args=[one.uid, name])  # noqa: E731
    if one.state == Kept.OPEN and (own or one.unit_id in letters.own_departments(actor)):
        yield Act(_("报告整改情况"), at("report"), "pencil", primary=True, stopped_by=stopped(actor, ANSWER, one))
    if one.state == Kept.REPORTED and own:
        why = stopped(actor, WRITE, one)
        yield Act(_("核实"), at("verify"), "check2-circle", primary=True, stopped_by=why)
        yield Act(_("退回"), at("return"), "arrow-counterclockwise", stopped_by=why)


def _related(actor: Actor, found: Talk) -> list[tuple[str, str]]:
    letter = letters.letter_of(actor, found.letter.uid)
    return [(str(letter), reverse("kit:record", args=["letters", str(letter.uid)]))] if letter else []


def _history(found: Talk, promises: Sequence[TalkPromise]) -> list[Event]:
    acts = [f"supervision.talk.{name}" for name in ("arranged", "held", "closed")]
    told = [(entry, who, "") for entry, who in audit.told_of(found, *acts)]
    names = [f"supervision.promise.{name}" for name in ("reported", "returned", "verified")]
    told += [(entry, who, one.text) for one in promises for entry, who in audit.told_of(one, *names)]
    return [
        Event(entry.at, who, audit_words.word_of(entry.act), detail)
        for entry, who, detail in sorted(told, key=lambda one: one[0].at)
    ]


def _file(use: Any) -> File:
    by = use.added_by.name if use.added_by else ""
    return File(
        use.name, reverse("core:file", args=[use.uid]), use.attachment.size, _("附件"), use.added_at, by, use.note
    )


def _progress(value: Any, row: Row) -> str:
    return cells.progress_html(row["verified"], row["promised"]) if row["promised"] else cells.NOTHING


TALKS = register.add(
    Register(
        name="supervision.talks",
        collection="talks",
        title=_l("约谈"),
        permission="supervision.read",
        queryset=reads.talks,
        fields=["promised", "verified"],
        record=talk,
        columns=[
            Column("title", _l("约谈事由"), sort="title", width=26, frozen=True, format=cells.link),
            Column("state", _l("状态"), sort="state", width=7, format=cells.chip(words.TALK_STATES), export=lambda value, row: str(State(value).label)),
            Column("planned_on", _l("约谈日期"), sort="planned_on", width=8, format=cells.day, type="date"),
            Column("kept", _l("整改核实"), lambda row: f"{row['verified']}/{row['promised']}", ["verified", "promised"], width=8, format=_progress),
            Column("body", _l("约谈机关"), sort="body", width=12),
            Column("document", _l("依据文号"), width=14),
            Column("place", _l("地点"), width=12, shown=False),
            Column("held_on", _l("实际日期"), sort="held_on", width=8, format=cells.day, type="date", shown=False),
            Column("closed_on", _l("销号日期"), sort="closed_on", width=8, format=cells.day, type="date", shown=False),
            Column("office", _l("承办单位"), width=10, shown=False),
        ],
        filters=[
            ChoiceFilter("state", _l("状态"), choices=State.choices),
            ChoiceFilter("late", _l("整改"), choices=[("1", _l("有逾期"))], conditions={"1": reads.late_on}),
            DateRangeFilter("planned_on", _l("约谈日期")),
        ],
        search=["title", "document", "minutes"],
        default_sort="-planned_on",
        views=[(_l("待约谈"), "state=planned"), (_l("整改中"), "state=held"), (_l("整改逾期"), "late=1")],
        about=_l("约谈由本级政府或者上级机关决定；指挥部办公室只能提请，批复同意后安排，整改要求跟踪到销号。"),
        empty=_l("没有约谈。需要约谈的，从红色督办单或者督办事项起草“约谈提请”。"),
        empty_else=(WRITE, _l("没有约谈本单位的记录。约谈通知会发到消息里，整改要求列入“今日”。")),
    )
)  # fmt: skip

navigation.register(SECTION, _l("约谈"), "kit:collection", "supervision.read", order=52, icon="people", args=("talks",))
