"""The rows of a register for one person, one day and one set of parameters: page, count, totals, everything."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import islice
from typing import Any

from django.core.cache import cache
from django.db.models import Count, QuerySet
from django.http import QueryDict

from soildesk.core.permissions import Actor
from soildesk.kit.filters import Chip, Scope, contains, narrowed
from soildesk.kit.register import Column, Register, Row

EXACT_UP_TO = 10_000
COUNT_KEPT_SECONDS = 60
CHUNK = 500
ROWS = Count("pk")
"""A total that is the number of rows: counted already."""
SEARCH, SORT, PAGE, COLUMNS = "q", "sort", "page", "cols"


@dataclass(frozen=True)
class Selection:
    """What of a register is asked for. `params` is the address bar's query."""

    register: Register
    actor: Actor
    on: date
    params: QueryDict = field(default_factory=QueryDict)

    @cached_property
    def scope(self) -> Scope:
        """For whom and for which day."""
        return Scope(self.actor, self.on)

    @cached_property
    def columns(self) -> list[Column]:
        """The columns shown, in the register's order."""
        keys = [key for part in self.params.getlist(COLUMNS) for key in part.split(",") if key]
        return self.register.chosen_columns(keys)

    @cached_property
    def sort(self) -> str:
        """The column key ordered by, with a minus where it falls; one that cannot be sorted is the default."""
        asked = self.params.get(SORT, "")
        column = self.register.column(asked.removeprefix("-"))
        return asked if column and column.sort else self.register.default_sort

    def filtered(self) -> QuerySet:
        """The scoped rows after search and filters, in no order."""
        queryset = self.register.queryset(self.actor, self.on)
        for word in self.params.get(SEARCH, "").split():
            queryset = queryset.filter(contains(self.register.search, word)) if self.register.search else queryset
        return narrowed(queryset, self.register.filters, self.params, self.scope)

    def ordered(self) -> QuerySet:
        """The filtered rows in the order asked for; the primary key settles ties, so that pages never overlap."""
        falling = self.sort.startswith("-")
        column = self.register.column(self.sort.removeprefix("-"))
        names = column.sort.split(",") if column else []
        return self.filtered().order_by(*(_turned(name.strip(), falling) for name in names), "pk")

    def values(self, queryset: QuerySet) -> QuerySet:
        """Only what the columns, the link and the key need."""
        names = {self.register.key, *self.register.fields}
        names.update(name for column in self.columns for name in column.needs())
        return queryset.values(*sorted(names))

    @cached_property
    def count(self) -> int:
        """How many rows: exact, but above ten thousand kept for a minute instead of counted on every page."""
        key = self._count_key()
        kept = cache.get(key)
        if kept is not None:
            return int(kept)
        counted = self.filtered().order_by().values("pk")[: EXACT_UP_TO + 1].count()
        if counted > EXACT_UP_TO:
            counted = self.filtered().order_by().count()
            cache.set(key, counted, COUNT_KEPT_SECONDS)
        return counted

    @cached_property
    def pages(self) -> int:
        """How many pages; an empty list has one."""
        return max(1, -(-self.count // self.register.page_size))

    @cached_property
    def page(self) -> int:
        """The page asked for, kept within 1 and the last."""
        asked = self.params.get(PAGE, "1")
        return min(max(1, int(asked)), self.pages) if asked.isdecimal() and len(asked) < 9 else 1

    @cached_property
    def page_rows(self) -> list[Row]:
        """The rows of the page, enriched, with `_url`."""
        start = (self.page - 1) * self.register.page_size
        if self.count == 0:
            return []
        return self._finished(list(self.values(self.ordered())[start : start + self.register.page_size]))

    def all_rows(self) -> Iterator[Row]:
        """Every row of the selection in order, read and enriched in chunks."""
        source = iter(self.values(self.ordered()).iterator(CHUNK))
        while chunk := list(islice(source, CHUNK)):
            yield from self._finished(chunk)

    def keys(self) -> list[str]:
        """The key of every row of the selection, for an act on all of them."""
        return [str(key) for key in self.ordered().values_list(self.register.key, flat=True)]

    @cached_property
    def totals(self) -> dict[str, Any]:
        """The totals over all filtered rows by column key, for the columns shown."""
        shown = {column.key for column in self.columns}
        wanted = {f"total_{k}": a for k, a in self.register.totals.items() if k in shown and a != ROWS}
        found = self.filtered().order_by().aggregate(**wanted) if wanted else {}
        counted = {key: self.count for key, a in self.register.totals.items() if key in shown and a == ROWS}
        return counted | {key.removeprefix("total_"): value for key, value in found.items()}

    @cached_property
    def chips(self) -> list[Chip]:
        """The active filters, one chip a value."""
        return [chip for each in self.register.filters for chip in each.chips(self.params, self.scope)]

    def query(self, drop: tuple[str, str] | None = None, **changes: str | None) -> str:
        """The query string with `changes` (None takes a parameter away); any change but of page goes to page 1."""
        params = self.params.copy()
        params.pop(PAGE, None)
        for name, value in changes.items():
            params.pop(name, None)
            if value is not None:
                params[name] = value
        if drop:
            name, value = drop
            params.setlist(name, [kept for kept in params.getlist(name) if kept != value])
        return "?" + params.urlencode()

    def _finished(self, rows: list[Row]) -> list[Row]:
        if self.register.enrich:
            self.register.enrich(rows, self.actor, self.on)
        if self.register.row_url:
            for row in rows:
                row["_url"] = self.register.row_url(row)
        return rows

    def _count_key(self) -> str:
        params = self.params.copy()
        for name in (PAGE, SORT, COLUMNS):
            params.pop(name, None)
        who = f"{self.actor.name}:{[grant.pk for grant in self.actor.grants]}"
        told = f"{self.register.name}|{who}|{self.on}|{sorted(params.lists())}"
        return "kit.count." + hashlib.sha256(told.encode()).hexdigest()


def _turned(name: str, falling: bool) -> str:
    if not falling:
        return name
    return name.removeprefix("-") if name.startswith("-") else f"-{name}"
