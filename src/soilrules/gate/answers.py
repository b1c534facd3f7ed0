"""How a check puts its answer together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from math import floor
from typing import Protocol

from soilrules.bases import Basis
from soilrules.gate.case import Case, Pieces
from soilrules.gate.results import ROOM, CheckResult, Force, Outcome
from soilrules.gate.rules import check_rules, cited_on
from soilrules.messages import LANGUAGES, Message, catalogue

_ASKS = (Outcome.NO, Outcome.CONDITIONS, Outcome.CANNOT_SAY)


def answer(
    case: Case,
    check: str,
    outcome: Outcome,
    *because: Message,
    pieces: Pieces = (),
    change: Message | None = None,
    bases: Sequence[Basis] | None = None,
    force: Force | None = None,
    place: str = "",
) -> CheckResult:
    """The answer of a check: its force and the citations of the day come with it, and what would change it where it asks."""
    rule = check_rules()[check]
    return CheckResult(
        check,
        outcome,
        force or rule.force,
        because,
        cited_on(check, case.on) if bases is None else tuple(bases),
        sum(one.area_m2 for one in pieces) if pieces else 0.0,
        tuple(one.id for one in pieces if one.id) if pieces else (),
        (change or say(check, "change")) if outcome in _ASKS else None,
        place,
        rule.mark,
    )


def say(check: str, sentence: str, **params: str) -> Message:
    """A sentence of a check."""
    return Message(ROOM, check, sentence, params) if params else _plain(check, sentence)


@cache
def _plain(check: str, sentence: str) -> Message:
    return Message(ROOM, check, sentence)


def hints_nothing(check: str, because: str) -> bool:
    """Whether a check that only hints found nothing to hint at, by the sentence it was kept with.

    >>> hints_nothing("recorded_violation", "该范围的地块没有登记过违规情形。")
    True
    """
    words = catalogue(ROOM)[check]
    return because in {words[key][one] for key in ("clear", "none") if key in words for one in LANGUAGES}


def unless_unknown(result: CheckResult, unknown: CheckResult | None) -> CheckResult:
    """What only asks something gives way to what is not known beside it: a written ground answers for what is known alone."""
    if unknown is None or result.outcome is not Outcome.CONDITIONS:
        return result
    return replace(unknown, because=(*unknown.because, *result.because))


class Named(Protocol):
    """What has a name."""

    @property
    def name(self) -> str: ...


def area(pieces: Pieces, whole: float) -> dict[str, str]:
    """Params of a sentence: the area of pieces and its share of the ground, never rounded up to the whole nor down to nothing."""
    found = sum(one.area_m2 for one in pieces)
    return {"area": f"{found:.1f}", **share("share", found, whole)}


def share(name: str, part: float, whole: float) -> dict[str, str]:
    """A share in percent, in Chinese and as `name_en` in English: cut off after one decimal, so that less than all is never
    told as all, and a little never as nothing.

    >>> share("share", 830, 1000)["share"], share("share", 999.99, 1000)["share"], share("share", 12, 20_000)
    ('83', '99.9', {'share': '不足0.1', 'share_en': 'less than 0.1'})
    """
    cut = floor(part / whole * 1000 + 1e-9) / 10
    if part > 0 and not cut:
        return {name: "不足0.1", f"{name}_en": "less than 0.1"}
    return {name: f"{cut:g}", f"{name}_en": f"{cut:g}"}


def names(found: Iterable[Named]) -> str:
    """Names of plots, sites, zones, in their order."""
    return "、".join(sorted({one.name for one in found}))


def sliver(case: Case, check: str, pieces: Pieces) -> tuple[Message, ...]:
    """What is told of pieces that are a sliver together; nothing where there are none."""
    if not pieces:
        return ()
    small = {"area": f"{sum(one.area_m2 for one in pieces):.2f}", "tolerance": f"{case.tolerance:g}"}
    return (Message(ROOM, "gate", "sliver", small),)


def not_applicable(check: str, sentence: str = "not_applicable") -> CheckResult:
    """The check does not ask anything of this act or use."""
    return _not_applicable(check, sentence)


@cache
def switched_off(check: str) -> CheckResult:
    """The check is not in use: it asks nothing, and says so."""
    rule = check_rules()[check]
    return CheckResult(
        check, Outcome.NOT_APPLICABLE, rule.force, (Message(ROOM, "gate", "not_in_use"),), mark=rule.mark
    )


@cache
def _not_applicable(check: str, sentence: str) -> CheckResult:
    rule = check_rules()[check]
    return CheckResult(check, Outcome.NOT_APPLICABLE, rule.force, (_plain(check, sentence),), mark=rule.mark)
