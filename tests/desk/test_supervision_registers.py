"""What every register promises, held for matters, slips, extensions and suspensions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pytest

from desk.register_promises import RegisterPromises
from desk.supervision_world import Supervised
from soildesk.supervision.models import Slip, Suspension
from soildesk.supervision.services import matters

pytestmark = pytest.mark.store
DUE = date(2026, 11, 25)


class NoVersions(RegisterPromises):
    """Rows that are no versions of things have no history of versions and are not edited."""

    half_blind = "auditor"

    def addresses(self, keys: Sequence[str]) -> Iterator[str]:
        return (url for url in super().addresses(keys) if not url.endswith(("/history", "/edit")))

    def desk(self, world: Any) -> Supervised:
        self.made = getattr(self, "made", None) or Supervised(world)
        return self.made


class TestMatters(NoVersions):
    collection = "matters"

    def fill(self, world: Any) -> Sequence[str]:
        made = self.desk(world)
        found = [made.matter("甲", due=DUE), made.matter("乙", due=date(2026, 11, 13))]
        made.run(date(2026, 11, 20))
        return [str(one.uid) for one in found]

    def more(self, world: Any, count: int) -> None:
        for number in range(count):
            self.desk(world).matter(f"第{number}项", due=DUE)


class TestSlips(NoVersions):
    collection = "slips"

    def fill(self, world: Any) -> Sequence[str]:
        made = self.desk(world)
        made.matter("甲", due=date(2026, 11, 13))
        made.run(date(2026, 11, 16))
        return [str(one.uid) for one in Slip.objects.order_by("id")]

    def more(self, world: Any, count: int) -> None:
        made = self.desk(world)
        for number in range(count):
            made.matter(f"第{number}项", due=date(2026, 11, 18))
        made.run(date(2026, 11, 19))


class TestExtensions(NoVersions):
    collection = "extensions"

    def fill(self, world: Any) -> Sequence[str]:
        return [self._asked(world, name) for name in ("甲", "乙")]

    def _asked(self, world: Any, name: str) -> str:
        made = self.desk(world)
        duty = made.matter(name, due=DUE)
        return str(matters.ask_extension(duty, date(2026, 12, 10), made.act("agriculture")).uid)

    def more(self, world: Any, count: int) -> None:
        for number in range(count):
            self._asked(world, f"第{number}项")


class TestSuspensions(NoVersions):
    collection = "suspensions"

    def fill(self, world: Any) -> Sequence[str]:
        return [self._asked(world, name) for name in ("甲", "乙")]

    def _asked(self, world: Any, name: str) -> str:
        made = self.desk(world)
        duty = made.matter(name, due=DUE)
        asked = matters.ask_suspension(duty, Suspension.Cause.WORKS, date(2026, 12, 10), made.act("agriculture"))
        return str(asked.uid)

    def more(self, world: Any, count: int) -> None:
        for number in range(count):
            self._asked(world, f"第{number}项")
