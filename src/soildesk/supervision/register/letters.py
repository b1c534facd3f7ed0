"""函件: letters in a list, and the page of one of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import audit, audit_words, clock, files
from soildesk.core.permissions import Actor
from soildesk.enterprises.register.records import stopped
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import RecordPage
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter
from soildesk.kit.parts import Act, Chip, Event, Fact, File, Step
from soildesk.kit.register import Column, PageAct, Register, Row, Stored
from soildesk.plans.queries import orders
from soildesk.plans.wording import TASK_STATES
from soildesk.supervision import words
from soildesk.supervision.models import Letter
from soildesk.supervision.queries import letters as reads
from soildesk.supervision.queries.about import addresses
from soildesk.supervision.register.matters import SECTION
from soildesk.supervision.services import letters_text
from soildesk.supervision.services.letters import SIGN, WRITE
from soildesk.supervision.services.letters_sending import need_to_send
from soildesk.supervision.services.slips import ANSWER

if TYPE_CHECKING:
    from soildesk.supervision.models import LetterUnit, Talk

State = Letter.State
ORDER = (State.DRAFT, State.SIGNED, State.SENT, State.ANSWERED, State.CLOSED)
OF_UNITS = ("received", "answered")
TOLD = ("drafted", "edited", "signed", "sent", "received", "answered", "replied", "closed", "voided")


def letter(actor: Actor, row: Row, on: date) -> RecordPage:
    """One letter: what it says, who has received and answered it, what became of what it asked."""
    found = reads.letter_of(actor, row["uid"])
    assert found is not None
    rows, talk = reads.rows_of(actor, found), reads.talk_of(found)
    tasks = orders.tasks_of(actor, [found.plan_id], on) if found.plan_id else []
    said = found.content or letters_text.content_of(found, "", None)
    return RecordPage(
        chips=list(_chips(found, rows, on)),
        life=_life(found),
        facts=list(_facts(found, on)),
        acts=list(_acts(actor, found, rows, talk)),
        files=[_file(use) for use in files.uses_of(found)],
        history=_history(found, whole=reads.sees_all(actor, found)),
        related=list(_related(found, talk)),
        template="supervision/letter.html",
        context={
            "letter": found,
            "said": said,
            "sources": [one["url"] for one in found.items],
            "rows": [(one, [_file(use) for use in files.uses_of(one)]) for one in rows],
            "tasks": [(one, _task_chip(one)) for one in tasks],
            "plan": found.plan,
        },
    )


def _task_chip(one: orders.OrderTask) -> Chip:
    tone, icon, word = TASK_STATES[one.state]
    return Chip(tone, str(word), icon)


def _chips(found: Letter, rows: Sequence[LetterUnit], on: date) -> Iterator[Chip]:
    yield Chip("calm", reads.title_of(found), "journal-text")
    yield words.chip(words.LETTER_STATES, found.state)
    waits = [one for one in rows if not one.copied and one.answered_on is None]
    if waits and reads.is_answer_late(found, on):
        yield Chip("bad", _("答复逾期"), "exclamation-triangle-fill")
    if found.agreed is not None:
        yield (
            Chip("good", _("同意"), "check-circle-fill") if found.agreed else Chip("bad", _("不同意"), "x-circle-fill")
        )
    if found.digest and letters_text.digest_of(found.content, found.text) != found.digest:
        yield Chip("bad", _("内容与校验值不符"), why=_("请勿使用，并请审计人员核查。"))


def _life(found: Letter) -> list[Step]:
    if found.state == State.VOID:
        days = (clock.local_day(found.made_at), found.signed_at and clock.local_day(found.signed_at), found.closed_on)
        return [Step(name, "done", day) for name, day in zip((_("起草"), _("签发"), _("作废")), days, strict=True)]
    at = ORDER.index(State(found.state))
    waits = found.request or found.answer_by is not None
    dates = (
        clock.local_day(found.made_at), found.signed_at and clock.local_day(found.signed_at), found.sent_on, found.reply_on,
        found.closed_on,
    )  # fmt: skip
    names = (_("起草"), _("签发"), _("发出"), _("批复") if found.request else _("答复"), _("办结"))
    steps = [
        Step(name, "done" if step <= at else "here" if step == at + 1 else "ahead", dates[step] if step <= at else None)
        for step, name in enumerate(names)
    ]
    if not waits and at <= ORDER.index(State.SENT):
        last = Step(names[4], "here" if at == ORDER.index(State.SENT) else "ahead")
        return [*steps[:3], last]
    return steps if waits or found.state == State.ANSWERED else [*steps[:3], steps[4]]


def _facts(found: Letter, on: date) -> Iterator[Fact]:
    if found.source_title:
        key = (found.source_type, found.source_id or 0)
        yield Fact(_("起草自"), found.source_title, url=addresses([key], on).get(key, "") if found.source_id else "")
    if found.agreed is not None:
        note = f"{found.reply_on} {found.reply}".strip()
        yield Fact(_("批复"), _("同意") if found.agreed else _("不同意"), source=found.reply_document, note=note)
    if found.closed_why:
        yield Fact(_("作废理由") if found.state == State.VOID else _("办结说明"), found.closed_why)
    if found.digest:
        yield Fact(_("校验值（SHA-256）"), found.digest)
    if found.template is not None:
        yield Fact(_("模板"), _("本单位模板第 %(n)d 版") % {"n": found.template.version})


def _acts(actor: Actor, found: Letter, rows: Sequence[LetterUnit], talk: Talk | None) -> Iterator[Act]:
    own = actor.person is not None and actor.person.department_id == found.owner_department_id
    if own or actor.system:
        yield from _office_acts(actor, found, talk)
    mine = [one for one in rows if one.department_id in reads.own_departments(actor)]
    if mine and found.is_open and not own:
        yield from _unit_acts(actor, found, mine[0])
    yield Act(_("Word 文件"), reverse("supervision:letter_paper", args=[found.uid]), "file-earmark-text")


def _office_acts(actor: Actor, found: Letter, talk: Talk | None) -> Iterator[Act]:
    write, sign = stopped(actor, WRITE, found), stopped(actor, SIGN, found)
    if found.state == State.DRAFT:
        sure = _("签发后编号，内容不能再改。确定签发？")
        yield Act(
            _("签发"),
            _at("letter_button", found, "sign"),
            "check2-circle",
            post=True,
            primary=True,
            stopped_by=sign,
            confirm=sure,
        )
        yield Act(_("修改"), reverse("supervision:edit_letter", args=[found.uid]), "pencil", stopped_by=write)
        yield Act(
            _("删除草稿"),
            _at("letter_button", found, "discard"),
            "x-lg",
            post=True,
            danger=True,
            stopped_by=write,
            confirm=_("确定删除这份草稿？"),
        )
    if found.state == State.SIGNED:
        why = stopped(actor, need_to_send(found), found)
        yield Act(_("发出"), _at("letter_button", found, "send"), "send", post=True, primary=True, stopped_by=why)
        yield Act(_("作废"), _at("letter_act", found, "void"), "x-lg", danger=True, stopped_by=sign)
    if found.request and found.state == State.SENT:
        yield Act(_("登记批复"), _at("letter_act", found, "reply"), "inbox", primary=True, stopped_by=write)
    if found.request and found.agreed and found.act == "talk" and talk is None:
        yield Act(
            _("安排约谈"),
            reverse("supervision:arrange_talk", args=[found.uid]),
            "people",
            primary=True,
            stopped_by=write,
        )
    if found.state == State.SENT and found.answer_by and not found.request:
        yield Act(
            _("代单位登记答复"), _at("letter_act", found, "answer"), "pencil", stopped_by=stopped(actor, ANSWER, found)
        )
    if found.is_open:
        yield Act(_("办结"), _at("letter_act", found, "close"), "check-circle-fill", stopped_by=write)  # fmt: skip


def _unit_acts(actor: Actor, found: Letter, row: LetterUnit) -> Iterator[Act]:
    why = stopped(actor, ANSWER, found)
    if row.received_at is None:
        yield Act(_("签收"), _at("letter_button", found, "receive"), "inbox", post=True, primary=True, stopped_by=why)
    if not row.copied and row.answered_on is None and not found.request:
        yield Act(_("答复"), _at("letter_act", found, "answer"), "pencil", primary=row.received_at is not None, stopped_by=why)  # fmt: skip


def _at(name: str, found: Letter, act: str) -> str:
    return reverse(f"supervision:{name}", args=[found.uid, act])


def _related(found: Letter, talk: Talk | None) -> Iterator[tuple[str, str]]:
    if talk is not None:
        yield _("约谈：%(title)s") % {"title": talk.title}, reverse("kit:record", args=["talks", str(talk.uid)])


def _history(found: Letter, *, whole: bool) -> list[Event]:
    """Who drafted, signed, sent it; what units did is told to those who see every unit's answer."""
    acts = [f"supervision.letter.{name}" for name in TOLD if whole or name not in OF_UNITS]
    return [Event(entry.at, who, audit_words.word_of(entry.act)) for entry, who in audit.told_of(found, *acts)]


