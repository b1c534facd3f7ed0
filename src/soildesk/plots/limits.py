"""What the local rules adopted at a place say: the province's limit of the survey before a change of use, and the level
that reviews its report.

Rooms above keep local rules; the one that does says here how to ask it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from soilrules.plots.deadlines import DeadlineRule
from soilrules.plots.reports import LocalLevel


@dataclass(frozen=True, slots=True)
class Limit:
    """The limit as a term that can be counted, where its words give a number; its citation and words; all empty: none."""

    rule: DeadlineRule | None = None
    cited: str = ""
    words: str = ""


Source = Callable[[str, date], Limit]
_sources: list[tuple[Source, str]] = []
LevelSource = Callable[[str, date], LocalLevel | None]
_levels: list[LevelSource] = []


def limit_source(page: str) -> Callable[[Source], Source]:
    """Say which function tells the limit of a division's path on a day, and the name of the page where it is entered."""

    def known(source: Source) -> Source:
        _sources[:] = [(source, page)]
        return source

    return known


def limit_at(path: str, on: date) -> Limit:
    """The limit at a division's path on a day."""
    return _sources[0][0](path, on) if _sources and path else Limit()


def level_source(source: LevelSource) -> LevelSource:
    """Say which function tells the level that reviews at a division's path on a day."""
    _levels[:] = [source]
    return source


def level_at(path: str, on: date) -> LocalLevel | None:
    """The level that reviews at a division's path on a day, where the rules adopted there state one."""
    return _levels[0](path, on) if _levels and path else None


def rules_url() -> str:
    """Where local rules are entered and adopted; empty where no room keeps them."""
    return reverse(_sources[0][1]) if _sources else ""
