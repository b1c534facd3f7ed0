"""What firms owe by the rules, kept in the one table of duties: reminders and 今日 read it there.

The rules say what is owed from the facts; here the rows are made to fit after every act and once a day. A duty is on
the card of the year in which it is due. Hints are no duties; what nobody can date, or of which nobody can say whether it
is owed at all, stays on the card alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.db import transaction

from soildesk.core import clock, duties
from soildesk.core.calendar import working_calendar
from soildesk.core.duties import DutySpec, Life, Standing
from soildesk.core.models import Duty
from soildesk.core.permissions import Actor, system_actor
from soildesk.enterprises.models import DutyCard, EnterpriseVersion
from soildesk.enterprises.queries.facts import Firm, View, firms, heirs_of
from soilrules.deadlines.calendar import WorkingCalendar
from soilrules.enterprises.duties import Owed, owed
from soilrules.enterprises.dutyrules import Force, Trigger

PERIOD_MOST = 20
"""Signs of a period that fit the table of duties."""
AT_ONCE = 100
"""Firms whose duties are fitted together."""
_kept_up: list[date] = []
Listener = Callable[[Sequence[Firm], date, datetime], object]
_listeners: list[Listener] = []
_waiting: ContextVar[set[int] | None] = ContextVar("firms whose duties are fitted later", default=None)


def at_change(listener: Listener) -> None:
    """Let an upper room hear of firms whose facts changed, or passed a day: the firms, the day, the moment."""
    if listener not in _listeners:
        _listeners.append(listener)


def owe(firm: EnterpriseVersion, *, by: Actor, at: datetime) -> None:
    """Make the duties of one firm fit its facts of today. Part of an act of this room."""
    owe_of([firm.enterprise_id], by=by, at=at)


def owe_of(keys: Collection[int], *, by: Actor, at: datetime) -> int:
    """The same for many firms and those that follow them, in one go; returns how many rows changed. Part of an act too."""
    if (waiting := _waiting.get()) is not None:
        waiting.update(keys)
        return 0
    view = View(system_actor("duties", by.today), by.today)
    return _fit(firms(view, only={*keys, *heirs_of(view, keys)}), by=by, at=at) if keys else 0


@contextmanager
def at_once(*, by: Actor, at: datetime) -> Iterator[None]:
    """Many acts one after the other: the duties of all their firms are fitted once, when the last is done."""
    keys: set[int] = set()
    token = _waiting.set(keys)
    try:
        yield
    finally:
        _waiting.reset(token)
    owe_of(keys, by=by, at=at)


def keep_up() -> int:
    """Once a day: what came due, began or ended by the mere passing of days."""
    today = clock.today()
    if _kept_up == [today]:
        return 0
    by, at = system_actor("housekeeping", today), clock.now()
    carded = set(DutyCard.objects.values_list("enterprise_id", flat=True))
    wanted = [one for one in firms(View(by, today)) if one.facts.stays or one.row["enterprise_id"] in carded]
    changed = 0
    for start in range(0, len(wanted), AT_ONCE):
        with transaction.atomic():
            changed += _fit(wanted[start : start + AT_ONCE], by=by, at=at)
    _kept_up[:] = [today]
    return changed


def _fit(found: Sequence[Firm], *, by: Actor, at: datetime) -> int:
    """Cards and duties of firms, by a few statements for all of them; whoever listens hears of them."""
    calendar = working_calendar()
    owing = {one.row["enterprise_id"]: (one, by_year(one, by.today, calendar)) for one in found}
    cards = {(one.enterprise_id, one.year): one for one in DutyCard.objects.filter(enterprise__in=list(owing))}
    for listener in _listeners:
        listener(found, by.today, at)
    missing = [_card(one, year, at) for one, years in owing.values() for year in years
               if (one.row["enterprise_id"], year) not in cards]  # fmt: skip
    cards |= {(card.enterprise_id, card.year): card for card in DutyCard.objects.bulk_create(missing)}
    wanted = [(card, list(_rows(*owing[key], year))) for (key, year), card in cards.items()]
    for card, _standing in wanted:
        firm = owing[card.enterprise_id][0]
        card.division_path, card.owner_department_id = firm.row["division_path"], firm.row["owner_department_id"]
    return duties.fit(wanted, by=by)


def by_year(firm: Firm, on: date, calendar: WorkingCalendar) -> dict[int, list[Owed]]:
    """What a firm owes for certain and by a day, as known on a day, by the year of the day."""
    found = defaultdict(list)
    for line in owed(firm.facts, date(on.year, 12, 31), on=on, calendar=calendar):
        if line.rule.force is Force.MUST and line.due is not None and not (line.question and line.done_on is None):
            found[line.due.year].append(line)
    return found


def _card(firm: Firm, year: int, at: datetime) -> DutyCard:
    row = firm.row
    return DutyCard(
        enterprise_id=row["enterprise_id"],
        year=year,
        made_at=at,
        division_path=row["division_path"],
        owner_department_id=row["owner_department_id"],
    )


def _rows(firm: Firm, years: dict[int, list[Owed]], year: int) -> Iterator[Standing]:
    """The duties of one card. What ended before its day counts until it ended; what was missed before goes on counting."""
    for line in years.get(year, ()):
        assert line.due is not None
        over = line.ended_on if line.done_on is None and line.ended_on and line.due >= line.ended_on else None
        proof = [{"type": "enterprises.evidence", "uid": line.evidence}] if line.evidence else []
        yield Standing(_spec(firm, line), Life(line.since, over), line.done_on, proof)


def _spec(firm: Firm, line: Owed) -> DutySpec:
    what = line.rule.title()
    if line.rule.trigger is Trigger.EVENT:
        what = f"{what}（{line.period}）"
    return DutySpec(
        Duty.Kind.ENTERPRISE,
        f"{firm.name}：{what}"[:300],
        None,
        basis="；".join(basis.cited for basis in line.basis)[:300],
        period=line.period[:PERIOD_MOST],
        due=line.due,
        since=line.since,
    )
