"""Rules about words: analyte, unit, medium, method, qualifier, accreditation; each combination is looked up once."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from soilrules import analytes
from soilrules.labcheck import cells, words
from soilrules.labcheck.exchange import current
from soilrules.labcheck.findings import Flags, Log, Severity, rules
from soilrules.labcheck.frame import Frame, word_of
from soilrules.labtables import headings
from soilrules.labtables.coded import Coded, Vocabulary
from soilrules.units import Basis, Dimension

_Key = tuple[str, str | None]  # what an analyte means, and a medium
_Scale = tuple[Dimension, Decimal]
_Counts = Counter[tuple[_Key, _Scale]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One combination of words that occurs: what the result is of."""

    analyte: str
    slug: str | None  # the analyte's key; None where the name means none or several
    status: str  # the rule the name of the analyte breaks; blank where it is known
    medium: str | None  # key; None where the word is unknown
    unit: str
    method: str


@dataclass(frozen=True, slots=True)
class Kinds:
    """The combinations of a frame: `kinds[at[i]]` for each result, `first` where each occurs first."""

    kinds: Sequence[Kind]
    at: NDArray[np.intp]
    first: NDArray[np.intp]

    def marked(self, test: Callable[[Kind], bool]) -> Flags:
        """The results whose combination passes a test."""
        return np.array([test(one) for one in self.kinds], np.bool_)[self.at]

    def of(self, at: int) -> Kind:
        """The combination of a result."""
        return self.kinds[int(self.at[at])]


def kinds_of(frame: Frame) -> Kinds:
    """Every combination of analyte, medium, unit and method, once."""
    columns = [frame.analyte, frame.medium, frame.unit, frame.said("method")]
    codes = np.zeros(len(frame), np.int64)
    for column in columns:
        codes = _packed(codes * (len(column.words) + 1) + column.codes + 1)
    _, first, at = np.unique(codes, return_index=True, return_inverse=True)
    return Kinds([_kind(columns, int(one)) for one in first], at, first)


