"""Acts on written notices 书面通知: written, served, withdrawn. The term runs from receipt; nobody moves a day here.

That a notice to survey was served is an event of the plot: it is written with the receipt and taken back with the notice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, files
from soildesk.core.models import Division
from soildesk.core.permissions import Actor, require
from soildesk.enterprises.sentences import said
from soildesk.land.services.writing import county_of, refuse_future
from soildesk.plots.lifefacts import cited
from soildesk.plots.limits import limit_at
from soildesk.plots.models import Plot, PlotEvent, PlotVersion, WrittenNotice
from soildesk.plots.queries.next_steps import here
from soildesk.plots.queries.plots import version_of
from soildesk.plots.refusals import NoticeRefused
from soildesk.plots.services import events, owed
from soildesk.plots.services.events import Told
from soilrules.plots import deadlines
from soilrules.plots import notices as permitted
from soilrules.plots.state import EventKind

Kind = WrittenNotice.Kind
FACTS = frozenset({"kind", "number", "recipient", "sent_on", "received_on"})
SERVED: Mapping[str, EventKind] = {
    Kind.PRELIMINARY: EventKind.NOTICE_SERVED,
    Kind.DETAILED: EventKind.DETAILED_NOTICE_SERVED,
}
"""The events that serving a notice is."""


@dataclass(frozen=True, slots=True)
class Term:
    """By when what a notice asks is due: None where no rule in force says; `note` says which rule, or that there is none."""

    due: date | None
    rule: str
    note: str
    basis: str


def term_of(kind: str, received_on: date | None, division: str, on: date, path: str = "") -> Term:
    """The term of a notice in a place: the earlier of the ministry's and the province's, where there are such.

    The province's is what the local rules adopted at the division's `path` say.
    """
    if kind != Kind.PRELIMINARY:
        return Term(None, "", _("现行规定没有写明期限：请在通知书中写明，并自行跟踪。"), "")
    limit = limit_at(path, on)
    rules = None if limit.rule is None else [replace(limit.rule, division=division)]
    found = [
        deadlines.due_day(deadlines.Kind.PRELIMINARY, received_on, division, on=on),
        deadlines.due_day(deadlines.Kind.PROVINCE_LIMIT, received_on, division, on=on, rules=rules),
    ]
    dated = [one for one in found if one.due is not None]
    first = min(dated, key=lambda one: one.due or date.max) if dated else None
    basis = "、".join(cited(first.bases)) if first else ""
    told = [said(one.message) for one in found]
    if limit.words and limit.rule is None:
        told[1] = _("%(cited)s：%(words)s（没有写明可以计算的天数，请在通知书中写明期限）。") % {
            "cited": limit.cited,
            "words": limit.words,
        }
    note = "".join(told)
    return Term(first.due if first else None, first.rule.id if first and first.rule else "", note[:300], basis[:300])


@transaction.atomic
def serve(
    plot: Plot, facts: Mapping[str, Any], *, by: Actor, at: datetime, paper: tuple[str, bytes] | None = None
) -> WrittenNotice:
    """A notice that was written to whoever holds a plot; with its receipt, where that is known already."""
    clean, version = check_new(plot, facts, by=by)
    received = clean.pop("received_on", None)
    made = WrittenNotice.objects.create(
        division_path=version.division_path,
        owner_department_id=version.owner_department_id,
        plot=plot,
        **clean,
        recorded_at=at,
        recorded_by=by.person,
    )
    if paper:
        files.attach(made, data=paper[1], name=paper[0], kind="notice", by=by, at=at)
    data = {"plot": plot.number, "number": made.number, "kind": made.kind}
    audit.record("plots.notice.served", subject=made, by=by, at=at, data=data)
    return receive(made, received, by=by, at=at) if received else made


def check_new(plot: Plot, facts: Mapping[str, Any], *, by: Actor) -> tuple[dict[str, Any], PlotVersion]:
    """The facts of a notice as they may be stored; refused where it may not be written."""
    version = version_of(plot.pk, by.today)
    if version is None:
        raise NoticeRefused(_("没有找到这个地块：请回到列表重新打开。"), code="plots.notice.words")
    require(by, "plots.notify", version)
    if unknown := sorted(set(facts) - FACTS):
        raise NoticeRefused(
            _("书面通知没有“%(names)s”这样的内容：请核对字段。") % {"names": "、".join(unknown)},
            code="plots.notice.unknown_fact",
        )
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    if clean.get("kind") not in Kind.values:
        raise NoticeRefused(_("没有选择通知的事项：请选择。"), code="plots.notice.kind")
    for name, title in (("number", _("文号")), ("recipient", _("送达对象"))):
        if not clean.get(name):
            raise NoticeRefused(_("没有填写%(what)s：请照通知书填写。") % {"what": title}, code="plots.notice.words")
    _check_days(clean.get("sent_on"), clean.get("received_on"), by)
    _must_have_ground(plot, str(clean["kind"]), clean.get("received_on") or clean["sent_on"])
    if WrittenNotice.objects.filter(division_path=version.division_path, number=clean["number"]).exists():
        raise NoticeRefused(
            _("文号“%(number)s”的通知已经登记：请打开该通知办理。") % {"number": clean["number"]},
            code="plots.notice.twice",
        )
    return clean, version


def _must_have_ground(plot: Plot, kind: str, on: date) -> None:
    """A notice follows what the plot is known to be; one that runs is not sent twice."""
    state = here(plot, on).history.state
    found = permitted.fits(kind, state.stage, state.lists, state.works, on)
    if not found.fits:
        articles = "、".join(cited(found.bases))
        basis = _("（依据：%(articles)s）") % {"articles": articles} if articles else ""
        raise NoticeRefused(
            _("不能制发“%(kind)s”通知：%(why)s") % {"kind": Kind(kind).label, "why": said(found.message)} + basis,
            code="plots.notice.ground",
        )
    running = WrittenNotice.objects.filter(plot=plot, kind=kind, withdrawn_at=None, done_on=None).first()
    if running and kind == Kind.PRELIMINARY:
        raise NoticeRefused(
            _("“%(number)s”已要求开展初步调查，还没有完成：请在该通知上办理；写错的，先撤回再重新制发。")
            % {"number": running.number},
            code="plots.notice.running",
        )


def _check_days(sent: date | None, received: date | None, by: Actor) -> None:
    if sent is None:
        raise NoticeRefused(_("没有发出日期：请照通知书填写。"), code="plots.notice.days")
    for day in (sent, received):
        if day:
            refuse_future(day, by, NoticeRefused, "plots.notice.future")
    if received and received < sent:
        raise NoticeRefused(
            _("送达日期 %(received)s 早于发出日期 %(sent)s：请照送达回证填写。") % {"received": received, "sent": sent},
            code="plots.notice.days",
        )


@transaction.atomic
def receive(notice: WrittenNotice, on: date, *, by: Actor, at: datetime) -> WrittenNotice:
    """That a notice was received: from that day its term runs, and the plot's life says so."""
    require(by, "plots.notify", notice)
    held = _open(notice)
    need_waiting(held)
    _check_days(held.sent_on, on, by)
    term = term_of(held.kind, on, _division(held), on, held.division_path)
    held.received_on, held.due = on, term.due
    held.term, held.term_note, held.basis = term.rule, term.note, term.basis
    held.save(update_fields=["received_on", "due", "term", "term_note", "basis"])
    if held.kind in SERVED:
        events.record(held.plot, _told(held), by=by, at=at)
    owed.fit(held.plot, by=by)
    data = {"plot": held.plot.number, "number": held.number, "on": on, "due": held.due}
    audit.record("plots.notice.received", subject=held, by=by, at=at, data=data)
    held.refresh_from_db()
    return held


