"""The rules' words about a plot's life as pages say them: what may follow, what is missing, by which article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.enterprises.sentences import language, said
from soildesk.plots.lifefacts import cited
from soildesk.plots.models import PlotEvent
from soildesk.plots.queries.next_steps import Here
from soildesk.plots.words import level_name
from soilrules.enterprises.lists import Level
from soilrules.messages import Message
from soilrules.plots.guards import Answer
from soilrules.plots.life import NextStep
from soilrules.plots.lifedata import FactKind, GuardKind, life_table
from soilrules.plots.lists import ROOM, plot_lists
from soilrules.plots.state import EventKind

PLANS = (EventKind.CONTROL_PLAN_FILED, EventKind.REMEDIATION_PLAN_FILED)
ELSEWHERE = ("number", "file")
"""Texts of an event that its line shows as document and among the files."""
SETTLED = (GuardKind.OFF_LIST, GuardKind.NOT_DONE, GuardKind.ASKED, GuardKind.AFTERCARE, GuardKind.VIOLATION)


@dataclass(frozen=True, slots=True)
class StepSaid:
    """One thing that may follow. `to_bring`: what others must do first; `to_tell`: what is asked when it is entered."""

    kind: str
    title: str
    main: bool
    to: str
    deciders: str
    to_bring: Sequence[str]
    to_tell: Sequence[str]
    articles: Sequence[str]
    url: str

    @property
    def possible(self) -> bool:
        """Whether it can be entered now, once it is told in full."""
        return not self.to_bring


def steps(here: Here, uid: str) -> list[StepSaid]:
    """What may follow, the way forward first, without what has been done already or was never asked of the plot."""
    said_of = [_as_here(step_said(one, uid), here) for one in here.steps if not _beside_the_point(one)]
    return sorted(said_of, key=lambda one: not one.main)


def _as_here(step: StepSaid, here: Here) -> StepSaid:
    """A plan that is filed already is no way forward any more: it is filed anew only where it was changed."""
    if step.kind not in PLANS or EventKind(step.kind) not in here.history.state.done:
        return step
    return replace(step, main=False, title=_("%(event)s（方案变更后重新备案）") % {"event": step.title})


def _beside_the_point(step: NextStep) -> bool:
    """Whether it is done already in this round, or asks for something that was never asked of this plot: no list is left
    that the plot does not stand on, and nothing settled that was never found."""
    leaves = any(step.event in one.leaves_by for one in plot_lists().values())
    asked = (*SETTLED, GuardKind.ON_LIST) if leaves and not step.main else SETTLED
    return any(one.guard.kind in asked and one.answer is Answer.NOT_MET for one in step.findings)


def step_said(step: NextStep, uid: str) -> StepSaid:
    """One step in words."""
    return StepSaid(
        kind=str(step.event),
        title=event_name(step.event),
        main=step.main,
        to=stage_name(step.to) if step.to else "",
        deciders=deciders(step.by),
        to_bring=[said(one.asks) for one in step.blocked],
        to_tell=[said(one.asks) for one in step.missing if one.of_event],
        articles=cited(step.bases),
        url=f"{reverse('plots:event_new', args=[uid, str(step.event)])}",
    )


def event_name(kind: str) -> str:
    """What an event is called."""
    return Message(ROOM, "events", kind).sentence(language())


def stage_name(stage: str) -> str:
    """What a stage is called by the rules."""
    return Message(ROOM, "stages", stage).sentence(language())


def said_in(event: PlotEvent) -> str:
    """What is written down with an event in words of its own: its note, and the texts its guards asked for that stand
    nowhere else in its line."""
    facts = life_table().facts
    report = event.report
    elsewhere = {event.note, event.document, *((report.title, report.number) if report else ())}
    texts = [
        _("%(fact)s：%(text)s") % {"fact": fact_name(key), "text": value}
        for key, value in event.data.items()
        if key in facts and facts[key].kind is FactKind.TEXT and not facts[key].values
        if value and key not in ELSEWHERE and value not in elsewhere
    ]
    return "；".join([*([event.note] if event.note else []), *texts])


def exit_name(key: str) -> str:
    """What an exit is called."""
    return Message(ROOM, "exits", key).sentence(language())


def fact_name(key: str) -> str:
    """What a fact of an event is called."""
    return life_table().facts[key].name(language())


def deciders(levels: frozenset[Level]) -> str:
    """Who decides an event; a party where nobody does."""
    names = [level_name(one) for one in Level if one in levels]
    return _("由%(who)s决定") % {"who": "、".join(names)} if names else _("由土地使用权人、责任人报送")


def party_name(party: str) -> str:
    """Who acts, as the rules call them."""
    return Message(ROOM, "parties", party).sentence(language())
