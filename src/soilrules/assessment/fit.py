"""Whether a scheme holds together: every reason why not, as a message in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from soilrules.assessment.scheme import FULL, Method, Scheme
from soilrules.messages import Message

OBJECTION = range(1, 91)
"""Working days an objection may be given."""
PLACES = range(-6, 9)
"""Where the first digit of a number of a scheme may stand."""


class Unfit(ValueError):
    """A scheme that does not hold together, with every reason as a message."""

    def __init__(self, faults: Sequence[Message]) -> None:
        super().__init__(" ".join(one.sentence("en") for one in faults))
        self.faults = tuple(faults)


def fault(name: str, **params: object) -> Message:
    """One reason by its id."""
    return Message("assessment", "fault", name, {key: str(value) for key, value in params.items()})


def is_score(number: Decimal) -> bool:
    """Whether a number may stand in a scheme: one with a long exponent is no score, and would fill pages.

    >>> is_score(Decimal("12.5")), is_score(Decimal("1e999999")), is_score(Decimal("NaN"))
    (True, False, False)
    """
    return number.is_finite() and number.adjusted() in PLACES


def faults_of(scheme: Scheme) -> list[Message]:
    """What does not hold together; empty where all is well."""
    return [*_of_whole(scheme), *_of_names(scheme), *_of_rows(scheme)]


def _of_whole(scheme: Scheme) -> Iterator[Message]:
    """What concerns the scheme as a whole: names, weights, grades."""
    names, grades = scheme.ids, [one.id for one in scheme.grades]
    edges = [one.at_least for one in scheme.grades]
    whole = sum((one.weight for one in scheme.used), Decimal(0))
    if twice := sorted({one for one in names if names.count(one) > 1}):
        yield fault("twice", names=", ".join(twice))
    if whole != FULL:
        yield fault("weights", whole=f"{whole.normalize():f}")
    if edges != sorted(set(edges), reverse=True) or edges[-1:] != [0] or len(set(grades)) < len(grades):
        yield fault("grades", edges=", ".join(f"{one.normalize():f}" for one in edges))
    titles = [one.title for one in scheme.grades]
    if alike := sorted({one for one in titles if titles.count(one) > 1}):
        yield fault("grades_alike", titles="、".join(alike))
    if beyond := [one for one in scheme.grades if one.at_least > FULL]:
        yield fault("grade_beyond", title=beyond[0].title, edge=f"{beyond[0].at_least.normalize():f}")
    if scheme.objection_days is not None and scheme.objection_days not in OBJECTION:
        yield fault("objection", days=scheme.objection_days, most=OBJECTION[-1])
    if not scheme.assessed:
        yield fault("nobody")


def _of_names(scheme: Scheme) -> Iterator[Message]:
    """Parts and grades that are named and are not there."""
    grades = [one.id for one in scheme.grades]
    yield from (fault("part", title=one.title) for one in scheme.items if one.part not in scheme.parts)
    for veto in scheme.vetoes:
        if veto.cap not in grades:
            yield fault("grade", title=veto.title, grade=veto.cap)
    for follows in scheme.consequences:
        for grade in (one for one in follows.grades if one not in grades):
            yield fault("grade", title=follows.words, grade=grade)


def _of_rows(scheme: Scheme) -> Iterator[Message]:
    """What concerns one line: numbers below 0, a target there cannot be."""
    for one in scheme.items:
        if one.weight < 0 or one.each < 0 or one.target < 0:
            yield fault("negative", title=one.title)
        if one.method is Method.SHARE and one.target == 0:
            yield fault("share_of_nothing", title=one.title)
        if one.method is Method.SHARE and one.comparator != ">=":
            yield fault("share_of_ceiling", title=one.title)
        if one.method is Method.PER and one.each == 0 and one.in_use:
            yield fault("free", title=one.title)
        if one.method is Method.PER and one.of:
            yield fault("per_share", title=one.title)
    for rule in scheme.deductions:
        if rule.each < 0 or rule.most < 0:
            yield fault("negative", title=rule.title)
        if rule.most < rule.each:
            yield fault(
                "most_below_each",
                title=rule.title,
                each=f"{rule.each.normalize():f}",
                most=f"{rule.most.normalize():f}",
            )
