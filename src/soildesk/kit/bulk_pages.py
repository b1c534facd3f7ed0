"""The page of a bulk edit: which entry, what it will say, what will come of it; then all rows or none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from soildesk.core import clock, jobs
from soildesk.core.errors import Refusal
from soildesk.core.permissions import require
from soildesk.kit import bulk, faces_urls
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.entries import Entries, stored
from soildesk.kit.entryforms import EntryField
from soildesk.kit.faces import Change, Entry
from soildesk.kit.record_pages import crumbs, register_called
from soildesk.kit.rows import Selection

SHOWN = 20


class BulkForm(forms.Form):
    """Which entry is set, to what, from when and why."""

    entry = forms.ChoiceField(label=gettext_lazy("改哪一项"), widget=forms.RadioSelect)
    since = forms.DateField(
        label=gettext_lazy("从哪一天起算"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    why = forms.CharField(label=gettext_lazy("原因或依据"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, entries: Entries, data: Any = None) -> None:
        super().__init__(data, initial={"since": entries.actor.today})
        self.entries = entries
        self.fields["entry"].choices = [(entry.key, entry.title) for entry in entries.bulk]  # type: ignore[attr-defined]
        for entry in entries.bulk:
            self.fields[f"value-{entry.key}"] = EntryField(entry, entries.choices(entry), required=False)
        if not entries.writing.dated:
            self.fields.pop("since")

    def clean(self) -> dict[str, Any]:
        """The box of the entry chosen counts, and no other."""
        cleaned = super().clean() or {}
        entry = self.entries.by_key.get(cleaned.get("entry", ""))
        if entry and entry.required and cleaned.get(f"value-{entry.key}") in (None, ""):
            self.add_error(f"value-{entry.key}", ValidationError(_("请填写%(title)s。") % {"title": entry.title}))
        return cleaned

    @property
    def chosen(self) -> Entry:
        """The entry that is set."""
        return self.entries.by_key[self.cleaned_data["entry"]]

    def change(self) -> Change:
        """What is asked to be written."""
        key, since = self.chosen.key, self.cleaned_data.get("since")
        return Change({key: self.cleaned_data[f"value-{key}"]}, self.cleaned_data["why"], since)

    def boxes(self) -> list[tuple[Entry, Any]]:
        """The entries with their boxes."""
        return [(entry, self[f"value-{entry.key}"]) for entry in self.entries.bulk]


@dataclass(frozen=True)
class Asked:
    """The rows chosen in a list, and for whom."""

    entries: Entries
    keys: list[str]
    rows: list[dict[str, Any]]


@staff_page()
@require_POST
def bulk_edit(request: HttpRequest, collection: str) -> HttpResponse:
    """Ask, foresee, do: each a post, since the rows chosen come with it."""
    actor, register = actor_of(request), register_called(collection)
    writing = register.writing
    if writing is None or writing.change is None:
        raise Http404(collection)
    require(actor, writing.permission)
    selection = Selection(register, actor, clock.today(), request.GET)
    entries = Entries(selection.seen, actor)
    if not entries.bulk:
        raise Http404(collection)
    every = request.POST.get("all") == "1"
    try:
        rows = bulk.rows_for(entries, selection.filtered() if every else selection.rows_of(request.POST.getlist("key")))
    except bulk.BulkRefused as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(faces_urls.of(register, "list") + selection.query())
    asked = Asked(entries, [str(row[register.key]) for row in rows], rows)
    step = request.POST.get("step", "")
    form = BulkForm(entries, request.POST if step else None)
    if not step or not form.is_valid():
        return _page(request, asked, form, status=422 if step else 200)
    return _foreseen(request, asked, form, step)


def _foreseen(request: HttpRequest, asked: Asked, form: BulkForm, step: str) -> HttpResponse:
    change = form.change()
    foreseen = bulk.foresee(asked.entries, asked.rows, change)
    if step != "do":
        return _page(request, asked, form, foreseen=foreseen)
    if request.POST.get("digest") != foreseen.digest:
        moved = _("预览之后有记录变了：请再看一次结果。没有写入。")
        return _page(request, asked, form, foreseen=foreseen, told=moved, status=409)
    if not foreseen.ok:
        return _page(request, asked, form, foreseen=foreseen, status=422)
    try:
        return _done(request, asked, change)
    except Refusal as refusal:
        return _page(request, asked, form, foreseen=foreseen, told=str(refusal), status=422)


def _done(request: HttpRequest, asked: Asked, change: Change) -> HttpResponse:
    register = asked.entries.seen.declared
    if len(asked.rows) <= bulk.AT_ONCE:
        count = bulk.change_all(asked.entries, asked.rows, change, clock.now())
        messages.success(request, _("已修改 %(n)s 行。") % {"n": count})
        return HttpResponseRedirect(faces_urls.of(register, "list"))
    arguments = {
        "collection": register.collection,
        "keys": asked.keys,
        "values": {key: stored(value) for key, value in change.values.items()},
        "since": _iso(change.since),
        "why": change.why,
    }
    title = _("批量修改%(title)s（%(n)s 行）") % {"title": register.title, "n": len(asked.rows)}
    row = jobs.start("kit.bulk_edit", arguments, by=asked.entries.actor, title=title)
    return HttpResponseRedirect(faces_urls.job(row.uid))


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _page(request: HttpRequest, asked: Asked, form: BulkForm, *, status: int = 200, **told: Any) -> HttpResponse:
    foreseen: bulk.Foreseen | None = told.get("foreseen")
    context = {
        "asked": asked,
        "form": form,
        "rows": len(asked.rows),
        "changed": foreseen.changed[:SHOWN] if foreseen else (),
        "stopped": foreseen.stopped[:SHOWN] if foreseen else (),
        "chosen": form.data.get("entry", "") if form.is_bound else "",
        "value_in_words": _in_words(form) if foreseen else "",
        "crumbs": crumbs(asked.entries.seen, _("批量修改")),
        "back": faces_urls.of(asked.entries.seen.declared, "list"),
        **told,
    }
    return render(request, "kit/bulk_face.html", context, status=status)


def _in_words(form: BulkForm) -> str:
    entry = form.chosen
    return form.entries.in_words(entry, form.cleaned_data[f"value-{entry.key}"])
