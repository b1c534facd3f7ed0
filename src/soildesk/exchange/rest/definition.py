"""The OpenAPI definition of the REST service, made of the registers' declarations: each collection its own schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from soildesk import __version__
from soildesk.exchange.properties import SCHEMAS, properties_of
from soildesk.exchange.rest.rows import FIELDS, GROUND, MOST_LIMIT, USUAL_LIMIT
from soildesk.kit.faces import Entry
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter, Filter, Scope
from soildesk.kit.seen import Seen

KINDS: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "lines": {"type": "string"},
    "choice": {"type": "string"},
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "date": {"type": "string", "format": "date"},
    "yes_no": {"type": "boolean"},
    "geometry": {"type": "object", "description": "GeoJSON"},
}
TEXT = {"type": "string"}
TEXT_OR_NOT = {"type": ["string", "null"]}


def document(found: Sequence[Seen], server: str = "/api/v1", more: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The whole definition; `more` are paths that belong to no collection."""
    paths: dict[str, Any] = {
        "/collections": {
            "get": _operation(
                "collections", _("数据集"), answer_told(_("数据集"), _list_of_collections()), [_query("on", _day())]
            )
        },
    }
    for seen in found:
        paths |= _paths_of(seen)
    paths |= more or {}
    return {
        "openapi": "3.1.0",
        "info": {"title": _("净土台数据接口"), "version": __version__, "description": _about()},
        "servers": [{"url": server}],
        "security": [{}, {"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"problem": _problem(), **{each.declared.collection: row_schema(each) for each in found}},
        },
    }


def _about() -> str:
    return _("未带令牌时只提供公开的数据集和字段。错误按 RFC 9457 返回，code 不变，detail 随 Accept-Language。")


def _paths_of(seen: Seen) -> dict[str, Any]:
    name, title = seen.declared.collection, str(seen.declared.title)
    row, key = {"$ref": f"#/components/schemas/{name}"}, _path_key()
    as_of = _as_of(seen)
    listed: dict[str, Any] = {"get": page_operation(f"{name}.rows", seen, row)}
    one: dict[str, Any] = {
        "get": _operation(f"{name}.row", title, answer_told(title, row), [key, _fields(seen), *as_of]),
    }
    past = _operation(f"{name}.history", _("变动历史"), answer_told(_("变动历史"), _events()), [key, *as_of])
    written = seen.declared.writing if seen.actor is not None else None
    if written and written.add:
        listed["post"] = _writes(f"{name}.add", _("登记：%(title)s") % {"title": title}, seen, created=True)
    if written and written.change:
        changed = _writes(f"{name}.change", _("修改：%(title)s") % {"title": title}, seen)
        one["patch"] = {**changed, "parameters": [key, _if_match()]}
    found = {f"/{name}": listed, f"/{name}/{{key}}": one}
    return found | ({f"/{name}/{{key}}/history": {"get": past}} if _knows_past(seen) else {})


def page_operation(name: str, seen: Seen, row: dict[str, Any]) -> dict[str, Any]:
    """Reading a collection page by page; `row` is the schema of what is answered of each row."""
    title = str(seen.declared.title)
    return _operation(name, title, answer_told(title, _page_of(row)), [*_list_parameters(seen), *_as_of(seen)])


def _as_of(seen: Seen) -> list[dict[str, Any]]:
    return [_query("on", _day()), *([_query("known_on", TEXT)] if _knows_past(seen) else [])]


def _knows_past(seen: Seen) -> bool:
    return seen.declared.knows_past and seen.actor is not None


def row_schema(seen: Seen) -> dict[str, Any]:
    """What a row says; which of it is answered depends on `fields`."""
    said = {each.key: {"title": each.title, **_or_null(SCHEMAS[each.type])} for each in properties_of(seen)}
    ground = {GROUND: {"title": _("图形"), "type": ["object", "null"]}} if seen.declared.ground else {}
    return {
        "type": "object",
        "title": str(seen.declared.title),
        "required": ["key"],
        "properties": {"key": TEXT, **said, **ground},
        "additionalProperties": False,
    }


def _or_null(schema: dict[str, str]) -> dict[str, Any]:
    return {**schema, "type": [schema["type"], "null"]}


def _list_parameters(seen: Seen) -> list[dict[str, Any]]:
    register = seen.register
    sortable = [each.key for each in register.columns if each.sort]
    found = [
        _query("limit", {"type": "integer", "minimum": 1, "maximum": MOST_LIMIT, "default": USUAL_LIMIT}),
        _query("cursor", TEXT, _("翻页位置，取自 next")),
        _fields(seen),
    ]
    if sortable:
        both = [*sortable, *(f"-{key}" for key in sortable)]
        found.append(_query("sort", {"type": "string", "enum": both}, _("排序；- 为倒序")))
    if register.search:
        found.append(_query("q", TEXT, _("搜索")))
    if register.ground:
        found.append(_query("bbox", TEXT, _("西、南、东、北四个经纬度，用逗号分隔")))
    for each in register.filters:
        found += _filter_parameters(each, seen)
    return found


def _filter_parameters(each: Filter, seen: Seen) -> list[dict[str, Any]]:
    if isinstance(each, DateRangeFilter):
        return [_query(f"{each.key}_{end}", _day(), str(each.title)) for end in ("from", "to")]
    if isinstance(each, ChoiceFilter):
        values = [value for value, _label in each.options(Scope(seen.actor, seen.on))]  # type: ignore[arg-type]
        one = {"type": "string", **({"enum": values} if values else {})}
        return [_query(each.key, {"type": "array", "items": one}, str(each.title))]
    return [_query(each.key, TEXT, str(each.title))]


def _fields(seen: Seen) -> dict[str, Any]:
    known = [column.key for column in seen.columns] + ([GROUND] if seen.declared.ground else [])
    schema = {"type": "array", "items": {"type": "string", "enum": known}}
    return {**_query(FIELDS, schema, _("只要这些字段，用逗号分隔")), "explode": False}


def _query(name: str, schema: dict[str, Any], words: str = "") -> dict[str, Any]:
    told = {"name": name, "in": "query", "required": False, "schema": schema}
    return {**told, "description": words} if words else told


def _path_key() -> dict[str, Any]:
    return {"name": "key", "in": "path", "required": True, "schema": TEXT}


def _if_match() -> dict[str, Any]:
    words = _("读取这条记录时得到的 ETag：在此期间被别人改过的记录不会被覆盖")
    return {"name": "If-Match", "in": "header", "required": True, "schema": TEXT, "description": words}


def _day() -> dict[str, str]:
    return {"type": "string", "format": "date"}


def _operation(name: str, words: str, answer: dict[str, Any], parameters: list[Any]) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": words,
        "parameters": parameters,
        "responses": {"200": answer, **refusals_told()},
    }


