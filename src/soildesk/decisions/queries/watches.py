"""What the order of permits, contracts and pictures shows on plots: each finding with the problem it already is."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import shapely

from soildesk.core.permissions import Actor
from soildesk.decisions.actwords import SEEN, word
from soildesk.decisions.models import GroundAct
from soildesk.decisions.queries import ground_acts
from soildesk.land.shapes import area_m2
from soildesk.oversight.queries.problems import by_origin
from soildesk.plots.lifefacts import event_of
from soildesk.plots.queries import plots, stages
from soildesk.plots.queries.plots import Standing
from soilrules.gate.facts import Membership
from soilrules.gate.fromlife import told_by
from soilrules.gate.kinds import ReportKind, StepKind
from soilrules.gate.law_choice import LawChoice, law_choice
from soilrules.gate.rules import tolerance
from soilrules.gate.watches import Event, Happened, PlotOrder, WatchFinding, findings

if TYPE_CHECKING:
    from soildesk.oversight.models import Problem

HAPPENED = {
    "施工许可": Happened.BUILDING_PERMIT,
    "building_seen": Happened.CONSTRUCTION,
    "投入使用": Happened.TAKEN_INTO_USE,
    "use_seen": Happened.TAKEN_INTO_USE,
    "供地": Happened.SUPPLIED,
    "出让合同": Happened.CONTRACT,
    "转让": Happened.TRANSFERRED,
}
"""Acts on ground as the watches call them."""
CHANGES = ("改变用途",)


@dataclass(frozen=True, slots=True)
class Watched:
    """One finding with its plot, the laws it may be judged by, and the problem it already is."""

    finding: WatchFinding
    plot: Standing
    choice: LawChoice
    problem: Problem | None = None

    @property
    def origin(self) -> str:
        """What names it for ever: the plot, what it is, of which record, on which day."""
        one = self.finding
        source = hashlib.sha256(one.source.encode()).hexdigest()[:12]
        return f"watch:{self.plot.version.plot.number}:{one.watch}:{one.event}:{one.to_day}:{source}"


def watched(actor: Actor, on: date) -> list[Watched]:
    """All that the order of events shows of the plots an actor sees, the latest first."""
    happened = _happened(actor, on)
    shown = findings(_order(plot, acts, on) for plot, acts in happened.values())
    found = [Watched(one, happened[one.plot][0], law_choice(one.violation, one.to_day, on)) for one in shown]
    problems = by_origin([one.origin for one in found])
    made = [replace(one, finding=_by_name(one), problem=problems.get(one.origin)) for one in found]
    return sorted(made, key=lambda one: (one.problem is not None, -one.finding.to_day.toordinal(), one.origin))


def watch_called(actor: Actor, on: date, origin: str) -> Watched | None:
    """A finding by its name."""
    return next((one for one in watched(actor, on) if one.origin == origin), None)


def _by_name(one: Watched) -> WatchFinding:
    """The finding as it speaks of the plot by its name."""
    because = one.finding.because
    params = {**because.params, "plot": one.plot.version.name}
    return replace(one.finding, because=replace(because, params=params))


def _happened(actor: Actor, on: date) -> dict[str, tuple[Standing, list[GroundAct]]]:
    """The plots on which something was done, with what was done, by number."""
    acts = [
        one for one in ground_acts.acts(actor, on).order_by("on", "pk") if one.act in HAPPENED or one.act in CHANGES
    ]
    held = plots.standing(actor, on) if acts else []
    tree = shapely.STRtree([one.version.geometry for one in held])
    found: dict[str, list[GroundAct]] = defaultdict(list)
    by_number = {one.version.plot.number: one for one in held}
    for act in acts:
        for at in sorted(tree.query(act.geometry, predicate="intersects").tolist()):
            plot = held[at]
            if area_m2(plot.version.geometry.intersection(act.geometry)) > float(tolerance().m2):
                found[plot.version.plot.number].append(act)
    return {number: (by_number[number], rows) for number, rows in found.items()}


def _order(plot: Standing, acts: Sequence[GroundAct], on: date) -> PlotOrder:
    life = stages.of(plot.version.plot)
    told = told_by([event_of(one) for one in life.events if one.on <= on])
    stays = tuple(Membership(one.list_key, one.since, one.until) for one in life.stays if one.since <= on)
    surveys = [one.accepted_on for one in told.reports if one.kind in (ReportKind.PRELIMINARY, ReportKind.DETAILED)]
    reached = [one.accepted_on for one in told.reports if one.kind is ReportKind.EFFECT_EVALUATION and one.reached]
    owed = [one.since for one in stays if one.list_key == "suspected"]
    owed += [one.since for one in told.steps if one.kind is StepKind.SURVEY]
    owed += [one.on for one in acts if one.act in CHANGES]
    return PlotOrder(
        plot.version.plot.number,
        tuple(_event(one) for one in acts if one.act in HAPPENED),
        stays,
        told.steps,
        min(owed, default=None),
        min((one for one in surveys if one), default=None),
        min((one for one in reached if one), default=None),
        plot.released_on,
    )


def _event(act: GroundAct) -> Event:
    """An act as the watches read it; what was only seen came at some time since the last look without it, if anybody looked."""
    source = "、".join(filter(None, (word(act.act), act.document, act.project)))
    unseen = act.act in SEEN and act.not_seen_on is None
    return Event(HAPPENED[act.act], act.on, act.not_seen_on, source, act.related, open=unseen)
