"""Kinds of report with their terms, from data/reports/due.yaml.

A term says who owes the report to whom in which rhythm. One of a law holds everywhere at its level; one of a plan holds
in the plan's own place and years, and is only an example elsewhere. A term without a day is due, but nobody said when.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files

from soilrules.bases import known_bases
from soilrules.statistics.rule_data import mark_of
from soilrules.strict import BadRuleData, Readable, Record, load_yaml

KIND_KEYS = ("id", "title", "named", "form", "terms")
TERM_KEYS = (
    "from", "to", "level", "rhythm", "month_day", "next_year", "day_of_last_month", "working_days_after",
    "place", "plan", "clause", "since", "until", "bases", "example", "mark",
)  # fmt: skip
DAYS = ("month_day", "day_of_last_month", "working_days_after")
LAST_OF_SHORTEST_MONTH = 28


class Level(StrEnum):
    """Whose report it is."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    FIRM = "firm"
    RIGHT_HOLDER = "right_holder"  # whoever holds the right to the land


class Rhythm(StrEnum):
    """How often."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    ONCE = "once"
    EVENT = "event"  # whenever something happens; nothing to count from


@dataclass(frozen=True, slots=True)
class Term:
    """One term: sender, receiver, rhythm, the day, where and when it holds, and what it rests on.

    An `example` holds nowhere. `month_day` is (month, day) of the year of the period, or of the year after it with `next_year`.
    """

    kind: str
    sender: str
    receiver: str
    level: Level
    rhythm: Rhythm
    month_day: tuple[int, int] | None
    next_year: bool
    day_of_last_month: int | None
    working_days_after: int | None
    place: str
    plan: str
    clause: str
    since: date | None
    until: date | None
    bases: tuple[str, ...]
    example: bool
    mark: str

    @property
    def has_day(self) -> bool:
        """Whether a day is said."""
        return any(each is not None for each in (self.month_day, self.day_of_last_month, self.working_days_after))


@dataclass(frozen=True, slots=True)
class ReportKind:
    """One kind of report: its name, the things of the plans it stands for, the form that fills it ("" for none)."""

    id: str
    title: str
    named: tuple[str, ...]
    form: str
    terms: tuple[Term, ...]


@cache
def report_kinds() -> Mapping[str, ReportKind]:
    """All kinds by id. Raises BadRuleData."""
    return read(files("soilrules") / "data" / "reports" / "due.yaml")


def read(source: Readable) -> Mapping[str, ReportKind]:
    """The kinds of one file; an id or a named thing that stands twice is refused."""
    top = Record(load_yaml(source), source.name)
    top.only("reports")
    found: dict[str, ReportKind] = {}
    named: set[str] = set()
    for row in top.mappings("reports"):
        record = Record(row, f"{source.name} {row.get('id')}")
        kind = _kind(record)
        if kind.id in found or named & set(kind.named):
            raise record.error("stands twice, or names what another names; expected each once")
        found[kind.id] = kind
        named |= set(kind.named)
    return found


def _kind(record: Record) -> ReportKind:
    record.only(*KIND_KEYS)
    kind = record.text("id")
    terms = tuple(_term(Record(row, record.place), kind) for row in record.mappings("terms"))
    return ReportKind(kind, record.text("title"), record.texts("named"), record.text("form", ""), terms)


def _term(record: Record, kind: str) -> Term:
    record.only(*TERM_KEYS)
    rhythm = record.choice("rhythm", Rhythm)
    said = [key for key in DAYS if record.row.get(key) is not None]
    if len(said) > 1 or (said and rhythm is Rhythm.EVENT):
        raise record.error(f"has {', '.join(said)}; expected one day at most, and none for what happens by itself")
    if "month_day" in said and rhythm not in (Rhythm.YEAR, Rhythm.ONCE):
        raise record.error(f"has month_day with {rhythm}; expected day_of_last_month or working_days_after")
    bases, clause = known_bases(record), record.text("clause", "")
    if not bases and not clause:
        raise record.error("cites neither a text nor a clause; expected bases or clause")
    return Term(
        kind=kind,
        sender=record.text("from"),
        receiver=record.text("to"),
        level=record.choice("level", Level),
        rhythm=rhythm,
        month_day=_month_day(record),
        next_year=record.true("next_year"),
        day_of_last_month=_whole(record, "day_of_last_month"),
        working_days_after=_whole(record, "working_days_after"),
        place=record.text("place", ""),
        plan=record.text("plan", ""),
        clause=clause,
        since=record.day_or_none("since"),
        until=record.day_or_none("until"),
        bases=bases,
        example=record.true("example"),
        mark=mark_of(record),
    )


def _month_day(record: Record) -> tuple[int, int] | None:
    if record.row.get("month_day") is None:
        return None
    text = record.text("month_day")
    try:
        day = date.fromisoformat(f"2023-{text}")  # no leap year: 29 February would not come every year
    except ValueError:
        raise record.error(f"month_day is {text!r}; expected a month and day such as 03-31") from None
    return day.month, day.day


def _whole(record: Record, key: str) -> int | None:
    if record.row.get(key) is None:
        return None
    number = record.decimal(key)
    if number != int(number) or number < 1 or (key == "day_of_last_month" and number > LAST_OF_SHORTEST_MONTH):
        raise record.error(f"{key} is {number}; expected a whole number from 1 (a day to 28)")
    return int(number)


__all__ = ["BadRuleData", "Level", "ReportKind", "Rhythm", "Term", "read", "report_kinds"]
