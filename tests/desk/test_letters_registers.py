"""What every register promises, held for letters, talks and meetings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from desk.letters_world import TODAY, Desk
from desk.register_promises import RegisterPromises
from desk.supervision_world import morning
from soildesk.supervision.services import meetings
from soildesk.supervision.services.meetings import Point, Wanted

pytestmark = pytest.mark.store


class NoVersions(RegisterPromises):
    """Rows that are no versions of things have no history of versions and are not edited."""

    half_blind = "auditor"

    def addresses(self, keys: Sequence[str]) -> Iterator[str]:
        return (url for url in super().addresses(keys) if not url.endswith(("/history", "/edit")))

    def desk(self, world: Any) -> Desk:
        self.made = getattr(self, "made", None) or Desk(world)
        return self.made


class TestLetters(NoVersions):
    collection = "letters"

    def fill(self, world: Any) -> Sequence[str]:
        made = self.desk(world)
        return [str(made.sent().uid), str(made.sent(title="另一封").uid)]

    def more(self, world: Any, count: int) -> None:
        for _number in range(count):
            self.desk(world).sent()


class TestTalks(NoVersions):
    collection = "talks"

    def fill(self, world: Any) -> Sequence[str]:
        made = self.desk(world)
        return [str(made.held().uid), str(made.talk().uid)]

    def more(self, world: Any, count: int) -> None:
        for _number in range(count):
            self.desk(world).held()


class TestMeetings(NoVersions):
    collection = "meetings"

    def fill(self, world: Any) -> Sequence[str]:
        return [self._made(world, 1), self._made(world, 2)]

    def _made(self, world: Any, number: int) -> str:
        made = self.desk(world)
        wanted = Wanted(f"第{number}次联席会议", TODAY, [made.unit("agriculture")])
        by = made.who("chief")
        meeting = meetings.prepare(wanted, [Point("议题")], by=by, at=morning(TODAY))
        return str(meetings.call(meeting, by=by, at=morning(TODAY)).uid)

    def more(self, world: Any, count: int) -> None:
        for number in range(count):
            self._made(world, number)
