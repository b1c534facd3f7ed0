"""Acts on plans of use: made by the office of the line, approved by the government of the same level, uploaded, evaluated.

The desk decides nothing: it writes down what the government approved, and who evaluated.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.permissions import Actor, require
from soildesk.enterprises.services.firms import valid_code
from soildesk.farmland.models import UnitVersion, UsePlan
from soildesk.farmland.queries import classes
from soildesk.farmland.refusals import UseRefused
from soildesk.farmland.services import keeping, offices
from soildesk.farmland.services.keeping import Paper, Subject
from soildesk.farmland.services.offices import Line
from soildesk.farmland.usewords import class_word, known_basis
from soildesk.land.services.writing import Place, number_for, refuse_future
from soildesk.plots.queries.authorities import cities_of
from soildesk.plots.services.authorities import refuse_unfit
from soilrules.bases import bases_on
from soilrules.enterprises.lists import Level
from soilrules.farmland.useplans import evaluator_fits, plan_kinds
from soilrules.plots.authorities import GOVERNMENT, Named

PLAN = "farmland.plan_use"
PLANS = Subject(UsePlan, PLAN, "farmland.useplan")
SAME_LEVEL = "farmland.order46.safe_use"
BLOCKS = ("agronomy", "monitoring", "training", "other")
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Made:
    """A plan as it was made. `stands_in`: the paper by which another office makes it where the place has none of the line."""

    kind: str
    title: str
    first_year: int
    last_year: int
    made_on: date
    agronomy: str = ""
    monitoring: str = ""
    training: str = ""
    other: str = ""
    note: str = ""
    stands_in: str = ""


@transaction.atomic
def make(
    made: Made, units: Sequence[UnitVersion], place: Place, *, by: Actor, at: datetime, batch: Any = None
) -> UsePlan:
    """A plan for units; nothing of it is approved yet."""
    acting = check(made, units, place, by=by)
    facts = {name: getattr(made, name) for name in made.__slots__ if name != "stands_in"}
    if acting.stands_in:
        facts["note"] = _("代办依据：%(paper)s。%(note)s") % {"paper": acting.stands_in, "note": made.note}
    number = number_for(place.department, "FA", made.made_on.year)
    where = Place(place.division, acting.department)
    row = keeping.insert(
        UsePlan, {**facts, "number": number, "made_by": acting.department, "batch": batch}, where, by=by, at=at
    )
    row.units.set([one.unit_id for one in units])
    data = {"number": number, "kind": made.kind, "units": len(units), **acting.told}
    audit.record("farmland.useplan.made", subject=row, by=by, at=at, data=data)
    return row


def check(made: Made, units: Sequence[UnitVersion], place: Place, *, by: Actor) -> offices.Acting:
    """The office that makes the plan; refused where it may not be made so."""
    require(by, PLAN, place.division)
    kind = plan_kinds().get(made.kind)
    if kind is None:
        raise UseRefused(_("没有“%(kind)s”这类方案。") % {"kind": made.kind}, code="farmland.use.kind")
    refuse_future(made.made_on, by, UseRefused, "farmland.use.future")
    if not made.title.strip():
        raise UseRefused(_("没有写方案名称：请填写。"), code="farmland.use.words")
    if not 2010 <= made.first_year <= made.last_year <= 2100:
        raise UseRefused(
            _("起止年度 %(first)s 至 %(last)s 不对：请核对。") % {"first": made.first_year, "last": made.last_year},
            code="farmland.use.year",
        )
    if kind.blocks and not units:
        raise UseRefused(_("没有选择评价单元：这类方案针对具体单元制定。"), code="farmland.use.unit")
    check_classes(kind.classes, units, made.made_on)
    return offices.acting(by, Line(kind.line), place.division.path, made.stands_in)


def check_classes(wanted: Iterable[str], units: Sequence[UnitVersion], on: date) -> None:
    """What is for some classes takes units of them only, by what was approved."""
    if not wanted:
        return
    held = classes.classes_of([one.unit_id for one in units], on)
    others = [one for one in units if one.unit_id not in held or held[one.unit_id].farmland_class not in wanted]
    if others:
        names = "、".join(one.name for one in others[:SHOWN])
        raise UseRefused(
            _("有 %(n)d 个单元当日的现行类别不是%(class)s：%(names)s。请核对单元。")
            % {"n": len(others), "class": "、".join(map(class_word, sorted(wanted))), "names": names},
            code="farmland.use.class",
        )


@dataclass(frozen=True, slots=True)
class Approval:
    """What the government's paper says; `why` where the desk cannot tell whose office it is."""

    number: str
    authority: str
    on: date
    why: str = ""


