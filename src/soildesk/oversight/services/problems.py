"""Problems found and their acceptance: record, assign, measures, answer, return, settle, dismiss, reopen, another term.

登记 → 交办 → 整改 → 报请验收 → 销号. Who answered does not settle. One record makes one problem (`origin`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, clock, duties, files
from soildesk.core.duties import DutySpec, Life
from soildesk.core.models import Department, Duty
from soildesk.core.permissions import OF_DEPARTMENT, Actor, may, require
from soildesk.land.services.writing import Place, number_for
from soildesk.oversight.models import Problem, ProblemAct
from soildesk.oversight.refusals import ProblemRefused
from soilrules.enterprises.violations import violations

RECORD, ANSWER, SETTLE = "oversight.record", "oversight.answer", "oversight.settle"
EVIDENCE = "evidence"
Kind, State, Source = ProblemAct.Kind, Problem.State, Problem.Source
TEXTS = ("document", "fact", "clause", "object_name", "requirement", "due_body")


@dataclass(frozen=True, slots=True)
class Proof:
    """One file that proves what was done."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Done:
    """By whom and when an act is done, and the word on it."""

    by: Actor
    at: datetime
    note: str = ""

    @property
    def day(self) -> date:
        """The day of the act."""
        return clock.local_day(self.at)


def origin_of_row(facts: Mapping[str, Any]) -> str:
    """What names a row of somebody's list of problems: the same list taken in twice gives each problem once."""
    firm = facts.get("enterprise")
    told = [str(facts.get(name) or "").strip() for name in ("source", "document", "fact", "object_name")]
    said = "\n".join([*told, firm.number if firm else ""])
    return f"list:{hashlib.sha256(said.encode()).hexdigest()}"


@transaction.atomic
def record(facts: Mapping[str, Any], place: Place, *, by: Actor, at: datetime) -> Problem:
    """A new problem. With an `origin` that is known already it is refused: one record, one problem."""
    clean = check_new(facts, place, by=by)
    day = clock.local_day(at)
    has_term = clean.get("due") is not None
    problem = Problem.objects.create(
        **place.columns,
        **clean,
        number=number_for(place.department, "WT", day.year),
        due_set_by=place.department if has_term and not clean.get("due_body") else None,
        recorded_at=at,
        recorded_by=by.person,
    )
    _act(problem, Kind.FOUND, Done(by, at, str(Source(problem.source).label)))
    if problem.unit is not None:
        _act(problem, Kind.ASSIGNED, Done(by, at, str(problem.unit)))
    _owe(problem, by=by, new=True)
    data = {"number": problem.number, "source": problem.source, "origin": problem.origin}
    audit.record("oversight.problem.recorded", subject=problem, by=by, at=at, data=data)
    return problem


def check_new(facts: Mapping[str, Any], place: Place, *, by: Actor) -> dict[str, Any]:
    """The facts of a new problem as they may be stored; refused where it may not be recorded."""
    require(by, RECORD, place.division)
    clean = {name: value for name, value in facts.items() if value not in (None, "")}
    for name in TEXTS:
        if name in clean:
            clean[name] = str(clean[name]).strip()[: Problem._meta.get_field(name).max_length]
    clean.setdefault("found_on", by.today)
    _check_choices(clean)
    _check_days(clean, by)
    if (unit := clean.get("unit")) is not None:
        _refuse_other_place(unit, place.division.path)
    known = Problem.objects.filter(origin=clean["origin"]).first() if clean.get("origin") else None
    if known is not None:
        seen = known.number if Problem.objects.visible_to(by).filter(pk=known.pk).exists() else _("别处")
        raise ProblemRefused(
            _("这个问题已经登记为 %(number)s：一条记录只登记一个问题。") % {"number": seen},
            code="oversight.problem.twice",
        )
    return clean


