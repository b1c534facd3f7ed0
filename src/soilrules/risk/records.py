"""What the rule data of this room have in common: files by name, numbers in quotes, texts in two languages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from soilrules.messages import LANGUAGES
from soilrules.strict import BadRuleData, Record, load_yaml
from soilrules.verdict import Mark


@cache
def shipped(name: str) -> Mapping[str, Any]:
    """The mapping in soilrules/data/risk/`name`.yaml. Raises BadRuleData."""
    return load_yaml(files("soilrules").joinpath("data", "risk", f"{name}.yaml"))


def record(row: object, place: str, *keys: str) -> Record:
    """`row` as a record with none but these keys."""
    if not isinstance(row, Mapping):
        raise BadRuleData(f"{place}: {row!r}; expected a mapping.")
    found = Record(row, place)
    found.only(*keys)
    return found


def records(head: Record, key: str) -> dict[str, object]:
    """The rows kept under `key` of a file, by their own key."""
    rows = head.row.get(key)
    if not isinstance(rows, Mapping) or not rows:
        raise head.error(f"{key} is {rows!r}; expected rows by their key")
    return {str(name): row for name, row in rows.items()}


def number(found: Record, key: str) -> float:
    """A number in quotes."""
    return float(found.decimal(key))


def mark(found: Record) -> Mark:
    """How sure the row is."""
    text = found.text("mark")
    if text not in set(Mark):
        raise found.error(f"mark is {text!r}; expected one of {', '.join(Mark)}")
    return Mark(text)


def two_languages(found: Record, key: str) -> Mapping[str, str]:
    """A text in Chinese and English, neither of them empty."""
    texts = record(found.row.get(key), f"{found.place}, {key}", *LANGUAGES)
    return {language: texts.text(language) for language in LANGUAGES}


def two_languages_or_none(found: Record, key: str) -> Mapping[str, str] | None:
    """A text in both languages where there is one."""
    return two_languages(found, key) if key in found.row else None
