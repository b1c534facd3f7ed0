"""One run: the drawn site model, risk by pathway and substance, control values, uncertainty, and what it rests on."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from soildesk.core import clock, jobs
from soildesk.core.errors import Refusal
from soildesk.core.permissions import require
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.downloads import download
from soildesk.kit.parts import Act, Chip, Fact, Tab
from soildesk.standards import riskwords
from soildesk.standards.exports.risk_report import RiskReport
from soildesk.standards.exports.risk_word import risk_docx
from soildesk.standards.models import RiskRun
from soildesk.standards.pages.finding import run_or_404, stopped
from soildesk.standards.queries import risk as queries
from soildesk.standards.refusals import language
from soildesk.standards.riskdistributions import choosable, kinds, posted_rows, read_distributions
from soildesk.standards.risktornado import UncertaintyView
from soildesk.standards.riskview import RunView, SubstanceView, outcome_chip
from soildesk.standards.services import risk as services
from soildesk.standards.services.riskdraws import Sampled, check_draws

USUAL_DRAWS = 10_000
MOST_DIGITS = 9
REFUSED = 422


@require_GET
@staff_page("standards.read")
def show_run(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A run whole; ?substance= and ?effect= choose what is drawn."""
    return _page(request, run_or_404(actor_of(request), uid))


def _page(request: HttpRequest, run: RiskRun, *, refused: str = "") -> HttpResponse:
    """The page of a run; with `refused`, the form of the draws as it was posted and why it is not taken."""
    view, site = RunView(run), run.site
    drawn = view.drawn(request.GET.get("substance", ""))
    asked = request.GET.get("effect", "")
    effect = asked if asked in riskwords.EFFECTS else _graver(view, drawn)
    context = {
        "run": run,
        "site": site,
        "view": view,
        "effect": effect,
        "drawn": drawn,
        "drawing": view.drawing(drawn, effect).render() if drawn else "",
        "lanes": drawn.lanes(effect) if drawn else (),
        "substance_tabs": _substance_tabs(run, view, drawn, effect),
        "effect_tabs": _effect_tabs(run, drawn, effect),
        "pathways": [(i, words[language()]) for i, words in enumerate(riskwords.SHORT.values(), start=1)],
        "rows": [(one, one.cells(effect), one.totals(effect)) for one in view.assessed],
        "control_heads": [words[language()] for words in riskwords.CONTROLS.values()],
        "chip": outcome_chip(run.outcome),
        "facts": _facts(run, view),
        "acts": _acts(run, view),
        "draw_refused": refused,
        **_uncertainty(request, run, view),
        "crumbs": [
            (_("风险评估"), reverse("standards:risk_sites")),
            (site.name, reverse("standards:risk_site", args=[site.uid])),
            (_("第 %(n)d 次评估") % {"n": run.number}, ""),
        ],
    }
    return render(request, "standards/risk/run.html", context, status=REFUSED if refused else 200)


def _uncertainty(request: HttpRequest, run: RiskRun, view: RunView) -> dict[str, Any]:
    """What the part about uncertainty shows: the job under way, what was drawn, the form for more."""
    actor = actor_of(request)
    return {
        "job": queries.draws_under_way(run, actor),
        "uncertainties": [UncertaintyView(one, view) for one in queries.uncertainties_of(run, actor)],
        "draw_rows": posted_rows(request.POST),
        "choosable": choosable(run),
        "kinds": kinds(),
        "draws": request.POST.get("draws", USUAL_DRAWS),
        "seed": request.POST.get("seed", 1),
        "sampler": request.POST.get("sampler", ""),
        "draw_stopped": stopped(actor, services.PERMISSION, run),
    }


def _graver(view: RunView, one: SubstanceView | None) -> str:
    """The effect whose total is further above the acceptable level."""
    if one is None:
        return "risk"
    return max(riskwords.EFFECTS, key=lambda effect: (one.row[effect]["total"] or 0.0) / view.acceptable[effect])


def _url(run: RiskRun, substance: str, effect: str) -> str:
    query = urlencode({"substance": substance, "effect": effect})
    return f"{reverse('standards:risk_run', args=[run.uid])}?{query}#model"


def _substance_tabs(run: RiskRun, view: RunView, drawn: SubstanceView | None, effect: str) -> list[tuple[Tab, Chip]]:
    return [(Tab(one.name, _url(run, one.slug, effect), here=one is drawn), one.chip) for one in view.assessed]


def _effect_tabs(run: RiskRun, drawn: SubstanceView | None, effect: str) -> list[Tab]:
    slug = drawn.slug if drawn else ""
    return [
        Tab(words[language()], _url(run, slug, name), here=name == effect) for name, words in riskwords.EFFECTS.items()
    ]


