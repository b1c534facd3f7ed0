"""Pages of the gate: a question put, and what is added to its answer."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, require
from soildesk.decisions import grounds
from soildesk.decisions.grounds import Known
from soildesk.decisions.models import GateQuery
from soildesk.decisions.pages.forms import ALSO, WHERE, AgainForm, AskForm, ProvinceForm, WrittenForm, use_codes
from soildesk.decisions.queries import kept
from soildesk.decisions.queries.facts import Asked
from soildesk.decisions.refusals import GateRefused
from soildesk.decisions.services import after, gate
from soildesk.decisions.services.gate import Said
from soildesk.decisions.words import DECISIONS
from soildesk.kit import assets
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.refused import stopped
from soildesk.land.pages.forms import posted
from soildesk.land.pages.parcels import asked as act_page
from soildesk.land.services.writing import place_at
from soilrules.gate.kinds import PlanState, Transfer


def query_url(query: GateQuery) -> str:
    """The record page of a question."""
    return reverse("kit:record", args=["gate-queries", str(query.uid)])


def query_or_404(actor: Actor, uid: UUID) -> GateQuery:
    """The question of an address."""
    found = kept.query_called(actor, uid)
    if found is None:
        raise Http404(str(uid))
    return found


def crumbs(query: GateQuery, title: str) -> list[tuple[str, str]]:
    """The way to an act on an answer."""
    listed = reverse("kit:collection", args=["gate-queries"])
    return [(_("核查记录"), listed), (query.number, query_url(query)), (title, "")]


@staff_page("decisions.read")
def ask(request: HttpRequest) -> HttpResponse:
    """A question put to the gate; its answer is kept and shown."""
    actor = actor_of(request)
    require(actor, gate.ASK)
    initial = {"on": clock.today(), **{key: request.GET[key] for key in ("code", "act", "use") if key in request.GET}}
    form = posted(AskForm, request, initial)
    context: dict[str, Any] = {
        "form": form,
        "main": [box for box in form if box.name not in (*ALSO, *WHERE)],
        "also": [form[name] for name in ALSO],
        "also_open": any(form[name].value() for name in ALSO),
        "codes": use_codes(),
        "draw_map": assets.module("maps/draw-map.mjs"),
        "crumbs": [(_("准入核查"), "")],
    }
    if request.method == "POST" and form.is_valid():
        try:
            made = _asked(form, actor)
        except Refusal as refusal:
            context["refused"] = str(refusal)
        else:
            messages.success(request, _("已核查：%(word)s（%(number)s）。") % {"word": DECISIONS[made.decision], "number": made.number})  # fmt: skip
            return HttpResponseRedirect(query_url(made))
    return render(request, "decisions/ask.html", context, status=422 if request.method == "POST" else 200)


def _asked(form: AskForm, actor: Actor) -> GateQuery:
    said = form.cleaned_data
    known = _ground(form, actor)
    more = form.asked()
    more["plan_state"] = PlanState(more["plan_state"]) if more["plan_state"] else None
    more["transfer"] = Transfer(more["transfer"]) if more["transfer"] else None
    question = Asked(
        known.shape, said["act"], said["use"].strip(), said["on"], scheme=said["use_scheme"],
        current_use=said["current_use"].strip() or None, **more,
    )  # fmt: skip
    beside = Said(
        said["project"].strip() or known.name, said["code"], said["document"], said["on_behalf_of"], read_as=known.read_as
    )  # fmt: skip
    return gate.ask(question, place_at(known.division_path, actor), beside, by=actor, at=clock.now())


def _ground(form: AskForm, actor: Actor) -> Known:
    """The ground of the code, or that which was drawn, pasted or uploaded: one of them."""
    said = form.cleaned_data
    upload = said.get("file")
    given = [bool(said["code"].strip()), bool(said["ground"].strip()), bool(upload)]
    if sum(given) > 1:
        raise GateRefused(
            _("范围给了不止一种：宗地代码或地块编号、图上画出或粘贴的坐标、上传的文件，只留一种，其余清空。"),
            code="decisions.gate.two_grounds",
        )
    if said["code"].strip():
        return grounds.of_code(said["code"], actor, said["on"])
    if upload:
        read_as: list[str] = []
        with tempfile.TemporaryDirectory() as folder:
            shape = grounds.of_upload(upload, Path(folder), said["crs"], layer=said["layer"], tell=read_as.append)
        return Known(shape, read_as="".join(read_as))
    if said["ground"].strip():
        told: list[str] = []
        return Known(grounds.of_text(said["ground"], said["crs"], told.append), read_as="".join(told))
    raise GateRefused(
        _("没有范围：请填写宗地代码或地块编号，或在图上画出、粘贴坐标、上传文件。"), code="decisions.gate.no_ground"
    )


@staff_page("decisions.read")
def again(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The same asked anew, with the reason."""
    actor = actor_of(request)
    query = query_or_404(actor, uid)
    require(actor, gate.ASK, query)
    context = {
        "title": _("重新核查 %(number)s") % {"number": query.number},
        "note": _("结论不能改，只能重新核查：原核查保留，新核查写明理由，按现在登记的内容重新得出结论。"),
        "crumbs": crumbs(query, _("重新核查")),
        "save": _("重新核查"),
    }

    def write(said: dict[str, Any]) -> str:
        changes = {"untouched": True} if said["untouched"] else {}
        made = after.again(query, said["why"], by=actor, at=clock.now(), on=said["on"], changes=changes)
        context["done"] = query_url(made)
        return _answered(made)

    initial = {"on": after.day_again(query, actor), "untouched": bool(query.facts.get("untouched"))}
    return _page(request, posted(AgainForm, request, initial), context, write, query_url(query))


