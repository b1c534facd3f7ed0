"""What a firm owes by the rules, kept in the one table of duties: reminders and 今日 read it there.

The rules say what is owed from the facts; here the rows are made to fit after every act and once a day. A duty is on
the card of the year in which it is due. Hints are no duties, and what nobody can date stays on the card alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext as _

from soildesk.core import duties
from soildesk.core.calendar import working_calendar
from soildesk.core.duties import DutySpec, Life
from soildesk.core.models import Duty
from soildesk.core.permissions import Actor
from soildesk.enterprises.models import DutyCard, EnterpriseVersion
from soildesk.enterprises.queries.facts import View, firms
from soilrules.enterprises.duties import Owed, owed
from soilrules.enterprises.dutyrules import Force

SUBJECT_MOST = 20
"""Signs of a period that fit the table of duties."""


def owe(firm: EnterpriseVersion, *, by: Actor, at: datetime) -> None:
    """Make the duties of one firm fit its facts of today. Part of an act of this room."""
    for found in firms(View(by, by.today), only=[firm.enterprise_id]):
        lines = owed(found.facts, date(by.today.year, 12, 31), calendar=working_calendar())
        by_year = defaultdict(list)
        for line in lines:
            if line.rule.force is Force.MUST and line.due is not None:
                by_year[line.due.year].append(line)
        known = set(DutyCard.objects.filter(enterprise=firm.enterprise_id).values_list("year", flat=True))
        for year in sorted({*by_year, *known}):
            _write(firm, year, by_year[year], by=by, at=at)


def _write(firm: EnterpriseVersion, year: int, lines: Iterable[Owed], *, by: Actor, at: datetime) -> None:
    card, _made = DutyCard.objects.get_or_create(
        enterprise_id=firm.enterprise_id,
        year=year,
        defaults={
            "made_at": at,
            "division_path": firm.division_path,
            "owner_department_id": firm.owner_department_id,
        },
    )
    counting = [line for line in lines if line.done_on is not None or line.ended_on is None]
    start = min((line.since for line in counting), default=date(year, 1, 1))
    rows = duties.replace_for(card, [_spec(firm, line) for line in counting], by=by, life=Life(start))
    for row, line in zip(rows, counting, strict=True):
        _settle(row, line, by)


def _spec(firm: EnterpriseVersion, line: Owed) -> DutySpec:
    return DutySpec(
        Duty.Kind.ENTERPRISE,
        (_("%(firm)s：%(duty)s") % {"firm": firm.name, "duty": line.rule.title()})[:300],
        None,
        basis="；".join(basis.cited for basis in line.basis)[:300],
        period=line.period[:SUBJECT_MOST],
        due=line.due,
        since=line.since,
    )


def _settle(row: Duty, line: Owed, by: Actor) -> None:
    """Done as the facts say: a filing taken back opens its duty again."""
    if line.done_on is None and row.done_on is not None:
        duties.reopen(row, by=by)
    if line.done_on is not None and row.done_on is None:
        proof = [{"type": "enterprises.evidence", "uid": line.evidence}] if line.evidence else []
        duties.done(row, on=min(line.done_on, by.today), by=by, evidence=proof)
