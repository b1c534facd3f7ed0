"""Tasks given to towns and villages, and how far they are: counted from measures, each square metre once, never beyond a unit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from os.path import commonpath

from django.db.models import Q, QuerySet

from soildesk.core.models import Division
from soildesk.core.models.places import valid_on
from soildesk.core.permissions import Actor, divisions_of
from soildesk.farmland.models import AreaTask, FarmlandClass, UnitClass, UnitVersion
from soildesk.farmland.mu import ROUNDING_M2
from soildesk.farmland.queries import classes
from soildesk.farmland.queries.covered import area_of, counting, covered, on_units
from soildesk.farmland.queries.then import Then
from soildesk.kit.passes import once_a_pass
from soilrules.farmland.measures import measures_for
from soilrules.farmland.units import FarmlandClass as RuleClass

K = AreaTask.Kind
LEVELS = (Division.Level.CITY, Division.Level.COUNTY, Division.Level.TOWN, Division.Level.VILLAGE)
CLASS_OF = {K.SAFE_USE: FarmlandClass.SAFE_USE, K.STRICT: FarmlandClass.STRICT}
"""The class whose units a task speaks of; the others speak of a kind of measure or of a ground."""
KIND_OF = {K.CROPS: frozenset({"crop_structure"}), K.FOREST_GRASS: frozenset({"to_forest_grass"})}
CHANGED = frozenset[str]().union(*KIND_OF.values())
WOODED = (UnitVersion.Ground.GARDEN, UnitVersion.Ground.FOREST)


@dataclass(frozen=True, slots=True)
class Progress:
    """One task: how much of its area is done, on so many units."""

    task: AreaTask
    done_m2: Decimal
    units: int = 0

    @property
    def left_m2(self) -> Decimal:
        """What is still to be done; what the rounding of 亩 took from the task and from each unit is nothing."""
        left = self.task.area_m2 - self.done_m2
        return left if left > ROUNDING_M2 * (1 + self.units) else Decimal(0)

    @property
    def done(self) -> bool:
        """Whether all of it is."""
        return not self.left_m2

    @property
    def percent(self) -> int:
        """Whole percents done, at most 100; 100 only when all is."""
        return 100 if self.done else min(99, int(self.done_m2 * 100 / self.task.area_m2))


def divisions(actor: Actor, on: date) -> list[Division]:
    """The divisions an actor may ask for: that of the own office, then the upper ones first."""
    own = actor.person.department.division_id if actor.person and actor.person.department else None
    rows = Division.objects.filter(divisions_of(actor) & valid_on(on), level__in=LEVELS[:3])
    return sorted(rows, key=lambda one: (one.pk != own, LEVELS.index(Division.Level(one.level)), one.path))


def below(division: Division, on: date) -> list[Division]:
    """The divisions right below one."""
    return list(Division.objects.filter(valid_on(on), parent=division).order_by("path"))


def area_tasks(actor: Actor | None, on: date, known_on: datetime | None = None) -> QuerySet[AreaTask]:
    """The tasks of years up to that of a day."""
    rows = Then(on.year, on, known_on).known(AreaTask.objects.visible_to(actor))
    return rows.filter(year__lte=on.year).select_related("division", "unit_in_charge")


@once_a_pass(lambda actor, then, path="": (then, path))
def tasks(actor: Actor, then: Then, path: str = "") -> list[Progress]:
    """The tasks of a year at a place and below it, with their progress."""
    return with_progress([one for one in _given(actor, then, path) if one.year == then.year], then)


@once_a_pass(lambda actor, then, path: (then.known_on, path))
def _given(actor: Actor, then: Then, path: str) -> list[AreaTask]:
    """The tasks of every year at a place and below it."""
    rows = then.known(AreaTask.objects.visible_to(actor).filter(division__path__startswith=path))
    return list(rows.select_related("division", "unit_in_charge").order_by("kind", "division__path", "id"))


def with_progress(found: Sequence[AreaTask], then: Then) -> list[Progress]:
    """Tasks of one year with their progress; each kind is counted once for all its tasks."""
    path = commonpath([one.division.path for one in found]) if found else ""
    done = {kind: done_by_place(kind, then, path) for kind in {one.kind for one in found}}
    own = {one: [area for path, area in done[one.kind] if path.startswith(one.division.path)] for one in found}
    return [Progress(one, sum(areas, Decimal(0)), len(areas)) for one, areas in own.items()]


@once_a_pass(lambda kind, then, path="": (kind, then, path))
def done_by_place(kind: str, then: Then, path: str = "") -> list[tuple[str, Decimal]]:
    """What measures cover of each unit of a place that a kind of task speaks of, with the path of the unit."""
    rows = UnitVersion.objects.standing(then.day, then.known_on).filter(division_path__startswith=path)
    found = list(rows.filter(_ground(kind, then)).defer("geometry"))
    held = classes.classes_of([one.unit_id for one in found], then.day, then.known_on)
    areas = {one.unit_id: area_of(one, held.get(one.unit_id)) for one in found}
    paths = {one.unit_id: one.division_path for one in found}
    return [(paths[unit], area) for unit, area in covered(counting(then, _kinds(kind)), areas, then).items()]


def done_by_unit(kinds: Collection[str], then: Then, path: str) -> dict[int, Decimal]:
    """What measures of some kinds cover of units of a place, whatever their class."""
    rows = counting(then, kinds)
    wanted = UnitVersion.objects.standing(then.day, then.known_on).filter(division_path__startswith=path)
    found = list(wanted.filter(on_units(rows, then)).defer("geometry"))
    held = classes.classes_of([one.unit_id for one in found], then.day, then.known_on)
    return covered(rows, {one.unit_id: area_of(one, held.get(one.unit_id)) for one in found}, then)


def gardens(then: Then, path: str) -> list[tuple[UnitVersion, Decimal, Decimal]]:
    """Polluted gardens and forest, by class or by what was told of them: what measures cover of each, and its area."""
    rows = UnitVersion.objects.standing(then.day, then.known_on).filter(
        ground__in=WOODED, division_path__startswith=path
    )
    found = list(rows.select_related("unit").defer("geometry").order_by("unit__number"))
    held = classes.classes_of([one.unit_id for one in found], then.day, then.known_on)
    polluted = [one for one in found if _polluted(one, held.get(one.unit_id))]
    areas = {one.unit_id: area_of(one, held.get(one.unit_id)) for one in polluted}
    done = covered(counting(then), areas, then)
    return [(one, done.get(one.unit_id, Decimal(0)), areas[one.unit_id]) for one in polluted]


def _polluted(unit: UnitVersion, held: UnitClass | None) -> bool:
    if held is not None:
        return held.farmland_class != FarmlandClass.PRIORITY
    return unit.pollution not in ("", UnitVersion.Pollution.NONE)


def area_open_to(kind: str, path: str, on: date) -> Decimal:
    """All the ground of a place that a kind of task may speak of."""
    then = Then(on.year, on)
    wanted = Q(ground=UnitVersion.Ground.CROPLAND) if kind in KIND_OF else _ground(kind, then)
    rows = UnitVersion.objects.standing(on).filter(wanted, division_path__startswith=path)
    found = list(rows.defer("geometry"))
    held = classes.classes_of([one.unit_id for one in found], on)
    return sum((area_of(one, held.get(one.unit_id)) for one in found), Decimal(0))


def _ground(kind: str, then: Then) -> Q:
    """The units a kind of task speaks of: those of its class, gardens, or any with a measure of the year."""
    if kind == K.GARDEN:
        return Q(ground__in=WOODED)
    if kind in CLASS_OF:
        cropland = Q(ground=UnitVersion.Ground.CROPLAND)
        held = UnitClass.objects.standing(then.day, then.known_on).filter(farmland_class=CLASS_OF[K(kind)])
        return cropland & Q(unit__in=held.values("unit"))
    return on_units(counting(then, _kinds(kind)), then)


def _kinds(kind: str) -> frozenset[str]:
    if kind in CLASS_OF:
        return measures_for(RuleClass(str(CLASS_OF[K(kind)])))
    return KIND_OF.get(K(kind), frozenset())


def left_m2(actor: Actor, then: Then, path: str) -> Decimal | None:
    """What tasks of both classes still ask for at a place; None where none was given."""
    found = [one for one in tasks(actor, then, path) if one.task.kind in CLASS_OF]
    if not found:
        return None
    upper = [one for one in found if not _within_another(one, found)]
    return sum((one.left_m2 for one in upper), Decimal(0))


def _within_another(one: Progress, found: Sequence[Progress]) -> bool:
    """Whether a task is a part of a task of a place above: a county's was handed on to its towns."""
    return any(
        other.task.kind == one.task.kind
        and other.task.division.path != one.task.division.path
        and one.task.division.path.startswith(other.task.division.path)
        for other in found
    )
