"""A register as one actor sees it: every face (list, file, API, OGC, tile, command) begins here.

What the actor may not see is taken away before any filter, sort, box, tile or count: columns, the filters on them
and the search in them. Without an actor only what is published answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404

from soildesk.core.permissions import Actor, holds_for_all, may, require
from soildesk.kit import veil
from soildesk.kit.filters import Filter
from soildesk.kit.keyset import model_field
from soildesk.kit.register import Column, Register, called, collections


@dataclass(frozen=True)
class Seen:
    """A register, seen by `actor` (None: the public) on a day, as known now or at a moment."""

    declared: Register
    actor: Actor | None
    on: date
    known_on: datetime | None = None

    @cached_property
    def hidden(self) -> frozenset[str]:
        """Keys of the columns this actor may see in no row."""
        register = self.declared
        if self.actor is None:
            shown = set(register.public.columns) if register.public else set()
            return frozenset(column.key for column in register.columns if column.key not in shown)
        allowed = register.personal_permission and may(self.actor, register.personal_permission)
        return frozenset() if allowed else frozenset(register.personal)

    @cached_property
    def veiled(self) -> frozenset[str]:
        """Keys of the columns this actor may see in some rows only (`kit.veil`)."""
        register = self.declared
        if self.actor is None or self.hidden or not register.personal:
            return frozenset()
        for_all = holds_for_all(self.actor, register.personal_permission, self._rows())
        return frozenset() if for_all else frozenset(register.personal)

    @property
    def closed(self) -> frozenset[str]:
        """Keys of the columns whose values this actor may not see in every row: none of them is entered or compared."""
        return self.hidden | self.veiled

    @cached_property
    def hidden_fields(self) -> frozenset[str]:
        """The fields of the query that only columns read which are hidden, or veiled in some rows."""
        return fields_only_of(self.declared, self.closed)

    @cached_property
    def register(self) -> Register:
        """The register without what is hidden."""
        if self.veiled:
            return veil.behind(self.declared)
        return without(self.declared, self.hidden) if self.hidden else self.declared

    @property
    def columns(self) -> list[Column]:
        """The columns that may be seen, chosen or not."""
        return list(self.register.columns)

    def queryset(self) -> QuerySet:
        """The rows that may be seen: the only source of every face."""
        if self.veiled and self.actor is not None:
            return veil.veiled(self._rows(), self.actor, self.declared)
        return self._rows()

    def _rows(self) -> QuerySet:
        register = self.declared
        if self.actor is None:
            if register.public is None:
                raise LookupError(f"{register.collection} has no public rows: ask `visible` first.")
            return register.public.queryset(self.on)
        return register.rows(self.actor, self.on, self.known_on)

    def readable(self, keys: Iterable[str]) -> Iterator[Any]:
        """Those of the keys, given as text, that could be keys of this register at all."""
        field = model_field(self.queryset().model, self.declared.key)
        for key in keys:
            with suppress(ValidationError):
                yield field.to_python(key)

    def row(self, key: str, fields: Iterable[str] = ()) -> dict[str, Any] | None:
        """The row of this key with what the columns need, `fields` and `pk`; None where the actor sees none."""
        keys = list(self.readable([key]))
        names = sorted({*self.needs(), *fields, "pk"})
        found = self.queryset().filter(**{f"{self.declared.key}__in": keys}).values(*names)[:1]
        return next(iter(found), None)

    def values(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row's values by column key for a machine; hidden ones are None."""
        held = dict(row)
        shown = {column.key: column for column in self.columns}
        return {c.key: shown[c.key].of(held) if c.key in shown else None for c in self.declared.columns}

    def needs(self, columns: Iterable[Column] | None = None) -> list[str]:
        """The fields of the query that the shown columns (or some of them) read, and the key."""
        names = {self.declared.key, *self.declared.fields}
        for column in self.columns if columns is None else columns:
            names.update(column.needs())
        return sorted(names)


def without(register: Register, hidden: Iterable[str]) -> Register:
    """`register` without some columns, and without every filter, order and search that reads only them."""
    gone = frozenset(hidden)
    only_hidden = fields_only_of(register, gone)
    return replace(
        register,
        columns=[_unsorted(column, only_hidden) for column in register.columns if column.key not in gone],
        filters=[each for each in register.filters if each.key not in gone and not _reads(each) & only_hidden],
        search=[name for name in register.search if name not in only_hidden],
        totals={key: total for key, total in register.totals.items() if key not in gone},
    )


def fields_only_of(register: Register, keys: frozenset[str]) -> frozenset[str]:
    """The fields that these columns read and no other."""
    fields = {name for column in register.columns if column.key in keys for name in column.needs()}
    kept = {name for column in register.columns if column.key not in keys for name in column.needs()}
    return frozenset(fields - kept)


def _unsorted(column: Column, only_hidden: frozenset[str]) -> Column:
    """The column, no more to be sorted by where its order is that of hidden values."""
    names = {name.strip().removeprefix("-") for name in column.sort.split(",")}
    return replace(column, sort="") if names & only_hidden else column


def _reads(each: Filter) -> set[str]:
    """The fields a filter is put on; one with conditions of its own is known by its key alone."""
    return {getattr(each, "field", "") or each.key, *getattr(each, "fields", ())}


def visible(actor: Actor | None, register: Register) -> bool:
    """Whether this register answers this actor at all."""
    if actor is None:
        return register.public is not None
    held = not register.permission or may(actor, register.permission)
    return held and (register.allows is None or register.allows(actor))


def seen(collection: str, actor: Actor | None, on: date, known_on: datetime | None = None) -> Seen | None:
    """The collection as the actor sees it; None where there is none, or none for this actor."""
    register = called(collection)
    if register is None or not visible(actor, register):
        return None
    return Seen(register, actor, on, known_on)


def all_seen(actor: Actor | None, on: date, known_on: datetime | None = None) -> list[Seen]:
    """Every collection the actor may see, in the order they were declared."""
    return [Seen(register, actor, on, known_on) for register in collections().values() if visible(actor, register)]


def required(register: Register, actor: Actor, on: date, known_on: datetime | None = None) -> Seen:
    """The register as the actor sees it, the permission asked for."""
    if register.permission:
        require(actor, register.permission)
    if register.allows is not None and not register.allows(actor):
        raise Http404(register.collection)  # nor is it told that there is such a register, or its name
    return Seen(register, actor, on, known_on)
