"""Parameter sets of the risk model: named data, extended by other sets, changed for a case only with a justification.

A set gives each parameter a value for class 1 and class 2 land (HJ 25.3-2019 appendix G). A case may change a value,
and says why. Derived parameters (skin area, porosities, organic carbon) follow the others unless they are given.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soilrules.risk.errors import CaseError, nearest, unknown
from soilrules.risk.records import mark, number, record, records, shipped, two_languages, two_languages_or_none
from soilrules.strict import Record
from soilrules.verdict import Mark

Value = float | NDArray[np.float64]
Values = Mapping[str, Value]

LAND_CLASSES = (1, 2)
DEFAULT_SET = "hj25.3-2019"
ORGANIC_MATTER_PER_CARBON = 1.7  # HJ 25.3-2019 appendix F, foc = fom / (1.7 x 1000)
_HEAD = ("set", "title", "edition", "authority", "extends", "parameters")
_KEYS = (
    "symbol", "name", "unit", "group", "derived", "class1", "class2", "range", "pinned_by_gb36600", "source", "mark", "note",
)  # fmt: skip
_BOUNDS = ("gt", "ge", "le")


@dataclass(frozen=True, slots=True)
class Range:
    """What is physically possible for a parameter; None is no bound."""

    gt: float | None = None
    ge: float | None = None
    le: float | None = None

    def holds(self, value: float) -> bool:
        """Whether `value` is possible."""
        above = (self.gt is None or value > self.gt) and (self.ge is None or value >= self.ge)
        return math.isfinite(value) and above and (self.le is None or value <= self.le)

    def __str__(self) -> str:
        bounds = ((">", self.gt), ("≥", self.ge), ("≤", self.le))
        return ", ".join(f"{sign} {bound:g}" for sign, bound in bounds if bound is not None)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: `defaults` by land class; a class it has no meaning in is not listed (children, class 2)."""

    key: str
    symbol: str
    name: Mapping[str, str]
    unit: str
    group: str
    range: Range
    source: str
    mark: Mark
    derived: bool
    defaults: Mapping[int, float]
    note: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class ParameterSet:
    """A named set of parameters. `lineage` names the sets it rests on, itself first."""

    name: str
    title: Mapping[str, str]
    edition: str
    authority: str
    lineage: tuple[str, ...]
    parameters: Mapping[str, Parameter]


@dataclass(frozen=True, slots=True)
class Override:
    """A changed default: the new value in the unit of the parameter, and why it was changed."""

    value: float
    because: str


def read_set(data: Mapping[str, Any], known: Mapping[str, ParameterSet] | None = None) -> ParameterSet:
    """A parameter set from its data; `known` holds the sets it may extend.

    A set that extends another states only the parameters that differ, each with source and mark.
    Raises BadRuleData for unknown keys, missing keys, numbers that are none or out of range.
    """
    head = record(data, "parameter set", *_HEAD)
    name = head.text("set")
    base = _base(head, known or {})
    own = {key: _parameter(key, row, f"{name}, {key}") for key, row in records(head, "parameters").items()}
    inherited = base.parameters if base else {}
    if base and (stray := sorted(set(own) - set(inherited))):
        raise head.error(f"{stray[0]} is no parameter of {base.name}; nearest is {nearest(stray[0], inherited)}")
    return ParameterSet(
        name=name,
        title=two_languages(head, "title"),
        edition=head.text("edition"),
        authority=head.text("authority"),
        lineage=(name, *(base.lineage if base else ())),
        parameters={**inherited, **own},
    )


def _base(head: Record, known: Mapping[str, ParameterSet]) -> ParameterSet | None:
    if head.row.get("extends") is None:
        return None
    extends = head.text("extends")
    if extends not in known:
        raise head.error(f"extends is {extends!r}; expected one of {', '.join(known)}")
    return known[extends]


def _parameter(key: str, row: object, place: str) -> Parameter:
    found = record(row, place, *_KEYS)
    parameter = Parameter(
        key=key,
        symbol=found.text("symbol"),
        name=two_languages(found, "name"),
        unit=found.text("unit"),
        group=found.text("group"),
        range=_range(found),
        source=found.text("source"),
        mark=mark(found),
        derived=found.row.get("derived", False) is True,
        defaults={n: number(found, f"class{n}") for n in LAND_CLASSES if f"class{n}" in found.row},
        note=two_languages_or_none(found, "note"),
    )
    if not parameter.defaults and not parameter.derived:
        raise found.error("no value; expected class1, class2 or both")
    for value in parameter.defaults.values():
        if not parameter.range.holds(value):
            raise found.error(f"{value:g} is out of range; expected {parameter.range}")
    return parameter


def _range(found: Record) -> Range:
    bounds = record(found.row.get("range"), f"{found.place}, range", *_BOUNDS)
    if not bounds.row:
        raise found.error("range has no bound; expected gt, ge or le")
    return Range(**{name: number(bounds, name) for name in bounds.row})


@cache
def parameter_sets() -> Mapping[str, ParameterSet]:
    """The sets shipped with the rules, by name."""
    found = read_set(shipped(f"parameters-{DEFAULT_SET}"))
    return {found.name: found}


