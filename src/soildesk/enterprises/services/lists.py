"""Acts on dated lists: register the notice of the authority that decides, and write down what it does to the list.

Nobody here decides who stands on a list: every stay begins and ends by a notice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from soildesk.core import audit, files, versions
from soildesk.core.models import FileUse
from soildesk.core.permissions import Actor, require
from soildesk.core.versions import Recording
from soildesk.enterprises.firmwords import name_of
from soildesk.enterprises.models import Enterprise, Listing, ListNotice
from soildesk.enterprises.refusals import ListRefused
from soildesk.enterprises.services import owing
from soildesk.land.services.writing import Place, refuse_future
from soilrules.enterprises.lists import ListKind, list_kinds

FACTS = frozenset(
    {"list_key", "number", "title", "authority", "decided_on", "published_on", "address", "since", "whole", "batch"}
)
NEEDED = ("number", "title", "authority")


@dataclass(frozen=True, slots=True)
class Member:
    """One enterprise a notice puts on its list."""

    enterprise: Enterprise
    reason: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a notice did to its list."""

    entered: Sequence[Listing]
    stayed: int
    left: Sequence[Listing]


@transaction.atomic
def register(facts: Mapping[str, Any], place: Place, *, by: Actor, at: datetime) -> ListNotice:
    """A notice, as it was decided elsewhere: number, days, authority. Its document is attached to it."""
    clean = check_new(facts, place, by=by)
    made = ListNotice.objects.create(**place.columns, **clean, recorded_at=at, recorded_by=by.person)
    data = {"list": made.list_key, "number": made.number, "since": made.since}
    audit.record("enterprises.list.notice_registered", subject=made, by=by, at=at, data=data)
    return made


def check_new(facts: Mapping[str, Any], place: Place, *, by: Actor) -> dict[str, Any]:
    """The facts of a notice as they may be stored; refused where it may not be registered."""
    require(by, "enterprises.keep_lists", place.division)
    if unknown := sorted(set(facts) - FACTS):
        raise ListRefused(
            _("名录文件没有“%(names)s”这样的内容：请核对字段。") % {"names": "、".join(unknown)},
            code="enterprises.list.unknown_fact",
        )
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    clean["since"] = clean.get("since") or clean.get("published_on") or clean.get("decided_on")
    clean["whole"] = bool(clean.get("whole"))
    clean["address"] = clean.get("address") or ""
    _check_words(clean)
    _check_days(clean, by)
    kind = kind_called(clean["list_key"])
    if not kind.in_force(clean["decided_on"]):
        raise ListRefused(
            _("%(day)s 还没有或已不再有“%(list)s”（%(since)s 起）：请核对成文日期。")
            % {"day": clean["decided_on"], "list": name_of(kind), "since": kind.since},
            code="enterprises.list.not_kept",
        )
    _refuse_twice(clean, place)
    return clean


def kind_called(key: str) -> ListKind:
    """The kind of list of a key; refused where there is none."""
    try:
        return list_kinds()[key]
    except KeyError:
        known = "、".join(f"{one.key}（{name_of(one)}）" for one in list_kinds().values())
        raise ListRefused(
            _("没有“%(key)s”这种名录。可以用：%(known)s。") % {"key": key, "known": known},
            code="enterprises.list.unknown",
        ) from None


def _check_words(clean: Mapping[str, Any]) -> None:
    titles = {"number": _("文号"), "title": _("标题"), "authority": _("发布机关")}
    for name in NEEDED:
        if not clean.get(name):
            raise ListRefused(
                _("没有填写%(what)s：名录由有权机关决定，本级只登记，请照文件填写。") % {"what": titles[name]},
                code=f"enterprises.list.{name}",
            )
    if clean["address"] and not clean["address"].startswith(("http://", "https://")):
        raise ListRefused(
            _("公布网址“%(value)s”不是网址：应以 http:// 或 https:// 开头，没有就留空。") % {"value": clean["address"]},
            code="enterprises.list.address",
        )


def _check_days(clean: Mapping[str, Any], by: Actor) -> None:
    decided, published = clean.get("decided_on"), clean.get("published_on")
    if not decided:
        raise ListRefused(_("没有成文日期：请照文件填写。"), code="enterprises.list.days")
    refuse_future(decided, by, ListRefused, "enterprises.list.future")
    if published:
        refuse_future(published, by, ListRefused, "enterprises.list.future")
    early = next((day for day in (published, clean["since"]) if day and day < decided), None)
    if early:
        raise ListRefused(
            _("公布或生效日期 %(day)s 早于成文日期 %(decided)s：请照文件核对。") % {"day": early, "decided": decided},
            code="enterprises.list.days",
        )


