"""The review of a report: opinions of the offices and of experts, passed with the event of its plot, or taken back.

A report is passed only where both sides passed it, nothing differs unexplained and no form failed; the plot's own guards
are asked besides. Everything happens in one act: a plot that may not move leaves the report where it was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, files
from soildesk.core.models import Department
from soildesk.core.permissions import Actor, require
from soildesk.enterprises.sentences import said
from soildesk.land.services.writing import refuse_future
from soildesk.plots.models import Expert, Opinion, PlotEvent, Report, ReportAct
from soildesk.plots.queries import parties
from soildesk.plots.queries import reports as found
from soildesk.plots.refusals import ReportRefused
from soildesk.plots.services import authorities, events, reportduties
from soildesk.plots.services.events import Document
from soildesk.plots.services.reportevents import Passed, told_of
from soildesk.plots.services.reports import locked, need_state, need_words, write_act
from soilrules.bases import bases_on
from soilrules.enterprises.lists import Level
from soilrules.plots.authorities import Named
from soilrules.plots.conflicts import Conflict
from soilrules.plots.reports import ReportKind, report_types
from soilrules.plots.state import Aftercare

PANEL = ("review63",)
"""By what experts review a report."""

State, Act = Report.State, ReportAct.Kind
Side, Verdict = Opinion.Side, Opinion.Verdict
SIDE_OF = {function: side for side, function in reportduties.FUNCTIONS.items()}


@dataclass(frozen=True, slots=True)
class Said:
    """One opinion of an office. Without `authority` it is that of the actor's own department; with it, one on paper."""

    verdict: str
    text: str = ""
    on: date | None = None
    document: str = ""
    dissent: bool = False
    authority: str = ""
    side: str = ""
    level: str = ""
    acting_for: str = ""
    file: Document | None = None


@dataclass(frozen=True, slots=True)
class OfExpert:
    """One opinion of an expert, who declared an interest (True), none (False) or nothing (None)."""

    expert: Expert
    verdict: str
    text: str = ""
    on: date | None = None
    declared: bool | None = None
    interest: str = ""
    dissent: bool = False


@transaction.atomic
def opine(report: Report, told: Said, *, by: Actor, at: datetime) -> Opinion:
    """The opinion of an office in the round that runs: of ecology or natural resources, of the level that reviews."""
    held = _reviewing(report, by)
    require(by, "plots.review", held)
    _check_words(told.verdict, told.text, told.on, by)
    told = _of_office(told, by)
    on = told.on or by.today
    level = _level(held, told, on)
    _check_office(held, told, on)
    department = None if told.authority else by.person.department if by.person else None
    _refuse_twice(held, told, side=told.side, department=department, authority=told.authority.strip()[:120])
    made = Opinion.objects.create(
        report=held,
        round=held.round,
        side=told.side,
        level=level,
        department=department,
        authority=told.authority.strip()[:120],
        verdict=told.verdict,
        text=told.text.strip()[:2000],
        dissent=told.dissent,
        document=told.document.strip()[:120],
        on=on,
        by=by.person,
        at=at,
    )
    if told.file:
        files.attach(held, data=told.file.data, name=told.file.name, kind="opinion", by=by, at=at)
    _written(held, made, by, at)
    return made


@transaction.atomic
def opine_as_expert(report: Report, told: OfExpert, *, by: Actor, at: datetime) -> Opinion:
    """The opinion of an expert of the panel, written down by the office; nobody bound to a party of the report sits on it."""
    held = _reviewing(report, by)
    require(by, "plots.accept", held)
    return write_of_expert(held, told, by=by, at=at)


def write_of_expert(held: Report, told: OfExpert, *, by: Actor, at: datetime) -> Opinion:
    """A part of the acts by which an expert's opinion is written down, of a report that is held."""
    _check_words(told.verdict, told.text, told.on, by)
    judged = parties.judge(held, told.expert, told.declared)
    if judged.conflict is not Conflict.NO:
        basis = events.basis_words(PANEL, told.on or by.today)
        raise ReportRefused(said(judged.message) + basis, code="plots.report.conflict")
    on = told.on or by.today
    if told.expert.until and told.expert.until < on:
        raise ReportRefused(
            _("%(name)s 的聘期到 %(until)s 为止，不能出具 %(on)s 的意见：请续聘或另选专家。")
            % {"name": told.expert.name, "until": told.expert.until, "on": on},
            code="plots.report.expert",
        )
    _refuse_twice(held, told, side=Side.EXPERT, expert=told.expert)
    made = Opinion.objects.create(
        report=held,
        round=held.round,
        side=Side.EXPERT,
        expert=told.expert,
        declared_interest=(told.interest.strip() or _("声明与本报告各方无利害关系"))[:300],
        verdict=told.verdict,
        text=told.text.strip()[:2000],
        dissent=told.dissent,
        on=on,
        by=by.person,
        at=at,
    )
    _written(held, made, by, at)
    return made


