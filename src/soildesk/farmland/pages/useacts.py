"""Pages of acts on plans of use, prohibited zones and approved rates; and the crops that must leave the zones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock
from soildesk.core.permissions import Actor
from soildesk.farmland.pages.use import crumbs, held_or_404
from soildesk.farmland.queries import exits
from soildesk.farmland.queries.then import Then
from soildesk.farmland.queries.units import names_of
from soildesk.farmland.services import controlreports, library, plans_of_use, rates, zones
from soildesk.farmland.services.keeping import Paper
from soildesk.farmland.services.plans_of_use import Approval
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day
from soildesk.land.pages.forms import Day, posted
from soildesk.land.pages.parcels import asked

PLANS, ZONES, RATES, REPORTS = "use_plans", "prohibited_zones", "approved_rates", "control_reports"
TECHNIQUES = "techniques"


class ApproveForm(forms.Form):
    """What the government's approval says."""

    authority = forms.CharField(label=_l("批准机关"), max_length=120, help_text=_l("同级人民政府，照批复填写全称"))
    number = forms.CharField(label=_l("批准文号"), max_length=120)
    on = forms.DateField(label=_l("批准日期"), widget=Day)
    file = forms.FileField(label=_l("批复"))
    why = forms.CharField(
        label=_l("机关核对说明"), max_length=200, required=False, help_text=_l("机关名称看不出是同级政府时才填写")
    )


class UploadForm(forms.Form):
    """The receipt of the national system."""

    receipt = forms.CharField(label=_l("上传回执"), max_length=120)
    on = forms.DateField(label=_l("上传日期"), widget=Day)


class WorkerForm(forms.Form):
    """Who works."""

    code = forms.CharField(label=_l("实施单位统一社会信用代码"), max_length=40)


class EvaluateForm(forms.Form):
    """Who evaluated, when, with the report."""

    code = forms.CharField(label=_l("效果评估单位统一社会信用代码"), max_length=40, help_text=_l("不能是实施单位"))
    on = forms.DateField(label=_l("评估日期"), widget=Day)
    file = forms.FileField(label=_l("效果评估报告"))


class ProofForm(forms.Form):
    """A day and its proof."""

    on = forms.DateField(label=_l("日期"), widget=Day)
    file = forms.FileField(label=_l("文件或者照片"))


class AnnounceForm(ProofForm):
    """An announcement."""

    address = forms.CharField(label=_l("公告网址"), max_length=300, required=False)
    field_order = ["on", "address", "file"]


