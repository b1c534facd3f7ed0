"""Scripts of other rooms that a page of kit uses where they are there."""

from __future__ import annotations

from functools import cache

from django.contrib.staticfiles import finders
from django.templatetags.static import static


@cache
def module(path: str) -> str:
    """The address of a static file; empty where this desk has none of that name."""
    return static(path) if finders.find(path) else ""
