"""The nine pathways of HJ 25.3-2019 appendix A: six from soil, three from groundwater.

An intake is what a receptor ("a" adult, "c" child) takes in over the years of exposure, per day of averaging time:
kg of soil, m3 of air or L of water per kg of body weight, times days.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from soilrules.risk.parameters import Value, Values

KG_PER_MG = 1e-6


class Medium(StrEnum):
    """Where a concentration is measured; the value is its key in a case."""

    SURFACE = "surface_mg_kg"
    SUBSURFACE = "subsurface_mg_kg"
    GROUNDWATER = "groundwater_mg_l"


class Route(StrEnum):
    """How a substance enters the body, which decides the toxicity value."""

    ORAL = "oral"
    DERMAL = "dermal"
    INHALATION = "inhalation"


@dataclass(frozen=True, slots=True)
class Pathway:
    """One pathway. `vapour` names its volatilisation factor in `transport`; None where no vapour is involved."""

    name: str
    medium: Medium
    route: Route
    intake: Callable[[Values, str], Value]
    vapour: str | None = None

    @property
    def from_soil(self) -> bool:
        """Whether the substance comes from soil, not from groundwater."""
        return self.medium is not Medium.GROUNDWATER


def soil_ingestion(p: Values, who: str) -> Value:
    """A.1: kg soil swallowed."""
    return p[f"OSIR{who}"] * p[f"ED{who}"] * p[f"EF{who}"] * p["ABSo"] / p[f"BW{who}"] * KG_PER_MG


def soil_dermal(p: Values, who: str) -> Value:
    """A.3, without the absorption of the substance: kg soil on the skin."""
    contact = p[f"SAE{who}"] * p[f"SSAR{who}"] * p[f"EF{who}"] * p[f"ED{who}"] * p["Ev"]
    return contact / p[f"BW{who}"] * KG_PER_MG


def soil_particulates(p: Values, who: str) -> Value:
    """A.7: kg soil breathed in as dust and kept."""
    days = p["fspo"] * p[f"EFO{who}"] + p["fspi"] * p[f"EFI{who}"]
    return p["PM10"] * p[f"DAIR{who}"] * p[f"ED{who}"] * p["PIAF"] * days / p[f"BW{who}"] * KG_PER_MG


def outdoor_air(p: Values, who: str) -> Value:
    """A.9, A.11, A.15: m3 of outdoor air."""
    return p[f"DAIR{who}"] * p[f"EFO{who}"] * p[f"ED{who}"] / p[f"BW{who}"]


def indoor_air(p: Values, who: str) -> Value:
    """A.13, A.17: m3 of indoor air."""
    return p[f"DAIR{who}"] * p[f"EFI{who}"] * p[f"ED{who}"] / p[f"BW{who}"]


def drinking_water(p: Values, who: str) -> Value:
    """A.19: L of groundwater drunk."""
    return p[f"GWCR{who}"] * p[f"EF{who}"] * p[f"ED{who}"] / p[f"BW{who}"]


PATHWAYS = (
    Pathway("soil_ingestion", Medium.SURFACE, Route.ORAL, soil_ingestion),
    Pathway("soil_dermal", Medium.SURFACE, Route.DERMAL, soil_dermal),
    Pathway("soil_particulates", Medium.SURFACE, Route.INHALATION, soil_particulates),
    Pathway("outdoor_vapour_surface", Medium.SURFACE, Route.INHALATION, outdoor_air, "suroa"),
    Pathway("outdoor_vapour_subsurface", Medium.SUBSURFACE, Route.INHALATION, outdoor_air, "suboa"),
    Pathway("indoor_vapour_subsurface", Medium.SUBSURFACE, Route.INHALATION, indoor_air, "subia"),
    Pathway("outdoor_vapour_groundwater", Medium.GROUNDWATER, Route.INHALATION, outdoor_air, "gwoa"),
    Pathway("indoor_vapour_groundwater", Medium.GROUNDWATER, Route.INHALATION, indoor_air, "gwia"),
    Pathway("drinking_groundwater", Medium.GROUNDWATER, Route.ORAL, drinking_water),
)
SOIL_PATHWAYS = tuple(pathway for pathway in PATHWAYS if pathway.from_soil)
GROUNDWATER_PATHWAYS = tuple(pathway for pathway in PATHWAYS if not pathway.from_soil)
NAMES = tuple(pathway.name for pathway in PATHWAYS)


def receptors(land_class: int) -> tuple[str, ...]:
    """Who is exposed, the one for non-carcinogenic effects first: class 1 child and adult, class 2 adult."""
    return ("c", "a") if land_class == 1 else ("a",)


def exposure(pathway: Pathway, p: Values, land_class: int) -> tuple[Value, Value]:
    """(carcinogenic, non-carcinogenic) exposure rate of a pathway, in kg, m3 or L per kg body weight and day.

    Carcinogenic effects add up over child and adult life; for the others the most exposed receptor counts.
    """
    intakes = [pathway.intake(p, who) for who in receptors(land_class)]
    return sum(intakes[1:], start=intakes[0]) / p["ATca"], intakes[0] / p["ATnc"]