def _check_choices(clean: Mapping[str, Any]) -> None:
    if not clean.get("fact"):
        raise ProblemRefused(_("没有写问题事实：请写明在哪里、发现了什么。"), code="oversight.problem.fact_missing")
    if clean.get("source") not in Source.values:
        known = "、".join(str(label) for label in Source.labels)
        raise ProblemRefused(
            _("来源“%(source)s”无法识别：请填写%(known)s之一。") % {"source": clean.get("source", ""), "known": known},
            code="oversight.problem.choice",
        )
    if clean.get("violation") and clean["violation"] not in violations():
        raise ProblemRefused(
            _("没有“%(kind)s”这种违法情形：请在列表中选择，或留空。") % {"kind": clean["violation"]},
            code="oversight.problem.choice",
        )


def _check_days(clean: Mapping[str, Any], by: Actor) -> None:
    found, due, acted = clean["found_on"], clean.get("due"), clean.get("acted_on")
    if found > by.today:
        raise ProblemRefused(
            _("发现日期 %(day)s 晚于今天 %(today)s：请填写今天或更早的日期。") % {"day": found, "today": by.today},
            code="oversight.problem.found",
        )
    if due is not None and due < found:
        raise ProblemRefused(
            _("整改时限 %(due)s 早于发现日期 %(found)s：请核对。") % {"due": due, "found": found},
            code="oversight.problem.due",
        )
    if acted is not None and acted > found:
        raise ProblemRefused(
            _("行为发生日期 %(acted)s 晚于发现日期 %(found)s：请核对。") % {"acted": acted, "found": found},
            code="oversight.problem.acted",
        )


@dataclass(frozen=True, slots=True)
class Order:
    """What is ordered: which department sees to it, what it must be, by when, and who set that day."""

    unit: Department
    requirement: str
    due: date | None
    due_body: str = ""


@transaction.atomic
def assign(problem: Problem, order: Order, done: Done) -> Problem:
    """Hand a problem to the department that sees to it, with what is asked and by when."""
    problem = _live(problem, SETTLE, done.by)
    _need(problem, State.OPEN)
    _refuse_other_place(order.unit, problem.division_path)
    changed = problem.unit_id is not None and problem.unit_id != order.unit.pk
    if changed and not done.note.strip():
        raise ProblemRefused(
            _("改派请写明理由：原单位为%(unit)s。") % {"unit": problem.unit}, code="oversight.problem.note_missing"
        )
    if order.due is not None and order.due != problem.due:
        _set_first_term(problem, order, done)
    problem.unit, problem.requirement = order.unit, order.requirement.strip()[:500]
    problem.save(update_fields=["unit", "requirement", "due", "due_body", "due_set_by"])
    told = [str(order.unit), done.note.strip()]
    return _done(problem, Kind.ASSIGNED, "assigned", replace(done, note="，".join(filter(None, told))))


MOST_AT_ONCE = 200
"""Problems handed over in one act."""


@transaction.atomic
def assign_many(found: Sequence[Problem], order: Order, done: Done) -> int:
    """Hand many problems to one department, all of them or none; what stands of each (term, requirement) is kept."""
    if len(found) > MOST_AT_ONCE:
        raise ProblemRefused(
            _("选中的有 %(n)d 个问题，一次最多交办 %(most)d 个：请先用筛选缩小范围。") % {"n": len(found), "most": MOST_AT_ONCE},
            code="oversight.problem.too_many",
        )  # fmt: skip
    for problem in found:
        own = replace(
            order,
            requirement=problem.requirement or order.requirement,
            due=problem.due or order.due,
            due_body=problem.due_body if problem.due else order.due_body,
        )
        try:
            assign(problem, own, done)
        except ProblemRefused as refusal:
            raise ProblemRefused(
                _("%(number)s：%(why)s 一个都没有交办。") % {"number": problem.number, "why": refusal},
                code=refusal.code,
            ) from refusal
    return len(found)


