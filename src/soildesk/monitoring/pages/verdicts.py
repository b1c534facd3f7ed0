"""The verdicts of a campaign: the exceedance table with its bars, as of any day, as Excel; judging anew with a look first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock, jobs
from soildesk.core.permissions import Actor, may, require
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.downloads import download
from soildesk.kit.parts import Act, Chip, Tab, Tile
from soildesk.kit.sheets import write_xlsx
from soildesk.monitoring import campaignlinks, verdictbars
from soildesk.monitoring.exceedancesheets import sheets
from soildesk.monitoring.models import Campaign, Judgement, Medium
from soildesk.monitoring.pages.campaigns import crumbs, found_or_404
from soildesk.monitoring.queries import alerts, exceedance
from soildesk.monitoring.queries.exceedance import Line
from soildesk.monitoring.queries.outdated import outdated, why_outdated
from soildesk.monitoring.queries.rejudging import CHANGES_SHOWN, preview
from soildesk.monitoring.register.records import analyte_name, stopped
from soildesk.monitoring.rulings import against_words
from soildesk.monitoring.services import judging
from soildesk.standards import verdicts as words

TABS = {"analyte": _l("按项目"), "point": _l("按点位"), "plot": _l("按地块"), "town": _l("按乡镇（街道）")}
AT_ONCE = 30_000
"""Results that are judged anew while somebody waits."""
LATEST = 10

campaignlinks.add(
    campaignlinks.Link(
        _l("评价结果"),
        "monitoring.read",
        lambda campaign: reverse("monitoring:verdicts", args=[campaign.uid]),
        icon="list-task",
    )
)


@staff_page("monitoring.read")
def verdicts(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The exceedance table."""
    campaign, actor = found_or_404(request, uid), actor_of(request)
    known_on, known_at = _known(request)
    rows = exceedance.verdicts_of(campaign, known_at)
    by = request.GET.get("by", "analyte")
    by = by if by in exceedance.BY else "analyte"
    lines = exceedance.lines(rows, by)
    limits = request.GET.get("ucl") == "1"
    figures = exceedance.figures(rows, limits=limits) if by == "analyte" else {}
    judgements = campaign.judgements.select_related("by")
    context = {
        "campaign": campaign,
        "by": by,
        "tabs": [Tab(str(title), _address(request, by=key), here=key == by) for key, title in TABS.items()],
        "tiles": _tiles(campaign, exceedance.total(lines), judgements.first()),
        "lines": _without_wider_links([_shown(one, by, campaign, figures) for one in lines], by),
        "titles": {"analyte": _("分析项目"), "point": _("点位"), "plot": _("地块"), "town": _("乡镇（街道）")}[by],
        "bars": verdictbars.drawn(_named(lines, by), _("%(title)s：评价结论") % {"title": campaign.title}),
        "causes": _causes(campaign, exceedance.total(lines)),
        "limits": limits,
        "limits_url": _address(request, ucl="1"),
        "excel_url": f"{reverse('monitoring:verdicts_excel', args=[campaign.uid])}?{request.GET.urlencode()}",
        "known_on": known_on,
        "outdated": _outdated(why_outdated(campaign, actor.today)),
        "record_acts": _acts(campaign, actor),
        "judgements": [_told(one) for one in judgements[:LATEST]],
        "crumbs": crumbs(campaign, _("评价结果")),
    }
    return render(request, "monitoring/verdicts.html", context)


OUTDATED = {
    Judgement.Why.STANDARD.value: _l("本地使用的限值表有变更"),
    Judgement.Why.USE.value: _l("点位用途或采样记录有变更"),
    Judgement.Why.CORRECTED.value: _l("有结果被更正或弃用"),
    Judgement.Why.ACCEPTED.value: _l("有批次已接收、尚未评价"),
}
"""Why verdicts are outdated."""


def _outdated(whys: Sequence[str]) -> str:
    return "；".join(str(OUTDATED[why]) for why in whys)


def _known(request: HttpRequest) -> tuple[date | None, datetime | None]:
    """The day up to which verdicts are to be read, and its end; none for now."""
    try:
        day = date.fromisoformat(request.GET.get("known_on", ""))
    except ValueError:
        return None, None
    return day, timezone.make_aware(datetime.combine(day, time.max))


def _address(request: HttpRequest, **changed: str) -> str:
    said = {key: value for key, value in request.GET.items() if key in ("by", "known_on", "ucl")} | changed
    return f"?{urlencode(said)}"


OVER = ("exceeds_screening", "exceeds", "exceeds_control")


