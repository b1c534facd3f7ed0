"""调度表: the sheets of units, and the page of one: what the records say, what the unit says, when it was signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import audit, audit_words, clock
from soildesk.core.permissions import Actor
from soildesk.enterprises.register.records import stopped
from soildesk.kit import cells, register
from soildesk.kit.faces import RecordPage
from soildesk.kit.filters import ChoiceFilter, TextFilter
from soildesk.kit.measures import OUTCOME_PARTS, Outcome
from soildesk.kit.parts import Act, Chip, Event, Fact
from soildesk.kit.register import Column, Register, Row
from soildesk.plans.wording import ASSIGNMENT_STATES, period_word
from soildesk.supervision import words
from soildesk.supervision.models import DispatchRound, DispatchSheet
from soildesk.supervision.queries import rounds as seen
from soildesk.supervision.queries.sheets import Said, digest_of
from soildesk.supervision.register.matters import units
from soildesk.supervision.register.rounds import ROUNDS
from soildesk.supervision.roundwords import FREE_TITLES, SHEET_STATES, late_chip, sheet_chip
from soildesk.supervision.services.rounds import DISPATCH, SHEETS
from soildesk.supervision.services.sheets import FILL, may_fill

State = DispatchSheet.State


def sheet(actor: Actor, row: Row, on: date) -> RecordPage:
    """One sheet."""
    found = seen.sheet_of(actor, row["uid"])
    assert found is not None
    (line,) = seen.board(found.round, on, actor, only=found.pk)
    signings = list(found.signings.select_related("signed_by", "returned_by"))
    return RecordPage(
        chips=list(_chips(line, signings)),
        facts=_facts(line, found),
        acts=list(_acts(actor, found)),
        history=_history(found),
        related=[(str(found.round), reverse("kit:record", args=[ROUNDS, str(found.round.uid)]))],
        template="supervision/sheet.html",
        context={
            "sheet": found,
            "said": line.said,
            "tasks": [shown(task, line.said) for task in line.said.tasks],
            "free": [(title, line.said.words.get(name, "")) for name, title in FREE_TITLES.items()],
            "signings": [(one, digest_of(one.snapshot) == one.digest) for one in signings],
        },
    )


def shown(task: Mapping[str, Any], said: Said) -> dict[str, Any]:
    """A task of a sheet as a page shows it."""
    tone, icon, word = ASSIGNMENT_STATES[task["handling"]]
    good, mark, outcome = OUTCOME_PARTS[Outcome(task["outcome"])]
    return {
        **task,
        "url": f"{reverse('plans:task', args=[task['uid']])}?on={said.records['on']}",
        "handling_chip": Chip(tone, str(word), icon),
        "outcome_chip": None if task["unbound"] else Chip(good, str(outcome), mark, task["why"]),  # type: ignore[arg-type]
        "own": said.own(task),
        "slip_links": [
            (one["number"], words.chip(words.COLOURS, one["colour"]), reverse("kit:record", args=["slips", one["uid"]]))
            for one in task["slips"]
        ],
        "extension_links": [
            (
                one,
                words.chip(words.EXTENSION_STATES, one["state"]),
                reverse("kit:record", args=["extensions", one["uid"]]),
            )
            for one in task["extensions"]
        ],
    }


def _chips(line: seen.Line, signings: list[Any]) -> Iterator[Chip]:
    yield sheet_chip(line)
    if late := late_chip(line):
        yield late
    if line.numbers["differs"]:
        yield Chip("warn", _("%(n)d 项与台账不一致") % {"n": line.numbers["differs"]})
    if any(digest_of(one.snapshot) != one.digest for one in signings):
        yield Chip("bad", _("内容与校验值不符"), why=_("请勿使用，并请审计人员核查。"))


def _facts(line: seen.Line, found: DispatchSheet) -> list[Fact]:
    moved = _("调度时限 %(due)s") % {"due": found.round.due} if line.due != found.round.due else ""
    facts = [
        Fact(_("填报时限"), line.due, note=moved),
        Fact(_("数据截至"), found.round.on),
        Fact(_("取数时间"), clock.local_day(found.read_at), note=_("台账记录按这一天已登记的取")),
    ]
    if found.round.note:
        facts.append(Fact(_("填报要求"), found.round.note))
    return facts


def _acts(actor: Actor, found: DispatchSheet) -> Iterator[Act]:
    open_ = found.round.state == DispatchRound.State.OPEN
    if open_ and found.state in (State.OPEN, State.RETURNED):
        why = stopped(actor, FILL, found) or ("" if may_fill(found, actor) else _("由责任单位的人员填报。"))
        at = lambda name: reverse(f"supervision:sheet_{name}", args=[found.uid])  # noqa: E731
        yield Act(_("填写、签报"), at("fill"), "pencil", primary=True, stopped_by=why)
        yield Act(_("重新取数"), at("read"), "arrow-clockwise", post=True, stopped_by=why)
    if open_ and found.state == State.SIGNED and not may_fill(found, actor):
        url = reverse("supervision:sheet_return", args=[found.uid])
        yield Act(_("退回"), url, "arrow-counterclockwise", stopped_by=stopped(actor, DISPATCH, found))


def _history(found: DispatchSheet) -> list[Event]:
    acts = [f"supervision.sheet.{name}" for name in ("read", "signed", "returned")]
    return [Event(entry.at, who, audit_words.word_of(entry.act)) for entry, who in audit.told_of(found, *acts)]


def _title(row: Mapping[str, Any]) -> str:
    return f"{row['unit_name']} {period_word(row['round__period'])}"


REGISTER = register.add(
    Register(
        name="supervision.sheets",
        collection=SHEETS,
        title=_l("调度表"),
        permission="supervision.read",
        queryset=seen.sheets,
        fields=["unit_name", "round__period"],
        record=sheet,
        columns=[
            Column("title", _l("单位和调度期"), _title, ["unit_name", "round__period"], width=18, frozen=True, format=cells.link),
            Column("number", _l("调度编号"), sort="number", width=13),
            Column("place", _l("地区"), width=8),
            Column("due", _l("填报时限"), sort="due", width=8, format=cells.day, type="date", on_record=False),
            Column("state", _l("状态"), sort="state", width=8, format=cells.chip(SHEET_STATES), export=lambda value, row: str(State(value).label)),
            Column("signed_on", _l("签报日期"), sort="signed_on", width=8, format=cells.day, type="date"),
        ],
        filters=[
            ChoiceFilter("state", _l("状态"), choices=State.choices),
            ChoiceFilter("unit", _l("责任单位"), field="unit_id", choices=units),
            TextFilter("period", _l("调度期"), fields=["round__period"]),
        ],
        search=["round__number", "round__period"],
        default_sort="-number",
        views=[(_l("待填报"), "state=open"), (_l("已退回"), "state=returned"), (_l("未报"), "state=missing")],
        about=_l("每次调度每个责任单位一张。签报后内容固定，办公室可以写明原因退回。"),
        empty=_l("没有调度表。办公室发起调度后，责任单位的调度表在这里。"),
    )
)  # fmt: skip
