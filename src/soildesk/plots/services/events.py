"""The one writer of where a plot stands: an event is written down, its guards are asked, stages and lists follow by replay.

Everybody else calls `record` or `take_back`; nobody else writes PlotStage or Membership.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from soildesk.core import audit, files
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, require
from soildesk.enterprises.sentences import language, said
from soildesk.enterprises.services.firms import valid_code
from soildesk.land.services.writing import refuse_future
from soildesk.plots.lifefacts import cited, event_of, told_facts
from soildesk.plots.models import ListNotice, Plot, PlotEvent, PlotVersion, Report
from soildesk.plots.queries import values
from soildesk.plots.queries.authorities import cities_of
from soildesk.plots.queries.plots import version_of
from soildesk.plots.refusals import EventRefused
from soildesk.plots.services import authorities, controlduties, owed, placing
from soilrules.bases import Basis, bases_on
from soilrules.enterprises.lists import Level
from soilrules.messages import Message
from soilrules.plots.authorities import Named, line_of_event
from soilrules.plots.life import History, Refused, replay
from soilrules.plots.lifedata import FactKind, life_table
from soilrules.plots.lists import ROOM, acts_at
from soilrules.plots.state import EventKind, Exit


@dataclass(frozen=True, slots=True)
class Document:
    """A file that proves an event."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Told:
    """An event as it is told. `level` is that of who decided ("" where a party handed it in), `acting_for` the level in whose
    name a branch acted and `in_name_of` the bureau.

    `papers` are files that are facts themselves, by key. `data` are facts of soilrules.plots.life by key. `document` is its number, `file` its paper: both are facts too.
    """

    kind: str
    on: date
    authority: str = ""
    level: str = ""
    document: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    report: Report | None = None
    notice: ListNotice | None = None
    covered: BaseGeometry | None = None
    acting_for: str = ""
    in_name_of: str = ""
    note: str = ""
    file: Document | None = None
    batch: Any = None
    papers: Mapping[str, Document] = field(default_factory=dict)


@transaction.atomic
def record(plot: Plot, told: Told, *, by: Actor, at: datetime, seen: int | None = None) -> PlotEvent:
    """Write an event down and let stages, lists and duties follow; refused with the article where its guards are not met.

    `seen` is the number of events whoever acts has seen: if another was written meanwhile, nothing is.
    """
    held = _locked(plot, seen)
    told = _cleaned(told, by)
    version = checked_version(held, told, by=by)
    events = list(standing(held))
    made = PlotEvent(**_columns(told, held, version), recorded_at=at, recorded_by=by.person)
    _check_filed(told, events)
    history = checked_history(events, made, version)
    _check_values(made, version)
    made.covered = covered_by(told, version, history)
    made.save(force_insert=True)
    for kind, paper in {**({"document": told.file} if told.file else {}), **told.papers}.items():
        files.attach(made, data=paper.data, name=paper.name, kind=kind, by=by, at=at)
    placing.place(held, version, [*events, made], by=by, at=at, why=words_of(made.kind))
    owed.fit(held, by=by)
    controlduties.fit(held, by=by)
    data = {
        "plot": held.number,
        "kind": made.kind,
        "on": made.on,
        "document": made.document,
        "authority": made.authority,
    }
    audit.record("plots.event.recorded", subject=made, by=by, at=at, data=data)
    return made


@transaction.atomic
def take_back(event: PlotEvent, why: str, *, by: Actor, at: datetime, with_report: bool = False) -> None:
    """An event that was written down wrongly: it never was, and what stood on it is placed anew. It stays readable.

    `with_report`: the passing of its report is taken back with it.
    """
    require(by, "plots.record", event)
    if not why.strip():
        raise EventRefused(_("请写明为什么撤销：原因会留在历史里。"), code="plots.event.why_missing")
    plot = _locked(event.plot, None)
    held = PlotEvent.objects.get(pk=event.pk)
    if not with_report:
        need_no_report(held)
    left = need_loose(held)
    version = version_of(plot.pk, by.today)
    held.superseded_at, held.reason = at, why.strip()[:300]
    held.save(update_fields=["superseded_at", "reason"])
    placing.place(plot, version, left, by=by, at=at, why=held.reason)
    owed.fit(plot, by=by)
    controlduties.fit(plot, by=by)
    data = {"plot": plot.number, "kind": held.kind, "on": held.on, "why": held.reason}
    audit.record("plots.event.taken_back", subject=held, by=by, at=at, data=data)


