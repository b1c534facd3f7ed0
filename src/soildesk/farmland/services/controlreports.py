"""Acts on periodic reports of whoever is liable for polluted ground: asked for by a day, received with the paper.

The liable party stands outside the offices: what is owed here is owed by the office it reports to, which asks until it has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, clock, duties
from soildesk.core.duties import DutySpec, Life, Standing
from soildesk.core.models import Duty
from soildesk.core.permissions import Actor, require
from soildesk.enterprises.services.firms import valid_code
from soildesk.farmland.models import ControlReport, FarmlandClass, UnitVersion
from soildesk.farmland.refusals import UseRefused
from soildesk.farmland.services import keeping, offices
from soildesk.farmland.services.keeping import Paper, Subject
from soildesk.farmland.services.lines import line_of
from soildesk.farmland.services.offices import Line
from soildesk.farmland.services.plans_of_use import check_classes
from soildesk.farmland.usewords import cited
from soildesk.land.services.writing import Place, number_for, refuse_future

ASK = "farmland.plan_use"
BASES = ("farmland.law.reports", "farmland.code.reports")
CLASSES = (FarmlandClass.SAFE_USE, FarmlandClass.STRICT)


@dataclass(frozen=True, slots=True)
class Asked:
    """A report as it is asked for. `stands_in`: the paper by which another office asks where the place has none of the line."""

    party: str
    period: str
    due: date
    asked_by: str
    party_code: str = ""
    note: str = ""
    stands_in: str = ""
    batch: Any = None


@dataclass(frozen=True, slots=True)
class Received:
    """What a report says."""

    on: date
    measures: str
    monitoring: str


@transaction.atomic
def ask(said: Asked, units: Sequence[UnitVersion], place: Place, *, by: Actor, at: datetime) -> ControlReport:
    """A report that is owed by a day."""
    acting = check(said, units, place, by=by)
    facts = {name: getattr(said, name) for name in said.__slots__ if name != "stands_in"}
    facts |= {"party": said.party.strip(), "period": said.period.strip(), "party_code": valid_code(said.party_code)}
    if acting.stands_in:
        facts["note"] = _("代办依据：%(paper)s。%(note)s") % {"paper": acting.stands_in, "note": said.note}
    where = Place(place.division, acting.department)
    facts["number"] = number_for(acting.department, "GK", by.today.year)
    row = keeping.insert(ControlReport, facts, where, by=by, at=at)
    row.units.set([one.unit_id for one in units])
    fit(row, by)
    data = {"number": row.number, "party": row.party, "period": row.period, "due": row.due, **acting.told}
    audit.record("farmland.controlreport.asked", subject=row, by=by, at=at, data=data)
    return row


def check(said: Asked, units: Sequence[UnitVersion], place: Place, *, by: Actor) -> offices.Acting:
    """The office reported to; refused where a report cannot be asked for so."""
    require(by, ASK, place.division)
    if not (said.party.strip() and said.period.strip() and said.asked_by.strip()):
        raise UseRefused(_("没有写责任人、报告期或者报告要求的依据：请填写。"), code="farmland.use.words")
    if not units:
        raise UseRefused(_("没有选择评价单元：定期报告针对具体的农用地地块。"), code="farmland.use.unit")
    if not 2019 <= said.due.year <= by.today.year + 3:
        raise UseRefused(
            _("时限 %(due)s 不对：应在 2019 年至 %(last)d 年之间，请核对年份。")
            % {"due": said.due, "last": by.today.year + 3},
            code="farmland.use.days",
        )
    check_classes(CLASSES, units, min(said.due, by.today))
    same = ControlReport.objects.filter(
        superseded_at=None, division_path=place.division.path, party=said.party.strip(), period=said.period.strip()
    )
    if one := same.first():
        raise UseRefused(
            _("%(party)s %(period)s 的报告已经要求过（%(number)s）：要改时限的，先撤销原记录。")
            % {"party": one.party, "period": one.period, "number": one.number},
            code="farmland.use.twice",
        )
    valid_code(said.party_code)
    return offices.acting(by, _line(units), place.division.path, said.stands_in)


def _line(units: Sequence[UnitVersion]) -> Line:
    """Gardens and forest report to the forestry office, all else to that of farming; both at once are two reports."""
    lines = {line_of(one) for one in units}
    if len(lines) > 1:
        raise UseRefused(
            _("选择的单元既有耕地又有园地、林地：分别向农业农村部门和林业部门报告，请分开登记。"),
            code="farmland.use.ground",
        )
    return lines.pop()


@transaction.atomic
def receive(report: ControlReport, said: Received, paper: Paper, *, by: Actor, at: datetime) -> ControlReport:
    """That a report came, with what it says and its paper."""
    held = keeping.locked(ControlReport, report)
    require(by, ASK, held)
    refuse_future(said.on, by, UseRefused, "farmland.use.future")
    if held.received_on is not None:
        raise UseRefused(_("已经登记为 %(day)s 收到。") % {"day": held.received_on}, code="farmland.use.stale")
    if not (said.measures.strip() and said.monitoring.strip()):
        raise UseRefused(
            _("没有写措施落实情况或者监测与评价结果：照报告摘要填写，报告没有这一内容的写“报告未载明”。"),
            code="farmland.use.words",
        )
    held.received_on = said.on
    held.measures, held.monitoring = said.measures.strip()[:1000], said.monitoring.strip()[:1000]
    held.save(update_fields=["received_on", "measures", "monitoring"])
    keeping.attach(REPORTS, held, paper, by=by, at=at)
    data = {"number": held.number, "on": said.on}
    audit.record("farmland.controlreport.received", subject=held, by=by, at=at, data=data)
    return held


def fit(report: ControlReport, by: Actor) -> int:
    """Make the duty of the office reported to fit a report."""
    return duties.fit([(report, _standing(report))], by=by)


def _standing(report: ControlReport) -> Sequence[Standing]:
    if report.superseded_at is not None:
        return []
    title = _("收取风险管控定期报告：%(party)s（%(period)s）") % {"party": report.party, "period": report.period}
    spec = DutySpec(
        Duty.Kind.FARM_TASK, title[:300], report.owner_department, basis=cited(BASES, report.due)[:300],
        period=report.period, due=report.due,
    )  # fmt: skip
    asked = min(clock.local_day(report.recorded_at), report.due)
    return [Standing(spec, Life(asked), report.received_on)]


REPORTS = Subject(ControlReport, ASK, "farmland.controlreport", fit)
