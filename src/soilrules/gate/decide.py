"""The answer of the gate, composed of its checks.

Any statutory no blocks, and nothing overrides it. Else any cannot_say, else any conditions, else a pass; a pass needs at
least one check that applied. A yes that rests on a source that did not answer is no yes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from soilrules.gate.answers import answer, say, switched_off
from soilrules.gate.case import Case
from soilrules.gate.checks import CHECKS
from soilrules.gate.facts import GateFacts, WrittenGround
from soilrules.gate.results import ROOM, CheckResult, Decision, Force, Outcome, Verdict
from soilrules.gate.rules import check_rules, fills, rule_set, sources
from soilrules.gate.uses import no_plants
from soilrules.messages import Message

SOURCES_CHECK = "sources_reached"
FORMAL = (
    "planned_use", "registered_use", "province_limit", "local_rules", "local_hints", "recorded_violation", SOURCES_CHECK,
)  # fmt: skip
"""Checks that look at the question and not at the ground: they alone make no pass."""
MOST_NAMES = 5
UNCONFIRMED = "K-med"
"""How sure it is that an order nobody saw repealed still applies where it does not conflict with the newer law."""


def decide(facts: GateFacts) -> Decision:
    """The decision on one question. Raises ValueError for an act or a scheme there is not."""
    case = Case(facts)
    rules = check_rules()
    found = {check: run(case) if rules[check].in_use else switched_off(check) for check, run in CHECKS.items()}
    applied = {check: _settled(case, one) for check, one in found.items() if one.outcome is not Outcome.NOT_APPLICABLE}
    found |= applied
    found[SOURCES_CHECK] = _sources(case, {name for one in applied.values() for name in _reads(one)})
    checks = [found[one] for one in check_rules()]
    return Decision(*_verdict(checks), facts.on, rule_set())


def decide_many(questions: Iterable[GateFacts]) -> list[Decision]:
    """The decisions on many questions, in their order."""
    return [decide(one) for one in questions]


def _verdict(checks: list[CheckResult]) -> tuple[Verdict, tuple[CheckResult, ...], tuple[Message, ...]]:
    kept = tuple(checks)
    blocking = [one for one in kept if one.outcome is Outcome.NO]
    if blocking:
        return Verdict.BLOCKED, kept, _reasons(blocking)
    if unsaid := [one for one in kept if one.outcome is Outcome.CANNOT_SAY]:
        return Verdict.CANNOT_SAY, kept, _reasons(unsaid)
    if conditions := [one for one in kept if one.outcome is Outcome.CONDITIONS]:
        return Verdict.CONDITIONS, kept, _reasons(conditions)
    if not any(one.outcome is Outcome.YES and one.id not in FORMAL for one in kept):
        return Verdict.CANNOT_SAY, kept, (Message(ROOM, "gate", "none_applied"),)
    return Verdict.PASS, kept, (Message(ROOM, "gate", "pass"),)


def _reasons(found: list[CheckResult]) -> tuple[Message, ...]:
    return tuple(one.because[0] for one in found)


def _reads(result: CheckResult) -> tuple[str, ...]:
    return check_rules()[result.id].reads


def _settled(case: Case, result: CheckResult) -> CheckResult:
    """A result after the rules that hold for every check: no ban without a text, no yes without its sources, written grounds."""
    if result.outcome is Outcome.NO and not result.bases:
        told = (Message(ROOM, "gate", "no_text", {"day": case.on.isoformat()}), *result.because)
        return replace(result, outcome=Outcome.CANNOT_SAY, because=told)
    if result.outcome is Outcome.YES and not case.silent.isdisjoint(_reads(result)):
        silent = [one for one in _reads(result) if one in case.silent]
        told = (*_silence(case, silent), *result.because)
        change = say(SOURCES_CHECK, _change(case, silent))
        return replace(result, outcome=Outcome.CANNOT_SAY, because=told, would_change=change)
    if result.outcome is Outcome.YES and (ruled := _ruled_out(case, result)):
        return ruled
    if result.outcome is Outcome.CONDITIONS and (ground := _ground_for(case, result)):
        params = {"person": ground.person, "number": ground.number, "day": ground.on.isoformat(), "text": ground.text}
        told = (Message(ROOM, "gate", "written_ground", params), *result.because)
        return replace(result, outcome=Outcome.YES, because=told, would_change=None)
    return _unconfirmed(case, result)


def _unconfirmed(case: Case, result: CheckResult) -> CheckResult:
    """What asks something on texts whose fate after a newer law is open says so; where it has no other, it is that unsure."""
    open_texts = [one for one in result.bases if not one.confirmed(case.on)]
    if not open_texts or result.outcome is Outcome.YES:
        return result
    told = Message(ROOM, "gate", "unconfirmed", {"cited": "、".join(one.cited for one in open_texts)})
    mark = UNCONFIRMED if len(open_texts) == len(result.bases) else result.mark
    return replace(result, because=(*result.because, told), mark=mark)


def _ruled_out(case: Case, result: CheckResult) -> CheckResult | None:
    """A yes for ground on which key units nobody drew are not looked for, as its use is one without works: it says so with its mark."""
    held = case.facts.sources.get("key_units") if "key_units" in _reads(result) else None
    if held is None or not held.ruled_out:
        return None
    units = {"units": "、".join(held.ruled_out), "units_en": ", ".join(held.ruled_out)}
    return replace(result, because=(*result.because, say(SOURCES_CHECK, "ruled_out", **units)), mark=no_plants().mark)


def _ground_for(case: Case, result: CheckResult) -> WrittenGround | None:
    if result.force is not Force.PRINCIPLE:
        return None
    return next((one for one in case.facts.grounds if one.check == result.id and one.on <= case.on), None)


def _silence(case: Case, silent: Sequence[str]) -> list[Message]:
    """What is told of sources that did not answer; those that keep nothing of the place are told together."""
    unplaced = [one for one in silent if _unplaced(case, one)]
    beyond = [one for one in silent if _beyond(case, one)]
    told = [_unreached(case, one) for one in silent if one not in beyond and one not in unplaced]
    if unplaced:
        told.insert(0, say(SOURCES_CHECK, "unplaced"))
    if beyond:
        zh, en = ("、".join(sources()[one][0] for one in beyond), ", ".join(sources()[one][1] for one in beyond))
        told.insert(0, say(SOURCES_CHECK, "beyond", source=zh, source_en=en))
    return told


def _beyond(case: Case, name: str) -> bool:
    source = case.facts.sources.get(name)
    return source is not None and source.beyond


def _unplaced(case: Case, name: str) -> bool:
    source = case.facts.sources.get(name)
    return source is not None and source.unplaced


def _change(case: Case, silent: Sequence[str]) -> str:
    if any(_unplaced(case, one) for one in silent):
        return "change_unplaced"
    return "change_beyond" if all(_beyond(case, one) for one in silent) else "change"


def _unreached(case: Case, name: str) -> Message:
    source = case.facts.sources.get(name)
    zh, en = sources()[name]
    if source is not None and source.undrawn and name == "plots":
        return say(SOURCES_CHECK, "unheld", **_some(source.undrawn))
    if source is not None and source.undrawn:
        units = {"units": "、".join(source.undrawn), "units_en": ", ".join(source.undrawn)}
        return say(SOURCES_CHECK, "undrawn", source=zh, source_en=en, **units)
    if source is None or source.as_of is None:
        fill, fill_en = fills()[name]
        params = {"day": case.on.isoformat(), "fill": fill, "fill_en": fill_en}
        return say(SOURCES_CHECK, "not_asked", source=zh, source_en=en, **params)
    return say(SOURCES_CHECK, "since", source=zh, source_en=en, day=source.as_of.isoformat())


def _some(names: Sequence[str]) -> dict[str, str]:
    """The first of many names, and how many there are."""
    shown = names[:MOST_NAMES]
    more = len(names) > len(shown)
    return {
        "plots": "、".join(shown) + (f"等{len(names)}个地块" if more else ""),
        "plots_en": ", ".join(shown) + (f" and others, {len(names)} in all" if more else ""),
    }


def _sources(case: Case, read: set[str]) -> CheckResult:
    silent = [one for one in sources() if one in read and one in case.silent]
    if silent:
        told, change = _silence(case, silent), say(SOURCES_CHECK, _change(case, silent))
        return answer(case, SOURCES_CHECK, Outcome.CANNOT_SAY, *told, change=change)
    return answer(case, SOURCES_CHECK, Outcome.YES, say(SOURCES_CHECK, "reached"))
