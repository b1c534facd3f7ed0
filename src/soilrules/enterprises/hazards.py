"""A hazard from finding to its end: put right by one person, verified by another, returned where it is not good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from soilrules.enterprises.inspection import missing_fields
from soilrules.messages import LANGUAGES, Message


class State(StrEnum):
    """Where a hazard stands."""

    FOUND = "found"
    RECTIFIED = "rectified"
    VERIFIED = "verified"


class Kind(StrEnum):
    """What somebody does with a hazard."""

    RECTIFIED = "rectified"
    RETURNED = "returned"
    VERIFIED = "verified"
    EXTENDED = "extended"


@dataclass(frozen=True, slots=True)
class Hazard:
    """What is known of a hazard: its days, and who put it right, None where nobody did or nobody wrote who."""

    state: State
    found_on: date
    due: date | None = None
    rectified_on: date | None = None
    rectified_by: str | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """One act on a hazard by somebody; `due` is the new day of an extension, the rest what the ledger asks when put right."""

    kind: Kind
    on: date
    by: str | None
    measure: str = ""
    photo_after: bool = False
    responsible: str = ""
    due: date | None = None


@dataclass(frozen=True, slots=True)
class ActFinding:
    """Whether an act may be done, the state after it (the old one where it may not), and why."""

    allowed: bool
    state: State
    message: Message


_FROM = {
    Kind.RECTIFIED: State.FOUND,
    Kind.EXTENDED: State.FOUND,
    Kind.RETURNED: State.RECTIFIED,
    Kind.VERIFIED: State.RECTIFIED,
}
_TO = {
    Kind.RECTIFIED: State.RECTIFIED,
    Kind.EXTENDED: State.FOUND,
    Kind.RETURNED: State.FOUND,
    Kind.VERIFIED: State.VERIFIED,
}


def judge_act(hazard: Hazard, act: Act) -> ActFinding:
    """Whether an act may be done on a hazard.

    >>> hazard = Hazard(State.RECTIFIED, date(2026, 3, 1), rectified_on=date(2026, 4, 1), rectified_by="wang")
    >>> judge_act(hazard, Act(Kind.VERIFIED, date(2026, 4, 2), "wang")).message.id
    'same_person'
    """
    why = _order(hazard, act) or _content(hazard, act)
    return ActFinding(False, hazard.state, why) if why else ActFinding(True, _TO[act.kind], _said(f"done_{act.kind}"))


def _order(hazard: Hazard, act: Act) -> Message | None:
    """Why an act cannot be done now or by this person."""
    if act.by is None:
        return _said("no_actor")
    if hazard.state is not _FROM[act.kind]:
        return _said("wrong_state", **_words("states", hazard.state, "state"), **_words("acts", act.kind, "act"))
    earliest = hazard.rectified_on if hazard.state is State.RECTIFIED else hazard.found_on
    if earliest is None or act.on < earliest:
        return _said("too_early", day=str(act.on), earliest=str(earliest or "—"))
    if hazard.state is not State.RECTIFIED:
        return None
    if hazard.rectified_by is None:
        return _said("rectifier_unknown")
    return _said("same_person") if act.by == hazard.rectified_by else None


def _content(hazard: Hazard, act: Act) -> Message | None:
    """What an act lacks."""
    if act.kind is Kind.RECTIFIED:
        row = {"measure": act.measure.strip(), "photo_after": act.photo_after, "responsible": act.responsible.strip()}
        if missing := missing_fields("rectified", {**row, "rectified_on": act.on}):
            lacking = {"zh": "、".join(one.zh for one in missing), "en": ", ".join(one.en for one in missing)}
            return _said("incomplete", fields_zh=lacking["zh"], fields_en=lacking["en"])
    if act.kind is Kind.EXTENDED and (act.due is None or act.due <= (hazard.due or act.on)):
        return _said("not_later", due=str(hazard.due or act.on))
    return None


def _words(group: str, word: str, name: str) -> dict[str, str]:
    from_catalogue = Message("enterprises", f"hazard_{group}", word)
    return {f"{name}_{one}": from_catalogue.sentence(one) for one in LANGUAGES}


def _said(message_id: str, **params: str) -> Message:
    return Message("enterprises", "hazards", message_id, params)