@transaction.atomic
def overrule(
    report: Report, opinion: Opinion, ground: str, document: str = "", *, by: Actor, at: datetime
) -> ReportAct:
    """Why a report may pass though an expert said it should not: written down by a person with a name, beside the opinion."""
    held = _reviewing(report, by)
    require(by, "plots.accept", held)
    if by.person is None:
        raise ReportRefused(_("书面说明要由有姓名的人作出：请登录后办理。"), code="plots.report.ground")
    if opinion.pk not in {one.pk for one in found.against(held)}:
        raise ReportRefused(_("这条专家意见不需要说明，或者已经说明：请刷新页面后再看。"), code="plots.report.ground")
    need_words(ground, _("请写明为什么专家不同意仍然通过：理由会写入评审经过。"))
    data = {"opinion": opinion.pk, "document": document.strip()[:120]}
    made = write_act(held, Act.OVERRULED, by=by, at=at, note=ground, data=data)
    told = {"number": held.number, "round": held.round, "document": data["document"], "ground": ground.strip()[:300]}
    audit.record("plots.report.overruled", subject=held, by=by, at=at, data=told)
    return made


@transaction.atomic
def accept(report: Report, passed: Passed, *, by: Actor, at: datetime) -> PlotEvent | None:
    """Passed (or, of a plan, filed): the event of the plot is written down, and stages and lists follow from it.

    A later report of an aftercare that runs already is filed and moves nothing.
    """
    held = locked(report, by)
    require(by, "plots.accept", held)
    need_state(held, State.REVIEWING)
    refuse_future(passed.on, by, ReportRefused, "plots.report.future")
    told = found.in_the_way(held, by.today)
    if told:
        raise ReportRefused("".join(told), code="plots.report.open")
    _check_days(held, passed)
    passed = _decided(held, passed)
    event = None if runs_already(held) else events.record(held.plot, told_of(held, passed), by=by, at=at)
    kind = event.kind if event else ""
    held.state, held.accepted_on, held.filed_on = State.ACCEPTED, passed.on, passed.filed_on
    held.save(update_fields=["state", "accepted_on", "filed_on"])
    data = {"document": passed.document, "authority": passed.authority, "event": kind}
    write_act(held, Act.ACCEPTED, by=by, at=at, on=passed.on, note=passed.note, data=data)
    if passed.filed_on:
        write_act(held, Act.FILED, by=by, at=at, on=passed.filed_on)
    reportduties.fit(held, by=by)
    audit.record(
        "plots.report.accepted", subject=held, by=by, at=at,
        data={"number": held.number, "round": held.round, "on": passed.on, "event": kind},
    )  # fmt: skip
    return event


@transaction.atomic
def take_back(report: Report, why: str, *, by: Actor, at: datetime) -> Report:
    """Passing was wrong: its event never was, the plot stands where it stood, the report goes back for revision."""
    held = locked(report, by)
    require(by, "plots.accept", held)
    need_state(held, State.ACCEPTED)
    need_words(why, _("请写明撤销的原因：原因会留在办理经过里。"))
    for event in found.standing_events(held):
        events.take_back(event, why, by=by, at=at, with_report=True)
    held.state, held.accepted_on, held.filed_on = State.RETURNED, None, None
    held.save(update_fields=["state", "accepted_on", "filed_on"])
    write_act(held, Act.RETURNED, by=by, at=at, note=why, data={"was": "accepted"})
    audit.record(
        "plots.report.taken_back", subject=held, by=by, at=at,
        data={"number": held.number, "why": why.strip()[:300]},
    )  # fmt: skip
    return held


def _check_days(report: Report, passed: Passed) -> None:
    """Passed after it came in and after every opinion, filed after it was passed."""
    days = [one.on for one in found.opinions_now(report).values()]
    last = max([*days, *([sent] if (sent := found.sent_on(report)) else [])], default=passed.on)
    if passed.on < last:
        raise ReportRefused(
            _("通过日期 %(on)s 早于 %(last)s 的提交或评审意见：请核对日期。") % {"on": passed.on, "last": last},
            code="plots.report.order",
        )
    if passed.filed_on and passed.filed_on < passed.on:
        raise ReportRefused(
            _("备案日期 %(filed)s 早于通过日期 %(on)s：请核对备案回执。") % {"filed": passed.filed_on, "on": passed.on},
            code="plots.report.order",
        )


