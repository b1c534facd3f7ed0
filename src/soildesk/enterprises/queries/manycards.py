"""The duty cards of very many firms at once: their facts as columns, a handful of statements, no rule asked firm by firm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from django.db.models import QuerySet

from soildesk.core.calendar import working_calendar
from soildesk.core.clock import local_day
from soildesk.enterprises.models import Happening, Listing
from soildesk.enterprises.queries import facts
from soildesk.enterprises.queries.facts import View
from soilrules.enterprises.duties import CardState
from soilrules.enterprises.duty_columns import STATES, DutyColumns, duty_columns
from soilrules.enterprises.fact_columns import EVENTS, STAYS, UNITS
from soilrules.enterprises.facts import PLANNED


@dataclass(frozen=True, slots=True)
class Many:
    """Firms seen, by key, and every duty of them all."""

    rows: Mapping[int, Mapping[str, Any]]
    duties: DutyColumns

    def states(self, year: int) -> dict[int, Counter[CardState]]:
        """How many lines of each firm's card of a year stand how; firms that owe nothing are left out."""
        places, states = self.duties.states(year)
        if not len(places):
            return {}
        units = self.duties.begun.unit[places].astype(np.int64)
        codes, counts = np.unique(units * len(STATES) + states, return_counts=True)
        found: dict[int, Counter[CardState]] = {}
        for code, count in zip(codes.tolist(), counts.tolist(), strict=True):
            unit, state = divmod(code, len(STATES))
            found.setdefault(int(self.duties.found.units[unit]), Counter())[STATES[state]] = count
        return found


def many(view: View, years: tuple[int, int], *, only: Collection[int] | None = None) -> Many:
    """The duties of the firms seen for the cards of the first to the last of `years`, as known on the view's day."""
    rows = facts.last_versions(view, only)
    line = {key: heirs for key, heirs in facts.predecessors(view).items() if key in rows}
    wanted = facts.with_predecessors(rows, line)
    batches = _units(view, rows, wanted), _stays(view, rows, line, wanted), _events(view, rows, line, wanted)
    return Many(rows, duty_columns(*batches, years=years, on=view.on, calendar=working_calendar()))


def _units(view: View, rows: Mapping[int, Mapping[str, Any]], wanted: list[int] | None) -> pa.RecordBatch:
    plants, stopped = facts.plants_of(view, wanted), facts.stopped_on(view, rows)
    traits = [{**facts.traits_of(row), **facts.traits_of_plant(row, plants[key])} for key, row in rows.items()]
    names = sorted({name for one in traits for name in one})
    columns = [
        pa.array(list(rows), pa.int64()),
        pa.array([facts.division_of(row) for row in rows.values()], pa.string()).dictionary_encode(),
        pa.array([stopped.get(key) for key in rows], pa.date32()),
        *(pa.array([one[name] for one in traits], pa.bool_()) for name in names),
    ]
    return pa.RecordBatch.from_arrays(columns, names=[*UNITS.names, *names])


def _stays(
    view: View, rows: Mapping[int, Any], line: Mapping[int, Sequence[int]], wanted: list[int] | None
) -> pa.RecordBatch:
    held = facts.of_firms(facts.as_known(Listing.objects.filter(since__lte=view.on), view), wanted)
    told = _with_heirs(held.values_list("enterprise_id", "list_key", "since", "until"), rows, line)
    return _batch(told, STAYS)


def _events(
    view: View, rows: Mapping[int, Any], line: Mapping[int, Sequence[int]], wanted: list[int] | None
) -> pa.RecordBatch:
    held = facts.of_firms(facts.as_known(Happening.objects.all(), view), wanted).order_by()
    plans: QuerySet[Any, Any] = held.filter(kind__in=PLANNED)
    fields = ("enterprise_id", "kind", "on", "period", "subject")
    told = [
        (key, kind, on, None, period, subject)
        for key, kind, on, period, subject in held.exclude(kind__in=PLANNED).values_list(*fields)
    ]
    told += [
        (key, kind, on, min(local_day(recorded), on), period, subject)
        for key, kind, on, period, subject, recorded in plans.values_list(*fields, "recorded_at")
    ]
    return _batch(_with_heirs(told, rows, line), EVENTS)


def _with_heirs(
    told: Iterable[tuple[Any, ...]], rows: Mapping[int, Any], line: Mapping[int, Sequence[int]]
) -> list[tuple[Any, ...]]:
    """The rows of the firms themselves, and for each successor those of all it follows."""
    found = list(told)
    if not line:
        return [one for one in found if one[0] in rows]
    of: dict[int, list[tuple[Any, ...]]] = {}
    for one in found:
        of.setdefault(one[0], []).append(one)
    copied = [(heir, *one[1:]) for heir, before in line.items() for key in before for one in of.get(key, ())]
    return [one for one in found if one[0] in rows] + copied


def _batch(told: Sequence[tuple[Any, ...]], schema: pa.Schema) -> pa.RecordBatch:
    columns = list(zip(*told, strict=True)) if told else [()] * len(schema)
    arrays = []
    for values, field in zip(columns, schema, strict=True):
        if pa.types.is_dictionary(field.type):
            arrays.append(pa.array(values, pa.string()).dictionary_encode())
        else:
            arrays.append(pa.array(values, field.type))
    return pa.RecordBatch.from_arrays(arrays, names=schema.names)


def as_of_year(view: View, year: int) -> dict[int, Counter[CardState]]:
    """How the firms seen stand on their cards of a year."""
    return many(view, (year, year)).states(year)


@dataclass(frozen=True, slots=True)
class Standing:
    """One firm by name and how many lines of its card stand how."""

    key: int
    name: str
    states: Counter[CardState]


def standing(view: View, year: int, *, words: str = "") -> list[Standing]:
    """The firms with a card of a year whose name has some words, by name."""
    found = many(view, (year, year))
    told = [Standing(key, str(found.rows[key]["name"]), states) for key, states in found.states(year).items()]
    return sorted((one for one in told if words in one.name), key=lambda one: (one.name, one.key))