def answer_told(words: str, schema: dict[str, Any]) -> dict[str, Any]:
    """An answer of this schema."""
    return {"description": words, "content": {"application/json": {"schema": schema}}}


def refusals_told(*more: tuple[str, str]) -> dict[str, Any]:
    """The refusals every address knows, and `more` (status, words)."""
    said = [
        ("400", _("参数无法使用")),
        ("401", _("须带有效的访问令牌")),
        ("403", _("没有权限")),
        ("404", _("没有，或不对您开放")),
        *more,
    ]
    schema = {"$ref": "#/components/schemas/problem"}
    return {
        status: {"description": words, "content": {"application/problem+json": {"schema": schema}}}
        for status, words in said
    }


def _matching() -> list[tuple[str, str]]:
    return [
        ("412", _("If-Match 与现在的 ETag 不同：记录已被修改，请重新读取")),
        ("428", _("缺少 If-Match：请先读取这条记录，带上它的 ETag")),
    ]


def _writes(name: str, words: str, seen: Seen, *, created: bool = False) -> dict[str, Any]:
    row = {"$ref": f"#/components/schemas/{seen.declared.collection}"}
    return {
        "operationId": name,
        "summary": words,
        "security": [{"token": []}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": _body(seen, created=created)}}},
        "responses": {
            "201" if created else "200": answer_told(words, row),
            **refusals_told(*([] if created else _matching()), ("422", _("内容不符合要求，未写入"))),
        },
    }


def _body(seen: Seen, *, created: bool) -> dict[str, Any]:
    """What is sent: the entries the asker may fill in, the reason, the day."""
    writing = seen.declared.writing
    entries = [each for each in writing.entries if each.key not in seen.closed] if writing else []
    dated = created and writing is not None and writing.dated
    needed = [each.key for each in entries if each.required] if created else []
    values = {
        "type": "object",
        "properties": {each.key: _entry(each) for each in entries},
        "additionalProperties": False,
        **({"required": needed} if needed else {}),
    }
    return {
        "type": "object",
        "required": ["values", "why", *(["since"] if dated else [])],
        "properties": {
            "values": values,
            "why": {"type": "string", "minLength": 1, "maxLength": 300, "title": _("原因")},
            "since": _day() if dated else {"type": ["string", "null"], "format": "date"},
        },
        "additionalProperties": False,
    }


def _entry(each: Entry) -> dict[str, Any]:
    kind = {**KINDS[each.kind], "title": str(each.title)}
    if kind["type"] == "string" and each.kind != "date":
        kind["maxLength"] = each.longest
    if not each.required:
        kind["type"] = [kind["type"], "null"]
    return {**kind, "description": str(each.note)} if each.note else kind


def _page_of(row: dict[str, Any]) -> dict[str, Any]:
    return told_object(
        {
            "on": _day(),
            "rows": {"type": "array", "items": row},
            "matched": {"type": ["integer", "null"]},
            "next": TEXT_OR_NOT,
        }
    )


def _events() -> dict[str, Any]:
    change = told_object({"title": TEXT, "before": TEXT, "after": TEXT})
    event = told_object(
        {
            "at": TEXT, "who": TEXT, "what": TEXT, "since": TEXT_OR_NOT, "why": TEXT,
            "changes": {"type": "array", "items": change},
        }
    )  # fmt: skip
    return told_object({"key": TEXT, "events": {"type": "array", "items": event}})


def _list_of_collections() -> dict[str, Any]:
    yes_no = {"type": "boolean"}
    one = told_object(
        {
            "name": TEXT, "title": TEXT, "about": TEXT, "fields": {"type": "array", "items": TEXT}, "ground": yes_no,
            "history": yes_no, "url": TEXT, "features": TEXT_OR_NOT,
        }
    )  # fmt: skip
    return told_object({"collections": {"type": "array", "items": one}})


def _problem() -> dict[str, Any]:
    said = {"type": TEXT, "title": TEXT, "status": {"type": "integer"}, "code": TEXT, "detail": TEXT}
    return {"type": "object", "required": list(said), "properties": said}


def told_object(members: dict[str, Any]) -> dict[str, Any]:
    """An object that says all of these and nothing else."""
    return {"type": "object", "required": list(members), "properties": members, "additionalProperties": False}
