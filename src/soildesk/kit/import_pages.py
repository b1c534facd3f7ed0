"""The pages of an import: choose a file, see every row's fate, do it or do nothing, the receipt."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.kit import cells, imports
from soildesk.kit.access import actor_of
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter
from soildesk.kit.models import ImportBatch, ImportRow
from soildesk.kit.pages import register_list
from soildesk.kit.parts import Tab
from soildesk.kit.register import Column, Register, Row, add

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor

ROWS_PER_PAGE = 200
STATES = {
    ImportBatch.State.LOADING: ("busy", "hourglass-split", ImportBatch.State.LOADING.label),
    ImportBatch.State.PREVIEWED: ("warn", "eye", ImportBatch.State.PREVIEWED.label),
    ImportBatch.State.ACCEPTED: ("good", "check-circle-fill", ImportBatch.State.ACCEPTED.label),
    ImportBatch.State.REJECTED: ("calm", "slash-circle", ImportBatch.State.REJECTED.label),
}
COUNTED = ("ok", "warning", "refused", "unchanged")
FATES = {
    ImportRow.Verdict.OK: "good",
    ImportRow.Verdict.WARNING: "warn",
    ImportRow.Verdict.REFUSED: "bad",
}

IMPORTS = add(
    Register(
        name="kit.imports",
        title=gettext_lazy("导入记录"),
        queryset=lambda actor, on: imports.visible_batches(actor),
        columns=[
            Column("file_name", gettext_lazy("文件"), sort="file_name", width=24, frozen=True, format=cells.link),
            Column("kind", gettext_lazy("内容"), value=lambda row: row["_kind"], fields=["kind"], width=10),
            Column("state", gettext_lazy("状态"), sort="state", width=8, format=cells.chip(STATES)),
            Column("receipt", gettext_lazy("回执编号"), sort="receipt", width=10),
            Column("at", gettext_lazy("时间"), sort="at", width=11, format=cells.moment),
        ],
        filters=[
            ChoiceFilter("state", gettext_lazy("状态"), choices=ImportBatch.State.choices),
            DateRangeFilter("at", gettext_lazy("时间"), field="at__date"),
        ],
        search=["file_name", "receipt"],
        row_url=lambda row: reverse("kit:import", args=[row["uid"]]),
        fields=["kind"],
        enrich=lambda rows, actor, on: _name_kinds(rows),
        default_sort="-at",
        empty=gettext_lazy("从各页面的“导入”按钮选择文件后，每次导入的回执留在这里。"),
    )
)


def _name_kinds(rows: list[Row]) -> None:
    known = imports.kinds()
    for row in rows:
        kind = known.get(row["kind"])
        row["_kind"] = str(kind.title) if kind else _("已停用的导入")


@require_GET
def import_list(request: HttpRequest) -> HttpResponse:
    """One's own imports."""
    return register_list(request, IMPORTS)


def new_import(request: HttpRequest, kind: str) -> HttpResponse:
    """Choose a file. What the query string says (but the day) is what the file is imported into."""
    actor = actor_of(request)
    try:
        wanted = imports.kind_called(kind)
    except imports.ImportRefused as refusal:
        raise Http404(str(refusal)) from refusal
    given = {name: value for name, value in request.GET.items() if name != "on"}
    purpose = imports.Purpose(actor, clock.now(), given)
    try:
        imports.subject_of(wanted, actor, given)
    except imports.ImportRefused as refusal:
        raise Http404(str(refusal)) from refusal
    error = ""
    if request.method == "POST":
        batch, error = _read(request, wanted, purpose)
        if batch:
            return redirect("kit:import", uid=batch.uid)
    template_url = wanted.template_url(given) if wanted.template_url else ""
    page = {"kind": wanted, "error": error, "template_url": template_url, "crumbs": _crumbs(wanted)}
    return render(request, "kit/import_new.html", page, status=422 if error else 200)


def _read(request: HttpRequest, kind: imports.ImportKind, purpose: imports.Purpose) -> tuple[ImportBatch | None, str]:
    file = request.FILES.get("file")
    if file is None:
        return None, _("没有选择文件：请把文件拖到框内，或点“选择文件”。")
    name = file.name or ""
    if not name.lower().endswith(tuple(kind.accepts)):
        return None, _("“%(name)s”不是这里能读的格式（%(known)s）：请另存为其中一种再选择。") % {
            "name": name, "known": "、".join(kind.accepts),
        }  # fmt: skip
    try:
        batch = imports.preview(kind, file.read(), name, purpose)
    except Refusal as refusal:
        return None, str(refusal)
    if batch.state == ImportBatch.State.ACCEPTED:
        messages.info(request, _("这个文件以前导入过，没有重复导入。这是当时的回执。"))
    return batch, ""


