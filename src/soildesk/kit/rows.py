"""The rows of a register for one person, one day and one set of parameters: page, count, totals, everything.

A list of a million rows stays quick: rows are counted up to ten thousand and no further unless somebody asks,
pages of a long list begin after a row (`kit.keyset`) instead of skipping, totals of a long list wait to be asked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import islice
from typing import Any

import shapely
from django.core.cache import cache
from django.db.models import Count, F, QuerySet
from django.http import QueryDict

from soildesk.core.permissions import Actor
from soildesk.kit import keyset
from soildesk.kit.filters import Chip, Scope, box_chip, box_of, holding, narrowed
from soildesk.kit.keyset import Key, Place
from soildesk.kit.register import Column, Register, Row
from soildesk.kit.seen import Seen

EXACT_UP_TO = 10_000
TOTALS_UP_TO = 2_000_000
COUNT_KEPT_SECONDS = 60
CHUNK = 500
ROWS = Count("pk")
"""A total that is the number of rows: counted already."""
SEARCH, SORT, PAGE, COLUMNS = "q", "sort", "page", "cols"
AFTER, BEFORE, PART = "after", "before", "part"
PAGING = (PAGE, AFTER, BEFORE, PART)


@dataclass(frozen=True)
class Selection:
    """What of a register is asked for. `params` is the address bar's query."""

    declared: Register
    actor: Actor
    on: date
    params: QueryDict = field(default_factory=QueryDict)
    known_on: datetime | None = None

    @cached_property
    def seen(self) -> Seen:
        """The register as the actor sees it: where every selection begins."""
        return Seen(self.declared, self.actor, self.on, self.known_on)

    @property
    def register(self) -> Register:
        """The register without what is hidden from the actor."""
        return self.seen.register

    @cached_property
    def scope(self) -> Scope:
        """For whom and for which day."""
        return Scope(self.actor, self.on)

    @cached_property
    def columns(self) -> list[Column]:
        """The columns shown, in the register's order."""
        keys = [key for part in self.params.getlist(COLUMNS) for key in part.split(",") if key]
        return self.register.chosen_columns(key for key in keys if self.register.column(key))

    @cached_property
    def sort(self) -> str:
        """The column key ordered by, with a minus where it falls; one that cannot be sorted is the default."""
        asked = self.params.get(SORT, "")
        column = self.register.column(asked.removeprefix("-"))
        return asked if column and column.sort else self.register.default_sort

    @cached_property
    def order(self) -> list[Key]:
        """The keys rows are ordered by; the primary key settles ties, so that pages never overlap."""
        column = self.register.column(self.sort.removeprefix("-"))
        names = [name.strip() for name in column.sort.split(",") if name.strip()] if column else []
        return keyset.keys_of(names, self.sort.startswith("-"))

    @cached_property
    def box(self) -> tuple[float, float, float, float] | None:
        """The box of the map asked for: west, south, east, north."""
        return box_of(self.params) if self.register.ground else None

    def filtered(self) -> QuerySet:
        """The scoped rows after search and filters, in no order."""
        queryset = self.seen.queryset()
        if self.register.asked:
            queryset = self.register.asked(queryset, self.params)
        if self.register.search and self.params.get(SEARCH):
            queryset = queryset.filter(holding(self.register.search, self.params[SEARCH]))
        if self.box and self.register.ground:
            queryset = queryset.filter(**{f"{self.register.ground.field}__bbox": shapely.box(*self.box)})
        return narrowed(queryset, self.register.filters, self.params, self.scope)

    def ordered(self) -> QuerySet:
        """The filtered rows in the order asked for."""
        return self.filtered().order_by(*map(str, self.order))

    def values(self, queryset: QuerySet) -> QuerySet:
        """Only what the columns, the link, the order and the key need."""
        keys = {key.name for key in self.order}
        aliases = {
            name: F(name)
            for name in keys & (queryset.query.annotations.keys() - queryset.query.annotation_select.keys())
        }
        return queryset.annotate(**aliases).values(*sorted({*self.seen.needs(self.columns), *keys}))

    @cached_property
    def counted(self) -> int:
        """How many rows, but at most one more than ten thousand; a first page that is not full has them all."""
        if self._is_first:
            rows, more = self._first
            if not more:
                return len(rows)
        return self.count_to(EXACT_UP_TO + 1)

    @property
    def is_long(self) -> bool:
        """Whether there are more rows than are counted without being asked."""
        return self.counted > EXACT_UP_TO

    def count_to(self, limit: int) -> int:
        """How many rows, but at most `limit`."""
        return self.filtered().order_by().values("pk")[:limit].count()

    @cached_property
    def count(self) -> int:
        """How many rows, exactly: on a long list only where somebody asks; kept for a minute."""
        if not self.is_long:
            return self.counted
        key = self._count_key()
        kept = cache.get(key)
        if kept is None:
            kept = self.filtered().order_by().count()
            cache.set(key, kept, COUNT_KEPT_SECONDS)
        return int(kept)

    @cached_property
    def pages(self) -> int:
        """How many pages (of a long list: of its counted part); an empty list has one."""
        return max(1, -(-min(self.counted, EXACT_UP_TO) // self.register.page_size))

    @cached_property
    def page(self) -> int:
        """The page asked for, kept within 1 and the last; a page that begins at a place has no number."""
        asked = self.params.get(PAGE, "1")
        wanted = max(1, int(asked)) if asked.isdecimal() and len(asked) < 9 else 1
        if wanted <= self.pages:
            return wanted
        return min(wanted, -(-self.count // self.register.page_size)) if self.is_long else self.pages

    @cached_property
    def _place(self) -> tuple[Place | None, bool]:
        """The place the page begins after, or (True) ends before."""
        backwards = BEFORE in self.params
        token = self.params.get(BEFORE if backwards else AFTER, "")
        place = keyset.read_place(token, self.seen.queryset(), self.order) if token else None
        return place, backwards and place is not None

    @property
    def _is_first(self) -> bool:
        """Whether the page asked for is the first, before anything is counted."""
        return self._place[0] is None and self.params.get(PAGE, "1") == "1"

    @cached_property
    def _first(self) -> tuple[list[Row], bool]:
        """The first page as read, and whether there is another."""
        size = self.register.page_size
        rows = list(self.values(self.ordered())[: size + 1])
        return rows[:size], len(rows) > size

    @cached_property
    def _read(self) -> tuple[list[Row], bool]:
        """The rows of the page as read, and whether more lie beyond them in the direction of reading."""
        if self._is_first:
            return self._first
        size = self.register.page_size
        place, backwards = self._place
        if place is None:
            start = (self.page - 1) * size
            rows = list(self.values(self.ordered())[start : start + size + 1])
            return rows[:size], len(rows) > size
        keys = [key.turned for key in self.order] if backwards else self.order
        queryset = keyset.beyond(self.filtered(), place, keys).order_by(*map(str, keys))
        rows = list(self.values(queryset)[: size + 1])
        more = len(rows) > size
        rows = rows[:size]
        return (rows[::-1] if backwards else rows), more

    @cached_property
    def page_rows(self) -> list[Row]:
        """The rows of the page, enriched, with `_url`."""
        return self._finished(self._read[0]) if self.counted else []

    def first(self, most: int) -> list[Row]:
        """The first rows in the order asked for, enriched, with `_url`."""
        return self._finished(list(self.values(self.ordered())[:most]))

    @cached_property
    def rows_before(self) -> int:
        """How many rows lie before the page: exact by number, as it was when the place was made otherwise."""
        place, backwards = self._place
        if place is None:
            return (self.page - 1) * self.register.page_size
        return max(0, place.rows_before - len(self._read[0])) if backwards else place.rows_before

    @property
    def has_next(self) -> bool:
        """Whether rows follow the page."""
        return self._place[1] or self._read[1]

    @property
    def has_previous(self) -> bool:
        """Whether rows stand before the page."""
        place, backwards = self._place
        if place is None:
            return self.page > 1
        return self._read[1] if backwards else True

    def next_query(self) -> str:
        """The query of the page after; empty on the last."""
        return self._turn(forwards=True) if self.has_next and self.page_rows else ""

    def previous_query(self) -> str:
        """The query of the page before; empty on the first."""
        return self._turn(forwards=False) if self.has_previous and self.page_rows else ""

    def _turn(self, *, forwards: bool) -> str:
        if not self.is_long:
            return self.query(page=str(self.page + (1 if forwards else -1)))
        rows = self.page_rows
        if forwards:
            place = keyset.place_of(rows[-1], self.order, self.rows_before + len(rows))
            return self.query(**{AFTER: place.token()})
        if self.rows_before <= self.register.page_size:
            return self.query()
        return self.query(**{BEFORE: keyset.place_of(rows[0], self.order, self.rows_before).token()})

    def all_rows(self) -> Iterator[Row]:
        """Every row of the selection in order, read and enriched in chunks."""
        source = iter(self.values(self.ordered()).iterator(CHUNK))
        while chunk := list(islice(source, CHUNK)):
            yield from self._finished(chunk)

    def keys(self) -> list[str]:
        """The key of every row of the selection, for an act on all of them."""
        return [str(key) for key in self.ordered().values_list(self.register.key, flat=True)]

    def rows_of(self, keys: Sequence[str]) -> QuerySet:
        """Those of the rows in scope that have one of these keys; what could be no key is passed over."""
        queryset = self.seen.queryset()
        return queryset.filter(**{f"{self.register.key}__in": list(self.seen.readable(keys))})

    @cached_property
    def totals(self) -> dict[str, Any]:
        """The totals over all filtered rows by column key, for the columns shown."""
        return self.totals_to(None)[0]

    def totals_to(self, limit: int | None) -> tuple[dict[str, Any], bool]:
        """The totals over at most `limit` rows, and whether there were more."""
        shown = {
            column.key: self.register.totals[column.key]
            for column in self.columns
            if column.key in self.register.totals
        }
        wanted = {f"total_{key}": total for key, total in shown.items() if total != ROWS}
        if limit is None and not wanted:
            return dict.fromkeys(shown, self.count), False
        rows = self.filtered().order_by()
        found = (rows if limit is None else rows[:limit]).aggregate(rows_=ROWS, **wanted)
        counted = found.pop("rows_")
        told = {key: found.get(f"total_{key}", counted) for key in shown}
        return told, counted == limit

    @cached_property
    def chips(self) -> list[Chip]:
        """The active filters, one chip a value."""
        own = [chip for each in self.register.filters for chip in each.chips(self.params, self.scope)]
        return [*own, box_chip(self.params)] if self.box else own

    def query(self, drop: tuple[str, str] | None = None, **changes: str | None) -> str:
        """The query string with `changes` (None takes a parameter away); any change but of page goes to page 1."""
        params = self.params.copy()
        for name in PAGING:
            params.pop(name, None)
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
        address = self.register.address
        if address:
            for row in rows:
                row["_url"] = address(row)
        return rows

    def _count_key(self) -> str:
        params = self.params.copy()
        for name in (*PAGING, SORT, COLUMNS):
            params.pop(name, None)
        who = f"{self.actor.name}:{[grant.pk for grant in self.actor.grants]}"
        told = f"{self.register.name}|{who}|{self.on}|{self.known_on}|{sorted(params.lists())}"
        return "kit.count." + hashlib.sha256(told.encode()).hexdigest()
