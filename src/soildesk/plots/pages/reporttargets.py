"""Pages of the target values of a report and of the numbers it gives of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.kit.access import staff_page
from soildesk.plots.models import Report
from soildesk.plots.pages.reports import CHANGING, ask, seen, split, while_
from soildesk.plots.reportforms import TargetForm
from soildesk.plots.reportwords import url_of
from soildesk.plots.services import reporttargets
from soilrules import analytes


@staff_page("plots.read")
def new(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A target."""
    actor, report = seen(request, uid, "plots.file")

    def write(told: dict[str, Any]) -> str:
        reporttargets.put(report, _facts(told), by=actor, at=clock.now())
        return _("已登记目标值，并与关联的数据作了比较。")

    return ask(
        request,
        report,
        _form(request, {}),
        write,
        title=_("登记目标值"),
        save=_("登记"),
        note=_note(),
        check=while_(report, *CHANGING),
    )


@staff_page("plots.read")
def edit(request: HttpRequest, uid: UUID, no: int) -> HttpResponse:
    """A target put right."""
    actor, report = seen(request, uid, "plots.file")
    row = _row(report, no)

    def write(told: dict[str, Any]) -> str:
        reporttargets.put(report, _facts(told), by=actor, at=clock.now(), no=no)
        return _("已保存，并重新比较。")

    initial = {**row, "analyte": analytes.get(row["analyte"]).name(), "points": "、".join(row["points"])}
    return ask(
        request,
        report,
        _form(request, initial),
        write,
        title=_("修改目标值"),
        save=_("保存"),
        note=_note(),
        check=while_(report, *CHANGING),
    )


@staff_page("plots.read")
@require_POST
def drop(request: HttpRequest, uid: UUID, no: int) -> HttpResponse:
    """A target the report does not have."""
    actor, report = seen(request, uid, "plots.file")
    _row(report, no)
    try:
        reporttargets.drop(report, no, by=actor, at=clock.now())
        messages.success(request, _("已删除这条目标值。"))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(url_of(report) + "#data")


def _row(report: Report, no: int) -> dict[str, Any]:
    found = next((one for one in report.targets if one["no"] == no), None)
    if found is None:
        raise Http404(str(no))
    return dict(found)


def _form(request: HttpRequest, initial: dict[str, Any]) -> TargetForm:
    said = {"data": request.POST} if request.method == "POST" else {}
    return TargetForm(initial=initial, **said)


def _facts(told: dict[str, Any]) -> dict[str, Any]:
    return {**told, "points": split(told["points"])}


def _note() -> str:
    return _(
        "土壤少于 8 个样品的逐个比较，8 个起比较均值 95% 置信上限和最大值（HJ 25.5，数值以出版文本为准）。未检出按检出限参加统计。"
    )
