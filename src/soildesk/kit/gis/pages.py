"""The pages of GIS files: choose a file, say what it is, overlay two collections."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from soildesk.core import clock, jobs
from soildesk.core.errors import Refusal
from soildesk.kit import imports
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day, parse_day
from soildesk.kit.downloads import download
from soildesk.kit.gis import asked as memory
from soildesk.kit.gis import loading, overlaying, targets, understanding
from soildesk.kit.gis.asked import Asked
from soildesk.kit.gis.places import boundary_of
from soildesk.kit.gis.refusals import GisRefused
from soildesk.kit.gis.targets import Target
from soildesk.kit.gis.tasks import read
from soildesk.kit.gis.understanding import Looked
from soildesk.kit.models import ImportBatch

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor

READ_AT_ONCE = 2 * 1024 * 1024
"""Bytes of a file that is read while its reader waits; a larger one is a job."""
OVERLAID_AT_ONCE = 2_000
"""Rows of both layers together that are laid over each other while somebody waits."""
ACCEPTS = (".zip", ".gpkg", ".geojson", ".json", ".kml", ".kmz", ".dxf", ".csv", ".xlsx", ".txt")


@staff_page()
def new_import(request: HttpRequest) -> HttpResponse:
    """Choose a collection and a file; `?into=` names the collection."""
    actor = actor_of(request)
    into = request.POST.get("into") or request.GET.get("into", "")
    error = ""
    if request.method == "POST":
        batch, error = _received(request, actor, into)
        if batch is not None:
            return redirect("kit:gis_ask", uid=batch.uid)
    layers = [(one.collection, str(one.register.title)) for one in targets.importable(actor, clock.today())]
    page = {"layers": layers, "into": into, "error": error, "accepts": ACCEPTS, "crumbs": _crumbs()}
    return render(request, "kit/import_gis_new.html", page, status=422 if error else 200)


def _received(request: HttpRequest, actor: Actor, into: str) -> tuple[ImportBatch | None, str]:
    file = request.FILES.get("file")
    if file is None:
        return None, _("没有选择文件：请把文件拖到框内，或点“选择文件”。")
    try:
        wanted = targets.target(actor, into, clock.today())
        return loading.receive(wanted, file.read(), file.name or "", clock.now()), ""
    except Refusal as refusal:
        return None, str(refusal)


@staff_page()
def ask(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What was understood of a file, for its reader to confirm or to say otherwise; then it is read."""
    actor = actor_of(request)
    batch = imports.visible_batches(actor).select_related("file__attachment").filter(uid=uid, kind=loading.KIND).first()
    if batch is None:
        raise Http404(str(uid))
    if batch.state != ImportBatch.State.LOADING or batch.file is None:
        return redirect("kit:import", uid=uid)
    if batch.worker and not jobs.is_gone(batch.worker, batch.heartbeat_at):
        return render(request, "kit/import_gis_reading.html", {"batch": batch, "crumbs": _crumbs()})
    said = Said.of(request.POST) if request.method == "POST" else Said(memory.from_json(batch.options))
    error = said.error
    if request.method == "POST" and not error:
        done, error = _read(request, batch, actor, said.asked)
        if done is not None:
            return done
    return _asking(request, batch, said, error)


@dataclass(frozen=True)
class Said:
    """What the form says."""

    asked: Asked
    error: str = ""

    @classmethod
    def of(cls, data: QueryDict) -> Said:
        """Read from what was posted; an unreadable day is told."""
        since = parse_day(data.get("since", ""))
        texts = {
            name: data.get(name, "").strip()
            for name in ("crs", "axis", "layer", "encoding", "title", "document", "why")
        }
        columns = {
            name.removeprefix("column:"): str(value) for name, value in data.items() if name.startswith("column:")
        }
        columns = {name: "" if key == "-" else key for name, key in columns.items()}
        ticks = {name: name in data for name in ("repair", "accept_outside")}
        asked = Asked(since=since, columns=columns, **texts, **ticks)  # type: ignore[arg-type]
        wrong = data.get("since", "") and since is None
        return cls(asked, _("起算日“%(day)s”不是日期。") % {"day": data.get("since")} if wrong else "")


def _read(request: HttpRequest, batch: ImportBatch, actor: Actor, asked: Asked) -> tuple[HttpResponse | None, str]:
    """Read at once, or by a job; a refusal is said on the form."""
    try:
        wanted = targets.target(actor, batch.collection, asked.since or clock.today())
        # a refusal is told here and not by the job
        loading.understood(wanted, loading.kept_file(batch), asked).batches.close()
        batch = loading.settle(batch, wanted, asked)
        if batch.state == ImportBatch.State.ACCEPTED:
            messages.info(request, _("这个文件以前导入过，没有重复导入。这是当时的回执。"))
            return redirect("kit:import", uid=batch.uid), ""
        if batch.file is not None and batch.file.attachment.size > READ_AT_ONCE:
            title = _("读取“%(name)s”") % {"name": batch.file_name}
            row = jobs.start("kit.gis_load", {"batch": str(batch.uid)}, by=actor, title=title)
            return redirect("core:job", uid=row.uid), ""
        read(batch, actor)
    except Refusal as refusal:
        return None, str(refusal)
    return redirect("kit:import", uid=batch.uid), ""


