"""The addresses under /api/v1/."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, RawPostDataException
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from soildesk.core.errors import Refusal
from soildesk.core.permissions import NotAllowed
from soildesk.core.problems import problem
from soildesk.exchange import answers, asking
from soildesk.exchange.answers import url_of
from soildesk.exchange.problems import answer_to
from soildesk.exchange.rest import definition, gate, gatedefinition, laboratory, rows, writing
from soildesk.exchange.rest.writing import Written
from soildesk.kit import seen as kit_seen

api = NinjaAPI(title="SoilDesk", version="1", urls_namespace="rest", docs_url=None, openapi_url=None)


@api.exception_handler(Refusal)
@api.exception_handler(NotAllowed)
@api.exception_handler(Http404)
def refusal(request: HttpRequest, error: Exception) -> HttpResponse:
    """Whoever refused, one problem."""
    return answer_to(error, request)


@api.exception_handler(ValidationError)
def unfit(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A body of another shape than ours."""
    wrong = [
        {"entry": ".".join(str(part) for part in each["loc"][2:]), "sentence": _wanted(each["type"])}
        for each in error.errors
    ]
    return problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, "exchange.body", _("请求正文不符合要求：见接口定义。"), errors=wrong
    )


def _wanted(fault: str) -> str:
    """What is expected of an entry, by the kind of its fault."""
    if fault == "missing":
        return _("缺少这一项：请补上。")
    if fault == "extra_forbidden":
        return _("没有这一项：请核对名称，见接口定义。")
    if fault.startswith("date"):
        return _("应为日期，写成 2026-11-20 的样式。")
    return _("应为 true 或 false。") if fault.startswith("bool") else _("不是所要的类型：见接口定义。")


@api.exception_handler(HttpError)
@api.exception_handler(RawPostDataException)
def unreadable(request: HttpRequest, error: Exception) -> HttpResponse:
    """A body that is no JSON; one sent as a form has been read as such already."""
    status = getattr(error, "status_code", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    return problem(status, "exchange.body", _("请求正文不是 JSON：请核对格式与编码（UTF-8）。"))


@api.get("/openapi.json", url_name="openapi")
def openapi(request: HttpRequest) -> HttpResponse:
    """The definition of this service, as the asker may use it."""
    asking.only(request.GET, [])
    told = _definition(request)
    return answers.as_body(request, told)


@api.get("/docs", url_name="docs")
def docs(request: HttpRequest) -> HttpResponse:
    """The same for people."""
    asking.only(request.GET, [])
    told = _definition(request)
    operations = [
        {"path": path, "method": method.upper(), **one}
        for path, methods in told["paths"].items()
        for method, one in methods.items()
    ]
    context = {"operations": operations, "openapi_url": reverse("exchange:rest:openapi")}
    return answers.named(request, render(request, "exchange/api.html", context))


@api.get("/collections", url_name="collections")
def collections(request: HttpRequest) -> HttpResponse:
    """The collections the asker may see."""
    asking.only(request.GET, [asking.ON])
    found = [
        {
            "name": each.declared.collection,
            "title": str(each.declared.title),
            "about": str(each.declared.about),
            "fields": [column.key for column in each.columns],
            "ground": each.declared.ground is not None,
            "history": each.declared.knows_past and each.actor is not None,
            "url": request.build_absolute_uri(reverse("exchange:rest:rows", args=[each.declared.collection])),
            "features": url_of(request, "ogc_collection", each.declared.collection) if each.declared.ground else None,
        }
        for each in _all(request)
    ]
    return answers.as_body(request, {"collections": found})


api.post("/results/check", url_name="results_check")(laboratory.check)
api.post("/results/send", url_name="results_send")(laboratory.send)
api.get("/results/sent/{receipt}", url_name="results_sent")(laboratory.sent_one)
api.post("/gate/checks", url_name="gate_checks")(gate.ask)
api.get("/gate/checks", url_name="gate_checks")(gate.listed)
api.get("/gate/checks/{key}", url_name="gate_check")(gate.one)


@api.get("/{name}", url_name="rows")
def read_rows(request: HttpRequest, name: str) -> HttpResponse:
    """A page of rows."""
    return answers.as_body(request, rows.page(request, name))


@api.post("/{name}", url_name="rows")
def add_row(request: HttpRequest, name: str, body: Written) -> HttpResponse:
    """A new row."""
    made = writing.add(request, name, body)
    answer = _written(made, HTTPStatus.CREATED)
    answer["Location"] = request.build_absolute_uri(reverse("exchange:rest:row", args=[name, made.told["key"]]))
    return answer


@api.get("/{name}/{key}", url_name="row")
def read_row(request: HttpRequest, name: str, key: str) -> HttpResponse:
    """One row. Its ETag is what a change of it names in If-Match."""
    told = rows.one(request, name, key)
    answer = HttpResponse(answers.as_json(told.told), content_type=answers.JSON)
    return answers.named(request, answer, told.content)


@api.patch("/{name}/{key}", url_name="row")
def change_row(request: HttpRequest, name: str, key: str, body: Written) -> HttpResponse:
    """A change of one row."""
    return _written(writing.change(request, name, key, body), HTTPStatus.OK)


@api.get("/{name}/{key}/history", url_name="history")
def read_history(request: HttpRequest, name: str, key: str) -> HttpResponse:
    """What happened to a row."""
    return answers.as_body(request, rows.past(request, name, key))


def _definition(request: HttpRequest) -> dict[str, Any]:
    actor = asking.actor_of(request)
    more = laboratory.paths(actor) | gatedefinition.paths(actor)
    return definition.document(_all(request), request.build_absolute_uri("/api/v1"), more)


def _all(request: HttpRequest) -> list[Any]:
    return kit_seen.all_seen(asking.actor_of(request), asking.day_of(request.GET))


def _written(row: rows.Told, status: int) -> HttpResponse:
    answer = HttpResponse(answers.as_json(row.told), content_type=answers.JSON, status=status)
    answer["ETag"] = row.tag
    answer["Cache-Control"] = "no-store"
    return answer
