"""What every index answers: one row per element of a fixed set, on what it rests, its caveats, or why it is unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from soilrules import __version__
from soilrules.indices.contents import Content, by_element, element_set
from soilrules.indices.grades import Grade
from soilrules.indices.method import Method
from soilrules.indices.references import Background, Reference
from soilrules.indices.wording import ROOM, caveat, reason, told
from soilrules.messages import LANGUAGES, Message, sentence
from soilrules.statistics.results import caveat as statistics_caveat
from soilrules.statistics.substitution import Substitute
from soilrules.verdict import Mark

References = Mapping[str, Reference | Message]
"""A reference value by element, or the reason why an element has none."""


@dataclass(frozen=True, kw_only=True)
class ElementIndex:
    """The index of one element; `value` is None where `unknown` says why. `content_mg_kg` is the number computed with."""

    element: str
    content_mg_kg: float | None = None
    substituted: bool = False
    reference: Reference | None = None
    value: float | None = None
    unknown: Message | None = None
    grade: Grade | None = None

    def as_json(self, language: str = "zh") -> dict[str, Any]:
        """Every field as JSON holds it."""
        return {
            "element": self.element,
            "content_mg_kg": self.content_mg_kg,
            "substituted": self.substituted,
            "reference": self.reference.as_json() if self.reference else None,
            "value": self.value,
            "unknown": told(self.unknown, language) if self.unknown else None,
            "grade": self.grade.as_json(language) if self.grade else None,
        }


@dataclass(frozen=True, kw_only=True)
class IndexResult:
    """One index over one element set, in the order of the set.

    `rests_on` names every kind of figure the result uses with its mark; `remarks` are what else a reader must know.
    """

    method: Method
    elements: tuple[str, ...]
    rows: tuple[ElementIndex, ...]
    rests_on: tuple[tuple[str, Mark], ...]
    remarks: tuple[Message, ...] = ()
    nondetects: Substitute | None = None
    background: Background | None = None
    version: str = __version__

    @property
    def mark(self) -> Mark:
        """That of the least sure figure the result rests on."""
        return max((mark for _, mark in self.rests_on), key=lambda one: one.doubt)

    @property
    def caveats(self) -> tuple[Message, ...]:
        """The remarks, and which figures are from knowledge."""
        parts = dict.fromkeys(part for part, mark in self.rests_on if mark is Mark.FROM_KNOWLEDGE)
        if not parts:
            return self.remarks
        gaps = {"zh": "、", "en": ", "}
        names = {
            f"parts_{one}": gaps[one].join(sentence(ROOM, "parts", part, language=one) for part in parts)
            for one in LANGUAGES
        }
        return (*self.remarks, caveat("from_knowledge", **names))

    @property
    def unknown(self) -> tuple[Message, ...]:
        """Why the method or elements of the set give no number; empty where all do."""
        if not self.method.in_use:
            return (switched_off(self.method),)
        return tuple(row.unknown for row in self.rows if row.unknown is not None)

    def of(self, element: str) -> ElementIndex:
        """The row of one element. Raises KeyError for one outside the set."""
        return {row.element: row for row in self.rows}[element]

    def as_json(self, language: str = "zh") -> dict[str, Any]:
        """The whole result as JSON holds it, sentences in `language`."""
        return {
            "method": self.method.as_json(),
            "version": self.version,
            "elements": list(self.elements),
            "nondetects": str(self.nondetects) if self.nondetects else None,
            "background": self.background.as_json(language) if self.background else None,
            "mark": str(self.mark),
            "rests_on": [{"part": part, "mark": str(mark)} for part, mark in self.rests_on],
            "results": [row.as_json(language) for row in self.rows],
            "unknown": [told(one, language) for one in self.unknown],
            "caveats": [told(one, language) for one in self.caveats],
        }


@dataclass(frozen=True, kw_only=True)
class CompositeIndex(IndexResult):
    """One number for the whole set; None where any element of it is unknown."""

    value: float | None
    grade: Grade | None

    def as_json(self, language: str = "zh") -> dict[str, Any]:
        """The rows, and the number with its grade."""
        grade = self.grade.as_json(language) if self.grade else None
        return super().as_json(language) | {"value": self.value, "grade": grade}


def divide(
    contents: Iterable[Content],
    references: References | Background,
    *,
    elements: Sequence[str],
    nondetects: Substitute | None,
    method: Method,
) -> IndexResult:
    """Content over reference for every element of the set, in its order; where there is no quotient, the row says why."""
    named, measured = element_set(elements), by_element(contents)
    background = references if isinstance(references, Background) else None
    given = references.references if isinstance(references, Background) else references
    rows = tuple(_quotient(measured.get(one, Content(one)), given.get(one), nondetects, method) for one in named)
    part = "background" if background else "standards"
    return IndexResult(
        method=method,
        elements=named,
        rows=rows,
        rests_on=_rests_on(method, part, rows),
        remarks=(*_remarks(rows, measured, nondetects), *_of_background(background)),
        nondetects=nondetects,
        background=background,
    )


def graded(result: IndexResult, method: Method, grades: Iterable[Grade | None]) -> dict[str, Any]:
    """What grades add to a result: on what it then rests, and a remark where they are switched off."""
    marks = (("grades", one.mark) for one in grades if one)
    off = [caveat("grades_switched_off")] if method.grades and not method.grades.in_use else []
    rests_on = dict.fromkeys((*result.rests_on, ("method", method.mark), *marks))
    return {"rests_on": tuple(rests_on), "remarks": (*result.remarks, *off)}


def shared(result: IndexResult) -> dict[str, Any]:
    """The fields every index has, to build a more particular result from."""
    return {one.name: getattr(result, one.name) for one in fields(IndexResult)}


def _quotient(
    content: Content, given: Reference | Message | None, nondetects: Substitute | None, method: Method
) -> ElementIndex:
    numerator, denominator = content.usable(nondetects), _denominator(content.element, given)
    computed = isinstance(numerator, float)
    found = ElementIndex(
        element=content.element,
        content_mg_kg=numerator if isinstance(numerator, float) else None,
        substituted=content.censored and computed,
        reference=given if isinstance(given, Reference) else None,
    )
    if not method.in_use:
        return replace(found, unknown=switched_off(method))
    if isinstance(numerator, Message):
        return replace(found, unknown=numerator)
    if isinstance(denominator, Message):
        return replace(found, unknown=denominator)
    return replace(found, value=numerator / denominator)


def _rests_on(method: Method, part: str, rows: tuple[ElementIndex, ...]) -> tuple[tuple[str, Mark], ...]:
    used = [row.reference for row in rows if row.reference and row.value is not None]
    return tuple(dict.fromkeys((("method", method.mark), *((part, one.mark) for one in used))))


def switched_off(method: Method) -> Message:
    """Why a method that is not in use gives no number."""
    return Message(ROOM, "unknown", "switched_off", {"method": method.id})


def _denominator(element: str, given: Reference | Message | None) -> float | Message:
    if given is None:
        return reason("reference_missing", element)
    return given if isinstance(given, Message) else given.usable()


def _remarks(
    rows: tuple[ElementIndex, ...], measured: Mapping[str, Content], nondetects: Substitute | None
) -> Iterable[Message]:
    """Elements measured but outside the set, and non-detects that were given a number."""
    named = {row.element for row in rows}
    if left_out := [key for key, one in measured.items() if key not in named and one.problem is None]:
        yield caveat("left_out", left_out)
    if (filled := [row.element for row in rows if row.substituted]) and nondetects:
        yield caveat("substituted", filled, substitute=str(nondetects))
        if nondetects is Substitute.REPORTING_LIMIT_HJ25_5:
            yield statistics_caveat("hj25_5_from_knowledge")


def _of_background(background: Background | None) -> Iterable[Message]:
    if background and background.national:
        yield caveat("national_background", name_zh=background.name_zh, name_en=background.name_en)
