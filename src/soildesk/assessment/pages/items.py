"""One item: what the records say with every row, what was said and confirmed, and the two forms."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.assessment import words
from soildesk.assessment.pages import forms as ask
from soildesk.assessment.pages.base import barred, crumbs, doing, found, told, typed
from soildesk.assessment.pages.shown import NOTHING, may_do
from soildesk.assessment.queries.facts import shown as value_shown
from soildesk.assessment.queries.standing import Standing
from soildesk.assessment.services import checking, selfassessing
from soildesk.assessment.services.selfassessing import Said
from soildesk.core import files
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.parts import File
from soildesk.land.pages.forms import posted
from soildesk.land.pages.parcels import asked
from soilrules.assessment import life
from soilrules.assessment.scheme import Item

ROWS = 1000


def _standing(request: HttpRequest, uid: UUID, item: str) -> Standing:
    standing = Standing(found(actor_of(request), uid))
    if item not in standing.rules:
        raise Http404(item)
    return standing


def unit_of(standing: Standing, item: str) -> Any:
    """What a value of the item is counted in."""
    rule = standing.rules[item]
    if isinstance(rule, Item) and not rule.faults:
        return _("百分之几（0 到 100）")
    return _("件数；没有的填 0")


@staff_page("assessment.read")
def item(request: HttpRequest, uid: UUID, name: str) -> HttpResponse:
    """Every row behind an item."""
    actor, standing = actor_of(request), _standing(request, uid, name)
    one, rule = standing.assessment, standing.rules[name]
    kept = standing.kept().get(name, NOTHING)
    score = standing.score()
    scored = next((each for each in score.items if each.item.id == name), None)
    result = standing.results.get(name)
    context = {
        "assessment": one,
        "rule": rule,
        "scored": scored,
        "is_item": isinstance(rule, Item),
        "chip": words.chip(words.SAID, str(scored.said)) if scored else None,
        "why": words.sentence(scored.message) if scored else "",
        "points": words.span(scored.low, scored.high) if scored else "",
        "value": value_shown(standing.facts()[name]) if name in standing.facts() else _("不知道"),
        "recorded": value_shown(standing.recorded()[name]) if name in standing.recorded() else "",
        "method": words.METHODS[str(rule.method)] if isinstance(rule, Item) else "",
        "figures": kept["figures"],
        "records": kept["why"],
        "struck": sum(was["good"] and not now["good"] for was, now in zip(one.facts.get(name, NOTHING)["rows"], kept["rows"], strict=True)),
        "rows": kept["rows"][:ROWS],
        "more": max(0, len(kept["rows"]) - ROWS),
        "all": len(kept["rows"]),
        "good": sum(each["good"] for each in kept["rows"]),
        "result": result,
        "files": [
            File(use.name, reverse("core:file", args=[use.uid]), use.attachment.size, _("佐证材料"), use.added_at, use.added_by.name if use.added_by else "")
            for use in (files.uses_of(result) if result else ())
        ],
        "fill": reverse("assessment:fill", args=[uid, name]) if may_do(one, life.Act.FILL, actor) else "",
        "confirm": reverse("assessment:confirm", args=[uid, name]) if may_do(one, life.Act.CONFIRM, actor) else "",
        "what_if": f"{reverse('assessment:what_if', args=[uid])}#item-{name}",
        "title": f"{rule.title}：{one.place.name} {one.year}",
        "crumbs": crumbs(one, (rule.title, "")),
    }  # fmt: skip
    return render(request, "assessment/item.html", context)


@staff_page("assessment.read")
@told
def fill(request: HttpRequest, uid: UUID, name: str) -> HttpResponse:
    """What the assessed say of an item."""
    actor, standing = actor_of(request), _standing(request, uid, name)
    one, row = standing.assessment, standing.results[name]
    if stop := barred(request, one, life.Act.FILL, actor):
        return stop

    def write(told_: dict[str, Any]) -> str:
        said = Said(told_["value"], told_["not_applicable"])
        selfassessing.fill(one, name, said, doing(actor, told_["why"], told_["files"]))
        return _("已保存。")

    first = {"value": typed(row.self_value), "not_applicable": row.self_na, "why": row.self_remark}
    form = posted(ask.SaidForm, request, first)
    form.fields["value"].help_text = unit_of(standing, name)
    recorded = standing.recorded().get(name)
    note = (
        _("核算数：%(value)s。有不同意见的写出数和理由，附材料；由考核方核定后才改变得分。") % {"value": value_shown(recorded)}
        if recorded is not None
        else _("没有台账能核算这一项：填数要附佐证材料。不知道的留空，按不知道处理。")
    )  # fmt: skip
    context = {
        "title": _("填写自评：%(title)s") % {"title": standing.rules[name].title},
        "note": note,
        "crumbs": crumbs(one, (standing.rules[name].title, reverse("assessment:item", args=[uid, name])), (_("填写自评"), "")),
        "save": _("保存"),
    }  # fmt: skip
    return asked(request, form, context, write, _back(one, name))


@staff_page("assessment.read")
@told
def confirm(request: HttpRequest, uid: UUID, name: str) -> HttpResponse:
    """The value that counts in the end."""
    actor, standing = actor_of(request), _standing(request, uid, name)
    one, row = standing.assessment, standing.results[name]
    if stop := barred(request, one, life.Act.CONFIRM, actor):
        return stop

    def write(told_: dict[str, Any]) -> str:
        checking.confirm(one, name, Said(told_["value"], told_["not_applicable"]), doing(actor, told_["why"]))
        return _("已核定。")

    value = row.checked_value if row.checked_at else row.self_value
    first = {
        "value": typed(value),
        "not_applicable": row.checked_na or (row.self_na and not row.checked_at),
        "why": row.checked_why,
    }
    form = posted(ask.ConfirmForm, request, first)
    form.fields["value"].help_text = unit_of(standing, name)
    context = {
        "title": _("核定：%(title)s") % {"title": standing.rules[name].title},
        "note": _("核定值代替核算数和自评值。值留空即撤回核定，仍以核算数为准。"),
        "crumbs": crumbs(one, (standing.rules[name].title, reverse("assessment:item", args=[uid, name])), (_("核定"), "")),
        "save": _("核定"),
    }  # fmt: skip
    return asked(request, form, context, write, _back(one, name))


def _back(one: Any, name: str) -> str:
    return f"{reverse('kit:record', args=['assessments', str(one.uid)])}#item-{name}"