def _asking(request: HttpRequest, batch: ImportBatch, said: Said, error: str) -> HttpResponse:
    actor, asked = actor_of(request), said.asked
    wanted = targets.target(actor, batch.collection, asked.since or clock.today())
    page: dict[str, Any] = {
        "batch": batch, "target": wanted, "asked": asked, "since": asked.since or clock.today(), "crumbs": _crumbs(),
        "crs": asked.crs, "looked": {"layer": ""},  # of a file that cannot be read nothing more is known
    }  # fmt: skip
    file = loading.kept_file(batch)
    try:
        looked = understanding.look(file.path, file.name, understanding.options_of(asked), file.limits)
        looked.batches.close()
        page |= _understood(wanted, looked, asked)
    except GisRefused as refusal:
        error = error or str(refusal)
    page["error"] = error
    return render(request, "kit/import_gis_ask.html", page, status=422 if error and request.method == "POST" else 200)


def _understood(wanted: Target, looked: Looked, asked: Asked) -> dict[str, Any]:
    """The file as far as it speaks for itself; where it does not say its system, what it may be."""
    boundary = boundary_of(wanted.actor, wanted.seen.on, wanted.collection)
    expected = None if boundary is None else boundary.area.bounds
    held = memory.remembered(wanted.actor, wanted.collection)
    columns = [field.name for field in looked.source.fields]
    known = [column for column in asked.columns if column in columns]
    mapping = understanding.mapping_of(
        wanted, columns, Asked(columns={column: asked.columns[column] for column in known}), held
    )
    found: dict[str, Any] = {"looked": looked.source, "mapping": _lines(looked, mapping, wanted), "guesses": []}
    try:
        system = understanding.system_of(looked, asked, expected)
        found |= {"crs": system.crs.code, "crs_way": system.way}
    except GisRefused as refusal:
        found |= {"crs": asked.crs, "crs_way": "", "why_ask": str(refusal) if asked.crs else ""}
        found["guesses"] = understanding.guessed(looked, expected)
    found["notes"] = [
        *understanding.notes_of(looked.source, found["crs_way"]),
        *understanding.left_for_units(wanted, columns, mapping),
    ]
    return found


def _lines(looked: Looked, mapping: dict[str, str], wanted: Target) -> list[dict[str, Any]]:
    carried = "+" if wanted.bulk else "-"
    return [
        {"name": field.name, "type": field.type, "entry": mapping.get(field.name, carried) or "-"}
        for field in looked.source.fields
    ]


@staff_page()
@require_POST
def give_up(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take back a file that was brought and not decided on."""
    batch = imports.visible_batches(actor_of(request)).filter(uid=uid, state=ImportBatch.State.LOADING).first()
    if batch is not None:
        imports.drop(batch)
        messages.success(request, _("已放弃这次导入，没有写入任何内容。"))
    return redirect("kit:imports")


@staff_page()
def overlay(request: HttpRequest) -> HttpResponse:
    """Lay collection `a` under `b` on the page's day: a table of areas, as a file where `out=xlsx`."""
    actor, on = actor_of(request), page_day(request)
    layers = [
        (seen.declared.collection, str(seen.declared.title))
        for seen in targets.with_ground(actor, on)
        if seen.declared.ground is not None and seen.declared.ground.shape in ("polygon", "mixed")
    ]
    a, b = request.GET.get("a", ""), request.GET.get("b", "")
    page: dict[str, Any] = {"layers": layers, "a": a, "b": b, "table": None, "error": ""}
    if a and b:
        try:
            return _overlaid(request, (a, b, on), page)
        except GisRefused as refusal:
            page["error"] = str(refusal)
    return render(request, "kit/overlay.html", page, status=422 if page["error"] else 200)


def _overlaid(request: HttpRequest, wanted: tuple[str, str, date], page: dict[str, Any]) -> HttpResponse:
    actor = actor_of(request)
    a, b, on = wanted
    first, second = targets.named(actor, a, on), targets.named(actor, b, on)
    overlaying.must_differ(first, second)
    many = sum(seen.queryset().order_by().values("pk")[: OVERLAID_AT_ONCE + 1].count() for seen in (first, second))
    if many > OVERLAID_AT_ONCE:
        title = _("%(a)s与%(b)s叠加面积") % {"a": first.declared.title, "b": second.declared.title}
        asked = {"a": first.declared.collection, "b": second.declared.collection, "on": on.isoformat()}
        row = jobs.start("kit.overlay", asked, by=actor, title=title)
        return redirect("core:job", uid=row.uid)
    table = overlaying.laid_over(first, second, lambda done, total: None)
    if request.GET.get("out") == "xlsx":
        return download(overlaying.as_xlsx(table), overlaying.title_of(table), "xlsx")
    page |= {"table": table, "told": table.as_json(), "pieces": table.shown(500), "first": first, "second": second}
    return render(request, "kit/overlay.html", page)


def _crumbs() -> list[tuple[str, str]]:
    return [(_("导入记录"), reverse("kit:imports")), (_("导入图形数据"), "")]
