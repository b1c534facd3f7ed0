"""判定记录: the kept judgements, each with its rows and reasons; judged anew, compared, as a report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from soildesk.core import clock, files, jobs
from soildesk.core.errors import Refusal
from soildesk.core.permissions import may
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day
from soildesk.kit.downloads import download
from soildesk.kit.pages import register_list
from soildesk.kit.parts import Act, Event, Fact
from soildesk.kit.parts import File as Attached
from soildesk.standards import verdicts
from soildesk.standards.addresses import url_of
from soildesk.standards.choices import CROPS, told
from soildesk.standards.exports.evaluation_file import report_of
from soildesk.standards.judgeregister import EVALUATIONS
from soildesk.standards.models import Evaluation
from soildesk.standards.pages.forms import ChoicesForm, initial_of
from soildesk.standards.pages.judged import JudgedTable, line
from soildesk.standards.pages.judgement import sentence_of
from soildesk.standards.queries.evaluations import evaluation_of, family_of
from soildesk.standards.queries.judged import Change, Comparison, table_of
from soildesk.standards.refusals import language
from soildesk.standards.services import judgement

REFUSED = 422
MOST_CHANGES = 500
REPORT_AT_ONCE = 20_000
"""Results of a report that is made while the page waits."""


def evaluation_list(request: HttpRequest) -> HttpResponse:
    """Every kept judgement in reach."""
    return register_list(request, EVALUATIONS)


def evaluation_or_404(request: HttpRequest, uid: UUID) -> Evaluation:
    """One the actor may see."""
    found = evaluation_of(actor_of(request), uid)
    if found is None:
        raise Http404(str(uid))
    return found


@require_GET
@staff_page("standards.read")
def evaluation(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One kept judgement."""
    found = evaluation_or_404(request, uid)
    actor = actor_of(request)
    others = [one for one in family_of(found, actor) if one.pk != found.pk]
    first = next((one for one in others if one.pk == found.first_id), None)
    page = {
        "evaluation": found,
        "judged": JudgedTable.of(found, request),
        "acts": _acts(found, request),
        "facts": list(_facts(found, first)),
        "files": _files(found),
        "others": [(one, reverse("standards:compare", args=[found.uid]) + f"?with={one.uid}") for one in others],
        "history": [
            Event(one.at, one.by.name if one.by else "", one.title, one.standard, url_of(one)) for one in others
        ],
        "crumbs": [(_("判定记录"), reverse("standards:evaluations")), (found.title, "")],
    }
    return render(request, "standards/judgement/evaluation.html", page)


def _acts(found: Evaluation, request: HttpRequest) -> list[Act]:
    printing = "" if request.GET.get("show") == "all" else "?show=all"
    stopped = "" if may(actor_of(request), "standards.judge") else _("重新判定需要承办人员或本单位人员。")
    return [
        Act(
            _("重新判定"),
            reverse("standards:rejudge", args=[found.uid]),
            "arrow-clockwise",
            primary=True,
            stopped_by=stopped,
        ),
        Act(_("下载 Excel 报告"), reverse("standards:report", args=[found.uid]), "file-earmark-excel"),
        Act(_("全部列出，供打印"), printing, "printer")
        if printing
        else Act(_("返回分页"), url_of(found), "chevron-left"),
    ]


def _facts(found: Evaluation, first: Evaluation | None) -> Iterator[Fact]:
    yield Fact(_("地区"), found.division.name)
    yield Fact(_("保管单位"), str(found.owner_department))
    yield Fact(_("判定人"), found.by.name if found.by else _("系统"), note=f"{clock.local_day(found.at):%Y-%m-%d}")
    if first:
        yield Fact(_("首次判定"), first.title, url=url_of(first), note=f"{clock.local_day(first.at):%Y-%m-%d}")
    yield Fact(_("规则版本"), found.version, note=_("限值表指纹 %(print)s") % {"print": found.fingerprint})


def _files(found: Evaluation) -> list[Attached]:
    words = {"source": _("检测结果原表"), "judged": _("判定结果数据")}
    return [
        Attached(use.name, reverse("core:file", args=[use.uid]), use.attachment.size, words.get(use.kind, ""), use.added_at,
                 note=_("指纹 %(print)s") % {"print": use.attachment.sha256[:16]})
        for use in files.uses_of(found)
    ]  # fmt: skip


