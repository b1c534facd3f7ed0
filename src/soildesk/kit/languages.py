"""The language of the page, as the rules' catalogues know it."""

from __future__ import annotations

from collections.abc import Iterable
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


def listed(names: Iterable[object]) -> str:
    """Names one after the other, as the language of the page writes a list.

    >>> from django.utils.translation import override
    >>> with override("zh-hans"): listed(["青石镇", "白鹭镇"])
    '青石镇、白鹭镇'
    >>> with override("en"): listed(["water", "soil"])
    'water, soil'
    """
    return (", " if language() == "en" else "、").join(str(one) for one in names)
