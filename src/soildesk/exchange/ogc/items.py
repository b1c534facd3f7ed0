"""The features of a collection: by box, time, property and CQL2 filter, page by page, in a coordinate system."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.exchange import answers, asking, cql, features, systems
from soildesk.exchange.answers import GEOJSON, HTML, JSON, SCHEMA, link, url_of
from soildesk.exchange.asking import KNOWN_ON, ON
from soildesk.exchange.comparing import compared, read_text
from soildesk.exchange.ogc.collections import REL, ground_of
from soildesk.exchange.problems import for_programs, wrong_parameter
from soildesk.exchange.properties import queryables_of
from soildesk.kit.keyset import nullable
from soildesk.kit.register import Row
from soildesk.kit.seen import Seen

USUAL_LIMIT, MOST_LIMIT = 100, 1000
CURSOR, LIMIT, BBOX, DATETIME = "cursor", "limit", "bbox", "datetime"
FILTER, LANGUAGE, FILTER_CRS = "filter", "filter-lang", "filter-crs"
BBOX_CRS, CRS = "bbox-crs", "crs"
OWN = (
    answers.FORMAT, ON, KNOWN_ON, LIMIT, CURSOR, BBOX, BBOX_CRS, CRS, DATETIME, FILTER, LANGUAGE, FILTER_CRS,
)  # fmt: skip
"""Our parameters; a property of the same name is filtered by `filter`."""


def read_interval(text: str) -> tuple[date | None, date | None]:
    """An instant or an interval as days; an open side is None."""
    sides = text.split("/")
    if len(sides) > 2 or sides in (["", ""], ["..", ".."], ["..", ""], ["", ".."]):
        raise _wrong_time(text)
    first, last = (None if side in {"", ".."} else _day(side, text) for side in (sides[0], sides[-1]))
    if len(sides) == 1 and first is None:
        raise _wrong_time(text)
    if first and last and first > last:
        raise wrong_parameter(DATETIME, text, _("起晚于止：请调换。"))
    return first, last


def _day(side: str, text: str) -> date:
    moment = asking.read_moment(side)
    if moment is not None:
        return clock.local_day(moment)
    try:
        return date.fromisoformat(side)
    except ValueError:
        raise _wrong_time(text) from None


def _wrong_time(text: str) -> Exception:
    expected = _("应为日期、时刻或起止，例如 2026-06-30、2026-01-01/2026-06-30、2026-01-01/..。")
    return wrong_parameter(DATETIME, text, expected)


@dataclass(frozen=True)
class Asked:
    """One request for features, read strictly."""

    request: HttpRequest
    name: str

    @property
    def params(self) -> Any:
        """The query of the address."""
        return self.request.GET

    @cached_property
    def interval(self) -> tuple[date | None, date | None] | None:
        """The time asked for."""
        return read_interval(self.params[DATETIME]) if DATETIME in self.params else None

    @cached_property
    def on(self) -> date:
        """The day whose state answers: `on`, else the end of the time asked for, else today.

        What stands at the end of an interval counted within it; what ended earlier is found with an earlier end.
        """
        if self.interval is None:
            return asking.day_of(self.params)
        if ON in self.params:
            raise wrong_parameter(ON, self.params[ON], _("与 datetime 只能用一个：两者都指定了时间。"))
        return self.interval[1] or clock.today()

    @cached_property
    def seen(self) -> Seen:
        """The collection on that day."""
        return ground_of(self.request, self.name, self.on, asking.moment_of(self.params))

    @cached_property
    def crs(self) -> str:
        """The system of the answer."""
        return systems.asked(CRS, self.params.get(CRS))

    @cached_property
    def limit(self) -> int:
        """How many features a page."""
        return asking.whole_number(self.params, LIMIT, USUAL_LIMIT, MOST_LIMIT)

    def filtered(self) -> QuerySet:
        """The rows asked for, in no order."""
        queryables = queryables_of(self.seen)
        asking.only(self.params, [*OWN, *queryables])
        ground = self.seen.declared.ground
        path = ground.field if ground else ""
        wanted = Q()
        for key, each in queryables.items():
            if key in self.params and key not in OWN:
                wanted &= compared(each, "=", read_text(each, self.params[key]))
        box_crs = systems.asked(BBOX_CRS, self.params.get(BBOX_CRS))
        if BBOX in self.params:
            wanted &= self._within(path, systems.box(BBOX, self.params[BBOX], box_crs))
        shapes_crs = systems.asked(FILTER_CRS, self.params.get(FILTER_CRS))
        if FILTER in self.params:
            translator = cql.Translator(queryables, path, shapes_crs)
            wanted &= translator.condition(cql.read(self.params[FILTER], self.language))
        return self.seen.queryset().filter(wanted)

    def _within(self, path: str, shape: Any) -> Q:
        """Rows that meet the box; what has no ground is nowhere else either, as the standard wants it."""
        found = Q(**{f"{path}__intersects": shape})
        return found | Q(**{f"{path}__isnull": True}) if nullable(self.seen.queryset(), path) else found

    @cached_property
    def language(self) -> str:
        """The language of the filter."""
        text: str = self.params.get(LANGUAGE, cql.TEXT)
        if text not in cql.LANGUAGES:
            raise wrong_parameter(LANGUAGE, text, _("应为 cql2-text 或 cql2-json。"))
        return text


@for_programs
def items(request: HttpRequest, name: str) -> HttpResponse:
    """A page of features."""
    asked = Asked(request, name)
    seen, crs, limit = asked.seen, asked.crs, asked.limit
    asked.language  # noqa: B018 — refused also where no filter is given
    queryset = asked.filtered()
    keys = features.settled(queryset)
    page = features.page_of(seen, _after(request, queryset, keys), keys, limit)
    matched = features.counted(queryset)
    title = str(seen.declared.title)
    links = [
        *answers.self_links(request, GEOJSON, title),
        link("collection", url_of(request, "ogc_collection", name), JSON, title),
        *_next(request, page.cursor, title),
    ]
    if answers.wants_html(request):
        return _items_page(request, asked, page, {"links": links, "matched": matched})
    answer = _feature_collection(request, features.feature_texts(seen, page.rows, crs), matched, links)
    answer["Content-Crs"] = f"<{crs}>"
    answer["Link"] = f'<{url_of(request, "ogc_queryables", name)}>; rel="{REL}/queryables"; type="{SCHEMA}"'
    return answer


def _after(request: HttpRequest, queryset: QuerySet, keys: list[Any]) -> QuerySet:
    cursor = request.GET.get(CURSOR)
    if cursor is None:
        return queryset
    place = features.read_cursor(queryset, keys, cursor)
    if place is None:
        raise wrong_parameter(CURSOR, cursor, _("不是本服务给出的翻页位置：请从第一页的 next 链接取得。"))
    return features.beyond(queryset, place, keys)


def _next(request: HttpRequest, cursor: str, title: str) -> list[answers.Link]:
    if not cursor:
        return []
    params = request.GET.copy()
    params[CURSOR] = cursor
    kind = HTML if answers.wants_html(request) else GEOJSON
    href = request.build_absolute_uri(f"{request.path}?{params.urlencode()}")
    return [link("next", href, kind, _("%(title)s：下一页") % {"title": title})]


def _feature_collection(
    request: HttpRequest, texts: list[str], matched: int | None, links: list[answers.Link]
) -> HttpResponse:
    head = {"type": "FeatureCollection", "numberReturned": len(texts), "links": links}
    if matched is not None:
        head["numberMatched"] = matched
    body = f'{features.as_json(head)[:-1]},"features":[{",".join(texts)}]}}'
    stamped = f'{{"timeStamp":"{_now()}",{body[1:]}'
    return answers.named(request, HttpResponse(stamped, content_type=GEOJSON), body.encode())


def _now() -> str:
    return clock.now().isoformat(timespec="seconds")


def _items_page(request: HttpRequest, asked: Asked, page: features.Page, told: dict[str, Any]) -> HttpResponse:
    seen = asked.seen
    rows = [{"url": _page_of(request, asked.name, seen, row), "cells": cells_of(seen, row)} for row in page.rows]
    context = {
        "title": seen.declared.title, "columns": seen.columns, "rows": rows, "on": seen.on,
        "following": next((each["href"] for each in told["links"] if each["rel"] == "next"), ""),
        "collection_url": url_of(request, "ogc_collection", asked.name, f="html"), **told,
    }  # fmt: skip
    return answers.named(request, render(request, "exchange/items.html", context))


def _page_of(request: HttpRequest, name: str, seen: Seen, row: Row) -> str:
    return url_of(request, "ogc_item", name, features.key_of(seen, row), f="html")


def cells_of(seen: Seen, row: Row) -> list[str]:
    """The values of a row as the desk's lists show them; every cell escapes what comes from data."""
    held = dict(row)
    return [mark_safe(column.format(column.of(held), held)) for column in seen.columns]  # noqa: S308