def _refuse_twice(clean: Mapping[str, Any], place: Place) -> None:
    same = ListNotice.objects.filter(
        division_path=place.division.path, list_key=clean["list_key"], number=clean["number"]
    ).first()
    if same:
        raise ListRefused(
            _("“%(number)s”已登记为“%(title)s”（%(since)s 起生效）：请打开该文件办理。")
            % {"number": same.number, "title": same.title, "since": same.since},
            code="enterprises.list.twice",
        )


@transaction.atomic
def attach(notice: ListNotice, *, data: bytes, name: str, by: Actor, at: datetime) -> FileUse:
    """The document of a notice, as the authority published it."""
    require(by, "enterprises.keep_lists", notice)
    use = files.attach(notice, data=data, name=name, kind="notice", by=by, at=at)
    data_said = {"number": notice.number, "file": use.attachment.sha256}
    audit.record("enterprises.list.document_attached", subject=notice, by=by, at=at, data=data_said)
    return use


@transaction.atomic
def enter(notice: ListNotice, member: Member, *, by: Actor, at: datetime) -> Listing:
    """One enterprise put on the list by a notice."""
    require(by, "enterprises.keep_lists", notice)
    made = _enter(notice, member, by, at)
    owing.owe_of([made.enterprise_id], by=by, at=at)
    _record("enterprises.list.entered", notice, made, by, at)
    return made


@transaction.atomic
def leave(notice: ListNotice, listing: Listing, *, reason: str, by: Actor, at: datetime) -> Listing:
    """One enterprise taken off the list by a notice, from the day the notice counts."""
    require(by, "enterprises.keep_lists", notice)
    held = _leave(notice, listing, reason, by, at)
    owing.owe_of([held.enterprise_id], by=by, at=at)
    _record("enterprises.list.left", notice, held, by, at)
    return held


@transaction.atomic
def take_in(notice: ListNotice, members: Sequence[Member], *, by: Actor, at: datetime) -> Taken:
    """All that a notice names, at once: who enters, who stays, and of a whole list who leaves because it is not named."""
    require(by, "enterprises.keep_lists", notice)
    named = {member.enterprise.pk: member for member in members}
    standing = {row.enterprise_id: row for row in standing_at(notice)}
    entered = [_enter(notice, member, by, at) for pk, member in named.items() if pk not in standing]
    gone = [row for pk, row in standing.items() if notice.whole and pk not in named]
    reason = _("“%(number)s”未列入") % {"number": notice.number}
    left = [_leave(notice, row, reason, by, at) for row in gone]
    stayed = len(named) - len(entered)
    owing.owe_of([one.enterprise_id for one in (*entered, *left)], by=by, at=at)
    audit.record(
        "enterprises.list.taken_in",
        subject=notice,
        by=by,
        at=at,
        data={"list": notice.list_key, "number": notice.number, "entered": len(entered), "stayed": stayed, "left": len(left)},
    )  # fmt: skip
    return Taken(entered, stayed, left)


@transaction.atomic
def correct(listing: Listing, changes: Mapping[str, str], *, recording: Recording) -> Listing:
    """Words about a stay put right: its reasons and its class. Days are those of the notices."""
    require(recording.by, "enterprises.keep_lists", listing)
    if unknown := sorted(set(changes) - {"reason_in", "reason_out", "category"}):
        raise ListRefused(
            _("“%(names)s”不能在这里更正：列入和移出的日期由文件决定。") % {"names": "、".join(unknown)},
            code="enterprises.list.unknown_fact",
        )
    held = versions.revise(
        listing, {name: value.strip() for name, value in changes.items()}, since=None, recording=recording
    )
    _record("enterprises.list.corrected", held.notice, held, recording.by, recording.at)
    return held


@transaction.atomic
def withdraw(listing: Listing, *, recording: Recording) -> None:
    """A stay that was written down by mistake: it never was. What was believed stays readable as known then."""
    require(recording.by, "enterprises.keep_lists", listing)
    if not recording.why.strip():
        raise ListRefused(_("请写明为什么撤销：原因会留在历史里。"), code="enterprises.list.why_missing")
    held = versions.locked(listing)
    Listing.objects.filter(pk=held.pk).update(superseded_at=recording.at)
    _go_on_before(held, recording)
    owing.owe_of([held.enterprise_id], by=recording.by, at=recording.at)
    audit.record(
        "enterprises.list.withdrawn", subject=held, by=recording.by, at=recording.at,
        data={"enterprise": held.enterprise.number, "list": held.list_key, "why": recording.why.strip()},
    )  # fmt: skip


