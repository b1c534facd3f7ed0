"""Holdings on a day with what they owe, their ledgers, points of film, what is put on land: as they stand, or stood."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery

from soildesk.core.permissions import Actor
from soildesk.farmland.models import (
    FilmPointVersion,
    FilmResidue,
    HoldingVersion,
    InputCheck,
    InputEntry,
    ProduceTest,
    ProduceValue,
    SoilCheck,
    Spreading,
)
from soildesk.farmland.models.told import Told
from soildesk.farmland.queries.units import in_mu, town
from soilrules.farmland.holdings import Facts, Limit, Spread, Stand, State, held_against, stands
from soilrules.farmland.produce import Excess

T = TypeVar("T", bound=Told)
ABOVE = (Excess.LIGHT, Excess.SEVERE)


def holdings(actor: Actor | None, on: date, known_on: datetime | None = None) -> QuerySet[HoldingVersion]:
    """Holdings of a day."""
    return (
        HoldingVersion.objects.visible_to(actor).standing(on, known_on).annotate(town=town(), area_mu=in_mu("area_m2"))
    )


def film_points(actor: Actor | None, on: date, known_on: datetime | None = None) -> QuerySet[FilmPointVersion]:
    """Points of film of a day, with what was last found there."""
    last = FilmResidue.objects.filter(superseded_at=None, point=OuterRef("point"), on__lte=on).order_by("-on", "-id")
    rows = FilmPointVersion.objects.visible_to(actor).standing(on, known_on)
    return rows.annotate(
        town=town(),
        kg_per_ha=Subquery(last.values("kg_per_ha")[:1]),
        sampled_on=Subquery(last.values("on")[:1]),
    )


def counting(model: type[T], on: date, known: datetime | None = None) -> QuerySet[Any]:
    """Rows told of days up to a day, that count now or did as far as was known before a moment."""
    rows = model._default_manager.filter(on__lte=on)
    if known is None:
        return rows.filter(superseded_at=None)
    return rows.filter(Q(superseded_at=None) | Q(superseded_at__gte=known), recorded_at__lt=known)


def called(actor: Actor, text: str, on: date) -> list[HoldingVersion]:
    """The holdings an actor sees under a number, a code or a full name."""
    rows = holdings(actor, on).filter(Q(holding__number=text) | Q(code=text) | Q(name=text)) if text else []
    return list(rows.select_related("holding")) if text else []


def points_called(actor: Actor, text: str, on: date) -> list[FilmPointVersion]:
    """The points of film an actor sees under a number or a name."""
    rows = film_points(actor, on).filter(Q(point__number=text) | Q(name=text)) if text else []
    return list(rows.select_related("point")) if text else []


def owed(versions: Collection[HoldingVersion], on: date, known: datetime | None = None) -> Mapping[int, list[Stand]]:
    """What each of some holdings owes on a day, by the holding's key."""
    return {key: stands(facts, on) for key, facts in facts_of(versions, on, known).items()}


def facts_of(versions: Collection[HoldingVersion], on: date, known: datetime | None = None) -> dict[int, Facts]:
    """What is known of some holdings, as the rules ask for it; a handful of queries for any number."""
    keys = [one.holding_id for one in versions]
    entries = counting(InputEntry, on, known).filter(holding__in=keys)
    lines: dict[int, dict[str, date]] = defaultdict(dict)
    for holding, kind, day in (
        entries.values("holding", "kind").annotate(day=Max("on")).values_list("holding", "kind", "day")
    ):
        lines[holding][kind] = day
    tested, failed = _tests(keys, on, known)
    soil: dict[int, list[Any]] = defaultdict(list)
    for row in counting(SoilCheck, on, known).filter(holding__in=keys).order_by("on"):
        soil[row.holding_id].append((row.on, row.soil_suspected, row.monitored_on))
    return {
        one.holding_id: Facts(
            one.kind, one.form, one.area_m2, one.edible, one.equipped, one.has_outlet, one.outlet_checked_on,
            max(lines[one.holding_id].values(), default=None), tested.get(one.holding_id), tuple(failed[one.holding_id]),
            tuple(soil[one.holding_id]), lines[one.holding_id], one.licence, one.licence_until,
        )
        for one in versions
    }  # fmt: skip


