"""Acts on rounds of inspection on plots under control: written on the spot, then what is done about what was found.

Building and use are told to whoever listens (the list of problems) in the same act. That they are a violation of the plot's
life is proposed, and decided by the office: a round decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from soildesk.core import audit, files
from soildesk.core.permissions import Actor, require
from soildesk.land.refusals import UnusedRefused
from soildesk.land.services.patrols import Photo, check_photos
from soildesk.land.services.writing import Place, place_at, refuse_future
from soildesk.plots.controlwords import within_words
from soildesk.plots.models import ControlRound, Plot, PlotEvent, PlotVersion
from soildesk.plots.queries.control import within
from soildesk.plots.refusals import ControlRefused
from soildesk.plots.services import controlduties, events
from soildesk.plots.services.control import FIELD, OFFICE, seen_version
from soildesk.plots.services.controlduties import findings, subject_of
from soildesk.plots.services.events import Told
from soilrules.plots.control import VIOLATIONS, Found
from soilrules.plots.state import EventKind


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen on a round; an answer left out (None) is not known, and no finding."""

    on: date
    unrelated_building: bool | None = None
    sign_intact: bool | None = None
    spread: bool | None = None
    in_use: bool | None = None
    note: str = ""
    photos: Sequence[Photo] = ()


@dataclass(frozen=True, slots=True)
class Noticed:
    """What a round found that is to be put right, as upper rooms are told of it."""

    round_uid: str
    plot_name: str
    plot_number: str
    on: date
    note: str
    found: Sequence[Found]
    place: Place
    geometry: BaseGeometry
    within: str  # which ground that is: the zone, or the plot and why


Listener = Callable[[Noticed, Actor, datetime], None]
_listeners: list[Listener] = []


def at_finding(listener: Listener) -> None:
    """Let an upper room hear of what a round found that is to be put right."""
    if listener not in _listeners:
        _listeners.append(listener)


@transaction.atomic
def record(plot: Plot, seen: Seen, *, by: Actor, at: datetime) -> ControlRound:
    """Write a round down, with its photographs; what it found is told at once."""
    version = seen_version(plot, by, FIELD)
    made = ControlRound(
        plot=plot,
        division_path=version.division_path,
        owner_department_id=version.owner_department_id,
        on=seen.on,
        unrelated_building=seen.unrelated_building,
        sign_intact=seen.sign_intact,
        spread=seen.spread,
        in_use=seen.in_use,
        note=seen.note.strip()[:500],
        by=by.person,
        at=at,
    )
    _check(made, seen, by)
    made.save(force_insert=True)
    for photo in seen.photos:
        files.attach(made, data=photo.data, name=photo.name, kind="photo", by=by, at=at, note=photo.towards)
    what = findings(made)
    controlduties.fit(plot, by=by)
    data = {"plot": plot.number, "on": seen.on, "found": [str(one) for one in what], "photos": len(seen.photos)}
    audit.record("plots.control.round_recorded", subject=made, by=by, at=at, data=data)
    if told := [one for one in what if one in VIOLATIONS]:
        noticed = _noticed(made, told, by)
        for listener in _listeners:
            listener(noticed, by, at)
    return made


def _noticed(made: ControlRound, told: Sequence[Found], by: Actor) -> Noticed:
    """What was found, on the ground of the round's day: the zone that was in force, else the plot as it lay."""
    found = within(made.plot_id, made.on)
    assert found is not None, "a round is of a plot that is known"
    version = found.version
    place = Place(place_at(version.division_path, by).division, version.owner_department)
    return Noticed(
        str(made.uid), version.name, version.plot.number, made.on, made.note, told, place, found.ground, within_words(found)
    )  # fmt: skip


def _check(made: ControlRound, seen: Seen, by: Actor) -> None:
    refuse_future(seen.on, by, ControlRefused, "plots.control.future")
    first = PlotVersion.objects.filter(superseded_at=None, plot=made.plot).order_by("since").values_list("since", flat=True).first()  # fmt: skip
    if first and seen.on < first:
        raise ControlRefused(
            _("巡查日期 %(on)s 早于地块的登记日期 %(since)s：请核对日期；确实更早的，请先在地块页面“更正起始日期”。")
            % {"on": seen.on, "since": first},
            code="plots.control.days",
        )
    answers = (seen.unrelated_building, seen.sign_intact, seen.spread, seen.in_use)
    if all(one is None for one in answers) and not seen.note.strip():
        raise ControlRefused(
            _("什么都没有回答：请至少回答一项；没有看到的选“没有查看”，并在情况里写明原因。"),
            code="plots.control.empty",
        )
    if findings(made) and not (seen.photos or seen.note.strip()):
        raise ControlRefused(
            _("发现了问题，没有照片也没有写情况：请拍照，或写明在哪里、看到了什么。"), code="plots.control.no_proof"
        )
    try:
        check_photos(seen.photos)
    except UnusedRefused as refusal:
        raise ControlRefused(str(refusal), code="plots.control.photos") from refusal


