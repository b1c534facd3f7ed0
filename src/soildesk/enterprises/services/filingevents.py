"""Which dated facts an accepted filing tells of its firm."""

from __future__ import annotations

from datetime import date
from typing import Any

from soildesk.enterprises.filingforms import form_of
from soildesk.enterprises.models import Filing, Happening
from soildesk.enterprises.queries.filings import known_subjects
from soildesk.enterprises.services.happenings import Told
from soilrules.enterprises.facts import EventKind as E

K = Filing.Kind
DAY_OF_FILING = {
    K.TOXIC_REPORT: E.TOXIC_REPORT_FILED,
    K.SELFMON_PLAN: E.SELFMON_PLAN_FILED,
    K.TANK_INFO: E.TANK_REPORTED,
    K.BASELINE: E.BASELINE_FILED,
    K.SURVEY: E.SURVEY_FILED,
    K.DEMOLITION_REPORT: E.DEMOLITION_CLOSED,
}
"""Done on the day they were sent."""
DAY_IN_IT = {
    K.HAZARD_REPORT: (E.HAZARD_INSPECTION_DONE, "finished_on"),
    K.SELFMON_DATA: (E.SELFMON_DONE, "sampled_on"),
    K.LETTER: (E.LETTER_SIGNED, "signed_on"),
    K.INSURANCE: (E.INSURED, "since"),
    K.DEMOLITION_PLAN: (E.DEMOLITION_PLANNED, "planned_start"),
}
"""Done on a day that stands in them."""
RECEIPTS = {"ecology": E.DEMOLITION_FILED_ECOLOGY, "industry": E.DEMOLITION_FILED_INDUSTRY}
"""What the receipt of a department of that function proves."""
OF_SUBJECT = frozenset({K.DEMOLITION_PLAN, K.DEMOLITION_REPORT, K.BASELINE})


def told_by(filing: Filing) -> list[Told]:
    """The facts of a filing that is being accepted."""
    assert filing.submitted_on is not None
    kind = Filing.Kind(filing.kind)
    if kind in DAY_OF_FILING:
        found = [_told(filing, DAY_OF_FILING[kind], filing.submitted_on)]
    else:
        event, name = DAY_IN_IT[kind]
        found = [_told(filing, event, date.fromisoformat(filing.data[name]))]
    if kind == K.DEMOLITION_REPORT and not _started(filing):
        found.insert(0, _told(filing, E.DEMOLITION_STARTED, date.fromisoformat(filing.data["started_on"])))
    return found


def receipt_of(filing: Filing, function: str) -> Told:
    """The fact that a plan of demolition was filed with a department, on the day it was sent."""
    assert filing.submitted_on is not None
    return _told(filing, RECEIPTS[function], filing.submitted_on)


def published(filing: Filing, on: date) -> Told | None:
    """The fact of a release; None where no duty asks for it."""
    return _told(filing, E.LETTER_PUBLISHED, on) if filing.kind == K.LETTER else None


def _told(filing: Filing, kind: E, on: date) -> Told:
    yearly = form_of(filing.kind).yearly and filing.kind != K.LETTER
    return Told(
        kind,
        on,
        period=filing.period if yearly else "",
        subject=_subject(filing),
        note=f"{filing.get_kind_display()} {filing.number}",
        evidence=f"enterprises.filing:{filing.uid}",
    )


def _subject(filing: Filing) -> str:
    """Which demolition, project or medium; empty for what is of the whole firm."""
    if filing.kind in OF_SUBJECT:
        return str(filing.subject)
    if filing.kind == K.SURVEY and filing.subject in known_subjects(filing.enterprise_id, K.SURVEY):
        return str(filing.subject)
    if filing.kind == K.SELFMON_DATA:
        medium: Any = filing.data.get("medium")
        return medium if medium in ("soil", "groundwater") else ""
    return ""


def _started(filing: Filing) -> bool:
    rows = Happening.objects.filter(enterprise=filing.enterprise_id, superseded_at=None, kind=E.DEMOLITION_STARTED)
    return bool(rows.filter(subject=filing.subject).exists())
