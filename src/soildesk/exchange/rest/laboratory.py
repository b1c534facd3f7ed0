"""For laboratories: a file of results checked without being kept, sent to a campaign by its number, and what became of it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import File, Form, Schema
from ninja.files import UploadedFile

from soildesk.core import clock, files
from soildesk.core.permissions import Actor, may, require
from soildesk.exchange import answers
from soildesk.exchange.problems import Problem
from soildesk.exchange.rest.definition import answer_told, refusals_told
from soildesk.monitoring.services import checking, sending
from soildesk.monitoring.services.intake import Sent

CHECK, SEND = "monitoring.check_file", "monitoring.send_results"


class Said(Schema):
    """What is said beside a file. `no_secrets`: nothing in it is marked a state secret."""

    campaign: str
    no_secrets: bool = False
    laboratory: str = ""
    cma: str = ""
    report_number: str = ""
    reported_on: date | None = None


def check(request: HttpRequest, file: File[UploadedFile]) -> HttpResponse:
    """What is wrong with a file; nothing is kept."""
    actor = _program(request, CHECK)
    with _laid_down(file) as (path, name):
        told = checking.check(path, name, by=actor, on=clock.today())
    findings = [{**one, "message": one["zh"]} for one in told["findings"]]
    keys = ("row", "column", "rule", "severity", "message", "en")
    said = {
        "rows": told["rows"], "samples": told["samples"], "errors": told["errors"], "warnings": told["warnings"],
        "findings": [{key: one[key] for key in keys} for one in findings],
    }  # fmt: skip
    return _answer(said, HTTPStatus.OK)


def send(
    request: HttpRequest, said: Form[Said], file: File[UploadedFile], report: File[UploadedFile] | None = None
) -> HttpResponse:
    """Send a file for a campaign: read at once where it is small, else by a job."""
    actor = _program(request, SEND)
    with _laid_down(file) as (path, name):
        bound = (files.clean_name(report.name or "report.pdf"), report.read()) if report else None
        sent = Sent(
            path, name, no_secrets=said.no_secrets, laboratory=said.laboratory, cma=said.cma,
            report_number=said.report_number, reported_on=said.reported_on, report=bound,
        )  # fmt: skip
        batch, job = sending.send(said.campaign, sent, by=actor)
    return _answer(sending.told(batch, actor), HTTPStatus.ACCEPTED if job else HTTPStatus.CREATED)


def sent_one(request: HttpRequest, receipt: str) -> HttpResponse:
    """What became of a file one sent oneself."""
    actor = _program(request, SEND)
    found = sending.sent_before(receipt, by=actor)
    if found is None:
        told = _("您没有报送过回执号为“%(receipt)s”的文件。") % {"receipt": receipt[:40]}
        raise Problem(HTTPStatus.NOT_FOUND, "receipt", told)
    return _answer(sending.told(found, actor), HTTPStatus.OK)


def _program(request: HttpRequest, permission: str) -> Actor:
    """Who asks, by a token: a browser's session would let any page of the web send files."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or getattr(request, "token", None) is None:
        raise Problem(HTTPStatus.UNAUTHORIZED, "token", _("须带访问令牌（Authorization: Bearer）。"))
    require(actor, permission)
    return actor


@contextmanager
def _laid_down(file: UploadedFile) -> Iterator[tuple[Path, str]]:
    """The uploaded file in a folder of its own, and its name."""
    with tempfile.TemporaryDirectory(prefix="rest") as folder:
        path = Path(folder) / "upload"
        with path.open("wb") as out:
            for chunk in file.chunks():
                out.write(chunk)
        yield path, files.clean_name(file.name or "results.csv")


def _answer(told: dict[str, Any], status: int) -> HttpResponse:
    answer = HttpResponse(answers.as_json(told), content_type=answers.JSON, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def paths(actor: Actor | None) -> dict[str, Any]:
    """These addresses as OpenAPI, for who may use them."""
    found: dict[str, Any] = {}
    if may(actor, CHECK):
        found["/results/check"] = {
            "post": _posts("results.check", _("检查检测数据文件（不保存）"), {}, "200", _checked())
        }
    if may(actor, SEND):
        said = {
            "campaign": {"type": "string"}, "no_secrets": {"type": "boolean", "description": _("确认不含涉密内容")},
            "laboratory": {"type": "string"}, "cma": {"type": "string"}, "report_number": {"type": "string"},
            "reported_on": {"type": "string", "format": "date"}, "report": {"type": "string", "format": "binary"},
        }  # fmt: skip
        told = {
            **_checked(),
            "batch": {"type": "string"},
            "state": {"type": "string"},
            "returned_reason": {"type": "string"},
        }
        found["/results/send"] = {"post": _posts("results.send", _("报送检测数据文件"), said, "201", told)}
        found["/results/sent/{receipt}"] = {
            "get": {
                "operationId": "results.sent", "summary": _("自己报送的文件"), "security": [{"token": []}],
                "parameters": [{"name": "receipt", "in": "path", "required": True, "schema": {"type": "string"}}],
                "responses": {"200": answer_told(_("自己报送的文件"), {"type": "object", "properties": told}), **refusals_told()},
            }
        }  # fmt: skip
    return found


def _checked() -> dict[str, Any]:
    whole = {"type": "integer"}
    finding = {name: {"type": "string"} for name in ("column", "rule", "severity", "message", "en")}
    listed = {"type": "array", "items": {"type": "object", "properties": {"row": whole, **finding}}}
    return {"rows": whole, "samples": whole, "errors": whole, "warnings": whole, "findings": listed}


def _posts(name: str, words: str, said: dict[str, Any], status: str, told: dict[str, Any]) -> dict[str, Any]:
    required = ["file", *(key for key in ("campaign", "no_secrets") if key in said)]
    body = {
        "type": "object",
        "required": required,
        "properties": {"file": {"type": "string", "format": "binary"}, **said},
    }
    return {
        "operationId": name, "summary": words, "security": [{"token": []}],
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": body}}},
        "responses": {
            status: answer_told(words, {"type": "object", "properties": told}),
            **refusals_told(("422", _("文件不能读入，没有保存任何内容"))),
        },
    }  # fmt: skip
