"""Campaigns: made, changed, started, closed, shared; what is needed, what is done, what comes next."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, may, require
from soildesk.kit import assets
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.parts import Act, Chip, Fact, Tile
from soildesk.land.pages.forms import posted
from soildesk.land.pages.parcels import asked
from soildesk.land.queries.choices import department
from soildesk.land.services.writing import place_at, place_name
from soildesk.monitoring import campaignlinks, localrules, pictures
from soildesk.monitoring.markwords import mark_word
from soildesk.monitoring.models import Campaign, Grade, Medium, SamplingTask
from soildesk.monitoring.pages.forms_network import CampaignForm, CloseCampaignForm, ShareForm
from soildesk.monitoring.queries import designs
from soildesk.monitoring.register.campaigns import TONES
from soildesk.monitoring.register.records import analyte_name, stopped
from soildesk.monitoring.services import campaigns, sampling
from soildesk.monitoring.sketch import Sketch, Spot

State = SamplingTask.State
FACTS = (
    "title", "kind", "stage", "unit_kind", "suspected", "media", "analytes", "standard", "use", "basis", "laboratory", "starts_on", "ends_on",
    "grade", "codes", "parallel_percent",
)  # fmt: skip


def found_or_404(request: HttpRequest, uid: object) -> Campaign:
    """The campaign, if the actor sees it."""
    rows = Campaign.objects.visible_to(actor_of(request)).select_related("organiser")
    found = rows.filter(uid=uid).first()
    if found is None:
        raise Http404(str(uid))
    return found


def url_of(campaign: Campaign) -> str:
    """Its page."""
    return reverse("monitoring:campaign", args=[campaign.uid])


def crumbs(campaign: Campaign, *names: str) -> list[tuple[str, str]]:
    """Where a page about a campaign stands."""
    listed = (_("监测任务"), reverse("kit:collection", args=["campaigns"]))
    return [listed, (campaign.title, url_of(campaign) if names else ""), *((name, "") for name in names)]


@staff_page("monitoring.read")
def show(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One campaign."""
    campaign, actor = found_or_404(request, uid), actor_of(request)
    tasks = campaign.tasks.exclude(state=State.DROPPED)
    needed = designs.needed(campaign, actor.today)
    links = [link for link in campaignlinks.all_links() if may(actor, link.permission)]
    context = {
        "campaign": campaign,
        "record_title": campaign.title,
        "record_code": campaign.number,
        "record_chips": _chips(campaign, actor),
        "record_acts": _acts(campaign, actor),
        "record_facts": _facts(campaign),
        "tiles": _tiles(campaign, actor),
        "needed": needed,
        "has_density": designs.has_density(campaign, needed),
        "parallels": _parallels(campaign),
        "may_plan": may(actor, "monitoring.plan", campaign) and campaign.state != Campaign.State.CLOSED,
        "units": _by_unit(tasks),
        "picture": _picture(campaign),
        "verdict_map": pictures.map_of_campaign(actor, campaign),
        "verdict_links": pictures.map_links(campaign),
        "tasks_url": _tasks_url(campaign),
        "links": [(link.title, link.address(campaign), link.icon) for link in links],
        "crumbs": crumbs(campaign),
    }
    return render(request, "monitoring/campaign.html", context)


def _tasks_url(campaign: Campaign, more: str = "") -> str:
    return f"{reverse('kit:collection', args=['sampling_tasks'])}?campaign={campaign.number}{more}"


def _chips(campaign: Campaign, actor: Actor) -> list[Chip]:
    tone, icon, word = TONES[Campaign.State(campaign.state)]
    chips = [Chip(tone, str(word), icon)]  # type: ignore[arg-type]
    if campaign.state == Campaign.State.RUNNING and campaign.ends_on < actor.today:
        chips.append(Chip("bad", _("逾期"), why=_("完成时限 %(day)s 已过。") % {"day": campaign.ends_on}))
    if campaign.state == Campaign.State.CLOSED and campaign.shared_on is None:
        due = localrules.share_due(campaign.ends_on)
        late = due < actor.today
        chips.append(Chip("bad" if late else "warn", _("数据未共享"), why=_("应在 %(day)s 前共享。") % {"day": due}))
    return chips


def _acts(campaign: Campaign, actor: Actor) -> list[Act]:
    uid, state = campaign.uid, campaign.state
    no = stopped(actor, "monitoring.plan", campaign)
    unsampled = stopped(actor, "monitoring.sample", campaign)
    draft, running = state == Campaign.State.DRAFT, state == Campaign.State.RUNNING
    found = []
    if draft:
        found.append(
            Act(_("开始"), reverse("monitoring:campaign_start", args=[uid]), "flag", post=True, primary=True, stopped_by=no, confirm=_("开始后各采样单位的“今日”会出现这项任务。"))
        )  # fmt: skip
    if draft or running:
        found += [
            Act(_("布点设计"), reverse("monitoring:campaign_design", args=[uid]), "geo-alt", stopped_by=no),
            Act(_("修改"), reverse("monitoring:campaign_edit", args=[uid]), "pencil", stopped_by=no),
        ]
    if not draft:
        found.append(Act(_("样品流转"), reverse("monitoring:custody", args=[uid]), "reply", stopped_by=unsampled))
    found.append(Act(_("打印标签"), reverse("monitoring:labels", args=[uid]), "tag", stopped_by=unsampled))
    if running:
        found.append(Act(_("办结"), reverse("monitoring:campaign_close", args=[uid]), "check2-circle", stopped_by=no))
    if state == Campaign.State.CLOSED and campaign.shared_on is None:
        found.append(
            Act(
                _("登记数据共享"), reverse("monitoring:campaign_share", args=[uid]), "send", primary=True, stopped_by=no
            )
        )
    return found