def _set_first_term(problem: Problem, order: Order, done: Done) -> None:
    """The first term is set when the problem is handed over; a term that stands is changed by `extend` alone."""
    if problem.due is not None:
        raise ProblemRefused(
            _("整改时限已定为 %(due)s：要调整，请由规定时限的单位用“调整时限”办理。") % {"due": problem.due},
            code="oversight.problem.due",
        )
    if order.due is None or order.due < done.day:
        raise ProblemRefused(
            _("整改时限 %(due)s 已经过去：请填写今天或以后的日期。") % {"due": order.due}, code="oversight.problem.due"
        )
    problem.due, problem.due_body = order.due, order.due_body.strip()
    problem.due_set_by = None if problem.due_body else _department(done.by, problem)


@transaction.atomic
def measure(problem: Problem, done: Done, proofs: Sequence[Proof] = ()) -> Problem:
    """Write down how the rectification goes, with files."""
    problem = _live(problem, ANSWER, done.by)
    _need(problem, State.OPEN)
    _own(problem, done.by)
    _need_words(done.note, _("请写明整改进展。"))
    _attach(problem, done, proofs)
    return _done(problem, Kind.MEASURE, "measured", done)


@transaction.atomic
def answer(problem: Problem, done: Done, proofs: Sequence[Proof] = ()) -> Problem:
    """Say that it is put right and ask for acceptance: at least one file proves it."""
    problem = _live(problem, ANSWER, done.by)
    _need(problem, State.OPEN)
    _own(problem, done.by)
    _need_words(done.note, _("请写明整改情况，再报请验收。"))
    _attach(problem, done, proofs)
    if not files.uses_of(problem).filter(kind=EVIDENCE).exists():
        raise ProblemRefused(
            _("报请验收前请至少附一份佐证材料（整改前后照片、报告、凭证）。"), code="oversight.problem.no_evidence"
        )
    problem.state, problem.measure = State.ANSWERED, done.note.strip()[:1000]
    problem.answered_on, problem.answered_by = done.day, done.by.person
    problem.save(update_fields=["state", "measure", "answered_on", "answered_by"])
    return _done(problem, Kind.ANSWERED, "answered", done)


@transaction.atomic
def give_back(problem: Problem, done: Done) -> Problem:
    """Return what does not suffice, with the reason."""
    problem = _live(problem, SETTLE, done.by)
    _need(problem, State.ANSWERED)
    _need_words(done.note, _("退回请写明理由：还缺什么。"))
    problem.state, problem.answered_on, problem.answered_by = State.OPEN, None, None
    problem.save(update_fields=["state", "answered_on", "answered_by"])
    return _done(problem, Kind.RETURNED, "returned", done)


@transaction.atomic
def settle(problem: Problem, done: Done) -> Problem:
    """Accept what was put right 销号; another person than the one who answered."""
    problem = _live(problem, SETTLE, done.by)
    _need(problem, State.ANSWERED)
    _need_words(done.note, _("销号请写明验收意见。"))
    if done.by.person is None or problem.answered_by_id == done.by.person.pk:
        raise ProblemRefused(
            _("报请验收与验收销号须由不同的人办理：请本单位另一名有权限的人员验收。"),
            code="oversight.problem.same_person",
        )
    problem.state, problem.settled_on, problem.settled_by = State.SETTLED, done.day, done.by.person
    problem.save(update_fields=["state", "settled_on", "settled_by"])
    return _done(problem, Kind.SETTLED, "settled", done)


@transaction.atomic
def dismiss(problem: Problem, done: Done) -> Problem:
    """A problem that turned out to be none, with the reason; it stays on the list."""
    problem = _live(problem, SETTLE, done.by)
    _need_words(done.note, _("核实不属实请写明理由和依据。"))
    problem.state = State.DISMISSED
    problem.save(update_fields=["state"])
    return _done(problem, Kind.DISMISSED, "dismissed", done)


