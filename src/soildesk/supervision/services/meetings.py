"""Joint meetings: prepared with an agenda, called, held; the minutes are read and their decisions become tasks."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import audit, files
from soildesk.core.models import Department
from soildesk.core.permissions import Actor, require
from soildesk.kit.languages import language
from soildesk.plans.services import orders
from soildesk.plans.services.drafts import read_file, read_pasted
from soildesk.plans.services.intake import Place
from soildesk.supervision.models import AgendaItem, Meeting, MeetingUnit
from soildesk.supervision.queries.meetings import names
from soildesk.supervision.refusals import SupervisionRefused
from soildesk.supervision.services import telling
from soildesk.supervision.services.letters import office_of, supervised_place
from soilrules.plantext.formats import UnreadableFile
from soilrules.supervision.clauses import Head, drafted
from soilrules.supervision.minutes import read_minutes

MEET = "supervision.meetings"
MINUTES = "minutes"
NEAR, FAR = timedelta(days=183), timedelta(days=366)
"""A meeting held further from its day than this has a wrong year."""
State = Meeting.State


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a meeting is, where and when, who is invited."""

    title: str
    on: date
    units: Sequence[Department]
    hour: str = ""
    place: str = ""
    chair: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One matter of the agenda as the office wants it."""

    text: str
    kind: str = AgendaItem.Kind.OWN
    unit: Department | None = None
    why: str = ""
    url: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Upload:
    """The minutes as somebody gives them: typed or pasted, or a file with its name."""

    data: bytes
    name: str = ""


@transaction.atomic
def prepare(wanted: Wanted, agenda: Sequence[Point], *, by: Actor, at: datetime) -> Meeting:
    """A meeting that is being prepared by the actor's office."""
    office = office_of(by)
    require(by, MEET, office)
    _check(wanted, by)
    Department.objects.select_for_update().get(pk=office.pk)  # two meetings do not get one serial number
    rows = Meeting.objects.filter(owner_department=office, year=wanted.on.year)
    last = rows.aggregate(last=Max("serial"))["last"] or 0
    meeting = Meeting.objects.create(
        division_path=supervised_place(office).path,
        owner_department=office,
        year=wanted.on.year,
        serial=last + 1,
        made_at=at,
        made_by=by.person,
        **_columns(wanted),
    )
    _invite(meeting, wanted.units)
    _set_agenda(meeting, agenda)
    return _told("prepared", meeting, by, at, {"agenda": len(agenda)})


@transaction.atomic
def change(meeting: Meeting, wanted: Wanted, *, by: Actor, at: datetime) -> Meeting:
    """Another day, place, chair or other guests, before it is held; those called already are told."""
    held = _locked(meeting, by, State.PREPARING, State.CALLED)
    _check(wanted, by)
    for name, value in _columns(wanted).items():
        setattr(held, name, value)
    held.save()
    _invite(held, wanted.units)
    if held.state == State.CALLED:
        _tell(held, _("会议调整：%(on)s %(title)s"))
    return _told("changed", held, by, at, {"on": held.on.isoformat()})


@transaction.atomic
def set_agenda(meeting: Meeting, agenda: Sequence[Point], *, by: Actor, at: datetime) -> Meeting:
    """The agenda as the office wants it, in this order; of a meeting that was called it does not become empty."""
    held = _locked(meeting, by, State.PREPARING, State.CALLED)
    if held.state == State.CALLED and not any(one.text.strip() for one in agenda):
        raise SupervisionRefused(
            _("会议通知已经发出，议程至少保留一项：不开会的，请在“修改”里改期并说明。"),
            code="supervision.meeting.agenda",
        )
    _set_agenda(held, agenda)
    return _told("agenda", held, by, at, {"agenda": len(agenda)})


@transaction.atomic
def call(meeting: Meeting, *, by: Actor, at: datetime) -> Meeting:
    """Tell the invited units; from now on they see the meeting."""
    held = _locked(meeting, by, State.PREPARING)
    if held.on < by.today:
        raise SupervisionRefused(
            _("会议日期 %(on)s 已经过去（今天 %(today)s）：请先修改日期。") % {"on": held.on, "today": by.today},
            code="supervision.meeting.day",
        )
    if not held.agenda.exists():
        raise SupervisionRefused(_("会议还没有议程：先“编排议程”，再发出会议通知。"), code="supervision.meeting.agenda")
    held.state, held.called_at, held.called_by = State.CALLED, at, by.person
    held.save(update_fields=["state", "called_at", "called_by"])
    _tell(held, _("会议通知：%(on)s %(title)s"))
    return _told("called", held, by, at, {"units": held.units.count()})


@dataclass(frozen=True, slots=True)
class Held:
    """How a meeting went: its day, who came, the number of its minutes."""

    on: date
    came: Sequence[Department] = ()
    number: str = ""
    absent: str = ""


def record(meeting: Meeting, told: Held, upload: Upload, *, by: Actor, at: datetime) -> Meeting:
    """The meeting was held: its minutes are kept with their hash, what they decide is proposed for acceptance.

    The file is read before anything is written: one that takes long would keep every other writer waiting as long.
    """
    require(by, MEET, meeting)
    text = _text_of(upload) if upload.data.strip() else ""
    return _recorded(meeting, told, (upload, text), by=by, at=at)


