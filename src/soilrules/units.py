"""Units of laboratory results and of offices: read tolerantly, converted by dimension and never by string.

A unit has a dimension; two units convert only inside one. mg/kg of soil and mg/L of water are two dimensions,
so a water result can never be compared with a soil limit by accident.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache

_PREFIX = {"k": 3, "": 0, "m": -3, "u": -6, "n": -9, "p": -12, "f": -15}


class Dimension(StrEnum):
    """What a unit measures. Units convert only inside one dimension."""

    MASS_FRACTION = "mass_fraction"  # soil, sediment, produce; base mg/kg
    MASS_CONCENTRATION = "mass_concentration"  # water; base mg/L
    ACTIVITY = "activity"  # base Bq/L
    COUNT = "count"  # colonies, most probable number, eggs; base 1/L
    TEMPERATURE = "temperature"  # ℃
    COLOUR = "colour"  # platinum-cobalt degrees
    TURBIDITY = "turbidity"  # NTU
    DIMENSIONLESS = "dimensionless"  # pH


class Basis(StrEnum):
    """The mass a mass fraction refers to, where the unit says it."""

    UNSTATED = ""
    DRY = "dry"
    FRESH = "fresh"


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: `factor` base units of its dimension."""

    symbol: str
    dimension: Dimension
    factor: Decimal
    basis: Basis = Basis.UNSTATED

    def to(self, other: Unit) -> Decimal:
        """How many `other` one of this unit is. Raises ValueError across dimensions.

        >>> parse("µg/kg").to(parse("mg/kg"))
        Decimal('0.001')
        """
        if self.dimension is not other.dimension:
            raise ValueError(
                f"{self.symbol} ({self.dimension}) does not convert to {other.symbol} ({other.dimension}): "
                "expected a unit of the same dimension. Check the medium of the sample and the unit column."
            )
        return self.factor / other.factor


_NAMED = {
    "%": (Dimension.MASS_FRACTION, "10000"),
    "‰": (Dimension.MASS_FRACTION, "1000"),
    "bq/l": (Dimension.ACTIVITY, "1"),
    "℃": (Dimension.TEMPERATURE, "1"),
    "°c": (Dimension.TEMPERATURE, "1"),
    "ntu": (Dimension.TURBIDITY, "1"),
    "铂钴色度单位": (Dimension.COLOUR, "1"),
    "度": (Dimension.COLOUR, "1"),
    "pcu": (Dimension.COLOUR, "1"),
    "无量纲": (Dimension.DIMENSIONLESS, "1"),
    "ph单位": (Dimension.DIMENSIONLESS, "1"),
}
_COUNTED = re.compile(r"(mpn|cfu|个)/(100|10|1)?(ml|l)")
_MASS = re.compile(r"([munpf]?)g(?:-?teq|-?i-?teq)?/([kmu]?)g")
_CONCENTRATION = re.compile(r"([kmunpf]?)g(?:-?teq|-?i-?teq)?/([m]?)l")
_DRY_WORDS = r"(?:[以按])?(?:干重|干基|干土|干样)(?:计|算)?|dryweight|drywt|drybasis|dry|d\.?w\.?"
_FRESH_WORDS = r"(?:[以按])?(?:鲜重|湿重|湿基|鲜样|湿样|湿土)(?:计|算)?|freshweight|wetweight|wetwt|wetbasis|fresh|wet|f\.?w\.?|w\.?w\.?"
_BASES = (("DRY", _DRY_WORDS), ("FRESH", _FRESH_WORDS))
_PARTS_PER = re.compile(r"(?:x|×|\*)?10-([69])")  # as geochemists print mg/kg and µg/kg: 10⁻⁶
_CHINESE = (
    ("毫克", "mg"),
    ("微克", "ug"),
    ("纳克", "ng"),
    ("皮克", "pg"),
    ("千克", "kg"),
    ("公斤", "kg"),
    ("毫升", "ml"),
    ("升", "l"),
)
_WRITTEN = str.maketrans(
    {
        "μ": "u",
        "µ": "u",
        "·": "",
        "⋅": "",
        "•": "",
        "∙": "",
        "－": "-",
        "−": "-",
        "–": "-",
        "^": "",
        "每": "/",
        "∕": "/",
    }
)


def parse(text: str) -> Unit | None:
    """The unit a printed word means, None where it is none we know.

    Tolerates full width, µ written as μ or u, mg·kg-1 for mg/kg, Chinese words and a note on dry or fresh weight.
    "ppm" is not read: it does not say of what.

    >>> parse("ｍｇ·kg⁻¹（干重）").symbol
    'mg/kg'
    >>> parse("ppm") is None
    True
    """
    return _parse(text) if text and len(text) < 60 else None


@cache
def _parse(text: str) -> Unit | None:
    plain, basis = _basis(_plain(text))
    if parts := _PARTS_PER.fullmatch(plain):
        return Unit(text.strip(), Dimension.MASS_FRACTION, Decimal(1).scaleb(6 - int(parts[1])), basis)
    if named := _NAMED.get(plain):
        return Unit(text.strip(), named[0], Decimal(named[1]), basis)
    if mass := _MASS.fullmatch(plain):
        return Unit(_symbol(plain), Dimension.MASS_FRACTION, _power(mass, 6), basis)
    if concentration := _CONCENTRATION.fullmatch(plain):
        return Unit(_symbol(plain), Dimension.MASS_CONCENTRATION, _power(concentration, 3), basis)
    if counted := _COUNTED.fullmatch(plain):
        litres = Decimal(counted[2] or 1) / (1000 if counted[3] == "ml" else 1)
        return Unit(text.strip(), Dimension.COUNT, 1 / litres)
    return None


