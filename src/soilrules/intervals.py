"""Intervals whose closure is data: which side an edge belongs to is said in the rule, never guessed in code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from soilrules.strict import Record


@dataclass(frozen=True, slots=True)
class Interval:
    """Numbers from `low` to `high`; None is no bound on that side."""

    low: Decimal | None
    low_closed: bool
    high: Decimal | None
    high_closed: bool

    def __contains__(self, number: Decimal) -> bool:
        if self.low is not None and not (number >= self.low if self.low_closed else number > self.low):
            return False
        return self.high is None or (number <= self.high if self.high_closed else number < self.high)

    def __str__(self) -> str:
        low = "" if self.low is None else f"{'≥' if self.low_closed else '>'}{self.low}"
        high = "" if self.high is None else f"{'≤' if self.high_closed else '<'}{self.high}"
        return "，".join(filter(None, (low, high))) or "全部"

    def meets(self, following: Interval) -> bool:
        """Whether `following` begins exactly where this ends, without a gap and without sharing the edge."""
        return self.high is not None and self.high == following.low and self.high_closed != following.low_closed


EVERYTHING = Interval(None, False, None, False)


def read(row: Mapping[str, Any], place: str) -> Interval:
    """An interval as written in rule data: `{gt: "5.5", le: "6.5"}`. Raises BadRuleData."""
    record = Record(row, place)
    record.only("gt", "ge", "lt", "le")
    if {"gt", "ge"} <= row.keys() or {"lt", "le"} <= row.keys() or not row:
        raise record.error(
            f"{dict(row)} is no interval; expected one of gt or ge, one of lt or le, at least one of both"
        )
    low = next((record.decimal(key) for key in ("gt", "ge") if key in row), None)
    high = next((record.decimal(key) for key in ("lt", "le") if key in row), None)
    if low is not None and high is not None and not (low < high or (low == high and {"ge", "le"} <= row.keys())):
        raise record.error(f"{dict(row)} holds no number; expected the lower bound below the upper")
    return Interval(low, "ge" in row, high, "le" in row)


def cover_everything(intervals: Sequence[Interval]) -> str | None:
    """None where `intervals` cover every number exactly once, else what is wrong."""
    ordered = sorted(intervals, key=lambda one: (one.low is not None, one.low or Decimal(0), not one.low_closed))
    if ordered[0].low is not None:
        return f"nothing below {ordered[0].low}"
    if ordered[-1].high is not None:
        return f"nothing above {ordered[-1].high}"
    for one, following in zip(ordered, ordered[1:], strict=False):
        if not one.meets(following):
            return f"a gap or an overlap between ({one}) and ({following})"
    return None
