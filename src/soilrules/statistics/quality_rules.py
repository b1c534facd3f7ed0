"""The quality-control numbers of each edition of HJ 166, chosen by the day of sampling (data/quality/*.yaml)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from soilrules.statistics.rule_data import Rules, mark_of, rules_of
from soilrules.strict import BadRuleData, Record, load_yaml


@dataclass(frozen=True, slots=True)
class Edge:
    """One end of a range; `closed` where the number itself is inside. No number: the range is open to that side."""

    number: Decimal | None
    closed: bool


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers from one edge to another, each edge in or out as the data say."""

    lower: Edge
    upper: Edge

    def __contains__(self, number: Decimal) -> bool:
        low, high = self.lower, self.upper
        above = low.number is None or number > low.number or (low.closed and number == low.number)
        below = high.number is None or number < high.number or (high.closed and number == high.number)
        return above and below

    def __str__(self) -> str:
        low = "" if self.lower.number is None else f"{'≥' if self.lower.closed else '>'}{self.lower.number}"
        high = "" if self.upper.number is None else f"{'≤' if self.upper.closed else '<'}{self.upper.number}"
        return " ".join(part for part in (low, high) if part)


@dataclass(frozen=True, slots=True)
class Band:
    """What is allowed at one content: the largest RD of a pair and the recovery of a spike (None: no range known)."""

    table: str
    analytes: tuple[str, ...]
    content: Range
    relative_deviation: Decimal
    recovery: Range | None
    mark: str


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition, for samples of `[since, until)`. Without rules it is known to be in force, its numbers are not."""

    name: str
    since: date
    until: date | None
    dates_source: str
    rules: Rules
    bands: tuple[Band, ...]

    def bands_for(self, analyte: str) -> tuple[Band, ...]:
        """The bands of an analyte (its slug): its own, else those of all other items; lowest content first."""
        own = tuple(band for band in self.bands if analyte in band.analytes)
        return own or tuple(band for band in self.bands if not band.analytes)

    def band(self, analyte: str, content_mg_kg: Decimal) -> Band:
        """The band of one content; the loader has proved that there is exactly one."""
        return next(band for band in self.bands_for(analyte) if content_mg_kg in band.content)


def edition_on(sampled_on: date) -> Edition | None:
    """The edition for samples taken on that day, None before the first one known."""
    inside = [one for one in editions() if one.since <= sampled_on and (one.until is None or sampled_on < one.until)]
    return inside[0] if inside else None


@cache
def editions() -> tuple[Edition, ...]:
    """Every edition by its first day. Raises BadRuleData where two overlap."""
    folder = files("soilrules") / "data" / "quality"
    found = [edition_of(load_yaml(one), one.name) for one in folder.iterdir() if one.name.endswith(".yaml")]
    ordered = tuple(sorted(found, key=lambda one: one.since))
    for one, following in zip(ordered, ordered[1:], strict=False):
        if one.until != following.since:
            raise BadRuleData(
                f"{one.name} ends {one.until}, {following.name} begins {following.since}: expected one day."
            )
    return ordered


def edition_of(data: Mapping[str, Any], place: str) -> Edition:
    """One edition from its data. Raises BadRuleData for unknown keys and for bands with gaps or overlaps."""
    record = Record(data, place)
    record.only("edition", "since", "until", "dates_source", "rules", "bands")
    name = record.text("edition")
    bands = tuple(_band(row, f"{place} band {number}") for number, row in enumerate(data["bands"], 1))
    for analyte in {slug for band in bands for slug in band.analytes} | {""}:
        _prove_complete([band for band in bands if (analyte in band.analytes if analyte else not band.analytes)], place)
    return Edition(
        name=name,
        since=record.day("since"),
        until=record.day_or_none("until"),
        dates_source=record.text("dates_source"),
        rules=rules_of(data["rules"], name, place),
        bands=bands,
    )


def _band(row: Mapping[str, Any], place: str) -> Band:
    record = Record(row, place)
    record.only("table", "analytes", "content_mg_kg", "relative_deviation_percent", "recovery_percent", "mark")
    recovery = row.get("recovery_percent")
    return Band(
        table=record.text("table"),
        analytes=record.texts("analytes"),
        content=_range(row["content_mg_kg"], f"{place} content"),
        relative_deviation=record.decimal("relative_deviation_percent"),
        recovery=None if recovery is None else _range(recovery, f"{place} recovery"),
        mark=mark_of(record),
    )


def _range(row: Mapping[str, Any], place: str) -> Range:
    record = Record(row, place)
    record.only("gt", "ge", "lt", "le")
    if {"gt", "ge"} <= set(row) or {"lt", "le"} <= set(row) or not row:
        raise record.error("expected one of gt, ge and one of lt, le at most, and one of them at least")
    return Range(_edge(record, "ge", "gt"), _edge(record, "le", "lt"))


def _edge(record: Record, closed: str, opened: str) -> Edge:
    key = next((one for one in (closed, opened) if one in record.row), None)
    return Edge(record.decimal(key), key == closed) if key else Edge(None, False)


def _prove_complete(bands: Sequence[Band], place: str) -> None:
    """Every content in exactly one band, and no wider deviation at a higher content."""
    edges = [Edge(None, False), *(edge for band in bands for edge in (band.content.lower, band.content.upper))]
    for upper, lower in zip(edges[::2], [*edges[1::2], Edge(None, False)], strict=True):
        if upper.number != lower.number or (upper.number is not None and upper.closed == lower.closed):
            raise BadRuleData(f"{place}: the content bands meet at {upper} and {lower}; expected no gap, no overlap.")
    allowed = [band.relative_deviation for band in bands]
    if allowed != sorted(allowed, reverse=True):
        raise BadRuleData(f"{place}: allowed deviations {allowed} grow with the content; expected the reverse.")