@transaction.atomic
def take_back(one: ControlRound, why: str, *, by: Actor, at: datetime) -> None:
    """A round that was written down wrongly: it asks nothing any more and stays readable with the reason."""
    require(by, FIELD, one)
    held = _locked(one)
    need_no_event(held)
    _say_why(why)
    held.superseded_at, held.reason = at, why.strip()[:300]
    held.save(update_fields=["superseded_at", "reason"])
    _fitted(held, "round_taken_back", {"why": held.reason}, by, at)


@transaction.atomic
def stop_spread(one: ControlRound, measure: str, on: date, *, by: Actor, at: datetime) -> ControlRound:
    """What was done against a spread a round found."""
    require(by, FIELD, one)
    refuse_future(on, by, ControlRefused, "plots.control.future")
    held = _locked(one)
    need_spreading(held)
    if not measure.strip():
        raise ControlRefused(_("请写明采取了什么隔离、阻断等措施。"), code="plots.control.words")
    if on < held.on:
        raise ControlRefused(
            _("采取措施日期 %(on)s 早于巡查日期 %(day)s：请核对。") % {"on": on, "day": held.on},
            code="plots.control.days",
        )
    held.measure, held.measure_on = measure.strip()[:500], on
    held.save(update_fields=["measure", "measure_on"])
    _fitted(held, "spread_stopped", {"on": on}, by, at)
    return held


@dataclass(frozen=True, slots=True)
class Decided:
    """Who decided that what was found is a violation, at which level, by which paper."""

    authority: str
    level: str
    document: str = ""
    note: str = ""


@transaction.atomic
def confirm(one: ControlRound, what: Found, decided: Decided, *, by: Actor, at: datetime) -> PlotEvent:
    """The proposed violation becomes an event of the plot; settled later by the event that settles it."""
    require(by, OFFICE, one)
    held = _locked(one)
    need_undecided(held, what)
    told = Told(
        kind=str(EventKind.VIOLATION_FOUND), on=held.on, authority=decided.authority, level=decided.level,
        document=decided.document, data={"violation": subject_of(held, what)}, note=decided.note,
    )  # fmt: skip
    return events.record(held.plot, told, by=by, at=at)


@transaction.atomic
def set_aside(one: ControlRound, why: str, *, by: Actor, at: datetime) -> ControlRound:
    """What a round found is no violation, and why; the problem is answered on the list of problems."""
    require(by, OFFICE, one)
    held = _locked(one)
    need_no_event(held)
    _say_why(why)
    held.no_violation = why.strip()[:300]
    held.save(update_fields=["no_violation"])
    _fitted(held, "violation_set_aside", {"why": held.no_violation}, by, at)
    return held


def need_standing(one: ControlRound) -> None:
    """A round taken back asks nothing any more."""
    if one.superseded_at is not None:
        raise ControlRefused(_("这条巡查记录已经作废：请刷新页面。"), code="plots.control.taken_back")


def need_no_event(one: ControlRound) -> None:
    """A round whose violation stands as an event of the plot is not undone before that event is."""
    need_standing(one)
    if _violation_events(one):
        raise ControlRefused(
            _("这次巡查发现的违规已登记为地块事项：请先在地块页面撤销该事项。"), code="plots.control.has_event"
        )


def need_spreading(one: ControlRound) -> None:
    """Measures are told once, against a spread that was seen."""
    need_standing(one)
    if not one.spread:
        raise ControlRefused(_("这次巡查没有发现污染扩散。"), code="plots.control.not_found")
    if one.measure_on is not None:
        raise ControlRefused(_("已经登记 %(day)s 采取的措施。") % {"day": one.measure_on}, code="plots.control.done")


def need_undecided(one: ControlRound, what: Found) -> None:
    """What a round found is decided on once."""
    need_standing(one)
    if what not in VIOLATIONS or what not in findings(one):
        raise ControlRefused(_("这次巡查没有发现这种情形。"), code="plots.control.not_found")
    if one.no_violation or subject_of(one, what) in _violation_events(one):
        raise ControlRefused(_("这一发现已经核定：请刷新页面。"), code="plots.control.done")


def undecided(one: ControlRound) -> list[Found]:
    """The violations a round proposes that nobody has decided on."""
    if one.no_violation:
        return []
    told = _violation_events(one)
    return [what for what in findings(one) if what in VIOLATIONS and subject_of(one, what) not in told]


def _violation_events(one: ControlRound) -> list[str]:
    """Those violations of a round that stand as events of the plot."""
    rows = PlotEvent.objects.filter(superseded_at=None, plot=one.plot_id, kind=EventKind.VIOLATION_FOUND)
    mine = {subject_of(one, what) for what in VIOLATIONS}
    return [text for row in rows if (text := str(row.data.get("violation", ""))) in mine]


def _locked(one: ControlRound) -> ControlRound:
    held: ControlRound = ControlRound.objects.select_for_update().select_related("plot").get(pk=one.pk)
    need_standing(held)
    return held


def _say_why(why: str) -> None:
    if not why.strip():
        raise ControlRefused(_("请写明原因：原因会留在历史里。"), code="plots.control.why_missing")


def _fitted(held: ControlRound, act: str, data: dict[str, object], by: Actor, at: datetime) -> None:
    controlduties.fit(held.plot, by=by)
    audit.record(
        f"plots.control.{act}", subject=held, by=by, at=at, data={"plot": held.plot.number, "round": held.on, **data}
    )
