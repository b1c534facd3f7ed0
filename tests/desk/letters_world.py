"""Letters, talks and meetings for tests: the campaign office of 青禾区 and those it writes to.

made = Desk(made_world())
letter = made.sent(Act.ASSIGN, items=[Item("修复", made.unit("agriculture"), DUE)], answer_by=None)
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from desk.conftest import kept, made_world
from desk.supervision_world import Supervised, morning
from soildesk.core.permissions import Actor
from soildesk.supervision.models import Letter, Talk
from soildesk.supervision.services import letters, letters_sending, talks
from soildesk.supervision.services.letters import Item, Wanted
from soildesk.supervision.services.letters_sending import Reply
from soildesk.supervision.services.talks import Held, Plan, Promise
from soilrules.supervision.authorities import Act

TODAY = date(2026, 11, 20)
DUE = date(2026, 11, 27)


@contextmanager
def at_the_office(blocker: Any, folder: Path) -> Iterator[Desk]:
    """One office for all tests of a file; each undoes what it did."""
    with blocker.unblock(), kept(folder), translation.override("zh-hans"), pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOILDESK_TODAY", TODAY.isoformat())
        yield Desk(made_world())


class Desk(Supervised):
    """The campaign office writing letters, holding talks and meetings."""

    def who(self, name: str, day: date = TODAY) -> Actor:
        """Somebody on a day."""
        return Actor.of(self.world.people[name], day)

    def unit(self, name: str) -> Any:
        """A department."""
        return self.world.departments[name]

    def draft(self, act: Act = Act.SUPERVISE, by: str = "chief", **said: Any) -> Letter:
        """A draft of the campaign office."""
        farm = self.unit("agriculture")
        first: dict[str, Any] = {
            "title": "关于地面防渗的督办函", "units": [farm], "lead": "下列事项仍未办结。",
            "items": [Item("修复地面防渗层", farm, date(2026, 12, 10), "督办〔2026〕1号")], "answer_by": DUE,
        }  # fmt: skip
        return letters.draft(Wanted(act, **{**first, **said}), by=self.who(by), at=morning(TODAY))

    def signed(self, *args: Any, **said: Any) -> Letter:
        """A signed letter."""
        return letters.sign(self.draft(*args, **said), by=self.who("chief"), at=morning(TODAY))

    def sent(self, *args: Any, **said: Any) -> Letter:
        """A letter that went out."""
        return letters_sending.send(self.signed(*args, **said), by=self.who("chief"), at=morning(TODAY))

    def asks_for_talk(self) -> Letter:
        """A proposal to the government."""
        items = [Item("修复地面防渗层，逾期两个月", self.unit("agriculture"))]
        return self.sent(Act.TALK, request=True, units=[self.unit("government")], items=items, answer_by=None)

    def agreed(self) -> Letter:
        """A proposal the government agreed to."""
        reply = Reply(True, "青政函〔2026〕8号", TODAY)
        return letters_sending.register_reply(self.asks_for_talk(), reply, self.act("chief", "同意。"))

    def talk(self) -> Talk:
        """A talk that is arranged for today."""
        plan = Plan([self.unit("agriculture")], TODAY, "区政府")
        return talks.arrange(self.agreed(), plan, by=self.who("chief"), at=morning(TODAY))

    def held(self, *promises: Promise) -> Talk:
        """A talk that was held."""
        said = promises or (Promise(self.unit("agriculture"), "修复防渗层", DUE),)
        told = Held(TODAY, "副区长", "局长", "要求限期整改。", said)
        return talks.hold(self.talk(), told, self.act("chief", ""))
