"""Which limits apply: one analyte, one use, one pH, one day, one place; or why none can be said to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from soilrules.standards.crops import groups_of, kinds_of
from soilrules.standards.library import Library
from soilrules.standards.model import Edition, Limit, Use, UseKind


class Cause(StrEnum):
    """Why a judgement says unknown; each has its sentence in messages.yaml."""

    NAME_UNKNOWN = "name_unknown"
    NAME_AMBIGUOUS = "name_ambiguous"
    OTHER_BASIS = "other_basis"
    RELATED_ANALYTE = "related_analyte"
    STANDARD_UNKNOWN = "standard_unknown"
    STANDARD_MISSING = "standard_missing"
    OTHER_MEDIUM = "other_medium"
    NO_LIMIT = "no_limit"
    NOT_IN_FORCE = "not_in_force"
    USE_MISSING = "use_missing"
    USE_NOT_COVERED = "use_not_covered"
    CONDITION_MISSING = "condition_missing"
    PH_MISSING = "ph_missing"
    PH_INVALID = "ph_invalid"
    UNIT_MISSING = "unit_missing"
    UNIT_UNKNOWN = "unit_unknown"
    UNIT_OF_OTHER_MEDIUM = "unit_of_other_medium"
    FRESH_WEIGHT = "fresh_weight"
    VALUE_MISSING = "value_missing"
    VALUE_INVALID = "value_invalid"
    ONLY_A_BOUND = "only_a_bound"
    DETECTION_LIMIT_MISSING = "detection_limit_missing"
    DETECTION_LIMIT_ABOVE = "detection_limit_above"
    WORDS_NOT_READ = "words_not_read"
    SUM_INCOMPLETE = "sum_incomplete"
    SUM_UNDETERMINED = "sum_undetermined"
    PART_OF_SUM = "part_of_sum"


PH_RANGE = (Decimal(0), Decimal(14))


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Where and when a sample was taken, as far as a limit may depend on it.

    `use` is a key of the standard's uses (or a crop's name), None where it is not known. `on` is the sampling day.
    `division` is the code of the place, its first two digits the province. `background` is in mg/kg.
    """

    on: date
    use: str | None = None
    ph: Decimal | None = None
    division: str = ""
    condition: str = ""
    background: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """The limits that apply by level (several in a level only where they hang on a condition), or the cause of none."""

    edition: Edition | None
    use: str = ""
    limits: Mapping[str, tuple[Limit, ...]] = field(default_factory=dict)
    cause: Cause | None = None
    undetermined: bool = False  # the use is not known and the standard says what then holds


def find(library: Library, family: str, analyte: str, around: Circumstances) -> Ruling:
    """The ruling of a standard for one analyte under `around`."""
    edition = library.edition(family, around.on)
    if edition is None:
        return Ruling(None, cause=Cause.NOT_IN_FORCE)
    return of_editions(edition, library.overlays(family, around.on, around.division), analyte, around)


def of_editions(edition: Edition, local: tuple[Edition, ...], analyte: str, around: Circumstances) -> Ruling:
    """The ruling of an edition and of the local ones laid over it."""
    rows = _rows((edition, *local), analyte)
    if not rows:
        return Ruling(edition, cause=_why_no_limit(edition, analyte))
    if needs_ph(rows) and (around.ph is None or not sound_ph(around.ph)):
        return Ruling(edition, cause=Cause.PH_MISSING if around.ph is None else Cause.PH_INVALID)
    rows = tuple(one for one in rows if one.ph is None or (around.ph is not None and around.ph in one.ph))
    return _of_use(edition, rows, around)


def needs_ph(rows: tuple[Limit, ...]) -> bool:
    """Whether any of the limits holds for some pH only."""
    return any(one.ph is not None for one in rows)


def _rows(editions: tuple[Edition, ...], analyte: str) -> tuple[Limit, ...]:
    return tuple(limit for one in editions for level in one.by_analyte.get(analyte, {}).values() for limit in level)


def _why_no_limit(edition: Edition, analyte: str) -> Cause:
    if any(one.offered == analyte for one in edition.related):
        return Cause.RELATED_ANALYTE
    if any(analyte in one.components for one in edition.sums):
        return Cause.PART_OF_SUM
    return Cause.NO_LIMIT


def sound_ph(ph: Decimal) -> bool:
    """Whether a number can be a pH."""
    return PH_RANGE[0] <= ph <= PH_RANGE[1]


def _of_use(edition: Edition, rows: tuple[Limit, ...], around: Circumstances) -> Ruling:
    if edition.use_kind is UseKind.CROP:
        return _of_crop(edition, rows, around)
    if around.use is not None and edition.use_kind is not UseKind.NONE:
        use = edition.uses.get(around.use)
        return _ruling(edition, rows, use, around.condition) if use else Ruling(edition, cause=Cause.USE_NOT_COVERED)
    every = [_ruling(edition, rows, use, around.condition) for use in edition.uses.values()] or [
        _ruling(edition, rows, None, around.condition)
    ]
    if all(one.limits == every[0].limits for one in every):
        return replace(every[0], use="")
    if edition.undetermined_use:
        ruling = _ruling(edition, rows, edition.uses[edition.undetermined_use], around.condition)
        return replace(ruling, undetermined=True)
    return Ruling(edition, cause=Cause.USE_MISSING)


def _of_crop(edition: Edition, rows: tuple[Limit, ...], around: Circumstances) -> Ruling:
    """The first of the crop's groups the table names decides."""
    if around.use is None:
        return Ruling(edition, cause=Cause.USE_MISSING)
    groups = groups_of(around.use)
    for group in groups:
        if any(group in one.uses for one in rows):
            return _ruling(edition, rows, edition.uses[group], around.condition)
    if any(kinds_of(around.use) & set(one.uses) for one in rows):
        return Ruling(edition, cause=Cause.USE_MISSING)
    return Ruling(edition, cause=_why_no_limit(edition, rows[0].analyte) if groups else Cause.USE_NOT_COVERED)


def _ruling(edition: Edition, rows: tuple[Limit, ...], use: Use | None, condition: str) -> Ruling:
    """The limits for one use; no limit where the first level has none for it (a local table may name one use only)."""
    if any(one.condition == condition for one in rows):  # a condition that matters to other analytes says nothing here
        rows = tuple(one for one in rows if one.condition in ("", condition))
    limits = {level: found for level in edition.levels if (found := _of_level(rows, level, use))}
    cause = None if edition.levels[0] in limits else Cause.NO_LIMIT
    return Ruling(edition, use.key if use else "", limits, cause)


def _of_level(rows: tuple[Limit, ...], level: str, use: Use | None) -> tuple[Limit, ...]:
    """The limits of one level: the strictest for each condition; a mixed use takes the strictest of its parts."""
    names = {*use.stricter_of, use.key} if use else set()
    here = [one for one in rows if one.level == level and (not one.uses or names & set(one.uses))]
    strictest: dict[str, Limit] = {}
    for one in here:
        known = strictest.get(one.condition)
        if known is None or _stricter(one, known):
            strictest[one.condition] = one
    return tuple(strictest.values())


def _stricter(one: Limit, other: Limit) -> bool:
    if one.bound.upper is None or other.bound.upper is None:
        return False
    return one.upper * one.unit.to(other.unit) < other.upper
