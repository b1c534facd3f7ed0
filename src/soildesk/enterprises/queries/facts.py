"""The facts of firms as the duty rules want them: a handful of queries for any number of firms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from soildesk.core.clock import local_day
from soildesk.core.permissions import Actor
from soildesk.enterprises.models import EnterpriseVersion, FacilityVersion, Happening, Listing, Succession
from soilrules.enterprises.facts import PLANNED, Event, EventKind, Stay, UnitFacts

State = EnterpriseVersion.State
STOPPED = (State.CLOSED, State.RELOCATED, State.BANKRUPT, State.DEREGISTERED)
PERMITTED = (EnterpriseVersion.PermitLevel.KEY, EnterpriseVersion.PermitLevel.SIMPLIFIED)
"""Managed by a permit; 登记管理 is an entry in a register and no permit."""
HEIRS = (Succession.Kind.MERGED, Succession.Kind.SPLIT, Succession.Kind.TAKEN_OVER)
"""Successions by which duties go on; who only uses the ground inherits none."""
ITSELF = "enterprises.happening"
"""What proves a fact that names no file: the entry itself."""
VERSION = (
    "enterprise_id", "enterprise__uid", "enterprise__number", "name", "credit_code", "division_path", "state", "since",
    "until", "has_tanks", "near_sensitive", "handles_toxic", "permit_level", "owner_department_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class View:
    """Whose eyes, how things were on which day, as known when (None: now)."""

    actor: Actor
    on: date
    known_on: datetime | None = None


@dataclass(frozen=True, slots=True)
class Firm:
    """One firm as of a day: its version's values and what the rules ask of it."""

    row: Mapping[str, Any]
    facts: UnitFacts

    @property
    def name(self) -> str:
        """The name it bore that day."""
        return str(self.row["name"])


def firms(view: View, *, only: Collection[int] | None = None) -> list[Firm]:
    """The firms seen (or those of the keys `only`), each by its last version begun by the day, with their facts.

    A firm that is gone keeps what it owed. A successor has the stays and events of those it follows beside its own.
    """
    rows = last_versions(view, only)
    line = predecessors(view)
    wanted = with_predecessors(rows, line)
    stays, events = _stays(view, wanted), _events(view, wanted)
    plants, stopped = plants_of(view, wanted), stopped_on(view, rows)
    found = []
    for key, row in rows.items():
        own = [key, *line.get(key, ())]
        facts = UnitFacts(
            unit=str(row["enterprise__uid"]),
            division=division_of(row),
            stays=tuple(stay for one in own for stay in stays[one]),
            events=tuple(event for one in own for event in events[one]),
            traits={**traits_of(row), **traits_of_plant(row, plants[key])},
            operating_until=stopped.get(key),
        )
        found.append(Firm(row, facts))
    return found


def division_of(row: Mapping[str, Any]) -> str:
    """The code of the place a version stands in."""
    return str(row["division_path"]).rstrip("/").rpartition("/")[2]


def heirs_of(view: View, keys: Collection[int]) -> set[int]:
    """Who follows any of these firms, and so has its stays and events too."""
    return {heir for heir, line in predecessors(view).items() if not set(line).isdisjoint(keys)}


def as_known(rows: QuerySet, view: View) -> QuerySet:
    """What was known, whenever it held."""
    if view.known_on is None:
        return rows.filter(superseded_at__isnull=True)
    later = Q(superseded_at__isnull=True) | Q(superseded_at__gt=view.known_on)
    return rows.filter(later, recorded_at__lte=view.known_on)


def last_versions(view: View, only: Collection[int] | None) -> dict[int, dict[str, Any]]:
    rows = as_known(EnterpriseVersion.objects.visible_to(view.actor), view).filter(since__lte=view.on)
    if only is not None:
        rows = rows.filter(enterprise_id__in=only)
    return {row["enterprise_id"]: row for row in rows.order_by("enterprise_id", "since").values(*VERSION)}


