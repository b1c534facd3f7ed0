"""A unit as a plan prints it, matched to a department of the place; doubtful ones go to a person.

`match` answers for one name, `Directory` for many names of one division and day without asking the
database again. Certain answers are `exact`, `alias`, `short`, `suffix`; `succession` and `doubtful` only
propose. `expand_group` says who 各镇街 or 各涉农办事处 are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from difflib import SequenceMatcher
from functools import cached_property

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from soildesk.core import audit, units
from soildesk.core.errors import Refusal
from soildesk.core.groups import Group, expand_group, is_group
from soildesk.core.models import Department, DepartmentAlias, DepartmentSuccession, Division
from soildesk.core.models.places import valid_on
from soildesk.core.permissions import Actor, require

__all__ = [
    "CERTAIN",
    "AliasTaken",
    "Directory",
    "Group",
    "Match",
    "confirm_alias",
    "confirm_succession",
    "drop_alias",
    "expand_group",
    "is_group",
    "lineage",
    "match",
]

CERTAIN = frozenset({"exact", "alias", "short", "suffix"})
BELOW = 99
"""Distance of a division under the one in question: 市财政局 of a city's plan is no department of its districts."""
SIMILAR = 0.6
"""Share of equal characters from which a name is shown to a person as a candidate."""


@dataclass(frozen=True)
class Match:
    """What a printed name is taken for. `confidence` runs from 0 to 1; below `CERTAIN` kinds a person confirms."""

    department: Department | None
    how: str  # exact | alias | short | suffix | succession | doubtful | none
    confidence: float
    candidates: tuple[Department, ...] = ()
    note: str = ""

    @property
    def needs_person(self) -> bool:
        """Whether a person has to confirm."""
        return self.how not in CERTAIN


@dataclass(frozen=True)
class Known:
    """A department as the directory compares it."""

    department: Department
    stem: str
    lines: frozenset[str]
    town: tuple[str, str] | None
    distance: int  # 0: of the division itself; 1: of the division above …; BELOW: of one under it


