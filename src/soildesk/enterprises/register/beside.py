"""What upper rooms add to the record page of an enterprise: each a section of safe HTML, or nothing.

`@beside` marks a function of (actor, version of the firm, day) that gives a section.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from soildesk.core.permissions import Actor

Section = Callable[[Actor, Any, date], str]
_sections: list[Section] = []


def beside(section: Section) -> Section:
    """Add a section; it says itself what the actor may see."""
    if section not in _sections:
        _sections.append(section)
    return section


def sections(actor: Actor, firm: Any, on: date) -> list[str]:
    """The sections that have something to say."""
    return [said for draw in _sections if (said := draw(actor, firm, on))]
