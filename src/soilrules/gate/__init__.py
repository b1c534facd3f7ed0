"""The gate: whether an office may let an act go ahead on a ground for a use on a day, by named checks.

`decide(facts)` answers; it reads nothing but its facts and the rule data. Rules: data/gate, citations: data/bases/gate.yaml.
"""

from __future__ import annotations

from soilrules.gate.acts import Act, act, acts
from soilrules.gate.decide import decide, decide_many
from soilrules.gate.facts import (
    Care,
    Change,
    GateFacts,
    Ground,
    KeyUnitSite,
    Membership,
    Neighbour,
    PastUse,
    Piece,
    Plot,
    PresentUse,
    ProvinceQuery,
    RegisteredUse,
    Report,
    Source,
    Step,
    Violation,
    WrittenGround,
    Zone,
)
from soilrules.gate.kinds import PastKind, PlanState, ReportKind, StepKind, Transfer, ZoneKind
from soilrules.gate.profiles import Profile, profile_of, read_profile
from soilrules.gate.results import CheckResult, Decision, Force, Outcome, Verdict
from soilrules.gate.uses import read_use

__all__ = [
    "Act",
    "Care",
    "Change",
    "CheckResult",
    "Decision",
    "Force",
    "GateFacts",
    "Ground",
    "KeyUnitSite",
    "Membership",
    "Neighbour",
    "Outcome",
    "PastKind",
    "PastUse",
    "Piece",
    "PlanState",
    "Plot",
    "PresentUse",
    "Profile",
    "ProvinceQuery",
    "RegisteredUse",
    "Report",
    "ReportKind",
    "Source",
    "Step",
    "StepKind",
    "Transfer",
    "Verdict",
    "Violation",
    "WrittenGround",
    "Zone",
    "ZoneKind",
    "act",
    "acts",
    "decide",
    "decide_many",
    "profile_of",
    "read_profile",
    "read_use",
]
