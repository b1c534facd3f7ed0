"""Letters: choosing a kind, drafting and editing, the acts on one, its Word file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, require
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.refused import stopped
from soildesk.land.pages.forms import posted
from soildesk.land.pages.parcels import asked
from soildesk.supervision import letterpapers
from soildesk.supervision.pages import letters_forms as ask
from soildesk.supervision.pages.letters_forms import own_address
from soildesk.supervision.pages.wordfiles import word_file
from soildesk.supervision.queries import letters as reads
from soildesk.supervision.queries import letters_sources as sources
from soildesk.supervision.services import letters, letters_sending
from soildesk.supervision.services.letters import SIGN, WRITE, Item, Source, Wanted
from soildesk.supervision.services.letters_sending import Reply
from soildesk.supervision.services.matters import Act as Done
from soildesk.supervision.services.matters import Paper
from soildesk.supervision.services.slips import ANSWER
from soilrules.supervision.authorities import Act

if TYPE_CHECKING:
    from soildesk.supervision.models import Letter

REFUSED = 422


def url_of(letter: Letter) -> str:
    """The record page of a letter."""
    return reverse("kit:record", args=["letters", str(letter.uid)])


def found(actor: Actor, uid: UUID) -> Letter:
    """The letter; nothing where the actor sees none."""
    letter = reads.letter_of(actor, uid)
    if letter is None:
        raise Http404(str(uid))
    return letter


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("函件"), reverse("kit:collection", args=["letters"])), *more]


@staff_page(WRITE)
def new(request: HttpRequest) -> HttpResponse:
    """Which kind of letter; then the draft itself."""
    actor = actor_of(request)
    source = {"from": request.GET.get("from", ""), "key": request.GET.get("key", "")}
    if "act" not in request.GET:
        owing = [] if source["from"] else reads.owing(actor)
        context = {"kinds": reads.kinds(actor), "source": source, "owing": owing, "crumbs": _crumbs((_("起草"), ""))}
        return render(request, "supervision/letter_kinds.html", context)
    if request.GET["act"] not in set(Act):
        raise Http404(request.GET["act"])
    act = Act(request.GET["act"])
    proposal = request.GET.get("request") == "1" or act is Act.LIMIT
    begun = sources.begun(actor, act, proposal, source["from"], source["key"])
    if begun is None:
        raise Http404(source["key"])
    first = {
        "title": begun.title, "lead": begun.lead, "ending": begun.ending, "answer_by": begun.answer_by,
        "units": [str(one.pk) for one in begun.units],
    }  # fmt: skip
    rows = [{**asdict(one), "unit": one.unit.pk if one.unit else None} for one in begun.items]

    def write(wanted: dict[str, Any]) -> Letter:
        origin = Source(begun.source_type, begun.source_id, begun.source_title)
        whole = Wanted(act=act, request=proposal, source=origin, tables=begun.tables, **wanted)
        return letters.draft(whole, by=actor, at=clock.now())

    page = {
        "title": _("起草%(kind)s") % {"kind": _kind_title(act, proposal)},
        "crumbs": _crumbs((_("起草"), "")),
        "begun": begun,
        "tables": begun.tables,
        "back": reverse("kit:collection", args=["letters"]),
    }
    return _written(request, (act, proposal), first, ask.item_rows(rows), write=write, page=page)


def _kind_title(act: Act, proposal: bool) -> str:
    return next((one.title for one in _all_kinds() if (one.act, one.request) == (act, proposal)), str(act))


def _all_kinds() -> list[reads.Kind]:
    from soildesk.supervision.models import Letter

    own = [reads.Kind(Act(value), False, str(title)) for value, title in Letter.ACTS]
    return [*own, *(reads.Kind(act, True, reads.request_title(act)) for act in Act)]


@staff_page(WRITE)
def edit(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A draft said otherwise."""
    actor = actor_of(request)
    letter = found(actor, uid)
    require(actor, WRITE, letter)
    if answer := stopped(request, partial(letters.must_be, letter, "draft"), url_of(letter)):
        return answer
    rows = list(letter.units.all())
    first = {
        "title": letter.title, "lead": letter.lead, "ending": letter.ending, "answer_by": letter.answer_by,
        "talk_on": letter.talk_on, "talk_where": letter.talk_where,
        "units": [str(one.department_id) for one in rows if not one.copied],
        "copies": [str(one.department_id) for one in rows if one.copied],
    }  # fmt: skip

    def write(wanted: dict[str, Any]) -> Letter:
        whole = Wanted(act=Act(letter.act), request=letter.request, tables=letter.tables, **wanted)
        return letters.edit(letter, whole, by=actor, at=clock.now())

    page = {
        "title": _("修改%(kind)s") % {"kind": reads.title_of(letter)},
        "crumbs": _crumbs((letter.title, url_of(letter)), (_("修改"), "")),
        "tables": letter.tables,
        "back": url_of(letter),
    }
    return _written(
        request, (Act(letter.act), letter.request), first, ask.item_rows(letter.items), write=write, page=page
    )