def check_override(chosen: ParameterSet, key: str, override: Override, *, land_class: int) -> None:
    """Raise CaseError unless `override` names a parameter of this land class, possible in value, with a reason."""
    place = f"overrides.{key}"
    parameter = parameter_of(chosen, key, land_class=land_class, place=place)
    check_value(parameter, override.value, place)
    if not isinstance(override.because, str) or not override.because.strip():
        raise CaseError("because_missing", place=place)


def parameter_of(chosen: ParameterSet, key: str, *, land_class: int, place: str) -> Parameter:
    """The parameter `key` of a set; raises CaseError where the set or the land class has none."""
    if key not in chosen.parameters:
        raise unknown("parameter", key, chosen.parameters, place=place)
    if not _has_meaning(chosen.parameters[key], land_class):
        raise CaseError("no_children", place=place, key=key, land_class=land_class)
    return chosen.parameters[key]


def check_value(parameter: Parameter, value: object, place: str) -> None:
    """Raise CaseError unless `value` is a number in the physical range of `parameter`."""
    expected = {"place": place, "value": repr(value), "range": parameter.range, "unit": parameter.unit}
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise CaseError("no_number", **expected)
    if not parameter.range.holds(value):
        raise CaseError("out_of_range", **expected)


def _has_meaning(parameter: Parameter, land_class: int) -> bool:
    return land_class in parameter.defaults or (parameter.derived and not parameter.defaults)


def given(chosen: ParameterSet, *, land_class: int, overrides: Mapping[str, Override]) -> dict[str, Value]:
    """The parameters that are given: defaults of the land class, changed by the overrides; nothing derived yet.

    Raises CaseError for an override that cannot be taken.
    """
    for key, override in overrides.items():
        check_override(chosen, key, override, land_class=land_class)
    values: dict[str, Value] = {
        key: parameter.defaults[land_class]
        for key, parameter in chosen.parameters.items()
        if land_class in parameter.defaults and not parameter.derived
    }
    return values | {key: float(override.value) for key, override in overrides.items()}


def resolve(
    chosen: ParameterSet, *, land_class: int, overrides: Mapping[str, Override] | None = None
) -> dict[str, Value]:
    """Every parameter of a land class by key: defaults, then overrides, then what is derived from both.

    Raises CaseError for an override that cannot be taken and for values that are impossible together.
    """
    full = derive(given(chosen, land_class=land_class, overrides=overrides or {}))
    check_together(full)
    return full


def _skin_area(v: Values, who: str) -> Value:
    """Exposed skin in cm2 (HJ 25.3-2019 A.4, A.5)."""
    area: Value = 239.0 * v[f"H{who}"] ** 0.417 * v[f"BW{who}"] ** 0.517 * v[f"SER{who}"]
    return area


DERIVED: Mapping[str, Callable[[Values], Value]] = {
    "SAEa": lambda v: _skin_area(v, "a"),
    "SAEc": lambda v: _skin_area(v, "c"),
    "theta": lambda v: 1.0 - v["rho_b"] / v["rho_s"],
    "theta_ws": lambda v: v["rho_b"] * v["Pws"] / v["rho_w"],
    "theta_as": lambda v: v["theta"] - v["theta_ws"],
    "foc": lambda v: v["fom"] / (ORGANIC_MATTER_PER_CARBON * 1000.0),
}


def derive(values: Values) -> dict[str, Value]:
    """`values` with what follows from them; a derived parameter that is given stays as given."""
    full = dict(values)
    for key, formula in DERIVED.items():
        if key not in full and (key != "SAEc" or "BWc" in full):  # class 2 land has no children
            full[key] = formula(full)
    return full


def check_together(v: Values) -> None:
    """Raise CaseError where values are possible each, but not together (floats or arrays)."""
    impossible = {
        "no_pores": v["theta"] <= 0,
        "too_much_water": v["theta_as"] < 0,
        "fringe_too_full": (v["theta_acap"] + v["theta_wcap"] > 1) | (v["theta_acap"] + v["theta_wcap"] <= 0),
        "crack_too_full": v["theta_acrack"] + v["theta_wcrack"] > 1,
        "crack_too_wide": (np.asarray(v["dP"]) > 0) & (2 * v["Zcrack"] * v["Xcrack"] <= v["Ab"] * v["eta"]),
    }
    for message_id, where in impossible.items():
        if np.any(where):
            raise CaseError(message_id, **{key: _shown(value) for key, value in v.items()})


def _shown(value: Value) -> str:
    return f"{value:g}" if np.ndim(value) == 0 else f"{np.min(value):g}–{np.max(value):g}"


def inconsistencies(v: Values) -> list[str]:
    """Ids of notes on given values that do not add up, though the formulas take each as it is."""
    sums = {
        "depths_differ": (v["Lgw"], v["hcap"] + v["hv"]),
        "adult_days_differ": (v["EFa"], v["EFIa"] + v["EFOa"]),
        "child_days_differ": (v["EFc"], v["EFIc"] + v["EFOc"]) if "EFc" in v else (0.0, 0.0),
    }
    return [name for name, (whole, parts) in sums.items() if not np.allclose(whole, parts)]
