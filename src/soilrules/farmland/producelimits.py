"""A sample of produce against GB 2762: the edition of the day of the sample, how far each content lies above its limit.

Figures and sentences are those of soilrules.standards; where it cannot say, neither can this.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from soilrules import units
from soilrules.farmland.produce import Excess, excess
from soilrules.farmland.rulesets import Ruleset
from soilrules.labtables import notation
from soilrules.standards.judge import judge
from soilrules.standards.library import Library
from soilrules.standards.results import Result, Verdict
from soilrules.standards.rulings import Cause, Circumstances
from soilrules.verdict import Outcome

FAMILY = "gb2762"
STANDS_FOR = {"arsenic": ("inorganic_arsenic", "arsenic"), "mercury": ("mercury", "methyl_mercury")}
"""Of an element of soil, the contents of produce that are limited for it, where it is not the element alone."""


class Sample(StrEnum):
    """What a sample of produce says."""

    WITHIN = "within"
    LIGHT = "light"
    SEVERE = "severe"
    UNKNOWN = "unknown"

    @property
    def above(self) -> bool:
        """Whether it lies above a limit."""
        return self in (Sample.LIGHT, Sample.SEVERE)


@dataclass(frozen=True, slots=True)
class Printed:
    """One content as the laboratory printed it: 0.25, <0.01, 未检出."""

    analyte: str
    text: str
    unit: str = "mg/kg"


@dataclass(frozen=True, slots=True)
class Judged:
    """One content and what the limit of its day says."""

    printed: Printed
    tested: Sample
    limit: Decimal | None
    ratio: Decimal | None
    verdict: Verdict

    @property
    def edition(self) -> str:
        """The edition it was held against."""
        return self.verdict.standard


@dataclass(frozen=True, slots=True)
class Sampled:
    """Of which crop a sample is, on which day it was taken, in which division."""

    crop: str
    on: date
    division: str = ""


def judged(contents: Iterable[Printed], sampled: Sampled, library: Library, ruleset: Ruleset) -> tuple[Judged, ...]:
    """Each content of a sample by the edition in force on the day it was taken."""
    return tuple(_judged(one, sampled, library, ruleset) for one in contents)


def _judged(printed: Printed, sampled: Sampled, library: Library, ruleset: Ruleset) -> Judged:
    around = Circumstances(sampled.on, use=sampled.crop, division=sampled.division)
    verdict = judge(library, FAMILY, result_of(printed), around)
    limit = verdict.screening.upper if verdict.screening else None
    return Judged(printed, _sample(verdict, ruleset), limit, verdict.factor, verdict)


def result_of(printed: Printed) -> Result:
    """What a laboratory printed, as a result; what cannot be read has no value."""
    reading = notation.read(printed.text)
    unit = units.parse(reading.unit or printed.unit)
    if reading.more_than is not None:
        return Result(printed.analyte, _exact(reading.more_than), unit, at_least=True)
    readable = reading.problem is None
    return Result(
        printed.analyte,
        _exact(reading.value) if readable else None,
        unit,
        censored=reading.censored,
        detection_limit=_exact(reading.limit),
        printed_unit=printed.unit if unit is None else "",
    )


class Misread(StrEnum):
    """Why no laboratory printed such a content."""

    UNREADABLE = "unreadable"
    NEGATIVE = "negative"
    ZERO = "zero"  # what was not detected is told with its limit; 0 would pass every limit
    TOO_MUCH = "too_much"


WHOLE = Decimal(1_000_000)
"""mg/kg: the whole sample."""


def measured(text: str) -> bool:
    """Whether a cell says anything of a content: /, — and 未测 say that it was not measured."""
    return notation.read(text).problem != "no_value"


def misread(printed: Printed) -> Misread | None:
    """Why a content cannot be what a laboratory printed; None where it can.

    >>> [misread(Printed("cadmium", text)) for text in ("0.25", "<0.01", "200 µg/kg", "未检出", ">0.2")]
    [None, None, None, None, None]
    >>> misread(Printed("cadmium", "0")), misread(Printed("cadmium", "=1+1"))
    (<Misread.ZERO: 'zero'>, <Misread.UNREADABLE: 'unreadable'>)
    """
    reading = notation.read(printed.text)
    if reading.problem == "negative":
        return Misread.NEGATIVE
    unit, most = units.parse(reading.unit or printed.unit), units.parse("mg/kg")
    if (reading.problem and reading.more_than is None) or unit is None or most is None:
        return Misread.UNREADABLE
    if unit.dimension is not most.dimension:
        return Misread.UNREADABLE
    numbers = [Decimal(repr(one)) for one in (reading.value, reading.limit, reading.more_than) if one is not None]
    if any(one <= 0 for one in numbers):
        return Misread.ZERO
    return Misread.TOO_MUCH if any(one * unit.to(most) >= WHOLE for one in numbers) else None


def _exact(number: float | None) -> Decimal | None:
    return None if number is None else Decimal(repr(number))


def _sample(verdict: Verdict, ruleset: Ruleset) -> Sample:
    if verdict.outcome is Outcome.UNKNOWN:
        return Sample.UNKNOWN
    if verdict.outcome is Outcome.MEETS:
        return Sample.WITHIN
    severe = verdict.factor is not None and excess(verdict.factor, ruleset) is Excess.SEVERE
    return Sample.SEVERE if severe else Sample.LIGHT


def said_by(contents: Sequence[Judged]) -> Sample:
    """What a whole sample says: above where one content is, unknown where one is that nothing else answers, or none is told.

    A total of which the limited part was measured too is answered by that part; what has no limit in such food says
    nothing of it, and a sample of nothing else stays unknown.
    """
    limited = [one for one in contents if one.verdict.cause is not Cause.NO_LIMIT]
    found = {one.printed.analyte: one.tested for one in limited}
    if Sample.SEVERE in found.values():
        return Sample.SEVERE
    if Sample.LIGHT in found.values():
        return Sample.LIGHT
    if "inorganic_arsenic" in found:
        found.pop("arsenic", None)
    if not found or Sample.UNKNOWN in found.values():
        return Sample.UNKNOWN
    return Sample.WITHIN


def not_tested(elements: Iterable[str], answered: Iterable[str]) -> tuple[str, ...]:
    """Of the elements that control a unit's class those of which its produce was not judged; `answered` are the contents that were.

    >>> not_tested(["cadmium", "arsenic"], ["cadmium", "inorganic_arsenic"])
    ()
    >>> not_tested(["cadmium"], ["lead"])
    ('cadmium',)
    """
    held = set(answered)
    return tuple(one for one in elements if not held & set(STANDS_FOR.get(one, (one,))))


def element_of(content: str) -> str:
    """The element a content of produce speaks of.

    >>> element_of("inorganic_arsenic"), element_of("cadmium")
    ('arsenic', 'cadmium')
    """
    return next((one for one, contents in STANDS_FOR.items() if content in contents), content)


def limited(elements: Iterable[str], sampled: Sampled, library: Library) -> tuple[str, ...]:
    """Of some elements of soil those for which the food of a crop has a limit on a day; the others no test can answer.

    An element of which nobody can say so stays: a crop that is not known is not free of limits.
    """
    around = Circumstances(sampled.on, use=sampled.crop, division=sampled.division)
    return tuple(
        one for one in elements if any(_has_limit(each, around, library) for each in STANDS_FOR.get(one, (one,)))
    )


def _has_limit(analyte: str, around: Circumstances, library: Library) -> bool:
    verdict = judge(library, FAMILY, Result(analyte, Decimal(0), units.parse("mg/kg")), around)
    return verdict.cause is not Cause.NO_LIMIT
