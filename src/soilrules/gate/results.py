"""What a check and a decision answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from soilrules.bases import Basis
from soilrules.messages import Message

ROOM = "gate"


class Outcome(StrEnum):
    """What one check answers. `yes`: nothing against it by this check."""

    YES = "yes"
    NO = "no"
    CONDITIONS = "conditions"
    CANNOT_SAY = "cannot_say"
    NOT_APPLICABLE = "not_applicable"


class Force(StrEnum):
    """How binding the text is that a check rests on; only a statutory ban blocks, and nobody can override it."""

    STATUTORY = "statutory"  # 法定禁止
    LOCAL_DUTY = "local_duty"  # a local plan says 应当
    PRINCIPLE = "principle"  # 原则上, 不宜
    ENCOURAGED = "encouraged"  # 鼓励, 力争: a hint, never decisive


class Verdict(StrEnum):
    """What the gate decides."""

    PASS = "pass"  # noqa: S105
    CONDITIONS = "conditions"
    CANNOT_SAY = "cannot_say"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One named check. `place`: division of the local rule, empty for the whole country. `pieces`: where on the ground."""

    id: str
    outcome: Outcome
    force: Force
    because: tuple[Message, ...]
    bases: tuple[Basis, ...] = ()
    area_m2: float = 0.0
    pieces: tuple[str, ...] = ()
    would_change: Message | None = None
    place: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer of the gate; the same facts and the same `rule_set` always give it again."""

    verdict: Verdict
    checks: tuple[CheckResult, ...]
    reasons: tuple[Message, ...]
    on: date
    rule_set: str
