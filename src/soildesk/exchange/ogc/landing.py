"""The way in: landing page, conformance, definition."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from soildesk.exchange import answers, asking
from soildesk.exchange.answers import HTML, JSON, OPENAPI_30, link, url_of
from soildesk.exchange.ogc import definition
from soildesk.exchange.ogc.collections import grounds
from soildesk.exchange.problems import for_programs

FEATURES = "http://www.opengis.net/spec/ogcapi-features"
CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf"
CONFORMANCE = [
    f"{FEATURES}-1/1.0/conf/core",
    f"{FEATURES}-1/1.0/conf/oas30",
    f"{FEATURES}-1/1.0/conf/html",
    f"{FEATURES}-1/1.0/conf/geojson",
    f"{FEATURES}-2/1.0/conf/crs",
    f"{FEATURES}-3/1.0/conf/queryables",
    f"{FEATURES}-3/1.0/conf/queryables-query-parameters",
    f"{FEATURES}-3/1.0/conf/filter",
    f"{FEATURES}-3/1.0/conf/features-filter",
    f"{CQL2}/cql2-text",
    f"{CQL2}/cql2-json",
    f"{CQL2}/basic-cql2",
    f"{CQL2}/advanced-comparison-operators",
    f"{CQL2}/basic-spatial-functions",
    f"{CQL2}/basic-spatial-functions-plus",
]
"""Only what test_ogc_conformance.py proves."""


@for_programs
def landing(request: HttpRequest) -> HttpResponse:
    """Where everything else is."""
    asking.only(request.GET, [answers.FORMAT])
    title = _("净土台空间数据服务")
    links = [
        *answers.self_links(request, JSON, title),
        link("service-desc", url_of(request, "ogc_api", f="json"), OPENAPI_30, _("接口定义（OpenAPI 3.0）")),
        link("service-doc", url_of(request, "ogc_api", f="html"), HTML, _("接口说明")),
        link("conformance", url_of(request, "ogc_conformance"), JSON, _("所符合的标准条款")),
        link("data", url_of(request, "ogc_collections"), JSON, _("数据集")),
    ]
    about = _("按 OGC API - Features 提供的图层与台账。未带令牌时只提供公开的数据集和字段。")
    told = {"title": title, "description": about, "attribution": _("以各数据集的编制单位为准"), "links": links}
    return answers.as_body(request, told, template="exchange/landing.html")


@for_programs
def conformance(request: HttpRequest) -> HttpResponse:
    """The conformance classes met."""
    asking.only(request.GET, [answers.FORMAT])
    told = {"conformsTo": CONFORMANCE, "links": answers.self_links(request, JSON, _("所符合的标准条款"))}
    return answers.as_body(request, told, template="exchange/conformance.html")


@for_programs
def api(request: HttpRequest) -> HttpResponse:
    """The definition of this service, as the asker may use it."""
    asking.only(request.GET, [answers.FORMAT])
    told: dict[str, Any] = definition.document(request, grounds(request, asking.day_of(request.GET)))
    if answers.wants_html(request):
        return answers.as_body(request, {"operations": list(_operations(told)), **told}, template="exchange/api.html")
    return answers.as_body(request, told, OPENAPI_30)


def _operations(told: dict[str, Any]) -> Any:
    for path, methods in told["paths"].items():
        yield {"path": path, **methods["get"]}
