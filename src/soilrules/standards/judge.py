"""One result against one standard: the outcome, the limits it was held against, the factor, the basis, the reason.

The limit itself is not exceeded. A non-detect is held against its detection limit: at or below the limit it meets,
above the limit nobody can say. What is missing makes the verdict unknown and never a pass.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from soilrules.messages import Message
from soilrules.standards.library import Library
from soilrules.standards.model import Edition, Limit, Medium
from soilrules.standards.results import Result, Verdict
from soilrules.standards.rulings import Cause, Circumstances, Ruling, find, sound_ph
from soilrules.standards.wording import told, unknown
from soilrules.units import Basis, Dimension, Unit
from soilrules.verdict import Mark, Outcome

SOIL_LEVELS = ("screening", "control")
LAST_CLASS = "V"  # of groundwater: beyond the last limit


def judge(library: Library, family: str, result: Result, around: Circumstances, *, level: str = "") -> Verdict:
    """Judge one result by a standard. `level` is the groundwater class to hold it against (III where not given).

    Raises KeyError for a family the library does not hold.
    """
    if family not in library.families:
        raise KeyError(family)
    ruling = find(library, family, result.analyte, around)
    if ruling.cause is Cause.RELATED_ANALYTE and (verdict := _stand_in(library, ruling, result, around)):
        return verdict
    return by_ruling(ruling, result, around, level=level)


def by_ruling(ruling: Ruling, result: Result, around: Circumstances, *, level: str = "") -> Verdict:
    """Judge one result by a ruling already found."""
    if ruling.cause or ruling.edition is None:
        return unknown_verdict(ruling.cause or Cause.NOT_IN_FORCE, result, around, ruling.edition)
    if cause := _unfit(result, next(iter(ruling.limits.values()))[0]):
        if cause is Cause.PH_INVALID:
            around = replace(around, ph=result.value)
        return unknown_verdict(cause, result, around, ruling.edition)
    if ruling.edition.levels == SOIL_LEVELS:
        verdict = _by_two_levels(ruling, result, around)
    elif len(ruling.edition.levels) == 1:
        verdict = _by_one_level(ruling, ruling.edition.levels[0], result, around)
    else:
        verdict = _by_classes(ruling, level or "III", result, around)
    return replace(verdict, notes=tuple(_notes(verdict, ruling, result, around)))


def unknown_verdict(cause: Cause, result: Result, around: Circumstances, edition: Edition | None) -> Verdict:
    """The verdict that nothing can be said, and why."""
    return Verdict(
        Outcome.UNKNOWN,
        unknown(cause, result, around, edition),
        result.analyte,
        standard=edition.standard if edition else "",
        cause=cause,
    )


def _unfit(result: Result, limit: Limit) -> Cause | None:
    """Why the result cannot be compared with any limit of the ruling, None where it can."""
    if limit.bound.words:
        return _unfit_words(result)
    if result.value is None and not result.censored:
        return Cause.WORDS_NOT_READ if result.words else Cause.VALUE_MISSING
    if result.analyte == "ph" and result.value is not None and not sound_ph(result.value):
        return Cause.PH_INVALID
    number = result.detection_limit if result.censored else result.value
    if number is not None and number < 0:
        return Cause.VALUE_INVALID
    return Cause.UNIT_UNKNOWN if result.printed_unit and result.unit is None else unit_cause(result.unit, limit)


def _unfit_words(result: Result) -> Cause | None:
    if result.words:
        return None
    return Cause.VALUE_MISSING if result.value is None and not result.censored else Cause.WORDS_NOT_READ


def unit_cause(unit: Unit | None, limit: Limit) -> Cause | None:
    """Why a result in `unit` cannot be compared with a limit, None where it can."""
    if unit is None:
        return None if limit.unit.dimension is Dimension.DIMENSIONLESS else Cause.UNIT_MISSING
    if unit.dimension is not limit.unit.dimension:
        return Cause.UNIT_OF_OTHER_MEDIUM
    return Cause.FRESH_WEIGHT if limit.medium is Medium.SOIL and unit.basis is Basis.FRESH else None


def _exceeds(result: Result, limit: Limit) -> bool | Cause:
    """Whether the result lies above one limit, or the cause why nobody can say."""
    bound = limit.bound
    if bound.words:
        word = result.words.strip()
        return False if word in bound.words else True if word in bound.other_words else Cause.WORDS_NOT_READ
    if bound.not_detected:
        return not result.censored
    unit = result.unit or limit.unit
    if result.censored:
        return _censored_exceeds(result, limit, unit)
    assert result.value is not None
    value = result.value * unit.to(limit.unit)
    if result.at_least:
        highest = bound.within.high if bound.within else limit.upper
        return True if highest is not None and value >= highest else Cause.ONLY_A_BOUND
    return value not in bound.within if bound.within else value > limit.upper


def _censored_exceeds(result: Result, limit: Limit, unit: Unit) -> bool | Cause:
    if result.detection_limit is None or limit.bound.upper is None:
        return Cause.DETECTION_LIMIT_MISSING
    return Cause.DETECTION_LIMIT_ABOVE if result.detection_limit * unit.to(limit.unit) > limit.upper else False


def _exceeds_any(result: Result, limits: Iterable[Limit]) -> tuple[bool | Cause, Limit]:
    """The answer all limits of a level agree on, with the strictest; where a condition decides, that cause."""
    answers = [(_exceeds(result, one), one) for one in limits]
    if len({answer for answer, _ in answers}) == 1:
        return answers[0]
    causes = [(answer, one) for answer, one in answers if isinstance(answer, Cause)]
    return causes[0] if causes else (Cause.CONDITION_MISSING, answers[0][1])


def _exceeds_level(ruling: Ruling, level: str, result: Result) -> tuple[bool | Cause, Limit]:
    """Whether the result lies above a level. Where nothing may be detected and nothing was, the detection limit is held
    against the next level: what a coarse method did not see is no class I."""
    over, limit = _exceeds_any(result, ruling.limits[level])
    following = list(ruling.limits)[list(ruling.limits).index(level) + 1 :]
    if over is False and limit.bound.not_detected and following:
        over, _ = _exceeds_any(result, ruling.limits[following[0]])
    return over, limit


def _by_two_levels(ruling: Ruling, result: Result, around: Circumstances) -> Verdict:
    over, screening = _exceeds_any(result, ruling.limits["screening"])
    control = next(iter(ruling.limits.get("control", ())), None)
    found = _found(ruling, result, screening, control)
    if isinstance(over, Cause):
        return _unsaid(found, over, result, around, ruling)
    if not over:
        return _said(found, Outcome.MEETS, told("meets", result, found), _basis(ruling, "screening", screening))
    if control is None:
        reason = told("exceeds_screening_no_control", result, found)
        return _said(found, Outcome.EXCEEDS_SCREENING, reason, _basis(ruling, "between", screening))
    above_control = _exceeds(result, control)
    if above_control is True:
        reason = told("exceeds_control", result, found)
        return _said(found, Outcome.EXCEEDS_CONTROL, reason, _basis(ruling, "control", control, screening))
    reason = told("exceeds_screening_at_least" if above_control else "exceeds_screening", result, found)
    return _said(found, Outcome.EXCEEDS_SCREENING, reason, _basis(ruling, "between", screening, control))


def _by_one_level(ruling: Ruling, level: str, result: Result, around: Circumstances) -> Verdict:
    over, limit = _exceeds_level(ruling, level, result)
    found = _found(ruling, result, limit, None)
    if isinstance(over, Cause):
        return _unsaid(found, over, result, around, ruling)
    outcome = Outcome.EXCEEDS if over else Outcome.MEETS
    return _said(found, outcome, told(f"one_{outcome}", result, found), _basis(ruling, level, limit))


def _by_classes(ruling: Ruling, level: str, result: Result, around: Circumstances) -> Verdict:
    """Against one class, and the class of the index: the first whose limit is not exceeded."""
    if level == LAST_CLASS:
        return _by_last_class(ruling, result, around)
    if level not in ruling.limits:
        return _beyond_the_last_limit(ruling, result, around)
    verdict = replace(_by_one_level(ruling, level, result, around), quality_class=quality_class(ruling, result))
    if verdict.outcome is Outcome.UNKNOWN:
        return verdict
    kind = f"class_{verdict.outcome}"
    if not verdict.quality_class:
        kind = "class_exceeds_at_least" if result.at_least else f"{kind}_class_unknown"
    return replace(verdict, reason=told(kind, result, verdict, level=level))


def _beyond_the_last_limit(ruling: Ruling, result: Result, around: Circumstances) -> Verdict:
    """Against a class the index has no limit of: what keeps to a better class keeps to it, of the rest nobody can say."""
    verdict = _by_classes(ruling, list(ruling.limits)[-1], result, around)
    if verdict.outcome is Outcome.MEETS:
        return verdict
    return unknown_verdict(verdict.cause or Cause.NO_LIMIT, result, around, ruling.edition)


def _by_last_class(ruling: Ruling, result: Result, around: Circumstances) -> Verdict:
    """Against class V, which has no limit: what exceeds class IV is of it, so whatever has a class meets."""
    verdict = _by_classes(ruling, list(ruling.limits)[-1], result, around)
    if not verdict.quality_class:
        coarse = Cause.DETECTION_LIMIT_ABOVE if result.censored else Cause.NO_LIMIT
        return unknown_verdict(verdict.cause or coarse, result, around, ruling.edition)
    return replace(verdict, outcome=Outcome.MEETS, reason=told("class_last", result, verdict))


def quality_class(ruling: Ruling, result: Result) -> str:
    """I to V, empty where the class cannot be said (not detected by a coarse method; no limit beyond class III)."""
    assert ruling.edition is not None
    for level in ruling.edition.levels:
        if level not in ruling.limits:
            return ""
        over, _ = _exceeds_level(ruling, level, result)
        if isinstance(over, Cause):
            return ""
        if not over:
            return level
    return LAST_CLASS


def _found(ruling: Ruling, result: Result, screening: Limit, control: Limit | None) -> Verdict:
    """What is known before the outcome: the limits held against and the factor."""
    assert ruling.edition is not None
    return Verdict(
        Outcome.UNKNOWN,
        Message("standards", "unknown", Cause.NO_LIMIT),
        result.analyte,
        standard=ruling.edition.standard,
        use=ruling.use,
        screening=screening,
        control=control,
        factor=_factor(result, screening),
    )


def _factor(result: Result, limit: Limit) -> Decimal | None:
    if result.value is None or result.censored or result.at_least or result.unit is None or not limit.bound.upper:
        return None
    return result.value * result.unit.to(limit.unit) / limit.upper


def _said(found: Verdict, outcome: Outcome, reason: Message, rests_on: tuple[str, Mark]) -> Verdict:
    return replace(found, outcome=outcome, reason=reason, basis=rests_on[0], mark=rests_on[1])


def _unsaid(found: Verdict, cause: Cause, result: Result, around: Circumstances, ruling: Ruling) -> Verdict:
    """Unknown, with the limits the result was held against."""
    assert found.screening is not None
    basis, mark = _basis(ruling, "", *filter(None, (found.screening, found.control)))
    return replace(found, cause=cause, reason=unknown(cause, result, around, ruling.edition), basis=basis, mark=mark)


def _basis(ruling: Ruling, clause: str, *limits: Limit) -> tuple[str, Mark]:
    """Basis and mark of a verdict that rests on `limits`."""
    assert ruling.edition is not None
    printed = list(dict.fromkeys(one.basis for one in limits))
    if number := ruling.edition.clauses.get(clause):
        printed.append(f"{ruling.edition.standard} {number}")
    return "；".join(printed), max((one.mark for one in limits), key=lambda one: one.doubt)


def _notes(verdict: Verdict, ruling: Ruling, result: Result, around: Circumstances) -> Iterable[Message]:
    edition = ruling.edition
    assert edition is not None
    if verdict.mark is Mark.FROM_KNOWLEDGE:
        yield Message("standards", "notes", "from_knowledge", {"basis": verdict.basis})
    if ruling.undetermined:
        basis = f"{edition.standard} {edition.undetermined_clause}"
        yield Message("standards", "notes", "use_undetermined", {"basis": basis})
    for limit in filter(None, (verdict.screening, verdict.control)):
        if limit.note:
            yield Message("standards", "notes", "of_limit", {"note": limit.note})
        if limit.edition != edition.standard:
            yield Message("standards", "notes", "local_limit", {"standard": limit.edition})
    if result.analyte in edition.background and verdict.outcome.gravity > Outcome.UNKNOWN.gravity:
        yield _background_note(result, around, edition)


def _background_note(result: Result, around: Circumstances, edition: Edition) -> Message:
    """Above screening but not above the background of the soil is not managed as a contaminated site."""
    params = {"basis": f"{edition.standard} {edition.background_clause}"}
    if around.background is None or result.value is None or result.unit is None:
        return Message("standards", "notes", "background_not_given", params)
    value = result.value * result.unit.to(edition.unit)
    kind = "within_background" if value <= around.background and not result.at_least else "above_background"
    return Message("standards", "notes", kind, {**params, "background": f"{around.background:f} {edition.unit.symbol}"})


def _stand_in(library: Library, ruling: Ruling, result: Result, around: Circumstances) -> Verdict | None:
    """The verdict of a total that stands in for its part: a total that meets shows that the part does."""
    assert ruling.edition is not None
    related = next(one for one in ruling.edition.related if one.offered == result.analyte)
    if not related.stands_in_when_meets:
        return None
    verdict = judge(library, ruling.edition.family, replace(result, analyte=related.limited), around)
    if verdict.outcome is Outcome.EXCEEDS:
        reason = unknown(Cause.RELATED_ANALYTE, result, around, ruling.edition)
        return replace(
            verdict, outcome=Outcome.UNKNOWN, analyte=result.analyte, cause=Cause.RELATED_ANALYTE, reason=reason
        )
    if verdict.outcome is Outcome.UNKNOWN:
        return replace(verdict, analyte=result.analyte)
    note = Message("standards", "notes", "stands_in", {"basis": f"{ruling.edition.standard} {related.clause}"})
    return replace(verdict, analyte=result.analyte, notes=(*verdict.notes, note))
