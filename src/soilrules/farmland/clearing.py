"""When a retest clears grain of a locked lot: the laboratory's own test of that lot, for everything that lay above, and no other against it.

What was above in the field has to be answered again; a content nobody measured clears nothing. Of two laboratories that differ
the one above stands until its result is taken back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from soilrules.farmland.harvests import crop_key
from soilrules.farmland.producelimits import Sample, element_of, not_tested


class Uncleared(StrEnum):
    """Why a test does not clear."""

    NO_LABORATORY = "no_laboratory"
    NOT_WITHIN = "not_within"
    OTHER_CROP = "other_crop"
    BEFORE = "before"
    NOT_ANSWERED = "not_answered"
    CONTRADICTED = "contradicted"
    OTHER_GRAIN = "other_grain"


@dataclass(frozen=True, slots=True)
class Retest:
    """A test of a lot: contents that were judged, and those above their limit; whether it is of the grain in question, and not of
    what another buyer took.
    """

    crop: str
    sampled: date
    laboratory: bool
    said: Sample
    answered: Collection[str]
    of_grain: bool = True


@dataclass(frozen=True, slots=True)
class LotAbove:
    """A locked lot: its crop, what was above, the first day a sample of it can be one of this grain."""

    crop: str
    above: Collection[str]
    grain_since: date | None


def contradicts(test: Retest) -> bool:
    """Whether a test says that grain of its lot lies above a limit; a rapid test asks for a laboratory and says nothing."""
    return test.laboratory and test.said.above


def uncleared(test: Retest, lot: LotAbove, others: Iterable[Retest] = ()) -> Uncleared | None:
    """Why a test does not clear grain of its lot; None where it does.

    >>> lot = LotAbove("稻谷", {"cadmium"}, date(2026, 9, 10))
    >>> retest = Retest("稻谷", date(2026, 10, 8), True, Sample.WITHIN, {"lead"})
    >>> uncleared(retest, lot)
    <Uncleared.NOT_ANSWERED: 'not_answered'>
    """
    if not test.laboratory:
        return Uncleared.NO_LABORATORY
    if test.said is not Sample.WITHIN:
        return Uncleared.NOT_WITHIN
    if crop_key(test.crop) != crop_key(lot.crop):
        return Uncleared.OTHER_CROP
    if not test.of_grain:
        return Uncleared.OTHER_GRAIN
    if lot.grain_since is not None and test.sampled < lot.grain_since:
        return Uncleared.BEFORE
    if not_tested({element_of(one) for one in lot.above}, test.answered):
        return Uncleared.NOT_ANSWERED
    return Uncleared.CONTRADICTED if any(contradicts(one) for one in others) else None
