"""Rules about detection limits: nondetects without one, limits that are no limit, limits too high to prove anything."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np

from soilrules.labcheck import words
from soilrules.labcheck.findings import Flags, Log
from soilrules.labcheck.frame import Frame, numbers, word_of
from soilrules.labcheck.terms import Kind, Kinds
from soilrules.labtables import notation, results
from soilrules.labtables.coded import Coded, Vocabulary
from soilrules.labtables.results import Floats

_NEARLY = 0.999  # of what is the same number but for its last figure


def check(frame: Frame, kinds: Kinds, log: Log, on: date | None) -> None:
    """All of them."""
    _unread(frame, log)
    silent = frame.censored & np.isnan(frame.limit)
    frame.find(log, "nd_without_lod", silent, "detection_limit")
    _missing(frame, log)
    _differs(frame, log)
    unmarked = ~frame.censored & ~frame.qualified & (frame.value > 0) & (frame.value < frame.limit)
    frame.find(log, "below_lod", unmarked & frame.of_mass, "value", lambda at: {"limit": f"{frame.limit[at]:.6g}"})
    _too_high(frame, kinds, log, on)


def _unread(frame: Frame, log: Log) -> None:
    for column in frame.beside("detection_limit"):
        frame.find(log, "lod_unread", _is_no_limit(column), "detection_limit", word_of(column))
    other = np.logical_or.reduce(
        [_other_dimension(frame, one) for one in frame.beside("detection_limit")] or [np.zeros(len(frame), np.bool_)]
    )
    frame.find(log, "lod_unit", frame.has_problem("detection_limit_unit") | other, "detection_limit")


def _is_no_limit(column: Coded) -> Flags:
    """Where something else than a number above 0 or a blank is printed."""
    values, unread = numbers(column)
    wrong: Flags = unread | (values <= 0) | column.marked(_says_not_detected)
    return wrong


def _says_not_detected(word: str) -> bool:
    one = notation.read(word)
    return one.censored and one.limit is None


def _other_dimension(frame: Frame, column: Coded) -> Flags:
    """Where a limit carries a unit that does not convert to that of its result."""
    return column.marked(lambda word: notation.read(word).unit is not None) & np.isnan(_in_unit(frame, column))


def _in_unit(frame: Frame, column: Coded) -> Floats:
    """The limits of a column in the unit of each result."""
    vocabulary = Vocabulary()
    wanted = np.append(vocabulary.codes(frame.unit.words), np.int32(-1))[frame.unit.codes]
    values, own, _ = results.numbers_of(column, vocabulary)
    found: Floats = values * results.factors(np.where(own >= 0, own, wanted), wanted, vocabulary.words)
    return found


def _missing(frame: Frame, log: Log) -> None:
    """A blank limit in a table that has the column; what prints the limit itself (<0.01) has one."""
    columns = frame.beside("detection_limit")
    if not frame.long or not columns:
        return
    blank = np.logical_and.reduce([np.isnan(numbers(one)[0]) & ~_is_no_limit(one) for one in columns])
    known: Flags = blank & frame.told & ~frame.censored & np.isnan(frame.limit)
    frame.find(log, "lod_missing", known & frame.of_mass, "detection_limit")


def _differs(frame: Frame, log: Log) -> None:
    """What is printed as below a number that is itself below the detection limit: one of the two is wrong.

    A number above the limit is no fault: laboratories report what lies below their limit of quantitation so.
    """
    columns = frame.beside("detection_limit")
    if not frame.long or not columns or any(at in frame.layout.column_units for at in frame.limits_at):
        return
    least = np.fmin.reduce([_in_unit(frame, one) for one in columns])
    less = frame.censored & (frame.limit < least * _NEARLY)
    frame.find(log, "lod_differs", less, "value", lambda at: {"limit": f"{least[at]:.6g}"})


def _too_high(frame: Frame, kinds: Kinds, log: Log, on: date | None) -> None:
    """Nondetects whose limit lies above the strictest screening value: they prove nothing."""
    lowest = np.array([_lowest(one, on) for one in kinds.kinds])[kinds.at]
    where = frame.censored & (frame.limit > lowest)
    frame.find(log, "lod_above_limit", where, "detection_limit", lambda at: _basis(frame, kinds.of(at), at, on))


def _lowest(one: Kind, on: date | None) -> float:
    """The strictest screening value in the unit of the result; NaN where there is none."""
    unit = words.unit_of(one.unit) if one.unit else None
    found = words.lowest_limit(one.slug, one.medium, on) if one.slug and one.medium else None
    if not found or not unit or unit.dimension is not found.unit.dimension:
        return np.nan
    return float(found.value * found.unit.to(unit))


def _basis(frame: Frame, one: Kind, at: int, on: date | None) -> Mapping[str, object]:
    found = words.lowest_limit(one.slug or "", one.medium or "", on)
    assert found is not None
    limit = {"limit": f"{frame.limit[at]:.6g}", "unit": one.unit}
    return limit | {"screening": f"{found.value} {found.unit.symbol}", "basis": found.basis}
