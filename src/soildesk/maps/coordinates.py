"""A place typed by hand: decimal degrees, degrees with minutes and seconds, or metres of a Gauss–Krüger zone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import shapely

from soildesk.kit.languages import language
from soilrules.geodesy import crs, transform
from soilrules.gisfiles.coordinates import number, plain

AXIS = re.compile(r"(?:\b[XYxy]|经度|纬度|东坐标|北坐标)\s*[=:]\s*|米|(?<=\d)\s*m\b")
PARTED = (re.compile(r"\s*[,;、/]\s*"), re.compile(r"\s+"), re.compile(r"(?<=[\d\"″'′秒分度])(?=[NSEW东西南北])"))
LATITUDES = re.compile(r"[NSns南北]")
LONGITUDES = re.compile(r"[EWew东西]")
PAIR = 2


@dataclass(frozen=True, slots=True)
class Spot:
    """A place found, and how the numbers were read. Without a place `why` says what is missing."""

    lon: float | None
    lat: float | None
    why: str


def spots(text: str, expected: Sequence[float] | None = None) -> list[Spot]:
    """What a text can mean as a place, the likeliest first; empty where it is no pair of coordinates.

    `expected`: bounds in degrees of what the map shows; they settle the zone of metres written without its number.

    >>> [(round(one.lon, 4), round(one.lat, 4)) for one in spots("北纬28°12′30″ 东经113°06′00″")]
    [(113.1, 28.2083)]
    """
    pair = _pair(AXIS.sub(" ", plain(text).replace("，", ",")).strip())
    if pair is None:
        return []
    found = list(_read(pair, expected)) if expected else []
    return found or list(_read(pair, None))


def _pair(text: str) -> tuple[float, float] | None:
    """The two coordinates of a text; the one that says it is a latitude comes second."""
    for between in PARTED:
        words = [word for word in between.split(text) if word]
        values = [value for word in words if (value := number(word)) is not None]
        if len(words) == len(values) == PAIR:
            turned = LATITUDES.search(words[0]) or LONGITUDES.search(words[1])
            return (values[1], values[0]) if turned else (values[0], values[1])
    return None


def _read(numbers: tuple[float, float], expected: Sequence[float] | None) -> Iterator[Spot]:
    """The readings of two numbers."""
    for guess in crs.guess((*numbers, *numbers), expected=expected):
        why = guess.why.sentence(language())
        if guess.crs is None:
            yield Spot(None, None, why)
            continue
        point = transform.to_stored(shapely.points([numbers]), guess.crs, axis=guess.axis).geoms[0]
        yield Spot(point.x, point.y, f"{guess.crs.title.sentence(language())} · {why}")
