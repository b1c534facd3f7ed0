"""Where a plot stands: its stage, its lists, what was done in the round that runs, and how it left the process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from soilrules.enterprises.lists import Level
from soilrules.plots.lists import ListKey

Fact = str | bool | date | tuple[str, ...] | None


class Stage(StrEnum):
    """Where a plot stands now. S0 to S6 are the stages of the national system."""

    OUTSIDE = "outside"  # in the register, nothing asked of it
    S0 = "S0"  # suspected, or to be surveyed
    S1 = "S1"  # preliminary survey
    S2 = "S2"  # owes a detailed survey
    S3 = "S3"  # owes a risk assessment
    S4 = "S4"  # risk control
    S5 = "S5"  # remediation
    S6 = "S6"  # effect evaluation
    RELEASED = "released"  # exit ① or ②
    REMOVED = "removed"  # exit ③


class Exit(StrEnum):
    """How a plot left: ① a survey within limits, ② an assessment that asks no control, ③ the target reached and off the roster."""

    SURVEY = "survey"
    ASSESSMENT = "assessment"
    EFFECT = "effect"


class Work(StrEnum):
    """What the risk assessment asked."""

    CONTROL = "control"
    REMEDIATION = "remediation"


class Aftercare(StrEnum):
    """Whether aftercare (后期管理) is owed."""

    NONE = "none"
    UNKNOWN = "unknown"
    OWED = "owed"
    RUNNING = "running"
    ENDED = "ended"


class EventKind(StrEnum):
    """What happens to a plot; the rows of the transition table in data/plots/life.yaml."""

    SUSPECTED_LISTED = "suspected_listed"
    SURVEY_REQUIRED = "survey_required"
    CARRIED_OVER = "carried_over"
    CARRIED_WITHIN = "carried_within"
    CARRIED_NO_CONTROL = "carried_no_control"
    CARRIED_REMOVED = "carried_removed"
    SUSPICION_DISMISSED = "suspicion_dismissed"
    SUSPECTED_LEFT = "suspected_left"
    NOTICE_SERVED = "notice_served"
    PRELIMINARY_BEGUN = "preliminary_begun"
    PRELIMINARY_WITHIN = "preliminary_within"
    PRELIMINARY_EXCEEDS = "preliminary_exceeds"
    POLLUTED_LISTED = "polluted_listed"
    RISK_LEVEL_SET = "risk_level_set"
    POLLUTED_LEFT = "polluted_left"
    DETAILED_NOTICE_SERVED = "detailed_notice_served"
    DETAILED_WITHIN = "detailed_within"
    DETAILED_EXCEEDS = "detailed_exceeds"
    ASSESSED_NO_CONTROL = "assessed_no_control"
    ASSESSED_CONTROL = "assessed_control"
    ASSESSED_REMEDIATION = "assessed_remediation"
    ASSESSED_BOTH = "assessed_both"
    ROSTER_LISTED = "roster_listed"
    CONTROL_PLAN_FILED = "control_plan_filed"
    REMEDIATION_PLAN_FILED = "remediation_plan_filed"
    WORKS_BEGUN = "works_begun"
    WORKS_FINISHED = "works_finished"
    EVALUATION_BEGUN = "evaluation_begun"
    EFFECT_REACHED = "effect_reached"
    EFFECT_NOT_REACHED = "effect_not_reached"
    REMOVAL_APPLIED = "removal_applied"
    REMOVAL_DECIDED = "removal_decided"
    REMOVAL_REFUSED = "removal_refused"
    AFTERCARE_BEGUN = "aftercare_begun"
    AFTERCARE_ENDED = "aftercare_ended"
    VIOLATION_FOUND = "violation_found"
    VIOLATION_SETTLED = "violation_settled"
    REOPENED = "reopened"
    NEGATIVE_LISTED = "negative_listed"
    NEGATIVE_LEFT = "negative_left"
    PRIORITY_LISTED = "priority_listed"
    PRIORITY_LEFT = "priority_left"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened on a day. `by` is the level that decided it (None where a party handed it in).

    `facts` are those of data/plots/life.yaml; one that is missing, None or blank is not known.
    """

    kind: EventKind
    on: date
    by: Level | None = None
    acting_for: Level | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)
    id: str = ""


@dataclass(frozen=True, slots=True)
class PlotState:
    """Where a plot stands after its events. `done`: the kinds of event of the round that runs which a guard asks for."""

    stage: Stage = Stage.OUTSIDE
    lists: frozenset[ListKey] = frozenset()
    done: frozenset[EventKind] = frozenset()
    works: frozenset[Work] = frozenset()
    exit: Exit | None = None
    aftercare: Aftercare = Aftercare.NONE
    contractors: frozenset[str] = frozenset()
    evaluators: frozenset[str] = frozenset()
    violations: frozenset[str] = frozenset()
    risk_level: str = ""
    last_on: date | None = None

    @property
    def on_roster(self) -> bool:
        """Whether it stands on the roster of the province now."""
        return ListKey.ROSTER in self.lists
