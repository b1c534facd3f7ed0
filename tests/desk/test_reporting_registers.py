"""What every register promises, held for the calendar, reports and blank forms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pytest

from desk.register_promises import RegisterPromises
from desk.reporting_world import Reports
from desk.test_reporting_letters import form
from soildesk.reporting.services import blanks
from soildesk.reporting.services.blanks import Upload

pytestmark = pytest.mark.store


class NoVersions(RegisterPromises):
    """Rows that are no versions of things have no history of versions and are not edited."""

    def addresses(self, keys: Sequence[str]) -> Iterator[str]:
        return (url for url in super().addresses(keys) if not url.endswith(("/history", "/edit")))


class TestDues(NoVersions):
    collection = "report_dues"

    def fill(self, world: Any) -> Sequence[str]:
        made = Reports(world, plan=False)
        return [str(made.due(title).uid) for title in ("自评估报告", "季度进展")]

    def more(self, world: Any, count: int) -> None:
        made = Reports(world, plan=False)
        for number in range(count):
            made.due(f"第{number}份报表", due=date(2026, 12, 1))


class TestCopies(NoVersions):
    collection = "reports"

    def fill(self, world: Any) -> Sequence[str]:
        made = Reports(world, plan=False)
        return [str(made.copy("plot_lists", period).uid) for period in ("2026", "2025")]

    def more(self, world: Any, count: int) -> None:
        made = Reports(world, plan=False)
        for _number in range(count):
            made.copy("plot_lists")


class TestBlanks(NoVersions):
    collection = "blank_forms"

    def fill(self, world: Any) -> Sequence[str]:
        by, office = world.actor("officer"), world.departments["ecology"]
        named = ("季度报表", "年度报表")
        return [
            str(blanks.take_in(Upload(name, f"{name}.xlsx", form()), office, by=by, at=world.at).uid) for name in named
        ]

    def more(self, world: Any, count: int) -> None:
        by, office = world.actor("officer"), world.departments["ecology"]
        for number in range(count):
            blanks.take_in(Upload(f"表{number}", "表.xlsx", form()), office, by=by, at=world.at)
