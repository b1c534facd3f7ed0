"""Rule data is read strictly: an unknown key, a missing one or a number without quotes is an error that says where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Protocol, TypeVar

import yaml

Choice = TypeVar("Choice", bound=StrEnum)


class Readable(Protocol):
    """A file of rule data: a path or a package resource."""

    @property
    def name(self) -> str: ...

    def read_text(self, encoding: str) -> str: ...


class BadRuleData(ValueError):
    """Rule data that cannot be trusted; the sentence says the file, the row and what was expected."""


class _UniqueKeys(yaml.CSafeLoader):
    """YAML in which a key said twice is an error, not the last one."""


def _mapping(loader: yaml.CSafeLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [loader.construct_object(key, deep=True) for key, _ in node.value]
    if twice := {key for key in keys if keys.count(key) > 1}:
        raise BadRuleData(f"line {node.start_mark.line + 1}: {', '.join(map(str, twice))} stands twice; expected once.")
    return loader.construct_mapping(node, deep=True)


_UniqueKeys.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def load_yaml(source: Readable) -> Mapping[str, Any]:
    """One file of rule data as a mapping. Raises BadRuleData."""
    return parse_yaml(source.read_text("utf-8"), source.name)


def parse_yaml(text: str, name: str) -> Mapping[str, Any]:
    """Rule data in `text`; `name` is told in errors."""
    try:
        data = yaml.load(text, Loader=_UniqueKeys)  # noqa: S506 — a subclass of the safe loader
    except (yaml.YAMLError, BadRuleData) as error:
        raise BadRuleData(f"{name}: {error}") from error
    if not isinstance(data, dict):
        raise BadRuleData(f"{name}: expected a mapping at the top, found {type(data).__name__}.")
    return data


@dataclass(frozen=True, slots=True)
class Record:
    """One mapping of rule data whose fields are asked for by name and kind; `place` is told in errors."""

    row: Mapping[str, Any]
    place: str

    def only(self, *keys: str) -> None:
        """Refuse any key but these."""
        if unknown := [str(key) for key in self.row if key not in keys]:
            raise self.error(f"unknown key {', '.join(unknown)}; expected {', '.join(keys)}")

    def text(self, key: str, default: str | None = None) -> str:
        """A text that is there and not blank, or the default."""
        value = self.row.get(key, default)
        if not isinstance(value, str) or (not value.strip() and default is None):
            raise self.error(f"{key} is {value!r}; expected a text")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, empty where the key is missing."""
        value = self.row.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.error(f"{key} is {value!r}; expected a list of texts")
        return tuple(value)

    def decimal(self, key: str) -> Decimal:
        """A number in quotes, exactly as printed."""
        value = self.row.get(key)
        if not isinstance(value, str):
            raise self.error(f"{key} is {value!r}; expected a number in quotes")
        try:
            number = Decimal(value)
        except InvalidOperation:
            raise self.error(f"{key} is {value!r}; expected a number in quotes") from None
        if not number.is_finite():
            raise self.error(f"{key} is {value!r}; expected a finite number")
        return number

    def choice(self, key: str, kind: type[Choice]) -> Choice:
        """One of the words of an enumeration."""
        value = self.row.get(key)
        if value not in list(kind):
            raise self.error(f"{key} is {value!r}; expected one of {', '.join(kind)}")
        return kind(value)

    def true(self, key: str) -> bool:
        """Whether `key` says true; it may be missing but not say anything else."""
        if self.row.get(key, False) not in (True, False):
            raise self.error(f"{key} is {self.row[key]!r}; expected true or false")
        return bool(self.row.get(key))

    def mapping(self, key: str) -> Record:
        """A mapping, empty where the key is missing or null."""
        value = self.row.get(key) or {}
        if not isinstance(value, dict):
            raise self.error(f"{key} is {value!r}; expected a mapping")
        return Record(value, f"{self.place} {key}")

    def mappings(self, key: str) -> list[Mapping[str, Any]]:
        """A list of mappings, empty where the key is missing or null."""
        value = self.row.get(key) or []
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self.error(f"{key} is no list of rows; expected one mapping a row")
        return value

    def day(self, key: str) -> date:
        """A day, in quotes or without."""
        value = self.row.get(key)
        if type(value) is date:
            return value
        try:
            return date.fromisoformat(value if isinstance(value, str) else "")
        except ValueError:
            raise self.error(f"{key} is {value!r}; expected a day such as 2018-08-01") from None

    def day_or_none(self, key: str) -> date | None:
        """A day or null."""
        return None if self.row.get(key) is None else self.day(key)

    def error(self, what: str) -> BadRuleData:
        """The error for this record."""
        return BadRuleData(f"{self.place}: {what}.")
