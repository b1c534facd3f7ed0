"""The class of a unit: every element by soil and produce, then the worst of those that decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from soilrules.analytes import get
from soilrules.farmland.produce import Joint, Samples, joint
from soilrules.farmland.rulesets import ROOM, Grade, Ruleset
from soilrules.farmland.soil import ElementSoil, Pairs, PointGrade, element_soil
from soilrules.messages import Message


class FarmlandClass(StrEnum):
    """The three classes of the law."""

    PRIORITY = "priority"  # 优先保护类
    SAFE_USE = "safe_use"  # 安全利用类
    STRICT = "strict"  # 严格管控类

    @property
    def grade(self) -> Grade:
        """The grade that makes the class."""
        return Grade(list(FarmlandClass).index(self) + 1)


def class_of(grade: Grade) -> FarmlandClass:
    """The class a grade makes.

    >>> class_of(Grade.TWO)
    <FarmlandClass.SAFE_USE: 'safe_use'>
    """
    return list(FarmlandClass)[grade - 1]


@dataclass(frozen=True, slots=True)
class ElementClass:
    """One element of a unit: by soil alone, and with produce; `joint` None where soil says nothing."""

    element: str
    soil: ElementSoil
    joint: Joint | None

    @property
    def grade(self) -> Grade | None:
        """The grade of the element."""
        return None if self.joint is None else self.joint.grade

    def sentences(self, language: str = "zh") -> tuple[str, ...]:
        """Why it has its grade."""
        messages = [self.soil.message] if self.joint is None else [self.soil.message, self.joint.message]
        return tuple(message.sentence(language) for message in messages)


@dataclass(frozen=True, slots=True)
class UnitClass:
    """The class of a unit by a rule set. `grade` None: an element is open and none of the others is Ⅲ.

    `controlling` are the elements of the worst grade, `open` those nobody can say, `apart` points to be drawn out.
    """

    grade: Grade | None
    controlling: tuple[str, ...]
    open: tuple[str, ...]
    elements: tuple[ElementClass, ...]
    beside: tuple[ElementClass, ...]
    ruleset: str

    @property
    def farmland_class(self) -> FarmlandClass | None:
        """The class as the law names it."""
        return None if self.grade is None else class_of(self.grade)

    @property
    def apart(self) -> tuple[str, ...]:
        """The points that must be drawn out of the unit before its class can be approved."""
        return tuple(sorted({point for one in self.elements for point in one.soil.apart}))

    @property
    def message(self) -> Message:
        """The class and what controls it, as a sentence."""
        if self.grade is None:
            return Message(ROOM, "unit", "unknown", _names(self.open))
        return Message(ROOM, "unit", class_of(self.grade), _names(self.controlling))


def classify(
    points: Mapping[str, Sequence[PointGrade]],
    produce: Mapping[str, Samples],
    adjoining: Pairs | None,
    ruleset: Ruleset,
) -> UnitClass:
    """The class of a unit by the points and the produce of each element, by slug.

    >>> from soilrules.farmland.rulesets import rulesets
    >>> clean = [PointGrade("P1", Grade.ONE)]
    >>> guide = rulesets()["guide2019"]
    >>> points = {slug: clean for slug in guide.elements} | {"cadmium": [PointGrade("P1", Grade.TWO)]}
    >>> classify(points, {}, None, guide).controlling
    ('cadmium',)
    """
    deciding = tuple(_element(slug, points, produce, adjoining, ruleset) for slug in ruleset.elements)
    beside = tuple(_element(slug, points, {}, adjoining, ruleset) for slug in ruleset.beside if points.get(slug))
    known = [one.grade for one in deciding if one.grade is not None]
    unknown = tuple(one.element for one in deciding if one.grade is None)
    worst = max(known, default=None)
    if unknown and worst is not Grade.THREE:
        return UnitClass(None, (), unknown, deciding, beside, ruleset.id)
    controlling = tuple(one.element for one in deciding if one.grade is worst and worst is not Grade.ONE)
    return UnitClass(worst, controlling, unknown, deciding, beside, ruleset.id)


def _element(
    slug: str,
    points: Mapping[str, Sequence[PointGrade]],
    produce: Mapping[str, Samples],
    adjoining: Pairs | None,
    ruleset: Ruleset,
) -> ElementClass:
    soil = element_soil(points.get(slug, ()), adjoining, ruleset)
    return ElementClass(
        slug, soil, None if soil.grade is None else joint(soil.grade, produce.get(slug, Samples()), ruleset)
    )  # fmt: skip


def _names(slugs: Sequence[str]) -> dict[str, str]:
    return {"zh": "、".join(get(slug).zh for slug in slugs), "en": ", ".join(get(slug).en for slug in slugs)}
