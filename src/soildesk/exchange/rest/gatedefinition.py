"""The addresses of the gate as OpenAPI, for who may use them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.core.permissions import Actor, may
from soildesk.decisions.services.gate import ASK
from soildesk.decisions.services.national import STAGES
from soildesk.decisions.services.questions import SCHEMES, STATES, WORDS
from soildesk.exchange.rest.definition import (
    KINDS,
    TEXT,
    answer_told,
    page_operation,
    refusals_told,
    row_schema,
    told_object,
)
from soildesk.exchange.rest.gate import KEPT, LONGEST_ONCE, ONCE, READ
from soildesk.kit import seen as kit_seen
from soilrules.gate.acts import acts
from soilrules.gate.facts import LISTS
from soilrules.gate.results import Force, Outcome, Verdict
from soilrules.gate.uses import schemes

DAY, YES_NO = KINDS["date"], KINDS["yes_no"]
YES_NO_OR_NOT = {"type": ["boolean", "null"]}


def paths(actor: Actor | None) -> dict[str, Any]:
    """Asking, one kept answer, and all of them page by page."""
    found: dict[str, Any] = {}
    if may(actor, ASK):
        found["/gate/checks"] = {"post": _asking()}
    held = kit_seen.seen(KEPT, actor, clock.today()) if may(actor, READ) else None
    if held is not None:
        row = row_schema(held)
        row["properties"] = {**row["properties"], "url": TEXT}
        found.setdefault("/gate/checks", {})["get"] = page_operation("gate.checks", held, row)
        key = {"name": "key", "in": "path", "required": True, "schema": TEXT, "description": _("key 或核查编号")}
        found["/gate/checks/{key}"] = {
            "get": {
                "operationId": "gate.check", "summary": _("核查记录"), "parameters": [key],
                "responses": {"200": answer_told(_("核查记录"), _answer()), **refusals_told()},
            }
        }  # fmt: skip
    return found


def _asking() -> dict[str, Any]:
    once = {
        "name": ONCE, "in": "header", "required": False, "schema": {**TEXT, "maxLength": LONGEST_ONCE},
        "description": _("同一人以同一个值再次发送同样的正文，得到原来的核查记录（200），不另行核查"),
    }  # fmt: skip
    answered = answer_told(_("核查结论，已留存编号"), _answer())
    return {
        "operationId": "gate.ask", "summary": _("准入核查"), "security": [{"token": []}], "parameters": [once],
        "requestBody": {"required": True, "content": {"application/json": {"schema": _question()}}},
        "responses": {
            "201": answered, "200": answer_told(_("这个请求已经核查过：原来的结论"), _answer()),
            **refusals_told(("422", _("内容不符合要求，没有核查"))),
        },
    }  # fmt: skip


def _question() -> dict[str, Any]:
    words = {key: {**TEXT, "title": str(title), "maxLength": longest} for key, (title, longest) in WORDS.items()}
    codes = {key: {**TEXT, "title": str(title), "enum": ["", *schemes()]} for key, title in SCHEMES.items()}
    states = {key: {**TEXT, "title": str(title), "enum": ["", *known]} for key, (title, known) in STATES.items()}
    return {
        "type": "object",
        "required": ["act", "use"],
        "properties": {
            "act": {**TEXT, "title": _("办理事项"), "enum": list(acts())},
            **words, **codes, **states,
            "on": {"type": ["string", "null"], "format": "date", "title": _("核查日"), "description": _("默认今天，不能晚于今天")},
            "ground": {"type": ["object", "null"], "title": _("范围"), "description": _("GeoJSON 的面、要素或要素集，经度、纬度；ground 与 parcel 给一个")},
            "crs": {**TEXT, "title": _("坐标系"), "description": _("ground 不是经度、纬度时写明，如 EPSG:4526")},
            "parcel": {**TEXT, "title": _("宗地代码、地块编号或全国系统编码")},
            "untouched": {**YES_NO, "title": _("已到现场看过：调查报告之后没有使用、回填、倾倒")},
            "recalled_on": {"type": ["string", "null"], "format": "date", "title": _("收回日期")},
            "works_begun": {**YES_NO_OR_NOT, "title": _("是否已经开工")},
            "pollutes": {**YES_NO_OR_NOT, "title": _("项目是否可能造成土壤污染")},
            "food": {**YES_NO_OR_NOT, "title": _("是否食品加工、储存")},
            "related": {**YES_NO, "title": _("本项目就是风险管控或修复工程")},
            "national": _national(),
        },
        "additionalProperties": False,
    }  # fmt: skip


def _national() -> dict[str, Any]:
    file = told_object({"name": TEXT, "data": {**TEXT, "contentEncoding": "base64"}})
    return {
        "type": ["object", "null"],
        "title": _("全国系统查询"),
        "required": ["on", "person", "found", "result"],
        "properties": {
            "on": {**DAY, "title": _("查询日期")},
            "person": {**TEXT, "title": _("查询人"), "maxLength": 60},
            "found": {**YES_NO, "title": _("系统中有该地块")},
            "stage": {**TEXT, "title": _("系统显示的阶段"), "enum": ["", *STAGES]},
            "lists": {
                "type": "array",
                "items": {**TEXT, "enum": list(LISTS)},
                "title": _("系统显示在哪些名单、名录内"),
            },
            "restricted": {
                **YES_NO_OR_NOT,
                "title": _("系统显示有没有限制"),
                "description": _("系统中有该地块的必须写明"),
            },
            "result": {**TEXT, "title": _("查询结果"), "maxLength": 500},
            "file": {**file, "type": ["object", "null"], "title": _("查询截图")},
        },
        "additionalProperties": False,
    }


def _answer() -> dict[str, Any]:
    number = {"type": "number"}
    check = {
        "id": TEXT, "title": TEXT, "outcome": {**TEXT, "enum": list(Outcome)}, "force": {**TEXT, "enum": list(Force)},
        "because": TEXT, "would_change": TEXT, "basis": {"type": "array", "items": TEXT}, "area_m2": number,
    }  # fmt: skip
    words = ("key", "url", "act", "use", "use_scheme", "project", "parcel_code", "document", "on_behalf_of", "rule_set",
             "decides", "note")  # fmt: skip
    return told_object(
        {
            "decision": {**TEXT, "enum": list(Verdict)}, "number": TEXT, "read_as": TEXT,
            "checks": {"type": "array", "items": told_object(check)}, "on": DAY, "area_m2": number,
            "asked_at": {**TEXT, "format": "date-time"}, **dict.fromkeys(words, TEXT),
        }
    )  # fmt: skip
