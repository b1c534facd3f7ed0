"""A report as data: everything it says, with the rows behind its figures, and what it could not say."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.kit.measures import Outcome
from soildesk.reporting.queries.kinds import Kind
from soildesk.reporting.queries.reading import Figure, Reading, unknown_word
from soildesk.reporting.queries.tables import Table, Told, tables

Snapshot = dict[str, Any]


def made(kind: Kind, reading: Reading) -> Snapshot:
    """The report as plain data."""
    figures = {name: reading.figure(name) for name in kind.figures}
    told = {name: (tables()[name], tables()[name].run(reading)) for name in kind.tables}
    return {
        "kind": kind.id,
        "title": str(kind.title),
        "place": reading.place.name,
        "place_code": reading.place.code,
        "year": reading.year,
        "period": reading.period.name,
        "on": reading.on.isoformat(),
        "known_on": reading.known_on.isoformat(),
        "sections": [
            {
                "title": str(one.title),
                "sentences": [str(each) for each in one.sentences],
                "figures": list(one.figures),
                "tables": list(one.tables),
            }
            for one in kind.sections
        ],
        "figures": {name: figure_data(one) for name, one in figures.items()},
        "tables": {name: _table_data(table, one) for name, (table, one) in told.items()},
        "gaps": [*_figure_gaps(figures.values()), *_table_gaps(told.values())],
        "doubts": doubts_of(figures.values()),
    }


def figure_data(one: Figure) -> dict[str, Any]:
    """A figure with the rows behind it."""
    return {
        "id": one.id,
        "title": one.title,
        "value": None if one.value is None else str(one.value),
        "text": one.text,
        "shown": f"{one.text}{one.unit}" if one.value is not None else unknown_word(one),
        "unit": one.unit,
        "source": one.source,
        "outcome": one.outcome,
        "why": one.why,
        "numerator": None if one.numerator is None else str(one.numerator),
        "denominator": None if one.denominator is None else str(one.denominator),
        "part_unit": one.part_unit,
        "as_of": one.as_of.isoformat() if one.as_of else "",
        "rows": [
            {"type": row.subject_type, "uid": row.uid, "name": row.name, "counts": row.counts, "note": row.note,
             "amount": str(row.amount), "url": row.url}
            for row in one.rows
        ],
    }  # fmt: skip


def _table_data(table: Table, told: Told) -> dict[str, Any]:
    return {
        "id": table.id,
        "title": str(table.title),
        "columns": [{"key": key, "title": str(title), "share": share} for key, title, share in table.columns],
        "rows": None
        if told.rows is None
        else [{"type": row.type, "uid": row.uid, "url": row.url, "values": dict(row.values)} for row in told.rows],
        "why": told.why,
    }


def _figure_gaps(figures: Any) -> list[dict[str, str]]:
    """Figures nobody knows. What does not apply here is no gap."""
    return [
        {"what": one.title, "id": one.id, "why": one.why or _("没有记录。")}
        for one in figures
        if one.value is None and one.outcome != Outcome.NOT_APPLICABLE
    ]


def doubts_of(figures: Iterable[Figure]) -> list[dict[str, str]]:
    """Numbers that are printed though the records cannot say what they prove: some rows are unknown, or nothing sets a target."""
    return [
        {"what": one.title, "id": one.id, "why": one.why}
        for one in figures
        if one.value is not None and one.outcome == Outcome.CANNOT_SAY
    ]


def _table_gaps(told: Iterable[tuple[Table, Told]]) -> list[dict[str, str]]:
    """Tables that cannot be read, and cells of others that nobody can fill."""
    found = []
    for table, one in told:
        if one.rows is None:
            found.append({"what": str(table.title), "id": table.id, "why": one.why})
        found += [{"what": what, "id": table.id, "why": why} for what, why in one.missing]
    return found


def digest_of(snapshot: Mapping[str, Any]) -> str:
    """The hash of what a report says."""
    return hashlib.sha256(audit.canonical(snapshot).encode()).hexdigest()


def words_of(snapshot: Mapping[str, Any]) -> dict[str, str]:
    """The report's own words in sentences."""
    on = date.fromisoformat(snapshot["on"])
    return {
        "place": snapshot["place"],
        "year": str(snapshot["year"]),
        "period": snapshot["period"],
        "on": f"{on.year}年{on.month}月{on.day}日",
    }


def pieces(sentence: str, snapshot: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """A sentence as pieces: (text, id of the figure it is, or empty)."""
    from soildesk.reporting.queries.kinds import NAMED

    words, figures = words_of(snapshot), snapshot["figures"]
    found: list[tuple[str, str]] = []
    for at, part in enumerate(NAMED.split(sentence)):
        if at % 2 == 0:
            found.append((part, ""))
        elif part in words:
            found.append((words[part], ""))
        else:
            known = figures[part]["value"] is not None
            found.append((figures[part]["text"] if known else _("（%(why)s）") % {"why": figures[part]["shown"]}, part))
    return [one for one in found if one[0]]


def spoken(sentence: str, snapshot: Mapping[str, Any]) -> str:
    """A sentence as text."""
    return "".join(text for text, _figure in pieces(sentence, snapshot))
