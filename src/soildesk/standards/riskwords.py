"""What the parts of a risk assessment are called, in both languages, and how its figures are printed. No Django in here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from soilrules.messages import catalogue
from soilrules.risk import pathways

Words = Mapping[str, str]

MEDIA: Mapping[str, Words] = {
    "surface_mg_kg": {"zh": "表层土壤", "en": "Surface soil"},
    "subsurface_mg_kg": {"zh": "下层土壤", "en": "Subsurface soil"},
    "groundwater_mg_l": {"zh": "地下水", "en": "Groundwater"},
}
UNITS = {"surface_mg_kg": "mg/kg", "subsurface_mg_kg": "mg/kg", "groundwater_mg_l": "mg/L"}
PATHWAYS: Mapping[str, Words] = catalogue("risk")["pathways"]
"""The nine pathways in the order of the standard."""
SHORT: Mapping[str, Words] = {
    "soil_ingestion": {"zh": "经口摄入", "en": "Ingestion"},
    "soil_dermal": {"zh": "皮肤接触", "en": "Dermal"},
    "soil_particulates": {"zh": "吸入颗粒物", "en": "Particulates"},
    "outdoor_vapour_surface": {"zh": "室外蒸气（表层）", "en": "Outdoor vapour (surface)"},
    "outdoor_vapour_subsurface": {"zh": "室外蒸气（下层）", "en": "Outdoor vapour (subsurface)"},
    "indoor_vapour_subsurface": {"zh": "室内蒸气（下层）", "en": "Indoor vapour (subsurface)"},
    "outdoor_vapour_groundwater": {"zh": "室外蒸气（地下水）", "en": "Outdoor vapour (groundwater)"},
    "indoor_vapour_groundwater": {"zh": "室内蒸气（地下水）", "en": "Indoor vapour (groundwater)"},
    "drinking_groundwater": {"zh": "饮用地下水", "en": "Drinking water"},
}
SOIL_PATHWAYS = tuple(one.name for one in pathways.SOIL_PATHWAYS)
GROUNDWATER_PATHWAYS = tuple(one.name for one in pathways.GROUNDWATER_PATHWAYS)
MEDIUM_OF = {one.name: str(one.medium) for one in pathways.PATHWAYS}
EFFECTS: Mapping[str, Words] = {
    "risk": {"zh": "致癌风险", "en": "Cancer risk"},
    "hq": {"zh": "危害商", "en": "Hazard quotient"},
}
OUTCOMES: Mapping[str, Words] = {
    "unacceptable": {"zh": "超过可接受水平", "en": "Not acceptable"},
    "unknown": {"zh": "不能判断", "en": "Cannot say"},
    "acceptable": {"zh": "可接受", "en": "Acceptable"},
    "excluded": {"zh": "途径已排除", "en": "Pathways excluded"},
}
MARKS: Mapping[str, Words] = {
    "double-sourced": {"zh": "两处来源一致", "en": "Two sources agree"},
    "single-sourced": {"zh": "单一来源", "en": "One source"},
    "from-knowledge": {"zh": "凭记忆录入，待核对原标准", "en": "From knowledge, to be checked"},
}
CONTROLS: Mapping[str, Words] = {
    "rcvs": {"zh": "基于致癌效应 RCVS", "en": "RCVS (carcinogenic)"},
    "hcvs": {"zh": "基于非致癌效应 HCVS", "en": "HCVS (non-carcinogenic)"},
    "control": {"zh": "土壤风险控制值", "en": "Soil control value"},
    "csat": {"zh": "土壤饱和浓度 Csat", "en": "Soil saturation Csat"},
}
QUANTITIES: Mapping[str, Words] = {
    "risk.total": {"zh": "总致癌风险", "en": "Total cancer risk"},
    "hq.total": {"zh": "总危害商", "en": "Total hazard quotient"},
    "control": {"zh": "土壤风险控制值（mg/kg）", "en": "Soil control value (mg/kg)"},
}
SAMPLERS: Mapping[str, Words] = {
    "monte_carlo": {"zh": "蒙特卡洛", "en": "Monte Carlo"},
    "latin_hypercube": {"zh": "拉丁超立方", "en": "Latin hypercube"},
}
ORDER = ("unacceptable", "unknown", "acceptable")
"""Outcomes, the gravest first; of a medium whose pathways are all excluded there is none."""
NOTHING = "—"


def figure(value: float | None) -> str:
    """Three digits as people read them: 0.818, 15.8, 2240; far ends as 1.83E-04; a dash for what is not known.

    >>> figure(0.8176), figure(2239.04), figure(0.000183), figure(0.0), figure(None)
    ('0.818', '2240', '1.83E-04', '0', '—')
    """
    if value is None:
        return NOTHING
    if value == 0:
        return "0"
    if not 1e-3 <= abs(value) < 1e6:
        return f"{value:.2E}"
    return f"{float(f'{value:.3g}'):.15g}"


def plain(value: float | None) -> str:
    """A given number as it was given."""
    return NOTHING if value is None else f"{value:.10g}"


def percent(share: float | None) -> str:
    """A share in percent."""
    if not share:
        return NOTHING if share is None else "0"
    return "<0.1%" if share < 0.001 else f"{share:.1%}"


def gravest(outcomes: list[str]) -> str:
    """The outcome of several together; nothing known for no outcome."""
    return next((one for one in ORDER if one in outcomes), "unknown")


def outcome_of(row: Mapping[str, Any]) -> str:
    """The outcome of one substance of a result over soil and groundwater: what was not measured cannot be said."""
    return gravest([one["outcome"] for one in row["totals"].values()])


def has_values(row: Mapping[str, Any]) -> bool:
    """Whether any risk or hazard quotient was computed: a case of control values only has none."""
    return any(row[effect]["total"] is not None for effect in EFFECTS)
