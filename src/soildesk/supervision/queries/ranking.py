"""Ranking the units of a round, item by item: for every number the rows it is counted from.

The formulas and who is ranked with whom stand in `soilrules.supervision.ranking`; here the cases are gathered, each by the
query that serves the same figure elsewhere. It is read for the office; who may open whose rows is said by the sheets.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F, Max, Q
from django.utils.translation import gettext as _

from soildesk.core.calendar import working_calendar
from soildesk.core.models import Department, Duty
from soildesk.core.permissions import system_actor
from soildesk.farmland.queries import rates
from soildesk.farmland.queries.then import Then
from soildesk.kit.languages import language
from soildesk.plans.wording import DUTY_STATES
from soildesk.supervision.models import DispatchRound, Slip
from soildesk.supervision.queries import answered
from soildesk.supervision.queries.sheets import Said
from soilrules.deadlines import Due, State, state
from soilrules.deadlines.periods import MONTHS, period_of
from soilrules.messages import LANGUAGES
from soilrules.supervision.ranking import Group, Item, Source, Tally, ranking, table

COUNTED = (State.DONE, State.DONE_LATE, State.OVERDUE)


@dataclass(frozen=True, slots=True)
class Case:
    """One row behind a number: which record, whether it counts as good, and why; `amount` where it is no count."""

    type: str
    key: str
    name: str
    good: bool
    note: str = ""
    amount: str = "1"


@dataclass(frozen=True, slots=True)
class Cases:
    """The cases of a unit; `known` is false where the records cannot say."""

    rows: Sequence[Case] = ()
    known: bool = True

    def tally(self, unit: Department, group: Group) -> Tally:
        """As the rule asks for it."""
        n = len({row.key for row in self.rows})
        if not self.known:
            return Tally(str(unit.pk), group, n, None, None)
        good = sum((Decimal(row.amount) for row in self.rows if row.good), Decimal(0))
        return Tally(str(unit.pk), group, n, good, sum((Decimal(row.amount) for row in self.rows), Decimal(0)))


def group_of(unit: Department, place_path: str) -> Group | None:
    """Which units a unit is like; one that is like no other is not ranked."""
    if unit.kind == Department.Kind.TOWN:
        return Group.TOWN
    if unit.kind == Department.Kind.GOVERNMENT and unit.division.path != place_path:
        return Group.DISTRICT
    return Group.DEPARTMENT if unit.kind == Department.Kind.DEPARTMENT else None


def ranked(one: DispatchRound, sheets: Sequence[Said]) -> list[dict[str, Any]]:
    """Every item of the round with its groups and their units, as plain data with the rows."""
    items = [item for name, item in table().items.items() if name in one.items]
    return [_item(one, item, sheets) for item in items]


def _item(one: DispatchRound, item: Item, sheets: Sequence[Said]) -> dict[str, Any]:
    units = {each.sheet.unit_id: each.sheet.unit for each in sheets}
    groups = {pk: group for pk, unit in units.items() if (group := group_of(unit, one.division_path)) in item.among}
    cases = GATHER[item.source](one, item, [each for each in sheets if each.sheet.unit_id in groups])
    found = {pk: cases.get(pk, Cases()) for pk in groups}
    tallies = [found[pk].tally(units[pk], group) for pk, group in groups.items() if group]
    return {
        "id": item.id,
        **_both("title", item.names),
        **_both("formula", item.formulas),
        **_both("case", item.cases),
        "basis": item.basis,
        "mark": item.mark,
        "groups": [
            {
                "id": group.value,
                **_both("title", table().groups[group]),
                "rows": [_row(each, units, found) for each in rows],
            }
            for group, rows in ranking(tallies, table().smallest).items()
        ],
    }


def _both(name: str, words: Mapping[str, str]) -> dict[str, str]:
    """Words of the rules as they are frozen with a round: in Chinese, and in English beside it."""
    return {name: words["zh"], f"{name}_en": words["en"]}


def in_words(told: Sequence[Mapping[str, Any]], spoken: str) -> list[dict[str, Any]]:
    """The items in the language of the page; what was frozen without English stays as it is."""
    return [
        {
            **_spoken(item, spoken),
            "groups": [
                {**_spoken(group, spoken), "rows": [_spoken(row, spoken) for row in group["rows"]]}
                for group in item["groups"]
            ],
        }
        for item in told
    ]


def _spoken(row: Mapping[str, Any], spoken: str) -> dict[str, Any]:
    kept = {name: value for name, value in row.items() if not name.endswith("_en")}
    return kept if spoken == "zh" else {name: row.get(f"{name}_en", value) for name, value in kept.items()}


def _row(each: Any, units: Mapping[int, Department], found: Mapping[int, Cases]) -> dict[str, Any]:
    unit = units[int(each.tally.unit)]
    percent = None if each.share is None else f"{float(each.share) * 100:.1f}"
    return {
        "unit": str(unit),
        "unit_uid": str(unit.uid),
        "cases": each.tally.cases,
        "good": None if each.tally.good is None else f"{each.tally.good:f}",
        "whole": None if each.tally.whole is None else f"{each.tally.whole:f}",
        "percent": percent,
        "rank": each.rank,
        "standing": each.standing.value,
        **_both("told", {name: each.message.sentence(name) for name in LANGUAGES}),
        "rows": [
            {"type": r.type, "key": r.key, "name": r.name, "good": r.good, "note": r.note, "amount": r.amount}
            for r in found[unit.pk].rows
        ],
    }


def _since(one: DispatchRound) -> tuple[date, date | None]:
    """From which day on matters count, and the day of the records of the round before, which has counted what was over by then.

    What falls due after the last round's day is in no other round, so this one takes it.
    """
    rhythm = next(name for name in MONTHS if period_of(one.first, name).name == one.period)
    before = period_of(one.first - timedelta(days=1), rhythm).name
    rows = DispatchRound.objects.filter(division=one.division_id, period=before, on__lt=one.on)
    told = rows.aggregate(on=Max("on"))["on"]
    return (told, told) if told and told < one.first else (one.first, None)


def _duties(one: DispatchRound, item: Item, sheets: Sequence[Said]) -> dict[int, Cases]:
    """Duties that fell due since the last round, as they stood on the day of the round."""
    units = [each.sheet.unit_id for each in sheets]
    first, told = _since(one)
    rows = Duty.objects.filter(unit_id__in=units, due__gte=first, due__lte=min(one.last, one.on))
    rows = rows.exclude(due=told, done_on__lte=told) if told else rows
    rows = rows.filter(Q(live_until=None) | Q(live_until__gt=F("due")), live_from__lte=F("due"))
    rows = rows.filter(division_path__startswith=one.division_path)
    rows = rows.filter(kind__in=item.kinds) if item.kinds else rows.exclude(kind__in=item.but)
    calendar = working_calendar()
    found: dict[int, list[Case]] = defaultdict(list)
    for duty in rows.order_by("due", "pk"):
        how = state(Due(duty.due, duty.done_on, issued_on=duty.issued_on), one.on, calendar)
        if how in COUNTED:
            note = _("时限 %(due)s，%(how)s") % {"due": duty.due, "how": DUTY_STATES[how][2]}
            found[duty.unit_id or 0].append(Case("duty", str(duty.uid), duty.title, how is State.DONE, note))
    return {pk: Cases(cases) for pk, cases in found.items()}


def _slips(one: DispatchRound, item: Item, sheets: Sequence[Said]) -> dict[int, Cases]:
    issued = answered.asking(Slip.objects.all(), one.division_path, one.on)
    found: dict[int, list[Case]] = defaultdict(list)
    first, told = _since(one)
    before = {slip.pk for slip in answered.fell_due(issued, told, told, told)} if told else set()
    for slip in answered.fell_due(issued, first, one.last, one.on):
        if slip.pk in before:
            continue
        row = answered.row_of(slip)
        found[slip.unit_id or 0].append(Case("slip", row.uid, row.name, bool(row.counts), row.note))
    return {pk: Cases(cases) for pk, cases in found.items()}


def _tasks(one: DispatchRound, item: Item, sheets: Sequence[Said]) -> dict[int, Cases]:
    """The tasks of a unit with a term of the plan behind them; good where all these terms are done."""
    found = {}
    for each in sheets:
        rows = [
            Case("task", task["uid"], f"{task['number']} {task['title']}".strip(), not task["open_terms"], _terms(task))
            for task in each.tasks
            if task["passed"]
        ]
        found[each.sheet.unit_id] = Cases(rows)
    return found


def _terms(task: Mapping[str, Any]) -> str:
    said = {"n": task["passed"], "open": task["open_terms"]}
    return (
        _("%(n)d 个到期节点，%(open)d 个没有办结") % said
        if task["open_terms"]
        else _("%(n)d 个到期节点都已办结") % said
    )


def _farmland(one: DispatchRound, item: Item, sheets: Sequence[Said]) -> dict[int, Cases]:
    """The safe-use rate of each unit's own place, from its rows."""
    by, found = system_actor("dispatch", one.on), {}
    for each in sheets:
        answer = rates.by_unit(by, rates.Place(each.sheet.unit.division.path, Then(one.on.year, one.on)))
        if answer.why is rates.Why.NO_UNITS:
            found[each.sheet.unit_id] = Cases()
            continue
        lines = answer.lines or {}
        rows = [
            Case(
                "farmland", lines[row.unit].uid, f"{row.unit} {lines[row.unit].name}", row.counts,
                row.because.sentence(language()), f"{row.area_m2}",
            )
            for row in (answer.found.rows if answer.found else ())
            if row.unit in lines
        ]  # fmt: skip
        unknown = answer.why is not None or answer.found is None or bool(answer.found.open)
        found[each.sheet.unit_id] = Cases(rows, known=not unknown)
    return found


GATHER = {Source.DUTIES: _duties, Source.SLIPS: _slips, Source.TASKS: _tasks, Source.FARMLAND: _farmland}
