"""Pages of threads of adjustment: looked for, taken up in a classification, put aside with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.forms import CharField, Form, HiddenInput
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from soildesk.core import clock, jobs
from soildesk.core.permissions import require
from soildesk.farmland.models import Trigger
from soildesk.farmland.pages import classforms as forms
from soildesk.farmland.pages.classifying import READ, classification_url, wanted_of
from soildesk.farmland.queries import classifications
from soildesk.farmland.services import triggers
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.pages import chosen_keys
from soildesk.kit.record_pages import register_called
from soildesk.kit.rows import Selection
from soildesk.land.pages.forms import posted
from soildesk.land.pages.parcels import asked
from soildesk.land.services.writing import place_at
from soildesk.plots.pages.events import led_on

KEPT = "threads"


def _listed() -> str:
    return reverse("kit:collection", args=["class_triggers"])


@staff_page(READ)
def look(request: HttpRequest) -> HttpResponse:
    """Look for threads now, as a job."""
    actor = actor_of(request)
    require(actor, triggers.PERMISSION)
    context = {
        "title": _("查找线索"),
        "note": _("按今天的单元、监测结果、农产品检测和标准查找；系统每小时也自动查找一次，同一件事只提示一次。"),
        "crumbs": [(_("动态调整线索"), _listed()), (_("查找线索"), "")],
        "save": _("现在查找"),
    }

    def write(_said: dict[str, Any]) -> str:
        jobs.start(triggers.JOB, {}, by=actor)
        return _("正在查找线索，完成后在消息里告知。")

    return asked(request, posted(Form, request), context, write, f"{_listed()}?state=open")


@staff_page(READ)
@require_POST
def take_many(request: HttpRequest) -> HttpResponse:
    """The threads chosen in the list, on the way to the form."""
    actor = actor_of(request)
    keys = chosen_keys(request, Selection(register_called("class_triggers"), actor, clock.today(), request.GET))
    return HttpResponseRedirect(f"{reverse('farmland:triggers_start')}?{urlencode({KEPT: ','.join(keys)})}")


class TakeForm(forms.RoundsForm):
    """A classification of the units of some threads."""

    threads = CharField(widget=HiddenInput, required=False)


@staff_page(READ)
def start(request: HttpRequest) -> HttpResponse:
    """A classification of the units of some threads."""
    actor = actor_of(request)
    require(actor, triggers.PERMISSION)
    keys = (request.POST.get(KEPT) or request.GET.get(KEPT, "")).split(",")
    rows = classifications.triggers(actor, actor.today).filter(uid__in=_uids(keys), state=Trigger.State.OPEN)
    found = list(rows.select_related("unit"))
    if not found:
        messages.error(request, _("没有选中待核实的线索：请先勾选。"))
        return HttpResponseRedirect(_listed())
    units = "、".join(dict.fromkeys(one.unit.number for one in found))
    first = {"on": clock.today(), "why": found[0].why, "title": _("类别动态调整 %(units)s") % {"units": units[:100]}}
    said = {"data": request.POST} if request.method == "POST" else {}
    form = TakeForm(actor=actor, initial={**first, KEPT: ",".join(str(one.uid) for one in found)}, **said)
    context: dict[str, Any] = {
        "title": _("启动动态调整"),
        "note": _("只重新评价这些单元：%(units)s。批准前现行类别不变。") % {"units": units},
        "crumbs": [(_("动态调整线索"), _listed()), (_("启动调整"), "")],
        "save": _("登记"),
    }

    def write(values: dict[str, Any]) -> str:
        made = triggers.take_up(found, wanted_of(form, values), place_at("", actor), by=actor, at=clock.now())
        context["done"] = classification_url(made)
        return _("已启动 %(number)s：请计算建议类别。") % {"number": made.number}

    return led_on(request, form, context, write, _listed())


def _uids(keys: Sequence[str]) -> list[UUID]:
    """What is a key of a row; anything else is none."""
    found = []
    for key in keys:
        try:
            found.append(UUID(key))
        except ValueError:
            continue
    return found


@staff_page(READ)
def dismiss(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A thread that changes nothing."""
    actor = actor_of(request)
    held = get_object_or_404(classifications.triggers(actor, actor.today).select_related("unit"), uid=uid)
    url = reverse("kit:record", args=["class_triggers", str(held.uid)])

    def write(said: dict[str, Any]) -> str:
        triggers.dismiss(held, why=said["reason"], by=actor, at=clock.now())
        return _("已登记不调整；同一件事不再提示。")

    context = {
        "title": _("不调整 %(unit)s") % {"unit": held.unit.number},
        "note": held.what,
        "crumbs": [(_("动态调整线索"), _listed()), (held.unit.number, url), (_("不调整"), "")],
        "save": _("不调整"),
    }
    return asked(request, posted(forms.WhyForm, request), context, write, url)
