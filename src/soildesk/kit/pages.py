"""Pages every room uses: the register list with its exports, bulk acts and saved views."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.vary import vary_on_headers

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import may, require
from soildesk.kit import cells, exports, faces_urls, table
from soildesk.kit.access import actor_of
from soildesk.kit.day import page_day, page_known_on
from soildesk.kit.faces import Writing
from soildesk.kit.filters import Filter
from soildesk.kit.models import SavedView
from soildesk.kit.parts import Act
from soildesk.kit.register import BulkAct, PageAct, Register
from soildesk.kit.rows import EXACT_UP_TO, PAGING, PART, TOTALS_UP_TO, Selection
from soildesk.kit.seen import required


@dataclass(frozen=True)
class ListPage:
    """What the list's template shows."""

    selection: Selection
    request: HttpRequest

    @property
    def register(self) -> Register:
        """The register."""
        return self.selection.register

    @cached_property
    def bulk_acts(self) -> list[BulkAct]:
        """The bulk acts this actor may use somewhere."""
        actor = self.selection.actor
        return [act for act in self.register.bulk_acts if not act.permission or may(actor, act.permission)]

    @cached_property
    def page_acts(self) -> list[PageAct]:
        """The page's buttons this actor may use."""
        actor = self.selection.actor
        return [act for act in self.register.page_acts if not act.permission or may(actor, act.permission)]

    @cached_property
    def writing(self) -> Writing | None:
        """How the register is written, where this actor may write it somewhere."""
        writing = self.register.writing if self.register.collection else None
        return writing if writing and may(self.selection.actor, writing.permission) else None

    @cached_property
    def face_acts(self) -> list[Act]:
        """The buttons of a register that people write: enter a row, take a file in."""
        if self.writing is None or self.writing.add is None:
            return []
        return [
            Act(_("导入"), faces_urls.of(self.register, "import"), icon="upload"),
            Act(_("登记"), faces_urls.of(self.register, "add"), icon="plus-lg", primary=True),
        ]

    @cached_property
    def bulk_url(self) -> str:
        """Where one entry is set for the chosen rows; empty where none may be."""
        if self.writing is None or self.writing.change is None or not any(e.bulk for e in self.writing.entries):
            return ""
        return faces_urls.of(self.register, "bulk") + self.selection.query()

    @property
    def choosable(self) -> bool:
        """Whether rows can be chosen."""
        return bool(self.bulk_acts or self.bulk_url)

    @cached_property
    def table(self) -> SafeString:
        """The table."""
        return table.render(self.selection, choosable=self.choosable)

    @cached_property
    def filters(self) -> list[dict[str, Any]]:
        """The filters with their options and what is chosen, for the form."""
        return [self._filter(each) for each in self.register.filters]

    def _filter(self, each: Filter) -> dict[str, Any]:
        params = self.selection.params
        choices, chosen = each.options(self.selection.scope), each.chosen(params)
        return {
            "filter": each,
            "options": choices,
            "chosen": chosen,
            "boxes": table.options(each.key, choices, chosen),
            "from": params.get(f"{each.key}_from", ""),
            "to": params.get(f"{each.key}_to", ""),
            "text": params.get(each.key, ""),
        }

    @cached_property
    def chips(self) -> list[tuple[Any, str]]:
        """The active filters, each with the address without it."""
        return [(chip, self.selection.query(drop=(chip.parameter, chip.value))) for chip in self.selection.chips]

    @cached_property
    def kept(self) -> list[tuple[str, str]]:
        """Every parameter but the page, for forms that add to the address."""
        lists = self.selection.params.lists()
        return [(name, value) for name, values in lists if name not in PAGING for value in values]

    @cached_property
    def saved_views(self) -> list[SavedView]:
        """The person's own saved views of this register."""
        person = self.selection.actor.person
        return list(SavedView.objects.filter(owner=person, register=self.register.name)) if person else []

    @property
    def query(self) -> str:
        """The present selection as a query string without its question mark."""
        return self.selection.query().removeprefix("?")

    @property
    def first(self) -> int:
        """Number of the first row shown, from 1; 0 where there is none."""
        return self.selection.rows_before + 1 if self.selection.counted else 0

    @property
    def last(self) -> int:
        """Number of the last row shown."""
        return self.selection.rows_before + len(self.selection.page_rows)

    @property
    def counted_up_to(self) -> int:
        """How many rows are counted without being asked."""
        return EXACT_UP_TO

    @property
    def count_query(self) -> str:
        """Where the exact number is told."""
        return self.selection.query(part="count")

    @cached_property
    def previous_url(self) -> str:
        """The page before; empty on the first."""
        return self.selection.previous_query()

    @cached_property
    def next_url(self) -> str:
        """The page after; empty on the last."""
        return self.selection.next_query()

    @cached_property
    def map_url(self) -> str:
        """The same selection on the map."""
        return faces_urls.map_of(self.register, self.query)

    @cached_property
    def files(self) -> list[tuple[str, Any, str]]:
        """The kinds of file the selection is exported to: name, title, icon."""
        return exports.kinds_of(self.register)

    @property
    def empty(self) -> str:
        """What an empty list says: what to do, to who may do it."""
        permission, words = self.register.empty_else
        return words if permission and not may(self.selection.actor, permission) else self.register.empty

    @property
    def narrowed(self) -> bool:
        """Whether search or a filter is on, so that an empty list may only be a narrow one."""
        return bool(self.selection.chips or self.selection.params.get("q", "").strip())


