"""Addresses that keep the chosen day: a page that speaks of 2026-06-30 leads to pages of that day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from urllib.parse import urlencode
from uuid import UUID

from django.urls import get_script_prefix, reverse

from soildesk.core import clock
from soildesk.kit.day import PARAMETER


def address(name: str, *args: object, on: date, **query: str | Sequence[str]) -> str:
    """The address of a page with its filters, and with the day where that is not today."""
    asked: dict[str, str | Sequence[str]] = dict(query)
    if on != clock.today():
        asked[PARAMETER] = on.isoformat()
    return reverse(name, args=args) + (f"?{urlencode(asked, doseq=True)}" if asked else "")


def task_address(uid: UUID, on: date) -> str:
    """The address of a task's page: hundreds stand in a list, so the pattern is resolved once."""
    start, end = _task_pattern(get_script_prefix(), on, clock.today())
    return f"{start}{uid}{end}"


@lru_cache(maxsize=64)
def _task_pattern(prefix: str, on: date, today: date) -> tuple[str, str]:
    nobody = UUID(int=0)
    start, _uid, end = address("plans:task", nobody, on=on).partition(str(nobody))
    return start, end
