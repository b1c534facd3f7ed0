"""What acts and the kinds of their subjects are called by people; each room says its own in `acts.py`."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise

Words = Mapping[str, str | Promise]

_words: dict[str, str | Promise] = {}


def register(words: Words) -> None:
    """Name acts ("plans.plan.published") and kinds of subjects ("plans.plan")."""
    _words.update(words)


def word_of(name: str) -> str:
    """The words for an act or a kind of subject; the bare name where nobody gave it one."""
    return str(_words.get(name, name))


def names_like(text: str) -> list[str]:
    """The acts and kinds whose words contain `text`, for searching."""
    return [name for name, word in _words.items() if text in str(word)]


def registered() -> frozenset[str]:
    """Every act and kind that has words."""
    return frozenset(_words)
