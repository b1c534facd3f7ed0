"""What a standard is made of: editions with their days, limits as dated facts, sums, and what may stand in for what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from soilrules.intervals import Interval
from soilrules.units import Unit
from soilrules.verdict import Mark


class Medium(StrEnum):
    """What a sample is of."""

    SOIL = "soil"
    GROUNDWATER = "groundwater"
    IRRIGATION_WATER = "irrigation_water"
    PRODUCE = "produce"


class UseKind(StrEnum):
    """By what, besides pH, a standard divides its limits."""

    LAND = "land"  # farmland: 水田, 果园, 其他
    LAND_CLASS = "land_class"  # development land: class of the planned use
    WATER_USE = "water_use"  # irrigation: what is watered
    CROP = "crop"  # produce
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Use:
    """One column of a standard: 水田, 第一类用地. `stricter_of` takes, level by level, the lowest limit of those named."""

    key: str
    zh: str
    en: str
    stricter_of: tuple[str, ...] = ()

    def name(self, language: str = "zh") -> str:
        """The name in `language` (zh or en)."""
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Bound:
    """What a limit allows: at most `upper`, a number within `within`, one of `words`, or nothing detected.

    `other_words` are those the standard itself uses for what is not allowed; of any further word nobody can say.
    """

    upper: Decimal | None = None
    within: Interval | None = None
    words: tuple[str, ...] = ()
    other_words: tuple[str, ...] = ()
    not_detected: bool = False

    def __str__(self) -> str:
        if self.upper is not None:
            return f"{self.upper:f}"
        return "不得检出" if self.not_detected else str(self.within or "、".join(self.words))


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit: analyte, level, and where it holds. `uses` empty means every use, `ph` None every pH."""

    analyte: str
    level: str
    bound: Bound
    unit: Unit
    clause: str
    mark: Mark
    edition: str  # the printed name, as in GB 15618-2018
    medium: Medium
    uses: tuple[str, ...] = ()
    condition: str = ""
    ph: Interval | None = None
    sources: tuple[str, ...] = ()
    note: str = ""
    keyed_by: str = ""
    checked_by: str = ""

    @property
    def upper(self) -> Decimal:
        """The number not to be exceeded. Only for limits that have one."""
        assert self.bound.upper is not None, self
        return self.bound.upper

    @property
    def basis(self) -> str:
        """Edition and clause, as printed in a verdict."""
        return f"{self.edition} {self.clause}"


@dataclass(frozen=True, slots=True)
class Sum:
    """A limit on the sum of components."""

    analyte: str
    components: tuple[str, ...]
    clause: str
    mark: Mark
    note: str = ""


@dataclass(frozen=True, slots=True)
class Related:
    """`offered` is not what the standard limits, `limited` is: total chromium is not Cr(VI).

    Where `stands_in_when_meets`, the offered total at or below the limit shows that the part is so too.
    """

    offered: str
    limited: str
    stands_in_when_meets: bool = False
    clause: str = ""


@dataclass(frozen=True)
class Edition:
    """One edition of a standard, in force from `since` to the day before `until`."""

    standard: str
    id: str
    family: str
    title_zh: str
    title_en: str
    medium: Medium
    since: date
    until: date | None
    levels: tuple[str, ...]
    use_kind: UseKind
    uses: Mapping[str, Use]
    unit: Unit
    limits: tuple[Limit, ...]
    conditions: Mapping[str, Use] = field(default_factory=dict)
    undetermined_use: str = ""
    undetermined_clause: str = ""
    clauses: Mapping[str, str] = field(default_factory=dict)
    background: frozenset[str] = frozenset()
    background_clause: str = ""
    sums: tuple[Sum, ...] = ()
    related: tuple[Related, ...] = ()
    division: str = ""  # of a provincial standard: the two digits of its province
    authority: str = ""
    note: str = ""

    def title(self, language: str = "zh") -> str:
        """The title in `language` (zh or en)."""
        return self.title_en if language == "en" else self.title_zh

    def in_force(self, day: date) -> bool:
        """Whether this edition is in force on `day`."""
        return self.since <= day and (self.until is None or day < self.until)

    @cached_property
    def by_analyte(self) -> Mapping[str, Mapping[str, tuple[Limit, ...]]]:
        """Limits by analyte and level."""
        found: dict[str, dict[str, tuple[Limit, ...]]] = {}
        for one in self.limits:
            levels = found.setdefault(one.analyte, {})
            levels[one.level] = (*levels.get(one.level, ()), one)
        return found

    @property
    def limits_analyte(self) -> frozenset[str]:
        """The slugs this edition limits."""
        return frozenset(self.by_analyte)