def _tests(keys: Iterable[int], on: date, known: datetime | None) -> tuple[dict[int, date], dict[int, list[date]]]:
    rows = ProduceTest.objects.filter(holding__in=list(keys), sampled_on__lte=on)
    if known is None:
        rows = rows.filter(superseded_at=None)
    else:
        rows = rows.filter(Q(superseded_at=None) | Q(superseded_at__gte=known), recorded_at__lt=known)
    last: dict[int, date] = {}
    failed: dict[int, list[date]] = defaultdict(list)
    above = set(ProduceValue.objects.filter(test__in=rows, verdict__in=ABOVE).values_list("test", flat=True))
    for pk, holding, day in rows.order_by("sampled_on").values_list("pk", "holding", "sampled_on"):
        last[holding] = day
        if pk in above:
            failed[holding].append(day)
    return last, failed


def worst(found: Sequence[Stand]) -> State | None:
    """The worst state of what is owed; None where nothing is."""
    order = (State.BREACHED, State.MISSING, State.UNKNOWN, State.DONE)
    return next((state for state in order if any(one.state is state for one in found)), None)


def entries(actor: Actor | None, on: date) -> QuerySet[InputEntry]:
    """Lines of ledgers, with the holding's name."""
    return _of_holding(InputEntry, actor, on)


def checks(actor: Actor | None, on: date) -> QuerySet[InputCheck]:
    """Checks of inputs, with the holding's name."""
    return _of_holding(InputCheck, actor, on)


def soil_checks(actor: Actor | None, on: date) -> QuerySet[SoilCheck]:
    """What followed produce above its limit, with the holding's name."""
    return _of_holding(SoilCheck, actor, on)


def _of_holding(model: Any, actor: Actor | None, on: date) -> QuerySet[Any]:
    named = HoldingVersion.objects.filter(superseded_at=None, holding=OuterRef("holding")).order_by("-since")
    rows = model.objects.visible_to(actor).filter(superseded_at=None, on__lte=on)
    return rows.annotate(
        town=town(), firm=Subquery(named.values("name")[:1]), firm_kind=Subquery(named.values("kind")[:1])
    )


def residues(actor: Actor | None, on: date) -> QuerySet[FilmResidue]:
    """What was found at points of film."""
    named = FilmPointVersion.objects.filter(superseded_at=None, point=OuterRef("point")).order_by("-since")
    rows = FilmResidue.objects.visible_to(actor).filter(superseded_at=None, on__lte=on)
    return rows.annotate(town=town(), point_name=Subquery(named.values("name")[:1]))


def spreadings(actor: Actor | None, on: date) -> QuerySet[Spreading]:
    """What was put on land."""
    rows = Spreading.objects.visible_to(actor).filter(superseded_at=None, on__lte=on)
    return rows.annotate(town=town(), area_mu=in_mu("area_m2"))


def spread_of(rows: Collection[Mapping[str, Any]]) -> Mapping[int, list[Spread]]:
    """All spreadings of the units of some rows, by unit."""
    units = {row["unit_id"] for row in rows if row["unit_id"]}
    found: dict[int, list[Spread]] = defaultdict(list)
    for one in Spreading.objects.filter(superseded_at=None, unit__in=units):
        found[one.unit_id or 0].append(spread(one))
    return found


def spread(one: Spreading) -> Spread:
    """A spreading as the rules see it."""
    return Spread(one.kind, one.on, one.tonnes, one.area_m2, one.within, one.report_number)


def film_state(thickness: Any) -> State:
    """Whether a film is thick enough."""
    return held_against(Limit.FILM, thickness)
