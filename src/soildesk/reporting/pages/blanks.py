"""来表即填: a blank form is taken in, its cells are mapped once, and it is filled."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, require
from soildesk.kit.access import actor_of, staff_page
from soildesk.land.pages.parcels import asked
from soildesk.land.services.writing import Place
from soildesk.reporting.pages import forms as ask
from soildesk.reporting.pages.base import own_office, told
from soildesk.reporting.pages.copies import due_choices, first, url_of, wanted_of
from soildesk.reporting.pages.grid import grids
from soildesk.reporting.queries import records
from soildesk.reporting.queries.tables import tables
from soildesk.reporting.services import blanks
from soildesk.reporting.services.blanks import TEMPLATES, List, Upload
from soildesk.reporting.services.copies import MAKE


def _list_url() -> str:
    return reverse("kit:collection", args=["blank_forms"])


def _url(form: Any) -> str:
    return reverse("kit:record", args=["blank_forms", str(form.uid)])


@staff_page(TEMPLATES)
@told
def new(request: HttpRequest) -> HttpResponse:
    """Take a form in, then map it."""
    actor = actor_of(request)
    given = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    form = ask.BlankUpload(**given, initial={"name": request.GET.get("name", "")})  # type: ignore[arg-type]
    done: dict[str, Any] = {}

    def write(said: dict[str, Any]) -> str:
        upload = Upload(said["name"], said["file"].name, said["file"].read(), said["receiver"])
        made = blanks.take_in(upload, own_office(actor), by=actor, at=clock.now())
        done["url"] = reverse("reporting:map_blank", args=[made.uid])
        return _("已登记“%(name)s”第 %(n)d 版，请对应字段。") % {"name": made.name, "n": made.version}

    context = {
        "title": _("上传空表"),
        "note": _("上传上级下发的空白表。文件在受限的环境里读取；含宏、外部链接的不收。"),
        "crumbs": [(_("来表即填"), _list_url()), (_("上传空表"), "")],
        "save": _("上传"),
    }
    response = asked(request, form, context, write, _list_url())
    return HttpResponseRedirect(done["url"]) if "url" in done else response


@staff_page(TEMPLATES)
@told
def map_cells(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The form as a grid: a field for each empty cell."""
    actor = actor_of(request)
    form = _found(actor, uid)
    require(actor, TEMPLATES, form)
    mapping, refused = dict(form.mapping), ""
    words = {name: title for title, name in blanks.titles().items()}
    if request.method == "POST":
        mapping = _posted(request.POST)
        try:
            blanks.map_cells(form, mapping, _lists(request.POST, form), by=actor, at=clock.now())
            messages.success(request, _("已保存：%(n)d 个格子有字段。") % {"n": len(mapping)})
            return HttpResponseRedirect(_url(form))
        except Refusal as refusal:
            refused = str(refusal)
    proposed = {} if form.mapped_at or request.method == "POST" else blanks.proposed(form)
    shown = {cell: words.get(name, name) for cell, name in {**proposed, **mapping}.items()}
    context = {
        "form": form,
        "grids": grids(form.layout, shown),
        "fields": list(words.values()),
        "proposed": len(proposed),
        "tables": tables().values(),
        "lists": _list_slots(form),
        "refused": refused,
        "back": _url(form),
        "crumbs": [(_("来表即填"), _list_url()), (form.name, _url(form)), (_("对应字段"), "")],
    }
    return render(request, "reporting/map_blank.html", context, status=422 if refused else 200)


def _posted(said: QueryDict) -> dict[str, str]:
    """The field of each cell, chosen by its words; words of no field stay and are refused."""
    named = blanks.titles()
    given = {key.removeprefix("cell:"): value.strip() for key, value in said.items() if key.startswith("cell:")}
    return {cell: named.get(value, value) for cell, value in given.items() if value}


def _list_slots(form: Any) -> list[dict[str, Any]]:
    """For each sheet of a workbook, the rows written downwards: as they are kept, or empty."""
    held = {one["sheet"]: one for one in form.lists}
    return [
        {
            "at": at,
            "sheet": sheet["name"],
            "held": held.get(sheet["name"]),
            "columns": _columns_words(held.get(sheet["name"])),
        }
        for at, sheet in enumerate(form.layout)
        if sheet["kind"] == "xlsx"
    ]


def _columns_words(held: Any) -> str:
    """The columns of a list as a person writes them: A=地块编号, B=地块名称."""
    if held is None:
        return ""
    headings = {key: str(title) for key, title, _share in tables()[held["table"]].columns}
    return ", ".join(f"{letter}={headings.get(key, key)}" for letter, key in held["columns"].items())


def _lists(posted: QueryDict, form: Any) -> list[List]:
    """The lists posted; one without a table is none."""
    found = []
    for slot in _list_slots(form):
        given = {name: posted.get(f"list-{slot['at']}-{name}", "") for name in ("table", "first", "last", "columns")}
        if given["table"]:
            columns = _columns(given["columns"], given["table"])
            found.append(List(slot["sheet"], _whole(given["first"]), _whole(given["last"]), given["table"], columns))
    return found


def _columns(text: str, table: str) -> dict[str, str]:
    """What a person wrote as A=地块编号, by the keys of the table; a heading nobody knows stays and is refused."""
    headings = {str(title): key for key, title, _share in tables()[table].columns} if table in tables() else {}
    pairs = [part.partition("=") for part in text.replace("，", ",").split(",")]
    return {
        letter.strip().upper(): headings.get(name.strip(), name.strip())
        for letter, _sign, name in pairs
        if letter.strip()
    }


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 0


@staff_page(MAKE)
@told
def fill(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A filled form as a draft."""
    actor = actor_of(request)
    blank = _found(actor, uid)
    form = ask.FillForm(
        request.POST or None, initial=first(actor), places=records.places(actor), dues=due_choices(actor)
    )
    done: dict[str, Any] = {}

    def write(said: dict[str, Any]) -> str:
        wanted = wanted_of(actor, said)
        copy = blanks.fill(blank, wanted, Place(wanted.place, own_office(actor)), by=actor, at=clock.now())
        done["url"] = url_of(copy)
        return _("已填好 %(number)s：%(n)d 格没有记录可填。") % {"number": copy.number, "n": copy.gaps}

    context = {
        "title": _("填一份：%(name)s") % {"name": blank.name},
        "note": _("已对应的格子从台账取数；没有记录的空着并列出。"),
        "crumbs": [(_("来表即填"), _list_url()), (blank.name, _url(blank)), (_("填一份"), "")],
        "save": _("填写"),
    }
    response = asked(request, form, context, write, _url(blank))
    return HttpResponseRedirect(done["url"]) if "url" in done else response


@require_POST
@staff_page(TEMPLATES)
@told
def retire(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The form is no longer asked for."""
    actor = actor_of(request)
    blanks.retire(_found(actor, uid), by=actor, at=clock.now())
    messages.success(request, _("已停用。"))
    return HttpResponseRedirect(_list_url())


def _found(actor: Actor, uid: UUID) -> Any:
    form = records.blank_of(actor, uid)
    if form is None:
        raise Http404(str(uid))
    return form
