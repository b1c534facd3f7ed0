"""A number of a register's rows: what is counted and where it leads are one selection, so the number is that of its rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.http import QueryDict
from django.urls import reverse

from soildesk.core import clock
from soildesk.kit import seen
from soildesk.kit.day import PARAMETER
from soildesk.kit.filters import condition
from soildesk.kit.parts import Tile, Tone
from soildesk.kit.register import Register, collections
from soildesk.kit.rows import Selection

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor


@dataclass(frozen=True, slots=True)
class Asked:
    """A number to be told: of which register, by which of its own filters."""

    title: str
    collection: str
    query: str = ""
    tone: Tone = "calm"
    note: str = ""


@dataclass(frozen=True)
class Desk:
    """For whom and of which day; the registers are looked up once for all numbers of a page."""

    actor: Actor
    on: date

    @cached_property
    def _registers(self) -> dict[str, Register]:
        return {name: each for name, each in collections().items() if seen.visible(self.actor, each)}

    def _selection(self, collection: str, query: str) -> Selection | None:
        register = self._registers.get(collection)
        return Selection(register, self.actor, self.on, QueryDict(query)) if register else None

    def counted(self, asked: Sequence[Asked]) -> dict[Asked, Tile]:
        """The numbers with their addresses, one query a register; without those whose register the actor does not see.

        Nothing found is calm.
        """
        by_register: dict[str, list[Asked]] = defaultdict(list)
        for one in asked:
            by_register[one.collection].append(one)
        told = {one: count for name, wanted in by_register.items() for one, count in self._counts(name, wanted)}
        return {one: self._tile(one, told[one]) for one in asked if one in told}

    def _counts(self, collection: str, asked: Sequence[Asked]) -> Iterator[tuple[Asked, int]]:
        selection = self._selection(collection, "")
        if selection is None:
            return
        filters = selection.register.filters
        wanted = [condition(filters, QueryDict(one.query), selection.scope) for one in asked]
        counts = {f"rows_{at}": Count("pk", filter=each or None) for at, each in enumerate(wanted)}
        found = selection.filtered().order_by().aggregate(**counts)
        yield from ((one, found[f"rows_{at}"]) for at, one in enumerate(asked))

    def _tile(self, asked: Asked, count: int) -> Tile:
        url = address(asked.collection, asked.query, self.on)
        return Tile(asked.title, count, url, asked.tone if count else "calm", asked.note)

    def first_rows(self, asked: Asked, most: int, sort: str) -> list[dict[str, Any]]:
        """The first rows behind a number in an order, each with `_url`; none where the actor does not see the register."""
        selection = self._selection(asked.collection, f"{asked.query}&sort={sort}")
        return selection.first(most) if selection else []


def address(collection: str, query: str, on: date) -> str:
    """The address of a register's rows as of the day."""
    day = f"{PARAMETER}={on.isoformat()}" if on != clock.today() else ""
    told = "&".join(filter(None, (query, day)))
    return reverse("kit:collection", args=[collection]) + (f"?{told}" if told else "")