def _batch(actor: Actor, uid: UUID) -> ImportBatch:
    batch = imports.visible_batches(actor).filter(uid=uid).select_related("by", "decided_by").first()
    if batch is None:
        raise Http404(str(uid))
    return batch


@require_GET
def show_import(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Every row's fate before, the receipt after."""
    actor = actor_of(request)
    batch = _batch(actor, uid)
    try:
        kind = imports.kind_called(batch.kind)
    except imports.ImportRefused as refusal:
        raise Http404(str(refusal)) from refusal
    if batch.state == ImportBatch.State.LOADING and batch.collection:
        return redirect("kit:gis_ask", uid=uid)
    page: dict[str, Any] = {"batch": batch, "kind": kind, "crumbs": _crumbs(kind), "mapping": batch.mapping}
    if batch.state == ImportBatch.State.PREVIEWED:
        more = dict(kind.page(batch, request.GET)) if kind.page else {}
        names = {**kind.names, **more.get("titles", {})}
        page.update({**_preview(batch, names, request.GET, more.get("words", {})), **more})
        return render(request, kind.template, page)
    page["done_url"] = kind.done_url(batch) if kind.done_url else ""
    page["facts"] = [(str(kind.names.get(name, name)), value) for name, value in batch.result.items()]
    return render(request, "kit/import_receipt.html", page)


def _preview(
    batch: ImportBatch, names: Mapping[str, Any], params: Mapping[str, str], words: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    wanted = params.get("fate", "")
    rows = batch.rows.order_by("pk")  # as they were read: what is in no row of the file comes last
    if wanted in ImportRow.Verdict.values:
        rows = rows.filter(verdict=wanted)
    asked = params.get("page", "1")
    page = Paginator(rows, ROWS_PER_PAGE).get_page(asked)
    tabs = [Tab(_("全部"), "?", wanted == "", sum(batch.counts.get(name, 0) for name in COUNTED))]
    for verdict in ImportRow.Verdict:
        count = batch.counts.get(verdict.value, 0) + (batch.counts.get("unchanged", 0) if verdict.value == "ok" else 0)
        tabs.append(Tab(str(verdict.label), f"?fate={verdict.value}", wanted == verdict.value, count))
    lines = [
        {
            "row": row,
            "tone": FATES[ImportRow.Verdict(row.verdict)],
            "changes": changes(row, names, words),
            "given": given(row, names),
        }
        for row in page
    ]
    return {"lines": lines, "rows_page": page, "tabs": tabs, "writes": imports.writes(batch), "fate": wanted}


def changes(
    row: ImportRow, names: Mapping[str, Any], words: Mapping[str, Mapping[str, str]]
) -> list[tuple[str, Any, Any]]:
    """What the row changes: (name, before, after), unchanged values left out; `words` name values of choices."""
    after, before = row.after or {}, row.before or {}
    shown = [(key, before.get(key), value) for key, value in after.items() if before.get(key) != value]
    return [
        (str(names.get(key, key)), *(words.get(key, {}).get(str(value), value) for value in (old, new)))
        for key, old, new in shown
    ]


def given(row: ImportRow, names: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """What the file says in a row that is refused: columns by their names, inner keys left out."""
    known = [(str(names.get(key, key)), value) for key, value in row.raw.items() if key in names or not key.isascii()]
    return [(name, value) for name, value in known if value]


@require_POST
def accept_import(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Do it."""
    partly = request.POST.get("partly") == "1"
    return _decide(request, uid, partial(imports.accept, partly=partly), _("已导入。"))


@require_POST
def reject_import(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Do nothing."""
    return _decide(request, uid, imports.reject, _("已放弃这次导入，没有写入任何内容。"))


def _decide(request: HttpRequest, uid: UUID, act: Any, said: str) -> HttpResponse:
    actor = actor_of(request)
    batch = _batch(actor, uid)
    try:
        act(batch, imports.Purpose(actor, clock.now()))
        messages.success(request, said)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("kit:import", args=[uid]))


def _crumbs(kind: imports.ImportKind) -> list[tuple[str, str]]:
    return [(_("导入记录"), reverse("kit:imports")), (str(kind.title), "")]
