"""Rules about days: what is no day, the order of sampling, receipt, analysis and report, the future, holding times."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import combinations

import numpy as np

from soilrules.labcheck import words
from soilrules.labcheck.findings import Flags, Log, Params
from soilrules.labcheck.frame import UNDATED, Days, Frame, word_of
from soilrules.labcheck.terms import Kind, Kinds
from soilrules.labtables.coded import Coded

_EPOCH = date(1970, 1, 1)
_OLDEST = (date(1950, 1, 1) - _EPOCH).days  # before it there was no survey of soil whose results are sent in files
_AFTER = ("date", "received", "analysed", "reported")


def check(frame: Frame, kinds: Kinds, log: Log, on: date | None) -> None:
    """All of them; `on` is the day after which everything is the future, None where it is not known."""
    for role, one in frame.days.items():
        for rule, where in one.problem.items():
            frame.find(log, rule, where, role, word_of(one.printed))
        frame.find(log, "out_of_range", _too_old(one), role, _with_range(one.printed))
        if on:
            later = one.days > (on - _EPOCH).days
            frame.find(log, "future_date", later, role, _with_day(one.printed, on))
    _order(frame, log)
    _holding(frame, kinds, log)


def _with_day(printed: Coded, on: date) -> Params:
    return lambda at: {"text": printed.word(at) or "", "on": on}


def _order(frame: Frame, log: Log) -> None:
    """Each day against those that must not be later; told at the later one of a pair."""
    days = [(role, frame.days[role]) for role in _AFTER if role in frame.days]
    for (before, first), (after, second) in combinations(days, 2):
        wrong = first.known & second.known & (second.days < first.days)
        frame.find(
            log, "date_order", wrong, after,
            lambda at, before=before, first=first, second=second: {  # type: ignore[misc]
                "text": second.printed.word(at), "other": frame.heading(before, at), "day": first.printed.word(at),
            },
        )  # fmt: skip


def _holding(frame: Frame, kinds: Kinds, log: Log) -> None:
    if not {"date", "analysed"} <= frame.days.keys():
        return
    sampled, analysed = frame.days["date"], frame.days["analysed"]
    allowed = np.array([_allowed(one) for one in kinds.kinds], np.int64)[kinds.at]
    kept = analysed.days.astype(np.int64) - sampled.days
    over = sampled.known & analysed.known & (kept > allowed) & ~_too_old(sampled)
    frame.find(log, "holding_time", over, "analysed", lambda at: _said(kinds.of(at), int(kept[at])))


def _allowed(one: Kind) -> int:
    found = words.holding(one.slug, one.medium, one.method) if one.slug and one.medium else None
    return found.days if found else -UNDATED


def _said(one: Kind, kept: int) -> Mapping[str, object]:
    found = words.holding(one.slug or "", one.medium or "", one.method)
    assert found is not None
    return {"analyte": one.analyte, "kept": kept, "days": found.days, "basis": found.basis, "mark": found.mark}


def _too_old(one: Days) -> Flags:
    """Days before 1950: a year mistyped, or a cell that holds a small number as a date."""
    found: Flags = one.known & (one.days < _OLDEST)
    return found


def _with_range(printed: Coded) -> Params:
    return lambda at: {
        "text": printed.word(at) or "", "range": "1950年以后的日期", "range_en": "a day after 1950",
    }  # fmt: skip


def day_of(number: int) -> date:
    """The day of a number of days from 1970."""
    return _EPOCH + timedelta(days=number)
