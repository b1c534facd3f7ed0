"""Schemes from their files, and as a place changes them; what does not hold together is refused (data/assessment/schemes)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

from soilrules.assessment.fit import Unfit, fault, faults_of, is_score
from soilrules.assessment.scheme import (
    FULL,
    Consequence,
    Deduction,
    Follows,
    Grade,
    Item,
    Level,
    Method,
    NotApplicable,
    Note,
    Scheme,
    Veto,
)
from soilrules.statistics.rule_data import MARKS
from soilrules.strict import Readable, Record, load_yaml
from soilrules.supervision.authorities import Body

Changed = TypeVar("Changed", Item, Deduction, Veto)
Changes = Mapping[str, Mapping[str, Any]]
FOLDER = ("data", "assessment", "schemes")
TOP = (
    "id", "title", "document", "about", "assessed", "years", "mark", "not_applicable", "not_applicable_mark", "grades", "grades_mark",
    "least_ranked", "ranked_mark", "parts", "items", "deductions", "vetoes", "consequences", "notes",
    "objection_days", "objection_mark",
)  # fmt: skip
OF_ITEM = (
    "id",
    "part",
    "title",
    "weight",
    "method",
    "figures",
    "of",
    "faults",
    "comparator",
    "target",
    "each",
    "basis",
    "mark",
    "weight_mark",
)
OF_DEDUCTION = ("id", "title", "figures", "each", "most", "basis", "mark", "in_use")
OF_VETO = ("id", "title", "figures", "cap", "basis", "mark", "in_use")
OF_CONSEQUENCE = ("id", "kind", "words", "grades", "decided_by", "basis", "mark")
CHANGEABLE = {
    "items": ("weight", "target", "each", "in_use"),
    "deductions": ("each", "most", "in_use"),
    "vetoes": ("in_use",),
}
"""What a place may change of which list."""


@cache
def schemes() -> Mapping[str, Scheme]:
    """All schemes by id. Raises BadRuleData."""
    folder = files("soilrules").joinpath(*FOLDER)
    sources = sorted((one for one in folder.iterdir() if one.name.endswith(".yaml")), key=lambda one: one.name)
    found = [read(source) for source in sources]
    return {one.id: one for one in found}


def read(source: Readable) -> Scheme:
    """The scheme of one file. Raises BadRuleData."""
    return of_record(Record(load_yaml(source), source.name))


def of_record(top: Record) -> Scheme:
    """A scheme from its data; whatever does not hold together is refused."""
    top.only(*TOP)
    grades = tuple(_grade(row) for row in _records(top, "grades"))
    parts = {key: str(value) for key, value in top.mapping("parts").row.items()}
    scheme = Scheme(
        **{key: top.text(key) for key in ("id", "title", "document", "about")},
        assessed=tuple(Level(one) for one in top.texts("assessed")),
        years=_years(top),
        mark=mark_of(top),
        not_applicable=top.choice("not_applicable", NotApplicable),
        not_applicable_mark=mark_of(top, "not_applicable_mark"),
        grades=grades,
        grades_mark=mark_of(top, "grades_mark"),
        least_ranked=int(top.decimal("least_ranked")),
        ranked_mark=mark_of(top, "ranked_mark"),
        parts=parts,
        items=tuple(_item(row) for row in _records(top, "items")),
        deductions=tuple(_deduction(row) for row in _records(top, "deductions")),
        vetoes=tuple(_veto(row) for row in _records(top, "vetoes")),
        consequences=tuple(_follows(row) for row in _records(top, "consequences")),
        notes=tuple(Note(row.text("words"), mark_of(row)) for row in _records(top, "notes")),
        objection_days=_whole_number(top, "objection_days"),
        objection_mark=mark_of(top, "objection_mark"),
    )
    if wrong := faults_of(scheme):
        raise top.error(str(Unfit(wrong)))
    return scheme


def with_changes(scheme: Scheme, changes: Changes) -> Scheme:
    """The scheme of a place: `changes` by the id of what is changed. Raises Unfit where it does not hold together.

    >>> with_changes(schemes()["district_towns"], {}) == schemes()["district_towns"]
    True
    """
    if left := sorted(set(changes) - set(scheme.ids)):
        raise Unfit([fault("no_line", names=", ".join(left), scheme=scheme.id)])
    found = replace(
        scheme,
        items=tuple(_changed(one, changes, CHANGEABLE["items"]) for one in scheme.items),
        deductions=tuple(_changed(one, changes, CHANGEABLE["deductions"]) for one in scheme.deductions),
        vetoes=tuple(_changed(one, changes, CHANGEABLE["vetoes"]) for one in scheme.vetoes),
    )
    if wrong := faults_of(found):
        raise Unfit(wrong)
    return found


def _changed(row: Changed, changes: Changes, allowed: tuple[str, ...]) -> Changed:
    given = changes.get(row.id, {})
    if wrong := [key for key in given if key not in allowed]:
        raise Unfit([fault("fixed", title=row.title, key=", ".join(wrong))])
    told: dict[str, Any] = {
        key: bool(value) if key == "in_use" else _number(row.title, value) for key, value in given.items()
    }
    return replace(row, **told)


def _number(title: str, value: Any) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if not is_score(number):
        raise Unfit([fault("number", title=title, value=str(value)[:40])])
    return number


def as_data(scheme: Scheme) -> dict[str, Any]:
    """The whole scheme as plain data, for a snapshot and for the command line."""
    return {one.name: _plain(getattr(scheme, one.name)) for one in fields(scheme)}


def of_data(data: Mapping[str, Any]) -> Scheme:
    """The scheme that was written down by `as_data`.

    >>> of_data(as_data(schemes()["county_year"])) == schemes()["county_year"]
    True
    """
    plain = (
        "id",
        "title",
        "document",
        "about",
        "mark",
        "not_applicable_mark",
        "grades_mark",
        "least_ranked",
        "ranked_mark",
        "parts",
    )
    first, last = data["years"] or (None, None)
    return Scheme(
        **{key: data[key] for key in plain},
        **{key: data[key] for key in ("objection_days", "objection_mark") if key in data},
        assessed=tuple(Level(one) for one in data["assessed"]),
        years=None if first is None or last is None else (first, last),
        not_applicable=NotApplicable(data["not_applicable"]),
        grades=tuple(Grade(**_typed(one)) for one in data["grades"]),
        items=tuple(Item(**_typed(one)) for one in data["items"]),
        deductions=tuple(Deduction(**_typed(one)) for one in data["deductions"]),
        vetoes=tuple(Veto(**_typed(one)) for one in data["vetoes"]),
        consequences=tuple(Follows(**_typed(one)) for one in data["consequences"]),
        notes=tuple(Note(**one) for one in data["notes"]),
    )  # fmt: skip


KINDS: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("weight", "target", "each", "most", "at_least"), Decimal),
    **dict.fromkeys(("figures", "of", "grades"), tuple),
    "method": Method,
    "kind": Consequence,
    "decided_by": lambda names: tuple(Body(one) for one in names),
}
"""How a field that is not text or truth comes back."""


def _typed(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: KINDS[key](value) if key in KINDS else value for key, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return dict(value)
    if hasattr(value, "__dataclass_fields__"):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    return str(value) if isinstance(value, (Decimal, StrEnum)) else value


def mark_of(record: Record, key: str = "mark") -> str:
    """How sure something is. Raises BadRuleData for a word that is no mark."""
    if (mark := record.text(key)) not in MARKS:
        raise record.error(f"{key} is {mark!r}; expected one of {', '.join(MARKS)}")
    return mark


def _records(top: Record, key: str) -> list[Record]:
    return [Record(row, f"{top.place} {key} {row.get('id', '')}".strip()) for row in top.mappings(key)]


def _whole_number(top: Record, key: str) -> int | None:
    """A whole number, or nothing; the key has to stand there."""
    if top.row[key] is None:
        return None
    number = top.decimal(key)
    if number != int(number):
        raise top.error(f"{key} is {number}; expected a whole number")
    return int(number)


def _years(top: Record) -> tuple[int, int] | None:
    given = top.row.get("years")
    if given is None:
        return None
    if not isinstance(given, list) or len(given) != 2 or not all(isinstance(one, int) for one in given):
        raise top.error(f"years is {given!r}; expected the first and the last year")
    return given[0], given[1]


def _grade(row: Record) -> Grade:
    row.only("id", "title", "at_least")
    return Grade(row.text("id"), row.text("title"), row.decimal("at_least"))


def _item(row: Record) -> Item:
    row.only(*OF_ITEM)
    target = row.decimal("target") if "target" in row.row else FULL
    each = row.decimal("each") if "each" in row.row else Decimal(0)
    if row.row.get("comparator", ">=") not in (">=", "<="):
        raise row.error(f"comparator is {row.row['comparator']!r}; expected >= or <=")
    return Item(
        id=row.text("id"),
        part=row.text("part"),
        title=row.text("title"),
        weight=row.decimal("weight"),
        method=row.choice("method", Method),
        figures=row.texts("figures"),
        of=row.texts("of"),
        faults=row.true("faults"),
        comparator=row.text("comparator", ">="),
        basis=row.text("basis"),
        mark=mark_of(row),
        weight_mark=mark_of(row, "weight_mark"),
        target=target,
        each=each,
    )


def _deduction(row: Record) -> Deduction:
    row.only(*OF_DEDUCTION)
    return Deduction(
        row.text("id"), row.text("title"), row.texts("figures"), row.decimal("each"), row.decimal("most"), row.text("basis"),
        mark_of(row), row.true("in_use"),
    )  # fmt: skip


def _veto(row: Record) -> Veto:
    row.only(*OF_VETO)
    return Veto(
        row.text("id"), row.text("title"), row.texts("figures"), row.text("cap"), row.text("basis"), mark_of(row), row.true("in_use")
    )  # fmt: skip


def _follows(row: Record) -> Follows:
    row.only(*OF_CONSEQUENCE)
    return Follows(
        row.text("id"), row.choice("kind", Consequence), row.text("words"), row.texts("grades"),
        tuple(Body(one) for one in row.texts("decided_by")), row.text("basis"), mark_of(row),
    )  # fmt: skip