class Directory:
    """The departments a document of `division` may mean on day `on`: its own, those below and those above."""

    def __init__(self, division: Division, on: date) -> None:
        self.division = division
        self.on = on
        self.above = lineage(division)
        self.places = tuple(units.Place(str(place.level), place.name) for place in self.above)

    @cached_property
    def known(self) -> tuple[Known, ...]:
        """All departments in reach, nearest first."""
        reach = Q(division__path__startswith=self.division.path) | Q(division__in=self.above)
        rows = (
            Department.objects.filter(reach, valid_on(self.on)).select_related("division").prefetch_related("aliases")
        )
        return tuple(sorted((self._known(row) for row in rows), key=lambda known: known.distance))

    def _known(self, department: Department) -> Known:
        distance = self._distance(department)
        stem = units.read(department.name, self.places[0 if distance == BELOW else distance :]).stem
        lines = frozenset() if units.coordinates(stem) else units.lines_of(stem)[0]
        if department.function in units.line_titles():
            lines |= {department.function}
        return Known(department, stem, lines, units.town_of(stem), distance)

    def _distance(self, department: Department) -> int:
        return next((n for n, place in enumerate(self.above) if place.pk == department.division_id), BELOW)

    def match(self, printed: str) -> Match:
        """What `printed` is taken for."""
        name = units.clean(printed)
        unit = units.read(name, self.places)
        near = self._at_level(unit)
        for attempt in (
            self._by_name,
            self._by_branch,
            self._by_town,
            self._by_stem,
            self._by_succession,
            self._by_line,
        ):
            found = attempt(unit, near)
            if found:
                return found
        return self._by_likeness(unit)

    def _at_level(self, unit: units.PrintedUnit) -> tuple[Known, ...]:
        """Departments of the level the name speaks of (市公安局 in a district's plan is the city's); own ones by default."""
        distance = next((n for n, place in enumerate(self.places) if place.level == unit.level), 0)
        return tuple(known for known in self.known if known.distance == distance)

    def _by_name(self, unit: units.PrintedUnit, near: tuple[Known, ...]) -> Match | None:
        """Names as registered: full, short, alias; nearest division first."""
        order = (*near, *(known for known in self.known if known not in near))
        stems = (*near, *(known for known in self.known if known.distance == BELOW and known.town))
        wanted = {unit.text, unit.stem} if not unit.of and (near or not unit.level) else {unit.text}
        for how, confidence, names in (("exact", 1.0, _full), ("alias", 1.0, _aliases), ("short", 0.98, _short)):
            full = [known for known in order if unit.text in names(known.department)]
            full = [known for known in full if names is _full or known.distance != BELOW or _says_where(unit, known)]
            full = full or [known for known in stems if wanted & names(known.department)]
            if full:
                return _chosen(full, how, confidence)
        return None

    def _by_branch(self, unit: units.PrintedUnit, near: tuple[Known, ...]) -> Match | None:
        """A branch of another place: that place's where it lies under this one; whether it is ours a person says."""
        if not unit.of:
            return None
        lines = units.lines_of(unit.stem)[0]
        there = [known for known in self.known if known.distance == BELOW and unit.of in _names_of(known)]
        same = [known for known in there if lines and lines == known.lines]
        if same:
            return _chosen(same, "suffix", 0.97)
        note = _("“%(printed)s”是“%(of)s”的分局，与%(here)s的名称不同，请确认是哪个单位。") % {
            "printed": unit.text,
            "of": unit.of,
            "here": self.division.name,
        }
        ours = _unique(known.department for known in near if lines and lines <= known.lines)
        return Match(ours[0], "doubtful", 0.5, ours, note) if ours else Match(None, "none", 0.0, (), note)

    def _by_stem(self, unit: units.PrintedUnit, near: tuple[Known, ...]) -> Match | None:
        """The same words without place names, or another usual form of the same line of work."""
        same = [known for known in near if known.stem == unit.stem]
        if same:
            return _chosen(same, "suffix", 0.97)
        lines, rest = units.lines_of(unit.stem)
        if not lines or rest or units.successions(unit.stem):
            return None
        best = [known for known in near if lines == known.lines] or [known for known in near if lines <= known.lines]
        return _chosen(best, "short", 0.9) if best else None

    def _by_town(self, unit: units.PrintedUnit, near: tuple[Known, ...]) -> Match | None:
        """A town or street under any of its titles; another rank under the same name is doubtful (撤镇设街)."""
        town = units.town_of(unit.stem)
        if town is None:
            return None
        same = [known for known in self.known if known.town == town]
        if same:
            return _chosen(same, "suffix", 0.97)
        other = [known for known in self.known if known.town and known.town[0] == town[0]]
        if not other:
            return None
        note = _("“%(printed)s”与“%(name)s”同名而建制不同（如撤镇设街），请确认。") % {
            "printed": unit.text,
            "name": other[0].department.name,
        }
        return Match(other[0].department, "doubtful", 0.6, tuple(known.department for known in other), note)

    def _by_succession(self, unit: units.PrintedUnit, near: tuple[Known, ...]) -> Match | None:
        """Successors, recorded here or of the national reforms; they are proposed, never assumed."""
        recorded = self._recorded(unit)
        if recorded:
            return recorded
        entries = units.successions(unit.stem)
        heirs = _unique(known.department for entry in entries for known in near if entry.line in known.lines)
        if not entries:
            return None
        note = _("“%(printed)s”为机构改革前的名称（%(on)s，%(ground)s），现由谁承接请确认。") % {
            "printed": unit.text,
            "on": entries[0].on.isoformat(),
            "ground": entries[0].ground,
        }
        if not heirs:
            return Match(None, "none", 0.0, (), note)
        return Match(heirs[0], "succession", 0.7 if len(heirs) == 1 else 0.5, heirs, note)

    def _recorded(self, unit: units.PrintedUnit) -> Match | None:
        here = Q(division__isnull=True) | Q(division__in=self.above)
        rows = self._successions_here or tuple(
            DepartmentSuccession.objects.filter(here).select_related("new").order_by("-on", "id")
        )
        self._successions_here = rows
        found = [row for row in rows if row.old_name in (unit.text, unit.stem) and row.new]
        if not found:
            return None
        note = _("“%(printed)s”已于 %(on)s %(kind)s（%(ground)s），现由谁承接请确认。") % {
            "printed": unit.text,
            "on": found[0].on.isoformat(),
            "kind": found[0].get_kind_display(),
            "ground": found[0].ground or _("未记依据"),
        }
        heirs = _unique(row.new for row in found)
        return Match(heirs[0], "succession", 0.8 if len(heirs) == 1 else 0.5, heirs, note)

    _successions_here: tuple[DepartmentSuccession, ...] = ()

    def _by_line(self, unit: units.PrintedUnit, near: tuple[Known, ...]) -> Match | None:
        """Part of the words name a line of work some department here has."""
        lines, _rest = units.lines_of(unit.stem)
        shared = [known for known in near if lines & known.lines]
        if not shared:
            return None
        shared.sort(key=lambda known: -len(lines & known.lines))
        note = _("“%(printed)s”与多个部门的职能相近或只部分相符，请确认。") % {"printed": unit.text}
        return Match(shared[0].department, "doubtful", 0.5, tuple(known.department for known in shared[:5]), note)

    def _by_likeness(self, unit: units.PrintedUnit) -> Match:
        """Names written alike, for a person to choose from."""
        lines = units.lines_of(unit.stem)[0]
        open_ = [known for known in self.known if not lines or not known.lines or lines & known.lines]
        scored = [(SequenceMatcher(None, unit.stem, known.stem).ratio(), known) for known in open_]
        like = sorted((pair for pair in scored if pair[0] >= SIMILAR), key=lambda pair: -pair[0])[:5]
        candidates = tuple(known.department for _score, known in like)
        if not candidates:
            return Match(None, "none", 0.0, (), _("本级和上级登记的部门中没有“%(printed)s”。") % {"printed": unit.text})
        note = _("没有登记“%(printed)s”，名称相近的有 %(count)d 个，请确认。") % {
            "printed": unit.text,
            "count": len(candidates),
        }
        return Match(candidates[0], "doubtful", round(like[0][0] * 0.6, 2), candidates, note)