def _packed(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """The codes numbered anew, so that products of several columns stay small."""
    if not len(codes) or int(codes.max()) < 1 << 40:
        return codes
    return np.unique(codes, return_inverse=True)[1].astype(np.int64)


def _kind(columns: Sequence[Coded], at: int) -> Kind:
    analyte, medium, unit, method = (column.word(at) or "" for column in columns)
    key = words.medium_key(medium) if medium else words.ASSUMED
    return Kind(analyte, words.slug_of(analyte), _status(analyte), key, unit, method)


@dataclass
class Terms:
    """The rules about words; the usual unit of each analyte is remembered from piece to piece."""

    units: dict[_Key, tuple[_Scale, str, int]] = field(default_factory=dict)

    def check(self, frame: Frame, kinds: Kinds, log: Log) -> None:
        """All of them for one frame."""
        _analytes(frame, kinds, log)
        _media(frame, kinds, log)
        _units(frame, kinds, log)
        self._two_units(frame, kinds, log, _unit_conflict(frame, log))
        _methods(frame, kinds, log)
        _qualifiers(frame, log)
        _accreditation(frame, log)

    def _two_units(self, frame: Frame, kinds: Kinds, log: Log, told: Flags) -> None:
        """Results in another unit than most of their analyte; others were `told` or do not fit the medium."""
        counts, first = self._count_units(frame, kinds, ~told)
        for (key, scale), _ in counts.most_common():
            self.units.setdefault(key, (scale, *first[key, scale]))
        other = np.array([self._is_other(one) for one in kinds.kinds])
        where = other[kinds.at] & frame.told & ~told
        frame.find(log, "two_units", where, "unit", lambda at: self._other_unit(kinds.of(at)))

    def _is_other(self, one: Kind) -> bool:
        scale, usual = _scale(one), self.units.get(_key(one))
        return bool(scale and usual and scale != usual[0])

    def _count_units(
        self, frame: Frame, kinds: Kinds, sure: Flags
    ) -> tuple[_Counts, dict[tuple[_Key, _Scale], tuple[str, int]]]:
        """How many results each analyte has in each unit, and where the unit stands first."""
        counts: _Counts = Counter()
        first: dict[tuple[_Key, _Scale], tuple[str, int]] = {}
        for at, (one, count) in enumerate(
            zip(kinds.kinds, np.bincount(kinds.at[sure], minlength=len(kinds.kinds)).tolist(), strict=True)
        ):
            if count and (scale := _scale(one)):
                counts[_key(one), scale] += count
                first.setdefault((_key(one), scale), (one.unit, int(frame.row[kinds.first[at]])))
        return counts, first

    def _other_unit(self, one: Kind) -> Mapping[str, object]:
        _, unit, row = self.units[_key(one)]
        return {"unit": one.unit, "other": unit, "former": row}


def _key(one: Kind) -> _Key:
    return headings.meaning(one.analyte), one.medium


def _scale(one: Kind) -> _Scale | None:
    """What a unit measures and how large it is: μg/g is mg/kg. None where it is not to be compared."""
    unit = words.unit_of(one.unit)
    return (unit.dimension, unit.factor) if one.analyte and unit and not _misfit(one) else None


def _analytes(frame: Frame, kinds: Kinds, log: Log) -> None:
    role = "analyte" if frame.has("analyte") else "value"
    where = kinds.marked(lambda one: one.status == "analyte_unknown")
    frame.find(log, "analyte_unknown", where, role, lambda at: _nearest(kinds.of(at).analyte))
    where = kinds.marked(lambda one: one.status == "analyte_part")
    frame.find(log, "analyte_part", where, role, lambda at: _part(kinds.of(at).analyte))
    where = kinds.marked(lambda one: one.status == "analyte_property")
    frame.find(log, "analyte_property", where, role)


@lru_cache(maxsize=4096)
def _status(name: str) -> str:
    if not name or analytes.candidates(name):
        return ""
    if analytes.other_basis(name):
        return "analyte_part"
    return "analyte_property" if words.is_property(name) else "analyte_unknown"


def _nearest(name: str) -> Mapping[str, object]:
    close = analytes.nearest(name)
    zh = "，最接近的是：" + "、".join(one.zh for one in close) if close else ""
    en = "; nearest: " + ", ".join(one.en for one in close) if close else ""
    return {"analyte": name, "nearest": zh, "nearest_en": en}


def _part(name: str) -> Mapping[str, object]:
    other = analytes.other_basis(name)
    of = analytes.get(other.of) if other else None
    return {"analyte": name, "of": of.zh if of else "", "of_en": of.en if of else ""}


def _media(frame: Frame, kinds: Kinds, log: Log) -> None:
    if not frame.has("medium"):
        return  # said once for the file
    printed = frame.medium
    frame.find(log, "medium_assumed", printed.codes < 0, "medium")
    where = kinds.marked(lambda one: one.medium is None)
    frame.find(
        log, "medium_unknown", where, "medium",
        lambda at: {"text": printed.word(at) or "", "nearest": "、".join(words.nearest_media(printed.word(at) or ""))},
    )  # fmt: skip


def _units(frame: Frame, kinds: Kinds, log: Log) -> None:
    told = frame.told
    where = kinds.marked(
        lambda one: not one.unit and words.counted_by_mass(one.slug) and one.status != "analyte_property"
    )
    if frame.long and not frame.has("unit"):  # said once for the file
        frame.severity[where & told] = Severity.ERROR
    else:
        frame.find(log, "unit_missing", where & told, "unit")
    where = kinds.marked(_unknown_unit)
    frame.find(log, "unit_unknown", where & told, "unit", lambda at: {"unit": kinds.of(at).unit})
    where = kinds.marked(_misfit)
    frame.find(log, "unit_medium", where & told, "unit", lambda at: _expected(kinds.of(at)))
    frame.find(log, "wet_weight", kinds.marked(_wet) & told, "unit", lambda at: {"unit": kinds.of(at).unit})


def _unit_conflict(frame: Frame, log: Log) -> Flags:
    """Results whose cell or heading gives another unit than the column of units."""
    found: Flags = np.zeros(len(frame), np.bool_)
    codes = Vocabulary()
    heading = np.tile(codes.codes(value.unit for value in frame.layout.values), len(frame) // frame.across)
    for other in (frame.said("unit"), Coded(heading, codes.words)):
        differ = _differing(frame.unit, other)
        frame.find(log, "unit_conflict", differ & ~found, "value", lambda at, other=other: _both(frame, other, at))  # type: ignore[misc]
        found = found | differ
    return found


def _differing(one: Coded, other: Coded) -> Flags:
    """Where both columns name units, and not the same."""
    width = len(other.words) + 1
    pairs, at = np.unique(one.codes.astype(np.int64) * width + other.codes, return_inverse=True)
    found = [_differ(one.words, other.words, *divmod(pair, width)) for pair in pairs.tolist()]
    flags: Flags = np.array(found, np.bool_)[at] & (one.codes >= 0) & (other.codes >= 0)
    return flags


def _differ(some: Sequence[str], others: Sequence[str], at: int, other: int) -> bool:
    if not (0 <= at < len(some) and other < len(others)):
        return False  # a blank, which the caller leaves out
    one, two = words.unit_of(some[at]), words.unit_of(others[other])
    return bool(one and two and (one.dimension, one.factor) != (two.dimension, two.factor))


def _both(frame: Frame, other: Coded, at: int) -> Mapping[str, object]:
    return {"unit": frame.unit.word(at), "other": other.word(at)}


def _unknown_unit(one: Kind) -> bool:
    """Units of properties (cmol/kg, mS/cm) are not asked after."""
    if not one.unit or words.unit_of(one.unit) or one.status == "analyte_property":
        return False
    return not words.of_air(one.unit) and words.counted_by_mass(one.slug)


def _misfit(one: Kind) -> bool:
    known = words.unit_of(one.unit) if one.unit else None
    if (
        not one.unit
        or one.medium is None
        or (known is None and not words.of_air(one.unit))
        or one.status == "analyte_property"
    ):
        return False
    if known is None and one.medium != "air":
        return words.counted_by_mass(one.slug)
    return not words.fits_medium(known, one.unit, one.medium, one.slug)


def _wet(one: Kind) -> bool:
    """Whether a content of soil or sediment is given for the wet sample; limits are written for the dry one."""
    known = words.unit_of(one.unit) if one.unit else None
    return known is not None and known.basis is Basis.FRESH and one.medium in _DRIED


_DRIED = ("soil", "sediment")
_USUAL = {"mass_fraction": "mg/kg、μg/kg", "mass_concentration": "mg/L、μg/L"}


def _expected(one: Kind) -> Mapping[str, object]:
    medium = words.media()[one.medium or words.ASSUMED]
    usual = _USUAL.get(str(medium.dimension), "mg/m³、μg/m³")
    return {"unit": one.unit, "medium": medium.zh, "medium_en": medium.en, "expected": usual}


def _methods(frame: Frame, kinds: Kinds, log: Log) -> None:
    where = kinds.marked(
        lambda one: bool(one.method and one.medium) and not words.method_fits(one.method, one.medium or "")
    )
    frame.find(log, "method_medium", where, "method", lambda at: _for_media(kinds.of(at)))


def _for_media(one: Kind) -> Mapping[str, object]:
    medium = words.media()[one.medium or words.ASSUMED]
    params = {"method": one.method, "medium": medium.zh, "medium_en": medium.en}
    return params | {"media": "、".join(words.method_media(one.method)), "mark": rules()["method_medium"].mark}


def _qualifiers(frame: Frame, log: Log) -> None:
    for column in frame.beside("qualifier"):
        strange = column.marked(_strange)
        frame.find(log, "qualifier_unknown", strange, "qualifier", word_of(column))


def _strange(word: str) -> bool:
    """A word of which no part is a qualifier we know."""
    parts = [part for part in re.split(r"[\s,，;；/、]+", word) if part]
    return cells.means_nothing(word) and any(map(cells.means_nothing, parts))


def _accreditation(frame: Frame, log: Log) -> None:
    if not frame.has("cma"):
        return  # said once for the file
    printed = frame.said("cma")
    pattern = re.compile(current().column("cma").pattern)
    frame.find(log, "expected", printed.codes < 0, "cma")
    wrong = printed.marked(lambda word: not pattern.fullmatch(_plain_number(word)))
    frame.find(
        log, "cma_malformed", wrong, "cma",
        lambda at: {"text": printed.word(at), "mark": current().column("cma").pattern_mark},
    )  # fmt: skip


def _plain_number(word: str) -> str:
    plain = re.sub(r"[\s\-]+", "", unicodedata.normalize("NFKC", word)).upper()
    return plain.removeprefix("CMA").lstrip(":：")