def _file(use: Any) -> File:
    by = use.added_by.name if use.added_by else ""
    return File(
        use.name, reverse("core:file", args=[use.uid]), use.attachment.size, _("附件"), use.added_at, by, use.note
    )


def _kind(row: Row) -> str:
    return reads.request_title(reads.Act(row["act"])) if row["request"] else str(dict(Letter.ACTS)[row["act"]])


def _number(value: Any, row: Row) -> str:
    return cells.link(value or _("（草稿）"), row)


def _answers(row: Row) -> str:
    return f"{row['answers']}/{row['main']}" if row["sent_on"] and row["answer_by"] and not row["request"] else ""


LETTERS = register.add(
    Register(
        name="supervision.letters",
        collection="letters",
        title=_l("函件"),
        permission="supervision.read",
        queryset=reads.letters,
        fields=["request", "answers", "main", "sent_on"],
        record=letter,
        columns=[
            Column("number", _l("文号"), sort="number", width=11, frozen=True, format=_number),
            Column("title", _l("标题"), sort="title", width=26, format=cells.clamp),
            Column("act", _l("种类"), _kind, ["act", "request"], width=9, stored=Stored("act", Letter.ACTS)),
            Column("state", _l("状态"), sort="state", width=7, format=cells.chip(words.LETTER_STATES), export=lambda value, row: str(State(value).label)),
            Column("answered", _l("已答复"), _answers, ["answers", "main", "request", "sent_on", "answer_by"], width=6),
            Column("answer_by", _l("答复时限"), sort="answer_by", width=8, format=cells.day, type="date"),
            Column("sent_on", _l("发出日期"), sort="sent_on", width=8, format=cells.day, type="date"),
            Column("issuer", _l("发文机关"), width=10),
            Column("made_at", _l("起草时间"), sort="made_at", width=9, format=cells.moment, shown=False, on_record=False),
            Column("source_title", _l("起草自"), width=16, format=cells.clamp, shown=False, on_record=False),
            Column("reply_document", _l("批复文号"), width=12, shown=False),
            Column("closed_on", _l("办结日期"), sort="closed_on", width=8, format=cells.day, type="date", shown=False),
        ],
        filters=[
            ChoiceFilter("act", _l("种类"), choices=Letter.ACTS),
            ChoiceFilter("request", _l("提请"), choices=[("1", _l("提请")), ("0", _l("发文"))], conditions={"1": reads.Q(request=True), "0": reads.Q(request=False)}),
            ChoiceFilter("state", _l("状态"), choices=State.choices),
            ChoiceFilter("wait", _l("答复"), choices=[("no", _l("待答复")), ("late", _l("答复逾期"))], conditions={"no": reads.unanswered, "late": reads.answer_late}),
            DateRangeFilter("sent_on", _l("发出日期")),
        ],
        search=["number", "title", "text", "reply_document"],
        default_sort="-made_at",
        page_acts=[
            PageAct(_l("起草函件"), "supervision:new_letter", WRITE, primary=True),
            PageAct(_l("函件模板"), "supervision:templates", WRITE, icon="table"),
        ],
        views=[(_l("草稿"), "state=draft"), (_l("待发出"), "state=signed"), (_l("待答复"), "wait=no"), (_l("答复逾期"), "wait=late"), (_l("提请"), "request=1")],
        about=_l("提醒、交办、督办、通报、约谈和提请。签发后编号，内容不再改变；谁可以发哪一种，见“督办规则”里的督办机构。"),
        empty=_l("没有函件。点“起草函件”，或从督办单、督办事项、调度期开始起草。"),
        empty_else=(WRITE, _l("没有发给本单位的函件。发来的函件会通知，要答复的列入“今日”。")),
    )
)  # fmt: skip

navigation.register(
    SECTION, _l("函件"), "kit:collection", "supervision.read", order=50, icon="journal-text", args=("letters",)
)
