"""Whose a warning is here: the rule of `soilrules.monitoring` matched to a department of the place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from soildesk.core.departments import Directory
from soildesk.core.models import Department, Division
from soildesk.core.models.places import valid_on
from soildesk.monitoring.models import OwnerRule, PointVersion
from soildesk.monitoring.queries import ownerrules
from soilrules.messages import Message
from soilrules.monitoring import owners as rules
from soilrules.monitoring.dated import Medium
from soilrules.monitoring.owners import Land

NAMES: Mapping[str, str] = {
    rules.Department.AGRICULTURE: "农业农村局",
    rules.Department.ECOLOGY: "生态环境局",
    rules.Department.WATER: "水利局",
    rules.Department.GRAIN: "粮食和物资储备局",
    rules.Department.MARKET: "市场监督管理局",
}
"""What a department of a line of work is called where its function is not recorded."""


@dataclass(frozen=True, slots=True)
class Owners:
    """Who leads and who supports, as far as departments here are found; `message` says by which rule, or why nobody."""

    leads: Department | None
    supports: Sequence[Department]
    message: Message
    missing: str = ""  # the line of work for which no department is registered here


class Desk:
    """The departments of divisions on a day, asked once for each."""

    def __init__(self, on: date) -> None:
        self.on = on
        self._rules: dict[str, list[OwnerRule]] = {}
        self._counties: dict[str, Division | None] = {}
        self._found: dict[tuple[int, str], Department | None] = {}

    def owner(self, medium: str, land: Land | None, division_path: str) -> Owners:
        """Whose a warning in a division is."""
        if held := self._registered(medium, land, division_path):
            return held
        code = division_path.rstrip("/").rpartition("/")[2]
        said = rules.owner(Medium(medium), land, code, self.on)
        county = self._county(division_path)
        message = replace(said.message, params={**said.message.params, "division": county.name if county else code})
        if said.leads is None or county is None:
            return Owners(None, (), message)
        leads = self._department(county, said.leads)
        found = [self._department(county, one) for one in said.supports]
        return Owners(leads, [one for one in found if one], message, "" if leads else str(said.leads))

    def _registered(self, medium: str, land: Land | None, division_path: str) -> Owners | None:
        """By the local rules that somebody registered here: the smallest place, there a rule that names the land."""
        if division_path not in self._rules:
            self._rules[division_path] = ownerrules.holding(_paths(division_path), self.on)
        rule = next((one for one in self._rules[division_path] if _fits(one, medium, land)), None)
        if rule is None:
            return None
        params = {"source": rule.source, "force": str(rule.get_force_display()), "leads": str(rule.leads)}
        message = Message("monitoring", "owners", "owner_registered", params)
        return Owners(rule.leads, list(rule.supports.all()), message)

    def _county(self, path: str) -> Division | None:
        """The county of a division; the division itself where it is none's."""
        if path not in self._counties:
            paths = _paths(path)
            rows = {one.path: one for one in Division.objects.filter(path__in=paths)}
            county = next(
                (rows[one] for one in paths if one in rows and rows[one].level == Division.Level.COUNTY), None
            )
            self._counties[path] = county or rows.get(path)
        return self._counties[path]

    def _department(self, county: Division, function: str) -> Department | None:
        """The county's department of a line of work, by its function, else by its usual name; a doubtful one is none."""
        key = (county.pk, function)
        if key not in self._found:
            rows = Department.objects.filter(valid_on(self.on), division=county, function=function)
            self._found[key] = rows.order_by("pk").first() or self._by_name(county, function)
        return self._found[key]

    def _by_name(self, county: Division, function: str) -> Department | None:
        found = Directory(county, self.on).match(NAMES[function])
        here = found.department is not None and found.department.division_id == county.pk
        return found.department if here and not found.needs_person else None


def _paths(path: str) -> list[str]:
    """A division's path and those above it."""
    codes = path.rstrip("/").split("/")
    return ["/".join(codes[:end]) + "/" for end in range(1, len(codes) + 1)]


def _fits(rule: OwnerRule, medium: str, land: Land | None) -> bool:
    return medium in rule.media and (not rule.lands or land in rule.lands)


def land_of(standard: str, version: PointVersion | None) -> Land | None:
    """What lies at a point, as far as it decides whose a warning is: by its kind, else by what its soil was judged by."""
    if version and version.kind in (PointVersion.Kind.PERIMETER, PointVersion.Kind.SELF):
        return Land.SURROUNDINGS
    if standard.startswith("GB 15618"):
        return Land.CULTIVATED
    return Land.CONSTRUCTION if standard.startswith("GB 36600") else None
