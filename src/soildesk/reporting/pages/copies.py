"""Reports: making one, the acts on it, its files, and the rows behind its figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock
from soildesk.core.permissions import Actor, require
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.downloads import download
from soildesk.kit.languages import listed
from soildesk.land.pages.parcels import asked
from soildesk.land.services.writing import Place
from soildesk.reporting import files as papers
from soildesk.reporting.pages import forms as ask
from soildesk.reporting.pages.base import own_office, own_place, told
from soildesk.reporting.pages.figures import rows_page
from soildesk.reporting.queries import records
from soildesk.reporting.refusals import ReportRefused
from soildesk.reporting.services import copies, remaking
from soildesk.reporting.services.copies import MAKE, SEND, SIGN, Published, Receipt, Wanted, period_named
from soilrules.deadlines.periods import period_of

Said = Mapping[str, Any]


def url_of(copy: Any) -> str:
    """The record page of a report."""
    return reverse("kit:record", args=["reports", str(copy.uid)])


@staff_page(MAKE)
@told
def make(request: HttpRequest) -> HttpResponse:
    """Choose and make."""
    actor = actor_of(request)
    due = records.due_of(actor, _uid(request.GET.get("due"))) if request.GET.get("due") else None
    begun = {key: request.GET[key] for key in ("kind", "place", "period") if key in request.GET}
    form = ask.MakeForm(
        request.POST or None, initial=first(actor, due) | begun, places=records.places(actor), dues=due_choices(actor)
    )
    done: dict[str, Any] = {}

    def write(said: dict[str, Any]) -> str:
        wanted = wanted_of(actor, said, said["kind"])
        copy = copies.make(wanted, Place(wanted.place, own_office(actor)), by=actor, at=clock.now())
        done["url"] = url_of(copy)
        return _("已生成 %(number)s：%(n)d 项没有记录可填。") % {"number": copy.number, "n": copy.gaps}

    context = {
        "title": _("生成报表"),
        "note": _("数字全部来自台账。没有记录的不填，列在报表末尾。生成后为草稿，签发前可以重新生成。"),
        "crumbs": [(_("报表"), reverse("kit:collection", args=["reports"])), (_("生成报表"), "")],
        "save": _("生成"),
    }
    response = asked(request, form, context, write, reverse("kit:collection", args=["reports"]))
    return HttpResponseRedirect(done["url"]) if "url" in done else response


@staff_page(MAKE)
@told
def bring(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A report written elsewhere, for a line of the calendar."""
    actor = actor_of(request)
    due = records.due_of(actor, uid)
    if due is None:
        raise Http404(str(uid))
    given = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    done: dict[str, Any] = {}

    def write(said: dict[str, Any]) -> str:
        place = own_place(actor)
        paper = copies.Paper(said["file"].name, said["file"].read())
        copy = copies.bring(due, paper, place, by=actor, at=clock.now())
        done["url"] = url_of(copy)
        return _("已登记 %(number)s，可以签发、报送。") % {"number": copy.number}

    back = reverse("kit:record", args=["report_dues", str(uid)])
    context = {
        "title": _("登记自行编制的文件：%(title)s") % {"title": due},
        "note": _("系统没有对应表式的报表、方案，上传定稿文件，签发、报送和回执在这里留痕。"),
        "crumbs": [
            (_("报表日历"), reverse("kit:collection", args=["report_dues"])),
            (due.title, back),
            (_("登记文件"), ""),
        ],
        "save": _("登记"),
    }
    response = asked(request, ask.PaperForm(**given), context, write, back)  # type: ignore[arg-type]
    return HttpResponseRedirect(done["url"]) if "url" in done else response


def first(actor: Actor, due: Any = None) -> dict[str, Any]:
    """What the form of a new report begins with."""
    if due is not None:
        return {"kind": due.form, "period": due.period, "due": str(due.uid)}
    return {"period": period_of(actor.today, "year").name}


def due_choices(actor: Actor) -> list[tuple[str, str]]:
    """Lines of the calendar nobody has answered yet."""
    rows = records.dues(actor, actor.today).filter(dropped_on=None, done_on=None).order_by("due", "pk")
    return [(str(one.uid), f"{one.title}（{one.period}，{one.receiver}）") for one in rows[:200]]


def wanted_of(actor: Actor, said: Said, kind: str = "") -> Wanted:
    """What a form asks for."""
    place = records.place_of(actor, said["place"])
    if place is None:
        raise ReportRefused(_("没有这个地区，或您不能查阅其全部记录。"), code="reporting.copy.place")
    due = records.due_of(actor, _uid(said["due"])) if said.get("due") else None
    return Wanted(kind, place, period_named(said["period"].strip()), said["on"], due)


def _uid(text: Any) -> UUID:
    try:
        return UUID(str(text))
    except ValueError:
        raise Http404(str(text)) from None


@dataclass(frozen=True)
class Page:
    """One act: title, permission, form (none: a button that posts), service, what is said when it is done."""

    title: Any
    permission: str
    form: type[forms.Form]
    write: Callable[[Any, Said, Actor], Any]
    done: Any


