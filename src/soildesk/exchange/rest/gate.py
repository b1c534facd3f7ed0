"""The gate for programs: a question put, the answers that are kept. The same as the page and the command ask and read."""

from __future__ import annotations

import hashlib
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Base64Bytes, BeforeValidator, ConfigDict, StrictBool
from pydantic_core import PydanticCustomError

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, require
from soildesk.decisions import answershown, grounds
from soildesk.decisions.grounds import Known
from soildesk.decisions.queries import kept
from soildesk.decisions.services.national import National
from soildesk.decisions.services.questions import NotAsked, Question, put
from soildesk.decisions.words import DISCLAIMER
from soildesk.exchange import answers, asking
from soildesk.exchange.problems import Problem
from soildesk.exchange.rest import rows

READ, KEPT = "decisions.read", "gate-queries"
ONCE, LONGEST_ONCE = "Idempotency-Key", 200


def _iso(told: Any) -> date:
    """A day as the definition says, and nothing that a reader of dates would make of a number."""
    try:
        return date.fromisoformat(told)
    except (TypeError, ValueError) as error:
        raise PydanticCustomError("date_iso", "no day") from error


Day = Annotated[date, BeforeValidator(_iso)]


class Shown(Schema):
    """A file: its name and its bytes in Base64."""

    model_config = ConfigDict(extra="forbid")

    name: str
    data: Base64Bytes


class Told(Schema):
    """What a person asked the national system and what it said."""

    model_config = ConfigDict(extra="forbid")

    on: Day
    person: str
    found: StrictBool
    stage: str = ""
    lists: list[str] = []
    restricted: StrictBool | None = None
    result: str
    file: Shown | None = None

    def national(self) -> National:
        """The same in the words of the room."""
        picture = (self.file.name, self.file.data) if self.file else None
        return National(
            self.on, self.person, self.found, self.result, picture, self.stage, tuple(self.lists), self.restricted
        )


class Put(Schema):
    """A question to the gate. `ground` is GeoJSON, in longitude and latitude unless `crs` names another system."""

    model_config = ConfigDict(extra="forbid")

    act: str
    use: str
    use_scheme: str = ""
    on: Day | None = None
    ground: dict[str, Any] | None = None
    crs: str = ""
    parcel: str = ""
    current_use: str = ""
    current_scheme: str = ""
    untouched: StrictBool = False
    plan_state: str = ""
    transfer: str = ""
    recalled_on: Day | None = None
    works_begun: StrictBool | None = None
    pollutes: StrictBool | None = None
    food: StrictBool | None = None
    related: StrictBool = False
    project: str = ""
    document: str = ""
    on_behalf_of: str = ""
    national: Told | None = None

    def question(self) -> Question:
        """The question in the words of the room."""
        said = self.dict(exclude={"ground", "crs", "parcel", "national", "on"})
        national = self.national.national() if self.national else None
        return Question(**said, on=self.on or clock.today(), national=national)


def ask(request: HttpRequest, body: Put) -> HttpResponse:
    """Put a question; the answer is kept and has an address. Only a token asks, as only a token writes."""
    asking.only(request.GET, [])
    actor = asking.actor_of(request)
    if actor is None or getattr(request, "token", None) is None:
        raise Problem(HTTPStatus.UNAUTHORIZED, "token", _("核查须带权限为“读写”的访问令牌（Authorization: Bearer）。"))
    question = body.question()
    try:
        made, new = put(
            question, lambda: _ground(body, actor, question.on), by=actor, at=clock.now(), request=_once(request)
        )  # fmt: skip
    except NotAsked as refusal:
        errors = [{"entry": entry, "sentence": sentence} for entry, sentence in refusal.faults]
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "values", str(refusal), errors=errors) from refusal
    answer = _answer(request, made, HTTPStatus.CREATED if new else HTTPStatus.OK)
    answer["Location"] = _url(request, str(made.uid))
    return answer


def _ground(body: Put, actor: Actor, on: date) -> Known:
    """The ground that was sent, or that of the code; one of both."""
    if (body.ground is None) == (not body.parcel.strip()):
        told = _("请给出范围（ground，GeoJSON）或宗地代码、地块编号（parcel），两者给一个。")
        raise NotAsked([("ground", told)])
    entry = "ground" if body.ground else "parcel"
    try:
        if not body.ground:
            return grounds.of_code(body.parcel, actor, on)
        heard: dict[str, None] = {}
        shape = grounds.of_geojson(body.ground, body.crs, heard.setdefault)
        return Known(shape, read_as="".join(heard))
    except Refusal as refusal:
        raise NotAsked([(entry, str(refusal))]) from refusal


def _once(request: HttpRequest) -> str:
    """What names a request that may be sent again: the key its sender gave it, and what it said."""
    key = request.headers.get(ONCE, "").strip()
    if not key:
        return ""
    if len(key) > LONGEST_ONCE:
        told = _("请求头 %(name)s 有 %(n)d 个字符，最多 %(most)d 个。") % {
            "name": ONCE,
            "n": len(key),
            "most": LONGEST_ONCE,
        }
        raise Problem(HTTPStatus.BAD_REQUEST, "header", told, header=ONCE)
    return hashlib.sha256(key.encode() + b"\0" + request.body).hexdigest()


def one(request: HttpRequest, key: str) -> HttpResponse:
    """One kept answer, by its key or its number."""
    asking.only(request.GET, [])
    actor = asking.actor_of(request)
    require(actor, READ)
    found = kept.query_named(actor, key)
    if found is None:
        told = _("没有编号为“%(key)s”的核查记录，或它不在您的范围内：请核对编号。")
        raise Problem(HTTPStatus.NOT_FOUND, "member", told % {"key": key[:80]})
    return answers.named(request, _answer(request, found, HTTPStatus.OK))


def listed(request: HttpRequest) -> HttpResponse:
    """The kept answers the asker may see, page by page, each with its address; asked as any collection."""
    require(asking.actor_of(request), READ)
    found = rows.page(request, KEPT)
    return answers.as_body(
        request, {**found, "rows": [{**row, "url": _url(request, row["key"])} for row in found["rows"]]}
    )


def _answer(request: HttpRequest, query: Any, status: int) -> HttpResponse:
    """The answer as the command gives it, with what was asked and where it stands."""
    told = {
        "read_as": query.facts.get("read_as", ""), **answershown.answer_told(query), "key": str(query.uid), "url": _url(request, str(query.uid)), "act": query.act,
        "use": query.use, "use_scheme": query.use_scheme, "on": query.on, "area_m2": round(query.area_m2, 2),
        "project": query.project, "parcel_code": query.parcel_code, "document": query.document,
        "on_behalf_of": query.on_behalf_of, "asked_at": timezone.localtime(query.asked_at).isoformat(), "rule_set": query.rule_set,
        "decides": answershown.decides(query), "note": str(DISCLAIMER),
    }  # fmt: skip
    answer = HttpResponse(answers.as_json(told), content_type=answers.JSON, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def _url(request: HttpRequest, key: str) -> str:
    return request.build_absolute_uri(reverse("exchange:rest:gate_check", args=[key]))