class ReceiveForm(ProofForm):
    """What a periodic report says."""

    measures = forms.CharField(label=_l("管控措施落实情况"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    monitoring = forms.CharField(
        label=_l("监测与评价结果"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_l("照报告摘要填写；报告没有的写“报告未载明”"),
    )  # fmt: skip
    field_order = ["on", "measures", "monitoring", "file"]


class RecommendForm(forms.Form):
    """On the recommended list, by a paper."""

    on = forms.DateField(label=_l("列入日期"), widget=Day)
    document = forms.CharField(
        label=_l("列入依据"), max_length=200, help_text=_l("推荐目录的文号、品种审定编号，或者比选、田间试验记录")
    )
    file = forms.FileField(label=_l("依据文件"), required=False)


class StrikeForm(forms.Form):
    """Off the recommended list."""

    on = forms.DateField(label=_l("移出日期"), widget=Day)
    why = forms.CharField(label=_l("移出依据和原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class ExplainForm(forms.Form):
    """Why two rates differ."""

    explained = forms.CharField(label=_l("差异说明"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}))


def paper_of(upload: Any, kind: str) -> Paper:
    """An uploaded file."""
    return Paper(upload.read(), upload.name, kind)


Write = Callable[[Any, Actor, dict[str, Any]], str]


def _act(request: HttpRequest, collection: str, uid: UUID, asks: tuple[Any, str, str], write: Write) -> HttpResponse:
    """A form about one record: `asks` are the form, its title and a note."""
    actor = actor_of(request)
    _kept, row = held_or_404(actor, collection, uid)
    form, title, note = asks
    context = {"title": title, "note": note, "crumbs": crumbs(collection, uid, title), "save": _("登记")}
    record = reverse("kit:record", args=[collection, str(uid)])
    given = posted(form, request, {"on": clock.today()})
    return asked(request, given, context, lambda said: write(row, actor, said), record)


@staff_page("farmland.read")
def plan_approve(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The approval of a plan."""

    def write(row: Any, actor: Actor, said: dict[str, Any]) -> str:
        approval = Approval(said["number"], said["authority"], said["on"], said["why"])
        plans_of_use.approve(row, approval, paper_of(said["file"], "approval"), by=actor, at=clock.now())
        return _("已登记批准：接着把方案上传到系统，登记回执。")

    return _act(
        request, PLANS, uid, (ApproveForm, _("登记方案批准"), _("方案由同级人民政府批准，本级只登记批准文件。")), write
    )


@staff_page("farmland.read")
def report_receive(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A periodic report that came."""

    def write(row: Any, actor: Actor, said: dict[str, Any]) -> str:
        told = controlreports.Received(said["on"], said["measures"], said["monitoring"])
        controlreports.receive(row, told, paper_of(said["file"], "report"), by=actor, at=clock.now())
        return _("已登记收到。")

    return _act(
        request,
        REPORTS,
        uid,
        (ReceiveForm, _("登记收到定期报告"), _("上传报告原件；到期没有收到的，向责任人催收。")),
        write,
    )


@staff_page("farmland.read")
def plan_upload(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The receipt of the upload."""

    def write(row: Any, actor: Actor, said: dict[str, Any]) -> str:
        plans_of_use.upload(row, said["receipt"], said["on"], by=actor, at=clock.now())
        return _("已登记上传回执。")

    return _act(request, PLANS, uid, (UploadForm, _("登记方案上传"), ""), write)


@staff_page("farmland.read")
def plan_worker(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Who carries a plan out."""

    def write(row: Any, actor: Actor, said: dict[str, Any]) -> str:
        plans_of_use.name_worker(row, said["code"], by=actor, at=clock.now())
        return _("已登记实施单位。")

    return _act(request, PLANS, uid, (WorkerForm, _("登记实施单位"), ""), write)


@staff_page("farmland.read")
def plan_evaluate(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The evaluation of the effect."""

    def write(row: Any, actor: Actor, said: dict[str, Any]) -> str:
        report = paper_of(said["file"], "evaluation")
        plans_of_use.evaluate(row, said["code"], said["on"], report, by=actor, at=clock.now())
        return _("已登记效果评估。")

    return _act(
        request,
        PLANS,
        uid,
        (EvaluateForm, _("登记效果评估"), _("效果评估应当另行委托，不能由实施单位自己评估。")),
        write,
    )


@staff_page("farmland.read")
def zone_approve(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The approval of a zone."""

    def write(row: Any, actor: Actor, said: dict[str, Any]) -> str:
        approval = Approval(said["number"], said["authority"], said["on"], said["why"])
        zones.approve(row, approval, paper_of(said["file"], "approval"), by=actor, at=clock.now())
        return _("已登记批准：接着公告、设置标识。")

    return _act(
        request, ZONES, uid, (ApproveForm, _("登记区域批准"), _("区域由本级人民政府批准后实施，批准前不生效。")), write
    )


@staff_page("farmland.read")
def zone_announce(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The announcement of a zone."""

    def write(row: Any, actor: Actor, said: dict[str, Any]) -> str:
        paper = paper_of(said["file"], "announcement")
        zones.announce(row, said["on"], said["address"], paper, by=actor, at=clock.now())
        return _("已登记公告：区域已对公众公开。")

    return _act(request, ZONES, uid, (AnnounceForm, _("登记区域公告"), ""), write)


@staff_page("farmland.read")
def zone_sign(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The signs of a zone."""

    def write(row: Any, actor: Actor, said: dict[str, Any]) -> str:
        zones.set_sign(row, said["on"], paper_of(said["file"], "sign"), by=actor, at=clock.now())
        return _("已登记标识。")

    return _act(request, ZONES, uid, (ProofForm, _("登记区域标识"), ""), write)


@staff_page("farmland.read")
def zone_end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The end of a zone."""

    def write(row: Any, actor: Actor, said: dict[str, Any]) -> str:
        zones.end(row, said["on"], paper_of(said["file"], "ended"), by=actor, at=clock.now())
        return _("已登记解除。")

    return _act(request, ZONES, uid, (ProofForm, _("登记区域解除"), _("凭政府同意解除的文件登记。")), write)


@staff_page("farmland.read")
def recommend(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A technique or variety put on the recommended list."""

    def write(row: Any, actor: Actor, said: dict[str, Any]) -> str:
        paper = paper_of(said["file"], "recommended") if said["file"] else None
        library.recommend(row, said["on"], said["document"], paper, by=actor, at=clock.now())
        return _("已列入推荐清单。")

    note = _("自列入日期起在推荐清单上；以前的日子照旧。")
    return _act(request, TECHNIQUES, uid, (RecommendForm, _("列入推荐清单"), note), write)


@staff_page("farmland.read")
def strike(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A technique or variety taken off the recommended list."""

    def write(row: Any, actor: Actor, said: dict[str, Any]) -> str:
        library.strike(row, said["on"], said["why"], by=actor, at=clock.now())
        return _("已移出推荐清单。")

    note = _("自移出日期起不在推荐清单上；列入期间的记录保留。列错了的，移出日期填列入日期。")
    return _act(request, TECHNIQUES, uid, (StrikeForm, _("移出推荐清单"), note), write)


@staff_page("farmland.read")
def rate_explain(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Why the approved rate and ours differ."""

    def write(row: Any, actor: Actor, said: dict[str, Any]) -> str:
        rates.explain(row, said["explained"], by=actor, at=clock.now())
        return _("已登记差异说明。")

    actor = actor_of(request)
    _kept, row = held_or_404(actor, RATES, uid)
    title = _("说明核定值与自算值的差异")
    context = {
        "title": title, "crumbs": crumbs(RATES, uid, title), "save": _("登记"),
        "done": f"{reverse('farmland:rate')}?year={row.year}&division={row.division.code}",  # type: ignore[attr-defined]
    }  # fmt: skip
    record = reverse("kit:record", args=[RATES, str(uid)])
    return asked(request, posted(ExplainForm, request), context, lambda said: write(row, actor, said), record)


@staff_page("farmland.read")
def crop_exit(request: HttpRequest) -> HttpResponse:
    """Every unit of the zones in force with what is grown on it this year."""
    actor, on = actor_of(request), page_day(request)
    rows = exits.exits(exits.in_force(exits.zones(actor, on), on), on.year, Then(on.year, on), actor)
    names = names_of([one.unit.pk for one in rows], on)
    order = {False: 0, None: 1, True: 2}
    lines = [(one, names.get(one.unit.pk, one.unit.number)) for one in sorted(rows, key=lambda one: order[one.left])]
    listed = reverse("kit:collection", args=[ZONES])
    context = {
        "lines": lines,
        "year": on.year,
        "staying": sum(one.left is False for one in rows),
        "unknown": sum(one.left is None for one in rows),
        "crumbs": [(_("特定农产品禁止生产区域"), listed), (_("作物退出"), "")],
    }
    return render(request, "farmland/crop_exit.html", context)