def _facts(campaign: Campaign) -> list[Fact]:
    rule = localrules.rule("share_data")
    shared = (
        _("%(day)s，%(receipt)s") % {"day": campaign.shared_on, "receipt": campaign.shared_receipt}
        if campaign.shared_on
        else _("应在 %(day)s 前") % {"day": localrules.share_due(campaign.ends_on)}
    )
    said = [
        Fact(_("类型"), " ".join(filter(None, (str(campaign.get_kind_display()), campaign.get_stage_display())))),
        Fact(_("布点对象"), campaign.get_unit_kind_display()),
        Fact(_("所在区划"), place_name(campaign)),
        Fact(_("组织单位"), str(campaign.organiser)),
        Fact(_("起止"), _("%(first)s 至 %(last)s") % {"first": campaign.starts_on, "last": campaign.ends_on}),
        Fact(_("介质"), "、".join(str(Medium(each).label) for each in campaign.media)),
        Fact(_("分析项目"), "、".join(analyte_name(slug) for slug in campaign.analytes)),
        Fact(_("依据"), campaign.basis),
        Fact(_("检测机构"), campaign.laboratory),
        Fact(_("面积"), f"{campaign.area_m2:,.0f} m²" if campaign.area_m2 else ""),
        Fact(_("数据分级"), str(Grade(campaign.grade).label)),
        Fact(_("样品编号"), str(campaign.get_codes_display())),
        Fact(
            _("数据共享"),
            shared,
            note=_("属地规则（%(mark)s）：%(source)s") % {"mark": mark_word(rule["mark"]), "source": rule["source"]},
        ),
        Fact(_("完成日期"), campaign.closed_on),
        Fact(_("未完成情况"), campaign.closing_note),
    ]
    return [fact for fact in said if fact.value]


def _tiles(campaign: Campaign, actor: Actor) -> list[Tile]:
    tasks = campaign.tasks.exclude(state=State.DROPPED)
    late = Q(state=State.PLANNED, due__lt=actor.today)
    count = tasks.aggregate(
        all=Count("pk"), taken=Count("pk", filter=~Q(state=State.PLANNED)),
        sent=Count("pk", filter=Q(state=State.RECEIVED)), late=Count("pk", filter=late),
    )  # fmt: skip
    return [
        Tile(_("样品"), count["all"], _tasks_url(campaign)),
        Tile(_("已采"), count["taken"], _tasks_url(campaign, "&state=sampled&state=received")),
        Tile(_("已送检"), count["sent"], _tasks_url(campaign, "&state=received")),
        Tile(_("逾期未采"), count["late"], _tasks_url(campaign, "&late=1"), tone="bad" if count["late"] else "calm"),
    ]


def _parallels(campaign: Campaign) -> dict[str, Any]:
    missing = sampling.parallels_missing(campaign)
    held = campaign.tasks.filter(role=SamplingTask.Role.PARALLEL).exclude(state=State.DROPPED).count()
    return {
        "held": held,
        "wanted": held + sum(missing.values()),
        "missing": sum(missing.values()),
        "percent": campaign.parallel_percent,
        "mark": mark_word(localrules.rule("blind_parallels")["mark"]),
        "source": localrules.rule("blind_parallels")["source"],
    }


def _by_unit(tasks: Any) -> list[dict[str, Any]]:
    taken = Count("pk", filter=~Q(state=State.PLANNED))
    rows = (
        tasks.values("unit__name", "unit__short_name").annotate(total=Count("pk"), taken=taken).order_by("unit__name")
    )
    return [{**row, "name": row["unit__short_name"] or row["unit__name"] or _("未指定")} for row in rows]


def _picture(campaign: Campaign) -> Any:
    """The ground of the campaign and its samples: taken, or still to be taken."""
    rows = campaign.tasks.exclude(state=State.DROPPED).exclude(planned_at=None)
    spots = [
        Spot(at, "new" if state == State.PLANNED else "held", code, reverse("kit:record", args=["sampling_tasks", uid]))
        for at, state, code, uid in rows.values_list("planned_at", "state", "code", "uid")[:2000]
    ]
    grounds = [(campaign.geometry, "ground", _("任务范围"))] if campaign.geometry is not None else []
    return Sketch(_("任务范围与采样位置示意：方块待采，圆点已采。"), grounds, spots).render()


