"""Addresses that keep the chosen day: a page that speaks of 2026-06-30 leads to pages of that day."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from soildesk.core import clock
from soildesk.kit.day import PARAMETER


def address(name: str, *args: object, on: date, **query: str) -> str:
    """The address of a page with its filters, and with the day where that is not today."""
    asked = dict(query)
    if on != clock.today():
        asked[PARAMETER] = on.isoformat()
    return reverse(name, args=args) + (f"?{urlencode(asked)}" if asked else "")
