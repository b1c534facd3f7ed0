"""How small facts of inputs and water are told: checked, written once, put aside for a better one with the reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.models import new_uid
from soildesk.core.permissions import Actor, require
from soildesk.farmland.models.told import Told
from soildesk.farmland.refusals import InputRefused
from soildesk.farmland.services import keeping
from soildesk.farmland.services.days import refuse_ancient
from soildesk.land.services.writing import Place, refuse_future

Check = Callable[[Mapping[str, Any], Actor], None]


@dataclass(frozen=True)
class Telling:
    """The acts on rows of one table. `check(facts, by)` refuses what cannot be so; `day` names the fact that is no future."""

    model: type[Told]
    permission: str
    act: str
    facts: frozenset[str]
    check: Check
    day: str = "on"

    @property
    def subject(self) -> keeping.Subject:
        """For taking back and attaching."""
        return keeping.Subject(self.model, self.permission, self.act)

    @transaction.atomic
    def tell(self, facts: Mapping[str, Any], place: Place, *, by: Actor, at: datetime, batch: Any = None) -> Told:
        """One row of a place."""
        clean = self.check_new(facts, place, by=by)
        made = keeping.insert(self.model, {**clean, "batch_id": batch.pk if batch else None}, place, by=by, at=at)
        audit.record(f"{self.act}.told", subject=made, by=by, at=at, data={"facts": sorted(clean)})
        return made

    @transaction.atomic
    def correct(self, row: Told, facts: Mapping[str, Any], place: Place, *, by: Actor, at: datetime, why: str) -> Told:
        """Another row in the place of one that was wrong or not whole."""
        held = keeping.locked(self.model, row)
        require(by, self.permission, held)
        if not why.strip():
            raise InputRefused(_("请写明更正的原因：原因会留在历史里。"), code="farmland.input.words")
        clean = self.check_new(facts, place, by=by)
        took_over = put_aside(held, why, at)
        made = keeping.insert(self.model, {**clean, **took_over}, place, by=by, at=at)
        audit.record(
            f"{self.act}.corrected", subject=made, by=by, at=at, data={"put_aside": str(held.uid), "why": held.reason}
        )
        return made

    def check_new(self, facts: Mapping[str, Any], place: Place, *, by: Actor) -> dict[str, Any]:
        """The facts as they may be stored; refused where they may not be told."""
        require(by, self.permission, self.model(**place.columns))
        if unknown := sorted(set(facts) - self.facts):
            raise InputRefused(
                _("没有“%(names)s”这样的内容：请核对字段。") % {"names": "、".join(unknown)},
                code="farmland.input.unknown_fact",
            )
        clean = {
            name: value.strip() if isinstance(value, str) else value
            for name, value in facts.items()
            if value is not None
        }
        told: date | None = clean.get(self.day)
        if told is not None:
            refuse_future(told, by, InputRefused, "farmland.input.future")
            refuse_ancient(told, InputRefused, "farmland.input.ancient")
        self.check(clean, by)
        return clean


def put_aside(held: Told, why: str, at: datetime) -> dict[str, Any]:
    """A row that is no more what stands; what the row in its place takes over: its address, its import, the reason."""
    address = held.uid
    held.uid, held.superseded_at, held.reason = new_uid(), at, why.strip()[:300]
    held.save(update_fields=["uid", "superseded_at", "reason"])
    return {"uid": address, "batch_id": held.batch_id, "reason": held.reason}


def need_positive(facts: Mapping[str, Any], name: str, title: str) -> None:
    """Refuse an amount of nothing."""
    if facts.get(name) is not None and facts[name] <= 0:
        raise InputRefused(
            _("%(title)s“%(value)s”不对：应大于 0。") % {"title": title, "value": facts[name]},
            code="farmland.input.value",
        )


def need_choice(facts: Mapping[str, Any], name: str, choices: Any) -> None:
    """Refuse a word that is none of the choices."""
    if facts.get(name) and facts[name] not in choices.values:
        raise InputRefused(
            _("没有“%(value)s”这个选项：请在%(known)s中选择。")
            % {"value": facts[name], "known": "、".join(str(one) for one in choices.labels)},
            code="farmland.input.choice",
        )
