"""Small acts on a point or a background: their end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.core.permissions import require
from soildesk.core.versions import Recording
from soildesk.kit.access import actor_of, staff_page
from soildesk.land.pages.forms import EndForm, posted
from soildesk.land.pages.parcels import asked
from soildesk.monitoring.entering import background_version, point_version
from soildesk.monitoring.refusals import MonitoringRefused
from soildesk.monitoring.services import backgrounds, points


@staff_page("monitoring.read")
def end_point(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The end of a point."""
    return _end(request, uid, ("points", _("监测点位"), point_version, points.end))


@staff_page("monitoring.read")
def end_background(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The end of a background."""
    return _end(request, uid, ("backgrounds", _("地质背景"), background_version, backgrounds.end))


def _end(request: HttpRequest, uid: UUID, of: tuple[str, str, Any, Any]) -> HttpResponse:
    actor = actor_of(request)
    collection, title, find, end = of
    try:
        version = find(actor, str(uid))
    except MonitoringRefused as refusal:
        raise Http404(str(uid)) from refusal
    require(actor, "monitoring.keep_points", version)
    back, listed = reverse("kit:record", args=[collection, str(uid)]), reverse("kit:collection", args=[collection])

    def write(said: dict[str, Any]) -> str:
        end(version, on=said["on"], recording=Recording(actor, clock.now(), said["reason"]))
        return _("“%(name)s”自 %(on)s 起终止。") % {"name": version.name, "on": said["on"]}

    context = {
        "title": _("终止 %(name)s") % {"name": version.name},
        "note": _("终止后不再出现在当日及以后的台账与地图上；以往的监测数据保留。"),
        "crumbs": [(title, listed), (version.name, back), (_("终止"), "")],
        "save": _("终止"),
        "done": listed,
    }
    return asked(request, posted(EndForm, request, {"on": clock.today()}), context, write, back)