@require_http_methods(["GET", "POST"])
@staff_page("standards.judge")
def rejudge(request: HttpRequest, uid: UUID) -> HttpResponse:
    """重新判定: the same table, another standard, another day, or today's tables."""
    found, actor = evaluation_or_404(request, uid), actor_of(request)
    divisions = [found.division]  # the results stay where they belong
    form = ChoicesForm(divisions, initial=initial_of(found.choices, found.division_id, page_day(request)))
    error = ""
    if request.method == "POST":
        form = ChoicesForm(divisions, request.POST)
        if form.is_valid():
            try:
                return HttpResponseRedirect(url_of(judgement.judge_anew(found, form.chosen, by=actor, at=clock.now())))
            except Refusal as refusal:
                error = sentence_of(refusal)
        else:
            error = " ".join(str(one) for ones in form.errors.values() for one in ones)
    page = {
        "evaluation": found,
        "form": form,
        "error": error,
        "crops": CROPS,
        "crumbs": [
            (_("判定记录"), reverse("standards:evaluations")),
            (found.title, url_of(found)),
            (_("重新判定"), ""),
        ],
    }
    return render(request, "standards/judgement/rejudge.html", page, status=REFUSED if error else 200)


@require_GET
@staff_page("standards.read")
def compare(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Which verdicts two judgements of one table differ in, and why."""
    found = evaluation_or_404(request, uid)
    family = family_of(found, actor_of(request))
    asked = request.GET.get("with", "")
    other = next((one for one in family if str(one.uid) == asked), None)
    other = other or next((one for one in family if one.pk != found.pk), None)
    if other is None:
        messages.info(request, _("这张表只判定过一次，没有可比较的。可先“重新判定”。"))
        return HttpResponseRedirect(url_of(found))
    before, after = sorted((found, other), key=lambda one: (one.at, one.pk))
    compared = Comparison.of(table_of(before), table_of(after))
    everything = request.GET.get("all") == "1"
    shown = compared.of_verdict + (compared.of_limit if everything else [])
    page = {
        "before": before,
        "after": after,
        "sides": [
            (title, one, url_of(one), told(one.choices, one.division.name))
            for title, one in ((_("原判定"), before), (_("重新判定"), after))
        ],
        "same": max(before.rows, after.rows) - len(compared.pairs),
        "of_verdict": len(compared.of_verdict),
        "of_limit": len(compared.of_limit),
        "changes": [_shown(one) for one in compared.rows(shown[:MOST_CHANGES])],
        "other": other,
        "everything": everything,
        "left_out": max(0, len(shown) - MOST_CHANGES),
        "crumbs": [(_("判定记录"), reverse("standards:evaluations")), (after.title, url_of(after)), (_("比较"), "")],
    }
    return render(request, "standards/judgement/compare.html", page)


def _shown(change: Change) -> dict[str, Any]:
    spoken = language()
    return {
        "row": line(change.row, spoken),
        "before": line(change.before, spoken) if change.before else None,
        "after": line(change.after, spoken) if change.after else None,
        "why": "；".join(_why(change)),
    }


def _why(change: Change) -> Iterator[str]:
    """What makes the difference, the cause before the effect."""
    old, new = change.before, change.after
    if old is None or new is None:
        yield _("只在一次判定中出现")
        return
    nothing = _("无")
    if old["standard"] != new["standard"]:
        yield _("标准 %(old)s → %(new)s") % {"old": old["standard"] or nothing, "new": new["standard"] or nothing}
    use = "use_en" if language() == "en" else "use"
    for title, name in ((_("用途"), use), (_("pH 档"), "ph_band"), (_("限值"), "limit"), (_("管制值"), "control")):
        if old[name] != new[name]:
            values = {"title": title, "old": _value(old[name]), "new": _value(new[name])}
            yield _("%(title)s %(old)s → %(new)s") % values
    if old["cause"] != new["cause"]:
        for row, said in ((old, _("原先%(why)s")), (new, _("现在%(why)s"))):
            if row["cause"]:
                yield said % {"why": verdicts.cause_word(row["cause"])}


def _value(value: Any) -> str:
    if value in (None, ""):
        return _("无")
    return f"{value:g}" if isinstance(value, float) else str(value)


@require_GET
@staff_page("standards.read")
def report(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The Excel report; that of a long table is made by a job and waits in messages."""
    found = evaluation_or_404(request, uid)
    title = _("%(title)s判定报告") % {"title": found.title}
    if found.rows > REPORT_AT_ONCE:
        asked = {"evaluation": str(found.uid)}
        row = jobs.start("standards.report", asked, by=actor_of(request), title=title)
        return HttpResponseRedirect(reverse("core:job", args=[row.uid]))
    return download(report_of(found), title, "xlsx")
