"""Whose a warning is, and what is to follow it: local rules and terms as data.

`owner` answers by medium, land, place and day; the rule of the smallest place wins, and where no rule is held the
answer is nobody, in words. Data: data/monitoring/owners.yaml and disposal.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from soilrules.messages import Message
from soilrules.monitoring.dated import DatedRule, Medium, origin, read, said, worded
from soilrules.monitoring.warnings import Level
from soilrules.strict import Record


class Land(StrEnum):
    """What lies where the point stands, as far as it decides whose it is."""

    CULTIVATED = "cultivated"
    CONSTRUCTION = "construction"
    SURROUNDINGS = "surroundings"  # of plants, parks and treatment works
    OTHER = "other"


class Force(StrEnum):
    """How binding a rule is: words of a plan in force, or a working value."""

    MUST = "must"
    DEFAULT = "default"


class Department(StrEnum):
    """Lines of work, as departments of the desk have them."""

    AGRICULTURE = "agriculture"
    ECOLOGY = "ecology"
    WATER = "water"
    GRAIN = "grain"
    MARKET = "market"


class Tier(StrEnum):
    """The three tiers of a warning system."""

    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"


@dataclass(frozen=True, slots=True)
class OwnerRule(DatedRule):
    """Who leads for `media` on `lands` (empty: any) in `division` and all below it ("" is everywhere)."""

    division: str
    media: tuple[Medium, ...]
    lands: tuple[Land, ...]
    leads: Department
    supports: tuple[Department, ...]
    force: Force


@dataclass(frozen=True, slots=True)
class Owner:
    """Who leads and who supports; `leads` None where no rule says so. `local`: by a rule of this place."""

    leads: Department | None
    supports: tuple[Department, ...]
    rule: OwnerRule | None
    local: bool
    message: Message


@dataclass(frozen=True, slots=True)
class Disposal(DatedRule):
    """What follows a warning of one level: who disposes of it, who sees it, within `due_days`."""

    level: Level
    disposes: Tier
    sees: tuple[Tier, ...]

    def due(self, opened_on: date) -> date:
        """The last day of the disposal."""
        return opened_on + timedelta(self.whole("due_days"))


def owner(
    medium: Medium, land: Land | None, division: str, on: date, *, rules: Mapping[str, OwnerRule] | None = None
) -> Owner:
    """Whose a warning on `medium` is; `land` None where it is not known, which fits no rule that names lands."""
    held = [
        rule
        for rule in (rules or owner_rules()).values()
        if rule.in_use and rule.in_force(on) and medium in rule.media and division.startswith(rule.division)
    ]
    fitting = [rule for rule in held if not rule.lands or land in rule.lands]
    if not fitting:
        what = worded("medium", "media", [medium])
        missing = "owner_land_unknown" if land is None and held else "owner_no_rule"
        return Owner(None, (), None, False, said("owners", missing, division=division, day=str(on), **what))
    rule = max(fitting, key=lambda one: len(one.division))
    words = {**worded("leads", "departments", [rule.leads]), "standard": rule.standard, "mark": rule.mark}
    message = said("owners", "owner_local" if rule.division else "owner_default", division=division, **words)
    return Owner(rule.leads, rule.supports, rule, bool(rule.division), message)


def disposal(level: Level, on: date, *, rules: Mapping[str, Disposal] | None = None) -> Disposal | None:
    """What follows a warning of `level` opened on a day; None where no rule is in use: a person sets the term."""
    found = (rule for rule in (rules or disposals()).values() if rule.in_use and rule.in_force(on))
    return next((rule for rule in found if rule.level is level), None)


@cache
def owner_rules() -> Mapping[str, OwnerRule]:
    """The rules of data/monitoring/owners.yaml by id. Raises BadRuleData."""
    return {record.text("id"): _owner_rule(record) for record in read("owners")}


@cache
def disposals() -> Mapping[str, Disposal]:
    """The rules of data/monitoring/disposal.yaml by id. Raises BadRuleData."""
    return {record.text("id"): _disposal(record) for record in read("disposal")}


def _owner_rule(record: Record) -> OwnerRule:
    known = origin(record, "division", "media", "lands", "leads", "with", "force")
    return OwnerRule(
        **known,
        division=record.text("division", ""),
        media=tuple(Medium(one) for one in record.texts("media")),
        lands=tuple(Land(one) for one in record.texts("lands")),
        leads=record.choice("leads", Department),
        supports=tuple(Department(one) for one in record.texts("with")),
        force=record.choice("force", Force),
    )


def _disposal(record: Record) -> Disposal:
    known = origin(record, "level", "disposes", "sees")
    return Disposal(
        **known,
        level=record.choice("level", Level),
        disposes=record.choice("disposes", Tier),
        sees=tuple(Tier(one) for one in record.texts("sees")),
    )
