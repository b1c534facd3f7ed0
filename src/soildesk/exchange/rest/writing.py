"""Writing rows: values read entry by entry, the room's guards asked, then one call of the room's own act."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Any

import numpy as np
import shapely
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import translation
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import ConfigDict, Field

from soildesk.core import clock
from soildesk.core.permissions import NotAllowed, require
from soildesk.exchange import asking
from soildesk.exchange.problems import Problem
from soildesk.exchange.rest import rows
from soildesk.kit.entries import Entries, nothing
from soildesk.kit.faces import Change, Entry, Writing
from soildesk.kit.gis import values
from soildesk.kit.gis.shapewords import why_broken
from soildesk.kit.gis.values import BadValue, clean
from soildesk.kit.seen import Seen


class Written(Schema):
    """What is to be written: values by entry, why, and from which day it counts (without it: a correction)."""

    model_config = ConfigDict(extra="forbid")

    values: dict[str, Any]
    why: str = Field("", max_length=300)
    since: date | None = None


def add(request: HttpRequest, name: str, body: Written) -> rows.Told:
    """A new row."""
    seen, writing = _writable(request, name)
    if writing.add is None:
        raise _closed(seen)
    entries = Entries(seen, _actor(seen))
    given = _cleaned(entries, body.values)
    _must_be_whole(entries, given)
    change = Change(given, _why(body.why), body.since)
    _guarded(writing, entries, change, None)
    key = writing.add(entries.actor, change, clock.now())
    return rows.of_key(_afterwards(seen, body.since), key)


def change(request: HttpRequest, name: str, key: str, body: Written) -> rows.Told:
    """A change of a row: only the values sent, and only of the row that was read (If-Match)."""
    seen, writing = _writable(request, name)
    if writing.change is None:
        raise _closed(seen)
    entries = Entries(seen, _actor(seen))
    with transaction.atomic():
        row = _held(entries, key)
        _must_match(request, seen, key)
        asked = Change(_cleaned(entries, body.values), _why(body.why), body.since)
        _guarded(writing, entries, asked, row)
        writing.change(entries.actor, key, asked, clock.now())
    return rows.of_key(_afterwards(seen, body.since), key)


def _held(entries: Entries, key: str) -> dict[str, Any]:
    """The row that stands, kept from others until this change is written."""
    row = entries.row(key)
    if row is None:
        raise asking.member(entries.seen, key)
    model = entries.seen.queryset().model
    list(model._base_manager.select_for_update().filter(pk=row["pk"]).values_list("pk"))
    return row


def _must_match(request: HttpRequest, seen: Seen, key: str) -> None:
    """The row must be the one that was read: nobody overwrites what another wrote in between."""
    given = request.headers.get("If-Match", "").strip()
    if not given:
        told = _(
            "修改“%(key)s”须带请求头 If-Match，而请求里没有：应为读取这条记录时得到的 ETag。请先 GET 同一地址，再带上它修改。"
        )
        raise Problem(HTTPStatus.PRECONDITION_REQUIRED, "if_match", told % {"key": key[:80]}, header="If-Match")
    named = {tag.removeprefix("W/") for tag in parse_etags(given)}  # what stands between may have packed the answer
    if given != "*" and not named & _tags(seen, key):
        told = _("If-Match 为“%(given)s”，与“%(key)s”现在的 ETag 不同：记录已被修改。请重新 GET 同一地址，核对后再改。")
        sentence = told % {"given": given[:80], "key": key[:80]}
        raise Problem(HTTPStatus.PRECONDITION_FAILED, "if_match.changed", sentence, header="If-Match")


def _tags(seen: Seen, key: str) -> set[str]:
    """The names of the row as it is told in every language."""
    found = set()
    for language, _title in settings.LANGUAGES:
        with translation.override(language):
            found.add(rows.of_key(seen, key).tag)
    return found


def _writable(request: HttpRequest, name: str) -> tuple[Seen, Writing]:
    """Only a token writes: a browser's session would let any page of the web write."""
    asking.only(request.GET, [])
    seen = asking.collection_of(request, name, clock.today())
    if getattr(request, "token", None) is None:
        raise Problem(HTTPStatus.UNAUTHORIZED, "token", _("写入须带权限为“读写”的访问令牌（Authorization: Bearer）。"))
    if seen.declared.writing is None:
        raise _closed(seen)
    require(_actor(seen), seen.declared.writing.permission)
    return seen, seen.declared.writing