def need_no_report(event: PlotEvent) -> None:
    """Refuse to take back by itself what an accepted report says: both go back together."""
    report = event.report
    if report is not None and report.state == Report.State.ACCEPTED:
        raise EventRefused(
            _("这一事项由评审通过的报告 %(number)s 得出：请打开这份报告“撤销通过”，事项随之撤销。")
            % {"number": report.number},
            code="plots.event.of_report",
        )


def need_loose(event: PlotEvent) -> list[PlotEvent]:
    """The events that are left once one is taken back; refused where it was taken back before or others stand on it."""
    if event.superseded_at is not None:
        raise EventRefused(_("这一事项已经被撤销：请刷新页面。"), code="plots.event.stale")
    before = list(standing(event.plot))
    left = [one for one in before if one.pk != event.pk]
    _refuse_hanging(before, left)
    return left


def check(plot: Plot, told: Told, *, by: Actor) -> History:
    """The history an event would lead to; refused as `record` would. Writes nothing."""
    told = _cleaned(told, by)
    version = checked_version(plot, told, by=by)
    made = PlotEvent(**_columns(told, plot, version))
    history = checked_history(list(standing(plot)), made, version)
    _check_values(made, version)
    return history


def standing(plot: Plot) -> Any:
    """The events that stand, in the order in which they happened."""
    return PlotEvent.objects.filter(superseded_at=None, plot=plot).order_by("on", "id")


def history_of(events: Sequence[PlotEvent]) -> History:
    """What the rules make of stored events."""
    return replay([event_of(one) for one in events])


def checked_version(plot: Plot, told: Told, *, by: Actor) -> PlotVersion:
    """What is said of the plot on the day of an event; refused where the actor may not act or the day cannot be."""
    version = version_of(plot.pk, told.on)
    if version is None or not PlotVersion.objects.visible_to(by).filter(plot=plot).exists():
        raise EventRefused(_("没有找到这个地块：请回到列表重新打开。"), code="plots.event.not_found")
    require(by, "plots.record", version)
    refuse_future(told.on, by, EventRefused, "plots.event.future")
    if told.kind not in list(EventKind):
        raise EventRefused(
            _("没有“%(kind)s”这种事项：请在地块页面选择。") % {"kind": told.kind}, code="plots.event.unknown"
        )
    if told.on < version.since:
        raise EventRefused(
            _("%(on)s 早于地块的登记日期 %(since)s：请核对日期；确实更早的，请先在地块页面“更正起始日期”。")
            % {"on": told.on, "since": version.since},
            code="plots.event.before_plot",
        )
    _check_authority(told, version)
    return version


def _check_filed(told: Told, events: Sequence[PlotEvent]) -> None:
    """What is filed comes after what asked for it: no receipt is older than the step the plot stands in."""
    filed, rows = told.data.get("filed_on"), life_table().transitions
    earlier = [one for one in events if one.on <= told.on and rows[EventKind(one.kind)].to and one.kind != told.kind]
    if isinstance(filed, date) and earlier and filed < earlier[-1].on:
        raise EventRefused(
            _("备案日期 %(filed)s 早于 %(day)s 的“%(event)s”：请核对备案回执上的日期。")
            % {"filed": filed, "day": earlier[-1].on, "event": words_of(earlier[-1].kind)},
            code="plots.event.filed_early",
        )


def _cleaned(told: Told, by: Actor) -> Told:
    """The event with its credit codes as they are kept: two spellings are no two parties, and no day lies ahead."""
    known, data = life_table().facts, dict(told.data)
    for key, value in told.data.items():
        kind = known[key].kind if key in known else None
        if kind is FactKind.CODES and value:
            data[key] = tuple(_code(str(one)) for one in ([value] if isinstance(value, str) else value))
        if kind is FactKind.DAY and isinstance(value, date):
            refuse_future(value, by, EventRefused, "plots.event.future")
        if kind is FactKind.PAPER and key not in told.papers and value:
            raise EventRefused(
                _("“%(what)s”要附文件，只写文字不算：请上传照片或文件。") % {"what": known[key].name(language())},
                code="plots.event.document",
            )
    return replace(told, data=data)


