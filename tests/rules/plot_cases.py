"""Cases of the life of a plot as events."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from soilrules.enterprises.lists import Level
from soilrules.plots.explore import good_facts
from soilrules.plots.lifedata import life_table
from soilrules.plots.state import Event, EventKind

FOLDER = Path(__file__).resolve().parents[1] / "cases" / "plots"
Case = dict[str, Any]


def cases(name: str) -> list[Case]:
    """The rows of a file of cases."""
    rows: list[Case] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
    return rows


def event(row: list[Any], changed: Case | None = None) -> Event:
    """One event told well, but for the facts that are named."""
    kind, on, by, facts = EventKind(row[0]), row[1], row[2] if len(row) > 2 else None, row[3] if len(row) > 3 else {}
    level, acting_for = by if isinstance(by, list) else (by, None)
    told = good_facts(life_table().transitions[kind], on=on)
    said = {
        key: tuple(value) if isinstance(value, list) else value for key, value in {**facts, **(changed or {})}.items()
    }
    return Event(kind, on, level and Level(level), acting_for and Level(acting_for), told | said)


def history_of(case: Case) -> list[Event]:
    """The events of a case: its own, or those of another with what is changed, left out and added."""
    rows = [row for row in (case.get("events") or case.get("like", [])) if row[0] not in case.get("without", ())]
    by = case.get("by", {})
    rows = [[row[0], row[1], by.get(row[0], row[2] if len(row) > 2 else None), *row[3:]] for row in rows]
    changed = case.get("changed", {})
    return [event(row, changed.get(row[0])) for row in (*rows, *case.get("more", ()))]
