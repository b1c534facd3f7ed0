"""A report as a page: sentences whose numbers are links, figures, tables, what is missing. From the snapshot alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from soildesk.kit.measures import Proof
from soildesk.reporting.pages.grid import place_words
from soildesk.reporting.papers import heading, parts
from soildesk.reporting.queries.making import pieces
from soildesk.reporting.queries.reading import row_url
from soildesk.reporting.words import outcome_chip

Url = Callable[[str], str]
SHOWN_ROWS = 200
"""Rows of a table a page shows; the files have all."""


def shown(snapshot: Mapping[str, Any], url: Url) -> dict[str, Any]:
    """What the template draws. `url` gives the page of a figure's rows."""
    return {
        "heading": heading(snapshot),
        "on": date.fromisoformat(snapshot["on"]),
        "sections": [
            {
                "title": one["title"],
                "sentences": [
                    [(text, url(name) if name else "") for text, name in pieces(each, snapshot)]
                    for each in one["sentences"]
                ],
                "figures": [figure(snapshot["figures"][name], url) for name in one["figures"]],
                "tables": [_table(snapshot["tables"][name]) for name in one["tables"]],
            }
            for one in snapshot["sections"]
        ],
        "cells": [
            (place_words(place), {**cell, "url": _rows_of(cell, url)})
            for place, cell in snapshot.get("cells", {}).items()
        ],
        "gaps": snapshot["gaps"],
        "doubts": snapshot["doubts"],
    }


def _rows_of(cell: Mapping[str, Any], url: Url) -> str:
    """Where the rows behind a filled cell are: those of its figure, or the record its line tells of."""
    source, _colon, rest = cell["field"].partition(":")
    if source == "figure":
        return url(rest.rpartition(":")[0])
    row = cell.get("row")
    return (row["url"] or row_url(Proof(row["type"], row["uid"], "", True))) if row and row["uid"] else ""


def figure(one: Mapping[str, Any], url: Url) -> dict[str, Any]:
    """One figure: its number, how it was worked out, what it answered, where its rows are."""
    return {
        **one,
        "parts": parts(one),
        "url": url(one["id"]),
        "known": one["value"] is not None,
        "counted": one["numerator"] if one["numerator"] is not None else one["value"],
        "chip": outcome_chip(one["outcome"], one["why"]),
    }


def _table(one: Mapping[str, Any]) -> dict[str, Any]:
    rows = one["rows"]
    if rows is None:
        return {**one, "lines": None}
    columns = one["columns"]
    lines = [
        {
            "url": row["url"] or row_url(Proof(row["type"], row["uid"], "", True)) if row["uid"] else "",
            "cells": [(column["title"], row["values"].get(column["key"], "")) for column in columns],
        }
        for row in rows[:SHOWN_ROWS]
    ]
    return {**one, "lines": lines, "more": len(rows) - len(lines)}
