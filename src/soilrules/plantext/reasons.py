"""Why a field is less than sure, and the sentences for every reason, note and conflict in two languages."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files

import yaml

LANGUAGES = ("zh", "en")


class Reason(StrEnum):
    """Reasons a field carries beside a confidence below 1."""

    UNIT_BY_POSITION = "unit_by_position"
    ROLE_NOT_STATED = "role_not_stated"
    UNIT_INHERITED = "unit_inherited"
    TITLE_OF_NOTICE = "title_of_notice"
    NAME_COMPOSED = "name_composed"


@cache
def catalogue() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Sentences by group (reasons, notes, conflicts), id and language."""
    data: Mapping[str, Mapping[str, Mapping[str, str]]] = yaml.safe_load(
        (files("soilrules") / "plantext" / "messages.yaml").read_text("utf-8")
    )
    return data


def sentence(group: str, message_id: str, params: Mapping[str, str] | None = None, *, language: str = "zh") -> str:
    """The sentence for a reason, note or conflict.

    >>> sentence("notes", "unbalanced_bracket", {"line": "12"}, language="en")
    'The bracket on line 12 has no counterpart; check where the units end.'
    """
    return catalogue()[group][message_id][language].format(**(params or {}))
