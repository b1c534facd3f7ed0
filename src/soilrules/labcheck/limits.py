"""Rules about detection limits: nondetects without one, limits that are no limit, limits too high to prove anything."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np

from soilrules.labcheck import words
from soilrules.labcheck.findings import Flags, Log
from soilrules.labcheck.frame import Frame, numbers, word_of
from soilrules.labcheck.terms import Kind, Kinds


def check(frame: Frame, kinds: Kinds, log: Log, on: date | None) -> None:
    """All of them."""
    _unread(frame, log)
    silent = frame.censored & np.isnan(frame.limit)
    frame.find(log, "nd_without_lod", silent, "detection_limit")
    _missing(frame, log)
    unmarked = ~frame.censored & ~frame.qualified & (frame.value > 0) & (frame.value < frame.limit)
    frame.find(log, "below_lod", unmarked & frame.of_mass, "value", lambda at: {"limit": f"{frame.limit[at]:.6g}"})
    _too_high(frame, kinds, log, on)


def _unread(frame: Frame, log: Log) -> None:
    for column in frame.beside("detection_limit"):
        values, unread = numbers(column)
        wrong = unread | (values <= 0)
        frame.find(log, "lod_unread", wrong, "detection_limit", word_of(column))
    frame.find(log, "lod_unit", frame.has_problem("detection_limit_unit"), "detection_limit")


def _missing(frame: Frame, log: Log) -> None:
    """A blank limit in a table that has the column; what prints the limit itself (<0.01) has one."""
    columns = frame.beside("detection_limit")
    if not frame.long or not columns:
        return
    blank = np.logical_and.reduce([column.codes < 0 for column in columns])
    known: Flags = blank & frame.told & ~frame.censored & np.isnan(frame.limit)
    frame.find(log, "lod_missing", known & frame.of_mass, "detection_limit")


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
