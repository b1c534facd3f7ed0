"""One row of a register as a page: its name, its facts, where it lies, what was written when, what can be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import shapely
from django.db.models import Model
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from soildesk.core.permissions import NotAllowed, require
from soildesk.kit import faces_urls, history
from soildesk.kit.faces import RecordPage
from soildesk.kit.parts import Act, Fact
from soildesk.kit.register import Column, Register
from soildesk.kit.seen import Seen


@dataclass(frozen=True)
class Record:
    """A row as its actor sees it; `row` is read with everything the visible columns need, and `pk`."""

    seen: Seen
    key: str
    row: dict[str, Any]

    @property
    def register(self) -> Register:
        """The register, without what is hidden."""
        return self.seen.register

    @cached_property
    def instance(self) -> Model:
        """The row itself, for permissions and its ground."""
        found: Model = self.seen.queryset().get(pk=self.row["pk"])
        return found

    @cached_property
    def code_column(self) -> Column | None:
        """The column that names a row: the frozen one, or the first."""
        frozen = [column for column in self.seen.columns if column.frozen]
        return next(iter(frozen or self.seen.columns), None)

    @cached_property
    def code(self) -> str:
        """What a row is called by for short."""
        column = self.code_column
        return str(column.of(self.row) or "") if column else ""

    @cached_property
    def title(self) -> str:
        """The row's name, or its code where it has none."""
        ground = self.register.ground
        named = self.row.get(ground.title) if ground and ground.title in self.seen.needs() else ""
        return str(named or self.code or self.register.title)

    @cached_property
    def facts(self) -> list[Fact]:
        """Every visible column as a line, chosen for the list or not; what two columns say, once."""
        named = {self.title, self.code} if self.code_column else set()
        lines = []
        for column in self.seen.columns:
            if not column.on_record:
                continue
            value = column.of(self.row)
            if column is self.code_column and str(value) in named:
                continue
            shown = column.format(value, {k: v for k, v in self.row.items() if k != "_url"})
            lines.append(Fact(str(column.title), mark_safe(shown)))  # noqa: S308 (every cell escapes)
        return lines

    @cached_property
    def added(self) -> RecordPage:
        """What the room adds."""
        declared = self.seen.declared
        if declared.record is None or self.seen.actor is None:
            return RecordPage()
        return declared.record(self.seen.actor, self.row, self.seen.on)

    @cached_property
    def told(self) -> list[history.Told]:
        """What was written when, and the room's own events; newest first."""
        lines = history.of_events(self.added.history)
        model = self.seen.queryset().model
        if history.is_versioned(model):
            versions = history.versions_of(self.seen, getattr(self.instance, f"{model.identity}_id"))
            lines += history.told(versions, history.shown(self.seen))
        return sorted(lines, key=lambda line: line.day, reverse=True)

    @cached_property
    def bbox(self) -> str:
        """West, south, east, north of the row's ground; empty where it has none."""
        ground = self.register.ground
        if ground is None:
            return ""
        shape = self.seen.queryset().filter(pk=self.row["pk"]).values_list(ground.field, flat=True).first()
        if shape is None:
            return ""
        return ",".join(f"{edge:.7f}" for edge in shapely.bounds(shape).tolist())

    @property
    def map_url(self) -> str:
        """This row on the whole map."""
        return faces_urls.map_of(self.register, f"feature={self.key}") if self.bbox else ""

    @cached_property
    def acts(self) -> list[Act]:
        """The room's acts and kit's own; what a rule stops says which."""
        return [*self.added.acts, *self._edit()]

    def _edit(self) -> list[Act]:
        writing = self.seen.declared.writing
        if writing is None or writing.change is None:
            return []
        return [
            Act(
                _("修改"),
                faces_urls.of(self.register, "edit", self.key),
                icon="pencil",
                stopped_by=self.refusal(writing.permission),
            )
        ]

    def refusal(self, permission: str) -> str:
        """Why the actor may not do this to the row; empty where he may."""
        try:
            require(self.seen.actor, permission, self.instance)
        except NotAllowed as refusal:
            return refusal.sentence
        return ""


def find(seen: Seen, key: str) -> Record | None:
    """The record of this key; None where the actor sees none on this day."""
    row = seen.row(key)
    if row is None:
        return None
    if seen.register.enrich and seen.actor is not None:
        seen.register.enrich([row], seen.actor, seen.on)
    return Record(seen, key, row)


def other_day(seen: Seen, key: str) -> date | None:
    """A day on which the actor sees the row, where it does not stand on the day asked for: the last one before, or the first."""
    model = seen.queryset().model
    if seen.actor is None or not history.is_versioned(model):
        return None
    keys = list(seen.readable([key]))
    rows = model._default_manager.visible_to(seen.actor).filter(
        superseded_at__isnull=True, **{f"{seen.declared.key}__in": keys}
    )
    earlier = rows.filter(since__lte=seen.on).order_by("-since")
    later = rows.filter(since__gt=seen.on).order_by("since")
    days = [*earlier.values_list("since", flat=True)[:1], *later.values_list("since", flat=True)[:1]]
    return next((day for day in days if Seen(seen.declared, seen.actor, day).row(key) is not None), None)
