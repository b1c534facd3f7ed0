"""What the frame of every page needs, computed only when a template asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString

from soildesk import __version__
from soildesk.core import clock
from soildesk.kit import navigation
from soildesk.kit.day import PARAMETER, page_day

if TYPE_CHECKING:
    from soildesk.core.models import Division
    from soildesk.core.permissions import Actor

MADE_UP = "99/"
"""Divisions under 99 are made up: the range is unused in GB/T 2260."""


@dataclass(frozen=True)
class Desk:
    """The frame's view of one request."""

    request: HttpRequest

    @cached_property
    def actor(self) -> Actor | None:
        """Who looks."""
        return getattr(self.request, "actor", None)

    @cached_property
    def on(self) -> date:
        """The day the page speaks of."""
        return page_day(self.request)

    @cached_property
    def today(self) -> date:
        """The current day."""
        return clock.today()

    @property
    def is_past(self) -> bool:
        """Whether the page speaks of another day than today."""
        return self.on != self.today

    @cached_property
    def on_query(self) -> str:
        """What links carry so that the chosen day stays; nothing for today."""
        return f"?{PARAMETER}={self.on:%Y-%m-%d}" if self.is_past else ""

    @cached_property
    def place(self) -> str:
        """The person's own division; without a department, that of the first grant."""
        if self.actor is None:
            return ""
        person = self.actor.person
        if person and person.department:
            return person.department.division.name
        return next((grant.division.name for grant in self.actor.grants), "")

    @cached_property
    def department(self) -> str:
        """The department of the person."""
        person = self.actor.person if self.actor else None
        return str(person.department) if person and person.department else ""

    @cached_property
    def made_up(self) -> str:
        """The made-up places the actor works in, or that a public page tells of; empty where all are real."""
        places = [one.division for one in self.actor.grants] if self.actor else told_of(self.request)
        return "、".join(dict.fromkeys(one.name for one in places if one.path.startswith(MADE_UP)))

    @cached_property
    def sections(self) -> list[tuple[str, list[navigation.Link]]]:
        """The navigation."""
        return navigation.sections(self.actor, self.request.path)

    @property
    def menu(self) -> SafeString:
        """The navigation as it is shown."""
        return navigation.drawn(self.sections, self.on_query)

    @property
    def lettered(self) -> list[navigation.Entry]:
        """The pages that a letter after `g` leads to."""
        return [link.entry for _title, links in self.sections for link in links if link.entry.key]

    @cached_property
    def unread(self) -> int:
        """How many messages the person has not read."""
        person = self.actor.person if self.actor else None
        return person.messages.filter(read_at=None).count() if person else 0

    @property
    def version(self) -> str:
        """The version of the desk, for the footer and for support."""
        return __version__

    def _url(self, name: str) -> str:
        try:
            return reverse(name)
        except NoReverseMatch:  # a page that has not landed
            return ""

    @property
    def home_url(self) -> str:
        """The first page of the day."""
        return self._url("home:today")

    @property
    def search_url(self) -> str:
        """The page of the one search."""
        return self._url("home:search")

    @property
    def messages_url(self) -> str:
        """The page of messages."""
        return self._url("core:messages")

    @property
    def account_url(self) -> str:
        """The page of one's own account."""
        return self._url("core:account")

    @property
    def logout_url(self) -> str:
        """Where one logs out."""
        return self._url("logout")

    @property
    def language_url(self) -> str:
        """Where the language is switched."""
        return self._url("set_language")


def tell_of(request: HttpRequest, place: Division) -> None:
    """A page without login says which place it tells of: its frame says so where that place is made up."""
    request.told_of = place  # type: ignore[attr-defined]


def told_of(request: HttpRequest) -> list[Division]:
    """The places a page without login tells of."""
    place = getattr(request, "told_of", None)
    return [place] if place else []


def desk(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `desk` and `actor` in every template."""
    return {"desk": Desk(request), "actor": getattr(request, "actor", None)}
