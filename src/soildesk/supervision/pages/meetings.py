"""Meetings: preparing one, its agenda, calling it, its minutes, its Word files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
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
from soildesk.land.pages.parcels import asked
from soildesk.supervision import meetingpapers
from soildesk.supervision.pages import meetings_forms as ask
from soildesk.supervision.pages.letters_forms import own_address
from soildesk.supervision.pages.wordfiles import word_file
from soildesk.supervision.queries import agenda
from soildesk.supervision.queries import letters as reads
from soildesk.supervision.queries import meetings as seen
from soildesk.supervision.services import meetings
from soildesk.supervision.services.letters import office_of, supervised_place
from soildesk.supervision.services.meetings import MEET, Held, Point, Upload, Wanted

if TYPE_CHECKING:
    from soildesk.supervision.models import Meeting

AHEAD = timedelta(days=7)


def _url(meeting: Meeting) -> str:
    return reverse("kit:record", args=["meetings", str(meeting.uid)])


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("联席会议"), reverse("kit:collection", args=["meetings"])), *more]


def _found(actor: Actor, uid: UUID, permission: str = MEET) -> Meeting:
    meeting = seen.meeting_of(actor, uid)
    if meeting is None:
        raise Http404(str(uid))
    require(actor, permission, meeting)
    return meeting


@staff_page(MEET)
def new(request: HttpRequest) -> HttpResponse:
    """A meeting with the agenda the records propose."""
    actor = actor_of(request)
    units = reads.receivers(actor, reads.Act.ASSIGN, False)
    first = {"on": actor.today + AHEAD, "units": [str(key) for key, _label in units]}
    given = {"data": request.POST} if request.method == "POST" else {}
    form = ask.MeetingForm(units=units, initial=first, **given)
    done: dict[str, str] = {}

    def write(said: dict[str, Any]) -> str:
        made = meetings.prepare(_wanted(said), (), by=actor, at=clock.now())
        place = supervised_place(office_of(actor))
        points = [_point_of(one) for one in agenda.proposed(actor, made, place, actor.today)]
        meetings.set_agenda(made, points, by=actor, at=clock.now())
        done["url"] = reverse("supervision:agenda", args=[made.uid])
        return _("已建立，议程按未办结事项列出 %(n)d 项，请取舍、补充。") % {"n": len(points)}

    back = reverse("kit:collection", args=["meetings"])
    context = {
        "title": _("筹备联席会议"),
        "note": _("议程自动列出：上次议定未完成、红色督办、填报与核算不一致、延期未获同意、问题逾期、调度未填报和提请协调的事项。"),
        "crumbs": _crumbs((_("筹备"), "")),
        "save": _("建立"),
    }  # fmt: skip
    response = asked(request, form, context, write, back)
    return HttpResponseRedirect(done["url"]) if "url" in done else response


def _wanted(said: Mapping[str, Any]) -> Wanted:
    units = reads.departments([int(key) for key in said["units"]])
    return Wanted(said["title"], said["on"], units, said["hour"], said["place"], said["chair"], said["note"])


def _point_of(one: agenda.Point) -> Point:
    return Point(one.text, one.kind, one.unit, one.why, one.url, one.key)


@staff_page(MEET)
def edit(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Day, place, guests."""
    actor = actor_of(request)
    meeting = _found(actor, uid)
    first = {
        "title": meeting.title, "on": meeting.on, "hour": meeting.hour, "place": meeting.place, "chair": meeting.chair,
        "note": meeting.note, "units": [str(one.department_id) for one in seen.invited(meeting)],
    }  # fmt: skip
    given = {"data": request.POST} if request.method == "POST" else {}
    form = ask.MeetingForm(units=reads.receivers(actor, reads.Act.ASSIGN, False), initial=first, **given)

    def write(said: dict[str, Any]) -> str:
        meetings.change(meeting, _wanted(said), by=actor, at=clock.now())
        return _("已修改。")

    context = {
        "title": _("修改会议：%(title)s") % {"title": meeting.title},
        "crumbs": _crumbs((meeting.title, _url(meeting)), (_("修改"), "")),
        "save": _("保存"),
    }
    return asked(request, form, context, write, _url(meeting))


