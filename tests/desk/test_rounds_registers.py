"""What every register promises, held for rounds of 调度 and their sheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from desk.register_promises import RegisterPromises
from desk.rounds_world import OPENED, Rounds
from soildesk.supervision.models import DispatchRound


class OfRounds(RegisterPromises):
    """Rows that are no versions of things have no history of versions and are not edited."""

    half_blind = "auditor"

    def addresses(self, keys: Sequence[str]) -> Iterator[str]:
        return (url for url in super().addresses(keys) if not url.endswith(("/history", "/edit")))

    def desk(self, world: Any) -> Rounds:
        self.made = getattr(self, "made", None) or Rounds(world)
        return self.made

    def open(self, world: Any, rhythm: str, day: date = OPENED) -> DispatchRound:
        """A round of the period a day lies in."""
        made = self.desk(world)
        return made.open(made.asked(day, OPENED + timedelta(days=2), rhythm=rhythm))


class TestRounds(OfRounds):
    collection = "dispatch_rounds"

    def fill(self, world: Any) -> Sequence[str]:
        return [str(self.open(world, rhythm).uid) for rhythm in ("quarter", "month")]

    def more(self, world: Any, count: int) -> None:
        for at in range(count):
            month = at + 1 if at < 9 else 3 * (at - 9) + 1
            self.open(world, "month" if at < 9 else "quarter", date(2026, month, 15))


class TestSheets(OfRounds):
    collection = "dispatch_sheets"

    def fill(self, world: Any) -> Sequence[str]:
        return [str(one.uid) for one in self.open(world, "quarter").sheets.all()]

    def more(self, world: Any, count: int) -> None:
        self.open(world, "month")
        self.open(world, "half")
