"""Rows that are no samples: notes, statistics, lines between groups, a header printed again."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
from numpy.typing import NDArray

from soilrules.labtables import headings
from soilrules.labtables.coded import Coded
from soilrules.labtables.layout import Layout, Shape
from soilrules.labtables.results import CODE, Results

_LONG = 25  # characters: a sentence, not a name


_SUMMARY, _HEADING, _NOTE = 1, 2, 3


def _kind(label: str, heading: str) -> int:
    """What the label of a row makes of it, 0 for a sample."""
    if label == heading:
        return _HEADING
    if headings.says_statistics(label):
        return _SUMMARY
    if len(label) > _LONG:
        return _NOTE
    if label.isascii() and any(map(str.isdigit, label)):
        return 0
    return _NOTE if _note().match(label) else 0


@cache
def _note() -> re.Pattern[str]:
    longest_first = sorted(headings.words("rows", "notes"), key=len, reverse=True)
    return re.compile(r"[*※]?\s*(?:" + "|".join(map(re.escape, longest_first)) + r")\s*\d*\s*(?:[:：.、]|$)", re.I)


def left_out(
    layout: Layout, labels: list[tuple[int, Coded]], results: list[tuple[Coded, Results]]
) -> dict[str, NDArray[np.bool_]]:
    """Rows by why they are left out: summary, repeated_header, note.

    `labels`: columns that may say what a row is. A note or a line over the whole table has no number in any column.
    """
    found: dict[str, NDArray[np.bool_]] = {}
    silent = _without_numbers([one for _, one in results])
    summary, again, note = (np.zeros(len(silent), np.bool_) for _ in range(3))
    described = _describes_samples(layout, labels)
    for at, column in labels:
        heading = layout.headings[at]
        kinds = np.array([*(_kind(word, heading) for word in column.words), 0], np.int8)[column.codes]
        summary |= kinds == _SUMMARY
        again |= kinds == _HEADING
        note |= kinds == _NOTE
    note = (note & silent) | _one_text(labels, results, silent) | described
    found["summary_rows"] = summary & ~again
    found["repeated_header"] = again & silent
    if len(layout.header_rows) == 1:
        found["other_header"] = found["repeated_header"] & _other_headings(layout, results)
    found["note_rows"] = note & ~summary & ~again
    return found


def _describes_samples(layout: Layout, labels: list[tuple[int, Coded]]) -> NDArray[np.bool_]:
    """Rows of a crossed table that say something of its samples (采样日期, 经度) and are no results."""
    analyte = layout.column("analyte")
    for at, column in labels:
        if layout.shape is Shape.CROSSED and at == analyte:
            return column.marked(lambda word: headings.parse(word).role not in (None, "ph"))
    return np.zeros(1, np.bool_)


def _other_headings(layout: Layout, results: list[tuple[Coded, Results]]) -> NDArray[np.bool_]:
    """Rows in which the heading of a column of results is another than the header says."""
    other = np.zeros(len(results[0][1].problem), np.bool_)
    for value, (column, _) in zip(layout.values, results, strict=True):
        heading = layout.headings[value.column]
        other |= column.marked(lambda word, heading=heading: " ".join(word.split()) != heading)  # type: ignore[misc]
    return other


def _without_numbers(results: list[Results]) -> NDArray[np.bool_]:
    silent = np.ones(len(results[0].problem), np.bool_)
    for one in results:
        silent &= (one.problem == CODE["no_value"]) | (one.problem == CODE["not_a_number"])
    return silent


def _one_text(
    labels: list[tuple[int, Coded]], results: list[tuple[Coded, Results]], silent: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Rows in which one merged cell reaches over label and results."""
    merged = np.zeros(len(silent), np.bool_)
    for row in np.flatnonzero(silent & (results[0][1].problem == CODE["not_a_number"])).tolist():
        said = {column.word(row) for column, _ in results} | {column.word(row) for _, column in labels}
        merged[row] = len(said) == 1 and None not in said
    return merged