@staff_page("decisions.read")
def province(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What the national system said."""
    actor = actor_of(request)
    query = query_or_404(actor, uid)
    require(actor, after.PROVINCE, query)
    context = {
        "title": _("登记全国系统查询结果 %(number)s") % {"number": query.number},
        "note": _("由有账户的人在全国建设用地土壤环境管理信息系统查询后登记；登记后按新的材料重新核查。"),
        "crumbs": crumbs(query, _("登记全国系统查询结果")),
        "save": _("登记并重新核查"),
    }

    person = actor.person.name if actor.person else ""
    form = posted(ProvinceForm, request, {"asked_on": clock.today(), "person": person})

    def write(_said: dict[str, Any]) -> str:
        made = after.province(query, form.said(), by=actor, at=clock.now())
        context["done"] = query_url(made)
        return _answered(made)

    return _page(request, form, context, write, query_url(query))


@staff_page("decisions.read")
def ground(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A written ground for what is held only in principle."""
    actor = actor_of(request)
    query = query_or_404(actor, uid)
    require(actor, after.GROUND, query)
    checks = [(one["id"], one["title"]["zh"]) for one in after.in_principle(query)]
    if answer := stopped(request, partial(after.need_in_principle, query), query_url(query), _("回到这次核查")):
        return answer
    context = {
        "title": _("登记书面理由 %(number)s") % {"number": query.number},
        "note": _("只有“原则上、不宜”的条件可以凭具名人员的书面理由通过；法定禁止没有例外。登记后重新核查。"),
        "crumbs": crumbs(query, _("登记书面理由")),
        "save": _("登记并重新核查"),
    }

    def write(said: dict[str, Any]) -> str:
        upload = said.pop("file", None)
        made = after.ground(query, said, (upload.name, upload.read()) if upload else None, by=actor, at=clock.now())
        context["done"] = query_url(made)
        return _answered(made)

    given = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    form = WrittenForm(checks=checks, initial={"on": clock.today()}, **given)
    return _page(request, form, context, write, query_url(query))


def _answered(made: GateQuery) -> str:
    return _("已重新核查：%(word)s（%(number)s）。") % {"word": DECISIONS[made.decision], "number": made.number}


def _page(request: HttpRequest, form: Any, context: dict[str, Any], write: Any, back: str) -> HttpResponse:
    """A form with its act; where the act names a new page, it is led there."""
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, write(form.cleaned_data))
            return HttpResponseRedirect(context.pop("done", back))
        except Refusal as refusal:
            context["refused"] = str(refusal)
        status = {"form": form, "back": back, **context}
        return render(request, "land/act.html", status, status=422)
    return act_page(request, form, context, write, back)
