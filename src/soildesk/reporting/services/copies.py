"""A report's way: made from records, made anew while a draft, signed with its figures frozen, sent, receipted."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, clock, duties, files
from soildesk.core.models import Division, Duty
from soildesk.core.permissions import READERS, Actor, require
from soildesk.kit.letters import store
from soildesk.land.services.writing import Place, number_for
from soildesk.reporting.models import BlankForm, ReportCopy, ReportDue
from soildesk.reporting.queries import making
from soildesk.reporting.queries.kinds import Kind, kinds
from soildesk.reporting.queries.reading import Reading
from soildesk.reporting.refusals import ReportRefused
from soilrules.deadlines.periods import MONTHS, Period, period_of

MAKE, SIGN, SEND = "reporting.make", "reporting.sign", "reporting.send"
State = ReportCopy.State
RECEIPT, PAPER = "receipt", "paper"
LONGEST_ADDRESS = 160
YEARS = range(1990, 2101)
BROUGHT = "file"
"""The kind of a report somebody wrote elsewhere: the desk keeps the file, its way and its receipt."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: a kind (or none for a blank form), the place, the period, the day of state."""

    kind: str
    place: Division
    period: Period
    on: date | None = None
    due: ReportDue | None = None


def period_named(name: str) -> Period:
    """The period a name says: 2026, 2026H1, 2026Q3, 2026-05; refused where it is none."""
    for rhythm in MONTHS:
        for year in [int(name[:4])] if name[:4].isdecimal() and int(name[:4]) in YEARS else []:
            for month in range(1, 13, MONTHS[rhythm]):
                found = period_of(date(year, month, 1), rhythm)
                if found.name == name:
                    return found
    raise ReportRefused(
        _("期次“%(name)s”无法识别：请写 2026、2026H1、2026Q3 或 2026-05。") % {"name": name},
        code="reporting.copy.period",
    )


def reading_of(wanted: Wanted, *, by: Actor) -> Reading:
    """The reading a report is made from; refused for a period ahead, or where the actor sees a part of the place."""
    if wanted.period.first > by.today:
        raise ReportRefused(
            _("%(period)s 还没有开始：最早 %(day)s 起可以生成。")
            % {"period": wanted.period.name, "day": wanted.period.first},
            code="reporting.copy.ahead",
        )
    on = wanted.on or min(wanted.period.last, by.today)
    if not wanted.period.first <= on <= by.today:
        raise ReportRefused(
            _("数据截至日 %(on)s 不在 %(first)s 至 %(today)s 之间：请改为其中一天。")
            % {"on": on, "first": wanted.period.first, "today": by.today},
            code="reporting.copy.day",
        )
    if not sees_all(by, wanted.place):
        raise ReportRefused(
            _("您只能查阅%(place)s的一部分记录，据此生成的报表会漏计：请由能查阅全部记录的人员办理。")
            % {"place": wanted.place.name},
            code="reporting.copy.place",
        )
    return Reading(by, wanted.place, wanted.period, on, by.today)


def sees_all(by: Actor, place: Division) -> bool:
    """Whether every row of the place is seen: a grant for a department alone sees what is the department's."""
    whole = (grant for grant in by.grants if grant.role in READERS and grant.department_id is None)
    return by.system or any(place.path.startswith(grant.division.path) for grant in whole)


def kind_named(name: str) -> Kind:
    """One of the desk's kinds; refused with the names there are."""
    kind = kinds().get(name)
    if kind is None:
        known = "、".join(f"{one.id}（{one.title}）" for one in kinds().values())
        raise ReportRefused(
            _("没有“%(name)s”这种报表，可选：%(known)s。") % {"name": name, "known": known}, code="reporting.copy.kind"
        )
    return kind


def preview(wanted: Wanted, *, by: Actor) -> making.Snapshot:
    """What the report would say now; nothing is kept."""
    require(by, MAKE, wanted.place)
    return making.made(kind_named(wanted.kind), reading_of(wanted, by=by))


@transaction.atomic
def make(wanted: Wanted, place: Place, *, by: Actor, at: datetime) -> ReportCopy:
    """A new draft from the records of the day."""
    require(by, MAKE, wanted.place)
    kind, reading = kind_named(wanted.kind), reading_of(wanted, by=by)
    snapshot = making.made(kind, reading)
    template = store.current(f"reporting.{kind.id}", place.department)
    return write(snapshot, Writing(wanted, place, kind=kind.id, template=template), by=by, at=at)


@dataclass(frozen=True, slots=True)
class Writing:
    """Where a snapshot belongs."""

    wanted: Wanted
    place: Place
    kind: str = ""
    blank: BlankForm | None = None
    template: Any = None


