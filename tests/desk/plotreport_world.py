"""Reports of plots for tests, handed in by services: with file and contents, checked, with the opinions of both sides."""

from __future__ import annotations

from datetime import date
from typing import Any

from desk.conftest import _person
from desk.plot_world import PAPER, Plots, noon
from soildesk.core.models import RoleGrant
from soildesk.plots.models import PlotVersion, Report
from soildesk.plots.services import reports, reviews
from soildesk.plots.services.reviews import Said

ON = date(2026, 6, 1)
LATER = date(2026, 6, 20)
AUTHOR = "91990101MA0009101M"
OTHER = "91990101MA0009111N"
SURVEY = {
    "basic_facts": True, "column": "first", "exceeds": False, "area_m2": "12000", "soil_points": "40",
    "sampled_on": date(2026, 4, 1), "test_report": "HC2026-001",
}  # fmt: skip
EXCEEDS = {"exceeds": True, "pollution_type": "重金属", "pollution_source": "原农药车间", "groundwater_polluted": False}
CONTENTS: dict[str, dict[str, Any]] = {
    "preliminary": SURVEY,
    "detailed": {**SURVEY, **EXCEEDS, "pollutants": "砷", "extent_m2": "3000", "depth_m": "4.5", "affects": "无明显影响"},
    "risk_assessment": {
        "pollutants": "砷", "soil_extent_m2": "3000", "groundwater_extent_m2": "0", "risks": "致癌风险超过可接受水平",
        "verdict": "remediation", "targets": "砷 20 mg/kg", "exposure_paths": "经口摄入", "risk_level": "高",
    },
    "remediation_plan": {
        "scope_and_targets": "3000 平方米，砷 20 mg/kg", "route_and_parameters": "异位固化稳定化",
        "secondary_pollution": "雨污分流、覆盖", "groundwater_covered": False, "soil_volume_m3": "9000",
    },
    "effect_evaluation": {
        "works_overview": "已完工", "measures_taken": "落实", "monitoring_results": "达标", "verdict": "reached",
        "follow_up": "无", "residual_above_first_class": False,
    },
    "aftercare": {"monitoring_plan": "每季一次", "use_limits": "不得开挖", "until": date(2030, 1, 1)},
}  # fmt: skip
"""Full contents of each kind of report."""


class Reports(Plots):
    """Makes plots and reports on them; beside the officer somebody of natural resources reviews."""

    def __init__(self, world: Any) -> None:
        super().__init__(world)
        if "resources" not in world.people:
            world.people["resources"] = _person(
                "resources", RoleGrant.Role.DEPARTMENT, world.district, world.departments["natural_resources"]
            )

    @property
    def resources(self) -> Any:
        """Whoever reviews for natural resources."""
        return self.world.actor("resources")

    def report(
        self, plot: PlotVersion, kind: str = "preliminary", *, on: date = ON, contents: dict[str, Any] | None = None,
        paper: bool = True, **facts: Any,
    ) -> Report:  # fmt: skip
        """A draft with its file."""
        said = self.facts(plot, kind, on=on, contents=contents, **facts)
        held = reports.register(plot.plot, kind, said, by=self.officer, at=noon(on))
        if paper:
            reports.attach(held, data=PAPER.data, name="报告.txt", by=self.officer, at=noon(on))
        return held

    def facts(
        self, plot: PlotVersion, kind: str = "preliminary", *, on: date = ON, contents: dict[str, Any] | None = None,
        **facts: Any,
    ) -> dict[str, Any]:  # fmt: skip
        """What a full report says."""
        return {
            "title": "原农药厂地块报告", "author": "云中环境咨询有限公司", "author_code": AUTHOR,
            "credit_record": "XY-2026-0007", "finished_on": on, "use_system": "gb50137_2011", "use_planned": "R2",
            "covers": plot.geometry, "contents": {**CONTENTS[kind], **(contents or {})}, **facts,
        }  # fmt: skip

    def submitted(self, plot: PlotVersion, kind: str = "preliminary", *, on: date = ON, **facts: Any) -> Report:
        """A report handed in."""
        return reports.submit(self.report(plot, kind, on=on, **facts), by=self.officer, at=noon(on), on=on)

    def reviewing(self, plot: PlotVersion, kind: str = "preliminary", *, on: date = ON, **facts: Any) -> Report:
        """A report whose review has begun."""
        return reports.complete(self.submitted(plot, kind, on=on, **facts), by=self.officer, at=noon(on))

    def passed_by_both(self, held: Report, *, on: date = ON) -> None:
        """The opinions of both departments of the county; a report without bound data was checked on paper."""
        if held.conclusion == "within" and not held.batches.exists() and not held.explained:
            reports.explain(held, {"explained": "纸质检测报告，已逐页核对"}, by=self.officer, at=noon(on))
        reviews.opine(held, Said("pass", on=on), by=self.officer, at=noon(on))
        reviews.opine(held, Said("pass", on=on), by=self.resources, at=noon(on))

    def passed_by_province(self, held: Report, *, on: date = ON) -> None:
        """The opinions of both departments of the province, on paper."""
        for side, name in (("ecology", "云中省生态环境厅"), ("resources", "云中省自然资源厅")):
            told = Said(
                "pass", on=on, authority=name, side=side, level="province", document=f"云评〔2026〕{held.pk}号", file=PAPER
            )  # fmt: skip
            reviews.opine(held, told, by=self.officer, at=noon(on))
