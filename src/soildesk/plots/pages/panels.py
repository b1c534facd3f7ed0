"""Panels of experts: an office asks, names the account of an expert; the expert reads what he was asked for and answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock, files
from soildesk.core.pages.work import handed_out
from soildesk.core.permissions import require
from soildesk.core.queries import person_named
from soildesk.enterprises.sentences import said as in_words
from soildesk.kit.access import actor_of, staff_page
from soildesk.land.pages.forms import posted
from soildesk.land.pages.parcels import asked
from soildesk.plots.models import Expert, Opinion, Report
from soildesk.plots.pages.reports import State, ask, seen, while_
from soildesk.plots.queries import panels, parties
from soildesk.plots.refusals import ReportRefused
from soildesk.plots.reportfields import name_of
from soildesk.plots.reportforms import DECLARED
from soildesk.plots.services import panels as acts
from soildesk.plots.services.reviews import OfExpert

OPINE = acts.OPINE
FILE_KIND = "report"


class AccountForm(forms.Form):
    """Which account an expert signs in with."""

    username = forms.CharField(
        label=_l("用户名"), max_length=60, help_text=_l("由系统管理员建立、只有“评审专家”角色的账户")
    )


class AskForm(forms.Form):
    """Whom to ask."""

    experts = forms.MultipleChoiceField(label=_l("专家"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, pool: list[Expert], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own, none = _("有登录账户，会收到消息"), _("没有登录账户，意见由单位代录")
        self.fields["experts"].choices = [  # type: ignore[attr-defined]
            (str(one.uid), f"{one.name}（{one.employer}；{own if one.person_id else none}）") for one in pool
        ]


class PanelForm(forms.Form):
    """What an expert says with his own account."""

    declared = forms.ChoiceField(
        label=_l("利害关系声明"), choices=DECLARED, help_text=_l("与编制、委托、检测、使用权人、责任人或施工单位")
    )
    interest = forms.CharField(
        label=_l("声明内容"), max_length=300, required=False, help_text=_l("有利害关系的必须写明")
    )
    verdict = forms.ChoiceField(
        label=_l("意见"), choices=Opinion.Verdict.choices, widget=forms.RadioSelect, required=False
    )
    text = forms.CharField(
        label=_l("具体意见"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    dissent = forms.BooleanField(label=_l("记为不同意见"), required=False)


@staff_page("plots.read")
def ask_experts(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Experts asked for their opinion."""
    actor, report = seen(request, uid, "plots.accept")
    pool = list(Expert.objects.visible_to(actor).order_by("name", "id"))
    asked_already = {one.seat.expert_id for one in panels.of_report(report)}
    left = [one for one in pool if one.pk not in asked_already]
    form = AskForm(request.POST or None, pool=left)

    def write(told: dict[str, Any]) -> str:
        chosen = [one for one in left if str(one.uid) in told["experts"]]
        made = acts.ask(report, chosen, by=actor, at=clock.now())
        return _("已请 %(n)d 位专家评审。") % {"n": len(made)}

    note = _("与报告各方同一单位、聘期已过的专家请不到；请到以后，专家还要自己声明有无利害关系。")
    return ask(
        request, report, form, write, title=_("请专家评审"), save=_("邀请"), note=note,
        check=while_(report, State.REVIEWING),
    )  # fmt: skip


@staff_page("plots.keep_experts")
def account(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The account of an expert."""
    actor = actor_of(request)
    expert: Expert = get_object_or_404(Expert.objects.visible_to(actor), uid=uid)
    require(actor, "plots.keep_experts", expert)
    record = reverse("kit:record", args=["plot_experts", str(uid)])

    def write(told: dict[str, Any]) -> str:
        person = person_named(told["username"].strip())
        if person is None:
            raise ReportRefused(
                _("没有用户“%(name)s”，或已停用：请核对用户名，或请系统管理员建立账户。") % {"name": told["username"]},
                code="plots.report.not_found",
            )
        acts.give_account(expert, person, by=actor, at=clock.now())
        return _("%(name)s 可以登录填写评审意见。") % {"name": expert.name}

    title = _("指定登录账户 %(name)s") % {"name": expert.name}
    listed = reverse("kit:collection", args=["plot_experts"])
    context = {
        "title": title,
        "note": _("专家登录后只看到请他评审的报告，看不到地块台账和其他报告。"),
        "save": _("指定"),
        "crumbs": [(_("评审专家"), listed), (expert.name, record), (_("指定登录账户"), "")],
    }
    return asked(request, posted(AccountForm, request), context, write, record)


@staff_page(OPINE)
def own(request: HttpRequest) -> HttpResponse:
    """What an expert was asked for: what waits for him first."""
    actor = actor_of(request)
    context = {"rows": panels.of_expert(actor), "expert": panels.expert_of(actor)}
    return render(request, "plots/panels.html", context)


@staff_page(OPINE)
def sheet(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The sheet of an expert: the report, who its parties are, the opinion."""
    actor = actor_of(request)
    held = panels.seat_of(actor, uid)
    if held is None:
        raise Http404(str(uid))
    report, form, refused = held.seat.report, PanelForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            _say(form.cleaned_data, report, request)
            return HttpResponseRedirect(reverse("plots:panel", args=[uid]))
        except ReportRefused as refusal:
            refused = str(refusal)
    judged = parties.judge(report, held.seat.expert, False)
    context = {
        "seated": held, "report": report, "kind": name_of(report.kind), "form": form, "refused": refused,
        "bound": in_words(judged.message) if judged.conflict == "yes" else "",
        "parties": _parties(report),
        "papers": [one for one in files.uses_of(report) if one.kind == FILE_KIND],
        "crumbs": [(_("请我评审的报告"), reverse("plots:panels")), (report.number, "")],
    }  # fmt: skip
    status = 422 if refused or (request.method == "POST" and form.errors) else 200
    return render(request, "plots/panel_sheet.html", context, status=status)


def _say(told: dict[str, Any], report: Report, request: HttpRequest) -> None:
    actor, at = actor_of(request), clock.now()
    if told["declared"] == "1":
        acts.leave(report, told["interest"], by=actor, at=at)
        return
    declared = False if told["declared"] == "0" else None
    seat = panels.seat_of(actor, report.uid)
    if seat is None:
        raise Http404(str(report.uid))
    opined = OfExpert(
        seat.seat.expert, told["verdict"], told["text"], None, declared, told["interest"], told["dissent"]
    )
    acts.opine(report, opined, by=actor, at=at)


def _parties(report: Report) -> list[tuple[str, str]]:
    """The parties an expert may know by name: no person's."""
    laboratories = "、".join(sorted({one for one in report.batches.values_list("laboratory", flat=True) if one}))
    found = [(_("编制单位"), report.author), (_("委托单位"), report.client), (_("检测单位"), laboratories)]
    return [(title, name) for title, name in found if name]


@staff_page(OPINE)
def paper(request: HttpRequest, uid: UUID, file: UUID) -> HttpResponse:
    """A file of a report an expert was asked to review, as long as he sits on its panel."""
    held = panels.seat_of(actor_of(request), uid)
    uses = files.uses_of(held.seat.report) if held and not held.seat.left_on else []
    use = next((one for one in uses if one.uid == file and one.kind == FILE_KIND), None)
    if use is None:
        raise Http404(str(file))
    return handed_out(use)
