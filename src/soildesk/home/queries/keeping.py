"""Answers that are dear to work out, kept for whoever asked until somebody writes something."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.core.cache import cache
from django.utils.translation import get_language

from soildesk.core import audit

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor

SECONDS = 24 * 3600


class Dated(Protocol):
    """An answer as of a moment; `seen` is the last that had been written by then."""

    @property
    def at(self) -> datetime:
        """When it was worked out."""

    @property
    def seen(self) -> int:
        """The newest entry of the audit by then."""


def kept(name: str, actor: Actor, on: date) -> Any:
    """The last answer to this actor for the day; None where there is none yet."""
    return cache.get(_key(name, actor, on))


def keep(name: str, actor: Actor, on: date, found: Dated) -> None:
    """Keep an answer for the next time this actor asks."""
    cache.set(_key(name, actor, on), found, SECONDS)


def is_fresh(found: Dated | None) -> bool:
    """Whether there is an answer, and nothing was written since it was worked out."""
    return found is not None and found.seen == audit.latest()


def _key(name: str, actor: Actor, on: date) -> str:
    grants = "-".join(str(grant.pk) for grant in actor.grants)
    return f"home.{name}.{actor.name}.{grants}.{on}.{actor.today}.{get_language()}"
