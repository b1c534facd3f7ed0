"""How often the reports of each consultant passed at the first review, with what chance alone may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from soildesk.core.permissions import Actor
from soildesk.plots.models import Report, ReportAct
from soilrules.plots.first_pass import FirstPass, by_consultant

Act, State = ReportAct.Kind, Report.State


@dataclass(frozen=True, slots=True)
class Consultant:
    """One consultant: the key its reports are found by, what it is called, and its figures."""

    key: str
    name: str
    figures: FirstPass


def consultants(actor: Actor, since: date, until: date, kind: str = "") -> list[Consultant]:
    """Consultants of the reports that first came in from `since` up to `until`, those with most reviews first."""
    rows = Report.objects.visible_to(actor).exclude(state__in=(State.DRAFT, State.WITHDRAWN))
    if kind:
        rows = rows.filter(kind=kind)
    sent = _sent(rows, since, until)
    held = {one.pk: one for one in rows.filter(pk__in=sent)}
    returned = set(
        ReportAct.objects.filter(report__in=held, round=1, kind=Act.RETURNED).values_list("report_id", flat=True)
    )
    outcomes, names = [], {}
    for pk, one in held.items():
        key = one.author_code or one.author
        names[key] = one.author
        outcomes.append((key, _outcome(one, pk in returned)))
    found = [Consultant(one.consultant, names[one.consultant], one) for one in by_consultant(outcomes)]
    return sorted(found, key=lambda one: (-one.figures.reviewed, one.name))


def _sent(rows: object, since: date, until: date) -> list[int]:
    acts = ReportAct.objects.filter(report__in=rows, kind=Act.SUBMITTED, round=1, on__gte=since, on__lt=until)
    return list(acts.values_list("report_id", flat=True))


def _outcome(report: Report, returned: bool) -> bool | None:
    """Whether the first review passed; None while it runs."""
    if returned:
        return False
    return True if report.state == State.ACCEPTED else None
