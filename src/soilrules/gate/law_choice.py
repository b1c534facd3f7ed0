"""Which law a violation is judged by where the act lies before the Code and the decision after it: a named person chooses.

Both ranges are laid before the person; nothing here chooses.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from soilrules.bases import Basis, bases_on
from soilrules.enterprises.violations import Penalty, Ranges, ranges_for, violations
from soilrules.gate.results import ROOM
from soilrules.messages import Message

CITED = ("gate.code.law_choice",)


@dataclass(frozen=True, slots=True)
class LawChoice:
    """The ranges of a violation, whether a person must choose between them, and the text that says how."""

    violation: str
    ranges: Ranges
    needs_person: bool
    message: Message
    bases: tuple[Basis, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice with the person who made it and why."""

    penalty: Penalty
    person: str
    ground: str
    on: date


def law_choice(violation: str, act_on: date, decided_on: date, *, began_on: date | None = None) -> LawChoice:
    """The ranges for an act (that went on since `began_on`) decided on a day. Raises ValueError for an unknown violation.

    >>> law_choice("unrelated_project", date(2026, 8, 14), date(2026, 8, 15)).needs_person
    True
    """
    kind = violations().get(violation)
    if kind is None:
        raise ValueError(f"no violation {violation!r}; expected an id of the catalogue.")
    ranges = ranges_for(kind, act_on, decided_on, act_began_on=began_on)
    sentence = "choose" if ranges.needs_choice else "one_law"
    params = {"act": act_on.isoformat(), "decided": decided_on.isoformat()}
    cited = bases_on(CITED, decided_on) if ranges.needs_choice else ()
    return LawChoice(violation, ranges, ranges.needs_choice, Message(ROOM, "law_choice", sentence, params), cited)


def choose(choice: LawChoice, law: str, person: str, ground: str, on: date) -> Chosen:
    """The choice of a named person, by the key of the law (old, new). Raises ValueError without person, ground or such a law."""
    if not person.strip() or not ground.strip():
        raise ValueError("a choice of law names the person and the ground; one of them is empty.")
    penalty = next((one for one in choice.ranges.penalties if one.law.key == law), None)
    if penalty is None:
        held = ", ".join(one.law.key for one in choice.ranges.penalties)
        raise ValueError(f"no range of law {law!r} for {choice.violation}; expected one of {held or 'none'}.")
    return Chosen(penalty, person.strip(), ground.strip(), on)
