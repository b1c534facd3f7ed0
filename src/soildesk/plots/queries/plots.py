"""Plots that count on a day, with where they stand and on which lists; and those that lie on a ground."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce
from shapely.geometry.base import BaseGeometry

from soildesk.core.models import Division
from soildesk.core.models.places import valid_on
from soildesk.core.permissions import Actor
from soildesk.land.shapes import area_m2
from soildesk.plots.models import Membership, PlotStage, PlotVersion
from soildesk.plots.queries import stages
from soilrules.geodesy import overlay
from soilrules.plots.lists import ListKey

NO_STAGE = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """One plot of a day. `covered` is the ground an exit covers; `pollutants` and the level are as said on the day."""

    version: PlotVersion
    stage: str
    exit: str
    stage_since: date | None
    covered: BaseGeometry | None
    lists: tuple[str, ...]
    area_m2: float = 0.0
    share: float = 0.0

    @property
    def plot_id(self) -> int:
        """The plot itself."""
        return self.version.plot_id

    @property
    def released_on(self) -> date | None:
        """The day of its exit; None where it has none."""
        return self.stage_since if self.exit else None


def plots(actor: Actor | None, on: date, known_on: datetime | None = None) -> QuerySet[PlotVersion]:
    """Plots as they were on a day: `stage` (empty before the first event), `exit`, `stage_since`, `released_on`, `town`.

    `on_<list>` says of each list whether the plot stands on it.
    """
    rows = PlotVersion.objects.visible_to(actor).standing(on, known_on)
    released = PlotStage.objects.standing(on, known_on).filter(plot=OuterRef("plot")).exclude(exit="")
    return rows.annotate(
        stage=Coalesce(stages.stage_as("stage", on, known_on), Value(NO_STAGE)),
        exit=Coalesce(stages.stage_as("exit", on, known_on), Value(NO_STAGE)),
        stage_since=stages.stage_as("since", on, known_on),
        released_on=Subquery(released.values("since")[:1]),
        exit_column=Coalesce(stages.column_of_exit(on, known_on), Value(""), output_field=TextField()),
        town=_town(),
        **{f"on_{key}": _stands_on(key, on, known_on) for key in ListKey},
    )


def _stands_on(key: str, on: date, known_on: datetime | None) -> Exists:
    rows = Membership.objects.standing(on, known_on)
    return Exists(rows.filter(plot=OuterRef("plot"), list_key=key))


def standing(
    actor: Actor | None, on: date, known_on: datetime | None = None, *, rows: QuerySet[PlotVersion] | None = None
) -> list[Standing]:
    """Plots of a day with stage, exit, covered ground and list keys: three statements, however many there are."""
    seen = PlotVersion.objects.visible_to(actor).standing(on, known_on) if rows is None else rows
    return placed(list(seen.select_related("plot").order_by("plot__number")), on, known_on)


def overlapping(shape: BaseGeometry, actor: Actor | None, on: date, known_on: datetime | None = None) -> list[Standing]:
    """Plots of a day that a ground meets, with how many of its square metres each takes and which share; the largest first.

    Slivers are not left out: what is too small to matter is for the rules to say.
    """
    seen = PlotVersion.objects.visible_to(actor).standing(on, known_on).filter(geometry__intersects=shape)
    found = list(seen.select_related("plot").order_by("pk"))
    areas, whole = shared_areas(shape, [one.geometry for one in found]), area_m2(shape)
    made = _placed(found, on, known_on, areas, [area / whole if whole else 0.0 for area in areas])
    return sorted((one for one in made if one.area_m2 > 0), key=lambda one: (-one.area_m2, one.version.plot.number))


def overlapping_point(place: BaseGeometry, actor: Actor | None, on: date) -> bool:
    """Whether a place lies on a plot of a day."""
    rows = PlotVersion.objects.visible_to(actor).standing(on)
    return bool(rows.filter(geometry__intersects=place).exists())


def history_of(
    shape: BaseGeometry, actor: Actor | None, on: date, known_on: datetime | None = None
) -> QuerySet[PlotVersion]:
    """Every version of a plot that ever lay on a ground up to a day: for what was split, merged or drawn anew."""
    known = Q(superseded_at__isnull=True)
    if known_on is not None:
        known = Q(recorded_at__lte=known_on) & (known | Q(superseded_at__gt=known_on))
    rows = PlotVersion.objects.visible_to(actor).filter(known, since__lte=on, geometry__intersects=shape)
    return rows.select_related("plot").order_by("-since", "-pk")


def version_of(plot_id: int, on: date) -> PlotVersion | None:
    """What is said of a plot on a day: the version of the day, of the last day it counted, or the first."""
    rows = list(PlotVersion.objects.filter(superseded_at=None, plot=plot_id).select_related("plot").order_by("since"))
    before = [one for one in rows if one.since <= on]
    return before[-1] if before else rows[0] if rows else None


def versions_of(plot_ids: Iterable[int]) -> dict[int, list[PlotVersion]]:
    """Every version of plots that stands, the earliest first."""
    found: dict[int, list[PlotVersion]] = {}
    for one in PlotVersion.objects.filter(superseded_at=None, plot__in=list(plot_ids)).order_by("since"):
        found.setdefault(one.plot_id, []).append(one)
    return found


def names_of(plot_ids: Iterable[int], on: date) -> dict[int, str]:
    """What plots were called on a day."""
    found: dict[int, str] = {}
    rows = PlotVersion.objects.filter(superseded_at=None, plot__in=list(plot_ids)).order_by("since")
    for plot, since, name in rows.values_list("plot_id", "since", "name"):
        if plot not in found or since <= on:
            found[plot] = name
    return found


def towns(actor: Actor, on: date) -> list[tuple[str, str]]:
    """The divisions in which plots lie that an actor sees, by path and name."""
    paths = PlotVersion.objects.visible_to(actor).standing(on).values("division_path")
    rows = Division.objects.filter(valid_on(on), path__in=paths).order_by("path")
    return list(rows.values_list("path", "name").distinct())


def called(actor: Actor, text: str, on: date) -> list[PlotVersion]:
    """The plots an actor sees under our number, the national code or a full name."""
    plain = text.strip()
    wanted = Q(plot__number=plain) | Q(code=plain) | Q(name=plain)
    rows = PlotVersion.objects.visible_to(actor).standing(on).filter(wanted)
    return list(rows.select_related("plot")) if plain else []


def on_list(key: str) -> Any:
    """The rows that stand on a list, as a condition by day."""
    return lambda on: Q(plot__in=Membership.objects.standing(on).filter(list_key=key).values("plot"))


def on_no_list(on: date) -> Q:
    """The rows that stand on no list."""
    return ~Q(plot__in=Membership.objects.standing(on).values("plot"))


def first_day(actor: Actor) -> date | None:
    """The first day of which plots say anything."""
    rows = PlotVersion.objects.visible_to(actor).filter(superseded_at=None).order_by("since")
    found: date | None = rows.values_list("since", flat=True).first()
    return found


def shared_areas(shape: BaseGeometry, others: Sequence[BaseGeometry]) -> list[float]:
    """How many square metres of a shape each of the others covers, on the ellipsoid."""
    shared = [0.0] * len(others)
    if others:
        first, rest = np.array([shape], dtype=object), np.empty(len(others), dtype=object)
        rest[:] = list(others)
        for batch in overlay.overlay([0], first, list(range(len(others))), rest):
            for at, area in zip(batch.column("b").to_pylist(), batch.column("area_m2").to_pylist(), strict=True):
                shared[at] += area
    return shared


def placed(found: Sequence[PlotVersion], on: date, known_on: datetime | None = None) -> list[Standing]:
    """Versions of plots with where they stand and on which lists: two statements, however many there are."""
    return _placed(found, on, known_on, [0.0] * len(found), [0.0] * len(found))


def _placed(
    found: Sequence[PlotVersion], on: date, known_on: datetime | None, areas: Sequence[float], shares: Sequence[float]
) -> list[Standing]:
    keys = [one.plot_id for one in found]
    if not keys:
        return []
    held = {one.plot_id: one for one in PlotStage.objects.standing(on, known_on).filter(plot__in=keys)}
    lists = stages.lists_of(keys, on, known_on)
    return [
        _standing(one, held.get(one.plot_id), tuple(lists.get(one.plot_id, ())), (area, share))
        for one, area, share in zip(found, areas, shares, strict=True)
    ]


def _standing(
    version: PlotVersion, stage: PlotStage | None, lists: tuple[str, ...], met: tuple[float, float]
) -> Standing:
    if stage is None:
        return Standing(version, NO_STAGE, "", None, None, lists, *met)
    return Standing(version, stage.stage, stage.exit, stage.since, stage.covered, lists, *met)


def _town() -> Subquery:
    """The name of the division a row lies in; read only where it is shown."""
    return Subquery(Division.objects.filter(path=OuterRef("division_path")).order_by("-since").values("name")[:1])
