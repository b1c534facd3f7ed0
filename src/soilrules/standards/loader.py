"""Reads a standard's file strictly: unknown keys, duplicates, gaps and overlaps are errors that name the row.

One fact a row, numbers in quotes exactly as printed. A row holds `analyte`, `level`, one of `value`, `range`, `words`
(with the `other_words` for what is not allowed) or `not_detected`, and where needed `use`, `condition`, `ph`, `unit`, `note`; always `clause` and `mark`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from soilrules import analytes, intervals
from soilrules.standards import crops
from soilrules.standards.model import Bound, Edition, Limit, Medium, Related, Sum, Use, UseKind
from soilrules.strict import Record
from soilrules.units import Unit, parse
from soilrules.verdict import Mark

_EDITION_KEYS = (
    "standard", "id", "family", "title", "medium", "since", "until", "levels", "use_kind", "uses", "conditions",
    "undetermined_use", "exceeded_when", "unit", "keyed_by", "checked_by", "clauses", "background", "limits", "sums",
    "related", "division", "authority", "note",
)  # fmt: skip
_ROW_KEYS = (
    "analyte", "level", "use", "condition", "ph", "value", "range", "words", "other_words", "not_detected", "unit", "clause",
    "sources", "mark", "note", "keyed_by", "checked_by",
)  # fmt: skip


def read_edition(data: Mapping[str, Any], name: str) -> Edition:
    """One edition from its data; `name` is told in errors. Raises BadRuleData."""
    record = Record(data, name)
    record.only(*_EDITION_KEYS)
    if record.text("exceeded_when") != "gt":
        raise record.error("exceeded_when is not gt; expected gt: the limit itself is not exceeded")
    title, background, undetermined = map(record.mapping, ("title", "background", "undetermined_use"))
    title.only("zh", "en")
    background.only("analytes", "clause")
    undetermined.only("use", "clause")
    edition = Edition(
        standard=record.text("standard"),
        id=record.text("id"),
        family=record.text("family"),
        title_zh=title.text("zh"),
        title_en=title.text("en"),
        medium=record.choice("medium", Medium),
        since=record.day("since"),
        until=record.day_or_none("until"),
        levels=record.texts("levels"),
        use_kind=record.choice("use_kind", UseKind),
        uses=crops.groups() if data.get("uses") == "crops" else _uses(record.mapping("uses")),
        conditions=_uses(record.mapping("conditions")),
        unit=_unit(record, "unit"),
        limits=tuple(_limits(record)),
        undetermined_use=undetermined.text("use", ""),
        undetermined_clause=undetermined.text("clause", ""),
        clauses=MappingProxyType({key: record.mapping("clauses").text(key) for key in record.mapping("clauses").row}),
        background=frozenset(background.texts("analytes")),
        background_clause=background.text("clause", ""),
        sums=tuple(_sum(row, name) for row in record.mappings("sums")),
        related=tuple(_related(row, name) for row in record.mappings("related")),
        division=record.text("division", ""),
        authority=record.text("authority", ""),
        note=record.text("note", ""),
    )
    _check(edition, name)
    return edition


def _uses(data: Record) -> Mapping[str, Use]:
    found = {}
    for key in data.row:
        record = data.mapping(key)
        record.only("zh", "en", "stricter_of")
        found[key] = Use(key, record.text("zh"), record.text("en"), record.texts("stricter_of"))
    if unknown := {part for use in found.values() for part in use.stricter_of} - found.keys():
        raise data.error(f"stricter_of names {', '.join(sorted(unknown))}; expected {', '.join(found)}")
    return MappingProxyType(found)


def _unit(record: Record, key: str) -> Unit:
    unit = parse(record.text(key))
    if unit is None:
        raise record.error(f"{key} is {record.row[key]!r}; expected a unit such as mg/kg")
    return unit


def _limits(edition: Record) -> Iterable[Limit]:
    if not edition.mappings("limits"):
        raise edition.error("there are no limits; expected at least one row")
    for number, row in enumerate(edition.mappings("limits"), 1):
        record = Record(row, f"{edition.place} limit {number} ({row.get('analyte')} {row.get('level')})")
        record.only(*_ROW_KEYS)
        yield Limit(
            analyte=record.text("analyte"),
            level=record.text("level"),
            bound=_bound(record),
            unit=_unit(record if "unit" in row else edition, "unit"),
            clause=record.text("clause"),
            mark=record.choice("mark", Mark),
            edition=edition.text("standard"),
            medium=edition.choice("medium", Medium),
            uses=_some(record, "use") if "use" in row else (),
            condition=record.text("condition", ""),
            ph=intervals.read(record.mapping("ph").row, record.place) if "ph" in row else None,
            sources=record.texts("sources"),
            note=record.text("note", ""),
            keyed_by=row.get("keyed_by") or edition.text("keyed_by"),
            checked_by=row.get("checked_by") or edition.row.get("checked_by") or "",
        )


def _bound(record: Record) -> Bound:
    given = [key for key in ("value", "range", "words", "not_detected") if key in record.row]
    if len(given) != 1:
        raise record.error(f"says {given or 'nothing'}; expected exactly one of value, range, words, not_detected")
    match given[0]:
        case "value":
            upper = record.decimal("value")
            if upper < 0:
                raise record.error(f"value is {upper}; expected no negative limit")
            return Bound(upper=upper)
        case "range":
            return Bound(within=intervals.read(record.mapping("range").row, record.place))
        case "words":
            return Bound(words=_some(record, "words"), other_words=_some(record, "other_words"))
    if not record.true("not_detected"):
        raise record.error("not_detected is false; expected true, or leave the key out")
    return Bound(not_detected=True)


def _some(record: Record, key: str) -> tuple[str, ...]:
    if not (found := record.texts(key)):
        raise record.error(f"{key} is empty or missing; expected at least one")
    return found


def _sum(row: Mapping[str, Any], name: str) -> Sum:
    record = Record(row, f"{name} sum {row.get('analyte')}")
    record.only("analyte", "of", "clause", "sources", "mark", "note")
    return Sum(
        record.text("analyte"),
        record.texts("of"),
        record.text("clause"),
        record.choice("mark", Mark),
        record.text("note", ""),
    )


def _related(row: Mapping[str, Any], name: str) -> Related:
    record = Record(row, f"{name} related {row.get('offered')}")
    record.only("offered", "limited", "stands_in_when_meets", "clause")
    return Related(
        record.text("offered"), record.text("limited"), record.true("stands_in_when_meets"), record.text("clause", "")
    )


def _check(edition: Edition, name: str) -> None:
    whole = Record({}, name)
    if edition.until is not None and edition.until <= edition.since:
        raise whole.error(f"until {edition.until} is not after since {edition.since}")
    _check_names(edition, whole)
    for analyte, levels in edition.by_analyte.items():
        for level, limits in levels.items():
            _check_level(edition, limits, Record({}, f"{name} {analyte} {level}"))
        if edition.levels[0] not in levels and not edition.division:
            raise whole.error(f"{analyte} has no {edition.levels[0]}; expected it beside {', '.join(levels)}")
        _check_order(edition, analyte, whole)


def _check_names(edition: Edition, whole: Record) -> None:
    slugs = {*edition.limits_analyte, *edition.background}
    slugs |= {slug for one in edition.sums for slug in (one.analyte, *one.components)}
    slugs |= {slug for one in edition.related for slug in (one.offered, one.limited)}
    if unknown := slugs - analytes.all_analytes().keys():
        raise whole.error(f"unknown analyte {', '.join(sorted(unknown))}; expected slugs of analytes.yaml")
    if unknown := {one.level for one in edition.limits} - set(edition.levels):
        raise whole.error(f"unknown level {', '.join(unknown)}; expected {', '.join(edition.levels)}")
    if unknown := {use for one in edition.limits for use in one.uses} - edition.uses.keys():
        raise whole.error(f"unknown use {', '.join(unknown)}; expected {', '.join(edition.uses)}")
    if edition.undetermined_use and edition.undetermined_use not in edition.uses:
        raise whole.error(f"undetermined_use is {edition.undetermined_use}; expected {', '.join(edition.uses)}")
    if unknown := {one.condition for one in edition.limits if one.condition} - edition.conditions.keys():
        raise whole.error(f"unknown condition {', '.join(unknown)}; expected {', '.join(edition.conditions)}")


def _check_level(edition: Edition, limits: tuple[Limit, ...], place: Record) -> None:
    """For every use and condition the pH bands cover everything once, and every use of the standard is there."""
    bands: dict[tuple[str, str], list[Limit]] = defaultdict(list)
    for one in limits:
        for use in one.uses or _every_use(edition):
            bands[use, one.condition].append(one)
    for (use, condition), rows in bands.items():
        wrong = intervals.cover_everything([one.ph or intervals.EVERYTHING for one in rows])
        if wrong:
            raise place.error(f"{use} {condition}: {wrong}; expected every pH exactly once")
    if edition.use_kind in (UseKind.LAND, UseKind.LAND_CLASS, UseKind.WATER_USE) and not edition.division:
        printed = {key for key, use in edition.uses.items() if not use.stricter_of}
        if missing := printed - {use for use, _ in bands}:
            raise place.error(f"nothing for {', '.join(sorted(missing))}; expected every use")


def _every_use(edition: Edition) -> tuple[str, ...]:
    return ("",) if edition.use_kind in (UseKind.CROP, UseKind.NONE) else tuple(edition.uses)


def _check_order(edition: Edition, analyte: str, whole: Record) -> None:
    """A later level never lies below an earlier one."""
    levels = edition.by_analyte[analyte]
    for lower, higher in zip(edition.levels, edition.levels[1:], strict=False):
        for one in levels.get(lower, ()):
            for other in levels.get(higher, ()):
                if _same_place(one, other) and _above(one, other):
                    raise whole.error(f"{analyte}: {lower} {one.upper} is above {higher} {other.upper}")


def _above(one: Limit, other: Limit) -> bool:
    if one.bound.upper is None or other.bound.upper is None:
        return False
    return one.upper * one.unit.factor > other.upper * other.unit.factor


def _same_place(one: Limit, other: Limit) -> bool:
    same_use = not one.uses or not other.uses or bool(set(one.uses) & set(other.uses))
    return same_use and one.condition == other.condition and (one.ph == other.ph or None in (one.ph, other.ph))
