"""The empty tables to fill in."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from soildesk.core.permissions import require
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.downloads import download
from soildesk.kit.services.staff import people, units


@staff_page()
@require_GET
def template(request: HttpRequest, which: str) -> HttpResponse:
    """The template of 单位名册 or 人员名册."""
    offered = {"units": (units.UNITS, units.template), "people": (people.PEOPLE, people.template)}
    if which not in offered:
        raise Http404(which)
    kind, made = offered[which]
    require(actor_of(request), kind.permission)
    return download(made(), _("%(title)s模板") % {"title": kind.title}, "xlsx")
