"""One way from a form, a template or an import to the acts of `services.telling`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, NotAllowed
from soildesk.farmland.models.told import Told
from soildesk.farmland.refusals import InputRefused
from soildesk.farmland.services.telling import Telling
from soildesk.kit.faces import Change
from soildesk.land.services.writing import Place

Resolve = Callable[[Actor, Mapping[str, Any], Told | None], tuple[dict[str, Any], Place]]


@dataclass(frozen=True, slots=True)
class TellingActs:
    """`add`, `change` and `guard` of a `Writing`. `resolve(actor, values, held)` makes facts and place of what was entered;
    what was not said stays as it is told in `held`."""

    telling: Telling
    resolve: Resolve

    def add(self, actor: Actor, change: Change, at: datetime) -> str:
        """Tell one; its key."""
        facts, place = self.resolve(actor, change.values, None)
        return str(self.telling.tell(facts, place, by=actor, at=at, batch=change.batch).uid)

    def change(self, actor: Actor, key: str, change: Change, at: datetime) -> None:
        """Put a better one in the place of one."""
        held = self._held(actor, key)
        facts, place = self.resolve(actor, self._whole(held, change), held)
        self.telling.correct(held, facts, place, by=actor, at=at, why=change.why)

    def guard(self, actor: Actor, change: Change, row: Mapping[str, Any] | None) -> Sequence[str]:
        """What would be refused."""
        try:
            held = self._held(actor, str(row["uid"])) if row else None
            facts, place = self.resolve(actor, self._whole(held, change) if held else change.values, held)
            self.telling.check_new(facts, place, by=actor)
        except (Refusal, NotAllowed) as refusal:
            return [str(refusal)]
        return []

    def _held(self, actor: Actor, key: str) -> Told:
        rows = self.telling.model._default_manager.visible_to(actor)  # type: ignore[attr-defined]
        held: Told | None = rows.filter(superseded_at=None, uid=UUID(key)).first()
        if held is None:
            raise InputRefused(_("这条记录已经更正过：请回到列表重新打开。"), code="farmland.input.stale")
        return held

    def _whole(self, held: Told, change: Change) -> Mapping[str, Any]:
        told = {name: getattr(held, name) for name in self.telling.facts}
        return told | dict(change.values)
