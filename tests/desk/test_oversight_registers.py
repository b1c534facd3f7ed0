"""What every register promises, held for problems, plans of inspections and visits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pytest

from desk.enterprise_world import Firms
from desk.monitoring_world import spot
from desk.oversight_world import Desk
from desk.register_promises import RegisterPromises

pytestmark = pytest.mark.store


class NoVersions(RegisterPromises):
    """Rows that are no versions of things have no history of versions and are not edited."""

    def addresses(self, keys: Sequence[str]) -> Iterator[str]:
        return (url for url in super().addresses(keys) if not url.endswith(("/history", "/edit")))


class TestProblems(NoVersions):
    collection = "problems"

    def fill(self, world: Any) -> Sequence[str]:
        desk, firm = Desk(world), Firms(world).firm("青禾电镀有限公司")
        held = [
            desk.problem("地面防渗层破损", enterprise=firm.enterprise, geometry=spot(0.5, 0.5), due=date(2026, 11, 15)),
            desk.problem("危废台账缺失", unit="agriculture", geometry=spot(1.5, 0.5)),
        ]
        return [str(one.uid) for one in held]

    def more(self, world: Any, count: int) -> None:
        for number in range(count):
            Desk(world).problem(f"第{number}个问题", geometry=spot(2 + number % 4, 1))


class TestPlans(NoVersions):
    collection = "inspection_plans"
    half_blind = "auditor"

    def fill(self, world: Any) -> Sequence[str]:
        made = Firms(world)
        for name in ("甲公司", "乙公司", "丙公司"):
            made.firm(name)
        return [str(Desk(world).plan(2, title=title).uid) for title in ("上半年检查", "下半年检查")]

    def more(self, world: Any, count: int) -> None:
        for number in range(count):
            Desk(world).plan(1, title=f"第{number}次检查")


class TestVisits(NoVersions):
    collection = "visits"
    half_blind = "auditor"

    def fill(self, world: Any) -> Sequence[str]:
        made, desk = Firms(world), Desk(world)
        firms = [made.firm(name) for name in ("甲公司", "乙公司")]
        return [str(desk.visit(firm, point=spot(at + 0.5, 0.5)).uid) for at, firm in enumerate(firms)]

    def more(self, world: Any, count: int) -> None:
        made = Firms(world)
        made._codes = iter(range(500, 502))
        firm = made.firm("丙公司")
        for number in range(count):
            Desk(world).visit(firm, point=spot(2 + number % 4, 1))