def _results_url(campaign: Campaign, **more: str | Sequence[str]) -> str:
    said = urlencode({"campaign": campaign.number, **more}, doseq=True)
    return f"{reverse('kit:collection', args=['results'])}?{said}"


def _tiles(campaign: Campaign, whole: Line, last: Judgement | None) -> Sequence[Tile]:
    live = alerts.of_campaign(campaign).filter(state__in=("open", "working", "answered")).count()
    warned = f"{reverse('kit:collection', args=['alerts'])}?campaign={campaign.number}&live=yes"
    share = _("占%(rate).1f%%，不计入达标") % {"rate": whole.unknown_rate} if whole.unknown_rate else ""
    found = [
        Tile(_("已评价"), whole.judged if last else None, _results_url(campaign, verdict=("meets", *OVER))),
        Tile(_("超筛选值或超标"), whole.over if last else None, _results_url(campaign, verdict=OVER), "warn" if whole.over else "good"),
        Tile(_("其中超管制值"), whole.control if last else None, _results_url(campaign, verdict="exceeds_control"), "bad" if whole.control else "good"),
        Tile(_("无法判断"), whole.unknown if last else None, _results_url(campaign, verdict="unknown"), "unknown", share),
        Tile(_("未销号预警"), live, warned, "bad" if live else "good"),
    ]  # fmt: skip
    if last and last.rejected:
        found.append(Tile(_("审核弃用"), last.rejected, "", note=_("未参加评价")))
    return found


def _named(lines: Sequence[Line], by: str) -> Sequence[Line]:
    """Lines with the names a picture shows."""
    return [Line(one.key, _title(one, by), one.counts, one.causes) for one in lines]


def _title(line: Line, by: str) -> str:
    if by != "analyte":
        return line.title or {"plot": _("不在登记地块上"), "point": _("没有点位")}.get(by, "—")
    medium, slug, _standard, _land = line.key
    name = analyte_name(slug)
    return name if medium == Medium.SOIL else f"{name}（{Medium(medium).label}）"


def _shown(line: Line, by: str, campaign: Campaign, figures: dict[tuple[str, str], Any]) -> dict[str, Any]:
    where = _where(line, by)
    asked = {**{name: (name,) for name in words.OUTCOMES}, "over": ("exceeds_screening", "exceeds")}
    urls = (
        {name: _results_url(campaign, **where, verdict=of) for name, of in asked.items()} if where is not None else {}
    )
    return {
        "title": _title(line, by),
        "against": against_words(*line.key[2:]) if by == "analyte" else "",
        "line": line,
        "screening": line.counts["exceeds_screening"] + line.counts["exceeds"],
        "url": _results_url(campaign, **where) if where is not None else "",
        "urls": urls,
        "causes": _causes(campaign, line),
        "figures": _figures(figures.get(line.key) if by == "analyte" else None),  # type: ignore[arg-type]
    }


def _without_wider_links(shown: list[dict[str, Any]], by: str) -> list[dict[str, Any]]:
    """The list of results knows no standard: where an analyte stands in several lines, a count leads to no list."""
    counted = Counter(one["line"].key[:2] for one in shown)
    for one in shown:
        if by == "analyte" and counted[one["line"].key[:2]] > 1:
            one["urls"] = {}
    return shown


def _figures(found: Any) -> dict[str, str]:
    """Figures with their unit, as many digits as mean something; — where nothing can be said."""
    names = ("median", "highest", "upper")
    numbers = {name: getattr(found, name, None) for name in names}
    shown = {name: "—" if one is None else f"{one:.4g} {found.unit}" for name, one in numbers.items()}
    return {**shown, "why": found.why if found else ""}


def _where(line: Line, by: str) -> dict[str, str] | None:
    """The filters of the list of results that give a line's rows; None where there are none."""
    match by:
        case "analyte":
            return {"medium": line.key[0], "analyte": line.key[1]}
        case "point":
            return {"point": line.key[0]} if line.key[0] else None
    return None


def _causes(campaign: Campaign, line: Line) -> list[tuple[str, int]]:
    return [(words.cause_word(cause), count) for cause, count in line.causes.most_common()]


def _acts(campaign: Campaign, actor: Actor) -> list[Act]:
    url = reverse("monitoring:rejudge", args=[campaign.uid])
    no = stopped(actor, judging.PERMISSION, campaign)
    return [Act(_("重新评价（先看变化）"), url, "arrow-clockwise", stopped_by=no)]


