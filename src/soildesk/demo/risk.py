"""The former pesticide plant beside a planned school: worked on twice, and once under uncertainty. All of it made up."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from soildesk.core import clock
from soildesk.core.models import Department, Person
from soildesk.core.permissions import Actor
from soildesk.standards.services import risk, riskdraws
from soildesk.standards.services.risk import SiteFacts
from soildesk.standards.services.riskdraws import Sampled

OFFICER, OFFICE = "linlan", "青禾区生态环境局"
FIRST, SECOND = date(2026, 9, 8), date(2026, 10, 13)
FACTS = SiteFacts(
    name="原青禾农药厂地块",
    address="城关街道化工路 18 号，规划青禾第三小学北侧",
    planned_use="中小学用地",
    former_use="有机氯、有机磷农药生产（1966—2009）",
)
SUBSTANCES: list[dict[str, Any]] = [
    {"slug": "benzene", "surface_mg_kg": 0.6, "subsurface_mg_kg": 6.5, "groundwater_mg_l": 0.31},
    {"slug": "chlorobenzene", "surface_mg_kg": 12, "subsurface_mg_kg": 160, "groundwater_mg_l": 3.2},
    {"slug": "hch_beta", "surface_mg_kg": 3.2, "subsurface_mg_kg": 1.1},
    {"slug": "hch_gamma", "surface_mg_kg": 2.6, "subsurface_mg_kg": 0.7},
    {"slug": "ddt_gb36600", "surface_mg_kg": 9.8, "subsurface_mg_kg": 2.1},
    {"slug": "dichlorvos", "surface_mg_kg": 1.3, "subsurface_mg_kg": 0.4},
    {"slug": "lead", "surface_mg_kg": 310},
]
SURVEY = "详细调查实测：12 个未污染土样的均值（编造的示例）"
MEASURED = {
    "fom": {"value": 9.6, "because": SURVEY},
    "rho_b": {"value": 1.42, "because": SURVEY},
    "Lgw": {"value": 260, "because": "水位观测井 W3 枯水期埋深（编造的示例）"},
    "hv": {"value": 255, "because": "随地下水埋深调整：260 − 毛细管层 5 cm"},
}
DRAWN = {
    "benzene.subsurface_mg_kg": {
        "kind": "lognormal",
        "geometric_mean": 3.9,
        "gsd": 2.1,
        "because": "下层 26 个样品对数正态拟合（编造的示例）",
    },
    "fom": {"kind": "triangular", "low": 5, "mode": 9.6, "high": 16, "because": SURVEY},
    "ER": {"kind": "uniform", "low": 8, "high": 16, "because": "规划校舍的通风设计范围（编造的示例）"},
}


def tell() -> None:
    """A site, a run with the defaults, one with what the survey measured, and draws of it; each on its day."""
    officer = Person.objects.get(username=OFFICER)
    office = Department.objects.select_related("division").get(name=OFFICE)
    first, second = (min(day, clock.today()) for day in (FIRST, SECOND))
    by = Actor.of(officer, on=first)
    site = risk.create_site(FACTS, office.division, office, by=by, at=_at(first, 9))
    case = {"land_class": 1, "parameter_set": "hj25.3-2019", "overrides": {}, "substances": SUBSTANCES}
    risk.compute(site, case, "初步：全部采用推荐参数", by=by, at=_at(first, 10))
    by = Actor.of(officer, on=second)
    run = risk.compute(
        site, case | {"overrides": MEASURED}, "采用详细调查实测的土壤和水位参数", by=by, at=_at(second, 10)
    )
    riskdraws.draw_run(run, DRAWN, Sampled(5000, 20261013, "latin_hypercube"), by=by, at=_at(second, 11))


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))
