"""Why a file cannot be read, said with value, place, expectation and next step."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Message id → language → sentence with `{parameters}`."""
    text = files(__package__).joinpath("messages.yaml").read_text(encoding="utf-8")
    messages: dict[str, dict[str, str]] = yaml.safe_load(text)
    return messages


class UnreadableFile(ValueError):
    """A file that cannot be read as a plan; `sentence()` says why and what to do.

    `message_id` is a key of messages.yaml and never changes; `params` are strings or numbers, so
    the error can be stored and sent as JSON.
    """

    def __init__(self, message_id: str, **params: str | int) -> None:
        if message_id not in catalogue():
            raise KeyError(f"no message {message_id!r} in formats/messages.yaml: add it in zh and en")
        super().__init__(message_id, params)
        self.message_id = message_id
        self.params = params

    def sentence(self, language: str = "zh") -> str:
        """The message in `language` (zh or en)."""
        return catalogue()[self.message_id][language].format(**self.params)

    def __str__(self) -> str:
        return self.sentence()