def lineage(division: Division) -> list[Division]:
    """The division and those it lies in, nearest first."""
    chain, here = [], division
    while here is not None:
        chain.append(here)
        here = here.parent
    return chain


def _full(department: Department) -> set[str]:
    return {units.clean(department.name)}


def _short(department: Department) -> set[str]:
    return {units.clean(department.short_name)} if department.short_name else set()


def _aliases(department: Department) -> set[str]:
    return {units.clean(alias.name) for alias in department.aliases.all()}


def _names_of(known: Known) -> set[str]:
    """The full and bare name of a department's division."""
    division = known.department.division
    return {division.name, units.Place(str(division.level), division.name).bare} if division else set()


def _says_where(unit: units.PrintedUnit, known: Known) -> bool:
    """Of a place below, a short name or alias means it only where it names the place, or a town, whose name is its own."""
    return known.town is not None or any(name in unit.text for name in _names_of(known))


def _unique(rows: Iterable[Department]) -> tuple[Department, ...]:
    return tuple({row.pk: row for row in rows}.values())


def _chosen(found: list[Known], how: str, confidence: float) -> Match:
    departments = _unique(known.department for known in found)
    if len(departments) == 1:
        return Match(departments[0], how, confidence, departments)
    names = "、".join(department.name for department in departments)
    note = _("有 %(count)d 个部门都可能是它（%(names)s），请确认。") % {"count": len(departments), "names": names}
    return Match(departments[0], "doubtful", 0.5, departments, note)


def match(printed_name: str, *, division: Division, on: date) -> Match:
    """What one printed name is taken for in `division` on day `on`."""
    return Directory(division, on).match(printed_name)


class AliasTaken(Refusal):
    """The name means another department of the same division already."""

    code = "core.department.alias_taken"


def confirm_alias(name: str, department: Department, *, by: Actor, at: datetime) -> DepartmentAlias:
    """Remember that `name` means `department`, on a person's word."""
    require(by, "core.manage_departments", department)
    name = units.clean(name)
    if not name:
        raise Refusal(_("别名不能为空：请填写文件中印的名称。"), code="core.department.alias_empty")
    other = (
        DepartmentAlias.objects.filter(name=name, department__division_id=department.division_id)
        .exclude(department=department)
        .select_related("department")
        .first()
    )
    if other:
        raise AliasTaken(
            _("“%(name)s”已登记为“%(other)s”的别名：请先在部门页撤销该别名。")
            % {"name": name, "other": other.department.name}
        )
    with transaction.atomic():
        alias, created = DepartmentAlias.objects.get_or_create(
            department=department, name=name, defaults={"confirmed_by": by.person}
        )
        if created:
            audit.record("core.department.alias_confirmed", subject=department, by=by, at=at, data={"name": name})
    return alias


def drop_alias(alias: DepartmentAlias, *, by: Actor, at: datetime) -> None:
    """Take an alias back; later documents are matched without it."""
    require(by, "core.manage_departments", alias.department)
    with transaction.atomic():
        audit.record("core.department.alias_dropped", subject=alias.department, by=by, at=at, data={"name": alias.name})
        alias.delete()


def confirm_succession(
    old_name: str, new: Department, *, on: date, kind: DepartmentSuccession.Kind, ground: str, by: Actor, at: datetime
) -> DepartmentSuccession:
    """Write down that the work of `old_name` went to `new` here on a day, with its ground."""
    require(by, "core.manage_departments", new)
    with transaction.atomic():
        row = DepartmentSuccession.objects.create(
            old_name=units.clean(old_name),
            division=new.division,
            new=new,
            new_name=new.name,
            on=on,
            kind=kind,
            ground=ground,
        )
        audit.record(
            "core.department.succession_recorded",
            subject=new,
            by=by,
            at=at,
            data={"old_name": row.old_name, "on": on.isoformat(), "kind": str(kind)},
        )
    return row
