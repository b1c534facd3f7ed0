"""Lists of any day on screen, on paper and for the public; plots moved by a notice; the notice's document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, require
from soildesk.core.queries import division_of_code
from soildesk.enterprises.pages.forms import DocumentForm
from soildesk.enterprises.sentences import language
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.context import tell_of
from soildesk.kit.day import page_day, page_known_on, wrong_day
from soildesk.land.pages.forms import posted
from soildesk.land.pages.parcels import asked
from soildesk.monitoring.markwords import mark_word
from soildesk.plots import listpaper
from soildesk.plots.lifefacts import cited
from soildesk.plots.lifewords import deciders
from soildesk.plots.models import ListNotice, PlotVersion
from soildesk.plots.queries import lists as found
from soildesk.plots.queries.plots import called
from soildesk.plots.refusals import ListRefused
from soildesk.plots.services import lists
from soilrules.plots.lists import ListKey, PlotList, plot_lists


class MoveForm(forms.Form):
    """Plots a notice names."""

    act = forms.ChoiceField(
        label=_l("文件怎样说"),
        choices=[("in", _l("列入")), ("out", _l("移出"))],
        widget=forms.RadioSelect,
        initial="in",
    )
    plots = forms.CharField(
        label=_l("地块"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_l("每行一个：地块编号、全国系统编码或地块全名"),
    )
    reason = forms.CharField(label=_l("原因"), max_length=300, required=False, help_text=_l("照文件填写"))  # fmt: skip


def list_or_404(key: str) -> PlotList:
    """The list of an address."""
    if key not in list(ListKey):
        raise Http404(key)
    return plot_lists()[ListKey(key)]


@staff_page("plots.read")
def overview(request: HttpRequest) -> HttpResponse:
    """All lists and how they stand."""
    if wrong := wrong_day(request):
        return render(request, "plots/lists.html", {"refused": wrong}, status=422)
    actor, on = actor_of(request), page_day(request)
    rows = [
        {**row, "name": row["list"].name(language()), "who": deciders(row["list"].deciders), "bases": cited(row["list"].bases_on(on)),
         "mark": mark_word(row["list"].mark)}
        for row in found.overview(actor, on)
    ]  # fmt: skip
    return render(request, "plots/lists.html", {"rows": rows, "on": on})


@staff_page("plots.read")
def show(request: HttpRequest, key: str) -> HttpResponse:
    """One list as it was on a day, as known now or then."""
    actor, held = actor_of(request), list_or_404(key)
    if wrong := wrong_day(request):
        return _refused(request, held, wrong)
    on, known_on = page_day(request), page_known_on(request)
    query, area = request.GET.urlencode(), found.area_of(actor)
    listings = reverse("kit:collection", args=["plot_listings"])
    context = {
        "held": held,
        "name": held.name(language()),
        "rows": found.list_on(key, actor, on, known_on),
        "part": "" if area[1] else listpaper.part_words(area[0]),
        "on": on,
        "known_on": known_on,
        "query": query,
        "excel": f"{listings}?{query + '&' if query else ''}list={key}&export=xlsx",
        "who": deciders(held.deciders),
        "bases": [(one, mark_word(one.mark)) for one in held.bases_on(on)],
        "public": _public_url(held, actor),
        "crumbs": [(_("名单、名录"), reverse("plots:lists")), (held.name(language()), "")],
    }
    return render(request, "plots/list.html", context)


def _refused(request: HttpRequest, held: PlotList, sentence: str) -> HttpResponse:
    """The page of a list of which nothing can be told for the day asked."""
    context = {
        "held": held,
        "name": held.name(language()),
        "refused": sentence,
        "on": clock.today(),
        "crumbs": [(_("名单、名录"), reverse("plots:lists")), (held.name(language()), "")],
    }
    return render(request, "plots/list.html", context, status=422)


def _public_url(held: PlotList, actor: Actor) -> str:
    """Where the public reads the list; empty where it is not published."""
    department = actor.person.department if actor.person else None
    if held.key not in found.PUBLIC or department is None:
        return ""
    return reverse("plots:list_public", args=[department.division.code, str(held.key)])


@staff_page("plots.read")
def printed(request: HttpRequest, key: str) -> HttpResponse:
    """One list of a day as an A4 paper."""
    actor, held = actor_of(request), list_or_404(key)
    if wrong := wrong_day(request):
        return _refused(request, held, wrong)
    on, known_on = page_day(request), page_known_on(request)
    rows = found.list_on(key, actor, on, known_on)
    data = listpaper.made(str(held.key), rows, area=found.area_of(actor), on=on, known_on=known_on, at=clock.now())
    answer = HttpResponse(data, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{key}-{on}.pdf"'
    return answer


def public(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """A list that is published by law, for whoever wants to read it: no coordinates and nobody's name."""
    held, on = list_or_404(key), page_day(request)
    place = division_of_code(code)
    if place is None or held.key not in found.PUBLIC:
        raise Http404(key)
    tell_of(request, place)
    if wrong := wrong_day(request):
        told = {"name": held.name(language()), "place": place.name, "refused": wrong}
        return render(request, "plots/list_public.html", told, status=422)
    rows = found.published(key, on, place.path)
    context = {
        "name": held.name(language()),
        "place": place.name,
        "on": on,
        "rows": rows,
        "unpublished": found.unpublished(key, on, place.path),
        "notices": sorted({one.stay.notice for one in rows}, key=lambda notice: notice.since, reverse=True),
    }
    return render(request, "plots/list_public.html", context)


