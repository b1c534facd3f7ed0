"""What the desk knows of the offices a paper names: its own divisions and offices, by their names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from soildesk.core.models import Department, Division
from soilrules.enterprises.lists import Level
from soilrules.plots.authorities import GOVERNMENT, Office, Own, endings, normalised, offices_in, read

LINES = {"natural_resources": "resources"}
"""Lines of work the rules call otherwise."""


def own_of(*names: str) -> Own:
    """The divisions and offices that the names of papers may mean."""
    each = [one for name in names for one in offices_in(name)]
    return Own(_places(end for one in each for end in endings(one)), _offices(each))


def cities_of(path: str) -> frozenset[str]:
    """The names of the city a place lies in; empty where the desk knows none."""
    codes = [code for code in path.split("/") if code]
    above = ["".join(f"{code}/" for code in codes[:end]) for end in range(1, len(codes) + 1)]
    rows = Division.objects.filter(path__in=above, level=str(Level.CITY))
    return frozenset(rows.values_list("name", flat=True))


def _places(names: Iterable[str]) -> dict[str, frozenset[Level]]:
    found: dict[str, set[Level]] = defaultdict(set)
    for name, level in Division.objects.filter(name__in=set(names), level__in=list(Level)).values_list("name", "level"):
        found[name].add(Level(level))
    return {name: frozenset(levels) for name, levels in found.items()}


def _offices(names: Iterable[str]) -> dict[str, Office]:
    wanted = {form: normalised(one) for one in names for form in (one, normalised(one))}
    called = Q(name__in=wanted) | Q(short_name__in=wanted) | Q(aliases__name__in=wanted)
    held: dict[str, list[Office]] = defaultdict(list)
    rows = Department.objects.filter(called).select_related("division").prefetch_related("aliases").distinct()
    for one in rows:
        printed = {one.name, one.short_name, *(alias.name for alias in one.aliases.all())}
        for name in printed & set(wanted):
            held[wanted[name]].append(_office(one))
    return {name: _together(name, found) for name, found in held.items()}


def _office(one: Department) -> Office:
    """An office as the desk keeps it: its line by its name, else by its function; its level is that of its division."""
    plain = read(one.name)
    line = GOVERNMENT if one.kind == Department.Kind.GOVERNMENT else plain.line or LINES.get(one.function, one.function)
    level = one.division.level
    return Office(one.name, line, frozenset({Level(level)} if level in list(Level) else ()), branch=plain.branch)


def _together(name: str, found: list[Office]) -> Office:
    """Several offices called alike: what they do not agree on is not known."""
    levels = frozenset().union(*(one.sure for one in found))
    lines = {one.line for one in found}
    line = lines.pop() if len(lines) == 1 else ""
    known = len(levels) == 1
    return Office(
        name, line, levels if known else frozenset(), frozenset() if known else levels, all(one.branch for one in found)
    )