def runs_already(report: Report) -> bool:
    """Whether a report is of an aftercare that an earlier one began."""
    if report.kind != ReportKind.AFTERCARE:
        return False
    return events.history_of(list(events.standing(report.plot))).state.aftercare is Aftercare.RUNNING


def own_side(by: Actor) -> str:
    """The side the actor's own department reviews for; empty for other departments."""
    department = by.person.department if by.person else None
    return str(SIDE_OF.get(department.function, "")) if department else ""


def need_side(side: object) -> None:
    """Refuse whoever speaks for neither side."""
    if not side:
        raise ReportRefused(
            _("评审意见由生态环境、自然资源部门出具，您所在的部门不在其中：请由这两个部门的人员办理，或代录书面意见。"),
            code="plots.report.side",
        )


def _reviewing(report: Report, by: Actor) -> Report:
    held = locked(report, by)
    need_state(held, State.REVIEWING)
    return held


def _of_office(told: Said, by: Actor) -> Said:
    """The opinion with its side and level: those of the actor's own department, or as the paper says."""
    if told.authority.strip():
        require(by, "plots.accept")
        if told.side not in (Side.ECOLOGY, Side.RESOURCES) or not told.document.strip():
            raise ReportRefused(
                _("代录书面意见要写明是哪一方、哪一级的意见和文号：请照来文填写。"), code="plots.report.side"
            )
        if told.file is None:
            raise ReportRefused(_("代录书面意见要附来文：请上传意见文件。"), code="plots.report.no_file")
        return told
    side = own_side(by)
    need_side(side)
    return replace(told, side=side, level=_own_level(by.person.department if by.person else None))


def _own_level(department: Department | None) -> str:
    level = department.division.level if department else ""
    return level if level in list(Level) else str(Level.COUNTY)


def _level(report: Report, told: Said, on: date) -> str:
    """The level an opinion is given at; refused where that level does not review such a report."""
    if told.level not in list(Level):
        raise ReportRefused(_("没有写明意见是哪一级作出的：请选择。"), code="plots.report.level")
    acting = Level(told.acting_for) if told.acting_for else None
    answer = found.review_of(report, Level(told.level), acting, on)
    if not answer.may:
        raise ReportRefused(said(answer.message) + events.words_citing(answer.bases), code="plots.report.level")
    return str(told.acting_for if acting and acting in answer.levels else told.level)


def _check_office(report: Report, told: Said, on: date) -> None:
    """The office a paper names is one of its side: one side does not speak for both."""
    if told.authority.strip():
        bases = bases_on(report_types()[ReportKind(report.kind)].bases, on)
        authorities.refuse_unfit(
            Named(told.authority, Level(told.level)), told.side, told.text, _("具体意见"),
            bases=bases, refused=ReportRefused, code="plots.report.authority",
        )  # fmt: skip


def _check_words(verdict: str, text: str, on: date | None, by: Actor) -> None:
    if verdict not in Verdict.values:
        raise ReportRefused(_("没有选择意见：请选择通过、修改后通过或不通过。"), code="plots.report.verdict")
    if verdict != Verdict.PASS:
        need_words(text, _("请写明要修改什么，或为什么不通过。"))
    if on:
        refuse_future(on, by, ReportRefused, "plots.report.future")


def _refuse_twice(report: Report, told: Said | OfExpert, **of: Any) -> None:
    """One opinion is written down once; another one of the same office in the round says something else."""
    same = {"verdict": told.verdict, "text": told.text.strip()[:2000], "dissent": told.dissent}
    document = getattr(told, "document", "").strip()[:120]
    before = report.opinions.filter(round=report.round, document=document, **same, **of).first()
    if before is not None:
        raise ReportRefused(
            _("同样的意见本轮已于 %(on)s 登记：不需要再登记；意见有变化的，写明变化的内容。") % {"on": before.on},
            code="plots.report.twice",
        )


def _written(report: Report, made: Opinion, by: Actor, at: datetime) -> None:
    data = {"side": made.side, "verdict": made.verdict, "authority": made.authority, "document": made.document}
    write_act(report, Act.OPINION, by=by, at=at, on=made.on, data=data)
    reportduties.fit(report, by=by)
    audit.record(
        "plots.report.opinion",
        subject=report,
        by=by,
        at=at,
        data={"number": report.number, "round": report.round, **data},
    )


def _decided(report: Report, passed: Passed) -> Passed:
    """Who decided, where the form does not say: the ecology office that gave its opinion, at its level."""
    one = found.opinions_now(report).get(Side.ECOLOGY)
    if one is None:
        return passed
    name = one.authority or (one.department.name if one.department else "")
    return replace(
        passed,
        authority=passed.authority or name,
        level=one.level,
        document=passed.document or one.document,
    )
