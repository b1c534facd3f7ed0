"""The clause a person chose for a problem, and the punishment an authority decided: written down, never worked out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, files
from soildesk.core.permissions import require
from soildesk.oversight.models import Penalty, Problem
from soildesk.oversight.refusals import ProblemRefused
from soildesk.oversight.services.problems import RECORD, SETTLE, Done, Proof
from soilrules.enterprises.violations import Ranges, ranges_for, violations

DECISION = "penalty"


@dataclass(frozen=True, slots=True)
class Act:
    """A kind of violation, on which days it was, on which day it is decided."""

    violation: str
    acted_on: date
    decided_on: date
    began_on: date | None = None


def ranges_of(act: Act) -> Ranges:
    """What the laws say of an act; refused where its days cannot follow each other."""
    kind = violations().get(act.violation)
    if kind is None:
        raise ProblemRefused(_("请选择违法情形。"), code="oversight.problem.choice")
    try:
        return ranges_for(kind, act.acted_on, act.decided_on, act_began_on=act.began_on)
    except ValueError as wrong:
        raise ProblemRefused(
            _("日期先后不符：开始 %(began)s、行为 %(acted)s、处理 %(decided)s，应当依次不早于前一个。请核对。")
            % {"began": act.began_on or act.acted_on, "acted": act.acted_on, "decided": act.decided_on},
            code="oversight.problem.acted",
        ) from wrong


@transaction.atomic
def cite(problem: Problem, act: Act, law: str, done: Done) -> Problem:
    """Write the clause down that a person cites; where two laws come into question the person says which."""
    require(done.by, RECORD, problem)
    ranges = ranges_of(act)
    cited = next((one for one in ranges.penalties if one.law.key == law), None)
    if cited is None and ranges.needs_choice:
        raise ProblemRefused(
            _("行为与处理分处新旧两法：请由经办人选择适用哪一部，系统不代为选择。"),
            code="oversight.problem.law_missing",
        )
    cited = cited or next(iter(ranges.penalties), None)
    problem = Problem.objects.select_for_update().get(pk=problem.pk)
    problem.violation, problem.acted_on = act.violation, act.acted_on
    problem.clause = cited.citation if cited else ""
    problem.save(update_fields=["violation", "acted_on", "clause"])
    data = {"number": problem.number, "violation": act.violation, "law": cited.law.key if cited else ""}
    audit.record("oversight.problem.cited", subject=problem, by=done.by, at=done.at, data=data)
    return problem


@dataclass(frozen=True, slots=True)
class Decision:
    """A punishment as the authority's paper says it."""

    number: str
    decided_on: date
    authority: str
    content: str


@transaction.atomic
def punish(problem: Problem, decision: Decision, done: Done, papers: Sequence[Proof] = ()) -> Penalty:
    """Register a punishment with its number, day and paper."""
    require(done.by, SETTLE, problem)
    for value, name in (
        (decision.number, _("决定书文号")),
        (decision.authority, _("决定机关")),
        (decision.content, _("处罚内容")),
    ):
        if not value.strip():
            raise ProblemRefused(_("请填写%(name)s。") % {"name": name}, code="oversight.problem.penalty")
    if not (problem.acted_on or date.min) <= decision.decided_on <= done.day:
        raise ProblemRefused(
            _("决定日期 %(day)s 应当不早于行为发生日期、不晚于今天：请核对。") % {"day": decision.decided_on},
            code="oversight.problem.penalty",
        )
    if problem.penalties.filter(number=decision.number.strip()).exists():
        raise ProblemRefused(
            _("文号“%(number)s”的处罚已经登记。") % {"number": decision.number}, code="oversight.problem.penalty"
        )
    made = Penalty.objects.create(
        problem=problem,
        number=decision.number.strip()[:80],
        decided_on=decision.decided_on,
        authority=decision.authority.strip()[:120],
        content=decision.content.strip()[:500],
        recorded_at=done.at,
        recorded_by=done.by.person,
    )
    for paper in papers:
        files.attach(problem, data=paper.data, name=paper.name, kind=DECISION, by=done.by, at=done.at, note=made.number)
    data = {"number": problem.number, "decision": made.number, "on": made.decided_on}
    audit.record("oversight.problem.punished", subject=problem, by=done.by, at=done.at, data=data)
    return made
