"""Risk per unit of concentration and the values that keep it acceptable: HJ 25.3-2019 appendices B, C and E.

One set of functions for a single case and for thousands of draws: parameters p and properties s are floats or arrays
that broadcast against each other, a property that is not known is NaN.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from soilrules.risk.parameters import Value, Values
from soilrules.risk.pathways import GROUNDWATER_PATHWAYS, PATHWAYS, SOIL_PATHWAYS, Pathway, Route, exposure
from soilrules.risk.transport import leaching_factor, saturation, vapour_factors


@dataclass(frozen=True, slots=True)
class Slopes:
    """Risk and hazard quotient per mg/kg (soil) or mg/L (groundwater), by pathway name; NaN for an excluded one."""

    risk: Mapping[str, Value]
    hq: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class ControlValues:
    """Concentrations at the acceptable risk and hazard quotient; soil in mg/kg, groundwater in mg/L.

    rcvs and hcvs combine the six soil pathways (those not excluded), control is the lower of the two. csat never caps any of them.
    soil_protecting_groundwater holds for a target of 1 mg/L in groundwater.
    """

    rcvs: Value
    hcvs: Value
    control: Value
    rcvg: Value
    hcvg: Value
    groundwater_control: Value
    soil_per_groundwater: Value
    csat: Value


def slopes(p: Values, s: Values, *, land_class: int, excluded: Collection[str] = ()) -> Slopes:
    """Risk and hazard quotient of every pathway per unit of concentration (appendix C).

    `excluded` names pathways that do not exist at the site: they are NaN, so no sum and no control value has them.
    """
    with np.errstate(divide="ignore", invalid="ignore"):  # no pores in the crack: no vapour through it
        factors = vapour_factors(p, s)
        potency, dose = _potency(p, s), _reference_dose(p, s)
        risk: dict[str, Value] = {}
        hq: dict[str, Value] = {}
        for pathway in PATHWAYS:
            if pathway.name in excluded:
                risk[pathway.name] = hq[pathway.name] = np.nan
                continue
            carcinogenic, other = exposure(pathway, p, land_class)
            reaching = _reaching(pathway, s, factors)
            risk[pathway.name] = carcinogenic * potency[pathway.route] * reaching
            hq[pathway.name] = other / (dose[pathway.route] * _allocation(pathway, p, s)) * reaching
    return Slopes(risk, hq)


def _potency(p: Values, s: Values) -> dict[Route, Value]:
    """Slope factors in kg·d/mg by route (B.1, B.3)."""
    return {
        Route.ORAL: s["SFo"],
        Route.DERMAL: s["SFo"] / s["ABSgi"],
        Route.INHALATION: s["IUR"] * (p["BWa"] / p["DAIRa"]),
    }


def _reference_dose(p: Values, s: Values) -> dict[Route, Value]:
    """Reference doses in mg/(kg·d) by route (B.2, B.4)."""
    return {
        Route.ORAL: s["RfDo"],
        Route.DERMAL: s["RfDo"] * s["ABSgi"],
        Route.INHALATION: s["RfC"] * (p["DAIRa"] / p["BWa"]),
    }


def _reaching(pathway: Pathway, s: Values, factors: Mapping[str, Value]) -> Value:
    """What of a unit of concentration reaches the receptor: absorbed through skin, gone over into air, or all."""
    if pathway.vapour:
        return factors[pathway.vapour]
    return s["ABSd"] if pathway.route is Route.DERMAL else 1.0


def _allocation(pathway: Pathway, p: Values, s: Values) -> Value:
    """The share of the reference dose left to soil (SAF) or groundwater (WAF); s["voc"] is 1 for volatile organics."""
    voc, other = ("SAF_voc", "SAF_svoc_metal") if pathway.from_soil else ("WAF_voc", "WAF")
    return np.asarray(np.where(s["voc"], p[voc], p[other]), dtype=np.float64)


def total(parts: Iterable[Value]) -> Value:
    """The sum of the parts that are known; NaN where none is.

    >>> float(total([1.0, float("nan"), 2.0]))
    3.0
    """
    summed: Value = 0.0
    known: Value = 0.0
    for part in parts:
        missing = np.isnan(part)
        summed = summed + np.where(missing, 0.0, part)
        known = known + ~missing
    return np.asarray(np.where(np.asarray(known) > 0, summed, np.nan), dtype=np.float64)


def _at(acceptable: Value, slope: Value) -> Value:
    """The concentration at an acceptable level; NaN where the concentration makes no difference."""
    return np.asarray(np.where(np.asarray(slope) > 0, acceptable / np.where(slope > 0, slope, 1.0), np.nan))


def control_values(p: Values, s: Values, each: Slopes) -> ControlValues:
    """Control values of soil and groundwater from the slopes of the pathways (appendix E)."""
    soil, water = ([one.name for one in group] for group in (SOIL_PATHWAYS, GROUNDWATER_PATHWAYS))
    rcvs, rcvg = (_at(p["ACR"], total(each.risk[name] for name in names)) for names in (soil, water))
    hcvs, hcvg = (_at(p["AHQ"], total(each.hq[name] for name in names)) for names in (soil, water))
    with np.errstate(invalid="ignore"):
        return ControlValues(
            rcvs=rcvs,
            hcvs=hcvs,
            control=np.fmin(rcvs, hcvs),
            rcvg=rcvg,
            hcvg=hcvg,
            groundwater_control=np.fmin(rcvg, hcvg),
            soil_per_groundwater=1.0 / leaching_factor(p, s),
            csat=saturation(p, s),
        )
