"""Filters of a register: read from the address bar, put on the query, shown as chips."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from soildesk.kit.day import parse_day
from soildesk.kit.folding import spellings

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor

Choices = Sequence[tuple[Any, Any]]
Condition = Q | Callable[[date], Q]


@dataclass(frozen=True, slots=True)
class Chip:
    """One active filter value: what it says, and the parameter to take away to remove it."""

    title: str
    label: str
    parameter: str
    value: str


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom and for which day a list is made."""

    actor: Actor
    on: date


@dataclass(frozen=True, slots=True)
class ChoiceFilter:
    """One or more of some values. `field` is compared, or `conditions` says for a value which rows it means.

    `choices` is a sequence of (value, label) or a function of (actor, on) giving one.
    """

    kind: ClassVar[str] = "choice"
    key: str
    title: str
    field: str = ""
    choices: Choices | Callable[[Any, date], Choices] = ()
    conditions: Mapping[str, Condition] = dataclasses.field(default_factory=dict)

    def options(self, scope: Scope) -> list[tuple[str, str]]:
        """The values that can be chosen, as text."""
        given = self.choices(scope.actor, scope.on) if callable(self.choices) else self.choices
        return [(str(value), str(label)) for value, label in given]

    def chosen(self, params: QueryDict) -> list[str]:
        """The values asked for, each once."""
        return [value for value in dict.fromkeys(params.getlist(self.key)) if value]

    def condition(self, params: QueryDict, scope: Scope) -> Q:
        """The rows asked for; a value that is no choice asks for no row."""
        known = {value for value, _label in self.options(scope)}
        wanted = Q(pk__in=[])
        for value in self.chosen(params):
            if value in known:
                wanted |= self._meaning(value, scope.on)
        return wanted

    def _meaning(self, value: str, on: date) -> Q:
        meant = self.conditions.get(value)
        if meant is None:
            return Q(**{self.field or self.key: value})
        return meant(on) if callable(meant) else meant

    def chips(self, params: QueryDict, scope: Scope) -> Iterable[Chip]:
        """One chip a value."""
        labels = dict(self.options(scope))
        for value in self.chosen(params):
            yield Chip(str(self.title), labels.get(value, value), self.key, value)


@dataclass(frozen=True, slots=True)
class TextFilter:
    """Text contained in one of `fields`, in every spelling of it."""

    kind: ClassVar[str] = "text"
    key: str
    title: str
    fields: Sequence[str] = ()

    def options(self, scope: Scope) -> list[tuple[str, str]]:
        """Text has no options."""
        return []

    def chosen(self, params: QueryDict) -> list[str]:
        """The text asked for."""
        value = params.get(self.key, "").strip()
        return [value] if value else []

    def condition(self, params: QueryDict, scope: Scope) -> Q:
        """Rows with every word of the text in some field."""
        return holding(self.fields or (self.key,), params.get(self.key, ""))

    def chips(self, params: QueryDict, scope: Scope) -> Iterable[Chip]:
        """One chip with the text."""
        for value in self.chosen(params):
            yield Chip(str(self.title), value, self.key, value)


@dataclass(frozen=True, slots=True)
class DateRangeFilter:
    """Dates from `<key>_from` to `<key>_to`, both included."""

    kind: ClassVar[str] = "dates"
    key: str
    title: str
    field: str = ""

    def options(self, scope: Scope) -> list[tuple[str, str]]:
        """Dates have no options."""
        return []

    def bounds(self, params: QueryDict) -> tuple[date | None, date | None]:
        """First and last day asked for; an unreadable day is no bound."""
        return parse_day(params.get(f"{self.key}_from", "")), parse_day(params.get(f"{self.key}_to", ""))

    def chosen(self, params: QueryDict) -> list[str]:
        """The days asked for, as text."""
        return [day.isoformat() for day in self.bounds(params) if day]

    def condition(self, params: QueryDict, scope: Scope) -> Q:
        """Rows within the days."""
        first, last = self.bounds(params)
        name = self.field or self.key
        wanted = Q(**{f"{name}__gte": first}) if first else Q()
        return wanted & Q(**{f"{name}__lte": last}) if last else wanted

    def chips(self, params: QueryDict, scope: Scope) -> Iterable[Chip]:
        """One chip a bound."""
        first, last = self.bounds(params)
        if first:
            yield Chip(str(self.title), _("%(day)s 起") % {"day": first}, f"{self.key}_from", first.isoformat())
        if last:
            yield Chip(str(self.title), _("%(day)s 止") % {"day": last}, f"{self.key}_to", last.isoformat())


Filter = ChoiceFilter | TextFilter | DateRangeFilter


BOX = "bbox"
"""The parameter by which a map asks for the rows within its view."""
MOST_WORDS = 20


def box_of(params: QueryDict) -> tuple[float, float, float, float] | None:
    """West, south, east, north in degrees; what cannot be read is no box."""
    try:
        west, south, east, north = (float(part) for part in params.get(BOX, "").split(","))
    except ValueError:
        return None
    inside = -180 <= west <= east <= 180 and -90 <= south <= north <= 90
    return (west, south, east, north) if inside else None


def box_chip(params: QueryDict) -> Chip:
    """The chip of the box."""
    return Chip(_("地图范围"), _("框选"), BOX, params.get(BOX, ""))


def contains(fields: Sequence[str], word: str) -> Q:
    """Rows with `word`, in any of its spellings, in any of `fields`."""
    wanted = Q()
    for spelling in spellings(word):
        for name in fields:
            wanted |= Q(**{f"{name}__icontains": spelling})
    return wanted


def holding(fields: Sequence[str], text: str) -> Q:
    """Rows with every word of a text in any of `fields`; more words than anybody types are in none."""
    words = list(dict.fromkeys(text.split()))
    if len(words) > MOST_WORDS:
        return Q(pk__in=())
    wanted = Q()
    for word in words:
        wanted &= contains(fields, word)
    return wanted


def condition(filters: Iterable[Filter], params: QueryDict, scope: Scope) -> Q:
    """What every active filter asks, together."""
    wanted = Q()
    for each in filters:
        if each.chosen(params):
            wanted &= each.condition(params, scope)
    return wanted


def narrowed(queryset: QuerySet, filters: Iterable[Filter], params: QueryDict, scope: Scope) -> QuerySet:
    """`queryset` with every active filter on it."""
    for each in filters:
        if each.chosen(params):
            queryset = queryset.filter(each.condition(params, scope))
    return queryset