def _code(text: str) -> str:
    try:
        return valid_code(text)
    except Refusal as refusal:
        raise EventRefused(str(refusal), code="plots.event.credit_code") from refusal


def _check_authority(told: Told, version: PlotVersion) -> None:
    """Who decided is named, where somebody decides; a level is one there is."""
    row = life_table().transitions[EventKind(told.kind)]
    by = row.by
    if (told.level and told.level not in list(Level)) or (by and not (told.level and told.authority.strip())):
        levels = "、".join(Message(ROOM, "levels", one).sentence(language()) for one in Level if one in by)
        raise EventRefused(
            (
                _("没有写明由哪个机关决定：“%(event)s”由%(levels)s生态环境部门决定，请填写机关名称和层级。")
                if levels
                else _("“%(event)s”由土地使用权人、责任人报送，没有决定机关：请不填机关层级。")
            )
            % {"event": words_of(told.kind), "levels": levels}
            + basis_words(row.bases, told.on),
            code="plots.event.authority",
        )
    if by and told.notice is None and told.report is None:
        _check_office(told, version)


def _check_office(told: Told, version: PlotVersion) -> None:
    """The office somebody names is of the line and level that decide; a paper on record was checked when it came."""
    kind = EventKind(told.kind)
    bases = life_table().transitions[kind].bases
    if told.acting_for and not told.in_name_of.strip():
        raise EventRefused(
            _("没有写明分局以哪个市局的名义：请照文件填写“以何机关名义”。") + basis_words(bases, told.on),
            code="plots.event.authority",
        )
    line = line_of_event(kind)
    if line or told.acting_for:
        authorities.refuse_unfit(
            Named(told.authority, Level(told.level), told.in_name_of, cities_of(version.division_path)),
            line, told.note, _("理由、说明"), bases=bases_on(bases, told.on), refused=EventRefused, code="plots.event.authority",
        )  # fmt: skip


def basis_words(ids: Sequence[str], on: date) -> str:
    """The articles of a day as the end of a sentence; nothing where none is in force."""
    return words_citing(bases_on(ids, on))


def words_citing(bases: Sequence[Basis]) -> str:
    """Articles as the end of a sentence; nothing where there are none."""
    articles = cited(bases)
    return _("（依据：%(articles)s）") % {"articles": "、".join(articles)} if articles else ""


def checked_history(events: Sequence[PlotEvent], made: PlotEvent, version: PlotVersion) -> History:
    """The history with one event more; refused where the event, or one that stands, could not be then."""
    before = {one.event.id for one in history_of(events).refused}
    new = event_of(made)
    earlier = [event_of(one) for one in events]
    history = _replayed(earlier, new)
    for one in history.refused:
        if one.event is new:
            raise refusal_of(one)
    for one in history.refused:
        if one.event.id not in before:
            raise EventRefused(
                _("不能登记在 %(on)s：此后 %(day)s 已登记的“%(event)s”将不再成立。请核对日期，或先撤销该事项。")
                % {"on": made.on, "day": one.event.on, "event": words_of(one.event.kind)},
                code="plots.event.order",
                cited=cited(one.bases),
            )
    return history


def _check_values(made: PlotEvent, version: PlotVersion) -> None:
    """A survey judged by values of the second class does not free ground planned for a use of the first."""
    if life_table().transitions[EventKind(made.kind)].exit is not Exit.SURVEY or made.report is not None:
        return  # a report's values are the matter of its review
    found = values.screened(made, version)
    if found and found.fits is False:
        articles = cited(found.bases)
        basis = _("（依据：%(articles)s）") % {"articles": "、".join(articles)}
        raise EventRefused(
            _("不能登记“%(event)s”：%(why)s") % {"event": words_of(made.kind), "why": said(found.message)} + basis,
            code="plots.event.values",
            cited=articles,
        )


def _replayed(earlier: list[Any], new: Any) -> History:
    """Replayed with the new event behind those of its day."""
    try:
        return replay([*earlier, new])
    except ValueError as wrong:
        raise EventRefused(
            _("“%(event)s”的内容不符合要求（%(why)s）：请按表单填写。")
            % {"event": words_of(new.kind), "why": str(wrong)},
            code="plots.event.guard",
        ) from wrong


