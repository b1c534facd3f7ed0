"""Pages of the review: opinions, quality forms, passing and its taking back; first-pass rates; lots of reports checked again."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import may
from soildesk.enterprises.sentences import language
from soildesk.enterprises.sentences import said as in_words
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.refused import stopped
from soildesk.land.pages.forms import posted
from soildesk.land.pages.parcels import asked
from soildesk.land.services.writing import place_at
from soildesk.plots.models import Expert, Recheck, Report
from soildesk.plots.pages.reports import State, ask, crumbs, seen, while_
from soildesk.plots.queries import firstpass
from soildesk.plots.queries import reports as found
from soildesk.plots.reportfields import name_of
from soildesk.plots.reportforms import (
    BRANCH,
    AcceptForm,
    DrawForm,
    ExpertOpinionForm,
    GroundForm,
    OpinionForm,
    ReasonForm,
)
from soildesk.plots.reportwords import form_name, url_of
from soildesk.plots.services import disclosure, reports, reviews
from soildesk.plots.services import forms as quality
from soildesk.plots.services.events import Document
from soildesk.plots.services.reportevents import Passed
from soildesk.plots.services.reviews import OfExpert, Said
from soilrules.plots.quality_forms import FormKey, quality_forms
from soilrules.plots.reports import ReportKind


def _paper(upload: Any) -> Document | None:
    return Document(upload.name, upload.read()) if upload else None


@staff_page("plots.read")
def opinion(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The opinion of an office."""
    actor, report = seen(request, uid, "plots.review")
    own = reviews.own_side(actor)
    name = actor.person.department.name if own and actor.person and actor.person.department else ""
    values = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    on_paper = may(actor, "plots.accept", report)
    form = OpinionForm(own=own, own_name=name, may_paper=on_paper, initial={"on": clock.today()}, **values)

    def check() -> None:
        reports.need_state(report, State.REVIEWING)
        reviews.need_side(own or on_paper)

    def write(told: dict[str, Any]) -> str:
        paper = told["whose"] != "own"
        branch = told["level"] == BRANCH
        opined = Said(
            told["verdict"], told["text"], told["on"], told["document"], told["dissent"], file=_paper(told["paper"]),
            authority=told["authority"] if paper else "", side=told["whose"] if paper else "",
            level=("county" if branch else told["level"]) if paper else "", acting_for="city" if branch and paper else "",
        )  # fmt: skip
        made = reviews.opine(report, opined, by=actor, at=clock.now())
        return _("已登记意见：%(verdict)s。") % {"verdict": made.get_verdict_display()}

    return ask(request, report, form, write, title=_("评审意见"), save=_("登记"), check=check)


