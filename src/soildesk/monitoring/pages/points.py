"""Small acts on a point or a background: their end; the point of a place of a grid."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.forms import Form
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
from soildesk.monitoring.models import SamplingTask
from soildesk.monitoring.refusals import MonitoringRefused
from soildesk.monitoring.services import backgrounds, gridpoints, points


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


@staff_page("monitoring.sample")
def make_point(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The point of a sample that was taken where none stood."""
    actor = actor_of(request)
    task = SamplingTask.objects.visible_to(actor).select_related("campaign", "point").filter(uid=uid).first()
    if task is None or task.point_id is not None:
        raise Http404(str(uid))
    require(actor, "monitoring.sample", task)
    back = reverse("kit:record", args=["sampling_tasks", str(uid)])

    def write(said: dict[str, Any]) -> str:
        made = gridpoints.make_later(task, by=actor, at=clock.now())
        return _("采样位置登记为点位 %(number)s，同一位置的样品与结果已归到这个点位。") % {"number": made.number}

    context = {
        "title": _("把 %(code)s 的采样位置登记为点位") % {"code": task.code},
        "note": _("登记为专项监测点位，名称写明监测任务；同一位置的其他样品和已有结果一并归到这个点位。"),
        "crumbs": [
            (_("采样任务"), reverse("kit:collection", args=["sampling_tasks"])),
            (task.code, back),
            (_("登记点位"), ""),
        ],
        "save": _("登记点位"),
        "done": back,
    }
    return asked(request, posted(Form, request, {}), context, write, back)
