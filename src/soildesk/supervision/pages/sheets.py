"""Pages of a sheet of 调度: fill in and sign, read the records again, send back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_POST

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import require
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.refused import stopped
from soildesk.land.pages.forms import Day, posted
from soildesk.land.pages.parcels import asked
from soildesk.supervision.models import DispatchSheet
from soildesk.supervision.pages.rounds import round_url
from soildesk.supervision.queries import rounds as seen
from soildesk.supervision.queries.sheets import FREE, said
from soildesk.supervision.register.sheets import shown
from soildesk.supervision.roundwords import FREE_TITLES
from soildesk.supervision.services import sheets
from soildesk.supervision.services.rounds import DISPATCH, sheet_url
from soildesk.supervision.services.sheets import FILL, LONGEST, LONGEST_FIGURE, LONGEST_WORD, SheetChanged
from soildesk.supervision.services.sheetwords import PARTS, Words, marks

HINTS = {
    "problems": _l("台账里看不出的困难和问题；没有的写“无”。"),
    "following": _l("下一期准备做什么、什么时候完成。"),
    "help": _l("需要办公室或者其他单位协调的；没有的写“无”。"),
}


class ReturnForm(forms.Form):
    """Why it goes back."""

    why = forms.CharField(
        label=_l("退回原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text=_l("哪一项、缺什么。")
    )
    due = forms.DateField(label=_l("重报时限"), widget=Day, required=False, help_text=_l("留空即原时限不变。"))


def found_sheet(request: HttpRequest, uid: UUID) -> DispatchSheet:
    """The sheet; not found where the actor sees none."""
    one = seen.sheet_of(actor_of(request), uid)
    if one is None:
        raise Http404(str(uid))
    return one


def _crumbs(one: DispatchSheet, title: str) -> list[tuple[str, str]]:
    return [(one.round.number, round_url(one.round)), (str(one.unit), sheet_url(one)), (title, "")]


def _posted_words(request: HttpRequest, one: DispatchSheet) -> Words:
    told = request.POST
    tasks = {
        task["uid"]: {part: told.get(f"{part}-{task['uid']}", "") for part in ("word", "figure")}
        for task in one.records.get("tasks", ())
        if task["unbound"]
    }
    return Words({name: told.get(name, "") for name in FREE}, tasks)


@staff_page(FILL)
def fill(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The sheet with what the unit adds: save it for later, or sign it."""
    actor, one = actor_of(request), found_sheet(request, uid)
    require(actor, FILL, one)
    check = partial(sheets.need_unsigned, one, actor)
    if answer := stopped(request, check, sheet_url(one)):
        return answer
    if request.method != "POST":
        return render(request, "supervision/fill.html", _context(one, Words.kept(one.words)))
    words, read = _posted_words(request, one), _posted_marks(request)
    try:
        done = _sign(request, one, words, read) if "sign" in request.POST else _save(request, one, words, read)
    except SheetChanged as refusal:
        context = _context(refusal.sheet, refusal.found.words, str(refusal), refusal.found.clash)
        return render(request, "supervision/fill.html", context, status=409)
    except Refusal as refusal:
        context = _context(one, words, str(refusal)) | {"read": json.dumps(read)}
        return render(request, "supervision/fill.html", context, status=422)
    return HttpResponseRedirect(done)


def _sign(request: HttpRequest, one: DispatchSheet, words: Words, read: dict[str, str]) -> str:
    sheets.sign(one, words, by=actor_of(request), at=clock.now(), read=read)
    messages.success(request, _("已签报，内容已经固定。"))
    return sheet_url(one)


def _save(request: HttpRequest, one: DispatchSheet, words: Words, read: dict[str, str]) -> str:
    saved = sheets.save(one, words, by=actor_of(request), at=clock.now(), read=read)
    messages.success(request, _("已保存，还没有签报。"))
    if saved.taken:
        messages.info(request, _("您填写期间别人写的 %(n)d 栏已一并保留。") % {"n": saved.taken})
    return request.path


def _posted_marks(request: HttpRequest) -> dict[str, str]:
    """The marks of the boxes as the form was opened; a form without them was opened on an empty sheet, as far as anybody knows."""
    try:
        told = json.loads(request.POST.get("read", "{}"))
    except ValueError:
        return {}
    return {str(name): str(mark) for name, mark in told.items()} if isinstance(told, dict) else {}


def _context(
    one: DispatchSheet, words: Words, refused: str = "", clash: Mapping[str, str] | None = None
) -> dict[str, Any]:
    (held,) = said([one])
    theirs = clash or {}
    tasks = [
        {
            **shown(task, held),
            "own": words.tasks.get(task["uid"], {}),
            "theirs": {part: theirs.get(f"{part}-{task['uid']}") for part in PARTS},
        }
        for task in held.tasks
    ]
    returned = one.signings.order_by("turn").last() if one.state == DispatchSheet.State.RETURNED else None
    return {
        "sheet": one,
        "round": one.round,
        "unbound": [task for task in tasks if task["unbound"]],
        "bound": [task for task in tasks if not task["unbound"]],
        "free": [(name, FREE_TITLES[name], words.free.get(name, ""), HINTS[name], theirs.get(name)) for name in FREE],
        "read": json.dumps(marks(Words.kept(one.words))),
        "longest": {"free": LONGEST, "word": LONGEST_WORD, "figure": LONGEST_FIGURE},
        "returned": returned,
        "refused": refused,
        "back": sheet_url(one),
        "crumbs": _crumbs(one, _("填写、签报")),
    }


@require_POST
@staff_page(FILL)
def read(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Read the records again."""
    actor, one = actor_of(request), found_sheet(request, uid)
    before = one.records
    try:
        held = sheets.read_again(one, by=actor, at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        same = held.records.get("tasks") == before.get("tasks")
        messages.success(request, _("已重新取数，内容没有变化。") if same else _("已按最新台账重新取数。"))
    return HttpResponseRedirect(sheet_url(one))


@staff_page(DISPATCH)
def send_back(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Send a signed sheet back."""
    actor, one = actor_of(request), found_sheet(request, uid)
    require(actor, DISPATCH, one)

    def write(said: dict[str, Any]) -> str:
        sheets.send_back(one, said["why"], said["due"], by=actor, at=clock.now())
        return _("已退回%(unit)s，并通知该单位。") % {"unit": one.unit}

    context = {
        "title": _("退回调度表：%(unit)s") % {"unit": one.unit},
        "note": _("已签报的内容保留备查；该单位补充后重新签报。"),
        "crumbs": _crumbs(one, _("退回")),
        "save": _("退回"),
    }
    return asked(
        request, posted(ReturnForm, request), context, write, reverse("kit:record", args=["dispatch_sheets", str(uid)])
    )