@staff_page("plots.read")
def expert(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The opinion of an expert of the panel."""
    actor, report = seen(request, uid, "plots.accept")
    pool = list(Expert.objects.visible_to(actor))
    values = {"data": request.POST} if request.method == "POST" else {}
    form = ExpertOpinionForm(experts=pool, initial={"on": clock.today()}, **values)

    def write(told: dict[str, Any]) -> str:
        one = next(each for each in pool if str(each.uid) == told["expert"])
        declared = {"1": True, "0": False}.get(told["declared"])
        opined = OfExpert(one, told["verdict"], told["text"], told["on"], declared, told["interest"], told["dissent"])
        reviews.opine_as_expert(report, opined, by=actor, at=clock.now())
        return _("已登记专家意见。")

    note = _("与编制、委托、检测、使用权人或施工单位同一单位，或声明有利害关系的专家，不能参加评审。")
    if not pool:
        note = _("专家库还是空的：请先在“评审专家”中登记。")
    return ask(
        request,
        report,
        form,
        write,
        title=_("专家意见"),
        save=_("登记"),
        note=note,
        check=while_(report, State.REVIEWING),
    )


@staff_page("plots.read")
def overrule(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The written ground beside an expert's opinion that is not to pass."""
    actor, report = seen(request, uid, "plots.accept")
    opinions = found.against(report)
    values = {"data": request.POST} if request.method == "POST" else {}
    form = GroundForm(opinions=opinions, **values)

    def write(told: dict[str, Any]) -> str:
        one = next(each for each in opinions if str(each.pk) == told["opinion"])
        reviews.overrule(report, one, told["ground"], told["document"], by=actor, at=clock.now())
        return _("已写入评审经过。")

    note = _("专家不同意的报告应当退回修改、重新提交；确需通过的，由负责人写明理由，以本人姓名留在评审经过里。")
    if not opinions:
        note = _("本轮没有需要说明的专家意见。")
    return ask(
        request,
        report,
        form,
        write,
        title=_("说明专家意见"),
        save=_("写入"),
        note=note,
        check=while_(report, State.REVIEWING),
    )


@staff_page("plots.read")
def quality_form(request: HttpRequest, uid: UUID, key: str) -> HttpResponse:
    """One quality form: every item answered, the verdict computed."""
    actor, report = seen(request, uid, "plots.review")
    if key not in list(FormKey):
        raise Http404(key)
    check = while_(report, State.SUBMITTED, State.REVIEWING, State.ACCEPTED)
    if answer := stopped(request, check, url_of(report), _("回到这份报告")):
        return answer
    form = quality_forms()[FormKey(key)]
    refused, judged = "", None
    before = found.forms_now(report).get(key)
    answers = dict(before.answers) if before else {}
    remarks = dict(before.remarks) if before else {}
    if request.method == "POST":
        answers = {one.no: request.POST.get(f"answer-{one.no}", "") for one in form.items}
        remarks = {one.no: request.POST.get(f"remark-{one.no}", "") for one in form.items}
        try:
            judged = quality.judge(key, answers)
            if request.POST.get("step") == "save":
                quality.fill(report, key, answers, remarks, by=actor, at=clock.now())
                return HttpResponseRedirect(url_of(report) + "#forms")
        except Refusal as refusal:
            refused = str(refusal)
    context = {
        "report": report,
        "title": form_name(key),
        "starred": any(one.starred for one in form.items),
        "rows": [_row(form, one, answers, remarks) for one in form.items],
        "judged": in_words(judged.message) if judged else "",
        "refused": refused,
        "back": url_of(report),
        "crumbs": crumbs(report, form_name(key)),
    }
    return render(request, "plots/quality_form.html", context, status=422 if refused else 200)


def _row(form: Any, item: Any, answers: dict[str, str], remarks: dict[str, str]) -> dict[str, Any]:
    words = {"yes": _("是"), "no": _("否"), "unsupported": _("材料不支撑"), "not_applicable": _("不适用")}
    return {
        "no": item.no,
        "name": item.en if language() == "en" else item.zh,
        "starred": item.starred,
        "choices": [(str(one), words[str(one)], answers.get(item.no) == str(one)) for one in form.answers_of(item)],
        "remark": remarks.get(item.no, ""),
    }


@staff_page("plots.read")
def accept(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Passed, or a plan filed."""
    actor, report = seen(request, uid, "plots.accept")
    form = posted(AcceptForm, request, {"on": clock.today(), "filed_on": clock.today()})
    if report.kind != ReportKind.EFFECT_EVALUATION or (report.computed.get("targets") and not report.explained.strip()):
        del form.fields["statistics"]  # of other reports there is none; where it is computed nobody writes it

    def write(told: dict[str, Any]) -> str:
        passed = Passed(
            told["on"], document=told["document"], filed_on=told["filed_on"], note=told["note"],
            statistics=told.get("statistics", ""), file=_paper(told["paper"]),
        )  # fmt: skip
        reviews.accept(report, passed, by=actor, at=clock.now())
        if report.kind == ReportKind.AFTERCARE:  # it moves no stage
            return _("已登记通过。")
        return _("已登记通过，地块的阶段已按报告结论更新。")

    told_by_refusal = request.method == "POST"  # what is in the way stands in the refusal, once
    blocking = [] if told_by_refusal else found.in_the_way(report, actor.today)
    note = (
        _("还不能通过：%(why)s") % {"why": " ".join(blocking)} if blocking else _("通过后，地块的阶段按报告结论更新。")
    )
    return ask(
        request,
        report,
        form,
        write,
        title=_("评审通过"),
        save=_("登记通过"),
        note=note,
        check=while_(report, State.REVIEWING),
    )


@staff_page("plots.read")
def take_back(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Passing taken back."""
    actor, report = seen(request, uid, "plots.accept")

    def write(told: dict[str, Any]) -> str:
        reviews.take_back(report, told["why"], by=actor, at=clock.now())
        return _("已撤销通过，地块的阶段已退回。")

    note = _("用于误登：由本报告登记的地块事项一并撤销，报告退回修改。以它为前提的后续事项要先撤销。")
    return ask(
        request,
        report,
        posted(ReasonForm, request),
        write,
        title=_("撤销通过"),
        save=_("撤销"),
        note=note,
        check=while_(report, State.ACCEPTED),
    )


class SpanForm(forms.Form):
    """Which reports are counted."""

    year = forms.IntegerField(required=False)
    kind = forms.CharField(required=False)


@staff_page("plots.read_reviews")
def first_pass(request: HttpRequest) -> HttpResponse:
    """How often the reports of each consultant passed at once."""
    actor, today = actor_of(request), clock.today()
    asked_for = SpanForm(request.GET)
    year = asked_for.cleaned_data.get("year") if asked_for.is_valid() else None
    kind = request.GET.get("kind", "")
    kind = kind if kind in list(ReportKind) else ""
    since = date(year, 1, 1) if year and 2017 <= year <= today.year else date(2017, 1, 1)
    until = date(since.year + 1, 1, 1) if year and since.year == year else today + timedelta(days=1)
    rows = [_rate(one) for one in firstpass.consultants(actor, since, until, kind)]
    context = {
        "rows": rows,
        "year": year or "",
        "years": range(today.year, 2016, -1),
        "kind": kind,
        "kinds": [(str(one), name_of(one)) for one in ReportKind],
        "crumbs": [(_("地块报告"), reverse("kit:collection", args=["plot_reports"])), (_("一次通过率"), "")],
    }
    return render(request, "plots/first_pass.html", context)


def _rate(one: firstpass.Consultant) -> dict[str, Any]:
    figures = one.figures
    span = figures.interval
    drawn: dict[str, Any] = {"bar": span is not None}
    if span is not None and figures.rate is not None:
        low, high = span
        drawn |= {"x": _svg(low), "w": _svg(high - low), "at": _svg(figures.rate)}
        drawn |= {"low": _percent(low), "high": _percent(high)}
    return {
        "name": one.name,
        "key": one.key,
        "passed": figures.passed,
        "reviewed": figures.reviewed,
        "waiting": figures.waiting,
        "rate": _percent(figures.rate),
        **drawn,
    }


def _svg(share: Decimal) -> str:
    return f"{share * 100:.1f}"


def _percent(share: Decimal | None) -> str:
    return "" if share is None else f"{share * 100:.1f}".removesuffix(".0")


@staff_page("plots.read_reviews")
def rechecks(request: HttpRequest) -> HttpResponse:
    """The lots that were drawn, each to be drawn again by anybody."""
    actor = actor_of(request)
    lots = [_lot(one) for one in Recheck.objects.visible_to(actor).order_by("-drawn_at")]
    context = {
        "lots": lots,
        "may_draw": may(actor, "plots.draw"),
        "crumbs": [(_("地块报告"), reverse("kit:collection", args=["plot_reports"])), (_("抽查复核"), "")],
    }
    return render(request, "plots/rechecks.html", context)


def _lot(one: Recheck) -> dict[str, Any]:
    reports = {each.number: each for each in Report.objects.filter(number__in=one.drawn)}
    told = {
        act.report.number: act.note
        for report in reports.values()
        for act in report.acts.filter(kind="rechecked").select_related("report").order_by("at", "id")
    }
    return {
        "lot": one,
        "rows": [(number, reports.get(number), told.get(number, "")) for number in one.drawn],
        "digest": disclosure.digest(one.urn),
        "same": disclosure.again(one),
    }


@staff_page("plots.read_reviews")
def draw(request: HttpRequest) -> HttpResponse:
    """A lot drawn."""
    actor = actor_of(request)

    def write(told: dict[str, Any]) -> str:
        made = disclosure.draw(
            place_at("", actor), told["year"], told["percent"] / 100, told["seed"], by=actor, at=clock.now()
        )
        return _("已从 %(all)d 份报告中抽出 %(n)d 份。") % {"all": len(made.urn), "n": len(made.drawn)}

    back = reverse("plots:rechecks")
    context = {
        "title": _("抽取复核报告"),
        "note": _("同一批报告、同一种子抽出的总是同样的报告：种子请事先公布，结果任何人都能重新抽出来核对。"),
        "save": _("抽取"),
        "crumbs": [(_("抽查复核"), back), (_("抽取"), "")],
    }
    initial = {"year": clock.today().year, "percent": 10}
    return asked(request, posted(DrawForm, request, initial), context, write, back)


@staff_page("plots.read")
def rechecked(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What a second look at a drawn report found."""
    actor, report = seen(request, uid, "plots.accept")

    def write(told: dict[str, Any]) -> str:
        disclosure.rechecked(report, told["why"], by=actor, at=clock.now())
        return _("已登记复核结果。")

    form = posted(ReasonForm, request)
    form.fields["why"].label = _("复核结果")
    return ask(
        request,
        report,
        form,
        write,
        title=_("复核结果"),
        save=_("登记"),
        check=partial(disclosure.need_drawn, report, actor),
    )