@staff_page(MEET)
def edit_agenda(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What the meeting speaks of, in which order; open matters that could be added."""
    actor = actor_of(request)
    meeting = _found(actor, uid)
    units = reads.receivers(actor, reads.Act.ASSIGN, False)
    given = {"data": request.POST} if request.method == "POST" else {}
    rows = ask.Points(initial=_rows(actor, meeting), prefix="point", form_kwargs={"units": units}, **given)
    refused = ""
    if request.method == "POST" and rows.is_valid():
        try:
            meetings.set_agenda(meeting, _points([one.cleaned_data for one in rows]), by=actor, at=clock.now())
        except Refusal as refusal:
            refused = str(refusal)
        else:
            messages.success(request, _("议程已保存。"))
            return HttpResponseRedirect(_url(meeting))
    elif request.method == "POST":
        told = [str(one) for row in rows.errors for every in row.values() for one in every]
        refused = "".join(dict.fromkeys([*told, *map(str, rows.non_form_errors())]))
    context = {
        "title": _("编排议程：%(title)s") % {"title": meeting.title},
        "rows": rows, "refused": refused, "back": _url(meeting),
        "crumbs": _crumbs((meeting.title, _url(meeting)), (_("编排议程"), "")),
    }  # fmt: skip
    return render(request, "supervision/agenda_form.html", context, status=422 if request.method == "POST" else 200)


def _rows(actor: Actor, meeting: Meeting) -> list[dict[str, Any]]:
    """What stands on the agenda, then open matters that do not."""
    stands = seen.agenda_of(meeting)
    known = {one.key for one in stands if one.key}
    place = supervised_place(meeting.owner_department)
    more = [one for one in agenda.proposed(actor, meeting, place, actor.today) if one.key not in known]
    every = [(True, one) for one in stands] + [(False, one) for one in more]
    return [
        {
            "take": taken, "place": at, "text": one.text, "unit": str(one.unit.pk) if one.unit else "", "why": one.why,
            "kind": str(one.kind), "url": one.url, "key": one.key,
        }
        for at, (taken, one) in enumerate(every, 1)
    ]  # fmt: skip


def _points(rows: Sequence[Mapping[str, Any]]) -> list[Point]:
    taken = [row for row in rows if row.get("take")]
    known = {one.pk: one for one in reads.departments([int(row["unit"]) for row in taken if row["unit"]])}
    ordered = sorted(taken, key=lambda row: row["place"] or len(rows))
    return [
        Point(row["text"], row["kind"], known.get(int(row["unit"])) if row["unit"] else None, row["why"], own_address(row["url"]), row["key"])
        for row in ordered
    ]  # fmt: skip


@require_POST
@staff_page(MEET)
def call(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Tell the invited units."""
    actor = actor_of(request)
    meeting = _found(actor, uid)
    try:
        meetings.call(meeting, by=actor, at=clock.now())
        messages.success(request, _("已发出会议通知，参会单位可以看到议程。"))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(_url(meeting))


@staff_page(MEET)
def record(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The minutes, and who came."""
    actor = actor_of(request)
    meeting = _found(actor, uid)
    invited = seen.invited(meeting)
    rows = [(one.department_id, str(one.department)) for one in invited]
    first = {
        "on": meeting.held_on or min(meeting.on, actor.today), "number": meeting.minutes_number, "text": meeting.minutes_text,
        "came": [str(one.department_id) for one in invited if one.came is not False], "absent": meeting.absent,
    }  # fmt: skip
    given = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    form = ask.MinutesForm(units=rows, initial=first, **given)

    def write(said: dict[str, Any]) -> str:
        came = reads.departments([int(key) for key in said["came"]])
        file = said.get("file")
        upload = Upload(file.read(), file.name) if file else Upload(said["text"].encode())
        held = Held(said["on"], came, said["number"], said["absent"])
        done = meetings.record(meeting, held, upload, by=actor, at=clock.now())
        if done.plan is None:
            return _("已登记纪要，但没有读出议定事项：请核对写法，或者重新登记。")
        return _("已登记纪要，读出 %(n)d 项议定事项，请逐项审核后发布。") % {"n": done.plan.tasks.count()}

    context = {
        "title": _("登记会议纪要：%(title)s") % {"title": meeting.title},
        "note": _(
            "议定事项请分条写：“（一）由××局牵头，××局配合，于12月20日前完成……”。读出的事项由人审核后才成为任务。"
        ),
        "crumbs": _crumbs((meeting.title, _url(meeting)), (_("登记会议纪要"), "")),
        "save": _("登记"),
    }
    return asked(request, form, context, write, _url(meeting))


@staff_page("supervision.read")
def paper(request: HttpRequest, uid: UUID, name: str) -> HttpResponse:
    """The agenda or the minutes as Word."""
    meeting = _found(actor_of(request), uid, "supervision.read")
    makers = {"agenda": meetingpapers.agenda, "minutes": meetingpapers.minutes}
    if name not in makers or (name == "minutes" and not meeting.minutes_text):
        raise Http404(name)
    title = _("议程") if name == "agenda" else _("纪要")
    return word_file(request, lambda: makers[name](meeting), f"{meeting.title}_{title}", _url(meeting))
