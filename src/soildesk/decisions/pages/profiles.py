"""The page of local rules: what holds here since when, what each rule says before and after it is adopted, and the template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_GET

from soildesk.core import clock, files
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, may
from soildesk.decisions.models import LocalProfile
from soildesk.decisions.queries import profiles as profiles_found
from soildesk.decisions.rulesshown import Shown, rows_of
from soildesk.decisions.ruletemplate import workbook
from soildesk.decisions.services import profiles
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day
from soildesk.kit.downloads import download
from soildesk.land.pages.forms import Day, posted
from soildesk.land.queries.choices import towns
from soildesk.land.services.writing import place_at
from soilrules.gate.profiles import Profile

Held = tuple[LocalProfile, Profile, Sequence[Shown]]


class AdoptForm(forms.Form):
    """Rules adopted."""

    division = forms.ChoiceField(label=_l("适用地区"))
    profile = forms.ChoiceField(label=_l("属地规则"))
    document = forms.CharField(
        label=_l("依据文号"), max_length=120, help_text=_l("当地方案的文号；没有属地规则的，写明由谁、何时核对")
    )  # fmt: skip
    since = forms.DateField(label=_l("自哪一天起采用"), widget=Day)
    part_of = forms.BooleanField(
        label=_l("声明：适用地区属于这份规则所在的地区，只是区划代码不在其下（如新设的开发区）"), required=False
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["profile"].choices = [("", _("请选择"))]

    def of(self, actor: Actor) -> AdoptForm:
        """The form with the places of an actor and the rules they may adopt."""
        self.fields["profile"].choices = [("", _("请选择")), *profiles_found.choices(actor)]
        self.fields["division"].choices = towns(actor, actor.today)
        return self


@staff_page("decisions.read")
def overview(request: HttpRequest) -> HttpResponse:
    """Which local rules hold, what they say, and the form to adopt others."""
    actor, on = actor_of(request), page_day(request)
    allowed = may(actor, profiles.ADOPT)
    own = place_at("", actor).division.path
    form = posted(AdoptForm, request, {"since": clock.today(), "division": own}).of(actor)
    context: dict[str, Any] = {"form": form, "allowed": allowed, "on": on}
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            place = place_at(said["division"], actor)
            paper, since, part_of = said["document"], said["since"], said["part_of"]
            profiles.adopt(said["profile"], paper, since, place, part_of=part_of, by=actor, at=clock.now())
        except Refusal as refusal:
            context["refused"] = str(refusal)
        else:
            messages.success(request, _("自 %(day)s 起采用。以前的核查不变。") % {"day": said["since"]})
            return HttpResponseRedirect(reverse("decisions:profiles"))
    context |= {"rows": _adopted(actor, on), "offered": _offered(actor), "may_enter": may(actor, profiles.ENTER)}
    context["crumbs"] = [(_("属地规则"), "")]
    return render(request, "decisions/profiles.html", context, status=422 if request.method == "POST" else 200)


@require_GET
@staff_page("decisions.enter_rules")
def template(request: HttpRequest) -> HttpResponse:
    """The workbook to fill in."""
    return download(workbook(), _("本地规则模板"), "xlsx")


def _adopted(actor: Actor, on: date) -> list[Held]:
    """What holds on a day, with its rules in words."""
    found = [(row, profiles_found.rules_of(row)) for row in profiles_found.standing(actor, on)]
    return [(row, rules, rows_of(rules)) for row, rules in found if rules is not None]


def _offered(actor: Actor) -> list[Mapping[str, Any]]:
    """The rules there are, each in words, with the workbook where it was entered here."""
    own = {str(one.uid): one for one in profiles_found.entered(actor)}
    papers = {one.subject_id: one for uses in files.uses_of_many(own.values()).values() for one in uses}
    return [
        {
            "key": key,
            "name": name,
            "rules": rules,
            "rows": rows_of(rules),
            "own": own.get(key),
            "paper": papers.get(own[key].pk) if key in own else None,
        }
        for key, name, rules in profiles_found.offered(actor)
    ]
