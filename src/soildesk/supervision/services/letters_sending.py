"""What happens to a signed letter: sent, received and answered by its units, answered by another body, closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import duties, files
from soildesk.core.duties import DutySpec, Life, Standing
from soildesk.core.models import Department, Duty
from soildesk.core.permissions import Actor, require
from soildesk.plans.queries.orders import unfinished
from soildesk.plans.services import orders
from soildesk.plans.services.intake import Place
from soildesk.supervision.models import Letter, LetterUnit, Talk
from soildesk.supervision.refusals import SupervisionRefused
from soildesk.supervision.services import letters_text, telling
from soildesk.supervision.services.letters import SIGN, WRITE, State, locked, must_be, terms_ahead, told
from soildesk.supervision.services.matters import PAPER, Act, Paper, need_own
from soildesk.supervision.services.slips import ANSWER
from soilrules.supervision import authorities
from soilrules.supervision.clauses import Head, drafted


def need_to_send(letter: Letter) -> str:
    """Which permission sending takes: an order makes tasks, so who signs sends it."""
    return SIGN if letter.act == authorities.Act.ASSIGN else WRITE


@transaction.atomic
def send(letter: Letter, *, by: Actor, at: datetime) -> Letter:
    """Send it: its units see it, owe an answer by its day; an order's matters become tasks, a notice of a talk the talk."""
    held = locked(letter, by, need_to_send(letter))
    must_be(held, State.SIGNED)
    intact(held)
    terms_ahead(held, by.today, _("签发的内容不能改，请“作废”这一份，另行起草。"))
    held.state, held.sent_on, held.sent_by = State.SENT, by.today, by.person
    if held.act == authorities.Act.ASSIGN and not held.request:
        _order(held, by=by, at=at)
    held.save()
    if held.act == authorities.Act.TALK and not held.request:
        _talk(held, by=by, at=at)
    _owe(held, by=by)
    link = reverse("kit:record", args=["letters", str(held.uid)])
    text = _("%(kind)s %(number)s：%(title)s") % {
        "kind": held.get_act_display(), "number": held.number, "title": held.title,
    }  # fmt: skip
    telling.tell_units([one.department_id for one in held.units.all()], text, link)
    return told("sent", held, {"units": held.units.count()}, (by, at))


def _order(letter: Letter, *, by: Actor, at: datetime) -> None:
    """The matters of an order are tasks, each with the characters of its clause in the letter."""
    said = letters_text.composed(letter.content)
    last = max(term.last for one in said.clauses for term in one.deadlines if term.last)
    title = f"{letter.title[:150]}（{letter.number}）"
    head = Head(title, letter.number, letter.owner_department.name, by.today, date(last.year + 1, 12, 31))
    found = Department.objects.in_bulk({one["unit"] for one in letter.items})
    units = {one["unit_name"]: found[one["unit"]] for one in letter.items}
    place = Place(letter.owner_department.division, letter.owner_department)
    letter.plan = orders.issue(drafted(letter.text, head, said.clauses), place, units, by=by, at=at)


def _talk(letter: Letter, *, by: Actor, at: datetime) -> None:
    """A notice of a talk makes the talk."""
    assert letter.talk_on is not None
    talk = Talk.objects.create(
        letter=letter,
        division_path=letter.division_path,
        owner_department=letter.owner_department,
        title=letter.title,
        body=letter.owner_department.name,
        document=letter.number,
        planned_on=letter.talk_on,
        place=letter.talk_where,
        made_at=at,
        made_by=by.person,
    )
    talk.units.set([one.department_id for one in letter.units.filter(copied=False)])


def _owe(letter: Letter, *, by: Actor) -> None:
    """Each unit it is addressed to owes an answer, where a day is set."""
    rows = letter.units.filter(copied=False).select_related("department")
    owed = [_owed(letter, one) for one in rows] if letter.answer_by and not letter.request else []
    duties.fit([(letter, owed)], by=by)


def _owed(letter: Letter, row: LetterUnit) -> Standing:
    title = f"{letter.number} {letter.title}"[:300]
    spec = DutySpec(Duty.Kind.LETTER, title, row.department, letter.number, due=letter.answer_by)
    over = letter.closed_on if row.answered_on is None else None
    return Standing(spec, Life(letter.sent_on, over), row.answered_on)


@transaction.atomic
def receive(letter: Letter, department: Department, act: Act) -> LetterUnit:
    """A unit signs for a letter."""
    held, row = _of_unit(letter, department, act.by)
    if row.received_at is None:
        row.received_at, row.received_by = act.at, act.by.person
        row.save(update_fields=["received_at", "received_by"])
        told("received", held, {"unit": str(department.uid)}, (act.by, act.at))
    return row


