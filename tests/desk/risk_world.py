"""A risk case as an assessor enters it, for tests of the desk and journeys."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from soildesk.standards.models import RiskRun, RiskSite
from soildesk.standards.services import risk
from soildesk.standards.services.risk import SiteFacts
from soilrules.risk.pathways import NAMES

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
CASE: dict[str, Any] = {
    "land_class": 1,
    "parameter_set": "hj25.3-2019",
    "overrides": {"fom": {"value": 12, "because": "现场实测有机质12个样品均值"}},
    "substances": [
        {"slug": "benzene", "surface_mg_kg": 3, "subsurface_mg_kg": 12, "groundwater_mg_l": 0.4},
        {"slug": "hch_gamma", "surface_mg_kg": 4.1},
        {"slug": "lead", "surface_mg_kg": 600},
    ],
}


def site(world: Any, name: str = "原青禾农药厂地块") -> RiskSite:
    """A site of the district's office."""
    facts = SiteFacts(name, "城关街道", "中小学用地", "农药生产")
    return risk.create_site(facts, world.district, world.departments["ecology"], by=world.actor("officer"), at=AT)


def run(world: Any, of: RiskSite | None = None) -> RiskRun:
    """A run of it."""
    return risk.compute(of or site(world), CASE, "初步", by=world.actor("officer"), at=AT)


EXCLUDED = {
    "drinking_groundwater": {"because": "全区自来水供水，地下水禁止开采"},
    "indoor_vapour_subsurface": {"because": "规划为绿地，不建建筑物"},
}


def excluding(**unticked: str) -> dict[str, Any]:
    """What the form posts where pathways are not ticked, each with its reason."""
    return {"pathway": [name for name in NAMES if name not in unticked]} | {
        f"why-{name}": because for name, because in unticked.items()
    }


def form(**changed: Any) -> dict[str, Any]:
    """The form of `CASE` as a browser posts it."""
    return {
        "act": "compute",
        "land_class": "1",
        "remark": "初步",
        "name": ["苯", "γ-六六六", "铅", "", ""],
        "surface_mg_kg": ["3", "4.1", "600", "", ""],
        "subsurface_mg_kg": ["12", "", "", "", ""],
        "groundwater_mg_l": ["0.4", "", "", "", ""],
        "groundwater_target_mg_l": ["", "", "", "", ""],
        "pathway": list(NAMES),
        "p-fom": "12",
        "why-fom": "现场实测有机质12个样品均值",
    } | changed
