"""From an accepted report to the event of its plot: what the report and the desk know becomes the facts of its guards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from soildesk.land import landuse
from soildesk.plots.models import Report
from soildesk.plots.queries import reportdata
from soildesk.plots.queries import reports as found
from soildesk.plots.refusals import ReportRefused
from soildesk.plots.reportfields import SURVEYS, values_of
from soildesk.plots.services.events import Document, Told
from soilrules.plots.evidence import density_fact, exceeds_fact
from soilrules.plots.reports import Agreement, ReportKind
from soilrules.plots.state import EventKind

ASSESSED: Mapping[str, EventKind] = {
    "no_control": EventKind.ASSESSED_NO_CONTROL,
    "control": EventKind.ASSESSED_CONTROL,
    "remediation": EventKind.ASSESSED_REMEDIATION,
    "control_and_remediation": EventKind.ASSESSED_BOTH,
}
EVALUATED: Mapping[str, EventKind] = {
    "reached": EventKind.EFFECT_REACHED,
    "not_reached": EventKind.EFFECT_NOT_REACHED,
}
FILED: Mapping[str, EventKind] = {
    ReportKind.CONTROL_PLAN: EventKind.CONTROL_PLAN_FILED,
    ReportKind.REMEDIATION_PLAN: EventKind.REMEDIATION_PLAN_FILED,
    ReportKind.AFTERCARE: EventKind.AFTERCARE_BEGUN,
}
BY_HOLDER = frozenset({*EVALUATED.values(), *FILED.values()})
"""Events a party hands in: no office decides them."""


@dataclass(frozen=True, slots=True)
class Passed:
    """How a report was passed: the day, by whom, by which document, when it was filed."""

    on: date
    authority: str = ""
    level: str = ""
    document: str = ""
    filed_on: date | None = None
    statistics: str = ""
    note: str = ""
    file: Document | None = None


def event_kind(report: Report) -> EventKind:
    """The event an accepted report is; refused while its conclusion is not said."""
    kind = ReportKind(report.kind)
    if kind in FILED:
        return FILED[kind]
    found = _survey(report) if kind in SURVEYS else {**ASSESSED, **EVALUATED}.get(report.conclusion)
    if found is None:
        raise ReportRefused(_("报告没有写明结论：请先填写结论。"), code="plots.report.incomplete")
    return found


def told_of(report: Report, passed: Passed) -> Told:
    """The event with its facts; what is not known is left out, and its guard says so."""
    kind = event_kind(report)
    held_in = kind in BY_HOLDER
    return Told(
        kind=str(kind),
        on=passed.on,
        authority="" if held_in else passed.authority,
        level="" if held_in else passed.level,
        document=passed.document,
        data=_facts(report, passed),
        report=report,
        covered=report.covers,
        note=passed.note,
        file=passed.file,
    )


def _survey(report: Report) -> EventKind | None:
    words = {
        (ReportKind.PRELIMINARY, "within"): EventKind.PRELIMINARY_WITHIN,
        (ReportKind.PRELIMINARY, "exceeds"): EventKind.PRELIMINARY_EXCEEDS,
        (ReportKind.DETAILED, "within"): EventKind.DETAILED_WITHIN,
        (ReportKind.DETAILED, "exceeds"): EventKind.DETAILED_EXCEEDS,
    }
    return words.get((ReportKind(report.kind), report.conclusion))


def _facts(report: Report, passed: Passed) -> dict[str, Any]:
    kind, values = ReportKind(report.kind), values_of(report)
    filed: dict[str, Any] = {"filed_on": passed.filed_on} if passed.filed_on else {}
    codes = (report.author_code,) if report.author_code else ()
    if kind in SURVEYS:
        return {
            **filed,
            "consultant": codes,
            "column": values.get("column"),
            "exceeds": _exceeds(report),
            "density": _density(report),
            "ecology_opinion": "passed",
            "resources_opinion": "passed",
        }
    if kind is ReportKind.RISK_ASSESSMENT:
        return {"consultant": codes, "verdict": report.conclusion, "column": _column(report)}
    if kind is ReportKind.EFFECT_EVALUATION:
        left = values.get("residual_above_first_class")
        return {
            **filed,
            "evaluator": codes,
            "verdict": report.conclusion,
            "statistics": found.statistics_of(report, passed.statistics) or None,
            "residual_above_first_class": left,
            "column": _column(report),
        }
    if kind is ReportKind.AFTERCARE:
        return {**filed, "plan": report.title}
    return {**filed, "complete": True}


def _column(report: Report) -> str | None:
    """The class of the use a report was made for; None where its use is not told or has no one class."""
    planned = landuse.nearest(report.use_system, report.use_planned) if report.use_planned else None
    return {"class_1": "first", "class_2": "second"}.get(planned.land_class) if planned else None


def _exceeds(report: Report) -> bool | None:
    word = report.computed.get("outcome")
    computed = {"exceeds": True, "within": False}.get(word) if word else None
    water = found.groundwater_comparison(report)
    if water and water.agreement is Agreement.DIFFERS:
        return None
    return exceeds_fact(report.conclusion == "exceeds", computed, report.explained)


def _density(report: Report) -> str | None:
    found = reportdata.density(report)
    return density_fact([found.compared] if found else [], report.density_explained)
