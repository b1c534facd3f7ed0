"""Grades of an index: brackets that cover every number once, each with its closure, source and mark as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from soilrules import intervals
from soilrules.indices.wording import ROOM
from soilrules.intervals import Interval
from soilrules.messages import Message
from soilrules.strict import Record
from soilrules.verdict import Mark

DIGITS = 9  # decimals kept before a number is graded, so that log2(33.6 / 11.2 / 1.5) is 1 and not a hair more
SHOWN = Decimal("0.0001")  # scaled cut-offs are kept to four decimals


@dataclass(frozen=True, slots=True)
class Grade:
    """The bracket a number fell into. `mark` is that of the bounds or of their closure, whichever is less sure."""

    scale: str
    id: str
    bounds: Interval
    mark: Mark
    source: str

    def name(self, language: str = "zh") -> str:
        """The name of the grade in `language` (zh or en)."""
        return Message(ROOM, f"grades_{self.scale}", self.id).sentence(language)

    def as_json(self, language: str = "zh") -> dict[str, str]:
        """Id, name, bounds, source and mark."""
        return {
            "id": self.id,
            "name": self.name(language),
            "bounds": str(self.bounds),
            "source": self.source,
            "mark": str(self.mark),
        }


@dataclass(frozen=True, slots=True)
class Scale:
    """The grades of one index from the lowest; `in_use` false gives no grade."""

    id: str
    in_use: bool
    grades: tuple[Grade, ...]

    def grade(self, number: float) -> Grade | None:
        """The grade of a number, None where the scale is switched off."""
        if not self.in_use:
            return None
        rounded = Decimal(str(round(number, DIGITS)))
        return next(one for one in self.grades if rounded in one.bounds)

    def times(self, factor: Decimal, *, source: str, mark: Mark) -> Scale:
        """The same grades with every bound multiplied; `source` and `mark` are those of the factor."""
        scaled = (
            replace(
                one,
                bounds=_times(one.bounds, factor),
                source=f"{one.source}；{source}",
                mark=max((one.mark, mark), key=lambda each: each.doubt),
            )
            for one in self.grades
        )
        return replace(self, grades=tuple(scaled))

    def switched_off(self) -> Scale:
        """The same scale, not in use."""
        return replace(self, in_use=False)


def _times(bounds: Interval, factor: Decimal) -> Interval:
    def scaled(edge: Decimal | None) -> Decimal | None:
        return None if edge is None else (edge * factor).quantize(SHOWN).normalize()

    return replace(bounds, low=scaled(bounds.low), high=scaled(bounds.high))


def read_scale(scale: str, data: Mapping[str, Any], place: str) -> Scale:
    """A scale from its data. Raises BadRuleData where the brackets leave a gap, overlap or stand out of order."""
    record = Record(data, place)
    record.only("in_use", "source", "mark", "closure_source", "closure_mark", "rows")
    marks = (Mark(record.text("mark")), Mark(record.text("closure_mark")))
    source = f"{record.text('source')}（{record.text('closure_source')}）"
    grades = []
    for row in data["rows"]:
        one = Record(row, f"{place} {row.get('id')}")
        one.only("id", "bounds")
        bounds = intervals.read(row["bounds"], one.place)
        grades.append(Grade(scale, one.text("id"), bounds, max(marks, key=lambda each: each.doubt), source))
    if wrong := intervals.cover_everything([one.bounds for one in grades]):
        raise record.error(f"{wrong}; expected every number exactly once")
    if any(not one.bounds.meets(following.bounds) for one, following in zip(grades, grades[1:], strict=False)):
        raise record.error("the grades stand out of order; expected the lowest first")
    return Scale(scale, in_use(record), tuple(grades))


def in_use(record: Record) -> bool:
    """Whether a rule is switched on. Raises BadRuleData for anything but true or false."""
    if not isinstance(flag := record.row.get("in_use"), bool):
        raise record.error(f"in_use is {flag!r}; expected true or false")
    return flag