def _sign(copy: Any, said: Said, by: Actor) -> Any:
    return copies.sign(copy, said["document"], by=by, at=clock.now())


def _send(copy: Any, said: Said, by: Actor) -> Any:
    return copies.send(copy, said["to"], said["on"], by=by, at=clock.now())


def _release(copy: Any, said: Said, by: Actor) -> Any:
    published = Published(said["where"], said["on"], said["review"])
    return copies.release(copy, published, by=by, at=clock.now())


def _receive(copy: Any, said: Said, by: Actor) -> Any:
    held = said.get("file")
    receipt = Receipt(said["number"], said["on"], held.name if held else "", held.read() if held else b"")
    return copies.receive(copy, receipt, by=by, at=clock.now())


ACTS: Mapping[str, Page] = {
    "sign": Page(_l("签发"), SIGN, ask.SignForm, _sign, _l("已签发，数字不再改变。")),
    "send": Page(_l("登记报送"), SEND, ask.SendForm, _send, _l("已登记报送。")),
    "release": Page(_l("登记发布"), SEND, ask.ReleaseForm, _release, _l("已登记发布。")),
    "receive": Page(_l("登记回执"), SEND, ask.ReceiveForm, _receive, _l("已登记回执。")),
}


@staff_page("reporting.read")
@told
def act(request: HttpRequest, uid: UUID, name: str) -> HttpResponse:
    """One act on a report."""
    actor = actor_of(request)
    copy = found(actor, uid)
    if name == "remake":
        return _remake(request, copy, actor)
    page = ACTS.get(name)
    if page is None:
        raise Http404(name)
    require(actor, page.permission, copy)
    to = copy.due.receiver if copy.due else (copy.blank_form.receiver if copy.blank_form else "")
    given = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    form = page.form(**given, initial={"on": actor.today, "to": to})  # type: ignore[arg-type]

    def write(said: dict[str, Any]) -> str:
        page.write(copy, said, actor)
        return str(page.done)

    context = {
        "title": f"{page.title}：{copy.title}（{copy.number}）",
        "note": _note(copy) if name in ("sign", "release") else "",
        "crumbs": [
            (_("报表"), reverse("kit:collection", args=["reports"])),
            (copy.number, url_of(copy)),
            (str(page.title), ""),
        ],
        "save": page.title,
    }
    return asked(request, form, context, write, url_of(copy))


def _note(copy: Any) -> str:
    """What whoever signs or releases has to know."""
    notes = [_("有 %(n)d 项没有记录可填，请确认后办理。") % {"n": copy.gaps}] if copy.gaps else []
    graded = copy.snapshot["figures"].get("soil.graded_campaigns")
    if graded and graded["rows"]:
        names = listed(row["name"] for row in graded["rows"])
        notes.append(_("所用监测任务未定为可公开的：%(names)s。公开前须经审查。") % {"names": names})
    return " ".join(notes)


def _remake(request: HttpRequest, copy: Any, actor: Actor) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseRedirect(url_of(copy))
    before = copy.digest
    again = remaking.remake(copy, by=actor, at=clock.now())
    same = again.digest == before
    messages.success(request, _("已重新生成，内容没有变化。") if same else _("已按最新记录重新生成。"))
    return HttpResponseRedirect(url_of(copy))


def found(actor: Actor, uid: UUID) -> Any:
    """The report; nothing where the actor sees none."""
    copy = records.copy_of(actor, uid)
    if copy is None:
        raise Http404(str(uid))
    return copy


@staff_page("reporting.read")
@told
def word(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The report as Word."""
    copy = found(actor_of(request), uid)
    copies.intact(copy)
    return download(papers.word(copy), f"{copy.title}_{copy.period}", "docx")


@staff_page("reporting.read")
@told
def excel(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The report as Excel."""
    copy = found(actor_of(request), uid)
    copies.intact(copy)
    return download(papers.excel(copy.snapshot), f"{copy.title}_{copy.period}", "xlsx")


@staff_page("reporting.read")
@told
def filled_form(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A superior's form, filled."""
    copy = found(actor_of(request), uid)
    if copy.blank_form is None:
        raise Http404(str(uid))
    copies.intact(copy)
    data, name = papers.filled(copy)
    return download(data, f"{copy.title}_{copy.period}", name.rpartition(".")[2].lower())


@staff_page("reporting.read")
@told
def figure(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The rows behind a figure as they were when the report was made."""
    copy = found(actor_of(request), uid)
    one = copy.snapshot["figures"].get(request.GET.get("id", ""))
    if one is None:
        raise Http404(request.GET.get("id", ""))
    crumbs = [(_("报表"), reverse("kit:collection", args=["reports"])), (copy.number, url_of(copy)), (one["title"], "")]
    note = _("这是 %(number)s 生成时的记录，之后台账的变化不影响它。") % {"number": copy.number}
    return render(request, "reporting/figure.html", rows_page(one, crumbs, note))