def write(snapshot: making.Snapshot, where: Writing, *, by: Actor, at: datetime) -> ReportCopy:
    """Keep a snapshot as a draft. Part of an act that asked for the permission and holds the transaction."""
    wanted = where.wanted
    _due_is_of(wanted)
    copy = ReportCopy.objects.create(
        **where.place.columns,
        number=number_for(where.place.department, "BB", clock.local_day(at).year),
        kind=where.kind,
        blank_form=where.blank,
        due=wanted.due,
        template=where.template,
        title=snapshot["title"],
        place=wanted.place,
        year=wanted.period.first.year,
        period=wanted.period.name,
        on=date.fromisoformat(snapshot["on"]),
        known_on=date.fromisoformat(snapshot["known_on"]),
        snapshot=snapshot,
        digest=making.digest_of(snapshot),
        gaps=len(snapshot["gaps"]),
        made_at=at,
        made_by=by.person,
    )
    told("made", copy, {"kind": where.kind, "period": copy.period, "sha256": copy.digest, "gaps": copy.gaps}, (by, at))
    return copy


def _due_is_of(wanted: Wanted) -> None:
    due = wanted.due
    if due is not None and (due.dropped_on or due.division_path != wanted.place.path):
        raise ReportRefused(
            _("“%(title)s”已移出报表日历，或属于其他地区：请另选一项，或不关联日历。") % {"title": due.title},
            code="reporting.due.state",
        )


@dataclass(frozen=True, slots=True)
class Paper:
    """A report written elsewhere."""

    name: str
    data: bytes


@transaction.atomic
def bring(due: ReportDue, paper: Paper, place: Place, *, by: Actor, at: datetime) -> ReportCopy:
    """A draft for a line of the calendar that no form fills: the file as it is, with its hash."""
    require(by, MAKE, place.division)
    wanted = Wanted("", place.division, period_named(due.period), None, due)
    day = min(wanted.period.last, by.today).isoformat()
    snapshot = {
        "kind": BROUGHT, "title": due.title, "place": place.division.name, "place_code": place.division.code,
        "year": wanted.period.first.year, "period": due.period, "on": day, "known_on": by.today.isoformat(), "sections": [],
        "figures": {}, "tables": {}, "gaps": [], "doubts": [],
        "file": {"name": files.clean_name(paper.name), "sha256": hashlib.sha256(paper.data).hexdigest()},
    }  # fmt: skip
    copy = write(snapshot, Writing(wanted, place, kind=BROUGHT), by=by, at=at)
    files.attach(copy, data=paper.data, name=paper.name, kind=PAPER, by=by, at=at)
    return copy


@transaction.atomic
def sign(copy: ReportCopy, document: str = "", *, by: Actor, at: datetime) -> ReportCopy:
    """Sign it off: from now on its figures are what they are."""
    copy = locked(copy)
    require(by, SIGN, copy)
    must_be(copy, State.DRAFT)
    intact(copy)
    copy.state, copy.signed_at, copy.signed_by, copy.document = State.SIGNED, at, by.person, document.strip()[:80]
    copy.save(update_fields=["state", "signed_at", "signed_by", "document"])
    told("signed", copy, {"sha256": copy.digest, "document": copy.document}, (by, at))
    return copy


@transaction.atomic
def send(copy: ReportCopy, to: str, on: date, *, by: Actor, at: datetime) -> ReportCopy:
    """Write down that it was sent; the duty of the calendar is done by it."""
    if is_released(copy):
        raise ReportRefused(
            _("“%(title)s”是对社会发布的：请登记发布。") % {"title": copy.title}, code="reporting.copy.kind"
        )
    return _sent(copy, to, on, by=by, at=at)


def _sent(copy: ReportCopy, to: str, on: date, *, by: Actor, at: datetime) -> ReportCopy:
    copy = locked(copy)
    require(by, SEND, copy)
    must_be(copy, State.SIGNED)
    intact(copy)
    if not to.strip():
        nothing = _("没有写发布平台和网址。") if is_released(copy) else _("没有写报送对象：请填写接收单位。")
        raise ReportRefused(nothing, code="reporting.copy.to_missing")
    _day_is_between(on, copy.signed_at, by, _("发布日期") if is_released(copy) else _("报送日期"))
    copy.state, copy.sent_on, copy.sent_to, copy.sent_by = State.SENT, on, to.strip()[:LONGEST_ADDRESS], by.person
    copy.save(update_fields=["state", "sent_on", "sent_to", "sent_by"])
    if copy.due is not None:
        for duty in Duty.objects.for_subject(copy.due).filter(done_on=None):
            duties.done(duty, on=on, by=by, evidence=[{"type": "reporting.copy", "uid": str(copy.uid)}])
    told("released" if is_released(copy) else "sent", copy, {"to": copy.sent_to, "on": on.isoformat()}, (by, at))
    return copy