def _told(one: Judgement) -> dict[str, Any]:
    trial = one.as_if_on is not None
    said = _("按 %(day)s 试判，不作数") % {"day": one.as_if_on} if trial else str(one.get_why_display())
    return {
        "one": one,
        "said": said,
        "who": one.by.name if one.by else _("系统"),
        "chip": Chip("calm", _("试判")) if trial else None,
        "standards": "；".join(one.standards),
    }


@staff_page("monitoring.read")
def excel(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The table as an Excel file; graded results need the approval their export needs."""
    campaign, actor = found_or_404(request, uid), actor_of(request)
    known_on, known_at = _known(request)
    out = BytesIO()
    write_xlsx(sheets(campaign, exceedance.verdicts_of(campaign, known_at), known_on or actor.today), out)
    name = _("%(title)s超标统计") % {"title": campaign.title}
    return download(out.getvalue(), name, "xlsx")


@staff_page("monitoring.judge")
def rejudge(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What judging anew would change; kept only when asked."""
    campaign, actor = found_or_404(request, uid), actor_of(request)
    require(actor, judging.PERMISSION, campaign)
    back = redirect("monitoring:verdicts", campaign.uid)
    many = exceedance.verdicts_of(campaign).count() > AT_ONCE
    if request.method == "POST":
        why = request.POST.get("why", "")
        why = why if why in (Judgement.Why.STANDARD, Judgement.Why.PH, Judgement.Why.USE) else Judgement.Why.STANDARD
        if many:
            jobs.start(
                "monitoring.rejudge", {"campaign": str(campaign.uid), "why": why}, by=actor,
                title=_("重新评价：%(title)s") % {"title": campaign.title},
            )  # fmt: skip
            messages.info(request, _("结果较多，正在后台重新评价，完成后会有消息。"))
        else:
            made = judging.judge(campaign, why, by=actor, at=clock.now())
            messages.success(request, _("已重新评价，%(n)d 个结论有变化。") % {"n": made.changed})
        return back
    looked = None if many else preview(campaign, clock.now())
    context = {
        "campaign": campaign,
        "many": many,
        "looked": looked,
        "changes": list(_changes(looked)) if looked else [],
        "most": CHANGES_SHOWN,
        "whys": [(one.value, one.label) for one in (Judgement.Why.STANDARD, Judgement.Why.PH, Judgement.Why.USE)],
        "crumbs": crumbs(campaign, _("重新评价")),
        "back": reverse("monitoring:verdicts", args=[campaign.uid]),
    }
    return render(request, "monitoring/rejudge.html", context)


def _changes(looked: Any) -> Iterator[dict[str, Any]]:
    for one in looked.changes:
        yield {
            "one": one,
            "name": analyte_name(one.analyte),
            "before": words.chip(one.before) if one.before else Chip("unknown", _("尚未评价")),
            "after": words.chip(one.after) if one.after else Chip("calm", _("不再计入")),
        }


@staff_page("monitoring.read")
def campaigns(request: HttpRequest) -> HttpResponse:
    """The exceedance table by campaign."""
    actor = actor_of(request)
    if request.method == "POST":
        return _judge_all(request, actor)
    lines = exceedance.by_campaign(actor)
    known = {one.pk: one for one in Campaign.objects.filter(pk__in=[one.key[0] for one in lines])}
    late = outdated(Campaign.objects.visible_to(actor), actor.today)
    whys = {one.campaign.pk: _outdated(one.whys) for one in late}
    shown = [
        {"line": one, "title": one.title, "url": _page(known[one.key[0]]), "outdated": whys.get(one.key[0])}
        for one in lines
    ]
    context = {
        "lines": shown,
        "outdated": [
            {"title": one.campaign.title, "url": _page(one.campaign), "why": _outdated(one.whys)} for one in late
        ],
        "bars": verdictbars.drawn(lines, _("各任务的评价结论")),
        "crumbs": [(_("评价结果"), "")],
        "may_judge": may(actor, judging.PERMISSION),
    }
    return render(request, "monitoring/verdicts_by_campaign.html", context)


def _judge_all(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Judge everything in reach anew by a job, or let it say only what would change."""
    require(actor, judging.PERMISSION)
    if request.POST.get("outdated"):
        return redirect("core:job", jobs.start(judging.JOB, {}, by=actor, title=_("重新评价过时的任务")).uid)
    keep = request.POST.get("keep") == "1"
    title = _("重新评价全部任务") if keep else _("重新评价全部任务：只看变化")
    row = jobs.start("monitoring.rejudge_all", {"why": Judgement.Why.STANDARD, "keep": keep}, by=actor, title=title)
    return redirect("core:job", row.uid)


def _page(campaign: Campaign) -> str:
    return reverse("monitoring:verdicts", args=[campaign.uid])