@for_programs
def item(request: HttpRequest, name: str, key: str) -> HttpResponse:
    """One feature."""
    asking.only(request.GET, [answers.FORMAT, CRS, ON, KNOWN_ON])
    crs = systems.asked(CRS, request.GET.get(CRS))
    seen = ground_of(request, name, asking.day_of(request.GET), asking.moment_of(request.GET))
    queryset = features.with_key(seen, key)
    page = features.page_of(seen, queryset, features.settled(queryset), 1)
    if not page.rows:
        raise asking.member(seen, key)
    title = str(seen.declared.title)
    links = [
        *answers.self_links(request, GEOJSON, title),
        link("collection", url_of(request, "ogc_collection", name), JSON, title),
    ]
    if answers.wants_html(request):
        facts = [(column.title, cell) for column, cell in zip(seen.columns, cells_of(seen, page.rows[0]), strict=True)]
        context = {"title": title, "key": key, "facts": facts, "links": links, "on": seen.on,
                   "collection_url": url_of(request, "ogc_items", name, f="html")}  # fmt: skip
        return answers.named(request, render(request, "exchange/item.html", context))
    (text,) = features.feature_texts(seen, page.rows, crs)
    body = f'{text[:-1]},"links":{features.as_json(links)}}}'
    answer = answers.named(request, HttpResponse(body, content_type=GEOJSON))
    answer["Content-Crs"] = f"<{crs}>"
    return answer
