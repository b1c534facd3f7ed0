"""Refusals: what the desk says when it does not do something."""

from __future__ import annotations

from django.utils.functional import Promise


class Refusal(Exception):
    """An act was refused. `code` is stable; `sentence` says value, place, expectation and next step to the user."""

    code = "core.refused"

    def __init__(self, sentence: str | Promise, *, code: str = "") -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
        if code:
            self.code = code

    def __str__(self) -> str:
        return str(self.sentence)
