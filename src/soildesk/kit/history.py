"""The history of a record, told from its versions: who wrote what down when, why, and what it said before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from soildesk.core import clock
from soildesk.core.versions import HISTORY, Version, facts_of
from soildesk.kit.parts import Event

if TYPE_CHECKING:
    from soildesk.kit.seen import Seen

LATEST = 200
"""Versions told; a record with more begins its history at the oldest of these."""


@dataclass(frozen=True, slots=True)
class Told:
    """One act on a record. `changes` are (name, before, after); `since` the day from which it counts."""

    at: datetime | date
    who: str
    what: str
    since: date | None = None
    why: str = ""
    changes: Sequence[tuple[str, str, str]] = ()
    url: str = ""

    @property
    def day(self) -> date:
        """The local day, to put acts and events into one order."""
        return clock.local_day(self.at) if isinstance(self.at, datetime) else self.at


def of_events(events: Iterable[Event]) -> list[Told]:
    """The room's own events in the same form."""
    return [Told(event.at, event.who, event.what, why=event.detail, url=event.url) for event in events]


def is_versioned(model: type[models.Model]) -> bool:
    """Whether the rows of a model are versions of things."""
    return issubclass(model, Version) and bool(model.identity)


def versions_of(seen: Seen, identity: Any) -> list[Version]:
    """The versions of one thing that the actor may see, as known at the moment looked from; oldest first."""
    model = seen.queryset().model
    rows = model._default_manager.visible_to(seen.actor).filter(**{f"{model.identity}_id": identity})
    if seen.known_on is not None:
        rows = rows.filter(recorded_at__lte=seen.known_on)
    links = [field.name for field in model._meta.concrete_fields if field.is_relation and field.name in shown(seen)]
    found = rows.select_related("recorded_by", *links).order_by("-recorded_at", "-since", "-pk")[:LATEST]
    return list(found)[::-1]


def shown(seen: Seen) -> dict[str, Any]:
    """The fields whose changes are told, with their titles: those the visible columns and entries read, no other."""
    model = seen.queryset().model
    titles: dict[str, Any] = {}
    writing = seen.declared.writing
    entries = [] if writing is None else [e for e in writing.entries if e.key not in seen.closed]
    plain = [(column.needs(), column.title) for column in seen.columns if not callable(column.value)]
    computed = [(column.needs(), None) for column in seen.columns if callable(column.value)]
    for names, title in [*([[entry.path], entry.title] for entry in entries), *plain, *computed]:
        for name in names:
            field = _own_field(model, name)
            if field is not None:
                titles.setdefault(field.name, title if title and len(names) == 1 else field.verbose_name)
    return titles


def _own_field(model: type[models.Model], name: str) -> models.Field[Any, Any] | None:
    """The model's own field a path begins with, unless it is the thing's name or its history."""
    try:
        field = model._meta.get_field(name.partition("__")[0])
    except FieldDoesNotExist:
        return None
    known = field.name not in HISTORY and field.name != getattr(model, "identity", "")
    return field if known and field.concrete else None  # type: ignore[return-value]


def told(versions: Sequence[Version], titles: Mapping[str, Any]) -> list[Told]:
    """One line an act, newest first. Versions of one act carry the same moment."""
    found: list[Told] = []
    for at, group in groupby(versions, key=lambda version: version.recorded_at):
        new = list(group)
        replaced = [version for version in versions if version.superseded_at == at]
        found += [_of_act(version, replaced, titles) for version in _fresh(new, replaced)]
    return found[::-1]


def _fresh(new: Sequence[Version], replaced: Sequence[Version]) -> Sequence[Version]:
    """The versions an act is about: without the remains of what it replaced, unless they are all there is."""
    fresh = [version for version in new if not any(_is_rest(version, old) for old in replaced)]
    return fresh or new


def _is_rest(version: Version, old: Version) -> bool:
    return version.since == old.since and facts_of(version) == facts_of(old)


def _of_act(version: Version, replaced: Sequence[Version], titles: Mapping[str, Any]) -> Told:
    who = version.recorded_by.name if version.recorded_by else ""
    before = next((old for old in replaced if _covers(old, version.since)), None)
    if before is None:
        return Told(version.recorded_at, who, _("登记"), version.since, version.reason)
    if _is_rest(version, before):
        end = [(_("止"), _word(before.until), _word(version.until))]
        return Told(version.recorded_at, who, _("终止"), version.until, version.reason, end)
    what = _("变更") if version.since > before.since else _("更正")
    return Told(version.recorded_at, who, what, version.since, version.reason, differences(before, version, titles))


def _covers(version: Version, day: date) -> bool:
    return version.since <= day and (version.until is None or version.until > day)


def differences(before: Version, after: Version, titles: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What two versions say differently: (name, before, after), in words."""
    lines = []
    for name, title in titles.items():
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            lines.append((str(title), in_words(before, name), in_words(after, name)))
    return lines


def in_words(row: models.Model, name: str) -> str:
    """A field's value as a person reads it."""
    value = getattr(row, name)
    choices = dict(getattr(row._meta.get_field(name), "flatchoices", None) or ())
    return _word(choices.get(value, value))


def _word(value: Any) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, BaseGeometry):
        count = _corners(value)
        return _("%(n)s 个拐点") % {"n": count}
    return f"{value:,.2f}" if isinstance(value, float) else str(value)


def _corners(shape: BaseGeometry) -> int:
    from shapely import get_num_coordinates

    return int(get_num_coordinates(shape))
