"""The acts on a warning, each a page with one form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, require
from soildesk.kit.access import actor_of, staff_page
from soildesk.land.queries.choices import department, keepers
from soildesk.monitoring.markwords import worded
from soildesk.monitoring.models import Alert
from soildesk.monitoring.pages import forms_alerts
from soildesk.monitoring.queries.alerts import alert_of, others_live
from soildesk.monitoring.services import disposal
from soildesk.monitoring.services.disposal import CLOSE, HANDLE, Proof

MOST_OTHERS = 100


@dataclass(frozen=True)
class Given:
    """An act asked for on a page: on which warning, by whom, with what form."""

    alert: Alert
    actor: Actor
    form: Any

    @property
    def said(self) -> dict[str, Any]:
        """What was filled in."""
        found: dict[str, Any] = self.form.cleaned_data
        return found

    @property
    def who(self) -> dict[str, Any]:
        """By whom and when."""
        return {"by": self.actor, "at": clock.now()}


@dataclass(frozen=True)
class Page:
    """One act: its title, permission, form and service."""

    title: Any
    permission: str
    form: type[forms.Form]
    write: Callable[[Given], Alert]
    done: Any


def _assign(given: Given) -> Alert:
    said = given.said
    owner, *supports = [department(int(one)) for one in (said["owner"], *said["supports"])]
    if owner is None:
        raise Http404(said["owner"])
    return disposal.assign(given.alert, owner, supports=[one for one in supports if one], why=said["note"], **given.who)


def _measure(given: Given) -> Alert:
    proofs = [Proof(one.name, one.read()) for one in given.form.files.getlist("files")]
    return disposal.measure(given.alert, given.said["note"], proofs, **given.who)


def _merge(given: Given) -> Alert:
    into = alert_of(given.actor, UUID(given.said["into"]))
    if into is None:
        raise Http404(given.said["into"])
    return disposal.merge(given.alert, into, given.said["note"], **given.who)


def _noted(service: Callable[..., Alert]) -> Callable[[Given], Alert]:
    return lambda given: service(given.alert, given.said["note"], **given.who)


def _extend(given: Given) -> Alert:
    return disposal.extend(given.alert, given.said["due"], given.said["note"], **given.who)


Note = forms_alerts.NoteForm
PAGES: Mapping[str, Page] = {
    "assign": Page(_l("指定处置单位"), CLOSE, forms_alerts.AssignForm, _assign, _l("已指定处置单位。")),
    "take": Page(_l("接办"), HANDLE, forms_alerts.TakeForm, _noted(disposal.take), _l("已接办。")),
    "measure": Page(_l("登记处置措施"), HANDLE, forms_alerts.MeasureForm, _measure, _l("已登记处置措施。")),
    "answer": Page(_l("申请销号"), HANDLE, Note, _noted(disposal.answer), _l("已申请销号，等待审核。")),
    "close": Page(_l("销号"), CLOSE, Note, _noted(disposal.close), _l("已销号。")),
    "return": Page(_l("退回"), CLOSE, Note, _noted(disposal.give_back), _l("已退回处置单位。")),
    "extend": Page(_l("调整时限"), CLOSE, forms_alerts.ExtendForm, _extend, _l("已调整时限。")),
    "escalate": Page(_l("上报"), CLOSE, Note, _noted(disposal.escalate), _l("已上报。")),
    "merge": Page(_l("并入"), CLOSE, forms_alerts.MergeForm, _merge, _l("已并入。")),
}


@staff_page("monitoring.read")
def alert_act(request: HttpRequest, uid: UUID, name: str) -> HttpResponse:
    """One act on one warning."""
    actor, page = actor_of(request), PAGES.get(name)
    alert = alert_of(actor, uid)
    if alert is None or page is None:
        raise Http404(name)
    require(actor, page.permission, alert)
    said: dict[str, Any] = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    form = page.form(**said, **_choices(name, alert, actor))
    back = reverse("kit:record", args=["alerts", str(alert.uid)])
    context = {
        "form": form,
        "back": back,
        "title": f"{page.title}：{alert.title}",
        "note": worded(alert.owner_basis) if name == "assign" else "",
        "save": page.title,
        "crumbs": [
            (_("预警"), reverse("kit:collection", args=["alerts"])),
            (alert.number, back),
            (str(page.title), ""),
        ],
    }

    if request.method == "POST" and form.is_valid():
        try:
            page.write(Given(alert, actor, form))
        except Refusal as refusal:
            context["refused"] = str(refusal)
        else:
            messages.success(request, str(page.done))
            return HttpResponseRedirect(back)
    status = 422 if request.method == "POST" else 200
    return render(request, "monitoring/alert_act.html", context, status=status)


def _choices(name: str, alert: Alert, actor: Actor) -> dict[str, Any]:
    """What the form of an act lets choose."""
    if name == "assign":
        first = {"owner": str(alert.owner_id or ""), "supports": [str(one.pk) for one in alert.with_units.all()]}
        return {"departments": keepers(actor, actor.today), "initial": first}
    if name == "merge":
        rows = others_live(actor, alert)[:MOST_OTHERS]
        return {"others": [(one.uid, f"{one.title}（{one.number}）") for one in rows]}
    if name == "extend":
        return {"initial": {"due": alert.due}}
    return {}
