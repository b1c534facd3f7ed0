"""Talks: arranging one, its minutes with what was promised, what units report, its Word files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, require
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.refused import stopped
from soildesk.land.pages.forms import Day, posted
from soildesk.land.pages.parcels import asked
from soildesk.monitoring.pages.forms_alerts import FilesField
from soildesk.supervision import talkpapers
from soildesk.supervision.pages.letters_forms import FILES, SHORT, WORDS, AnswerForm, Units
from soildesk.supervision.pages.wordfiles import word_file
from soildesk.supervision.queries import letters as reads
from soildesk.supervision.queries import talks as seen
from soildesk.supervision.services import talks
from soildesk.supervision.services.letters import WRITE
from soildesk.supervision.services.matters import Act, Paper
from soildesk.supervision.services.slips import ANSWER
from soildesk.supervision.services.talks import Held, Plan, Promise

if TYPE_CHECKING:
    from soildesk.supervision.models import Talk, TalkPromise

PROMISES_AT_ONCE = 6


class ArrangeForm(forms.Form):
    """Whom, when, where."""

    units = forms.MultipleChoiceField(label=_l("被约谈单位"), widget=forms.CheckboxSelectMultiple)
    on = forms.DateField(label=_l("约谈日期"), widget=Day)
    place = forms.CharField(label=_l("地点"), max_length=120, required=False)

    def __init__(self, *args: Any, units: Units = (), **said: Any) -> None:
        super().__init__(*args, **said)
        self.fields["units"].choices = [(str(key), label) for key, label in units]  # type: ignore[attr-defined]


class HoldForm(forms.Form):
    """What was said."""

    on = forms.DateField(label=_l("实际日期"), widget=Day)
    chair = forms.CharField(label=_l("约谈人"), max_length=120)
    attended = forms.CharField(label=_l("被约谈人"), max_length=300, required=False)
    minutes = forms.CharField(label=_l("约谈记录"), widget=WORDS)
    files = FilesField(label=_l("附件"), required=False, help_text=FILES)


class PromiseForm(forms.Form):
    """One thing promised; an empty row is left out."""

    text = forms.CharField(label=_l("整改要求"), max_length=300, widget=SHORT, required=False)
    unit = forms.ChoiceField(label=_l("责任单位"), required=False)
    due = forms.DateField(label=_l("时限"), widget=Day, required=False)

    def __init__(self, *args: Any, units: Units = (), **said: Any) -> None:
        super().__init__(*args, **said)
        self.fields["unit"].choices = [(str(key), label) for key, label in units]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("text") and not self.errors:
            if not said.get("due"):
                raise forms.ValidationError(_("请填写这项整改要求的时限。"))
            if not said.get("unit"):
                raise forms.ValidationError(_("请选择这项整改要求的责任单位。"))
        elif said.get("due") and not self.errors:
            raise forms.ValidationError(_("填了时限，没有写整改要求：请写明，不要的请清空时限。"))
        return said


Promises = forms.formset_factory(PromiseForm, extra=PROMISES_AT_ONCE, max_num=30, validate_max=True)


class DoneForm(AnswerForm):
    """When it was done, and what."""

    note = forms.CharField(label=_l("整改情况"), max_length=500, widget=WORDS)
    on = forms.DateField(label=_l("完成日期"), widget=Day)


class NoteForm(forms.Form):
    """A word on it."""

    note = forms.CharField(label=_l("意见"), max_length=300, widget=SHORT, required=False)


def _url(talk: Talk) -> str:
    return reverse("kit:record", args=["talks", str(talk.uid)])


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("约谈"), reverse("kit:collection", args=["talks"])), *more]


@staff_page(WRITE)
def arrange(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A talk that was agreed to: whom, when, where."""
    actor = actor_of(request)
    letter = reads.letter_of(actor, uid)
    if letter is None:
        raise Http404(str(uid))
    require(actor, WRITE, letter)
    back = reverse("kit:record", args=["letters", str(letter.uid)])
    if answer := stopped(request, partial(talks.need_agreed, letter), back):
        return answer
    every = reads.receivers(actor, reads.Act.TALK, False)
    first = {"units": [str(one["unit"]) for one in letter.items if one["unit"]]}
    given = {"data": request.POST} if request.method == "POST" else {}
    form = ArrangeForm(units=every, initial=first, **given)
    done: dict[str, str] = {}

    def write(said: dict[str, Any]) -> str:
        units = reads.departments([int(key) for key in said["units"]])
        talk = talks.arrange(letter, Plan(units, said["on"], said["place"]), by=actor, at=clock.now())
        done["url"] = _url(talk)
        return _("已安排约谈，被约谈单位已告知。约谈通知书可以在本页下载。")

    context = {
        "title": _("安排约谈：%(title)s") % {"title": letter.title},
        "note": _("%(body)s已批复同意（%(document)s）。")
        % {"body": reads.body_of(letter), "document": letter.reply_document},
        "crumbs": [*_crumbs(), (letter.number, back), (_("安排约谈"), "")],
        "save": _("安排"),
    }
    response = asked(request, form, context, write, back)
    return HttpResponseRedirect(done["url"]) if "url" in done else response


