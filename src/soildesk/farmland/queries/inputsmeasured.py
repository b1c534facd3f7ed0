"""The rows measures of inputs count: holdings of a place with what they owe, points of film, spreadings, towns with collectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, Q

from soildesk.core.models import Division
from soildesk.farmland.models import FilmPointVersion, FilmResidue, HoldingVersion, InputCheck, InputEntry, Spreading
from soildesk.farmland.queries import holdings as found
from soildesk.farmland.queries.figures import book
from soildesk.kit.passes import once_a_pass
from soildesk.monitoring.measuring import Asked, of_place, of_year
from soilrules.farmland.holdings import Spread, Stand

INSTANT = timedelta(microseconds=1)


@once_a_pass(of_place)
def holdings(asked: Asked, *kinds: str) -> list[HoldingVersion]:
    """The holdings of a place as they were and as known."""
    rows = HoldingVersion.objects.visible_to(asked.actor).standing(asked.on, asked.known - INSTANT)
    rows = rows.filter(division_path__startswith=asked.division.path)
    return list((rows.filter(kind__in=kinds) if kinds else rows).select_related("holding").order_by("holding__number"))


@once_a_pass(of_place)
def owed(asked: Asked, *kinds: str) -> list[tuple[HoldingVersion, list[Stand]]]:
    """Holdings of some kinds with what each owes on the day."""
    versions = holdings(asked, *kinds)
    stands = found.owed(versions, asked.limit, asked.known)
    return [(one, stands[one.holding_id]) for one in versions]


def told(model: Any, asked: Asked, **facts: Any) -> list[Any]:
    """Rows of a place told of the year asked for, as known."""
    rows = found.counting(model, asked.on, asked.known).filter(
        on__year=asked.year, division_path__startswith=asked.division.path, **facts
    )
    return list(rows.order_by("on", "id"))


def films(asked: Asked) -> tuple[list[InputEntry], list[InputCheck]]:
    """Films of the year in ledgers and in checks."""
    return told(InputEntry, asked, kind="film"), told(InputCheck, asked, kind="film")


@once_a_pass(of_year)
def checks(asked: Asked) -> list[InputCheck]:
    """Checks of inputs of the year."""
    return told(InputCheck, asked)


def entered(asked: Asked, versions: Sequence[HoldingVersion], kinds: Sequence[str]) -> Mapping[int, set[str]]:
    """Which kinds of inputs each of some holdings wrote down in the year."""
    rows = found.counting(InputEntry, asked.on, asked.known).filter(
        on__year=asked.year, holding__in=[one.holding_id for one in versions], kind__in=kinds
    )
    kept: dict[int, set[str]] = {}
    for holding, kind in rows.values_list("holding", "kind"):
        kept.setdefault(holding, set()).add(kind)
    return kept


def last_lines(asked: Asked, versions: Sequence[HoldingVersion], kinds: Sequence[str]) -> Mapping[int, date]:
    """The day of the last line of some kinds each of some holdings wrote down, by holding."""
    rows = found.counting(InputEntry, asked.limit, asked.known).filter(
        holding__in=[one.holding_id for one in versions], kind__in=kinds
    )
    return dict(rows.values("holding").annotate(day=Max("on")).values_list("holding", "day"))


def toxic(asked: Asked) -> list[InputEntry]:
    """Highly toxic pesticides of the year in ledgers."""
    return told(InputEntry, asked, kind="pesticide", highly_toxic=True)


def spreadings(asked: Asked) -> list[tuple[Spreading, list[Spread]]]:
    """What was put on land in the year, each with all that was put on its unit."""
    rows = told(Spreading, asked)
    units = {row.unit_id for row in rows if row.unit_id}
    before = found.counting(Spreading, asked.on, asked.known).filter(unit__in=units)
    of_unit: dict[int, list[Spread]] = {}
    for row in before:
        of_unit.setdefault(row.unit_id, []).append(found.spread(row))
    return [(row, of_unit.get(row.unit_id or 0, [found.spread(row)])) for row in rows]


def film_points(asked: Asked) -> list[tuple[FilmPointVersion, FilmResidue | None]]:
    """The points of film of a place, each with what was found in the year."""
    rows = FilmPointVersion.objects.visible_to(asked.actor).standing(asked.on, asked.known - INSTANT)
    points = list(rows.filter(division_path__startswith=asked.division.path).select_related("point"))
    last = {one.point_id: one for one in told(FilmResidue, asked)}
    return [(one, last.get(one.point_id)) for one in points]


def collectors(asked: Asked) -> list[tuple[Division, list[HoldingVersion]]]:
    """The farming towns of a place, each with the stations that take back film and packages."""
    towns = book(asked.actor, asked.division, [asked.year], asked.known)
    stations = holdings(asked, HoldingVersion.Kind.RECOVERY)
    return [
        (town, [one for one in stations if one.division_path.startswith(town.path)])
        for town in towns.places
        if town.pk in towns.asked
    ]


def reported(asked: Asked, keys: Sequence[str]) -> list[tuple[Division, list[str]]]:
    """The farming towns of a place, each with those of some figures it did not report for the year."""
    of = book(asked.actor, asked.division, [asked.year], asked.known)
    towns = [one for one in of.places if one.pk in of.asked]
    return [(one, [key for key in keys if key not in of.of(asked.year, one)]) for one in towns]


def first_day(asked: Asked) -> date | None:
    """The day of the oldest line of any ledger of the place, as known."""
    rows = InputEntry.objects.filter(
        Q(superseded_at=None) | Q(superseded_at__gte=asked.known),
        recorded_at__lt=asked.known, division_path__startswith=asked.division.path,
    )  # fmt: skip
    return rows.order_by("on").values_list("on", flat=True).first()