def predecessors(view: View) -> dict[int, list[int]]:
    """All a firm follows, the nearest first; a ring, which only a wrong entry makes, is walked once."""
    links = defaultdict(list)
    rows = as_known(Succession.objects.filter(kind__in=HEIRS, on__lte=view.on), view)
    for before, after in rows.order_by("-on").values_list("before_id", "after_id"):
        links[after].append(before)
    return {key: list(_walk(key, links)) for key in list(links)}


def _walk(key: int, links: Mapping[int, list[int]]) -> Iterator[int]:
    seen, waiting = {key}, list(links.get(key, ()))
    while waiting:
        one = waiting.pop(0)
        if one not in seen:
            seen.add(one)
            yield one
            waiting.extend(links.get(one, ()))


def with_predecessors(rows: Mapping[int, Any], line: Mapping[int, list[int]]) -> list[int] | None:
    """The keys to read for; None, for all, where most are wanted anyway."""
    return None if len(rows) > 500 else sorted({*rows, *(one for key in rows for one in line.get(key, ()))})


def of_firms(rows: QuerySet, wanted: list[int] | None) -> QuerySet:
    return rows if wanted is None else rows.filter(enterprise_id__in=wanted)


def _stays(view: View, wanted: list[int] | None) -> Mapping[int, list[Stay]]:
    found = defaultdict(list)
    rows = of_firms(as_known(Listing.objects.filter(since__lte=view.on), view), wanted)
    for key, *stay in rows.order_by("since").values_list("enterprise_id", "list_key", "since", "until"):
        found[key].append(Stay(*stay))
    return found


def _events(view: View, wanted: list[int] | None) -> Mapping[int, list[Event]]:
    found = defaultdict(list)
    rows = of_firms(as_known(Happening.objects.all(), view), wanted)
    fields = ("enterprise_id", "kind", "on", "period", "subject", "evidence", "uid", "recorded_at")
    for key, kind, on, period, subject, evidence, uid, recorded in rows.order_by("on", "id").values_list(*fields):
        told = min(local_day(recorded), on) if kind in PLANNED else None
        found[key].append(Event(EventKind(kind), on, period, subject, evidence or f"{ITSELF}:{uid}", told))
    return found


def plants_of(view: View, wanted: list[int] | None) -> Mapping[int, list[tuple[bool, bool | None, str]]]:
    found = defaultdict(list)
    rows = of_firms(FacilityVersion.objects.standing(view.on, view.known_on), wanted)
    for key, *facts in rows.values_list("enterprise_id", "underground_tank", "hidden", "unit_class"):
        found[key].append(tuple(facts))
    return found


def stopped_on(view: View, rows: Mapping[int, Any]) -> dict[int, date]:
    """The last day of production: the day before the first version of the stop that lasts until now."""
    gone = [key for key, row in rows.items() if row["state"] in STOPPED]
    found: dict[int, date] = {}
    versions = as_known(EnterpriseVersion.objects.filter(enterprise_id__in=gone, since__lte=view.on), view)
    for key, state, since in versions.order_by("enterprise_id", "since").values_list("enterprise_id", "state", "since"):
        if state in STOPPED:
            found.setdefault(key, since - timedelta(days=1))
        else:
            found.pop(key, None)
    return found


def traits_of(row: Mapping[str, Any]) -> dict[str, bool | None]:
    level = row["permit_level"]
    return {
        "near_sensitive": row["near_sensitive"],
        "handles_toxic": row["handles_toxic"],
        "has_permit": None if not level else level in PERMITTED,
    }


def traits_of_plant(row: Mapping[str, Any], facilities: list[tuple[bool, bool | None, str]]) -> dict[str, bool | None]:
    """What the ledger of facilities says; an empty ledger proves nothing, one in which every facility is said to be open does."""
    tanks = any(tank for tank, _hidden, _unit in facilities)
    hidden = any(hidden or unit == "first" for _tank, hidden, unit in facilities)
    none = bool(facilities) and all(hidden is False for _tank, hidden, _unit in facilities)
    return {
        "has_underground_tanks": True if tanks else row["has_tanks"],
        "has_hidden_units": True if hidden else False if none else None,
    }
