"""Two runs of a site side by side: what was changed, and what that did."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from soildesk.kit.access import actor_of, staff_page
from soildesk.standards import riskwords
from soildesk.standards.models import RiskRun
from soildesk.standards.pages.finding import run_or_404, site_or_404
from soildesk.standards.refusals import language
from soildesk.standards.riskview import RunView
from soildesk.standards.riskwords import figure, plain

SIDES = 2


@require_GET
@staff_page("standards.read")
def compare(request: HttpRequest, uid: UUID) -> HttpResponse:
    """`?run=UID&run=UID`: the older on the left."""
    actor = actor_of(request)
    site = site_or_404(actor, uid)
    asked = [one for one in request.GET.getlist("run") if _is_uid(one)]
    if len(asked) != SIDES:
        messages.error(request, _("请勾选两次评估再比较，现在勾选了 %(n)d 次。") % {"n": len(asked)})
        return redirect("standards:risk_site", uid=site.uid)
    runs = sorted((run_or_404(actor, UUID(one)) for one in asked), key=lambda run: run.number)
    if any(run.site_id != site.pk for run in runs):
        raise Http404(str(uid))
    left, right = (RunView(run) for run in runs)
    context = {
        "site": site,
        "runs": runs,
        "views": (left, right),
        "pathways": list(_pathways(left, right)),
        "parameters": list(_parameters(left, right)),
        "concentrations": list(_concentrations(*runs)),
        "results": list(_results(left, right)),
        "crumbs": [
            (_("风险评估"), reverse("standards:risk_sites")),
            (site.name, reverse("standards:risk_site", args=[site.uid])),
            (_("比较"), ""),
        ],
    }
    return render(request, "standards/risk/compare.html", context)


def _is_uid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _pathways(left: RunView, right: RunView) -> Iterator[dict[str, Any]]:
    """The pathways one of the two leaves out, or both for another reason."""
    sides = [dict(view.excluded) for view in (left, right)]
    for words in riskwords.PATHWAYS.values():
        name = words[language()]
        reasons = [side.get(name) for side in sides]
        if reasons[0] != reasons[1]:
            shown = [_("计算") if because is None else _("排除") for because in reasons]
            yield {"name": name, "sides": shown, "reasons": [because for because in reasons if because]}


def _parameters(left: RunView, right: RunView) -> Iterator[dict[str, Any]]:
    """The parameters in which the two differ."""
    for key in dict.fromkeys([*left.parameters, *right.parameters]):
        sides = [view.parameters.get(key) for view in (left, right)]
        used = [one["used"] if one else None for one in sides]
        if used[0] != used[1]:
            named = sides[1] or sides[0] or {}
            reasons = [one["because"] if one else "" for one in sides]
            yield {
                "name": named["name"][language()],
                "unit": named["unit"],
                "sides": [figure(each) for each in used],
                "reasons": reasons,
            }


def _concentrations(left: RiskRun, right: RiskRun) -> Iterator[dict[str, Any]]:
    """The concentrations in which the two differ."""
    given = [{one["slug"]: one for one in run.input["substances"]} for run in (left, right)]
    for slug in dict.fromkeys([*given[0], *given[1]]):
        for medium, words in riskwords.MEDIA.items():
            sides = [side.get(slug, {}).get(medium) for side in given]
            if sides[0] != sides[1]:
                run = right if slug in given[1] else left
                name = (run.result_en if language() == "en" else run.result)["substances"][slug]["name"]
                unit = riskwords.UNITS[medium]
                yield {"name": f"{name} {words[language()]}", "unit": unit, "sides": [plain(each) for each in sides]}


def _results(left: RunView, right: RunView) -> Iterator[dict[str, Any]]:
    """Totals and control value of every substance in either run."""
    sides = [{one.slug: one for one in view.substances} for view in (left, right)]
    for slug in dict.fromkeys([*sides[1], *sides[0]]):
        found = [side.get(slug) for side in sides]
        named = found[1] or found[0]
        if named is not None:
            rows = [
                (title, [figure(_pick(one.row, path)) if one else riskwords.NOTHING for one in found])
                for title, path in _quantities()
            ]
            yield {"name": named.name, "rows": rows, "chips": [one.chip if one else None for one in found]}


def _quantities() -> list[tuple[str, tuple[str, ...]]]:
    return [
        (_("致癌风险，土壤"), ("totals", "soil", "risk")),
        (_("危害商，土壤"), ("totals", "soil", "hq")),
        (_("致癌风险，地下水"), ("totals", "groundwater", "risk")),
        (_("危害商，地下水"), ("totals", "groundwater", "hq")),
        (_("土壤风险控制值 mg/kg"), ("control",)),
    ]


def _pick(row: Any, path: tuple[str, ...]) -> float | None:
    for step in path:
        row = row[step]
    return row if row is None else float(row)
