"""Classifications 类别划分: opened, computed by a job, and kept as proposals. What is proposed is in force for nobody.

Opening and computing are acts of the farming, forestry or ecology office of the place. What was computed before stays as history.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, jobs
from soildesk.core.models import Job
from soildesk.core.permissions import Actor, require
from soildesk.farmland.models import Classification, Trigger, UnitProposal
from soildesk.farmland.queries import whatif
from soildesk.farmland.queries.gathering import Step, UnitRow, silent
from soildesk.farmland.queries.proposals import SWITCHES, Worked, pairs_of_units
from soildesk.farmland.queries.whatif import Terms
from soildesk.farmland.refusals import ClassifyRefused, OfficeRefused
from soildesk.farmland.services.offices import Acting, Line, acting
from soildesk.kit import upkeep
from soildesk.land.services.writing import Place, number_for, refuse_future
from soildesk.monitoring.queries.outdated import stamp
from soilrules.farmland.rulesets import rulesets

PERMISSION = "farmland.classify"
JOB = "farmland.classify"
AT_ONCE = 500
"""Proposals written by one statement."""
LINES = (Line.FARMING, Line.ECOLOGY, Line.FORESTRY)
State, Why = Classification.State, Classification.Why


@dataclass(frozen=True, slots=True)
class Wanted:
    """A classification as somebody opens it: what it is about and by which terms."""

    title: str
    on: date
    soil_rounds: Sequence[Any]
    produce_rounds: Sequence[Any] = ()
    why: str = Why.FIRST
    terms: Terms = field(default_factory=whatif.usual)
    stands_in: str = ""  # the paper by which another office acts where the place has no farming office


def office(by: Actor, place: object, stands_in: str = "") -> Acting:
    """The office an actor classifies for: farming, ecology or forestry; where there is no farming office one may stand in."""
    for line in LINES[1:]:
        try:
            found = acting(by, line, place)
        except OfficeRefused:
            continue
        if by.person is not None:
            return found
    return acting(by, Line.FARMING, place, stands_in)


@transaction.atomic
def open_(wanted: Wanted, place: Place, *, by: Actor, at: datetime, triggers: Sequence[Trigger] = ()) -> Classification:
    """A new classification of a place; with `triggers` one of their units alone."""
    require(by, PERMISSION, place.division)
    acted = office(by, place.division.path, wanted.stands_in)
    _check(wanted, by)
    made = Classification.objects.create(
        **place.columns,
        number=number_for(place.department, "LB", by.today.year),
        title=wanted.title.strip()[:160],
        why=wanted.why,
        on=wanted.on,
        ruleset=wanted.terms.ruleset,
        switches=sorted(wanted.terms.switches),
        standards_on=wanted.terms.standards_on,
        local_limits=wanted.terms.local_limits,
        by=by.person,
        at=at,
    )
    made.soil_rounds.set(wanted.soil_rounds)
    made.produce_rounds.set(wanted.produce_rounds)
    for one in triggers:
        one.classification, one.state = made, Trigger.State.TAKEN
        one.save(update_fields=["classification", "state"])
    data = {"number": made.number, "title": made.title, "units": len(triggers), **acted.told}
    audit.record("farmland.classification.opened", subject=made, by=by, at=at, data=data)
    return made


def check_terms(terms: Terms) -> None:
    """Refuse a rule set or a switch there is not."""
    if terms.ruleset not in rulesets():
        raise ClassifyRefused(
            _("没有规则集“%(name)s”：请在列表中选择。") % {"name": terms.ruleset}, code="farmland.classify.ruleset"
        )
    if set(terms.switches) - set(SWITCHES):
        raise ClassifyRefused(_("规则开关不在可选之列：请重新选择。"), code="farmland.classify.ruleset")


def _check(wanted: Wanted, by: Actor) -> None:
    refuse_future(wanted.on, by, ClassifyRefused, "farmland.classify.future")
    check_terms(wanted.terms)
    said = (
        (not wanted.title.strip(), "words", _("没有填写名称：请填写，如“2026年耕地类别动态调整”。")),
        (wanted.why not in Why.values, "words", _("事由不在可选之列：请选择。")),
        (not wanted.soil_rounds, "rounds", _("没有选择土壤监测任务：类别由土壤监测结果划分，请至少选择一个。")),
    )
    for wrong, code, sentence in said:
        if wrong:
            raise ClassifyRefused(sentence, code=f"farmland.classify.{code}")


def start(classification: Classification, *, by: Actor) -> Classification:
    """Put the computing into the queue, once at a time."""
    require(by, PERMISSION, classification)
    must_be(classification, State.DRAFT)
    if Job.objects.filter(uid=classification.job, state__in=(Job.State.WAITING, Job.State.RUNNING)).exists():
        raise ClassifyRefused(_("正在计算建议类别：请等它完成，或先取消那次计算。"), code="farmland.classify.state")
    title = _("类别划分：%(title)s") % {"title": classification.title}
    job = jobs.start(JOB, {"classification": str(classification.uid)}, by=by, title=title)
    classification.job = job.uid
    classification.save(update_fields=["job"])
    return classification


def compute(classification: Classification, *, by: Actor, at: datetime, step: Step = silent) -> Classification:
    """Put the units of a classification into classes and keep the proposals; those computed before become history."""
    require(by, PERMISSION, classification)
    must_be(classification, State.DRAFT)
    stamps = stamps_of(classification)
    worked = whatif.worked_of(classification, step=step)
    if not worked.gathered.units:
        raise ClassifyRefused(
            _("%(on)s 没有登记任何评价单元：请先登记或导入评价单元，再计算。") % {"on": classification.on},
            code="farmland.classify.units",
        )
    step(len(worked.gathered.units), len(worked.gathered.units), _("保存建议类别"))
    return _keep(classification, worked, stamps, by, at)


@transaction.atomic
def _keep(
    classification: Classification, worked: Worked, stamps: Mapping[str, str], by: Actor, at: datetime
) -> Classification:
    held = locked(classification)
    must_be(held, State.DRAFT)
    UnitProposal.objects.filter(classification=held, superseded_at=None).update(superseded_at=at)
    digest = hashlib.sha256()
    part: list[UnitProposal] = []
    for proposal in _proposals(held, worked, at):
        digest.update(f"{proposal.unit_id}:{proposal.proposed}:{proposal.controlling}\n".encode())
        part.append(proposal)
        if len(part) == AT_ONCE:
            UnitProposal.objects.bulk_create(part)
            part = []
    UnitProposal.objects.bulk_create(part)
    held.computed_at = at
    held.told = {**worked.counts(), "stamps": dict(stamps), "mark": worked.ruleset.mark}
    held.save(update_fields=["computed_at", "told"])
    upkeep.after_writing(len(worked.gathered.units))
    data = {"number": held.number, "units": len(worked.gathered.units), "sha256": digest.hexdigest()}
    audit.record("farmland.classification.computed", subject=held, by=by, at=at, data=data)
    return held


def _proposals(held: Classification, worked: Worked, at: datetime) -> Iterator[UnitProposal]:
    before = whatif.classes_on(held.division_path, held.on)
    for place, (unit, pairs) in enumerate(zip(worked.gathered.units, pairs_of_units(worked.gathered), strict=True)):
        yield _proposal(held, worked, (place, unit, pairs), before.get(unit.unit, ""), at)


def _proposal(
    held: Classification, worked: Worked, of: tuple[int, UnitRow, list[int]], before: str, at: datetime
) -> UnitProposal:
    place, unit, pairs = of
    return UnitProposal(
        classification=held,
        unit_id=unit.unit,
        version_id=unit.version,
        division_path=unit.division_path,
        owner_department_id=unit.owner,
        proposed=worked.class_at(place),
        soil_only=worked.soil_only(place),
        controlling=worked.controlling(place)[:120],
        detail=worked.detail(place, pairs),
        before=before,
        computed_at=at,
    )


def stamps_of(classification: Classification) -> dict[str, str]:
    """What the results of each round rest on, in short: another where anything of them is written anew."""
    rounds = {one.pk: one for one in [*classification.soil_rounds.all(), *classification.produce_rounds.all()]}
    return {one.number: hashlib.sha256(repr(stamp(one)).encode()).hexdigest()[:16] for one in rounds.values()}


def outdated_rounds(classification: Classification, kept: Mapping[str, str] | None = None) -> list[str]:
    """The rounds whose results were written anew since the proposals were computed, or since the stamps `kept`."""
    kept = classification.told.get("stamps", {}) if kept is None else kept
    return [number for number, now in stamps_of(classification).items() if kept.get(number) != now]


def must_be(classification: Classification, *states: str) -> None:
    """Refuse an act that does not belong to where the classification is."""
    if classification.state not in states:
        raise ClassifyRefused(
            _("“%(title)s”现处于“%(state)s”，不能办理这件事；应处于“%(wanted)s”。请刷新页面。")
            % {
                "title": classification.title,
                "state": classification.get_state_display(),
                "wanted": "、".join(str(State(one).label) for one in states),
            },
            code="farmland.classify.state",
        )


def locked(classification: Classification) -> Classification:
    """The classification held for this transaction."""
    return Classification.objects.select_for_update().get(pk=classification.pk)
