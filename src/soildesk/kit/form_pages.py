"""Add a row, change a row: ask once, show what it will cause, write through the room's own act."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import require
from soildesk.kit import assets, faces_urls, templatebook
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.downloads import download
from soildesk.kit.entries import Entries, stamp
from soildesk.kit.entryforms import EntryForm
from soildesk.kit.faces import Change
from soildesk.kit.record import Record
from soildesk.kit.record_pages import SAVED, crumbs, record_of, register_called
from soildesk.kit.seen import Seen, required

PREVIEW = "preview"


@dataclass(frozen=True)
class Asked:
    """One form as it was asked for: of a new row, or of one that stands."""

    request: HttpRequest
    entries: Entries
    record: Record | None = None
    row: dict[str, Any] | None = None

    @property
    def seen(self) -> Seen:
        """The register, as seen today: a change begins from what is known now."""
        return self.entries.seen

    @property
    def draft(self) -> str:
        """The name of the draft in the person's browser: theirs, of this row."""
        person = self.entries.actor.person
        key = self.record.key if self.record else "new"
        return f"{person.uid if person else ''}.{self.seen.declared.collection}.{key}"

    @property
    def heading(self) -> str:
        """What is being done."""
        title = self.seen.declared.title
        if self.record is None:
            return _("登记：%(title)s") % {"title": title}
        return _("修改：%(title)s") % {"title": self.record.title}


@staff_page()
def add(request: HttpRequest, collection: str) -> HttpResponse:
    """A new row."""
    entries = _entries(request, collection)
    if entries.writing.add is None:
        raise Http404(collection)
    require(entries.actor, entries.writing.permission)
    asked = Asked(request, entries)
    made = entries.writing.add
    return _answer(asked, lambda change: made(entries.actor, change, clock.now()))


@staff_page()
def edit(request: HttpRequest, collection: str, key: str) -> HttpResponse:
    """A change of one row."""
    entries = _entries(request, collection)
    if entries.writing.change is None:
        raise Http404(collection)
    record, row = record_of(entries.seen, key), entries.row(key)
    require(entries.actor, entries.writing.permission, record.instance)
    write = entries.writing.change

    def done(change: Change) -> str:
        write(entries.actor, key, change, clock.now())
        return key

    return _answer(Asked(request, entries, record, row), done)


@staff_page()
def template(request: HttpRequest, collection: str) -> HttpResponse:
    """The Excel template of the collection."""
    entries = _entries(request, collection)
    require(entries.actor, entries.writing.permission)
    title = entries.writing.template or entries.seen.declared.title
    return download(templatebook.workbook(entries), _("%(title)s导入模板") % {"title": title}, "xlsx")


def _entries(request: HttpRequest, collection: str) -> Entries:
    actor, register = actor_of(request), register_called(collection)
    if register.writing is None:
        raise Http404(collection)
    return Entries(required(register, actor, clock.today()), actor)


def _answer(asked: Asked, write: Callable[[Change], str]) -> HttpResponse:
    """Show the form, say what it would cause, or write and lead to the record."""
    request = asked.request
    form = EntryForm(asked.entries, asked.row, request.POST if request.method == "POST" else None, _first(asked))
    if request.method != "POST":
        return _page(asked, form)
    if not form.is_valid():
        return _page(asked, form, status=422) if _saves(request) else _page(asked, form, stopped=_faults(form))
    if asked.row is not None and request.POST.get("_stamp") != stamp(asked.row):
        if not _saves(request):
            return _page(asked, form, stopped=[_("您填写期间，这条记录被别人改过：保存时会列出现在的内容，请对照。")])
        return _page(asked, form, status=409, conflict=asked.entries.lines(form.change().values, asked.row))
    change = form.change()
    stopped = _stopped(asked, change)
    if stopped or request.POST.get("step") == PREVIEW:
        effect = _effect(asked, change, form.read_as) if not stopped else None
        return _page(asked, form, status=422 if stopped and _saves(request) else 200, effect=effect, stopped=stopped)
    try:
        key = write(change)
    except Refusal as refusal:
        return _page(asked, form, status=422, stopped=[str(refusal)])
    request.session[SAVED] = asked.draft
    messages.success(request, _("已登记。") if asked.row is None else _("已修改。"))
    return HttpResponseRedirect(faces_urls.record_of(asked.seen.declared, key))


def _first(asked: Asked) -> Mapping[str, Any]:
    """What the form of a new row begins with."""
    begin = asked.entries.writing.begin
    return begin(asked.entries.actor, asked.request.GET.dict()) if begin and asked.row is None else {}


def _faults(form: EntryForm) -> list[str]:
    """What is wrong with the boxes of a form, each with its name: a part of the page has no boxes to stand beside."""
    return [
        f"{form.fields[name].label}：{fault}" if name in form.fields else str(fault)
        for name, faults in form.errors.items()
        for fault in faults
    ]


def _saves(request: HttpRequest) -> bool:
    return request.POST.get("step") != PREVIEW


def _stopped(asked: Asked, change: Change) -> list[str]:
    """What stands against writing, before anything is written."""
    if asked.row is not None and not change.values:
        return [_("没有任何改动：内容与现有记录相同。")]
    guard = asked.entries.writing.guard
    return list(guard(asked.entries.actor, change, asked.row)) if guard else []


def _effect(asked: Asked, change: Change, read_as: Sequence[str]) -> dict[str, Any]:
    """What the change will cause, in sentences and lines; how its ground was read among what to look at."""
    hints = [*read_as, *(asked.entries.tells(change) if asked.row is None else ())]
    return {"lines": asked.entries.lines(change.values, asked.row), "told": _told(asked, change), "hints": hints}


def _told(asked: Asked, change: Change) -> str:
    if asked.row is None:
        since = change.since
        return _("自 %(day)s 起登记一条新记录。") % {"day": since} if since else _("登记一条新记录。")
    if not asked.entries.writing.dated:
        return _("原来的内容留在变动历史里。")
    if change.since is None:
        return _("从这条记录的起始日算起都按新内容计；错误的内容只留在变动历史里。")
    return _("%(day)s 之前仍按原内容计，自该日起按新内容计。") % {"day": change.since}


def _page(asked: Asked, form: EntryForm, *, status: int = 200, **told: Any) -> HttpResponse:
    request = asked.request
    context = {
        "asked": asked,
        "form": form,
        "stamp": stamp(asked.row) if asked.row is not None else "",
        "draw_map": assets.module("maps/draw-map.mjs"),
        "crumbs": crumbs(asked.seen, asked.heading),
        "back": faces_urls.record_of(asked.seen.declared, asked.record.key)
        if asked.record
        else faces_urls.of(asked.seen.declared, "list"),
        **told,
    }
    part = request.headers.get("HX-Target") == "effect" and status == 200
    return render(request, "kit/effect.html" if part else "kit/form_face.html", context, status=status)
