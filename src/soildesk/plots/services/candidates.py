"""Acts on candidates: taken in from a feed once, then confirmed, linked or dismissed by a person with a reason.

A confirmed candidate becomes a plot; it stands on no list until whoever decides the list has decided.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, duties
from soildesk.core.duties import DutySpec, Life
from soildesk.core.models import Duty
from soildesk.core.permissions import Actor, require
from soildesk.core.versions import Recording
from soildesk.land.services.writing import Place, county_of, place_at, refuse_future
from soildesk.plots.models import Candidate, Plot, PlotVersion
from soildesk.plots.queries import matching
from soildesk.plots.refusals import CandidateRefused
from soildesk.plots.services import events, plots
from soildesk.plots.services.events import Told

State, Source = Candidate.State, Candidate.Source


@dataclass(frozen=True, slots=True)
class Fed:
    """What a feed says of one candidate. `origin` names the record it comes from: one record, one candidate."""

    source: str
    origin: str
    title: str
    found_on: date
    firm_name: str = ""
    credit_code: str = ""
    industry: str = ""
    address: str = ""
    products: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    geometry: Any = None
    place: Place | None = None


@transaction.atomic
def take_in(fed: Sequence[Fed], *, by: Actor, at: datetime, batch: Any = None) -> list[Candidate]:
    """Candidates of a feed; those whose record was taken in before are left as they are. Returns the new ones."""
    known = set(Candidate.objects.filter(origin__in=[one.origin[:160] for one in fed]).values_list("origin", flat=True))
    new = {one.origin[:160]: one for one in fed if one.origin[:160] not in known}
    held: dict[str, matching.Held] = {}
    made = []
    for one in new.values():
        place = one.place or place_at("", by)
        require(by, "plots.decide", place.division)
        county = county_of(place.division.path)
        if county not in held:
            held[county] = matching.described(by, by.today, county)
        made.append(_taken(one, place, (by, at, batch), held[county]))
    return made


def _taken(fed: Fed, place: Place, taking: tuple[Actor, datetime, Any], held: matching.Held) -> Candidate:
    by, at, batch = taking
    _check(fed, by)
    made = Candidate(
        **place.columns,
        source=fed.source,
        origin=fed.origin[:160],
        title=fed.title.strip()[:160],
        firm_name=fed.firm_name[:160],
        credit_code=fed.credit_code[:18],
        industry=fed.industry[:8],
        address=fed.address[:200],
        products=fed.products[:200],
        found_on=fed.found_on,
        facts=dict(fed.facts),
        geometry=fed.geometry,
        recorded_at=at,
        batch=batch,
    )
    made.matches = matching.matches_of(made, held)
    made.save(force_insert=True)
    title = _("核实线索：%(title)s") % {"title": made.title}
    duties.open_duty(
        made, DutySpec(Duty.Kind.PLOT_CANDIDATE, title[:300], made.owner_department), by=by, life=Life(by.today)
    )
    data = {"title": made.title, "source": made.source, "origin": made.origin}
    audit.record("plots.candidate.taken_in", subject=made, by=by, at=at, data=data)
    return made


def check_new(fed: Fed, *, by: Actor) -> None:
    """Refused as `take_in` would; a record that was taken in before is told. Writes nothing."""
    require(by, "plots.decide", (fed.place or place_at("", by)).division)
    _check(fed, by)
    if Candidate.objects.filter(origin=fed.origin[:160]).exists():
        raise CandidateRefused(
            _("“%(title)s”已列为线索：请打开原来的线索办理。") % {"title": fed.title}, code="plots.candidate.twice"
        )


def _check(fed: Fed, by: Actor) -> None:
    if not fed.title.strip():
        raise CandidateRefused(_("线索没有名称：请填写企业或地块名称。"), code="plots.candidate.words")
    refuse_future(fed.found_on, by, CandidateRefused, "plots.candidate.future")


@transaction.atomic
def confirm(
    candidate: Candidate, facts: Mapping[str, Any], told: Told | None, *, by: Actor, at: datetime, why: str
) -> PlotVersion:
    """A candidate that becomes a plot; with `told` the event that puts it on the list, by whoever decides it."""
    held = _open(candidate, by)
    ground = facts.get("geometry") if facts.get("geometry") is not None else held.geometry
    if ground is None or not ground.area:
        raise CandidateRefused(
            _("“%(title)s”还没有范围：请画出或导入范围，再立为地块。") % {"title": held.title},
            code="plots.candidate.no_ground",
        )
    said = {"name": held.title, "location": held.address, "industry": held.industry, **facts, "geometry": ground}
    place = Place(place_at(held.division_path, by).division, held.owner_department)
    since = min(told.on, by.today) if told else by.today
    made = plots.register(said, place, since=since, by=by, at=at, why=why)
    if told:
        events.record(made.plot, told, by=by, at=at)
    _decided(held, State.CONFIRMED, Recording(by, at, why), made.plot)
    return made


@transaction.atomic
def link(candidate: Candidate, plot: Plot, *, by: Actor, at: datetime, why: str) -> None:
    """A candidate that is a plot already."""
    held = _open(candidate, by)
    if not PlotVersion.objects.visible_to(by).filter(plot=plot).exists():
        raise CandidateRefused(_("没有找到这个地块：请重新选择。"), code="plots.candidate.not_found")
    _decided(held, State.LINKED, Recording(by, at, why), plot)


@transaction.atomic
def dismiss(candidate: Candidate, *, by: Actor, at: datetime, why: str) -> None:
    """A candidate that is no suspicion, and why."""
    if not why.strip():
        raise CandidateRefused(_("请写明为什么不列为疑似：理由会留在历史里。"), code="plots.candidate.why_missing")
    _decided(_open(candidate, by), State.DISMISSED, Recording(by, at, why), None)


@transaction.atomic
def reopen(candidate: Candidate, *, by: Actor, at: datetime, why: str) -> None:
    """A dismissed candidate looked at again."""
    require(by, "plots.decide", candidate)
    held = Candidate.objects.select_for_update().get(pk=candidate.pk)
    need_closed(held)
    if not why.strip():
        raise CandidateRefused(_("请写明为什么重新核实。"), code="plots.candidate.why_missing")
    held.state, held.plot, held.why, held.decided_by, held.decided_at = State.OPEN, None, "", None, None
    held.save()
    for duty in Duty.objects.for_subject(held).filter(done_on__isnull=False):
        duties.reopen(duty, by=by)
    audit.record("plots.candidate.reopened", subject=held, by=by, at=at, data={"title": held.title, "why": why.strip()})


def need_open(candidate: Candidate) -> None:
    """Refuse to decide a candidate twice."""
    if candidate.state != State.OPEN:
        raise CandidateRefused(
            _("这条线索已办理为“%(state)s”：有新情况的，请先在线索页面“重新核实”。")
            % {"state": candidate.get_state_display()},
            code="plots.candidate.decided",
        )


def need_closed(candidate: Candidate) -> None:
    """Refuse to look again at a candidate that is open, or that became a plot."""
    if candidate.state not in (State.DISMISSED, State.LINKED):
        raise CandidateRefused(_("只有已排除或已归入的线索可以重新核实。"), code="plots.candidate.decided")


def _open(candidate: Candidate, by: Actor) -> Candidate:
    require(by, "plots.decide", candidate)
    held = Candidate.objects.select_for_update().select_related("owner_department").get(pk=candidate.pk)
    need_open(held)
    held.matches = matching.as_of(held, by, by.today)
    return held


def _decided(held: Candidate, state: str, recording: Recording, plot: Plot | None) -> None:
    by, at, why = recording.by, recording.at, recording.why
    held.state, held.plot, held.why = state, plot, why.strip()[:300]
    held.decided_by, held.decided_at = by.person, at
    held.save(update_fields=["matches", "state", "plot", "why", "decided_by", "decided_at"])
    for duty in Duty.objects.for_subject(held).filter(done_on=None):
        duties.done(duty, on=by.today, by=by)
    data = {"title": held.title, "plot": plot.number if plot else "", "why": held.why}
    audit.record(f"plots.candidate.{state}", subject=held, by=by, at=at, data=data)
