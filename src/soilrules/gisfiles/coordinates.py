"""Numbers as people write coordinates, and which of two is the northing.

In China's survey papers X is the northing and Y the easting, in GIS files it is the other way round; the magnitudes
tell: an easting has six figures, or eight with its zone, a northing seven; latitudes there lie below 56°, longitudes
above 70°.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0x2212: "-", 0x2010: "-"}
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_SIDE = r"(?P<{}>[NSEWnsew]|[东西]经?|[南北]纬?)?"
_DEGREES = re.compile(
    rf"{_SIDE.format('before')}\s*(?P<sign>[+-])?(?P<degrees>\d{{1,3}}(?:\.\d+)?)\s*(?:[°º˚度dD:]\s*"
    r"(?:(?P<minutes>\d{1,2}(?:\.\d+)?)\s*(?:['′’‘´分:mM]\s*"
    r"(?:(?P<seconds>\d{1,2}(?:\.\d+)?)\s*(?:\"|″|”|“|秒|''|′′|’’|s|S)?)?)?)?)?"
    rf"\s*{_SIDE.format('after')}"
)
_LONGEST = 60  # characters of a coordinate
_LEAST = 3 / 4  # of the points that must agree
EASTINGS = ((100_000.0, 950_000.0), (13_000_000.0, 46_000_000.0))
NORTHINGS = (300_000.0, 6_300_000.0)


def plain(text: str) -> str:
    """The text with its full-width letters, figures and signs made narrow."""
    return text.strip() if text.isascii() else text.translate(_FULL_WIDTH).strip()


def number(text: str) -> float | None:
    """A coordinate: decimal, or degrees, minutes and seconds; None where it is neither.

    >>> number("116°23′45″"), number("北纬39度30分"), number("３９４５６７８９.５"), number("无")
    (116.39583333333334, 39.5, 39456789.5, None)
    """
    if len(text) > _LONGEST:
        return None
    text = plain(text)
    try:
        value = float(text.replace(",", "") if _THOUSANDS.fullmatch(text) else text)
    except ValueError:
        return _sexagesimal(text)
    return value if math.isfinite(value) and "_" not in text else None


def is_sexagesimal(text: str) -> bool:
    """Whether a coordinate is written with minutes."""
    found = _DEGREES.fullmatch(plain(text))
    return bool(found and found["minutes"])


def _sexagesimal(text: str) -> float | None:
    found = _DEGREES.fullmatch(text)
    if not found or (found["before"] and found["after"]):
        return None
    minutes, seconds = float(found["minutes"] or 0), float(found["seconds"] or 0)
    if minutes >= 60 or seconds >= 60:
        return None
    value = float(found["degrees"]) + minutes / 60 + seconds / 3600
    side = (found["before"] or found["after"] or "")[:1].upper()
    return -value if found["sign"] == "-" or (side and side in "SW南西") else value


def first_is_north(first: Sequence[float], second: Sequence[float]) -> bool | None:
    """Whether the first of two coordinates is the northing or latitude; None where their size does not tell.

    >>> first_is_north([3456789.1], [39456789.1]), first_is_north([116.4], [39.9]), first_is_north([10], [20])
    (True, False, None)
    """
    votes = [_vote(one, other) for one, other in zip(first, second, strict=True)]
    for answer in (True, False):
        if votes and votes.count(answer) >= _LEAST * len(votes):
            return answer
    return None


def _vote(first: float, second: float) -> bool | None:
    forward, backward = _north(first) and _east(second), _east(first) and _north(second)
    return None if forward == backward else forward


def _north(value: float) -> bool:
    return 0 < value < 56 or NORTHINGS[0] < value < NORTHINGS[1]


def _east(value: float) -> bool:
    return 70 < value < 140 or any(low < value < high for low, high in EASTINGS)