@vary_on_headers("HX-Request")
def register_list(request: HttpRequest, register: Register, **context: Any) -> HttpResponse:
    """The list page of `register`: GET shows or exports, POST does a bulk act.

    `context` goes to the template; `template` names another than `kit/list.html` that extends it.
    """
    if getattr(request, "actor", None) is None:
        return redirect_to_login(request.get_full_path())
    actor = actor_of(request)
    selection = Selection(register, actor, page_day(request), request.GET, page_known_on(request))
    required(register, actor, selection.on)
    if request.method == "POST":
        return _bulk_act(request, selection)
    if kind := request.GET.get("export"):
        return exports.register_response(selection, kind)
    page = ListPage(selection, request)
    if part := request.GET.get(PART):
        return _part(page, part)
    template = str(context.pop("template", "kit/list.html"))
    swapped = request.headers.get("HX-Target") == "list" and "HX-History-Restore-Request" not in request.headers
    return render(request, "kit/list_part.html" if swapped else template, {"page": page, **context})


def _part(page: ListPage, part: str) -> HttpResponse:
    """What a long list tells only where somebody asks: its exact number of rows, its totals."""
    selection = page.selection
    if part == "count":
        return HttpResponse(cells.number(selection.count, {}))
    if part == "totals":
        totals, capped = selection.totals_to(TOTALS_UP_TO)
        note = _("（只计前 %(n)s 行）") % {"n": f"{TOTALS_UP_TO:,}"} if capped else ""
        return HttpResponse(table.totals_row(selection, totals, choosable=page.choosable, note=note))
    return HttpResponseRedirect(selection.query())


def _bulk_act(request: HttpRequest, selection: Selection) -> HttpResponse:
    """Do the act on the chosen rows that are within the actor's selection; rows out of scope are not touched."""
    asked = request.POST.get("act", "")
    act = next((act for act in selection.register.bulk_acts if act.name == asked), None)
    back = HttpResponseRedirect(request.get_full_path())
    if act is None or act.run is None:
        messages.error(request, _("没有“%(act)s”这项操作：请刷新页面后再试。") % {"act": asked})
        return back
    if act.permission:
        require(selection.actor, act.permission)
    keys = chosen_keys(request, selection)
    if not keys:
        messages.error(request, _("没有选中任何一行：请先勾选要办理的行。"))
        return back
    try:
        messages.success(request, act.run(selection.actor, keys, request.POST.dict(), clock.now()))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return back


def chosen_keys(request: HttpRequest, selection: Selection) -> list[str]:
    """The keys of the rows chosen in a list, or of all it shows; those within the actor's reach."""
    if request.POST.get("all") == "1":
        return selection.keys()
    chosen = selection.rows_of(request.POST.getlist("key"))
    return [str(value) for value in chosen.values_list(selection.register.key, flat=True)]
