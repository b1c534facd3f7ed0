"""Acts on activities: it was held, it counts, it is cancelled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock, files
from soildesk.core.permissions import Actor, require
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.languages import called
from soildesk.land.pages.forms import Day, posted
from soildesk.land.pages.parcels import asked
from soildesk.monitoring.pages.forms_alerts import FilesField
from soildesk.plans.models import Activity
from soildesk.plans.queries.activities import activity_of
from soildesk.plans.services import activities
from soildesk.plans.services.activities import Held, Paper
from soilrules.activities import Act, table

_WORDS = forms.Textarea(attrs={"rows": 3})


class HoldForm(forms.Form):
    """When it took place, who came, and the papers."""

    on = forms.DateField(label=_l("开展日期"), widget=Day)
    people = forms.IntegerField(
        label=_l("参加人数"),
        min_value=1,
        max_value=10_000_000,
        help_text=_l("照签到表填写；面向公众的填现场人数或者发放份数，并在开展情况中说明。"),
    )
    venue = forms.CharField(label=_l("地点"), max_length=160, required=False)
    told = forms.CharField(label=_l("开展情况"), max_length=1000, required=False, widget=_WORDS)
    files = FilesField(label=_l("材料"), help_text=_l("签到表、照片、宣传材料，至少一份。"))


class CountForm(forms.Form):
    """Nothing has to be said."""


class CancelForm(forms.Form):
    """Why."""

    why = forms.CharField(label=_l("原因"), max_length=300, widget=_WORDS)


def _page(
    request: HttpRequest, uid: UUID, act: Act, form: type[forms.Form], write: Callable[[Activity, dict[str, Any], Actor], str],
    *, first: Callable[[Activity], dict[str, Any]] = lambda one: {}, note: Callable[[Activity], str] = lambda one: "",
) -> HttpResponse:  # fmt: skip
    actor = actor_of(request)
    found = activity_of(actor, uid)
    if found is None:
        raise Http404(str(uid))
    rule = table()[act]
    require(actor, rule.right, found)
    back = reverse("kit:record", args=["activities", str(found.uid)])
    context = {
        "title": f"{called(rule)}：{found.topic}",
        "note": note(found),
        "crumbs": [
            (_("宣传培训"), reverse("kit:collection", args=["activities"])),
            (found.topic, back),
            (called(rule), ""),
        ],
        "save": called(rule),
    }
    return asked(request, posted(form, request, first(found)), context, lambda said: write(found, said, actor), back)


@staff_page("plans.read")
def hold(request: HttpRequest, uid: UUID) -> HttpResponse:
    """It took place."""

    def write(found: Activity, said: dict[str, Any], actor: Actor) -> str:
        papers = [Paper(one.name, one.read()) for one in said["files"]]
        held = Held(said["on"], said["people"], said["told"], said["venue"], papers)
        activities.hold(found, held, by=actor, at=clock.now())
        return _("已登记开展情况，待另一人认定。")

    def first(found: Activity) -> dict[str, Any]:
        return {"on": min(found.planned_on, actor_of(request).today), "venue": found.venue}

    return _page(request, uid, Act.HOLD, HoldForm, write, first=first)


@staff_page("plans.read")
def count(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Its papers were looked at: it counts."""

    def write(found: Activity, said: dict[str, Any], actor: Actor) -> str:
        activities.count(found, by=actor, at=clock.now())
        return _("已认定，计入方案任务。")

    def note(found: Activity) -> str:
        told = {"day": found.held_on, "people": found.people or 0, "papers": files.uses_of(found).count()}
        sentence = _("登记为 %(day)s 开展，%(people)d 人，材料 %(papers)d 份。")
        return sentence % told + _("请先打开记录页上的材料核对日期和人数；材料不能证明的，请取消活动并写明原因。")

    return _page(request, uid, Act.COUNT, CountForm, write, note=note)


@staff_page("plans.read")
def cancel(request: HttpRequest, uid: UUID) -> HttpResponse:
    """It will not take place, or its papers do not show it."""

    def write(found: Activity, said: dict[str, Any], actor: Actor) -> str:
        activities.cancel(found, said["why"], by=actor, at=clock.now())
        return _("已取消。")

    return _page(request, uid, Act.CANCEL, CancelForm, write)
