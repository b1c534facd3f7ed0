"""Reports for tests: a published plan, problems, and the desk of the officer who makes reports of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from desk import ledger_world
from desk.oversight_world import Desk
from soildesk.land.services.writing import Place
from soildesk.reporting.models import ReportCopy, ReportDue
from soildesk.reporting.services import calendar, copies
from soildesk.reporting.services.calendar import Entry
from soildesk.reporting.services.copies import Wanted, period_named


class Reports:
    """青禾区 with a plan in force and two problems, one of them late."""

    def __init__(self, world: Any, *, plan: bool = True) -> None:
        self.world = world
        self.place = Place(world.district, world.departments["ecology"])
        self.plan = ledger_world.published(world) if plan else None

    def with_problems(self) -> Reports:
        """Two problems, one late."""
        desk = Desk(self.world)
        desk.problem("地面防渗层破损", unit="agriculture", due=date(2026, 11, 15))
        desk.problem("危废台账缺失", unit="agriculture", due=date(2026, 12, 15))
        return self

    def wanted(self, kind: str, period: str = "2026", due: ReportDue | None = None) -> Wanted:
        """A report of the district."""
        return Wanted(kind, self.world.district, period_named(period), None, due)

    def copy(self, kind: str, period: str = "2026", due: ReportDue | None = None) -> ReportCopy:
        """A draft."""
        wanted = self.wanted(kind, period, due)
        return copies.make(wanted, self.place, by=self.world.actor("officer"), at=self.world.at)

    def due(self, title: str = "自评估报告", **more: Any) -> ReportDue:
        """A line of the calendar."""
        facts = {
            "receiver": "云泽市生态环境局",
            "period": period_named("2026"),
            "basis": "方案 保障措施",
            "due": date(2026, 12, 31),
        }
        return calendar.add(
            Entry(title, **{**facts, **more}), self.place, by=self.world.actor("officer"), at=self.world.at
        )
