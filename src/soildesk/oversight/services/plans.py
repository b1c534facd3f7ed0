"""Acts on plans of inspections: draw who is inspected by a lot anybody can draw again, close the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, duties
from soildesk.core.duties import DutySpec, Life
from soildesk.core.models import Duty
from soildesk.core.permissions import Actor, require
from soildesk.land.services.writing import Place, number_for
from soildesk.oversight.models import Drawing, InspectionPlan
from soildesk.oversight.queries.weights import Weighed, weigh_all
from soildesk.oversight.refusals import PlanRefused
from soilrules.enterprises import inspection_lot

DRAW = "oversight.draw"
State = InspectionPlan.State


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is drawn: from which list (empty: all firms at work), how many, for when, with which published seed."""

    title: str
    list_key: str
    count: int
    starts_on: date
    ends_on: date
    seed: str
    seed_source: str


@transaction.atomic
def draw(wanted: Wanted, place: Place, *, by: Actor, at: datetime) -> InspectionPlan:
    """Draw a plan: the weights of this day, the order of the seed, who comes first."""
    require(by, DRAW, place.division)
    _check(wanted)
    weighed = weigh_all(by, by.today, wanted.list_key)
    if not weighed:
        raise PlanRefused(_("没有可抽取的企业：名录为空，或没有在产企业。"), code="oversight.plan.empty")
    if not 1 <= wanted.count <= len(weighed):
        raise PlanRefused(
            _("要抽取 %(count)d 家，名录内有 %(all)d 家：请填写 1 到 %(all)d。")
            % {"count": wanted.count, "all": len(weighed)},
            code="oversight.plan.wanted",
        )
    rule = inspection_lot.weight_rule()
    plan = InspectionPlan.objects.create(
        **place.columns,
        number=number_for(place.department, "JC", wanted.starts_on.year),
        title=wanted.title.strip()[:160],
        year=wanted.starts_on.year,
        starts_on=wanted.starts_on,
        ends_on=wanted.ends_on,
        wanted=wanted.count,
        list_key=wanted.list_key,
        seed=wanted.seed.strip(),
        seed_source=wanted.seed_source.strip()[:200],
        weights={"rule": rule.id, "mark": str(rule.mark), "numbers": {key: str(n) for key, n in rule.numbers.items()}},
        state=State.IN_FORCE,
        drawn_at=at,
        drawn_by=by.person,
    )
    _keep_order(plan, weighed)
    _owe(plan, by)
    data = {"number": plan.number, "wanted": plan.wanted, "units": len(weighed), "seed": plan.seed}
    audit.record("oversight.plan.drawn", subject=plan, by=by, at=at, data=data)
    return plan


def _check(wanted: Wanted) -> None:
    for value, name in (
        (wanted.title, _("名称")),
        (wanted.seed, _("随机种子")),
        (wanted.seed_source, _("种子来源")),
    ):
        if not value.strip():
            raise PlanRefused(_("请填写%(name)s。") % {"name": name}, code="oversight.plan.missing")
    if len(wanted.seed.strip()) > 64:
        raise PlanRefused(_("随机种子最长 64 个字符。"), code="oversight.plan.seed")
    if wanted.ends_on < wanted.starts_on:
        raise PlanRefused(
            _("结束日期 %(end)s 早于开始日期 %(start)s：请核对。") % {"end": wanted.ends_on, "start": wanted.starts_on},
            code="oversight.plan.days",
        )


def _keep_order(plan: InspectionPlan, weighed: Sequence[Weighed]) -> None:
    by_number = {one.number: one for one in weighed}
    lot = inspection_lot.draw({one.number: one.weight for one in weighed}, plan.wanted, plan.seed)
    Drawing.objects.bulk_create(
        Drawing(
            plan=plan,
            enterprise_id=by_number[place.unit].enterprise_id,
            weight=place.weight,
            reasons=list(by_number[place.unit].reasons),
            unknown=list(by_number[place.unit].unknown),
            order=place.place,
            drawn=place.drawn,
        )
        for place in lot.order
    )


def drawn_again(plan: InspectionPlan) -> bool:
    """Whether the seed and the weights as they stand give the order that stands."""
    rows = list(plan.drawings.select_related("enterprise"))
    weights: dict[str, Decimal] = {one.enterprise.number: one.weight for one in rows}
    lot = inspection_lot.draw(weights, plan.wanted, plan.seed)
    told = [(place.unit, place.drawn) for place in lot.order]
    return told == [(one.enterprise.number, one.drawn) for one in rows]


@transaction.atomic
def close(plan: InspectionPlan, *, by: Actor, at: datetime) -> InspectionPlan:
    """End a plan: what was not visited stays as it is, and is told."""
    require(by, DRAW, plan)
    plan = InspectionPlan.objects.select_for_update().get(pk=plan.pk)
    if plan.state == State.CLOSED:
        raise PlanRefused(_("检查计划 %(number)s 已经结束。") % {"number": plan.number}, code="oversight.plan.state")
    plan.state = State.CLOSED
    plan.save(update_fields=["state"])
    settle_duty(plan, by=by)
    audit.record("oversight.plan.closed", subject=plan, by=by, at=at, data={"number": plan.number})
    return plan


def _owe(plan: InspectionPlan, by: Actor) -> None:
    """One duty for the whole plan, which names no firm: whoever reads duties learns of no firm that it is drawn."""
    title = _("完成检查计划 %(number)s") % {"number": plan.number}
    spec = DutySpec(Duty.Kind.VISIT, title, plan.owner_department, due=plan.ends_on)
    duties.open_duty(plan, spec, by=by, life=Life(min(plan.starts_on, by.today)))


def settle_duty(plan: InspectionPlan, *, by: Actor) -> None:
    """The duty is done once the plan is closed."""
    for duty in Duty.objects.for_subject(plan).filter(done_on=None):
        duties.done(duty, on=by.today, by=by, evidence=[{"type": "oversight.inspectionplan", "uid": str(plan.uid)}])
