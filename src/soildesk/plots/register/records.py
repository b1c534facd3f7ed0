"""What this room adds to the record page of a plot: where it is in its life, what is missing, its lists and events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import files
from soildesk.core.permissions import Actor, NotAllowed, may, require
from soildesk.enterprises.queries.sites import stood_on
from soildesk.enterprises.sentences import said
from soildesk.kit.faces import RecordPage
from soildesk.kit.parts import Act, Chip, Event, Fact, File, Step
from soildesk.kit.register import Row
from soildesk.land import landuse
from soildesk.plots import effectwords, lifedrawing, lifefacts, lifewords, reportwords
from soildesk.plots.carewords import care_of
from soildesk.plots.factwords import VALUE_WORDS
from soildesk.plots.models import Plot, PlotEvent, PlotVersion, WrittenNotice
from soildesk.plots.queries import next_steps, notices, stages, values
from soildesk.plots.queries.responsible import acting
from soildesk.plots.register import beside
from soildesk.plots.services.events import words_of
from soildesk.plots.words import FREED, list_name, stage_look, stage_word
from soilrules.geodesy import measure
from soilrules.plots.lifedata import life_table
from soilrules.plots.responsible import Party, Responsible, Task
from soilrules.plots.screening import Freed, freed_by
from soilrules.plots.state import EventKind, Exit, Stage

MAIN_WAY = (Stage.S0, Stage.S1, Stage.S2, Stage.S3, Stage.S4, Stage.S5, Stage.S6, Stage.REMOVED)


def plot(actor: Actor, row: Row, on: date) -> RecordPage:
    """A plot: its life with what is missing, its lists, its events, who stood on it."""
    version = PlotVersion.objects.select_related("plot", "parcel").get(pk=row["pk"])
    here = next_steps.here(version.plot, on)
    uid, care = str(version.plot.uid), care_of(here, on)
    stage = lifewords.stage_name(here.history.state.stage)
    return RecordPage(
        chips=[*_chips(here, on), *([care.chip] if care.chip else [])],
        life=_life(here, on),
        facts=[*_freed(here, version, on), *effectwords.unsaid(here), *care.facts, *_facts(version, on)],
        acts=_acts(actor, version, here),
        files=[
            file_part(use, _file_word(use.kind, one.kind)) for one in here.life.events for use in files.uses_of(one)
        ],
        history=_history(version),
        related=_related(version, on),
        template="plots/plot.html",
        context={
            "drawing": lifedrawing.drawn(here.history),
            "steps": lifewords.steps(here, uid),
            "reports_waiting": reportwords.waiting(actor, version.plot),
            "here_name": "；".join(filter(None, (stage, care.words))),
            "events": [
                (one, words_of(one.kind), stages.counts_event(one, on), lifewords.said_in(one), _report_of(one))
                for one in reversed(here.life.events)
            ],
            "stays": [(one, list_name(one.list_key)) for one in reversed(here.life.stays)],
            "written": [(one, chip_of(one, on)) for one in notices.of_plot(version.plot)],
            "firms": stood_on(version.geometry, actor, on) if may(actor, "enterprises.read") else None,
            "may_record": may(actor, "plots.record", version),
            "sections": beside.sections(actor, version, on),
            "on": on,
        },
    )


def _report_of(event: PlotEvent) -> tuple[str, str] | None:
    """The report an event follows from, with its address; None where none is on record here."""
    return (event.report.title, reportwords.url_of(event.report)) if event.report else None


def stopped(actor: Actor, permission: str, row: Any) -> str:
    """Why the actor may not; empty where he may."""
    try:
        require(actor, permission, row)
    except NotAllowed as refusal:
        return refusal.sentence
    return ""


def _file_word(kind: str, event: str) -> str:
    """What a file of an event is: the fact it proves, else the event."""
    return lifewords.fact_name(kind) if kind in life_table().facts else words_of(event)


def _chips(here: next_steps.Here, on: date) -> Sequence[Chip]:
    held = here.life.stage_on(on)
    stage = held.stage if held else ""
    tone, icon = stage_look(stage)
    why = (
        _("%(day)s 起：%(event)s") % {"day": held.since, "event": words_of(held.event.kind)}
        if held and held.event
        else ""
    )
    chips = [Chip(tone, stage_word(stage), icon=icon, why=why)]  # type: ignore[arg-type]
    if (
        held
        and held.exit == Exit.SURVEY
        and held.event
        and freed_by(held.event.data.get("column", "")) is Freed.SECOND_ONLY
    ):
        why = _("改作第一类用地的，应当按第一类用地筛选值重新调查。")
        chips.append(Chip("warn", _("仅适用于第二类用地"), why=why))
    for one in here.life.stays:
        if stages.counts(one, on):
            by = one.notice.number if one.notice else one.event.document
            url = f"{reverse('plots:list', args=[one.list_key])}?on={on}"
            why = _("%(day)s 起，依据 %(number)s") % {"day": one.since, "number": by or one.event.authority}
            chips.append(Chip("busy", list_name(one.list_key), icon="list-task", why=why, url=url))
    for subject in sorted(here.history.state.violations):
        chips.append(Chip("bad", _("违规未整改"), why=subject))
    return chips


def _life(here: next_steps.Here, on: date) -> Sequence[Step]:
    """The way forward with the days on which the plot came to each stage; another exit closes the way where it is."""
    came: dict[str, date] = {}
    stage = Stage.OUTSIDE
    for told in here.history.steps:  # by the events, as a plot may pass through several stages in a day
        if told.refused is None and told.after.stage != stage:
            stage = told.after.stage
            came[stage] = told.event.on
    now = here.history.state
    if now.exit in (Exit.SURVEY, Exit.ASSESSMENT):
        done = [Step(stage_word(one), "done", came[one]) for one in MAIN_WAY if one in came]
        return [
            *done,
            Step(stage_word(Stage.RELEASED), "here", came.get(Stage.RELEASED), note=lifewords.exit_name(now.exit)),
        ]
    place = MAIN_WAY.index(now.stage) if now.stage in MAIN_WAY else -1
    carried = EventKind.CARRIED_OVER in {one.event.kind for one in here.history.steps}
    passed = _("本级没有登记") if carried else _("未经此阶段")
    return [_step(one, (at, place), came, passed) for at, one in enumerate(MAIN_WAY)]


def _step(stage: Stage, places: tuple[int, int], came: dict[str, date], passed: str) -> Step:
    at, here = places
    if at == here:
        return Step(stage_word(stage), "here", came.get(stage))
    if at > here:
        return Step(stage_word(stage), "ahead")
    if stage not in came:
        return Step(stage_word(stage), "skipped", note=passed)
    return Step(stage_word(stage), "done", came[stage])


def _freed(here: next_steps.Here, version: PlotVersion, on: date) -> Sequence[Fact]:
    """For which use the survey that released the plot frees it, beside the use planned now."""
    held = here.life.stage_on(on)
    found = values.screened(held.event, version) if held and held.event and held.exit == Exit.SURVEY else None
    if found is None:
        return []
    sentence = said(found.message)
    doubtful = found.freed is Freed.NOT_TOLD or (found.freed is Freed.SECOND_ONLY and found.fits is not True)
    word = (
        VALUE_WORDS.get(("column", str(held.event.data.get("column", ""))), FREED[found.freed])
        if held and held.event
        else ""
    )
    note = "、".join(lifefacts.cited(found.bases))
    return [Fact(_("判定用的筛选值"), str(word), note=note, doubt=sentence if doubtful else "")]


def _facts(version: PlotVersion, on: date) -> Sequence[Fact]:
    found: list[Fact] = []
    if version.area_of_record_m2 is not None:
        finding = measure.area_finding(version.area_m2, float(version.area_of_record_m2))
        if finding:
            found.append(Fact(_("面积核对"), _("登记面积与计算面积相差超过 1%"), doubt=said(finding)))
    planned = landuse.nearest(version.use_system, version.use_planned) if version.use_planned else None
    classes = {"class_1": _("第一类用地"), "class_2": _("第二类用地")}
    if planned and planned.land_class:
        found.append(
            Fact(_("规划用途属于"), classes.get(planned.land_class, _("按具体用途确定")), note=_("GB 36600 口径"))
        )
    return [*found, *(_responsible(one) for one in acting(version, on))]


def _responsible(found: Responsible) -> Fact:
    """Who must act, by the law of the day; what leaves it open is told."""
    titles = {Task.SURVEY: _("应当由谁调查"), Task.WORKS: _("应当由谁管控、修复")}
    open_ = found.party in (Party.UNKNOWN, Party.UNDECIDED)
    value = _("尚不能确定") if open_ else lifewords.party_name(found.party)
    sentence = said(found.message)
    return Fact(titles[found.task], value, note="" if open_ else sentence, doubt=sentence if open_ else "")


def _acts(actor: Actor, version: PlotVersion, here: next_steps.Here) -> Sequence[Act]:
    uid = version.plot.uid
    ended = _why_ended(version, here.life.plot)
    recording = stopped(actor, "plots.record", version) or ended
    notifying = stopped(actor, "plots.notify", version) or ended
    return [
        Act(_("登记事项"), reverse("plots:events", args=[uid]), "plus-lg", primary=True, stopped_by=recording),
        Act(_("制发书面通知"), reverse("plots:notice_new", args=[uid]), "send", stopped_by=notifying),
        Act(_("更正起始日期"), reverse("plots:begin", args=[uid]), "calendar-event",
            stopped_by=stopped(actor, "plots.keep", version)),
        Act(_("终止"), reverse("plots:end", args=[uid]), "slash-circle", danger=True,
            stopped_by=stopped(actor, "plots.keep", version) or ended),
    ]  # fmt: skip


def _why_ended(version: PlotVersion, plot: Plot) -> str:
    """Why nothing may be done with a plot any more; empty where it still counts, whatever day is looked at."""
    open_ = PlotVersion.objects.filter(superseded_at=None, plot=plot, until=None)
    if version.until is None or open_.exists():
        return ""
    return _("这个地块已经终止，不能再办理。")


def _history(version: PlotVersion) -> Sequence[Event]:
    rows = PlotEvent.objects.filter(plot=version.plot_id).select_related("recorded_by").order_by("recorded_at", "id")
    told = []
    for one in rows:
        who = one.recorded_by.name if one.recorded_by else ""
        detail = "，".join(filter(None, (str(one.on), one.document)))
        told.append(Event(one.recorded_at, who, _("登记“%(event)s”") % {"event": words_of(one.kind)}, detail))
        if one.superseded_at:
            told.append(Event(one.superseded_at, "", _("撤销“%(event)s”") % {"event": words_of(one.kind)}, one.reason))
    return told


def _related(version: PlotVersion, on: date) -> Sequence[tuple[str, str]]:
    if version.parcel is None:
        return []
    uid, number = str(version.parcel.uid), version.parcel.number
    return [
        (_("宗地 %(number)s") % {"number": number}, reverse("kit:record", args=["parcels", uid])),
        (_("这块地上已知的情况"), f"{reverse('land:ground')}?parcel={uid}&on={on}"),
    ]


def file_part(use: Any, kind: str = "") -> File:
    """One attached file as the record page shows it."""
    by = use.added_by.name if use.added_by else ""
    url = reverse("core:file", args=[use.uid])
    return File(use.name, url, use.attachment.size, kind or use.kind, use.added_at, by, use.note)


def chip_of(found: WrittenNotice, on: date) -> Chip:
    """How a notice stands on a day."""
    if found.withdrawn_at is not None:
        return Chip("calm", _("已撤回"), why=found.withdrawn_why)
    if found.done_on and found.done_on <= on:
        return Chip("good", _("已完成"), why=str(found.done_on))
    if found.received_on is None:
        return Chip("warn", _("待送达"), why=_("期限自送达之日起算。"))
    if found.due is None:
        return Chip("unknown", _("没有规定期限"), why=found.term_note)
    return Chip("bad", _("已超过时限")) if found.due < on else Chip("busy", _("办理中"))