def _facts(run: RiskRun, view: RunView) -> list[Fact]:
    land = _("第一类用地") if run.land_class == 1 else _("第二类用地")
    levels = " / ".join(riskwords.figure(view.acceptable[effect]) for effect in riskwords.EFFECTS)
    return [
        Fact(_("用地类别"), land),
        Fact(_("方法"), run.edition, note=run.basis["set"]["title"][language()]),
        Fact(_("可接受水平"), levels, note=_("致癌风险 / 危害商，单一污染物")),
        Fact(_("对照标准"), "GB 36600", note=_("%(day)s 有效的版本") % {"day": run.basis["on"]}),
        Fact(_("改动的参数"), sum(1 for _one in view.changed), note=_("项，理由见下")),
        *([Fact(_("排除的途径"), len(view.excluded), note=_("条，理由见下"))] if view.excluded else []),
        Fact(_("计算"), f"{run.by or ''} {clock.local_day(run.at)}", note=f"soilrules {run.version}"),
    ]


def _acts(run: RiskRun, view: RunView) -> list[Act]:
    report = reverse("standards:risk_report", args=[run.uid])
    again = reverse("standards:risk_assess", args=[run.site.uid])
    return [
        Act(_("下载 Word 计算书"), report, "download", primary=True),
        Act(_("改动后再评估"), again, "pencil"),
    ]


@require_GET
@staff_page("standards.read")
def report(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The run as the report an expert signs, with the last uncertainty analysis."""
    actor = actor_of(request)
    run = run_or_404(actor, uid)
    drawn = queries.uncertainties_of(run, actor)
    site = run.site
    made = RiskReport(
        title=f"{site.name}（第 {run.number} 次评估）",
        case=run.input,
        result=run.result,
        basis=run.basis,
        computed=f"{clock.local_day(run.at)}",
        facts=_report_facts(run),
        unit=site.owner_department.name,
        uncertainty=drawn[0].result if drawn else None,
    )
    return download(risk_docx(made), f"{site.name}风险评估计算书-{run.number}", "docx")


def _report_facts(run: RiskRun) -> list[tuple[str, str]]:
    site = run.site
    named = [("地块名称", site.name), ("行政区划", site.division.name), ("位置", site.address),
             ("规划用途", site.planned_use), ("曾经用途", site.former_use), ("说明", run.remark)]  # fmt: skip
    return [(name, value) for name, value in named if value]


@require_http_methods(["GET", "POST"])
@staff_page("standards.read")
def uncertainty(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The part about uncertainty, asked for again while the job goes on; POST starts the draws of the run."""
    actor = actor_of(request)
    run = run_or_404(actor, uid)
    there = f"{reverse('standards:risk_run', args=[run.uid])}#uncertainty"
    if request.method == "GET" and "HX-Request" not in request.headers:
        return redirect(there)
    if request.method == "GET":
        context = {"run": run, "drawn": True, **_uncertainty(request, run, RunView(run))}
        return render(request, "standards/risk/uncertainty.html", context)
    require(actor, services.PERMISSION, run)
    try:
        asked = _asked(request, run)
    except Refusal as refusal:
        return _page(request, run, refused=str(refusal))
    title = _("不确定性分析：%(site)s 第 %(n)d 次评估") % {"site": run.site.name, "n": run.number}
    jobs.start(queries.DRAWS, asked, by=actor, title=title)
    messages.success(request, _("已开始抽样，完成后结果显示在本页，也会有消息。"))
    return redirect(there)


def _asked(request: HttpRequest, run: RiskRun) -> dict[str, Any]:
    """The arguments of the job, checked."""
    how = Sampled(
        draws=_whole(request.POST.get("draws", ""), _("抽样次数")),
        seed=_whole(request.POST.get("seed", ""), _("随机种子")),
        sampler=request.POST.get("sampler", "latin_hypercube"),
    )
    uncertain = read_distributions(request.POST)
    check_draws(run, uncertain, how)
    return {"run": str(run.uid), "uncertain": uncertain, "draws": how.draws, "seed": how.seed, "sampler": how.sampler}


def _whole(text: str, name: str) -> int:
    if not text.strip().isdecimal():
        raise Refusal(_("%(name)s“%(text)s”不是整数，请填写数字。") % {"name": name, "text": text[:20]})
    if len(text.strip()) > MOST_DIGITS:
        raise Refusal(
            _("%(name)s“%(text)s”太大，最多 %(n)d 位。") % {"name": name, "text": text[:20], "n": MOST_DIGITS}
        )
    return int(text)
