"""Whether a kept answer is out of date: what changed on its ground, in the standard and in the law since it was asked.

The record stays as it was written; this is computed whenever it is read: one statement, and one more where a plot was
told anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shapely.geometry.base import BaseGeometry

from soildesk.core.permissions import system_actor
from soildesk.decisions.models import GateQuery
from soildesk.decisions.queries.facts import DEVELOPMENT_LAND
from soildesk.land.queries import changed as land
from soildesk.plots.queries import since as plots
from soilrules.gate.rules import check_rules, cited_on
from soilrules.standards.library import shipped

INSIDE = -1e-6
"""Degrees the ground is drawn in before it is looked for what lies on it: what only shares its border is beside it."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing that changed. `what`: event, taken_back, aftercare, plot_new, plot_drawn, plot_ended, split, merge, boundary, standard, law."""

    what: str
    on: date
    word: str = ""
    plot: str = ""


def changes(query: GateQuery, today: date) -> list[Changed]:
    """What changed since a question was asked, the earliest first; none while the answer stands."""
    asked = plots.Asked(_inside(query.geometry), query.on, query.asked_at, today)
    reader = system_actor("gate", today)
    first, *rest = plots.changes(asked, reader)
    rows = first.union(*rest, land.since(asked.shape, reader, (asked.on, asked.at), today), all=True)
    names = {int(one["id"].partition(":")[2]): one["name"] for one in query.facts["plots"]}
    held = [(what, word, day, ref) for what, word, day, ref in rows]
    anew = {ref for what, _word, _day, ref in held if what == "plot" and ref in names}
    drawn = plots.redrawn(anew, asked) if anew else set()
    found = [one for row in held if (one := _changed(row, names, drawn))]
    return sorted([*found, *_standards(query, today)], key=lambda one: (one.on, one.what, one.plot))


def _inside(shape: BaseGeometry) -> BaseGeometry:
    smaller = shape.buffer(INSIDE)
    return shape if smaller.is_empty else smaller


def _changed(row: tuple[str, str, date, int | None], names: dict[int, str], drawn: set[int]) -> Changed | None:
    what, word, day, ref = row
    if what == "lineage":
        return Changed(word, day)
    if what == "plot":
        if ref in names and ref not in drawn:
            return None  # told anew, on the same ground
        return Changed("plot_drawn" if ref in names else "plot_new", day, plot=word)
    if what == "plot_ended":
        return Changed(what, day, plot=word)
    return Changed(what, day, word, names.get(ref or 0, ""))


def _standards(query: GateQuery, today: date) -> list[Changed]:
    """A newer edition of the standard of development land, and texts that took the place of those the answer cites."""
    then, now = (shipped().edition(DEVELOPMENT_LAND, day) for day in (query.on, today))
    found = [] if now is None or then is now else [Changed("standard", now.since, now.title_zh)]
    asked = [one["id"] for one in query.checks if one["outcome"] != "not_applicable" and one["id"] in check_rules()]
    newer = [basis for one in asked for basis in cited_on(one, today) if basis.since > query.on]
    laws = {(basis.law, basis.since) for basis in newer}
    return found + [Changed("law", since, law) for law, since in sorted(laws)]
