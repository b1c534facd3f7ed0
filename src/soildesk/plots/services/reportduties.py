"""What offices owe on a report that was handed in: the completeness check, and the opinion of each side. Part of other acts.

By when it is owed is said by a rule of the place with its document, or by nobody: then it has no term.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from soildesk.core import duties
from soildesk.core.duties import DutySpec, Life, Standing
from soildesk.core.models import Department, Duty
from soildesk.core.permissions import Actor
from soildesk.land.services.writing import county_of
from soildesk.plots.lifefacts import cited
from soildesk.plots.models import Opinion, Report, ReportAct
from soildesk.plots.queries import reports
from soildesk.plots.queries.reportdata import division_of
from soilrules.plots import deadlines

Act, Side = ReportAct.Kind, Opinion.Side
FUNCTIONS = {Side.ECOLOGY: "ecology", Side.RESOURCES: "natural_resources"}


def fit(report: Report, *, by: Actor) -> None:
    """Make the duties of a report fit its round."""
    duties.fit([(report, _standing(report))], by=by)


def department_of(report: Report, side: str) -> Department | None:
    """The department of the county that gives the opinion of a side."""
    rows = Department.objects.filter(
        function=FUNCTIONS[Side(side)], division__path=county_of(report.division_path), until=None
    )
    return rows.order_by("pk").first()


def _standing(report: Report) -> Sequence[Standing]:
    acts = list(ReportAct.objects.filter(report=report, round=report.round).order_by("at", "id"))
    sent = _day(acts, Act.SUBMITTED)
    if sent is None:
        return []
    stopped = _day(acts, Act.RETURNED, Act.WITHDRAWN, Act.ACCEPTED)
    checked = _day(acts, Act.COMPLETE)
    found = [_owed(report, _("完整性审查"), report.owner_department, sent, checked or stopped)]
    if checked is not None and reports.levels_of(report, checked):
        found += [_opinion(report, side, checked, stopped) for side in (Side.ECOLOGY, Side.RESOURCES)]
    return found


def _opinion(report: Report, side: Opinion.Side, since: date, stopped: date | None) -> Standing:
    given = Opinion.objects.filter(report=report, round=report.round, side=side).order_by("at", "id").first()
    unit = department_of(report, side) or report.owner_department
    what = _("评审意见（%(side)s）") % {"side": side.label}
    return _owed(report, what, unit, since, given.on if given else stopped, kind=deadlines.Kind.JOINT_REVIEW)


def _owed(
    report: Report, what: str, unit: Department, since: date, done: date | None, *,
    kind: deadlines.Kind = deadlines.Kind.COMPLETENESS,
) -> Standing:  # fmt: skip
    division = division_of(report.division_path)
    term = deadlines.due_day(kind, since, division.code if division else "", on=since)
    working = term.rule.whole("most") if term.rule and term.rule.unit is deadlines.Unit.WORKING_DAYS else None
    title = _("%(report)s：%(what)s") % {"report": report.title, "what": what}
    spec = DutySpec(
        Duty.Kind.PLOT_REVIEW, title[:300], unit, basis="、".join(cited(term.bases)) if term.rule else "",
        period=f"{report.number[-16:]}-{report.round}", due=None if working else term.due, since=since,
        working_days=working,
    )  # fmt: skip
    return Standing(spec, Life(since), done)


def _day(acts: Sequence[ReportAct], *kinds: str) -> date | None:
    return next((one.on for one in acts if one.kind in kinds), None)