def _written(
    request: HttpRequest,
    kind: tuple[Act, bool],
    first: Mapping[str, Any],
    rows: Any,
    *,
    write: Any,
    page: dict[str, Any],
) -> HttpResponse:
    """The form of a letter with its rows of matters: shown, refused in words, or kept and led on."""
    actor = actor_of(request)
    every = reads.receivers(actor, kind[0], False)
    given = {"data": request.POST} if request.method == "POST" else {}
    form = ask.LetterForm(initial=dict(first), units=reads.receivers(actor, *kind), all_units=every, kind=kind, **given)
    items = ask.Items(initial=rows, prefix="item", form_kwargs={"units": every}, **given)
    refused = _barred(actor, kind)
    if request.method == "POST" and not refused and form.is_valid() and items.is_valid():
        try:
            letter = write(_wanted(form.cleaned_data, [one.cleaned_data for one in items if one.cleaned_data]))
        except Refusal as refusal:
            refused = str(refusal)
        else:
            messages.success(request, _("草稿已保存，请核对后签发。"))
            return HttpResponseRedirect(url_of(letter))
    proposal = _proposal(kind, request) if refused and request.method == "GET" else ""
    context = {**page, "form": form, "items": items, "refused": refused, "proposal": proposal}
    status = REFUSED if request.method == "POST" else 200
    return render(request, "supervision/letter_form.html", context, status=status)


def _barred(actor: Actor, kind: tuple[Act, bool]) -> str:
    """Why the actor's office may not write this kind; empty where it may."""
    try:
        letters.need_authority(*kind, by=actor)
    except Refusal as refusal:
        return str(refusal)
    return ""


def _proposal(kind: tuple[Act, bool], request: HttpRequest) -> str:
    """The address of the proposal of the same act, which is offered instead."""
    if kind[1]:
        return ""
    asked_for = request.GET.copy()
    asked_for["act"], asked_for["request"] = kind[0].value, "1"
    return f"{reverse('supervision:new_letter')}?{asked_for.urlencode()}"


def _wanted(said: Mapping[str, Any], rows: list[Mapping[str, Any]]) -> dict[str, Any]:
    keys = [int(key) for key in (*said["units"], *said["copies"], *(row["unit"] for row in rows if row["unit"]))]
    known = {one.pk: one for one in reads.departments(keys)}
    items = [
        Item(
            row["text"],
            known.get(int(row["unit"])) if row["unit"] else None,
            row["due"],
            row["basis"],
            own_address(row["url"]),
        )
        for row in rows
        if row["text"].strip()
    ]
    return {
        "title": said["title"],
        "units": [known[int(key)] for key in said["units"]],
        "copies": [known[int(key)] for key in said["copies"]],
        "lead": said["lead"],
        "ending": said["ending"],
        "items": items,
        "answer_by": said.get("answer_by"),
        "talk_on": said.get("talk_on"),
        "talk_where": said.get("talk_where") or "",
    }


@require_POST
@staff_page("supervision.read")
def button(request: HttpRequest, uid: UUID, name: str) -> HttpResponse:
    """Acts that need no form: sign, send, sign for, throw away."""
    actor = actor_of(request)
    letter = found(actor, uid)
    try:
        told, to = _pressed(name, letter, actor)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(url_of(letter))
    messages.success(request, told)
    return HttpResponseRedirect(to)


