"""What is kept by versions in a place, entered by people: one way from a form, a template or an import to the acts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _l

from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, NotAllowed
from soildesk.core.versions import Recording
from soildesk.kit.faces import Change, Entry
from soildesk.land.queries.choices import department, own_towns
from soildesk.land.services.writing import place_at

TOWN = Entry(
    "town", _l("乡镇（街道）"), "choice", field="division_path", choices=own_towns, bulk=True,
    names=["所在乡镇", "所属乡镇", "乡镇", "乡镇名称", "乡镇街道", "镇街", "乡", "镇", "街道", "XZQMC", "XZMC"], note=_l("不填则为本单位所在的行政区。"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class VersionActs:
    """`add`, `change` and `guard` of a `Writing`, for a thing called `thing` on its versions.

    `acts` is the module of its services: register, check_new, change, check_change. `version(actor, uid, on)` gives the
    version that stands, or refuses. With `keeps_import` the version names the import it came by.
    """

    thing: str
    acts: Any
    version: Callable[[Actor, str, date | None], Any]
    keeps_import: bool = False

    def add(self, actor: Actor, change: Change, at: datetime) -> str:
        """Register one; its key."""
        facts, place, since = _new(actor, change)
        if self.keeps_import and change.batch is not None:
            facts["batch"] = change.batch
        made = self.acts.register(facts, place, since=since, by=actor, at=at, why=change.why)
        return str(getattr(made, self.thing).uid)

    def change(self, actor: Actor, key: str, change: Change, at: datetime) -> None:
        """Change or correct one."""
        version = self.version(actor, key, change.since)
        recording = Recording(actor, at, change.why)
        self.acts.change(version, _facts(actor, change), since=change.since, recording=recording)

    def guard(self, actor: Actor, change: Change, row: Mapping[str, Any] | None) -> Sequence[str]:
        """What would be refused."""
        try:
            if row is None:
                facts, place, since = _new(actor, change)
                self.acts.check_new(facts, place, since=since, by=actor)
            else:
                version = self.version(actor, str(row[f"{self.thing}__uid"]), change.since)
                self.acts.check_change(version, _facts(actor, change), since=change.since, by=actor)
        except (Refusal, NotAllowed) as refusal:
            return [str(refusal)]
        return []


def _facts(actor: Actor, change: Change) -> dict[str, Any]:
    """What was entered, as the acts take it: town and keeper become records."""
    facts = dict(change.values)
    if town := facts.pop("town", None):
        facts["place"] = place_at(town, actor)
    if facts.get("keeper") not in (None, ""):
        facts["keeper"] = department(int(facts["keeper"]))
    return facts


def _new(actor: Actor, change: Change) -> tuple[dict[str, Any], Any, date]:
    facts = _facts(actor, change)
    place = facts.pop("place", None) or place_at("", actor)
    return facts, place, change.since or actor.today
