"""The province's limit of the survey before a change of use, as the local rules adopted at a place say it.

Rooms above keep local rules; the one that does says here how to ask it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from soilrules.plots.deadlines import DeadlineRule


@dataclass(frozen=True, slots=True)
class Limit:
    """The limit as a term that can be counted, where its words give a number; its citation and words; all empty: none."""

    rule: DeadlineRule | None = None
    cited: str = ""
    words: str = ""


Source = Callable[[str, date], Limit]
_sources: list[Source] = []


def limit_source(source: Source) -> Source:
    """Say which function tells the limit of a division's path on a day."""
    _sources[:] = [source]
    return source


def nothing() -> Limit:
    """No limit is known."""
    return Limit()


def limit_at(path: str, on: date) -> Limit:
    """The limit at a division's path on a day."""
    return _sources[0](path, on) if _sources and path else nothing()
