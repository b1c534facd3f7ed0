"""The language of the page, as the rules' catalogues know it."""

from __future__ import annotations

from typing import Protocol

from django.utils.translation import get_language


class Named(Protocol):
    """A row of rule data with a name in each language."""

    @property
    def zh(self) -> str: ...

    @property
    def en(self) -> str: ...


def language() -> str:
    """zh or en."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def called(row: Named) -> str:
    """What a row of the rules is called, for the person at the desk."""
    return row.en if language() == "en" else row.zh