@transaction.atomic
def reopen(problem: Problem, done: Done) -> Problem:
    """A problem that came back, or was ended wrongly."""
    require(done.by, SETTLE, problem)
    problem = Problem.objects.select_for_update().get(pk=problem.pk)
    if problem.state in Problem.LIVE:
        raise ProblemRefused(
            _("问题 %(number)s 还没有销号，不用重新打开。") % {"number": problem.number}, code="oversight.problem.state"
        )
    _need_words(done.note, _("重新打开请写明理由。"))
    problem.state = State.OPEN
    for name in ("settled_on", "settled_by", "answered_on", "answered_by"):
        setattr(problem, name, None)
    problem.save(update_fields=["state", "settled_on", "settled_by", "answered_on", "answered_by"])
    return _done(problem, Kind.REOPENED, "reopened", done)


@transaction.atomic
def extend(problem: Problem, due: date, done: Done, *, document: str = "") -> Problem:
    """Another term, by the body that set the one that stands; the former stays in the history."""
    problem = _live(problem, SETTLE, done.by)
    _need_words(done.note, _("调整时限请写明理由。"))
    _need_setter(problem, document, done.by)
    if due < done.day:
        raise ProblemRefused(
            _("新时限 %(due)s 已经过去：请填写今天或以后的日期。") % {"due": due}, code="oversight.problem.due"
        )
    if due == problem.due:
        raise ProblemRefused(_("新时限与原时限相同（%(due)s）。") % {"due": due}, code="oversight.problem.same_due")
    before, problem.due = problem.due, due
    if not problem.due_body and problem.due_set_by_id is None:
        problem.due_set_by = _department(done.by, problem)
    problem.save(update_fields=["due", "due_set_by"])
    said = {
        "before": before or _("未定"),
        "due": due,
        "why": "，".join(filter(None, (document.strip(), done.note.strip()))),
    }
    note = _("由 %(before)s 调整为 %(due)s：%(why)s") % said
    return _done(problem, Kind.EXTENDED, "extended", replace(done, note=note))


@transaction.atomic
def take_term(key: int, due: date, document: str, done: Done) -> None:
    """The term that the body which set the former one gave by its paper: an extension of what is supervised.

    Part of an act that has asked for the permission, the number and the paper.
    """
    held = Problem.objects.select_for_update().get(pk=key)
    if held.state not in Problem.LIVE or held.due == due:
        return
    before, held.due = held.due, due
    held.save(update_fields=["due"])
    said = {"before": before or _("未定"), "due": due, "why": document}
    note = _("由 %(before)s 调整为 %(due)s：%(why)s") % said
    _done(held, Kind.EXTENDED, "extended", replace(done, note=note))


def _need_setter(problem: Problem, document: str, by: Actor) -> None:
    """Only the body that set a term changes it: one above by its letter, a department of ours by itself."""
    if problem.due_body:
        if not document.strip():
            raise ProblemRefused(
                _("时限由%(body)s规定：请填写其同意调整的文号。") % {"body": problem.due_body},
                code="oversight.problem.document_missing",
            )
        return
    setter = problem.due_set_by_id
    if setter is not None and not by.system and (by.person is None or by.person.department_id != setter):
        raise ProblemRefused(
            _("时限由%(unit)s规定：请由该单位的人员调整。") % {"unit": problem.due_set_by},
            code="oversight.problem.not_setter",
        )


def _department(by: Actor, problem: Problem) -> Department | None:
    """Whose word an actor's term is."""
    return by.person.department if by.person is not None else problem.owner_department


def _attach(problem: Problem, done: Done, proofs: Sequence[Proof]) -> None:
    note = done.note.strip()[:200]
    for proof in proofs:
        files.attach(problem, data=proof.data, name=proof.name, kind=EVIDENCE, by=done.by, at=done.at, note=note)


def _act(problem: Problem, kind: ProblemAct.Kind, done: Done) -> None:
    due = problem.due if kind in (Kind.FOUND, Kind.ASSIGNED, Kind.EXTENDED) else None
    problem.acts.create(kind=kind, on=done.day, note=done.note.strip()[:1100], due=due, by=done.by.person, at=done.at)