@transaction.atomic
def _recorded(meeting: Meeting, told: Held, given: tuple[Upload, str], *, by: Actor, at: datetime) -> Meeting:
    upload, text = given
    held = _locked(meeting, by, State.PREPARING, State.CALLED, State.HELD)
    again = held.state == State.HELD
    if not text.strip():
        raise SupervisionRefused(_("请粘贴会议纪要，或者上传文件。"), code="supervision.meeting.minutes")
    if told.on > by.today:
        raise SupervisionRefused(
            _("会议日期 %(on)s 还没有到：会后再登记纪要。") % {"on": told.on}, code="supervision.meeting.day"
        )
    if abs(told.on - held.on) > NEAR:
        raise SupervisionRefused(
            _("召开日期 %(on)s 与会议日期 %(planned)s 相差半年以上：请核对年份；改期的先“修改”会议日期。")
            % {"on": told.on, "planned": held.on},
            code="supervision.meeting.day",
        )
    if again and held.plan_id is not None:
        orders.withdraw(held.plan_id, by=by, at=at)
        held.plan = None
    held.state, held.held_on, held.absent = State.HELD, told.on, told.absent.strip()[:300]
    held.minutes_number, held.minutes_text = told.number.strip()[:80], text
    held.minutes_digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    held.minutes_at, held.minutes_by = at, by.person
    came = {one.pk for one in told.came}
    for row in held.units.all():
        row.came = row.department_id in came
        row.save(update_fields=["came"])
    clauses = read_minutes(text, names(held, told.on), told.on.year)
    if clauses:
        days = [term.last for one in clauses for term in one.deadlines if term.last]
        last = date(min(max([told.on, *days]).year + 1, date.max.year), 12, 31)
        title = _("%(meeting)s纪要") % {"meeting": held.title}
        head = Head(title[:200], held.minutes_number, held.owner_department.name, told.on, last)
        place = Place(supervised_place(held.owner_department), held.owner_department)
        held.plan = orders.propose(drafted(text, head, clauses), upload.data, place, by=by, at=at)
    held.save()
    if upload.name:
        files.attach(held, data=upload.data, name=upload.name, kind=MINUTES, by=by, at=at)
    act = "minutes_again" if again else "held"
    return _told(act, held, by, at, {"sha256": held.minutes_digest, "decisions": len(clauses)})


def _text_of(upload: Upload) -> str:
    """The words of the minutes: a file is read in the limited child process, as plans are."""
    try:
        if upload.name:
            return read_file(upload.data, upload.name).text
        return read_pasted(upload.data.decode("utf-8")).text
    except UnreadableFile as error:
        raise SupervisionRefused(error.sentence(language()), code="supervision.meeting.minutes") from error


def _columns(wanted: Wanted) -> dict[str, Any]:
    return {
        "title": wanted.title.strip()[:200],
        "on": wanted.on,
        "hour": wanted.hour.strip()[:20],
        "place": wanted.place.strip()[:120],
        "chair": wanted.chair.strip()[:60],
        "note": wanted.note.strip(),
    }


def _check(wanted: Wanted, by: Actor) -> None:
    if not wanted.title.strip():
        raise SupervisionRefused(_("请填写会议名称。"), code="supervision.meeting.title")
    if not wanted.units:
        raise SupervisionRefused(_("请选择参会单位。"), code="supervision.meeting.units")
    if abs(wanted.on - by.today) > FAR:
        raise SupervisionRefused(
            _("会议日期 %(on)s 与今天 %(today)s 相差一年以上：请核对年份。") % {"on": wanted.on, "today": by.today},
            code="supervision.meeting.day",
        )


def _invite(meeting: Meeting, units: Sequence[Department]) -> None:
    meeting.units.all().delete()
    MeetingUnit.objects.bulk_create(MeetingUnit(meeting=meeting, department=one) for one in dict.fromkeys(units))


def _set_agenda(meeting: Meeting, agenda: Sequence[Point]) -> None:
    meeting.agenda.all().delete()
    AgendaItem.objects.bulk_create(
        AgendaItem(
            meeting=meeting, position=at, kind=one.kind, text=one.text.strip()[:300], unit=one.unit, why=one.why.strip()[:300],
            url=one.url[:200], key=one.key[:80],
        )
        for at, one in enumerate((one for one in agenda if one.text.strip()), 1)
    )  # fmt: skip


def _tell(meeting: Meeting, text: str) -> None:
    told = text % {"on": meeting.on, "title": meeting.title}
    link = reverse("kit:record", args=["meetings", str(meeting.uid)])
    telling.tell_units(meeting.units.values_list("department_id", flat=True), told, link)


def _locked(meeting: Meeting, by: Actor, *states: str) -> Meeting:
    require(by, MEET, meeting)
    rows = Meeting.objects.select_for_update(of=("self",)).select_related("owner_department__division")
    held = rows.get(pk=meeting.pk)
    if not by.system and office_of(by).pk != held.owner_department_id:
        raise SupervisionRefused(
            _("这是%(office)s办理的会议：请由该单位的人员办理。") % {"office": held.owner_department},
            code="supervision.letter.office",
        )
    if held.state not in states:
        raise SupervisionRefused(
            _("会议现为“%(state)s”，不能这样办理。") % {"state": held.get_state_display()},
            code="supervision.meeting.state",
        )
    return held


def _told(act: str, meeting: Meeting, by: Actor, at: datetime, data: Mapping[str, Any]) -> Meeting:
    audit.record(f"supervision.meeting.{act}", subject=meeting, by=by, at=at, data=data)
    return meeting