def _pressed(name: str, letter: Letter, actor: Actor) -> tuple[str, str]:
    at = clock.now()
    if name == "sign":
        letters.sign(letter, by=actor, at=at)
        return _("已签发，内容不再改变。请发出。"), url_of(letter)
    if name == "send":
        letters_sending.send(letter, by=actor, at=at)
        return _("已发出，主送和抄送单位已告知。"), url_of(letter)
    if name == "discard":
        letters.discard(letter, by=actor, at=at)
        return _("草稿已删除。"), reverse("kit:collection", args=["letters"])
    if name == "receive":
        require(actor, ANSWER, letter)
        own = letters.office_of(actor)
        letters_sending.receive(letter, own, Done(actor, at))
        return _("已签收。"), url_of(letter)
    raise Http404(name)


@staff_page("supervision.read")
def act(request: HttpRequest, uid: UUID, name: str) -> HttpResponse:
    """Acts with a form: answer, register a reply, close."""
    actor = actor_of(request)
    letter = found(actor, uid)
    acts = {"answer": _answer, "reply": _reply, "close": _close, "void": _void}
    if name not in acts:
        raise Http404(name)
    form, context, write = acts[name](request, letter, actor)
    context["crumbs"] = _crumbs((str(letter), url_of(letter)), (context["save"], ""))
    context["title"] = f"{context['save']}：{letter}"
    return asked(request, form, context, write, url_of(letter))


def _papers(said: Mapping[str, Any]) -> list[Paper]:
    return [Paper(one.name, one.read()) for one in said.get("files") or ()]


def _answer(request: HttpRequest, letter: Letter, actor: Actor) -> tuple[Any, dict[str, Any], Any]:
    require(actor, ANSWER, letter)
    rows = [one for one in reads.rows_of(actor, letter) if not one.copied and one.answered_on is None]
    own = [one for one in rows if one.department_id in reads.own_departments(actor)]
    choices = [(one.department_id, one.department) for one in own or rows]
    if not choices:
        raise Http404("answer")
    given = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    form = ask.OfUnitForm(units=choices, **given)

    def write(said: dict[str, Any]) -> str:
        (department,) = reads.departments([int(said["unit"])])
        letters_sending.answer(letter, department, Done(actor, clock.now(), said["note"], _papers(said)))
        return _("已答复。")

    return form, {"save": _("答复"), "note": letter.title}, write


def _reply(request: HttpRequest, letter: Letter, actor: Actor) -> tuple[Any, dict[str, Any], Any]:
    require(actor, WRITE, letter)

    def write(said: dict[str, Any]) -> str:
        reply = Reply(said["agreed"], said["document"], said["on"])
        letters_sending.register_reply(letter, reply, Done(actor, clock.now(), said["note"], _papers(said)))
        return _("已登记批复。")

    return posted(ask.ReplyForm, request, {"on": actor.today}), {"save": _("登记批复"), "note": letter.title}, write


def _close(request: HttpRequest, letter: Letter, actor: Actor) -> tuple[Any, dict[str, Any], Any]:
    require(actor, WRITE, letter)

    def write(said: dict[str, Any]) -> str:
        letters_sending.close(letter, Done(actor, clock.now(), said["note"]))
        return _("已办结。")

    return posted(ask.CloseForm, request), {"save": _("办结"), "note": letters_sending.still_open(letter)}, write


def _void(request: HttpRequest, letter: Letter, actor: Actor) -> tuple[Any, dict[str, Any], Any]:
    require(actor, SIGN, letter)

    def write(said: dict[str, Any]) -> str:
        letters_sending.void(letter, Done(actor, clock.now(), said["note"]))
        return _("已作废，文号保留备查，没有发给任何单位。")

    return posted(ask.VoidForm, request), {"save": _("作废"), "note": letter.title}, write


@staff_page("supervision.read")
def paper(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The letter as Word."""
    letter = found(actor_of(request), uid)

    def make() -> bytes:
        if letter.digest:
            letters_sending.intact(letter)
        return letterpapers.docx(letter)

    return word_file(request, make, letter.number or letter.title, url_of(letter))
