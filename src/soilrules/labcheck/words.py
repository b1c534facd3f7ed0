"""Words of a laboratory's file against what is known: media, methods, holding times, limits (data/labcheck)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from types import MappingProxyType

from soilrules import analytes, units
from soilrules.closest import Closest
from soilrules.labcheck.exchange import FOLDER
from soilrules.standards import library
from soilrules.standards.uses import medium_of
from soilrules.strict import Record, load_yaml
from soilrules.units import Dimension, Unit

ASSUMED = "soil"
_METHOD = re.compile(r"(HJ|GB|NY|DZ|LY|SL|DB\d{2,6})\s*(/\s*T)?\s*[-_]?\s*(\d+(?:\.\d+)?)", re.I)
_NOT_MASS = ("physical", "microbial", "radiological")  # groups of analytes with units of their own


@dataclass(frozen=True, slots=True)
class Medium:
    """What a sample may be of. `units` stand for those no dimension holds (mg/m³ of air)."""

    key: str
    zh: str
    en: str
    dimension: Dimension | None
    units: tuple[str, ...]
    judged: str
    level: str


@cache
def media() -> Mapping[str, Medium]:
    """Every medium by its key."""
    return MappingProxyType({key: one for key, (one, _) in _media().items()})


@cache
def _media() -> Mapping[str, tuple[Medium, tuple[str, ...]]]:
    found = {}
    for key, row in load_yaml(FOLDER / "media.yaml").items():
        record = Record(row, f"media.yaml {key}")
        record.only("zh", "en", "dimension", "units", "judged", "level", "names")
        dimension = record.choice("dimension", Dimension) if "dimension" in row else None
        medium = Medium(
            key, record.text("zh"), record.text("en"), dimension, record.texts("units"),
            record.text("judged", ""), record.text("level", ""),
        )  # fmt: skip
        found[key] = medium, (key, medium.zh, *record.texts("names"))
    return found


@lru_cache(maxsize=4096)
def medium_key(text: str) -> str | None:
    """The medium a word means; None where it means none we know.

    >>> medium_key("农田土壤"), medium_key("底泥"), medium_key("平行样")
    ('soil', 'sediment', None)
    """
    if found := _by_name().get(_plain(text)):
        return found
    judged = medium_of(text)
    return next((one.key for one in media().values() if judged and one.judged == judged), None)


@cache
def _by_name() -> Mapping[str, str]:
    return {_plain(name): key for key, (_, names) in _media().items() for name in names}


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).casefold())


@cache
def _closest() -> Closest:
    return Closest(_by_name())


def nearest_media(text: str) -> list[str]:
    """The names of media that look most like a word, else all of them."""
    close = _closest().matches(_plain(text), count=2, cutoff=0.5)
    keys = list(dict.fromkeys(_by_name()[one] for one in close)) or list(media())
    return [media()[key].zh for key in keys]


@lru_cache(maxsize=4096)
def slug_of(name: str) -> str | None:
    """The one analyte a printed name means, None where it means none or several."""
    found = analytes.candidates(name)
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=4096)
def is_property(name: str) -> bool:
    """Whether a name is that of a property of the sample, such as 有机质."""
    return _plain(name) in _properties()


@cache
def _properties() -> frozenset[str]:
    return frozenset(map(_plain, _methods_file().texts("properties")))


@cache
def _methods_file() -> Record:
    record = Record(load_yaml(FOLDER / "methods.yaml"), "methods.yaml")
    record.only("mark", "methods", "properties")
    return record


@cache
def _methods() -> Mapping[str, frozenset[str]]:
    rows = (Record(row, "methods.yaml methods") for row in _methods_file().mappings("methods"))
    return {method_numbers(row.text("method"))[0]: frozenset(row.texts("media")) for row in rows}


@lru_cache(maxsize=4096)
def method_numbers(text: str) -> tuple[str, ...]:
    """The standards a word of a method names, without their years.

    >>> method_numbers("HJ 803-2016 电感耦合等离子体质谱法"), method_numbers("GBT 17141-1997")
    (('HJ 803',), ('GB/T 17141',))
    """
    line = unicodedata.normalize("NFKC", text).replace("GBT", "GB/T").replace("HJT", "HJ/T")
    return tuple(f"{code.upper()}{'/T' if slash else ''} {number}" for code, slash, number in _METHOD.findall(line))


def method_fits(text: str, medium: str) -> bool:
    """Whether none of the methods named is known to be for other media only."""
    known = [_methods()[one] for one in method_numbers(text) if one in _methods()]
    return not known or any(medium in one for one in known)


def method_media(text: str) -> list[str]:
    """The names of the media its methods are for."""
    keys = [key for one in method_numbers(text) for key in media() if key in _methods().get(one, ())]
    return [media()[key].zh for key in dict.fromkeys(keys)]


@dataclass(frozen=True, slots=True)
class Holding:
    """How many days a sample may be kept, and what says so."""

    days: int
    basis: str
    mark: str


@lru_cache(maxsize=4096)
def holding(analyte: str, medium: str, method: str) -> Holding | None:
    """The holding time of an analyte (slug) in a medium by a method; None where none is known."""
    group = analytes.get(analyte).group
    numbers = method_numbers(method)
    for row in _holding_rows():
        named = row.row.get("analyte")
        if (
            row.text("medium") != medium
            or not row.true("in_use")
            or (named or group) != (analyte if named else row.row.get("group"))
        ):
            continue
        if not row.texts("methods") or set(row.texts("methods")) & set(numbers):
            return Holding(int(row.row["days"]), row.text("basis"), row.text("mark"))
    return None


@cache
def _holding_rows() -> tuple[Record, ...]:
    data = Record(load_yaml(FOLDER / "holding.yaml"), "holding.yaml")
    data.only("source", "rows")
    rows = [Record(row, "holding.yaml rows") for row in data.mappings("rows")]
    for row in rows:
        row.only("medium", "analyte", "group", "methods", "days", "mark", "in_use", "basis")
        if not isinstance(row.row.get("days"), int) or row.text("medium") not in media():
            raise row.error("expected whole days and a medium of media.yaml")
    return tuple(rows)


def fits_medium(unit: Unit | None, printed: str, medium: str, slug: str | None) -> bool:
    """Whether a unit may give the content of an analyte in a medium; always where the analyte has units of its own."""
    if slug and analytes.get(slug).group in _NOT_MASS:
        return True
    one = media()[medium]
    if one.dimension is None:
        return plain_unit(printed) in one.units
    return unit is None or unit.dimension is one.dimension


def of_air(printed: str) -> bool:
    """Whether a unit is known though no dimension holds it."""
    return any(plain_unit(printed) in one.units for one in media().values())


def plain_unit(printed: str) -> str:
    """A unit in plain letters: μg/m³ is ug/m3."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", printed)).replace("μ", "u").lower()


def counted_by_mass(slug: str | None) -> bool:
    """Whether the result of an analyte is a content, with a unit, above zero and with a detection limit."""
    return slug is None or analytes.get(slug).group not in _NOT_MASS


@dataclass(frozen=True, slots=True)
class Lowest:
    """The strictest limit of an analyte in a medium."""

    value: Decimal
    unit: Unit
    basis: str


@cache
def lowest_limit(slug: str, medium: str, day: date | None) -> Lowest | None:
    """The strictest screening value of the national standards for a medium in force on a day (today's without one)."""
    one = media()[medium]
    limits = [
        limit
        for edition in library.shipped().editions
        if one.judged and edition.medium == one.judged and not edition.division
        and (edition.in_force(day) if day else edition.until is None)
        for limit in edition.by_analyte.get(slug, {}).get(one.level, ())
        if limit.bound.upper is not None
    ]  # fmt: skip
    if not limits:
        return None
    best = min(limits, key=lambda limit: limit.upper * limit.unit.factor)
    return Lowest(best.upper, best.unit, best.basis)


@lru_cache(maxsize=4096)
def unit_of(printed: str) -> Unit | None:
    """The unit a word means."""
    return units.parse(printed)
