"""风险评估: the sites of the actor's divisions, and one site with its runs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_GET, require_http_methods

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, NotAllowed
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.pages import register_list
from soildesk.kit.parts import Act, Fact
from soildesk.standards import riskview
from soildesk.standards.models import RiskRun, RiskSite
from soildesk.standards.pages.finding import site_or_404, stopped
from soildesk.standards.queries import risk as queries
from soildesk.standards.riskregister import SITES
from soildesk.standards.services import risk as services

REFUSED = 422
FACTS = ("name", "address", "planned_use", "former_use")


class SiteForm(forms.Form):
    """What is said of a site."""

    name = forms.CharField(label=_l("地块名称"), max_length=120, help_text=_l("如“原青禾农药厂地块”。"))
    division = forms.ChoiceField(label=_l("行政区划"))
    address = forms.CharField(label=_l("位置"), max_length=200, required=False)
    planned_use = forms.CharField(
        label=_l("规划用途"),
        max_length=120,
        required=False,
        help_text=_l("如“中小学用地”；不明确的留空，按第一类用地评估。"),
    )
    former_use = forms.CharField(label=_l("曾经用途"), max_length=120, required=False)

    def __init__(self, *args: Any, divisions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"].choices = divisions  # type: ignore[attr-defined]

    def facts(self) -> services.SiteFacts:
        """The facts as the service takes them."""
        return services.SiteFacts(**{name: self.cleaned_data[name] for name in FACTS})


def site_list(request: HttpRequest) -> HttpResponse:
    """Every site in reach with its last run."""
    return register_list(request, SITES)


@require_http_methods(["GET", "POST"])
@staff_page("standards.assess_risk")
def new_site(request: HttpRequest) -> HttpResponse:
    """A new site; the form of its first assessment follows."""
    actor = actor_of(request)
    places = {str(one.pk): one for one in queries.choosable_divisions(actor)}
    form = SiteForm(request.POST or None, divisions=[(pk, one.name) for pk, one in places.items()])
    if request.method == "GET" or not form.is_valid():
        return _form_page(request, form, _("新建地块"))
    division = places[form.cleaned_data["division"]]
    department = queries.keeper(actor, division)
    if department is None:
        return _form_page(request, form, _("新建地块"), _("该区划没有登记单位，请先登记单位。"))
    try:
        site = services.create_site(form.facts(), division, department, by=actor, at=clock.now())
    except (Refusal, NotAllowed) as refusal:
        return _form_page(request, form, _("新建地块"), str(refusal))
    messages.success(request, _("已建立“%(name)s”。接着填写污染物和参数。") % {"name": site.name})
    return redirect("standards:risk_assess", uid=site.uid)


@require_http_methods(["GET", "POST"])
@staff_page("standards.read")
def edit_site(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Correct what is said of a site."""
    actor = actor_of(request)
    site = site_or_404(actor, uid)
    given = {name: getattr(site, name) for name in FACTS} | {"division": str(site.division_id)}
    form = SiteForm(request.POST or None, initial=given, divisions=[(str(site.division_id), site.division.name)])
    if request.method == "GET" or not form.is_valid():
        return _form_page(request, form, _("改正地块信息"), site=site)
    try:
        services.correct_site(site, form.facts(), by=actor, at=clock.now())
    except (Refusal, NotAllowed) as refusal:
        return _form_page(request, form, _("改正地块信息"), str(refusal), site=site)
    messages.success(request, _("已改正。"))
    return redirect("standards:risk_site", uid=site.uid)


def _form_page(
    request: HttpRequest, form: SiteForm, title: str, refused: str = "", *, site: RiskSite | None = None
) -> HttpResponse:
    crumbs = [(_("风险评估"), reverse("standards:risk_sites"))]
    if site:
        crumbs.append((site.name, reverse("standards:risk_site", args=[site.uid])))
    context = {
        "form": form,
        "title": title,
        "refused": refused,
        "crumbs": [*crumbs, (title, "")],
        "leave": crumbs[-1][1],
    }
    wrong = bool(refused or form.errors)
    return render(request, "standards/risk/site_form.html", context, status=REFUSED if wrong else 200)


@require_GET
@staff_page("standards.read")
def show_site(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A site: what it is, what its runs said, what to do next."""
    actor = actor_of(request)
    site = site_or_404(actor, uid)
    runs = queries.runs_of(site, actor)
    context = {
        "site": site,
        "record_title": site.name,
        "record_chips": [riskview.outcome_chip(runs[0].outcome)] if runs else [],
        "record_acts": _acts(site, actor, runs),
        "record_facts": _facts(site),
        "runs": [(run, riskview.outcome_chip(run.outcome), riskview.changes_of(run)) for run in runs],
        "draft": queries.draft_of(site, actor),
        "may_assess": not stopped(actor, services.PERMISSION, site),
        "crumbs": [(_("风险评估"), reverse("standards:risk_sites")), (site.name, "")],
    }
    return render(request, "standards/risk/site.html", context)


def _acts(site: RiskSite, actor: Actor, runs: list[RiskRun]) -> list[Act]:
    why = stopped(actor, services.PERMISSION, site)
    again = _("改动后再评估") if runs else _("填写并评估")
    acts = [Act(again, reverse("standards:risk_assess", args=[site.uid]), "pencil", primary=not why, stopped_by=why)]
    if not why:
        acts.append(Act(_("改正地块信息"), reverse("standards:risk_edit", args=[site.uid])))
    return acts


def _facts(site: RiskSite) -> list[Fact]:
    return [
        Fact(_("行政区划"), site.division.name),
        Fact(_("位置"), site.address),
        Fact(_("规划用途"), site.planned_use),
        Fact(_("曾经用途"), site.former_use),
        Fact(_("评估单位"), str(site.owner_department)),
    ]
