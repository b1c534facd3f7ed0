"""The page of local rules: what holds here since when, what each rule says, and another adopted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, may
from soildesk.decisions.queries import profiles as found
from soildesk.decisions.services import profiles
from soildesk.decisions.words import FORCES
from soildesk.enterprises.sentences import how_sure
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day
from soildesk.land.pages.forms import Day, posted
from soildesk.land.queries.choices import towns
from soildesk.land.services.writing import place_at
from soilrules.gate.profiles import Profile
from soilrules.gate.rules import check_rules


class AdoptForm(forms.Form):
    """Rules adopted."""

    division = forms.ChoiceField(label=_l("适用地区"))
    profile = forms.ChoiceField(label=_l("属地规则"))
    document = forms.CharField(
        label=_l("依据文号"), max_length=120, help_text=_l("当地方案的文号；没有属地规则的，写明由谁、何时核对")
    )  # fmt: skip
    since = forms.DateField(label=_l("自哪一天起采用"), widget=Day)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["profile"].choices = [("", _("请选择")), *found.choices()]

    def of(self, actor: Actor) -> AdoptForm:
        """The form with the places of an actor."""
        self.fields["division"].choices = towns(actor, actor.today)
        return self


@staff_page("decisions.read")
def overview(request: HttpRequest) -> HttpResponse:
    """Which local rules hold, what they say, and the form to adopt others."""
    actor, on = actor_of(request), page_day(request)
    allowed = may(actor, profiles.ADOPT)
    form = posted(AdoptForm, request, {"since": clock.today()}).of(actor)
    context: dict[str, Any] = {"form": form, "allowed": allowed, "on": on}
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            place = place_at(said["division"], actor)
            profiles.adopt(said["profile"], said["document"], said["since"], place, by=actor, at=clock.now())
        except Refusal as refusal:
            context["refused"] = str(refusal)
        else:
            messages.success(request, _("自 %(day)s 起采用。以前的核查不变。") % {"day": said["since"]})
            return HttpResponseRedirect(reverse("decisions:profiles"))
    context["rows"] = [
        (row, rules, _rules(rules)) for row in found.standing(actor, on) if (rules := found.rules_of(row)) is not None
    ]
    context["crumbs"] = [(_("属地规则"), "")]
    return render(request, "decisions/profiles.html", context, status=422 if request.method == "POST" else 200)


def _rules(profile: Profile) -> Sequence[dict[str, Any]]:
    """Each rule of a profile: what it is about, at which acts, how binding, and its words."""
    rows = [
        {
            "title": check_rules()[one.check].zh,
            "acts": "、".join(sorted(one.acts)) or _("各事项"),
            "force": FORCES[one.force],
            "words": one.basis.words,
            "cited": one.basis.cited,
            "sure": how_sure(one.basis.mark),
        }
        for one in profile.rows
    ]
    moments = [
        {
            "title": check_rules()["local_moments"].zh,
            "acts": "、".join(sorted(one.acts)),
            "force": FORCES[one.force],
            "words": one.basis.words,
            "cited": one.basis.cited,
            "sure": how_sure(one.basis.mark),
        }
        for one in profile.moments
    ]
    return [*rows, *moments]
