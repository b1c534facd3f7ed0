"""The exchange format: what each column of a laboratory's file holds (data/labcheck/format-v1.yaml)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from soilrules.labtables import headings
from soilrules.labtables.layout import Layout
from soilrules.strict import Record, load_yaml

FOLDER = files("soilrules") / "data" / "labcheck"
_KEYS = ("key", "heading", "type", "need", "names", "values", "pattern", "pattern_mark", "example", "note")


class Need(StrEnum):
    """Whether a column must be there."""

    REQUIRED = "required"
    EXPECTED = "expected"
    OPTIONAL = "optional"


class Kind(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    NUMBER = "number"
    RESULT = "result"
    DATE = "date"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the format. `names` are all words its heading may be written with."""

    key: str
    heading: str
    kind: Kind
    need: Need
    names: tuple[str, ...]
    values: tuple[str, ...]
    pattern: str
    pattern_mark: str
    example: str
    note: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Format:
    """One version of the format; `rules` say how a file is written."""

    version: str
    since: date
    title: Mapping[str, str]
    columns: tuple[Column, ...]
    rules: tuple[Mapping[str, str], ...]
    beside: tuple[str, ...]  # sheets that may stand beside the results

    def column(self, key: str) -> Column:
        """The column of a key. Raises KeyError where there is none."""
        return next(iter(one for one in self.columns if one.key == key), None) or _no_column(key)


def _no_column(key: str) -> Column:
    raise KeyError(key)


@cache
def current() -> Format:
    """The version in use."""
    data = Record(load_yaml(FOLDER / "format-v1.yaml"), "format-v1.yaml")
    data.only("version", "since", "beside", "title", "columns", "rules")
    return Format(
        version=data.text("version"),
        since=data.day("since"),
        title=_both(data.mapping("title")),
        columns=tuple(_column(Record(row, f"format-v1.yaml {row.get('key')}")) for row in data.mappings("columns")),
        rules=tuple(_both(Record(row, "format-v1.yaml rules")) for row in data.mappings("rules")),
        beside=data.texts("beside"),
    )


def _both(record: Record) -> Mapping[str, str]:
    record.only("zh", "en")
    return MappingProxyType({"zh": record.text("zh"), "en": record.text("en")})


def _column(record: Record) -> Column:
    record.only(*_KEYS)
    key, heading = record.text("key"), record.text("heading")
    role = next((one for one in headings.roles() if one.id == key), None)
    if role and record.texts("names"):
        raise record.error("names stand twice; those of a role belong to data/labtables/headings.yaml")
    return Column(
        key=key,
        heading=heading,
        kind=record.choice("type", Kind),
        need=record.choice("need", Need),
        names=role.names if role else (heading, *record.texts("names")),
        values=record.texts("values"),
        pattern=record.text("pattern", ""),
        pattern_mark=record.text("pattern_mark", ""),
        example=record.text("example"),
        note=_both(record.mapping("note")),
    )


@cache
def own_names() -> Mapping[str, str]:
    """The columns the reader of tables does not know, by the letters that count of their headings."""
    roles = {one.id for one in headings.roles()}
    own = [one for one in current().columns if one.key not in roles]
    return MappingProxyType({headings.plain(name): one.key for one in own for name in one.names})


def own_columns(layout: Layout) -> Mapping[str, int]:
    """Where in a table those columns stand; of two the first counts."""
    taken = {at for value in layout.values for at in (value.column, *value.beside)}
    found: dict[str, int] = {}
    for at, heading in enumerate(layout.headings):
        key = own_names().get(headings.plain(heading))
        if key and at not in taken:
            found.setdefault(key, at)
    return found
