"""The form of an assessment: land, source, substances, changed parameters with their reasons. A draft is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import require
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.parts import Chip
from soildesk.standards import riskform, riskview, riskwords
from soildesk.standards.models import RiskSite
from soildesk.standards.pages.finding import site_or_404
from soildesk.standards.queries import risk as queries
from soildesk.standards.refusals import CaseRefused, language
from soildesk.standards.riskwords import plain
from soildesk.standards.services import risk as services
from soilrules.risk.parameters import LAND_CLASSES, Parameter

REFUSED = 422
Errors = dict[str, str]


@require_http_methods(["GET", "POST"])
@staff_page("standards.assess_risk")
def assess(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Fill in and compute; 保存草稿 keeps the form without computing."""
    actor = actor_of(request)
    site = site_or_404(actor, uid)
    require(actor, services.PERMISSION, site)
    if request.method == "GET":
        return _page(request, site, _begun(site, request), {})
    content = riskform.read_content(request.POST)
    services.keep_draft(site, content, by=actor, at=clock.now())
    if request.POST.get("act") == "draft" and request.headers.get("HX-Request"):
        return render(request, "standards/risk/draft_saved.html", {"at": clock.now()})
    if request.POST.get("act") == "draft":
        messages.success(request, _("草稿已保存，只有您自己看得到。"))
        return redirect("standards:risk_assess", uid=site.uid)
    found = riskform.understood(content)
    if found.errors:
        return _page(request, site, content, found.errors)
    try:
        run = services.compute(site, found.case, content["remark"], by=actor, at=clock.now())
    except CaseRefused as refusal:
        return _page(request, site, content, {riskform.place_of(refusal.place): str(refusal)})
    except Refusal as refusal:
        return _page(request, site, content, {"": str(refusal)})
    messages.success(request, _("第 %(n)d 次评估已完成并保存。") % {"n": run.number})
    return redirect("standards:risk_run", uid=run.uid)


@require_POST
@staff_page("standards.assess_risk")
def drop_draft(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Throw the own draft away."""
    actor = actor_of(request)
    site = site_or_404(actor, uid)
    services.drop_draft(site, by=actor)
    messages.success(request, _("草稿已删除。"))
    return redirect("standards:risk_site", uid=site.uid)


def _begun(site: RiskSite, request: HttpRequest) -> riskform.Content:
    """The own draft, else the last run, else an empty form."""
    actor = actor_of(request)
    if draft := queries.draft_of(site, actor):
        return dict(draft.content)
    runs = queries.runs_of(site, actor)
    return riskform.content_of(runs[0].input) if runs else riskform.empty_content()


def _page(request: HttpRequest, site: RiskSite, content: riskform.Content, errors: Errors) -> HttpResponse:
    blank = {name: "" for name in ("name", *riskform.MEASURED)}
    rows = [*content["rows"], *[blank] * riskform.BLANK_ROWS]
    title = _("填写并评估")
    context = {
        "site": site,
        "title": title,
        "content": content,
        "classes": _classes(),
        "rows": [_row(i, row, errors) for i, row in enumerate(rows)],
        "columns": _columns(),
        "names": riskform.offered_names(),
        "pathways": _pathways(content, errors),
        "groups": _groups(content, errors),
        "errors": errors,
        "refused": errors.get("", "") or errors.get("rows", "") or (_("请改正标出的内容后再计算。") if errors else ""),
        "draft": queries.draft_of(site, actor_of(request)) if request.method == "GET" else None,
        "crumbs": [
            (_("风险评估"), reverse("standards:risk_sites")),
            (site.name, reverse("standards:risk_site", args=[site.uid])),
            (title, ""),
        ],
    }
    return render(request, "standards/risk/entry.html", context, status=REFUSED if errors else 200)


def _classes() -> list[tuple[str, str, str]]:
    """(value, name, what it is for)."""
    return [
        ("1", _("第一类用地"), _("居住、中小学、医疗卫生、社会福利、社区公园等；用途不明确也按此类。成人和儿童。")),
        ("2", _("第二类用地"), _("工业、物流仓储、商业服务、道路交通、其他公园绿地等。成人。")),
    ]


def _columns() -> list[tuple[str, str]]:
    """(title, unit) of the table of substances."""
    return [
        (_("表层土壤"), "mg/kg"),
        (_("下层土壤"), "mg/kg"),
        (_("地下水"), "mg/L"),
        (_("地下水保护目标"), "mg/L"),
    ]


def _row(i: int, row: Mapping[str, str], errors: Errors) -> dict[str, Any]:
    cells = [
        {"name": name, "value": row.get(name, ""), "error": errors.get(f"rows.{i}.{name}", "")}
        for name in ("name", *riskform.MEASURED)
    ]
    return {"number": i + 1, "cells": cells, "errors": [one["error"] for one in cells if one["error"]]}


def _pathways(content: riskform.Content, errors: Errors) -> list[dict[str, Any]]:
    """The nine pathways: ticked, or with the reason why they do not exist at the site."""
    excluded = content.get("excluded", {})
    return [
        {
            "number": number,
            "name": name,
            "title": words[language()],
            "ticked": name not in excluded,
            "because": excluded.get(name, ""),
            "error": errors.get(f"excluded.{name}", ""),
        }
        for number, (name, words) in enumerate(riskwords.PATHWAYS.items(), start=1)
    ]


def _groups(content: riskform.Content, errors: Errors) -> list[dict[str, Any]]:
    """The parameters by group; a group in which something was changed or is wrong stands open, the first always."""
    found: dict[str, list[dict[str, Any]]] = {}
    for parameter in riskform.chosen_parameters().values():
        found.setdefault(parameter.group, []).append(_parameter(parameter, content, errors))
    groups = []
    for at, (group, lines) in enumerate(found.items()):
        changed = sum(bool(line["value"] or line["error"]) for line in lines)
        groups.append(
            {"title": riskview.group_name(group), "lines": lines, "changed": changed, "open": changed or not at}
        )
    return groups


def _parameter(one: Parameter, content: riskform.Content, errors: Errors) -> dict[str, Any]:
    given = content["parameters"].get(one.key, {})
    return {
        "key": one.key,
        "symbol": one.symbol,
        "name": one.name[language()],
        "unit": one.unit,
        "defaults": [(n, _default(one, n)) for n in LAND_CLASSES],
        "only_class1": bool(one.defaults) and 2 not in one.defaults,
        "value": given.get("value", ""),
        "because": given.get("because", ""),
        "error": errors.get(f"parameters.{one.key}", ""),
        "range": str(one.range),
        "source": one.source,
        "mark": _mark(one),
    }


def _default(one: Parameter, land_class: int) -> str:
    if one.derived:
        return _("推导")
    return plain(one.defaults.get(land_class))


def _mark(one: Parameter) -> Chip | None:
    return riskview.mark_chip(str(one.mark)) if str(one.mark) == "from-knowledge" else None