def _actor(seen: Seen) -> Any:
    if seen.actor is None:
        raise NotAllowed(_("请带访问令牌。"))
    return seen.actor


def _closed(seen: Seen) -> Problem:
    told = _("“%(title)s”不能逐条写入。") % {"title": seen.declared.title}
    return Problem(HTTPStatus.METHOD_NOT_ALLOWED, "not_written", told)


def _afterwards(seen: Seen, since: date | None) -> Seen:
    """The collection on a day on which what was written counts."""
    on = max(seen.on, since) if since else seen.on
    return Seen(seen.declared, seen.actor, on)


def _why(text: str) -> str:
    if not text.strip() or "\0" in text:
        raise _unfit([{"entry": "why", "sentence": _("请写明原因：变动的原因会留在历史里。")}])
    return text.strip()


def _cleaned(entries: Entries, given: Mapping[str, Any]) -> dict[str, Any]:
    """The values by entry; all that does not fit is told at once."""
    found, wrong = {}, []
    for key, raw in given.items():
        entry = entries.by_key.get(key)
        if entry is None:
            known = "、".join(entries.by_key)
            wrong.append({"entry": key[:80], "sentence": _("没有这一项。可填：%(known)s。") % {"known": known}})
            continue
        try:
            found[key] = _value(entries, entry, raw)
        except BadValue as bad:
            wrong.append({"entry": key, "sentence": f"{entry.title}：{bad}"})
    if wrong:
        raise _unfit(wrong)
    return found


def _value(entries: Entries, entry: Entry, raw: Any) -> Any:
    if raw is None:
        if entry.required:
            raise BadValue(_("必填。"))
        return nothing(entry)
    if entry.kind == "geometry":
        return _shape(raw)
    if isinstance(raw, dict | list) or "\0" in str(raw):
        raise BadValue(_("应为一个值。"))
    value = clean(entry, raw, entries.choices(entry))
    if value is None and entry.required:
        raise BadValue(_("必填。"))
    return nothing(entry) if value is None else value


def _shape(raw: Any) -> Any:
    """GeoJSON in longitude and latitude; repair is a person's decision, so a broken ring is refused."""
    try:
        shape = shapely.force_2d(shapely.from_geojson(json.dumps(raw)))
    except (shapely.errors.ShapelyError, ValueError, TypeError):
        raise BadValue(_("应为 GeoJSON 几何（经度、纬度）。")) from None
    if shape.is_empty or not np.isfinite(shapely.get_coordinates(shape)).all():
        raise BadValue(_("应为 GeoJSON 几何（经度、纬度），不能为空。"))
    if not shape.is_valid:
        raise BadValue(_("图形有误：%(why)s") % {"why": why_broken(shape)})
    west, south, east, north = shape.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise BadValue(_("坐标不是经度、纬度：请先换算到 CGCS2000 经纬度。"))
    return shape


def _must_be_whole(entries: Entries, given: Mapping[str, Any]) -> None:
    missing = [entry for entry in entries.all if entry.required and given.get(entry.key) in (None, "")]
    if missing:
        raise _unfit(
            [{"entry": entry.key, "sentence": _("%(title)s必填。") % {"title": entry.title}} for entry in missing]
        )


def _must_be_of_our_time(since: date | None) -> None:
    if since is not None and since < values.EARLIEST:
        told = _("起算日 %(day)s 早于 %(first)s：请核对年份。")
        raise _unfit([{"entry": "since", "sentence": told % {"day": since, "first": values.EARLIEST}}])


def _guarded(writing: Writing, entries: Entries, asked: Change, row: Mapping[str, Any] | None) -> None:
    _must_be_of_our_time(asked.since)
    if writing.dated and row is None and asked.since is None:
        raise _unfit([{"entry": "since", "sentence": _("请写明自哪一日起（since）。")}])
    stopped = list(writing.guard(entries.actor, asked, row)) if writing.guard else []
    if stopped:
        raise _unfit([{"entry": "", "sentence": str(sentence)} for sentence in stopped])


def _unfit(errors: list[dict[str, str]]) -> Problem:
    told = "；".join(each["sentence"].rstrip("。") for each in errors[:5]) + "。"
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "values", told, errors=errors)