def _go_on_before(gone: Listing, recording: Recording) -> None:
    """A stay that lasted until the one that never was goes on as long as that one did."""
    before = Listing.objects.filter(
        superseded_at=None, enterprise=gone.enterprise_id, list_key=gone.list_key, until=gone.since, notice_out=None
    ).first()
    if before is None:
        return
    Listing.objects.filter(pk=before.pk).update(superseded_at=recording.at)
    facts = versions.facts_of(before) | {"notice_out_id": gone.notice_out_id, "reason_out": gone.reason_out}
    versions.first(Listing, facts, since=before.since, until=gone.until, recording=recording)


def standing_at(notice: ListNotice) -> Any:
    """Who stands on the notice's list in its place on the day it counts from, before it is carried out."""
    rows = Listing.objects.standing(notice.since).filter(
        list_key=notice.list_key, division_path__startswith=notice.division_path
    )
    return rows.select_related("enterprise", "notice")


def refuse_entry(notice: ListNotice, enterprise: Enterprise) -> None:
    """Why an enterprise cannot enter by a notice: it stands on the list that day already."""
    held = _stays(notice, enterprise).filter(Q(until=None) | Q(until__gt=notice.since), since__lte=notice.since).first()
    if held is None:
        return
    said = {
        "number": enterprise.number,
        "since": held.since,
        "by": held.notice.number,
        "until": held.until,
        "day": notice.since,
    }
    if held.until is None:
        told = _("%(number)s 自 %(since)s 起已在名录内（“%(by)s”）：不需要再列入。") % said
    else:
        told = _("%(number)s 自 %(since)s 至 %(until)s 已在名录内（“%(by)s”），%(day)s 在此期间：不需要再列入。") % said
    raise ListRefused(told, code="enterprises.list.standing")


def following(notice: ListNotice, enterprise: Enterprise) -> Listing | None:
    """The stay by a later notice, where history is written down backwards: what enters now lasts until it begins."""
    return _stays(notice, enterprise).filter(since__gt=notice.since).order_by("since").first()


def _stays(notice: ListNotice, enterprise: Enterprise) -> Any:
    rows = Listing.objects.filter(superseded_at=None, enterprise=enterprise, list_key=notice.list_key)
    return rows.select_related("notice")


def _enter(notice: ListNotice, member: Member, by: Actor, at: datetime) -> Listing:
    newest = member.enterprise.versions.filter(superseded_at=None).order_by("-since").first()
    if newest is None or not newest.division_path.startswith(notice.division_path):
        raise ListRefused(
            _("%(number)s 不在“%(title)s”登记的行政区内：请由企业所在地登记。")
            % {"number": member.enterprise.number, "title": notice.title},
            code="enterprises.list.elsewhere",
        )
    refuse_entry(notice, member.enterprise)
    facts = {
        "division_path": newest.division_path,
        "owner_department_id": notice.owner_department_id,
        "enterprise_id": member.enterprise.pk,
        "list_key": notice.list_key,
        "notice_id": notice.pk,
        "reason_in": member.reason.strip()[:300],
        "category": member.category.strip()[:80],
    }
    later = following(notice, member.enterprise)
    until = later.since if later else None
    return versions.first(Listing, facts, since=notice.since, until=until, recording=Recording(by, at, ""))


def _leave(notice: ListNotice, listing: Listing, reason: str, by: Actor, at: datetime) -> Listing:
    said = {"number": listing.enterprise.number, "since": listing.since}
    if listing.list_key != notice.list_key or listing.notice_out_id is not None:
        raise ListRefused(
            _("%(number)s 不在这份名录内，或已经移出：请刷新页面再办理。") % said, code="enterprises.list.not_standing"
        )
    if not reason.strip():
        raise ListRefused(_("没有移出原因：请照文件填写。"), code="enterprises.list.reason")
    if notice.since <= listing.since:
        raise ListRefused(
            _("%(number)s 自 %(since)s 起在名录内，不能由同日或更早生效的文件移出：请核对文件，误登的请撤销列入。")
            % said,
            code="enterprises.list.too_early",
        )
    if listing.until is not None and notice.since >= listing.until:
        raise ListRefused(
            _("%(number)s 自 %(until)s 起由更晚的文件继续列入：要移出那次列入，请从它办理。")
            % {**said, "until": listing.until},
            code="enterprises.list.later",
        )
    why = reason.strip()[:300]
    saying = {"notice_out": notice, "reason_out": why}
    return versions.end(listing, on=notice.since, recording=Recording(by, at, why), saying=saying)


def _record(act: str, notice: ListNotice, listing: Listing, by: Actor, at: datetime) -> None:
    data = {"enterprise": listing.enterprise.number, "list": notice.list_key, "number": notice.number}
    audit.record(act, subject=listing, by=by, at=at, data=data)
