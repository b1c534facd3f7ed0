"""The entries of a register for one actor: which there are, what a row says in them, how a value reads as text."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from soildesk.core.permissions import Actor
from soildesk.kit.faces import Change, Choices, Entry, Writing
from soildesk.kit.seen import Seen

EMPTY_IS_TEXT = ("text", "lines", "choice")


@dataclass(frozen=True)
class Entries:
    """What an actor may enter in a register. Entries whose values are hidden from the actor are not offered."""

    seen: Seen
    actor: Actor

    @property
    def writing(self) -> Writing:
        """How the register is written."""
        writing = self.seen.declared.writing
        if writing is None:
            raise LookupError(f"{self.seen.declared.collection} is not written by entries: declare its `writing`.")
        return writing

    @cached_property
    def all(self) -> list[Entry]:
        """The entries, in the order declared."""
        hidden, fields = self.seen.closed, self.seen.hidden_fields
        return [entry for entry in self.writing.entries if entry.key not in hidden and entry.path not in fields]

    @cached_property
    def by_key(self) -> dict[str, Entry]:
        """The same by key."""
        return {entry.key: entry for entry in self.all}

    @cached_property
    def tells(self) -> Callable[[Change], Sequence[str]]:
        """What the room says of a new row before it is written, asked for once."""
        return self.writing.tells(self.actor) if self.writing.tells else lambda change: ()

    @property
    def bulk(self) -> list[Entry]:
        """Those that may be changed for many rows at once."""
        return [entry for entry in self.all if entry.bulk and entry.kind != "geometry"]

    def choices(self, entry: Entry) -> Choices:
        """What may be chosen."""
        return self._choices.setdefault(
            entry.key, entry.choices(self.actor, self.seen.on) if callable(entry.choices) else entry.choices
        )

    @cached_property
    def _choices(self) -> dict[str, Choices]:
        return {}

    @property
    def paths(self) -> list[str]:
        """The fields of the query the entries read; ground is read only where it is asked for."""
        return [entry.path for entry in self.all if entry.kind != "geometry"]

    def row(self, key: str) -> dict[str, Any] | None:
        """The row that stands, with the values of its entries, its ground included."""
        return self.seen.row(key, [entry.path for entry in self.all])

    def values(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """The values of a row by entry."""
        return {entry.key: row.get(entry.path) for entry in self.all if entry.path in row}

    def in_words(self, entry: Entry, value: Any) -> str:
        """A value as a person reads it."""
        if value is None or value == "":
            return "—"
        if isinstance(value, BaseGeometry):
            return _("%(n)s 个拐点") % {"n": int(shapely.get_num_coordinates(value))}
        if isinstance(value, bool):
            return _("是") if value else _("否")
        labels = {str(known): str(label) for known, label in self.choices(entry)}
        return labels.get(str(value), as_text(value))

    def changed(self, values: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
        """Those of `values` that say something else than the row."""
        return {key: value for key, value in values.items() if not same(value, row.get(self.by_key[key].path))}

    def lines(self, values: Mapping[str, Any], row: Mapping[str, Any] | None) -> list[tuple[str, str, str]]:
        """What a change says: (name, before, after) in words; of a new row, what is said at all."""
        found = []
        for key, value in values.items():
            entry = self.by_key[key]
            before = self.in_words(entry, row.get(entry.path)) if row is not None else ""
            if row is not None or value not in (None, ""):
                found.append((str(entry.title), before, self.in_words(entry, value)))
        return found


def stamp(row: Mapping[str, Any]) -> str:
    """What a row said when it was read: another stamp, another content."""
    told = "|".join(f"{name}={_stamped(value)}" for name, value in sorted(row.items()) if not name.startswith("_"))
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def _stamped(value: Any) -> str:
    return shapely.to_wkb(value, hex=True) if isinstance(value, BaseGeometry) else repr(value)


def nothing(entry: Entry) -> Any:
    """What an emptied entry says."""
    return "" if entry.kind in EMPTY_IS_TEXT else None


def same(new: Any, old: Any) -> bool:
    """Whether two values say the same, however they are held."""
    if isinstance(new, BaseGeometry) and isinstance(old, BaseGeometry):
        return bool(new.equals(old))
    if new in (None, "") or old in (None, ""):
        return new in (None, "") and old in (None, "")
    if isinstance(new, bool) or isinstance(old, bool):
        return bool(new) == bool(old)
    if isinstance(new, Decimal | int | float) and isinstance(old, Decimal | int | float):
        return Decimal(str(new)) == Decimal(str(old))
    return bool(new == old) or str(new) == str(old)


def as_text(value: Any) -> str:
    """A value as it stands in a box or a cell; `kit.gis.values.clean` reads it again."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def titles(entries: Sequence[Entry]) -> dict[str, str]:
    """The entries' titles by key."""
    return {entry.key: str(entry.title) for entry in entries}


def stored(value: Any) -> str | None:
    """A value as a job's arguments keep it; `kit.gis.values.clean` reads it again."""
    return None if value is None else as_text(value)