def _notice(actor: Actor, uid: UUID) -> ListNotice:
    notice: ListNotice = get_object_or_404(ListNotice.objects.visible_to(actor), uid=uid)
    require(actor, "plots.keep_lists", notice)
    return notice


def _crumbs(notice: ListNotice, title: str) -> list[tuple[str, str]]:
    record = reverse("kit:record", args=["plot_notices", str(notice.uid)])
    return [
        (_("名单、名录文件"), reverse("kit:collection", args=["plot_notices"])),
        (notice.number, record),
        (title, ""),
    ]


@staff_page("plots.read")
def move(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Plots put on a list or taken off it by a notice."""
    actor = actor_of(request)
    notice = _notice(actor, uid)

    def write(said: dict[str, Any]) -> str:
        moved = _moved(notice, said, actor)
        lists.take_in(notice, moved, by=actor, at=clock.now())
        told = {"n": len(moved), "on": notice.since, "list": plot_lists()[ListKey(notice.list_key)].name(language())}
        return (
            _("%(n)d 个地块自 %(on)s 起列入%(list)s。")
            if said["act"] == "in"
            else _("%(n)d 个地块自 %(on)s 起移出%(list)s。")
        ) % told

    context = {
        "title": _("登记地块 %(number)s") % {"number": notice.number},
        "note": _("照“%(title)s”登记由此列入或移出的地块；有一个不能登记，就都不登记。") % {"title": notice.title},
        "crumbs": _crumbs(notice, _("登记地块")),
        "save": _("登记"),
    }
    back = reverse("kit:record", args=["plot_notices", str(uid)])
    return asked(request, posted(MoveForm, request), context, write, back)


def _moved(notice: ListNotice, said: Mapping[str, Any], actor: Actor) -> list[lists.Moved]:
    """The plots a form names, a line each; refused with every line that cannot be, and its plot."""
    seen: dict[int, int] = {}
    found, wrong = [], []
    for number, line in enumerate(said["plots"].splitlines(), 1):
        if not line.strip():
            continue
        try:
            plot = _plot(actor, line)
            if plot.plot_id in seen:
                raise ListRefused(
                    _("与第 %(n)d 行是同一个地块：请删去一行。") % {"n": seen[plot.plot_id]}, code="plots.list.standing"
                )
            seen[plot.plot_id] = number
            found.append(lists.Moved(plot.plot, said["act"] == "in", said["reason"]))
            lists.check_move(notice, found[-1], by=actor)
        except Refusal as refusal:
            told = {"n": number, "line": line.strip(), "why": str(refusal)}
            wrong.append(_("第 %(n)d 行“%(line)s”：%(why)s") % told)
    if wrong:
        raise ListRefused(" ".join(wrong), code="plots.list.lines")
    return found


def _plot(actor: Actor, line: str) -> PlotVersion:
    rows = called(actor, line, clock.today())
    if len(rows) != 1:
        raise ListRefused(
            _("没有找到地块“%(text)s”，或不止一个：请填写地块编号或全国系统编码；没有登记的请先登记地块。")
            % {"text": line.strip()},
            code="plots.list.elsewhere",
        )
    return rows[0]


@staff_page("plots.read")
def document(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The document of a notice."""
    actor = actor_of(request)
    notice = _notice(actor, uid)

    def write(said: dict[str, Any]) -> str:
        upload = said["file"]
        lists.attach(notice, data=upload.read(), name=upload.name, by=actor, at=clock.now())
        return _("已上传“%(name)s”。") % {"name": upload.name}

    context = {
        "title": _("上传文件 %(number)s") % {"number": notice.number},
        "crumbs": _crumbs(notice, _("上传文件")),
        "save": _("上传"),
    }
    back = reverse("kit:record", args=["plot_notices", str(uid)])
    return asked(request, posted(DocumentForm, request), context, write, back)
