"""Transport of vapours and of leachate: HJ 25.3-2019 appendix F.

Every function takes floats or arrays that broadcast against each other; p holds the parameters, s the properties of
substances. A property that is not known is NaN and makes NaN. Lengths in cm, diffusion in cm2/s, times in s.
The sum of the pores in the foundation crack (F.5) is not that of the crack but the porosity of the soil: only so are
the values of GB 36600 for volatile substances reproduced.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from soilrules.risk.parameters import Value, Values

SECONDS_PER_YEAR = 31_536_000.0
SECONDS_PER_DAY = 86_400.0
UNIT = 1000.0  # kg/dm3 and mg/L to mg/m3
MILLINGTON = 3.33  # exponent of the tortuosity, HJ 25.3-2019 F.3 to F.5


@dataclass(frozen=True, slots=True)
class Diffusion:
    """Effective diffusion coefficients in cm2/s: soil, foundation crack, and from groundwater up to the soil."""

    soil: Value
    crack: Value
    above_groundwater: Value


def effective(s: Values, *, air: Value, water: Value, pores: Value) -> Value:
    """Effective diffusion through pores that hold `air` and `water`; air and water path in parallel (F.3)."""
    through_air: Value = s["Da"] * (air**MILLINGTON / pores**2)
    through_water: Value = s["Dw"] / s["H"] * (water**MILLINGTON / pores**2)
    return through_air + through_water


def diffusion(p: Values, s: Values) -> Diffusion:
    """The three effective diffusion coefficients (F.3 to F.6)."""
    soil = effective(s, air=p["theta_as"], water=p["theta_ws"], pores=p["theta"])
    fringe_pores = p["theta_acap"] + p["theta_wcap"]
    fringe = effective(s, air=p["theta_acap"], water=p["theta_wcap"], pores=fringe_pores)
    return Diffusion(
        soil=soil,
        crack=effective(s, air=p["theta_acrack"], water=p["theta_wcrack"], pores=p["theta"]),
        above_groundwater=p["Lgw"] / (p["hcap"] / fringe + p["hv"] / soil),
    )


def partition(p: Values, s: Values) -> Value:
    """Soil to pore water, Ksw in L/kg; a substance without Henry constant has no vapour phase."""
    solid = np.where(np.isnan(s["Kd"]), s["Koc"] * p["foc"], s["Kd"])
    vapour = np.where(np.isnan(s["H"]), 0.0, s["H"]) * p["theta_as"]
    total: Value = (p["theta_ws"] + solid * p["rho_b"] + vapour) / p["rho_b"]
    return total


def outdoor_dispersion(p: Values) -> Value:
    """DFoa in cm/s."""
    return p["Uair"] * p["W"] * p["delta_air"] / p["A"]


def indoor_dispersion(p: Values) -> Value:
    """DFia in cm/s."""
    return p["LB"] * p["ER"] / SECONDS_PER_DAY


def crack_flow(p: Values) -> Value:
    """Qs in cm3/s: soil gas drawn through the crack by the pressure difference; 0 without one.

    Where the crack is wider than deep the formula has no solution; `check_together` refuses that under pressure.
    """
    shape = np.log(np.maximum(2.0 * p["Zcrack"] * p["Xcrack"] / (p["Ab"] * p["eta"]), 1.0))
    flow = 2.0 * np.pi * p["dP"] * p["Kv"] * p["Xcrack"] / (p["mu_air"] * np.where(shape > 0, shape, np.inf))
    return np.asarray(flow, dtype=np.float64)


def vapour_factors(p: Values, s: Values) -> dict[str, Value]:
    """Volatilisation factors by name: mg/m3 of air per mg/kg of soil, or per mg/L of groundwater.

    suroa surface soil to outdoor air, suboa and subia subsurface soil to outdoor and indoor air, gwoa and gwia
    groundwater to outdoor and indoor air. From soil the lower of an infinite and a finite source counts.
    """
    through = diffusion(p, s)
    ksw, outdoor, indoor = partition(p, s), outdoor_dispersion(p), indoor_dispersion(p)
    years = p["tau"] * SECONDS_PER_YEAR
    surface = np.sqrt(4.0 * through.soil * s["H"] * p["rho_b"] / (np.pi * years * ksw))
    per_depth = p["rho_b"] * UNIT / years
    pore_vapour = UNIT * s["H"] / ksw
    groundwater_vapour = UNIT * s["H"]
    return {
        "suroa": np.minimum(surface * UNIT, p["d"] * per_depth) / outdoor,
        "suboa": np.minimum(pore_vapour / (1.0 + outdoor * p["Ls"] / through.soil), p["dsub"] * per_depth / outdoor),
        "subia": np.minimum(
            pore_vapour * into_building(p, through.soil, through.crack, depth=p["Ls"]), p["dsub"] * per_depth / indoor
        ),
        "gwoa": groundwater_vapour / (1.0 + outdoor * p["Lgw"] / through.above_groundwater),
        "gwia": groundwater_vapour * into_building(p, through.above_groundwater, through.crack, depth=p["Lgw"]),
    }


def into_building(p: Values, soil: Value, crack: Value, *, depth: Value) -> Value:
    """Indoor air over soil gas at `depth`, without dimension: diffusion alone for dP = 0, with flow for dP > 0.

    The formula for dP > 0 is divided through by e^x, so that a strong draught does not overflow; it goes over into
    the formula for dP = 0 as the flow goes to 0.
    """
    supply = soil / (indoor_dispersion(p) * depth)
    slab = soil * p["Lcrack"] / (crack * depth * p["eta"])
    if not np.any(p["dP"]):
        return supply / (1.0 + supply + slab)
    x = crack_flow(p) * p["Lcrack"] / (p["Ab"] * crack * p["eta"])
    left, slowed = np.exp(-x), np.where(x > 0, -np.expm1(-x) / np.where(x > 0, x, 1.0), 1.0)
    return supply / (1.0 + supply * left + slab * slowed)


def leaching_factor(p: Values, s: Values) -> Value:
    """LFsgw in kg/L: mg/L in groundwater per mg/kg in soil above it; the lower of infinite and finite source."""
    dilution = 1.0 / (1.0 + p["Ugw"] * p["delta_gw"] / (p["I"] * p["W"]))
    return np.asarray(np.minimum(dilution / partition(p, s), p["dsub"] * p["rho_b"] / (p["I"] * p["tau"])))


def saturation(p: Values, s: Values) -> Value:
    """Csat in mg/kg: above it the substance is a phase of its own and the formulas no longer describe it."""
    return s["S"] * partition(p, s)
