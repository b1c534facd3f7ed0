"""A model check of the gate: every question of a small world is asked, and what must never be is looked for.

What frees ground, which use is sensitive and what a ban is are told here a second time, by hand and without the checks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product

from soilrules.gate.acts import acts, behaviours
from soilrules.gate.checks import CHECKS
from soilrules.gate.decide import decide
from soilrules.gate.facts import (
    GateFacts,
    Ground,
    Membership,
    Piece,
    Plot,
    ProvinceQuery,
    Report,
    Source,
    Step,
    WrittenGround,
)
from soilrules.gate.kinds import ReportKind, StepKind
from soilrules.gate.profiles import Profile
from soilrules.gate.results import Decision, Outcome, Verdict
from soilrules.gate.rules import sources

DAYS = (date(2026, 8, 14), date(2026, 8, 15))
_LONG_AGO = date(2020, 1, 1)
_USES = {"R2": (True, True), "R22": (None, True), "M1": (False, False)}
"""Whether each use is sensitive under the law and under the Code."""
_CURRENT: tuple[str | None, ...] = ("M1", "R2", None)
_FAMILY = {"R2": "living", "R22": "living", "M1": "industry"}

_FIT = Report(
    "", ReportKind.PRELIMINARY, accepted_on=_LONG_AGO, land_class="class_1", standard_current=True, uses_since=(), lineage_since=()
)  # fmt: skip
_SURVEY = replace(_FIT, filed_on=_LONG_AGO, exceeds=False)
_ASSESSMENT = replace(_FIT, kind=ReportKind.RISK_ASSESSMENT, needs_control=False)
_DONE = replace(_FIT, kind=ReportKind.EFFECT_EVALUATION, reached=True, separate_party=True, removed_on=_LONG_AGO)
_REPORTS: dict[str, tuple[Report, bool] | None] = {
    "none": None,
    "survey": (_SURVEY, True),
    "survey not filed": (replace(_SURVEY, filed_on=None), False),
    "survey above": (replace(_SURVEY, exceeds=True), False),
    "survey open": (replace(_SURVEY, exceeds=None), False),
    "assessment": (_ASSESSMENT, True),
    "evaluation": (_DONE, True),
    "evaluation not removed": (replace(_DONE, removed_on=None), False),
}
"""Reports the first piece may have, and whether each is one of the three exits."""
_SECOND = ("none", "survey", "survey open", "evaluation not removed")
_PLOTS: dict[str, Plot | None] = {
    "none": None,
    "roster": Plot("p", "p", memberships=(Membership("roster", _LONG_AGO),), exceeds=True, target_reached=False),
    "survey owed": Plot("p", "p", steps=(Step(StepKind.SURVEY, _LONG_AGO),), exceeds=False),
    "unclear": Plot("p", "p"),
}
_EMPTY = Profile("990101", "-", date(2017, 1, 1), None, date(2026, 1, 1), frozenset(), None, None, (), ())
_Ground = tuple[Ground, tuple[Report, ...]]
_GROUNDS = tuple(WrittenGround(one, "-", "-", _LONG_AGO, "-") for one in CHECKS)


@dataclass(frozen=True, slots=True)
class Explored:
    """How many questions were asked, what they were answered, and what was answered that must never be."""

    questions: int
    verdicts: tuple[tuple[str, int], ...]
    breaches: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Question:
    facts: GateFacts
    words: str
    sensitive: bool | None
    changes: bool | None
    uncovered: float
    plot: str
    silent: bool


def explore(act_names: Sequence[str] = ()) -> Explored:
    """Ask every question of the small world at these acts; without any, at one act of each behaviour."""
    verdicts: Counter[str] = Counter()
    breaches: list[str] = []
    for question in _questions(tuple(act_names) or behaviours()):
        decision = decide(question.facts)
        verdicts[decision.verdict.value] += 1
        breaches += [f"{what}: {question.words}" for what in _breaches(question, decision)]
    return Explored(verdicts.total(), tuple(sorted(verdicts.items())), tuple(breaches))


def _breaches(question: _Question, decision: Decision) -> Iterator[str]:
    """What must never be; written grounds are given for every check and help none of it."""
    bare = question.uncovered > 1
    if decision.verdict is Verdict.PASS:
        if bare and question.sensitive is not False and question.changes is not False:
            yield "a change to sensitive use passed on ground no exit covers"
        if question.silent or (bare and question.sensitive is None):
            yield "passed while something was not known"
    if question.plot == "roster" and question.sensitive and decision.verdict is not Verdict.BLOCKED:
        yield "sensitive use on the roster not blocked"
    for one in decision.checks:
        if one.outcome is Outcome.NO and not (one.bases and one.force == "statutory"):
            yield "a ban without a statutory text of the day"


def _questions(names: tuple[str, ...]) -> Iterator[_Question]:
    world = product(names, _USES, _CURRENT, (0, 1), _REPORTS, _SECOND, _PLOTS)
    for number, (name, use, current, day, first, second, plot) in enumerate(world):
        silent, rest = number % 7 == 0, (1.0, 1.01, 400.0)[number % 3]
        uncovered = 0.0 if _frees(first) else 1000 - rest
        uncovered += 0.0 if _frees(second) else rest
        facts = _facts((name, use, current, day), plot, _ground(first, second, rest), silent=silent)
        sensitive = _USES[use][day]
        words = ", ".join((name, use, str(current), str(DAYS[day]), first, second, plot, str(rest)))
        yield _Question(facts, words, sensitive, _changes(name, use, current), uncovered, plot, silent)


def _facts(asked: tuple[str, str, str | None, int], plot: str, ground: _Ground, *, silent: bool) -> GateFacts:
    name, use, current, day = asked
    held = _PLOTS[plot]
    return GateFacts(
        act=name,
        use=use,
        on=DAYS[day],
        ground=ground[0],
        current_use=current,
        plots=(held,) if held else (),
        reports=ground[1],
        sources={one: Source(not silent, _LONG_AGO) for one in sources()},
        query=ProvinceQuery(_LONG_AGO, "-", "-", "-", found=False),
        profile=_EMPTY,
        grounds=_GROUNDS,
        pollutes=False,
    )


def _ground(first: str, second: str, rest: float) -> _Ground:
    found = [(key, _REPORTS[key]) for key in (first, second)]
    reports = tuple(replace(one[0], id=str(at)) for at, (_, one) in enumerate(found) if one)
    pieces = (Piece("a", 1000 - rest, frozenset({"0", "p"})), Piece("b", rest, frozenset({"1", "p"})))
    return Ground(1000, pieces), reports


def _frees(key: str) -> bool:
    held = _REPORTS[key]
    return held is not None and held[1]


def _changes(name: str, use: str, current: str | None) -> bool | None:
    if acts()[name].changes_use:
        return True
    return None if current is None else _FAMILY[use] != _FAMILY[current]
