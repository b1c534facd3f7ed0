"""The OpenAPI 3.0 definition of the OGC service, made of the collections the asker may see."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from soildesk import __version__
from soildesk.exchange import cql, systems
from soildesk.exchange.answers import GEOJSON, HTML, JSON, SCHEMA
from soildesk.exchange.ogc.items import MOST_LIMIT, USUAL_LIMIT
from soildesk.exchange.properties import SCHEMAS, properties_of, queryables_of
from soildesk.kit.seen import Seen

PROBLEM = "application/problem+json"
SCHEMES = {"token": {"type": "http", "scheme": "bearer", "description": "soildesk token create"}}


def document(request: HttpRequest, found: list[Seen]) -> dict[str, Any]:
    """The whole definition."""
    paths = {
        "/": _reads("getLandingPage", _("首页"), "landing"),
        "/conformance": _reads("getConformance", _("所符合的标准条款"), "conformance"),
        "/collections": _reads("getCollections", _("数据集"), "collections", [_parameter("on")]),
    }
    for seen in found:
        paths |= _paths_of(seen)
    return {
        "openapi": "3.0.3",
        "info": {"title": _("净土台空间数据服务"), "version": __version__, "description": _("OGC API - Features")},
        "servers": [{"url": request.build_absolute_uri("/ogc")}],
        "security": [{}, {"token": []}],
        "paths": paths,
        "components": {"securitySchemes": SCHEMES, "parameters": _parameters(), "schemas": _schemas()},
    }


def _paths_of(seen: Seen) -> dict[str, Any]:
    name, title = seen.declared.collection, str(seen.declared.title)
    start, as_of = f"/collections/{name}", [_parameter("on"), _parameter("known_on")]
    shared = [
        "bbox",
        "bbox-crs",
        "crs",
        "datetime",
        "on",
        "known_on",
        "limit",
        "cursor",
        "filter",
        "filter-lang",
        "filter-crs",
    ]
    own = [
        {"name": each.key, "in": "query", "required": False, "style": "form", "explode": False,
         "description": each.queryable.get("description", each.title), "schema": SCHEMAS[each.kind]}
        for each in queryables_of(seen).values() if each.key not in {*shared, "f"}
    ]  # fmt: skip
    feature = _feature_schema(seen)
    key = {"name": "featureId", "in": "path", "required": True, "schema": {"type": "string"}}
    operation = _operation_name(name)
    return {
        start: _reads(f"get{operation}", title, "collection", as_of),
        f"{start}/queryables": _reads(f"get{operation}Queryables", _("可过滤的属性"), "schema", kind=SCHEMA),
        f"{start}/schema": _reads(f"get{operation}Schema", _("属性"), "schema", kind=SCHEMA),
        f"{start}/items": _reads(
            f"get{operation}Features", title, {"allOf": [_ref("schemas", "features")], "properties": {"features": {"items": feature}}},
            [*map(_parameter, shared), *own], kind=GEOJSON,
        ),
        f"{start}/items/{{featureId}}": _reads(
            f"get{operation}Feature", title, feature, [key, _parameter("crs"), *as_of], kind=GEOJSON
        ),
    }  # fmt: skip


def _operation_name(name: str) -> str:
    return "".join(part.capitalize() for part in name.replace("_", "-").split("-"))


def _feature_schema(seen: Seen) -> dict[str, Any]:
    found = {each.key: each.schema for each in properties_of(seen)}
    return {
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "string"},
            "geometry": _ref("schemas", "geometry"),
            "properties": {"type": "object", "properties": found},
            "links": {"type": "array", "items": _ref("schemas", "link")},
        },
    }


def _ref(group: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{group}/{name}"}


def _parameter(name: str) -> dict[str, str]:
    return _ref("parameters", name)


def _reads(
    operation: str, title: str, schema: str | dict[str, Any], parameters: list[Any] | None = None, kind: str = JSON
) -> dict[str, Any]:
    """A path that is read; every one may be asked as a page, and refuses with a problem."""
    told = _ref("schemas", schema) if isinstance(schema, str) else schema
    content = {kind: {"schema": told}, HTML: {"schema": {"type": "string"}}}
    return {
        "get": {
            "operationId": operation,
            "summary": title,
            "parameters": [*(parameters or []), _parameter("f")],
            "responses": {
                "200": {"description": title, "content": content},
                **{status: _problem(words) for status, words in _refusals().items()},
            },
        }
    }


def _refusals() -> dict[str, str]:
    return {
        "400": _("参数无法使用"),
        "401": _("访问令牌无效"),
        "403": _("没有权限"),
        "404": _("没有这个数据集或要素，或不对您开放"),
    }


def _problem(words: str) -> dict[str, Any]:
    return {"description": words, "content": {PROBLEM: {"schema": _ref("schemas", "problem")}}}


def _parameters() -> dict[str, Any]:
    crs = {"type": "string", "format": "uri", "enum": list(systems.offered()), "default": systems.CRS84}
    counts = [{"minItems": count, "maxItems": count} for count in (4, 6)]
    numbers = {"type": "array", "oneOf": counts, "items": {"type": "number"}}
    day = {"type": "string", "format": "date"}
    said: dict[str, tuple[str, dict[str, Any]]] = {
        "f": (_("格式"), {"type": "string", "enum": ["json", "html"]}),
        "on": (_("哪一天的情况；默认今天"), day),
        "known_on": (_("按哪一天所知；只用于保留历史的数据集，须登录"), {"type": "string"}),
        "bbox": (_("范围，默认经度、纬度"), numbers),
        "bbox-crs": (_("bbox 的坐标系"), crs),
        "crs": (_("返回坐标的坐标系"), crs),
        "datetime": (_("时刻或起止；给出止日（开放则为今天）的情况"), {"type": "string"}),
        "limit": (
            _("一页多少个"),
            {"type": "integer", "minimum": 1, "maximum": MOST_LIMIT, "default": USUAL_LIMIT},
        ),
        "cursor": (_("翻页位置，取自 next 链接"), {"type": "string"}),
        "filter": (_("CQL2 过滤条件"), {"type": "string"}),
        "filter-lang": (_("过滤语言"), {"type": "string", "enum": list(cql.LANGUAGES), "default": cql.TEXT}),
        "filter-crs": (_("过滤条件中图形的坐标系"), crs),
    }
    return {name: _query(name, words, schema) for name, (words, schema) in said.items()}


def _query(name: str, words: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name, "in": "query", "required": False, "description": words,
        "style": "form", "explode": False, "schema": schema,
    }  # fmt: skip


def _schemas() -> dict[str, Any]:
    text, links = {"type": "string"}, {"type": "array", "items": _ref("schemas", "link")}
    return {
        "link": _object({"rel": text, "type": text, "title": text, "href": text}, ["href", "rel"]),
        "landing": _object({"title": text, "description": text, "links": links}, ["links"]),
        "conformance": _object({"conformsTo": {"type": "array", "items": text}}, ["conformsTo"]),
        "collections": _object(
            {"links": links, "collections": {"type": "array", "items": _ref("schemas", "collection")}},
            ["links", "collections"],
        ),
        "collection": _object(
            {"id": text, "title": text, "links": links, "crs": {"type": "array", "items": text}, "storageCrs": text},
            ["id", "links"],
        ),
        "schema": _object({"type": text, "properties": {"type": "object"}}, ["type", "properties"]),
        "geometry": {**_object({"type": text}, ["type"]), "nullable": True},
        "features": _object(
            {
                "type": {"type": "string", "enum": ["FeatureCollection"]},
                "features": {"type": "array", "items": {"type": "object"}},
                "links": links,
                "timeStamp": {"type": "string", "format": "date-time"},
                "numberMatched": {"type": "integer", "minimum": 0},
                "numberReturned": {"type": "integer", "minimum": 0},
            },
            ["type", "features"],
        ),
        "problem": _object({"type": text, "title": text, "status": {"type": "integer"}, "code": text, "detail": text}, ["status", "code", "detail"]),
    }  # fmt: skip


def _object(members: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": members}
