"""The boundary of the place an actor works for; a room that keeps boundaries says so here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from soildesk.core.permissions import Actor

Boundary = Callable[[Actor, date], Any]
_providers: list[Boundary] = []


def provide(boundary: Boundary) -> Boundary:
    """Make a source of boundaries known: a geometry in EPSG:4490, or None where it has none."""
    _providers.append(boundary)
    return boundary


def boundary_of(actor: Actor, on: date) -> Any:
    """The boundary of the actor's place on a day; None where nobody keeps it."""
    return next((found for found in (one(actor, on) for one in _providers) if found is not None), None)