@transaction.atomic
def release(copy: ReportCopy, published: Published, *, by: Actor, at: datetime) -> ReportCopy:
    """Write down where and when it was made public, and who had looked over what may be public."""
    if not is_released(copy):
        raise ReportRefused(
            _("“%(title)s”不是对社会发布的：请登记报送。") % {"title": copy.title}, code="reporting.copy.kind"
        )
    if not published.review.strip():
        raise ReportRefused(
            _("没有写公开审查：请写审查文号，或者审查人和日期。监测任务未定为可公开的，须先经批准。"),
            code="reporting.copy.review_missing",
        )
    where = _("%(where)s（公开审查：%(review)s）") % {
        "where": published.where.strip(),
        "review": published.review.strip(),
    }
    if published.where.strip() and len(where) > LONGEST_ADDRESS:
        raise ReportRefused(
            _("发布平台、网址和公开审查合计 %(n)d 字，最多 %(most)d 字：请写短一些。")
            % {"n": len(where), "most": LONGEST_ADDRESS},
            code="reporting.copy.to_missing",
        )
    return _sent(copy, where if published.where.strip() else "", published.on, by=by, at=at)


def is_released(copy: ReportCopy) -> bool:
    """Whether a report goes to the public, and not to an office."""
    return copy.kind in kinds() and kinds()[copy.kind].released


@dataclass(frozen=True, slots=True)
class Published:
    """Where (platform and address) and when something was made public, and the review before it."""

    where: str
    on: date
    review: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the receiver gave back."""

    number: str
    on: date
    name: str = ""
    data: bytes = b""


@transaction.atomic
def receive(copy: ReportCopy, receipt: Receipt, *, by: Actor, at: datetime) -> ReportCopy:
    """Keep the number (and paper) of the receipt."""
    copy = locked(copy)
    require(by, SEND, copy)
    must_be(copy, State.SENT)
    if not receipt.number.strip():
        raise ReportRefused(_("没有写回执编号：请填写对方给的编号或签收人。"), code="reporting.copy.receipt_missing")
    if copy.sent_on and receipt.on < copy.sent_on:
        raise ReportRefused(
            _("回执日期 %(on)s 早于报送日期 %(sent)s：请核对。") % {"on": receipt.on, "sent": copy.sent_on},
            code="reporting.copy.day",
        )
    _day_is_between(receipt.on, copy.signed_at, by, _("回执日期"))
    copy.state, copy.receipt, copy.receipt_on = State.RECEIVED, receipt.number.strip()[:80], receipt.on
    copy.save(update_fields=["state", "receipt", "receipt_on"])
    if receipt.data:
        files.attach(copy, data=receipt.data, name=receipt.name, kind=RECEIPT, by=by, at=at)
    told("received", copy, {"receipt": copy.receipt}, (by, at))
    return copy


def intact(copy: ReportCopy) -> None:
    """Refuse a report whose figures are not those its hash was made of."""
    if making.digest_of(copy.snapshot) != copy.digest:
        raise ReportRefused(
            _("报表 %(number)s 的内容与生成时的校验值不符：请勿使用，重新生成一份，并请审计人员核查。")
            % {"number": copy.number},
            code="reporting.copy.changed",
        )


def _day_is_between(on: date, signed_at: datetime | None, by: Actor, name: str) -> None:
    signed = clock.local_day(signed_at) if signed_at else on
    if not signed <= on <= by.today:
        raise ReportRefused(
            _("%(name)s %(on)s 不在签发日 %(signed)s 至今天 %(today)s 之间：请核对。")
            % {"name": name, "on": on, "signed": signed, "today": by.today},
            code="reporting.copy.day",
        )


def locked(copy: ReportCopy) -> ReportCopy:
    """The report, held until the act ends."""
    rows = ReportCopy.objects.select_for_update(of=("self",))
    return rows.select_related("due", "place", "owner_department", "blank_form", "template").get(pk=copy.pk)


def must_be(copy: ReportCopy, state: str) -> None:
    """Refuse an act on a report in another state."""
    if copy.state != state:
        raise ReportRefused(
            _("报表 %(number)s 现在是“%(state)s”，不能这样办理：应为“%(wanted)s”。已签发的不能改，需要时另生成一份。")
            % {"number": copy.number, "state": copy.get_state_display(), "wanted": State(state).label},
            code="reporting.copy.signed" if state == State.DRAFT else "reporting.copy.state",
        )


def told(act: str, copy: ReportCopy, data: Mapping[str, Any], who: tuple[Actor, datetime]) -> None:
    """Write an act on a report into the audit."""
    by, at = who
    audit.record(f"reporting.copy.{act}", subject=copy, by=by, at=at, data={"number": copy.number, **data})