@transaction.atomic
def answer(letter: Letter, department: Department, act: Act) -> LetterUnit:
    """A unit answers, once, in words and with papers."""
    held, row = _of_unit(letter, department, act.by)
    said = act.words(_("请写明办理情况。"), "supervision.letter.answer", 1000)
    if row.answered_on is not None:
        raise SupervisionRefused(
            _("%(unit)s已于 %(on)s 答复。") % {"unit": department, "on": row.answered_on},
            code="supervision.letter.twice",
        )
    row.received_at, row.received_by = row.received_at or act.at, row.received_by or act.by.person
    row.answer, row.answered_on, row.answered_by = said, act.day, act.by.person
    row.save()
    _attach(row, act.papers, act)
    if not held.units.filter(copied=False, answered_on=None).exists():
        held.state = State.ANSWERED
        held.save(update_fields=["state"])
    _owe(held, by=act.by)
    told("answered", held, {"unit": str(department.uid)}, (act.by, act.at))
    return row


def _of_unit(letter: Letter, department: Department, by: Actor) -> tuple[Letter, LetterUnit]:
    """The letter under its lock and the row of a unit it is addressed to; staff act for their own unit."""
    require(by, ANSWER, letter)
    need_own(department.pk, by)
    held = Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    must_be(held, State.SENT, State.ANSWERED)
    row = held.units.filter(department=department).first()
    if row is None:
        raise SupervisionRefused(
            _("%(letter)s没有发给%(unit)s。") % {"letter": held, "unit": department}, code="supervision.letter.units"
        )
    return held, row


@dataclass(frozen=True, slots=True)
class Reply:
    """What the body decided whose act was proposed: whether it agrees, under which number, on which day."""

    agreed: bool
    document: str
    on: date


@transaction.atomic
def register_reply(letter: Letter, reply: Reply, act: Act) -> Letter:
    """Register the answer to a proposal 提请."""
    held = locked(letter, act.by, WRITE)
    must_be(held, State.SENT)
    if not held.request:
        raise SupervisionRefused(_("只有提请才登记批复；函件由主送单位答复。"), code="supervision.letter.state")
    if not reply.document.strip():
        raise SupervisionRefused(
            _("请填写批复文号（没有文号的写明批示人和日期）。"), code="supervision.letter.document"
        )
    if not (held.sent_on or reply.on) <= reply.on <= act.day:
        raise SupervisionRefused(
            _("批复日期 %(on)s 不在发出日 %(sent)s 至今天 %(today)s 之间：请核对。")
            % {"on": reply.on, "sent": held.sent_on, "today": act.day},
            code="supervision.letter.day",
        )
    held.agreed, held.reply_document, held.reply_on = reply.agreed, reply.document.strip()[:120], reply.on
    held.reply, held.state = act.note.strip()[:500], State.ANSWERED
    held.save()
    _attach(held, act.papers, act)
    return told("replied", held, {"document": held.reply_document, "agreed": reply.agreed}, (act.by, act.at))


@transaction.atomic
def close(letter: Letter, act: Act) -> Letter:
    """The office closes it: what is still open stops that, unanswered units need a ground."""
    held = locked(letter, act.by, WRITE)
    must_be(held, State.SENT, State.ANSWERED)
    if sentence := still_open(held):
        raise SupervisionRefused(sentence, code="supervision.letter.open")
    if held.state == State.SENT and held.answer_by is not None:
        act.words(_("还有单位没有答复：请写明办结的理由。"), "supervision.letter.note", 300)
    held.state, held.closed_on, held.closed_by = State.CLOSED, act.day, act.by.person
    held.closed_why = act.note.strip()[:300]
    held.save()
    _owe(held, by=act.by)
    return told("closed", held, {"why": held.closed_why}, (act.by, act.at))


@transaction.atomic
def void(letter: Letter, act: Act) -> Letter:
    """A signed letter that is not to go out: its number and words stay, with the reason; nobody else has seen it."""
    held = locked(letter, act.by, SIGN)
    must_be(held, State.SIGNED)
    held.closed_why = act.words(_("作废请写明理由。"), "supervision.letter.note", 300)
    held.state, held.closed_on, held.closed_by = State.VOID, act.day, act.by.person
    held.save()
    return told("voided", held, {"why": held.closed_why}, (act.by, act.at))


def still_open(letter: Letter) -> str:
    """What keeps a letter from being closed; empty where nothing does."""
    if letter.plan_id is not None and (count := unfinished(letter.plan_id)):
        return _("还有 %(n)d 项分办没有办完：交办事项全部报完成后才能办结。") % {"n": count}
    talk = Talk.objects.filter(letter=letter).first()
    if talk is not None and talk.state != Talk.State.CLOSED:
        return _("约谈还没有销号：整改要求全部核实、约谈销号后才能办结。")
    if letter.request and letter.state != State.ANSWERED:
        return _("还没有登记批复：登记有权机关的批复后才能办结。")
    return ""


def intact(letter: Letter) -> None:
    """Refuse a letter that does not say what was signed."""
    if letters_text.digest_of(letter.content, letter.text) != letter.digest:
        raise SupervisionRefused(
            _("函件 %(number)s 的内容与签发时的校验值不符：请勿使用，并请审计人员核查。") % {"number": letter.number},
            code="supervision.letter.changed",
        )


def _attach(row: LetterUnit | Letter, papers: Sequence[Paper], act: Act) -> None:
    for paper in papers:
        files.attach(row, data=paper.data, name=paper.name, kind=PAPER, by=act.by, at=act.at)
