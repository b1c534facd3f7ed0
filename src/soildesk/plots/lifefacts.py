"""Facts of events between their forms, the stored row and the rules: days as ISO text in between, codes as a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from soildesk.plots.models import PlotEvent
from soilrules.bases import Basis
from soilrules.enterprises.lists import Level
from soilrules.plots.lifedata import FactKind, life_table
from soilrules.plots.state import Event, EventKind, Fact


def told_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as a row keeps them; those nobody told are left out."""
    return {key: _stored(value) for key, value in facts.items() if value not in (None, "", (), [])}


def _stored(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple | list | set | frozenset) else value


def facts_of(data: Mapping[str, Any]) -> dict[str, Fact]:
    """Facts of a stored row as the rules take them; what is no fact of theirs is left out."""
    known = life_table().facts
    return {key: _read(known[key].kind, value) for key, value in data.items() if key in known}


def _read(kind: FactKind, value: Any) -> Fact:
    if kind is FactKind.DAY and isinstance(value, str):
        return date.fromisoformat(value)
    if kind is FactKind.CODES and isinstance(value, list):
        return tuple(str(one) for one in value)
    held: Fact = value
    return held


def event_of(row: PlotEvent) -> Event:
    """A stored event as the rules take it."""
    level = Level(row.level) if row.level else None
    return Event(EventKind(row.kind), row.on, level, None, facts_of(row.data), str(row.pk or ""))


def cited(bases: Iterable[Basis]) -> tuple[str, ...]:
    """Citations as they are written in a paper, each once."""
    return tuple(dict.fromkeys(one.cited for one in bases))