@staff_page("monitoring.plan")
def new(request: HttpRequest) -> HttpResponse:
    """A new campaign."""
    actor = actor_of(request)
    today = actor.today
    initial = {
        "starts_on": today,
        "ends_on": today.replace(month=12, day=31),
        "media": [Medium.SOIL],
        "parallel_percent": localrules.rule("blind_parallels")["percent"],
    }
    form = posted(CampaignForm, request, initial).for_actor(actor)

    def write(said: dict[str, Any]) -> Campaign:
        place = place_at(said["town"], actor)
        return campaigns.make(_said(form, said), place, by=actor, at=clock.now())

    return _campaign_form(request, form, write, {"title": _("编制监测任务"), "crumbs": _new_crumbs()})


def _new_crumbs() -> list[tuple[str, str]]:
    return [(_("监测任务"), reverse("kit:collection", args=["campaigns"])), (_("编制"), "")]


@staff_page("monitoring.read")
def edit(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A campaign said otherwise."""
    campaign, actor = found_or_404(request, uid), actor_of(request)
    require(actor, "monitoring.plan", campaign)
    initial = {name: getattr(campaign, name) for name in FACTS} | {"organiser": campaign.organiser_id}
    initial["suspected"] = {True: "true", False: "false", None: "unknown"}[campaign.suspected]
    form = posted(CampaignForm, request, initial).for_actor(actor)
    del form.fields["town"]

    def write(said: dict[str, Any]) -> Campaign:
        return campaigns.change(campaign, _said(form, said), by=actor, at=clock.now())

    bbox = ",".join(f"{edge:.6f}" for edge in campaign.geometry.bounds) if campaign.geometry is not None else ""
    context = {"title": _("修改监测任务"), "crumbs": crumbs(campaign, _("修改")), "held": campaign, "bbox": bbox}
    return _campaign_form(request, form, write, context)


def _said(form: CampaignForm, said: dict[str, Any]) -> dict[str, Any]:
    facts = {name: said[name] for name in FACTS}
    if said["organiser"]:
        facts["organiser"] = department(int(said["organiser"]))
    ground = form.given()
    return facts | ({"geometry": ground} if ground is not None else {})


def _campaign_form(request: HttpRequest, form: CampaignForm, write: Any, context: dict[str, Any]) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            made = write(form.cleaned_data)
        except Refusal as refusal:
            context["refused"] = str(refusal)
        else:
            messages.success(request, _("已保存“%(title)s”。") % {"title": made.title})
            return HttpResponseRedirect(url_of(made))
    context |= {"form": form, "draw_map": assets.module("maps/draw-map.mjs")}
    status = 422 if request.method == "POST" else 200
    return render(request, "monitoring/campaign_form.html", context, status=status)


@staff_page("monitoring.read")
@require_POST
def start(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Send a campaign out."""
    campaign, actor = found_or_404(request, uid), actor_of(request)
    try:
        campaigns.start(campaign, by=actor, at=clock.now())
        messages.success(request, _("任务已开始，采样单位将在“今日”看到。"))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(url_of(campaign))


@staff_page("monitoring.read")
@require_POST
def parallels(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Add the blind parallels that are missing."""
    campaign, actor = found_or_404(request, uid), actor_of(request)
    try:
        made = sampling.add_parallels(campaign, by=actor, at=clock.now())
        messages.success(request, _("已安排 %(count)d 个密码平行样。") % {"count": len(made)})
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(url_of(campaign))


@staff_page("monitoring.read")
def close(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The end of a campaign, with what is missing."""
    campaign, actor = found_or_404(request, uid), actor_of(request)
    require(actor, "monitoring.plan", campaign)
    left = campaign.tasks.filter(state=State.PLANNED)
    unsent = campaign.tasks.filter(state=State.SAMPLED).count()

    def write(said: dict[str, Any]) -> str:
        campaigns.close(campaign, on=said["on"], note=said["note"], by=actor, at=clock.now())
        return _("任务已办结。")

    note = _("没有采的样品 %(left)d 个，已采未送检 %(unsent)d 个。") % {"left": left.count(), "unsent": unsent}
    context = {
        "title": _("办结：%(title)s") % {"title": campaign.title},
        "note": note,
        "crumbs": crumbs(campaign, _("办结")),
        "save": _("办结"),
    }
    return asked(request, posted(CloseCampaignForm, request, {"on": clock.today()}), context, write, url_of(campaign))


@staff_page("monitoring.read")
def share(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The data were shared."""
    campaign, actor = found_or_404(request, uid), actor_of(request)
    require(actor, "monitoring.plan", campaign)

    def write(said: dict[str, Any]) -> str:
        campaigns.share(campaign, on=said["on"], receipt=said["receipt"], by=actor, at=clock.now())
        return _("已登记数据共享。")

    context = {
        "title": _("登记数据共享：%(title)s") % {"title": campaign.title},
        "note": _("应在 %(day)s 前。%(source)s")
        % {"day": localrules.share_due(campaign.ends_on), "source": localrules.rule("share_data")["source"]},
        "crumbs": crumbs(campaign, _("数据共享")),
        "save": _("登记"),
    }
    return asked(request, posted(ShareForm, request, {"on": clock.today()}), context, write, url_of(campaign))
