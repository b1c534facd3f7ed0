"""Reading rows: the register's own filters and search, asked strictly; pages by cursor; only the fields wanted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from soildesk.exchange import answers, asking, features, systems
from soildesk.exchange.features import Wanted
from soildesk.exchange.problems import Problem, wrong_parameter
from soildesk.exchange.properties import properties_told
from soildesk.kit import history
from soildesk.kit.day import parse_day
from soildesk.kit.entries import Entries, stamp
from soildesk.kit.filters import BOX, ChoiceFilter, DateRangeFilter, Scope, box_of
from soildesk.kit.keyset import Key
from soildesk.kit.register import Column, Row
from soildesk.kit.rows import SEARCH, SORT, Selection
from soildesk.kit.seen import Seen

USUAL_LIMIT, MOST_LIMIT = 100, 1000
FIELDS, LIMIT, CURSOR, GROUND = "fields", "limit", "cursor", "geometry"


@dataclass(frozen=True)
class Asked:
    """One request for rows of a collection."""

    request: HttpRequest
    name: str

    @property
    def params(self) -> Any:
        """The query of the address."""
        return self.request.GET

    @cached_property
    def seen(self) -> Seen:
        """The collection, as the asker sees it on the day asked for."""
        on, known_on = asking.day_of(self.params), asking.moment_of(self.params)
        return asking.collection_of(self.request, self.name, on, known_on)

    @cached_property
    def fields(self) -> Wanted:
        """The columns wanted, and whether the ground is."""
        if FIELDS not in self.params:
            return Wanted(ground=False)
        keys = [key for part in self.params.getlist(FIELDS) for key in part.split(",") if key]
        known = {column.key: column for column in self.seen.columns}
        for key in keys:
            if key not in known and not (key == GROUND and self.seen.declared.ground):
                raise wrong_parameter(FIELDS, key, _("没有这个字段。可用：%(known)s。") % {"known": "、".join(known)})
        return Wanted([known[key] for key in dict.fromkeys(keys) if key in known], ground=GROUND in keys)

    def checked(self) -> None:
        """Refuse what a page of the desk would pass over: a mistyped filter answers with nothing, never with all."""
        register = self.seen.register
        allowed = [asking.ON, asking.KNOWN_ON, SEARCH, SORT, LIMIT, CURSOR, FIELDS]
        allowed += [BOX] if register.ground else []
        scope = Scope(self.seen.actor, self.seen.on)  # type: ignore[arg-type]
        for each in register.filters:
            if isinstance(each, DateRangeFilter):
                allowed += [f"{each.key}_from", f"{each.key}_to"]
                self._must_be_days(allowed[-2:])
            else:
                allowed.append(each.key)
            if isinstance(each, ChoiceFilter):
                self._must_be_choices(each, [value for value, _label in each.options(scope)])
        asking.only(self.params, allowed)
        if BOX in self.params and box_of(self.params) is None:
            raise wrong_parameter(BOX, self.params[BOX], _("应为西、南、东、北四个经纬度，用逗号分隔。"))

    def _must_be_days(self, names: Sequence[str]) -> None:
        for name in names:
            if self.params.get(name) and parse_day(self.params[name]) is None:
                raise wrong_parameter(name, self.params[name], _("应为日期，例如 2026-06-30。"))

    def _must_be_choices(self, each: ChoiceFilter, known: Sequence[str]) -> None:
        for value in each.chosen(self.params):
            if value not in known:
                raise wrong_parameter(each.key, value, _("可选：%(known)s。") % {"known": "、".join(known[:30])})

    def filtered(self) -> QuerySet:
        """The rows asked for, in no order."""
        self.checked()
        seen = self.seen
        return Selection(seen.declared, seen.actor, seen.on, self.params, seen.known_on).filtered()  # type: ignore[arg-type]

    @cached_property
    def order(self) -> list[Key]:
        """What rows are ordered by; a default that the asker may not see is no order."""
        asked, register = self.params.get(SORT), self.seen.register
        name = register.default_sort if asked is None else asked
        column = register.column(name.removeprefix("-"))
        if asked is not None and (column is None or not column.sort):
            known = "、".join(each.key for each in register.columns if each.sort)
            raise wrong_parameter(SORT, asked, _("不能按它排序。可用：%(known)s，前面加 - 为倒序。") % {"known": known})
        names = column.sort.split(",") if column else []
        falling = name.startswith("-")
        return [
            Key(each.strip().removeprefix("-"), each.strip().startswith("-") != falling)
            for each in names
            if each.strip()
        ]


def page(request: HttpRequest, name: str) -> dict[str, Any]:
    """A page of rows."""
    asked = Asked(request, name)
    seen, wanted = asked.seen, asked.fields
    limit = asking.whole_number(asked.params, LIMIT, USUAL_LIMIT, MOST_LIMIT)
    queryset = asked.filtered()
    keys = features.settled(queryset, asked.order)
    found = features.page_of(seen, _after(asked, queryset, keys), keys, limit, wanted)
    return {
        "on": seen.on.isoformat(),
        "rows": told(seen, found.rows, wanted),
        "matched": features.counted(queryset),
        "next": _next(request, found.cursor),
    }


def _after(asked: Asked, queryset: QuerySet, keys: list[Key]) -> QuerySet:
    cursor = asked.params.get(CURSOR)
    if cursor is None:
        return queryset
    place = features.read_cursor(queryset, keys, cursor)
    if place is None:
        raise wrong_parameter(CURSOR, cursor, _("不是这个排序的翻页位置：请从第一页的 next 取得。"))
    return features.beyond(queryset, place, keys)


def _next(request: HttpRequest, cursor: str) -> str | None:
    if not cursor:
        return None
    params = request.GET.copy()
    params[CURSOR] = cursor
    return request.build_absolute_uri(f"{request.path}?{params.urlencode()}")


def told(seen: Seen, rows: Sequence[Row], wanted: Wanted) -> list[dict[str, Any]]:
    """Rows as JSON: the key, the values, the ground where it is wanted."""
    columns: Sequence[Column] | None = wanted.columns
    found = [{"key": features.key_of(seen, row), **properties_told(seen, row, columns)} for row in rows]
    if wanted.ground and seen.declared.ground:
        for one, shape in zip(found, features.geometries(rows, systems.CRS84), strict=True):
            one[GROUND] = json.loads(shape)
    return found


@dataclass(frozen=True)
class Told:
    """One row as it is told. `content` names it: what is told, and what the asker could change of it beside that."""

    told: dict[str, Any]
    unsaid: str = ""

    @property
    def content(self) -> bytes:
        """What the name of the row is made of."""
        return f"{answers.as_json(self.told)}{self.unsaid}".encode()

    @property
    def tag(self) -> str:
        """The name of the row: its ETag."""
        return answers.tag_of(self.content + answers.JSON.encode())


def one(request: HttpRequest, name: str, key: str) -> Told:
    """One row, with its ground unless other fields are asked for."""
    asked = Asked(request, name)
    asking.only(asked.params, [asking.ON, asking.KNOWN_ON, FIELDS])
    wanted = asked.fields if FIELDS in asked.params else Wanted()
    return of_key(asked.seen, key, wanted)


def of_key(seen: Seen, key: str, wanted: Wanted | None = None) -> Told:
    """The row of a key; refused where the asker sees none."""
    wanted = wanted or Wanted()
    queryset = features.with_key(seen, key)
    found = features.page_of(seen, queryset, features.settled(queryset), 1, wanted)
    if not found.rows:
        raise asking.member(seen, key)
    return Told(told(seen, found.rows, wanted)[0], _unsaid(seen, key))


def _unsaid(seen: Seen, key: str) -> str:
    """The entries of a row, of which not each is a column; nothing that is hidden from the asker."""
    if seen.actor is None or seen.declared.writing is None:
        return ""
    entries = Entries(seen, seen.actor)
    row = entries.row(key)
    return stamp(entries.values(row)) if row else ""


def past(request: HttpRequest, name: str, key: str) -> dict[str, Any]:
    """What happened to a row: who wrote what down, when, why, and what it said before."""
    asked = Asked(request, name)
    asking.only(asked.params, [asking.ON, asking.KNOWN_ON])
    seen = asked.seen
    if seen.actor is None:
        raise Problem(HTTPStatus.UNAUTHORIZED, "login", _("变动历史只对有权限的人员开放：请带访问令牌。"))
    if not features.with_key(seen, key).exists():
        raise asking.member(seen, key)
    return {"key": key, "events": [_event(each) for each in _told(seen, key)]}


def _told(seen: Seen, key: str) -> list[history.Told]:
    queryset = features.with_key(seen, key)
    model = queryset.model
    if not history.is_versioned(model):
        told_no = _("“%(title)s”不逐条保留历史。") % {"title": seen.declared.title}
        raise Problem(HTTPStatus.NOT_FOUND, "no_history", told_no)
    identity = queryset.values_list(f"{model.identity}_id", flat=True).first()
    return history.told(history.versions_of(seen, identity), history.shown(seen))


def _event(each: history.Told) -> dict[str, Any]:
    return {
        "at": each.at.isoformat(),
        "who": each.who,
        "what": each.what,
        "since": each.since.isoformat() if each.since else None,
        "why": each.why,
        "changes": [{"title": title, "before": before, "after": after} for title, before, after in each.changes],
    }
