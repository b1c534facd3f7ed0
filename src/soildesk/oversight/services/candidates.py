"""Candidates of the problem list: what the dates of firms show is kept up with every fact that is written down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from soildesk.core.calendar import working_calendar
from soildesk.enterprises.queries.facts import Firm
from soildesk.oversight.models import Candidate
from soildesk.oversight.queries.compared import Shown
from soilrules.enterprises.dutyproblems import problems
from soilrules.messages import LANGUAGES


def keep(found: Sequence[Firm], on: date, at: datetime) -> int:
    """Make the candidates of firms those that their facts show on a day; returns how many came or went.

    Part of the act that changed the facts: it follows from them alone and writes no audit entry of its own.
    """
    calendar = working_calendar()
    shown = [Shown(firm, one) for firm in found for one in problems(firm.facts, on, calendar=calendar)]
    wanted = {one.origin: one for one in shown if not one.is_hint}
    keys = [firm.row["enterprise_id"] for firm in found]
    held = {one.origin: one for one in Candidate.objects.filter(enterprise__in=keys)}
    turned = [one for origin, one in held.items() if (one.gone_at is None) is not (origin in wanted)]
    for one in turned:
        one.gone_at = None if one.origin in wanted else at
    Candidate.objects.bulk_update(turned, ["gone_at"], batch_size=200)
    new = [_candidate(one, at) for origin, one in wanted.items() if origin not in held]
    Candidate.objects.bulk_create(new, batch_size=200)
    return len(turned) + len(new)


def _candidate(one: Shown, at: datetime) -> Candidate:
    row = one.firm.row
    return Candidate(
        origin=one.origin,
        enterprise_id=row["enterprise_id"],
        division_path=row["division_path"],
        owner_department_id=row["owner_department_id"],
        on=one.finding.on,
        words={language: f"{one.firm.name}：{one.finding.message.sentence(language)}" for language in LANGUAGES},
        found_at=at,
    )
