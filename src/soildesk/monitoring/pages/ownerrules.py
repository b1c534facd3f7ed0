"""Pages of local rules of owners: register one, read one and end it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock
from soildesk.core.permissions import require
from soildesk.kit.access import actor_of, staff_page
from soildesk.land.pages.forms import Day, EndForm, posted
from soildesk.land.pages.parcels import asked
from soildesk.land.queries.choices import department, keepers
from soildesk.monitoring.models import Medium, OwnerRule
from soildesk.monitoring.queries.ownerrules import places, rule_of
from soildesk.monitoring.register.ownerrules import LANDS
from soildesk.monitoring.services import ownerrules
from soildesk.monitoring.services.ownerrules import Said


class RuleForm(forms.Form):
    """One rule."""

    division = forms.ChoiceField(label=_l("行政区"), help_text=_l("对所选区域及其下级都有效；小的地方优先。"))
    media = forms.MultipleChoiceField(label=_l("介质"), choices=Medium.choices, widget=forms.CheckboxSelectMultiple)
    lands = forms.MultipleChoiceField(
        label=_l("用地"), choices=list(LANDS.items()), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_l("一个都不选为不限用地。"),
    )  # fmt: skip
    leads = forms.ChoiceField(label=_l("牵头单位"))
    supports = forms.MultipleChoiceField(
        label=_l("配合单位"), required=False, widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_l("可以多选（按住 Ctrl）。"),
    )  # fmt: skip
    force = forms.ChoiceField(label=_l("效力"), choices=OwnerRule.Force.choices)
    source = forms.CharField(label=_l("依据"), max_length=300, help_text=_l("文件名称、文号和条款。"))
    since = forms.DateField(label=_l("自哪一天起"), widget=Day)


@staff_page("monitoring.keep_owners")
def new(request: HttpRequest) -> HttpResponse:
    """Register a rule."""
    actor = actor_of(request)
    listed = reverse("kit:collection", args=["ownerrules"])
    form = posted(RuleForm, request, {"since": clock.today()})
    divisions = places(actor)
    choices: dict[str, Any] = {
        "division": [(str(one.pk), one.name) for one in divisions],
        "leads": keepers(actor, actor.today),
        "supports": keepers(actor, actor.today),
    }
    for name, given in choices.items():
        form.fields[name].choices = given  # type: ignore[attr-defined]

    def write(said: dict[str, Any]) -> str:
        owners = [_department(one) for one in (said["leads"], *said["supports"])]
        named = {name: said[name] for name in ("media", "lands", "force", "source", "since")}
        rule = Said(divisions.get(pk=said["division"]), leads=owners[0], supports=owners[1:], **named)
        ownerrules.add(rule, by=actor, at=clock.now())
        return _("已登记属地规则。")

    context = {
        "title": _("登记属地规则"),
        "note": _("只用于以后生成的预警；已生成的预警请在预警页上指定或改派。"),
        "crumbs": [(_("预警属地规则"), listed), (_("登记"), "")],
        "save": _("登记"),
    }
    return asked(request, form, context, write, listed)


def _department(key: str) -> Any:
    found = department(int(key))
    if found is None:
        raise Http404(key)
    return found


@staff_page("monitoring.read")
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One rule, and its end."""
    actor = actor_of(request)
    rule = rule_of(actor, uid)
    if rule is None:
        raise Http404(str(uid))
    require(actor, ownerrules.PERMISSION, rule)
    listed = reverse("kit:collection", args=["ownerrules"])

    def write(said: dict[str, Any]) -> str:
        ended = ownerrules.end(rule, said["on"], said["reason"], by=actor, at=clock.now())
        return _("规则自 %(on)s 起终止。") % {"on": ended.until}

    told = _("%(leads)s牵头，自 %(since)s 起（%(source)s）。") % {
        "leads": rule.leads, "since": rule.since, "source": rule.source,
    }  # fmt: skip
    context = {
        "title": _("终止属地规则"),
        "note": told,
        "crumbs": [(_("预警属地规则"), listed), (rule.source[:40], "")],
        "save": _("终止"),
    }
    return asked(request, posted(EndForm, request, {"on": clock.today()}), context, write, listed)
