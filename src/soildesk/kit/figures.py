"""A number of a register's rows: what is counted and where it leads are one selection, so the number is that of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
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

    @cached_property
    def _all(self) -> dict[str, tuple[Selection, QuerySet]]:
        return {}

    def _rows_of(self, collection: str) -> tuple[Selection, QuerySet] | None:
        """A register's whole selection with its rows, made once; None where the actor does not see it."""
        register = self._registers.get(collection)
        if register is not None and collection not in self._all:
            whole = Selection(register, self.actor, self.on, QueryDict(""))
            self._all[collection] = (whole, whole.filtered().order_by())
        return self._all.get(collection)

    def counted(self, asked: Sequence[Asked]) -> dict[Asked, Tile]:
        """The numbers with their addresses, without those whose register the actor does not see. Nothing found is calm.

        Each is a query of its own: what is asked for can be found by its index, all at once only by reading every row.
        """
        found = {}
        for one in asked:
            if held := self._rows_of(one.collection):
                whole, rows = held
                wanted = condition(whole.register.filters, QueryDict(one.query), whole.scope)
                found[one] = tile(one, rows.filter(wanted).values("pk").count(), self.on)
        return found

    def first_rows(self, asked: Asked, most: int, sort: str) -> list[dict[str, Any]]:
        """The first rows behind a number in an order, each with `_url`; none where the actor does not see the register."""
        register = self._registers.get(asked.collection)
        query = QueryDict(f"{asked.query}&sort={sort}")
        return Selection(register, self.actor, self.on, query).first(most) if register else []


def tile(asked: Asked, count: int, on: date) -> Tile:
    """A number that was counted, with the address of its rows."""
    url = address(asked.collection, asked.query, on)
    return Tile(asked.title, count, url, asked.tone if count else "calm", asked.note)


def address(collection: str, query: str, on: date) -> str:
    """The address of a register's rows as of the day."""
    day = f"{PARAMETER}={on.isoformat()}" if on != clock.today() else ""
    told = "&".join(filter(None, (query, day)))
    return reverse("kit:collection", args=[collection]) + (f"?{told}" if told else "")