def _plain(text: str) -> str:
    """Lower case without blanks, full width or superscripts; a negative power becomes a slash."""
    plain = unicodedata.normalize("NFKC", text.strip().strip("()（）[]【】:：")).translate(_WRITTEN).lower()
    plain = re.sub(r"(?<=g)\.(?=k?g-1|m?l-1)", "", re.sub(r"\s+", "", plain))
    for chinese, latin in _CHINESE:
        plain = plain.replace(chinese, latin)
    return re.sub(r"(kg|mg|g|ml|l)-1$|(kg|mg|g|ml|l)-1(?=\()", lambda found: "/" + (found[1] or found[2]), plain)


def _basis(plain: str) -> tuple[str, Basis]:
    """The unit without the words on dry or fresh weight behind or before it (湿重 mg/kg), and what they say."""
    for name, words in _BASES:
        for pattern in (rf"(?P<unit>.*/.*?)[-,(]?(?:{words})\)?", rf"(?:{words})[-,:(]?(?P<unit>.*/.*?)\)?"):
            if found := re.fullmatch(pattern, plain):
                return found["unit"].rstrip(",(-"), Basis[name]
    return plain, Basis.UNSTATED


def basis_of(words: str) -> Basis:
    """What words say of the weight a content refers to; nothing where they say anything else.

    >>> basis_of("以湿基计").value, basis_of("Dry weight").value, basis_of("含水率").value
    ('fresh', 'dry', '')
    """
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", words)).lower()
    return next((Basis[name] for name, known in _BASES if re.fullmatch(known, plain)), Basis.UNSTATED)


def _symbol(plain: str) -> str:
    """As it is printed: µg/kg, mg/L, ng TEQ/kg."""
    teq = " TEQ" if "teq" in plain else ""
    top, bottom = re.sub(r"-?i?-?teq", "", plain).split("/")
    return f"{top.replace('u', 'µ')}{teq}/{bottom.replace('l', 'L').replace('u', 'µ')}"


def _power(found: re.Match[str], base: int) -> Decimal:
    """10 to the power of the two prefixes, in base units (mg/kg: 6 above g/g; mg/L: 3 above g/L)."""
    exponent = _PREFIX[found[1]] - _PREFIX[found[2]] + base
    return Decimal(1).scaleb(exponent)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit."""

    value: Decimal
    unit: Unit

    def in_unit(self, other: Unit) -> Decimal:
        """The value in another unit of the same dimension."""
        return self.value * self.unit.to(other)


OFFICE: Mapping[str, tuple[str, ...]] = {
    "亩": ("亩", "mu"),
    "万亩": ("万亩",),
    "m²": ("m2", "㎡", "平方米", "平米"),
    "公顷": ("公顷", "hm2", "ha"),
    "km²": ("km2", "平方公里", "平方千米"),
    "吨": ("吨", "t"),
    "万吨": ("万吨",),
    "公斤": ("公斤", "kg", "千克"),
    "斤": ("斤", "市斤"),
    "克": ("克", "g"),
    "元": ("元",),
    "万元": ("万元",),
    "亿元": ("亿元",),
}
"""The units tables of offices are kept in, by the name they are told by."""
CALLED = {alias: unit for unit, aliases in OFFICE.items() for alias in aliases}

SIZES: Mapping[str, tuple[str, Fraction]] = {
    "m²": ("m²", Fraction(1)),
    "亩": ("m²", Fraction(2000, 3)),
    "万亩": ("m²", Fraction(20_000_000, 3)),
    "公顷": ("m²", Fraction(10_000)),
    "km²": ("m²", Fraction(1_000_000)),
    "克": ("克", Fraction(1)),
    "斤": ("克", Fraction(500)),
    "公斤": ("克", Fraction(1_000)),
    "吨": ("克", Fraction(1_000_000)),
    "万吨": ("克", Fraction(10_000_000_000)),
    "元": ("元", Fraction(1)),
    "万元": ("元", Fraction(10_000)),
    "亿元": ("元", Fraction(100_000_000)),
}
"""Each unit in the base of its kind; a mu is 2000/3 m²."""


def called(text: str) -> str:
    """The name a unit is told by: 公顷 of hm²; of a unit of contents its symbol, empty where it is none known."""
    folded = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    content = parse(folded)
    return CALLED.get(folded, content.symbol if content else "")


def times(kept: str, said: str) -> Fraction | None:
    """What a number in one unit is multiplied by to stand in another; None where they measure different things.

    >>> times("亩", "万亩"), times("公顷", "亩"), times("亩", "吨"), times("µg/kg", "mg/kg")
    (Fraction(1, 10000), Fraction(15, 1), None, Fraction(1, 1000))
    """
    ours, theirs = SIZES.get(called(kept)), SIZES.get(called(said))
    if ours and theirs:
        return ours[1] / theirs[1] if ours[0] == theirs[0] else None
    one, other = parse(kept), parse(said)
    if one is None or other is None or one.dimension is not other.dimension:
        return None
    wet = (one.basis is Basis.FRESH) is not (other.basis is Basis.FRESH)
    return None if wet else Fraction(one.factor) / Fraction(other.factor)