@transaction.atomic
def approve(plan: UsePlan, said: Approval, paper: Paper, *, by: Actor, at: datetime) -> UsePlan:
    """That the government of the same level approved a plan."""
    held = _held(plan, by, said.on)
    if held.approved_on is not None:
        raise UseRefused(_("已经登记为 %(day)s 批准。") % {"day": held.approved_on}, code="farmland.use.stale")
    if said.on < held.made_on:
        raise UseRefused(
            _("批准日期 %(on)s 早于编制日期 %(day)s：请核对。") % {"on": said.on, "day": held.made_on},
            code="farmland.use.days",
        )
    check_government(said, held, said.on)
    held.approval, held.approved_by, held.approved_on = said.number.strip(), said.authority.strip(), said.on
    held.save(update_fields=["approval", "approved_by", "approved_on"])
    keeping.attach(PLANS, held, paper, by=by, at=at)
    data = {"number": held.number, "approval": held.approval, "authority": held.approved_by, "on": said.on}
    data |= {"why": said.why.strip()} if said.why.strip() else {}
    audit.record("farmland.useplan.approved", subject=held, by=by, at=at, data=data)
    return held


def check_government(said: Approval, row: Any, day: date) -> None:
    """The approval is one of the government of the level and place of the office that made the plan; refused otherwise."""
    if not (said.number.strip() and said.authority.strip()):
        raise UseRefused(_("没有批准机关或者文号：请照批复填写。"), code="farmland.use.words")
    level, why, field = row.owner_department.division, said.why.strip(), _("机关核对说明")
    if level.level in list(Level):
        named = Named(said.authority.strip(), Level(level.level), "", cities_of(level.path))
        basis = bases_on((SAME_LEVEL,), day)
        refuse_unfit(named, GOVERNMENT, why, field, bases=basis, refused=UseRefused, code="farmland.use.office")
    if level.name not in said.authority and not why:
        raise UseRefused(
            _(
                "“%(authority)s”看不出是%(place)s的人民政府：请照批复填写全称；确由其他机关批准的，在“%(field)s”写明依据。"
            )
            % {"authority": said.authority, "place": level.name, "field": field},
            code="farmland.use.office",
        )


@transaction.atomic
def upload(plan: UsePlan, receipt: str, on: date, *, by: Actor, at: datetime) -> UsePlan:
    """That a plan was uploaded to the national system, with the receipt."""
    held = _held(plan, by, on)
    if not receipt.strip():
        raise UseRefused(_("没有填写上传回执：请照系统的回执填写。"), code="farmland.use.words")
    if plan_kinds()[held.kind].approved and held.approved_on is None:
        raise UseRefused(_("方案还没有经政府批准：先登记批准，再登记上传。"), code="farmland.use.order")
    if held.approved_on and on < held.approved_on:
        raise UseRefused(
            _("上传日期 %(on)s 早于批准日期 %(day)s：请核对。") % {"on": on, "day": held.approved_on},
            code="farmland.use.days",
        )
    held.uploaded_on, held.receipt = on, receipt.strip()[:120]
    held.save(update_fields=["uploaded_on", "receipt"])
    data = {"number": held.number, "receipt": held.receipt, "on": on}
    audit.record("farmland.useplan.uploaded", subject=held, by=by, at=at, data=data)
    return held


@transaction.atomic
def name_worker(plan: UsePlan, code: str, *, by: Actor, at: datetime) -> UsePlan:
    """Who carries a plan out."""
    held = _held(plan, by, None)
    worker = valid_code(code)
    _check_other_body(worker, held.evaluator_code)
    held.worker_code = worker
    held.save(update_fields=["worker_code"])
    audit.record("farmland.useplan.worker_named", subject=held, by=by, at=at, data={"worker": worker})
    return held


@transaction.atomic
def evaluate(plan: UsePlan, code: str, on: date, paper: Paper, *, by: Actor, at: datetime) -> UsePlan:
    """That the effect was evaluated, by a body that is not the one that worked."""
    held = _held(plan, by, on)
    evaluator = valid_code(code)
    if not (evaluator and held.worker_code):
        raise UseRefused(
            _("没有实施单位或者效果评估单位的统一社会信用代码：先登记实施单位，才能核对不是同一家。"),
            code="farmland.use.evaluator",
        )
    _check_other_body(held.worker_code, evaluator)
    held.evaluator_code, held.evaluated_on = evaluator, on
    held.save(update_fields=["evaluator_code", "evaluated_on"])
    keeping.attach(PLANS, held, paper, by=by, at=at)
    audit.record("farmland.useplan.evaluated", subject=held, by=by, at=at, data={"evaluator": evaluator, "on": on})
    return held


def _check_other_body(worker: str, evaluator: str) -> None:
    if evaluator_fits(worker, evaluator) is False:
        raise UseRefused(
            _("效果评估单位与实施单位是同一家（%(code)s）：应当另行委托（%(basis)s）。")
            % {"code": evaluator, "basis": known_basis("farmland.code.remediation")},
            code="farmland.use.evaluator",
        )


def _held(plan: UsePlan, by: Actor, on: date | None) -> UsePlan:
    held = keeping.locked(UsePlan, plan)
    require(by, PLAN, held)
    if on is not None:
        refuse_future(on, by, UseRefused, "farmland.use.future")
    return held
