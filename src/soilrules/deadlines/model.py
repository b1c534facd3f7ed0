"""Deadlines as typed facts.

A `Deadline` says what was printed, what kind of term it is and, where the words fix one, the
calendar days. Words that fix no day give no day: an undetermined term asks a person for a review
date, nothing is invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class DeadlineKind(StrEnum):
    """The kinds of term found in plans."""

    DATE = "date"  # 2021年11月底前
    WINDOW = "window"  # 11-12月份, “十四五”期间
    YEARLY = "yearly"  # 每年3月底前
    STANDING = "standing"  # 长期, 持续
    BEFORE_EVENT = "before_event"  # 签订土地出让合同前
    AFTER_EVENT = "after_event"  # 自…之日起30日内, 5个工作日
    AS_DIRECTED = "as_directed"  # 按上级要求
    UNDETERMINED = "undetermined"  # 适时


@dataclass(frozen=True)
class Deadline:
    """One term as printed, with its span in the document (half-open character offsets).

    `first`/`last` are inclusive calendar days; `last` is the day that counts as due. For a yearly
    term `month`/`day` give the yearly due day and `first_month` the start of a yearly window.
    `count`/`count_unit` give "30 days", "5 working_days" after `event`.
    """

    text: str
    start: int
    end: int
    kind: DeadlineKind
    confidence: float
    reason: str = ""
    first: date | None = None
    last: date | None = None
    alternatives: tuple[date, ...] = ()  # other defensible due days (在 2019年1月1日前 in or out)
    month: int | None = None
    day: int | None = None
    first_month: int | None = None
    event: str = ""
    count: int | None = None
    count_unit: str = ""  # days | working_days | months | years
    what: str = ""  # the words it belongs to: the milestone's own label
    completion: bool = True  # False where the date is not one the task is to be done by (a start, a cited date)