def _found(actor: Actor, uid: UUID) -> Talk:
    talk = seen.talk_of(actor, uid)
    if talk is None:
        raise Http404(str(uid))
    return talk


@staff_page(WRITE)
def hold(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The minutes of a talk, and what was promised."""
    actor = actor_of(request)
    talk = _found(actor, uid)
    require(actor, WRITE, talk)
    units = [(one.pk, str(one)) for one in seen.units_of(talk)]
    form = posted(HoldForm, request, {"on": min(talk.planned_on, actor.today)})
    given = {"data": request.POST} if request.method == "POST" else {}
    rows = Promises(prefix="promise", form_kwargs={"units": units}, **given)
    refused = ""
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        try:
            talks.hold(talk, _held(form.cleaned_data, rows), _act(actor, form.cleaned_data))
        except Refusal as refusal:
            refused = str(refusal)
        else:
            messages.success(request, _("已登记约谈记录，整改要求列入责任单位的今日事项。"))
            return HttpResponseRedirect(_url(talk))
    context = {
        "title": _("登记约谈记录：%(title)s") % {"title": talk.title},
        "form": form, "rows": rows, "refused": refused, "back": _url(talk),
        "crumbs": _crumbs((talk.title, _url(talk)), (_("登记约谈记录"), "")),
    }  # fmt: skip
    return render(request, "supervision/talk_form.html", context, status=422 if request.method == "POST" else 200)


def _held(said: Mapping[str, Any], rows: Any) -> Held:
    filled = [one.cleaned_data for one in rows if one.cleaned_data.get("text")]
    known = {one.pk: one for one in reads.departments([int(row["unit"]) for row in filled])}
    promises = [Promise(known[int(row["unit"])], row["text"], row["due"]) for row in filled]
    return Held(said["on"], said["chair"], said["attended"], said["minutes"], promises)


def _act(actor: Actor, said: Mapping[str, Any]) -> Act:
    papers = [Paper(one.name, one.read()) for one in said.get("files") or ()]
    return Act(actor, clock.now(), said.get("note", ""), papers)


@staff_page(WRITE)
def close(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The end of a talk."""
    actor = actor_of(request)
    talk = _found(actor, uid)
    require(actor, WRITE, talk)

    def write(said: dict[str, Any]) -> str:
        talks.close(talk, _act(actor, said))
        return _("已销号。")

    context = {
        "title": _("销号：%(title)s") % {"title": talk.title},
        "crumbs": _crumbs((talk.title, _url(talk)), (_("销号"), "")),
        "save": _("销号"),
    }
    return asked(request, posted(NoteForm, request), context, write, _url(talk))


def _report(promise: TalkPromise, actor: Actor, said: Mapping[str, Any]) -> str:
    talks.report(promise, said["on"], _act(actor, said))
    return _("已报告整改情况，等待核实。")


def _verify(promise: TalkPromise, actor: Actor, said: Mapping[str, Any]) -> str:
    talks.verify(promise, _act(actor, said))
    return _("已核实。")


def _return(promise: TalkPromise, actor: Actor, said: Mapping[str, Any]) -> str:
    talks.send_back(promise, _act(actor, said))
    return _("已退回，责任单位已告知。")


PROMISE = {
    "report": (_l("报告整改情况"), ANSWER, DoneForm, _report),
    "verify": (_l("核实"), WRITE, NoteForm, _verify),
    "return": (_l("退回"), WRITE, NoteForm, _return),
}


@staff_page("supervision.read")
def promise(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A promise stands on the page of its talk."""
    found = seen.promise_of(actor_of(request), uid)
    if found is None:
        raise Http404(str(uid))
    return HttpResponseRedirect(f"{_url(found.talk)}#promises")


@staff_page("supervision.read")
def promise_act(request: HttpRequest, uid: UUID, name: str) -> HttpResponse:
    """What is done about one promise."""
    actor = actor_of(request)
    promise = seen.promise_of(actor, uid)
    if promise is None or name not in PROMISE:
        raise Http404(name)
    title, permission, form, service = PROMISE[name]
    require(actor, permission, promise)
    context = {
        "title": f"{title}：{promise.text}",
        "note": _("时限 %(due)s") % {"due": promise.due},
        "crumbs": _crumbs((promise.talk.title, _url(promise.talk)), (str(title), "")),
        "save": title,
    }
    first = {"on": actor.today}
    return asked(request, posted(form, request, first), context, lambda said: service(promise, actor, said), _url(promise.talk))  # fmt: skip


@staff_page("supervision.read")
def paper(request: HttpRequest, uid: UUID, name: str) -> HttpResponse:
    """The notice or the minutes as Word."""
    talk = _found(actor_of(request), uid)
    makers = {"notice": talkpapers.notice, "minutes": talkpapers.minutes}
    if name not in makers or (name == "minutes" and talk.held_on is None):
        raise Http404(name)
    title = _("约谈通知书") if name == "notice" else _("约谈记录")
    return word_file(request, lambda: makers[name](talk), f"{title}_{talk.document}", _url(talk))
