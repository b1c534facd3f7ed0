"""Writing versions: a change closes what stood and inserts what stands now; nothing is edited in place.

These are parts of a room's act: the room asks for the permission, checks its guards and writes the audit entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext as _

from soildesk.core.errors import Refusal
from soildesk.core.models.versions import Version
from soildesk.core.permissions import Actor

V = TypeVar("V", bound=Version)
HISTORY = {"id", "uid", "since", "until", "recorded_at", "superseded_at", "recorded_by", "reason"}


class VersionRefused(Refusal):
    """The version cannot be written. Codes: core.version.stale, .before, .why_missing, .same."""

    code = "core.version.refused"


@dataclass(frozen=True, slots=True)
class Recording:
    """Who writes a version, when and why."""

    by: Actor
    at: datetime
    why: str


def facts_of(version: Version) -> dict[str, Any]:
    """What a version says, by attribute name of the field; without its history."""
    return {f.attname: getattr(version, f.attname) for f in version._meta.concrete_fields if f.name not in HISTORY}


def first(model: type[V], facts: Mapping[str, Any], *, since: date, until: date | None, recording: Recording) -> V:
    """The first version of a new thing."""
    return _insert(model, facts, (since, until), recording)


@transaction.atomic
def revise(version: V, changes: Mapping[str, Any], *, since: date | None, recording: Recording) -> V:
    """The version that says `changes` too: from `since` on, or (None) from the beginning, as a correction.

    Refuses a version somebody else replaced meanwhile, a day outside its period, and a change without reason.
    """
    held = locked(version)
    _must_change(held, changes, recording)
    start = since or held.since
    _must_be_inside(held, start)
    _supersede(held, recording.at)
    facts = facts_of(held)
    if start > held.since:
        _insert(type(version), facts, (held.since, start), recording, keep=held)
    return _insert(type(version), {**facts, **_by_attname(version, changes)}, (start, held.until), recording)


@transaction.atomic
def begin(version: V, *, since: date, recording: Recording) -> V:
    """The version with its period begun earlier: a correction. The room asks that it is the first of its thing."""
    held = locked(version)
    if not recording.why.strip():
        raise VersionRefused(_("请写明原因：变动的原因会留在历史里。"), code="core.version.why_missing")
    if since >= held.since:
        raise VersionRefused(
            _("%(day)s 不早于现在的起始日期 %(since)s：这里只能改为更早的日期。") % {"day": since, "since": held.since},
            code="core.version.before",
        )
    _supersede(held, recording.at)
    return _insert(type(version), facts_of(held), (since, held.until), recording)


@transaction.atomic
def end(version: V, *, on: date, recording: Recording, saying: Mapping[str, Any] | None = None) -> V:
    """The version with its period ended: `on` is the first day it does not count. Returns the one that remains.

    `saying` are facts about the end itself.
    """
    held = locked(version)
    if not recording.why.strip():
        raise VersionRefused(_("请写明原因：变动的原因会留在历史里。"), code="core.version.why_missing")
    _must_be_inside(held, on, strictly=True)
    _supersede(held, recording.at)
    facts = {**facts_of(held), **_by_attname(version, saying or {})}
    return _insert(type(version), facts, (held.since, on), recording)


def locked(version: V) -> V:
    """The version held for this transaction; refused where it has been replaced."""
    held: V = type(version).objects.select_for_update().get(pk=version.pk)
    if held.superseded_at is not None:
        raise VersionRefused(
            _("这条记录刚被别人改过，您看到的已不是最新内容：请刷新页面后再改。"), code="core.version.stale"
        )
    return held


def _must_change(held: Version, changes: Mapping[str, Any], recording: Recording) -> None:
    if not recording.why.strip():
        raise VersionRefused(_("请写明原因：变动的原因会留在历史里。"), code="core.version.why_missing")
    new = _by_attname(held, changes)
    if all(getattr(held, name) == value for name, value in new.items()):
        raise VersionRefused(_("没有任何改动：内容与现有记录相同。"), code="core.version.same")


def _must_be_inside(held: Version, day: date, *, strictly: bool = False) -> None:
    early = day <= held.since if strictly else day < held.since
    if early or (held.until is not None and day >= held.until):
        raise VersionRefused(
            _("%(day)s 不在这条记录的有效期内（%(since)s 起%(until)s）：请改日期，或先打开当日的记录。")
            % {
                "day": day,
                "since": held.since,
                "until": _("，%(day)s 止") % {"day": held.until} if held.until else "",
            },
            code="core.version.before",
        )


def _by_attname(version: Version, changes: Mapping[str, Any]) -> dict[str, Any]:
    found = {}
    for name, value in changes.items():
        field = version._meta.get_field(name)
        found[field.attname] = value.pk if isinstance(value, models.Model) else value
    return found


def _supersede(held: Version, at: datetime) -> None:
    type(held).objects.filter(pk=held.pk).update(superseded_at=at)


def _insert(
    model: type[V],
    facts: Mapping[str, Any],
    period: tuple[date, date | None],
    recording: Recording,
    *,
    keep: V | None = None,
) -> V:
    """`keep`: the version whose reason and author go on, where only its period was cut."""
    return model.objects.create(
        **facts,
        since=period[0],
        until=period[1],
        recorded_at=recording.at,
        recorded_by=keep.recorded_by if keep else recording.by.person,
        reason=keep.reason if keep else recording.why.strip()[:300],
    )