@transaction.atomic
def withdraw(notice: WrittenNotice, why: str, *, by: Actor, at: datetime) -> WrittenNotice:
    """A notice that was wrong: it asks nothing any more; it stays readable, and another may be served."""
    require(by, "plots.notify", notice)
    if not why.strip():
        raise NoticeRefused(_("请写明为什么撤回：原因会留在历史里。"), code="plots.notice.why_missing")
    held = _open(notice)
    for event in event_of(held):
        events.take_back(event, why, by=by, at=at)
    held.withdrawn_why, held.withdrawn_at = why.strip()[:300], at
    held.save(update_fields=["withdrawn_why", "withdrawn_at"])
    owed.fit(held.plot, by=by)
    data = {"plot": held.plot.number, "number": held.number, "why": held.withdrawn_why}
    audit.record("plots.notice.withdrawn", subject=held, by=by, at=at, data=data)
    return held


def event_of(notice: WrittenNotice) -> Any:
    """The event that serving this notice is; none before its receipt."""
    rows = PlotEvent.objects.filter(superseded_at=None, plot=notice.plot_id, kind=SERVED.get(notice.kind, ""))
    return rows.filter(document=notice.number, on=notice.received_on)


def _open(notice: WrittenNotice) -> WrittenNotice:
    held = (
        WrittenNotice.objects.select_for_update().select_related("plot", "owner_department__division").get(pk=notice.pk)
    )
    need_standing(held)
    return held


def need_standing(notice: WrittenNotice) -> None:
    """Refuse an act on a notice that was taken back."""
    if notice.withdrawn_at is not None:
        raise NoticeRefused(_("这份通知已经撤回，不再办理：需要的，请另行制发。"), code="plots.notice.withdrawn")


def need_waiting(notice: WrittenNotice) -> None:
    """Refuse a second receipt of a notice, and one of a notice that was taken back."""
    need_standing(notice)
    if notice.received_on is not None:
        raise NoticeRefused(
            _("已经登记为 %(day)s 送达：登记错误的，请撤回后重新登记。") % {"day": notice.received_on},
            code="plots.notice.done",
        )


def _told(notice: WrittenNotice) -> Told:
    assert notice.received_on is not None
    department = notice.owner_department
    level = department.division.level if department.division.level in ("county", "city") else "county"
    return Told(
        kind=str(SERVED[notice.kind]),
        on=notice.received_on,
        authority=department.name,
        level="city" if notice.kind == Kind.DETAILED else level,
        document=notice.number,
        data={"received_on": notice.received_on},
        note=_("送达%(who)s") % {"who": notice.recipient},
    )


def _division(notice: WrittenNotice) -> str:
    """The code of the county a notice is of."""
    found = Division.objects.filter(path=county_of(notice.division_path)).order_by("-since").first()
    return found.code if found else ""
