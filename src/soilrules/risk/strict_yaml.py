"""Strict reading of rule data: a key that is unknown, missing or written twice is an error, never a silence."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

MARKS = ("double-sourced", "single-sourced", "from-knowledge")


class RuleDataError(ValueError):
    """Rule data that cannot be taken as it stands: file, place, what is wrong and what is expected."""


class _StrictLoader(yaml.SafeLoader):
    """YAML where a key stands once in its mapping."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise RuleDataError(f"{key!r} stands twice{key_node.start_mark}: keep one of the two.")
            seen.add(key)
        return super().construct_mapping(node, deep)


def parse(text: str) -> dict[str, Any]:
    """A YAML text as a mapping; raises RuleDataError where a key stands twice.

    >>> parse("a: {b: '1'}")
    {'a': {'b': '1'}}
    """
    data = yaml.load(text, Loader=_StrictLoader)  # noqa: S506  (a SafeLoader that refuses more)
    if not isinstance(data, dict):
        raise RuleDataError(f"expected a mapping at the top, got {type(data).__name__}.")
    return data


@cache
def shipped(name: str) -> dict[str, Any]:
    """The mapping in soilrules/data/risk/`name`.yaml."""
    return parse(files("soilrules").joinpath("data", "risk", f"{name}.yaml").read_text("utf-8"))


def nearest(name: str, known: Collection[str]) -> str | None:
    """The known name that looks most like `name`, whatever its case; None where none does.

    >>> nearest("BWA", ["BWa", "EDa"])
    'BWa'
    """
    folded = {one.casefold(): one for one in known}
    found = get_close_matches(name.casefold(), folded, n=1, cutoff=0.5)
    return folded[found[0]] if found else None


def did_you_mean(name: str, known: Collection[str]) -> str:
    """The end of a sentence that offers the nearest name; empty where there is none."""
    found = nearest(name, known)
    return f" Did you mean {found}?" if found else ""


def check_keys(record: object, place: str, required: Collection[str], optional: Collection[str] = ()) -> dict[str, Any]:
    """`record` as a mapping that holds every required key and none beyond the optional ones."""
    if not isinstance(record, Mapping):
        raise RuleDataError(f"{place}: expected a mapping, got {record!r}.")
    allowed = (*required, *optional)
    for key in record:
        if key not in allowed:
            raise RuleDataError(
                f"{place}: unknown key {key!r}; expected {', '.join(allowed)}.{did_you_mean(str(key), allowed)}"
            )
    if missing := [key for key in required if key not in record]:
        raise RuleDataError(f"{place}: {', '.join(missing)} missing.")
    return dict(record)


def number(value: object, place: str) -> float:
    """A number written as a quoted string, so that its digits are kept as keyed."""
    if not isinstance(value, str):
        raise RuleDataError(f"{place}: {value!r} is no quoted number; write it in quotes.")
    try:
        return float(value)
    except ValueError:
        raise RuleDataError(f"{place}: {value!r} is no number.") from None


def mark(value: object, place: str) -> str:
    """How sure a record is: one of MARKS."""
    if value not in MARKS:
        raise RuleDataError(f"{place}: mark {value!r}; expected one of {', '.join(MARKS)}.")
    return str(value)


def two_languages(value: object, place: str) -> Mapping[str, str]:
    """A text in Chinese and English, neither of them empty."""
    record = check_keys(value, place, ("zh", "en"))
    if empty := [language for language, text in record.items() if not str(text).strip()]:
        raise RuleDataError(f"{place}: the {empty[0]} text is empty.")
    return {language: str(text) for language, text in record.items()}
