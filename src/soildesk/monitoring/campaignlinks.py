"""Where a campaign's page leads: each part of the room says its own, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Link:
    """One link: its words, the permission to follow it, and the address for a campaign."""

    title: Any
    permission: str
    address: Callable[[Any], str]
    icon: str = "link-45deg"


_links: list[Link] = []


def add(link: Link) -> Link:
    """Make a link known."""
    _links.append(link)
    return link


def all_links() -> list[Link]:
    """Every link, in the order they were made known."""
    return list(_links)
