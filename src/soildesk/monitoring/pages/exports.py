"""Pages of exports of graded results: ask, decide, take the file with its watermark."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, may
from soildesk.kit import exports, sheets
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.downloads import download, streamed
from soildesk.kit.pages import register_list
from soildesk.kit.rows import Selection
from soildesk.monitoring.models import ExportRequest, Grade
from soildesk.monitoring.pages import sending
from soildesk.monitoring.pages.forms_intake import DecideForm, ExportForm
from soildesk.monitoring.queries.results import grades
from soildesk.monitoring.services import exporting
from soildesk.monitoring.services.exporting import Wanted

KINDS = ("xlsx", "csv")


def _selection(query: str, actor: Actor, on: Any) -> Selection:
    from soildesk.monitoring.register.results import RESULTS

    params = QueryDict(query, mutable=True)
    params.pop("export", None)
    return Selection(RESULTS, actor, on, params)


@staff_page("monitoring.read")
def listed(request: HttpRequest) -> HttpResponse:
    """Every request of the place."""
    from soildesk.monitoring.register.batches import EXPORTS

    return register_list(request, EXPORTS, crumbs=[(_("分级数据导出申请"), "")])


@staff_page("monitoring.read")
def new(request: HttpRequest) -> HttpResponse:
    """Ask for the export of a selection."""
    actor, query = actor_of(request), (request.POST or request.GET).get("query", "")
    selection = _selection(query, actor, actor.today)
    grade = exporting.highest(set(grades(selection.filtered())))
    form = ExportForm(**sending.posted(request))
    context: dict[str, Any] = {
        "form": form, "query": query, "rows": selection.count, "chips": selection.chips,
        "grade": Grade(grade).label, "crumbs": [(_("导出申请"), reverse("monitoring:exports")), (_("申请导出"), "")],
    }  # fmt: skip
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        wanted = Wanted(selection.params.urlencode(), selection.count, grade, said["purpose"], said["recipient"])
        try:
            made = exporting.ask(wanted, by=actor, at=clock.now())
            return redirect("monitoring:export", uid=made.uid)
        except Refusal as refusal:
            context["refused"] = str(refusal)
    return render(request, "monitoring/export_new.html", context, status=422 if request.method == "POST" else 200)


def _found(request: HttpRequest, uid: UUID) -> tuple[ExportRequest, Actor]:
    actor = actor_of(request)
    rows = ExportRequest.objects.visible_to(actor).select_related("asked_by", "decided_by")
    found = rows.filter(uid=uid).first()
    if found is None:
        raise Http404(str(uid))
    return found, actor


@staff_page("monitoring.read")
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One request; who may decides on it here."""
    found, actor = _found(request, uid)
    form = DecideForm(**sending.posted(request))
    context: dict[str, Any] = {"found": found, "form": form}
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            exporting.decide(found, said["answer"] == "yes", by=actor, at=clock.now(), reason=said["reason"])
            messages.success(request, _("已办理。"))
            return redirect("monitoring:export", uid=found.uid)
        except Refusal as refusal:
            context["refused"] = str(refusal)
    own = actor.person is not None and actor.person.pk == found.asked_by_id
    context |= {
        "may_decide": may(actor, exporting.DECIDES, found) and not own and found.state == ExportRequest.State.ASKED,
        "may_take": own and found.state == ExportRequest.State.APPROVED,
        "chips": _selection(found.query, actor, found.on).chips,
        "crumbs": [(_("导出申请"), reverse("monitoring:exports")), (found.number, "")],
    }
    return render(request, "monitoring/export.html", context, status=422 if request.method == "POST" else 200)


@staff_page("monitoring.read")
def file(request: HttpRequest, uid: UUID, kind: str) -> HttpResponseBase:
    """The approved file, made anew with the rights of today; it carries its watermark, and its making is written down."""
    found, actor = _found(request, uid)
    if kind not in KINDS:
        raise Http404(kind)
    selection = _selection(found.query, actor, found.on)
    try:
        exporting.given_out(found, selection.count, kind, by=actor, at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("monitoring:export", uid=found.uid)
    mark = exporting.watermark(found)
    name = f"{found.number}_{_('检测结果')}"
    if kind == "csv":
        return streamed(_csv(selection, mark), name)
    return download(_xlsx(selection, mark, found), name, kind)


def _csv(selection: Selection, mark: str) -> Iterator[str]:
    yield from sheets.csv_lines([mark], [])
    header = [str(column.title) for column in selection.columns]
    for number, line in enumerate(sheets.csv_lines(header, exports.exported_rows(selection))):
        yield line.removeprefix("\ufeff") if number == 0 else line


def _xlsx(selection: Selection, mark: str, found: ExportRequest) -> bytes:
    out = BytesIO()
    rows = exports.register_sheet(selection)
    told = sheets.Sheet(rows.name, rows.columns, rows.rows, title=rows.title, note=mark)
    about = sheets.Sheet(_("使用须知"), [sheets.SheetColumn(_("批准信息"), 100)], [[mark]], title=found.number)
    sheets.write_xlsx([told, about], out)
    return out.getvalue()
