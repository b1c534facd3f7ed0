"""What the pages of this room share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core.errors import Refusal
from soildesk.land.services.writing import Place
from soildesk.reporting.queries import records
from soildesk.reporting.refusals import ReportRefused

if TYPE_CHECKING:
    from soildesk.core.models import Department
    from soildesk.core.permissions import Actor


def own_office(actor: Actor) -> Department:
    """The department the actor's reports belong to."""
    office = records.office_of(actor)
    if office is None:
        raise ReportRefused(_("您的账户没有所属单位：请系统管理员登记后再办理。"), code="reporting.copy.place")
    return office


def own_place(actor: Actor) -> Place:
    """The division of the actor's department, kept by it."""
    office = own_office(actor)
    return Place(office.division, office)


def told(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that says a refusal in its sentence: for acts that are one button, and pages that cannot be made."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            back = reverse("kit:collection", args=["reports"])
            return render(request, "reporting/refused.html", {"refused": str(refusal), "back": back}, status=422)

    return page
