"""What every register promises, held for plots, notices of lists, stays on lists and written notices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, ClassVar

import pytest

from desk.land_world import square
from desk.plot_world import FIRST, Plots, noon
from desk.register_promises import RegisterPromises
from soildesk.plots.models import Membership
from soildesk.plots.services import candidates, notices

pytestmark = pytest.mark.store


class TestPlots(RegisterPromises):
    collection = "plots"
    personal = "佟兰芝"
    changes: ClassVar[dict[str, str]] = {"location": "柏庄镇东河路 8 号"}

    def fill(self, world: Any) -> Sequence[str]:
        made = Plots(world)
        held = [
            made.plot("原农药厂地块", square(0, 0), holder="佟兰芝", holder_kind="person", code="G1", use_planned="R2"),
            made.plot("粮库地块", square(1, 0), responsible_state="known", responsible_person="佟兰芝"),
        ]
        made.to(held[0], "S2")
        return [str(one.plot.uid) for one in held]

    def more(self, world: Any, count: int) -> None:
        made = Plots(world)
        for number in range(count):
            made.to(made.plot(f"第{number}机械厂", square(2 + number % 4, 1 + number // 4)), "S0")


class NoVersions(RegisterPromises):
    """Rows that are no versions of things have no history of versions, and are not edited."""

    def addresses(self, keys: Sequence[str]) -> Iterator[str]:
        return (url for url in super().addresses(keys) if not url.endswith(("/history", "/edit")))


class TestNotices(NoVersions):
    collection = "plot_notices"

    def fill(self, world: Any) -> Sequence[str]:
        made = Plots(world)
        return [str(made.notice(key, date(2026, 3, 20)).uid) for key in ("suspected", "roster")]

    def more(self, world: Any, count: int) -> None:
        made = Plots(world)
        for _number in range(count):
            made.notice("polluted", date(2026, 3, 20), paper=False)


class TestStays(NoVersions):
    collection = "plot_listings"

    def fill(self, world: Any) -> Sequence[str]:
        made = Plots(world)
        for at, name in enumerate(("甲地块", "乙地块")):
            made.listed(made.plot(name, square(at, 0)), "suspected", FIRST)
        return [str(uid) for uid in Membership.objects.values_list("uid", flat=True)]

    def more(self, world: Any, count: int) -> None:
        made = Plots(world)
        for number in range(count):
            made.listed(made.plot(f"第{number}机械厂", square(2 + number % 4, 1 + number // 4)), "suspected", FIRST)


class TestWritten(NoVersions):
    collection = "written_notices"
    personal = "佟兰芝"

    def fill(self, world: Any) -> Sequence[str]:
        made = Plots(world)
        held = [made.to(made.plot(f"{who}地块", square(at, 0)), "S0") for at, who in enumerate("甲乙")]
        return [
            str(self._serve(made, plot, f"云环通〔2026〕{number}号", who).uid)
            for plot, number, who in zip(held, (901, 902), ("佟兰芝", "粮库"), strict=True)
        ]

    def more(self, world: Any, count: int) -> None:
        made = Plots(world)
        for number in range(count):
            plot = made.to(made.plot(f"北{number}地块", square(5, number)), "S0")
            self._serve(made, plot, f"云环通〔2026〕{number}号", "某厂")

    def _serve(self, made: Plots, plot: Any, number: str, who: str) -> Any:
        on = FIRST + timedelta(days=3)
        facts = {"kind": "preliminary", "number": number, "recipient": who, "sent_on": on, "received_on": on}
        return notices.serve(plot.plot, facts, by=made.officer, at=noon(on))


class TestCandidates(NoVersions):
    collection = "plot_candidates"

    def fill(self, world: Any) -> Sequence[str]:
        made = self._made(world, "甲", 2)
        return [str(one.uid) for one in made]

    def more(self, world: Any, count: int) -> None:
        self._made(world, "乙", count)

    def _made(self, world: Any, name: str, count: int) -> Any:
        fed = [
            candidates.Fed("imagery", f"imagery:{name}{at}", f"{name}图斑{at}", FIRST, geometry=square(at, 6))
            for at in range(count)
        ]
        return candidates.take_in(fed, by=world.actor("officer"), at=noon(FIRST))