def _done(problem: Problem, kind: ProblemAct.Kind, name: str, done: Done) -> Problem:
    _act(problem, kind, done)
    _owe(problem, by=done.by)
    data = {"number": problem.number, "state": problem.state}
    audit.record(f"oversight.problem.{name}", subject=problem, by=done.by, at=done.at, data=data)
    return problem


def _owe(problem: Problem, *, by: Actor, new: bool = False) -> None:
    """What is owed fits the problem: a live one by its unit, or by the office that names the unit; a settled one is done."""
    open_ = Duty.objects.for_subject(problem).filter(done_on=None)
    if problem.state == State.SETTLED:
        for duty in open_:
            evidence = [{"type": "oversight.problem", "uid": str(problem.uid)}]
            duties.done(duty, on=problem.settled_on or by.today, by=by, evidence=evidence)
        return
    specs = [_owed(problem)] if problem.state in Problem.LIVE else []
    life = Life(problem.found_on)
    if new:
        for spec in specs:
            duties.open_duty(problem, spec, by=by, life=life)
        return
    for spec in specs:
        ended = Duty.objects.for_subject(problem).exclude(done_on=None)
        for duty in ended.filter(title=spec.title, unit=spec.unit):
            duties.reopen(duty, by=by)
    duties.replace_for(problem, specs, by=by, life=life)


def _owed(problem: Problem) -> DutySpec:
    said = {"fact": problem.fact[:200], "number": problem.number}
    if problem.unit_id is None:
        title, unit = _("督促整改单位未定，请交办：%(fact)s（%(number)s）") % said, problem.owner_department
    else:
        title, unit = _("整改问题：%(fact)s（%(number)s）") % said, problem.unit
    return DutySpec(Duty.Kind.PROBLEM, title, unit, problem.clause or problem.document, due=problem.due)


def _live(problem: Problem, permission: str, by: Actor) -> Problem:
    """The problem under its lock, if it is not over."""
    require(by, permission, problem)
    problem = Problem.objects.select_for_update().get(pk=problem.pk)
    if problem.state not in Problem.LIVE:
        raise ProblemRefused(
            _("问题 %(number)s %(state)s，不能再办理；确需办理的，请先重新打开。")
            % {"number": problem.number, "state": problem.get_state_display()},
            code="oversight.problem.ended",
        )
    return problem


def _need(problem: Problem, state: Problem.State) -> None:
    if problem.state != state:
        raise ProblemRefused(
            _("问题 %(number)s 现为“%(state)s”，要“%(needed)s”时才能这样办理。")
            % {"number": problem.number, "state": problem.get_state_display(), "needed": State(state).label},
            code="oversight.problem.state",
        )


def _need_words(text: str, sentence: str) -> None:
    if not text.strip():
        raise ProblemRefused(sentence, code="oversight.problem.note_missing")


def _refuse_other_place(unit: Department, path: str) -> None:
    if not path.startswith(unit.division.path) and not unit.division.path.startswith(path):
        raise ProblemRefused(
            _("%(unit)s不管辖问题所在地：请选择本地或上级的部门。") % {"unit": unit},
            code="oversight.problem.other_place",
        )


def _own(problem: Problem, by: Actor) -> None:
    if not is_ours(problem, by):
        raise ProblemRefused(
            _("这个问题由%(unit)s督促整改：请由该单位的人员办理。") % {"unit": problem.unit or _("未定的单位")},
            code="oversight.problem.not_unit",
        )


def is_ours(problem: Problem, by: Actor) -> bool:
    """Whether an actor sees to a problem: an officer of the place, or somebody of its unit."""
    if by.system or may(by, SETTLE, problem):
        return True
    return any(grant.role in OF_DEPARTMENT and grant.department_id == problem.unit_id for grant in by.grants)
