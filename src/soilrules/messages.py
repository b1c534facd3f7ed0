"""Sentences in two languages: every room keeps its own in a `messages.yaml` beside its code.

A sentence has a group, an id and the two languages; `{names}` in it are filled from the params of the message.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import yaml

LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence by its id, not yet in any language. `room` is the package below soilrules that keeps it."""

    room: str
    group: str
    id: str
    params: Mapping[str, str] = field(default_factory=dict)

    def sentence(self, language: str = "zh") -> str:
        """The sentence in `language` (zh or en)."""
        return sentence(self.room, self.group, self.id, self.params, language=language)


@cache
def catalogue(room: str) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """All sentences of a room, by group, id and language. `room` as in "standards" or "risk"."""
    text = files("soilrules").joinpath(*room.split("."), "messages.yaml").read_text("utf-8")
    data: Mapping[str, Mapping[str, Mapping[str, str]]] = yaml.safe_load(text)
    return data


def sentence(
    room: str, group: str, message_id: str, params: Mapping[str, str] | None = None, *, language: str = "zh"
) -> str:
    """The sentence for one message.

    >>> sentence("plantext", "notes", "unbalanced_bracket", {"line": "12"}, language="en")
    'The bracket on line 12 has no counterpart; check where the units end.'
    """
    return catalogue(room)[group][message_id][language].format(**(params or {}))
