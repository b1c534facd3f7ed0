"""Answers: the form a client wants, a name for its content (ETag), links that work from anywhere."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from soildesk.exchange.features import as_json
from soildesk.exchange.problems import wrong_parameter

JSON, GEOJSON, HTML = "application/json", "application/geo+json", "text/html"
OPENAPI_30 = "application/vnd.oai.openapi+json;version=3.0"
SCHEMA = "application/schema+json"
FORMAT = "f"
Link = dict[str, str]


def wants_html(request: HttpRequest) -> bool:
    """Whether a person asks: `f=html`, or a browser that prefers it."""
    asked = request.GET.get(FORMAT)
    if asked is not None:
        if asked not in {"json", "html"}:
            raise wrong_parameter(FORMAT, asked, _("应为 json 或 html。"))
        return asked == "html"
    return request.get_preferred_type([JSON, GEOJSON, OPENAPI_30, SCHEMA, HTML]) == HTML


def url_of(request: HttpRequest, name: str, *args: str, **query: str | None) -> str:
    """The whole address of one of our resources."""
    asked = {key: value for key, value in query.items() if value is not None}
    address = reverse(f"exchange:{name}", args=args)
    return request.build_absolute_uri(address + (f"?{urlencode(asked)}" if asked else ""))


def link(rel: str, href: str, kind: str, title: Any) -> Link:
    """One link."""
    return {"rel": rel, "type": kind, "title": str(title), "href": href}


def self_links(request: HttpRequest, kind: str, title: Any) -> list[Link]:
    """This resource, and the same in the other form."""
    html = wants_html(request)

    def address(form: str) -> str:
        params = request.GET.copy()
        params[FORMAT] = form
        return request.build_absolute_uri(f"{request.path}?{params.urlencode()}")

    here, other = (HTML, kind) if html else (kind, HTML)
    forms = {HTML: "html", kind: "json"}
    return [link("self", address(forms[here]), here, title), link("alternate", address(forms[other]), other, title)]


def as_body(request: HttpRequest, value: Any, kind: str = JSON, template: str = "") -> HttpResponse:
    """A value as JSON, or as the page of `template` where a person asks."""
    if template and wants_html(request):
        return named(request, render(request, template, {"told": value, **value}))
    return named(request, HttpResponse(as_json(value), content_type=kind))


def tag_of(content: bytes) -> str:
    """The name of some content: another content, another name."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def named(request: HttpRequest, answer: HttpResponse, content: bytes | None = None) -> HttpResponse:
    """The answer with its ETag, or 304 where the client has it; `content` is what names it, without the time of day."""
    answer["ETag"] = tag_of((answer.content if content is None else content) + answer["Content-Type"].encode())
    answer["Content-Language"] = get_language() or "zh-hans"
    answer["Cache-Control"] = "private, no-cache" if getattr(request, "actor", None) else "no-cache"
    patch_vary_headers(answer, ["Accept", "Accept-Language", "Authorization", "Cookie"])
    found: HttpResponse = get_conditional_response(request, etag=answer["ETag"], response=answer)
    return found
