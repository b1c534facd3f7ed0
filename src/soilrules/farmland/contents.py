"""Contents as laboratories print them, told in one unit: a laboratory may print μg/kg where a table is kept in mg/kg."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from soilrules.units import parse

UNIT = "mg/kg"
PRINTED = re.compile(r"\s*([<>≤≥]?)\s*((?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,2})?)\s*")


def factor_of(unit: str) -> Decimal | None:
    """How many mg/kg one of a printed unit is; None where it is none of this kind, or none was printed.

    >>> factor_of("μg/kg"), factor_of("mg/L")
    (Decimal('0.001'), None)
    """
    said, kept = parse(unit), parse(UNIT)
    if said is None or kept is None or said.dimension is not kept.dimension:
        return None
    return said.to(kept)


def in_mg_kg(printed: str, unit: str) -> str:
    """A printed content in mg/kg; as it was printed where it is in mg/kg already, or is no number in a unit of this kind.

    >>> in_mg_kg("50", "μg/kg"), in_mg_kg("<0.20", "mg/kg"), in_mg_kg("＜２", "ug/kg"), in_mg_kg("未检出", "μg/kg")
    ('0.05', '<0.20', '<0.002', '未检出')
    """
    factor = factor_of(unit)
    number = PRINTED.fullmatch(unicodedata.normalize("NFKC", printed))
    if factor is None or factor == 1 or number is None:
        return printed
    return f"{number[1]}{(Decimal(number[2]) * factor).normalize():f}"
