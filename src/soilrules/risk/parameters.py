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

from soilrules.risk.errors import CaseError, unknown
from soilrules.risk.strict_yaml import RuleDataError, check_keys, did_you_mean, mark, number, shipped, two_languages

Value = float | NDArray[np.float64]
Values = Mapping[str, Value]

LAND_CLASSES = (1, 2)
DEFAULT_SET = "hj25.3-2019"
ORGANIC_MATTER_PER_CARBON = 1.7  # HJ 25.3-2019 appendix F, foc = fom / (1.7 x 1000)
_HEAD = ("set", "title", "edition", "authority", "extends", "parameters")
_REQUIRED = ("symbol", "name", "unit", "group", "range", "source", "mark")
_OPTIONAL = ("derived", "class1", "class2", "pinned_by_gb36600", "note")
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
    mark: str
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
    Raises RuleDataError for unknown keys, missing keys, numbers that are none or out of range.
    """
    head = check_keys(data, "parameter set", _HEAD)
    name = str(head["set"])
    own = {key: _parameter(key, record, f"{name}, {key}") for key, record in dict(head["parameters"]).items()}
    base = _base(name, head["extends"], known or {})
    inherited = base.parameters if base else {}
    if base and (stray := sorted(set(own) - set(inherited))):
        raise RuleDataError(f"{name}: {stray[0]} is no parameter of {base.name}.{did_you_mean(stray[0], inherited)}")
    return ParameterSet(
        name=name,
        title=two_languages(head["title"], name),
        edition=str(head["edition"]),
        authority=str(head["authority"]),
        lineage=(name, *(base.lineage if base else ())),
        parameters={**inherited, **own},
    )


def _base(name: str, extends: object, known: Mapping[str, ParameterSet]) -> ParameterSet | None:
    if extends is None:
        return None
    if extends not in known:
        raise RuleDataError(f"{name} extends {extends!r}, which is not known.{did_you_mean(str(extends), known)}")
    return known[str(extends)]


def _parameter(key: str, record: object, place: str) -> Parameter:
    fields = check_keys(record, place, _REQUIRED, _OPTIONAL)
    bounds = check_keys(fields["range"], f"{place}, range", (), _BOUNDS)
    allowed = Range(**{name: number(bound, f"{place}, range") for name, bound in bounds.items()})
    defaults = {n: number(fields[f"class{n}"], f"{place}, class{n}") for n in LAND_CLASSES if f"class{n}" in fields}
    derived = fields.get("derived", False) is True
    if not defaults and not derived:
        raise RuleDataError(f"{place}: a parameter needs a value for at least one land class.")
    for value in defaults.values():
        if not allowed.holds(value):
            raise RuleDataError(f"{place}: {value:g} is out of range, expected {allowed}.")
    return Parameter(
        key=key,
        symbol=str(fields["symbol"]),
        name=two_languages(fields["name"], place),
        unit=str(fields["unit"]),
        group=str(fields["group"]),
        range=allowed,
        source=str(fields["source"]),
        mark=mark(fields["mark"], place),
        derived=derived,
        defaults=defaults,
        note=two_languages(fields["note"], place) if "note" in fields else None,
    )


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
