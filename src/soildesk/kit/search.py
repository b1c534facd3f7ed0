"""The one search: every room says how its records are found, the frame's search box asks them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.functional import Promise

from soildesk.core.permissions import may

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor

PER_SOURCE = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """One record found: its name, where it is, and the words around what was found."""

    title: str
    url: str
    text: str = ""
    code: str = ""


Find = Callable[["Actor", str, date, int], Sequence[Hit]]


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of record. `find(actor, text, on, limit)` is scoped and folds spellings itself (`kit.filters.contains`)."""

    name: str
    title: str | Promise
    find: Find
    permission: str = ""
    order: int = 100


_sources: dict[str, Source] = {}


def register(name: str, title: str | Promise, find: Find, permission: str = "", order: int = 100) -> Source:
    """Let the search find a kind of record; call it in the room's `AppConfig.ready`."""
    _sources[name] = Source(name, title, find, permission, order)
    return _sources[name]


def found(actor: Actor, text: str, on: date) -> Iterator[tuple[Source, Sequence[Hit], bool]]:
    """Every source with hits: the source, at most twenty hits, and whether there are more."""
    for source in sorted(_sources.values(), key=lambda each: each.order):
        if source.permission and not may(actor, source.permission):
            continue
        hits = source.find(actor, text, on, PER_SOURCE + 1)
        if hits:
            yield source, hits[:PER_SOURCE], len(hits) > PER_SOURCE
