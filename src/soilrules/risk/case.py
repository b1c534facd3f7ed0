"""A risk case as a person writes it, checked before anything is computed: land, parameter set, changes, substances."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from soilrules.risk.errors import CaseError, unknown
from soilrules.risk.parameters import (
    DEFAULT_SET,
    LAND_CLASSES,
    Override,
    ParameterSet,
    check_override,
    parameter_sets,
)
from soilrules.risk.pathways import NAMES, SOIL_PATHWAYS, Medium
from soilrules.risk.substances import known_slugs, substances

ALL = "all"
_CASE_KEYS = ("land_class", "parameter_set", "overrides", "excluded", "substances")
_OVERRIDE_KEYS = ("value", "because")
_EXCLUDED_KEYS = ("because",)
_TARGET = "groundwater_target_mg_l"
_MEASURED = (*map(str, Medium), _TARGET)


@dataclass(frozen=True, slots=True)
class Concentrations:
    """What was measured of one substance; None is not measured, which is not 0.

    groundwater_target_mg_l is the limit groundwater has to keep (such as its class in GB/T 14848); without one the
    soil value that protects groundwater rests on the groundwater control value of the model itself.
    """

    slug: str
    surface_mg_kg: float | None = None
    subsurface_mg_kg: float | None = None
    groundwater_mg_l: float | None = None
    groundwater_target_mg_l: float | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One case. `overrides` by parameter key; `substances` each once; `sets` are the parameter sets it may name.

    `excluded` says of pathways that do not exist at the site why they do not, by the name of the pathway.
    """

    land_class: int
    substances: tuple[Concentrations, ...]
    parameter_set: str = DEFAULT_SET
    overrides: Mapping[str, Override] = field(default_factory=dict)
    sets: Mapping[str, ParameterSet] = field(default_factory=parameter_sets)
    excluded: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what no face may let through, however the case was made."""
        for at, one in enumerate(self.substances):
            if one.slug not in known_slugs():
                raise unknown("substance", one.slug, known_slugs(), place=f"substances[{at}].slug")
            if one.slug in {other.slug for other in self.substances[:at]}:
                raise CaseError("twice", place=f"substances[{at}]", slug=one.slug)
        for key, override in self.overrides.items():
            check_override(self.chosen_set, key, override, land_class=self.land_class)
        _check_excluded(self.excluded)

    @property
    def chosen_set(self) -> ParameterSet:
        """The parameter set the case names."""
        if self.parameter_set not in self.sets:
            raise unknown("set", self.parameter_set, self.sets, place="parameter_set")
        return self.sets[self.parameter_set]


def _check_excluded(excluded: Mapping[str, object]) -> None:
    """Raise CaseError for a pathway there is not, a blank reason, and a soil without any pathway left."""
    for name, because in excluded.items():
        if name not in NAMES:
            raise unknown("pathway", name, NAMES, place=f"excluded.{name}")
        if not isinstance(because, str) or not because.strip():
            raise CaseError("excluded_because_missing", place=f"excluded.{name}")
    if all(pathway.name in excluded for pathway in SOIL_PATHWAYS):
        raise CaseError("no_soil_pathway", place="excluded")


def every_substance() -> tuple[Concentrations, ...]:
    """All substances with toxicity data, nothing measured: the case of control values."""
    return tuple(Concentrations(slug) for slug in substances())


def read_case(data: Mapping[str, object], *, sets: Mapping[str, ParameterSet] | None = None) -> Case:
    """The case in a mapping as read from TOML or JSON.

    `land_class` 1 or 2; `parameter_set` a name (default hj25.3-2019); `overrides` {KEY: {value, because}};
    `excluded` {PATHWAY: {because}} for pathways that do not exist at the site;
    `substances` "all" or a list of {slug, surface_mg_kg, subsurface_mg_kg, groundwater_mg_l, groundwater_target_mg_l}.
    `sets` adds parameter sets to those of the rules. Raises CaseError for anything else.
    """
    _check_keys(data, _CASE_KEYS, place="")
    return Case(
        land_class=_land_class(data.get("land_class")),
        parameter_set=str(data.get("parameter_set", DEFAULT_SET)),
        overrides=_overrides(data.get("overrides", {})),
        substances=_substances(data.get("substances")),
        sets={**parameter_sets(), **(sets or {})},
        excluded=_excluded(data.get("excluded", {})),
    )


def _check_keys(data: Mapping[str, object], allowed: Sequence[str], *, place: str) -> None:
    for key in data:
        if key not in allowed:
            raise unknown("key", key, allowed, place=f"{place}{key}")


def _land_class(value: object) -> int:
    if isinstance(value, bool) or value not in LAND_CLASSES:
        raise CaseError("land_class", value=repr(value))
    return int(str(value))


def _overrides(value: object) -> dict[str, Override]:
    if not isinstance(value, Mapping):
        raise CaseError("no_table", place="overrides", value=repr(value))
    return {str(key): _override(record, f"overrides.{key}") for key, record in value.items()}


def _override(record: object, place: str) -> Override:
    if not isinstance(record, Mapping):
        raise CaseError("no_table", place=place, value=repr(record))
    _check_keys(record, _OVERRIDE_KEYS, place=f"{place}.")
    if "value" not in record:
        raise CaseError("value_missing", place=place)
    return Override(record["value"], record.get("because", ""))  # both are checked against the parameter


def _excluded(value: object) -> dict[str, str]:
    """Why each excluded pathway does not exist; the reasons are checked with the case."""
    if not isinstance(value, Mapping):
        raise CaseError("no_table", place="excluded", value=repr(value))
    return {str(name): _because(record, f"excluded.{name}") for name, record in value.items()}


def _because(record: object, place: str) -> str:
    if not isinstance(record, Mapping):
        raise CaseError("no_table", place=place, value=repr(record))
    _check_keys(record, _EXCLUDED_KEYS, place=f"{place}.")
    because: str = record.get("because", "")
    return because


def _substances(value: object) -> tuple[Concentrations, ...]:
    if value == ALL:
        return every_substance()
    if not isinstance(value, Sequence) or isinstance(value, str) or not value:
        raise CaseError("no_substances", value=repr(value))
    return tuple(_concentrations(record, f"substances[{at}]") for at, record in enumerate(value))


def _concentrations(record: object, place: str) -> Concentrations:
    if not isinstance(record, Mapping):
        raise CaseError("no_table", place=place, value=repr(record))
    _check_keys(record, ("slug", *_MEASURED), place=f"{place}.")
    measured = {key: _concentration(record[key], f"{place}.{key}") for key in _MEASURED if key in record}
    if measured.get(_TARGET) == 0:
        raise CaseError("target_zero", place=f"{place}.{_TARGET}")
    return Concentrations(str(record.get("slug")), **measured)


def _concentration(value: object, place: str) -> float | None:
    """A concentration; null is not measured."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise CaseError("no_concentration", place=place, value=repr(value))
    return float(value)