def refusal_of(refused: Refused) -> EventRefused:
    """A refusal of the rules in the desk's words, with the articles of the day."""
    articles = cited(refused.bases)
    sentence = said(refused.message)
    if articles:
        sentence += _("（依据：%(articles)s）") % {"articles": "、".join(articles)}
    missing = [said(one.asks) for one in refused.findings]
    return EventRefused(sentence, code=f"plots.event.{refused.why}", missing=missing, cited=articles)


def _refuse_hanging(before: Sequence[PlotEvent], left: Sequence[PlotEvent]) -> None:
    """An event that others stand on is taken back after them."""
    known = {one.event.id for one in history_of(before).refused}
    hanging = next((one for one in history_of(left).refused if one.event.id not in known), None)
    if hanging is not None:
        raise EventRefused(
            _("不能撤销：%(day)s 的“%(event)s”以它为前提。请先从最晚的事项撤起。")
            % {"day": hanging.event.on, "event": words_of(hanging.event.kind)},
            code="plots.event.order",
            cited=cited(hanging.bases),
        )


def covered_by(told: Told, version: PlotVersion, history: History) -> BaseGeometry | None:
    """The ground an exit covers: what is told, the extent of its report, or the plot the province removed or holds so."""
    exit_by = next(
        (one.exit for one in history.leaves if one.event.kind == told.kind and one.event.on == told.on), None
    )
    if exit_by is None:
        return None
    if told.covered is not None:
        return told.covered
    if told.report is not None and told.report.covers is not None:
        return told.report.covers
    of_plot = exit_by is Exit.EFFECT or EventKind(told.kind) in (EventKind.CARRIED_WITHIN, EventKind.CARRIED_NO_CONTROL)
    return version.geometry if of_plot else None


def words_of(kind: str) -> str:
    """What an event is called."""
    return life_table().transitions[EventKind(kind)].name(language())


def _locked(plot: Plot, seen: int | None) -> Plot:
    """The plot held for this transaction, so that two who act at once act one after the other."""
    held = Plot.objects.select_for_update().get(pk=plot.pk)
    if seen is not None and PlotEvent.objects.filter(plot=held).count() != seen:
        raise EventRefused(
            _("刚才有人登记或撤销了这个地块的事项，您看到的已不是最新情况：请刷新页面，核对后再办理。"),
            code="plots.event.stale",
        )
    return held


def _columns(told: Told, plot: Plot, version: PlotVersion) -> dict[str, Any]:
    level = _level(told)
    return {
        "division_path": version.division_path,
        "owner_department_id": version.owner_department_id,
        "plot": plot,
        "kind": str(told.kind),
        "on": told.on,
        "authority": _office(told)[:120],
        "level": level,
        "document": told.document.strip()[:120],
        "note": told.note.strip()[:500],
        "data": told_facts(_all_facts(told)),
        "report": told.report,
        "notice": told.notice,
        "batch": told.batch,
    }


def _office(told: Told) -> str:
    """The office as it is kept: a branch with the bureau in whose name it acted."""
    name = told.authority.strip()
    if not told.in_name_of.strip():
        return name
    return _("%(branch)s（以%(bureau)s名义）") % {"branch": name, "bureau": told.in_name_of.strip()}


def _level(told: Told) -> str:
    """The level decided at: that in whose name a branch acts, where it may."""
    if not told.level:
        return ""
    return str(acts_at(Level(told.level), Level(told.acting_for) if told.acting_for else None))


def _all_facts(told: Told) -> dict[str, Any]:
    """The facts an event tells, with those that its document, paper, report and note tell."""
    beside = {
        "number": told.document.strip(),
        "file": told.file.name if told.file else _paper(told.notice) or _paper(told.report),
        "report": told.report.number if told.report else "",
        "reason": told.note.strip(),
    }
    papers = {key: one.name for key, one in told.papers.items()}
    return {**{key: value for key, value in beside.items() if value}, **told.data, **papers}


def _paper(subject: ListNotice | Report | None) -> str:
    use = files.uses_of(subject).first() if subject else None
    return use.name if use else ""


def with_batch(told: Told, batch: Any) -> Told:
    """An event that came by an import."""
    return replace(told, batch=batch)
