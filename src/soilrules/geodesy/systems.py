"""The coordinate systems known here: their codes, datums and Gauss–Krüger zones.

EPSG numbers the zones of a datum in four runs, each without gaps, so a run is kept as its first number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from soilrules.geodesy.errors import UnknownCrs
from soilrules.messages import Message

STORED = 4490
HALF_EASTING = 500_000
ZONES = {3: range(25, 46), 6: range(13, 24)}  # the zones of the national grid, by their width in degrees


class Datum(StrEnum):
    """What the coordinates hang on. GCJ-02 and BD-09 are shifted WGS 84 of the web maps, no datums in EPSG."""

    CGCS2000 = "CGCS2000"
    XIAN80 = "Xian 1980"
    BEIJING54 = "Beijing 1954"
    WGS84 = "WGS 84"
    GCJ02 = "GCJ-02"
    BD09 = "BD-09"


GEOGRAPHIC = {Datum.CGCS2000: 4490, Datum.XIAN80: 4610, Datum.BEIJING54: 4214, Datum.WGS84: 4326}
# First EPSG number of the run: (width, whether the easting carries the number of the zone).
RUNS = {
    Datum.CGCS2000: {(6, True): 4491, (6, False): 4502, (3, True): 4513, (3, False): 4534},
    Datum.XIAN80: {(6, True): 2327, (6, False): 2338, (3, True): 2349, (3, False): 2370},
    Datum.BEIJING54: {(6, True): 21413, (6, False): 21453, (3, True): 2401, (3, False): 2422},
}


@dataclass(frozen=True, slots=True)
class Zone:
    """One strip of a transverse Mercator grid.

    `width` is 3 or 6 degrees; None is a meridian of one's own, as towns choose it. `prefixed`: the easting carries
    the number of the zone, as in 38 512 345 m.
    """

    meridian: float
    width: int | None
    number: int | None = None
    prefixed: bool = False
    false_easting: int = HALF_EASTING


FIRST_PREFIXED_M = 13_000_000
"""Metres: the first zone is 13, and no northing of the country comes near it."""


@dataclass(frozen=True, slots=True)
class Crs:
    """One coordinate system: its code for files and records, and what a person and a transformation must know."""

    code: str
    datum: Datum
    zone: Zone | None = None
    projected: bool = False

    @property
    def title(self) -> Message:
        """Its name in words."""
        return Message("geodesy", "systems", _title_id(self), _title_params(self))

    @property
    def epsg(self) -> int | None:
        """The EPSG number, where it has one."""
        return int(self.code.removeprefix("EPSG:")) if self.code.startswith("EPSG:") else None

    @property
    def definition(self) -> str:
        """What PROJ understands; GCJ-02 and BD-09 are degrees near WGS 84."""
        if self.epsg:
            return self.code
        if self.zone is None:
            return f"EPSG:{GEOGRAPHIC[Datum.WGS84]}"
        ellipsoid = {Datum.CGCS2000: "GRS80", Datum.BEIJING54: "krass"}.get(self.datum, "IAU76")
        return (
            f"+proj=tmerc +lat_0=0 +lon_0={self.zone.meridian:g} +k=1 +x_0={self.zone.false_easting} +y_0=0 "
            f"+ellps={ellipsoid} +units=m +no_defs +type=crs"
        )


def _title_id(crs: Crs) -> str:
    datum = crs.datum.name.lower()
    if not crs.projected:
        return datum
    if crs.datum is Datum.WGS84:
        return "utm" if crs.zone else "web_mercator"
    if crs.zone is not None and crs.zone.width is None:
        return f"{datum}_own"
    return f"{datum}_prefixed" if crs.zone is not None and crs.zone.prefixed else f"{datum}_zone"


def _title_params(crs: Crs) -> dict[str, str]:
    if crs.zone is None:
        return {}
    zone = crs.zone
    return {
        "meridian": f"{zone.meridian:g}",
        "width": str(zone.width),
        "zone": str(zone.number),
        "easting": str(zone.false_easting),
    }


def meridian_of(width: int, number: int) -> float:
    """The central meridian of a zone.

    >>> meridian_of(3, 38), meridian_of(6, 20)
    (114.0, 117.0)
    """
    return 3.0 * number if width == 3 else 6.0 * number - 3.0


def gauss_kruger(datum: Datum, width: int, number: int, *, prefixed: bool) -> Crs:
    """A zone of the national grid.

    >>> gauss_kruger(Datum.CGCS2000, 3, 38, prefixed=True).code
    'EPSG:4526'
    """
    if number not in ZONES[width]:
        raise UnknownCrs("no_such_zone", width=width, zone=number, first=ZONES[width][0], last=ZONES[width][-1])
    code = RUNS[datum][width, prefixed] + number - ZONES[width][0]
    easting = HALF_EASTING + (number * 1_000_000 if prefixed else 0)
    return Crs(f"EPSG:{code}", datum, Zone(meridian_of(width, number), width, number, prefixed, easting), True)


def as_written(crs: Crs, easting_m: float) -> Crs:
    """The same zone with or without its number before the easting, whichever an easting of the data shows.

    >>> as_written(gauss_kruger(Datum.CGCS2000, 3, 38, prefixed=False), 38_512_345).code
    'EPSG:4526'
    >>> as_written(utm(50), 485_000).code
    'EPSG:32650'
    """
    zone = crs.zone
    if zone is None or zone.number is None or zone.width is None or easting_m != easting_m or crs.datum not in RUNS:
        return crs  # a zone of UTM is none of the national grid
    return gauss_kruger(crs.datum, zone.width, zone.number, prefixed=easting_m >= FIRST_PREFIXED_M)


def own_meridian(datum: Datum, meridian: float, false_easting: int = HALF_EASTING) -> Crs:
    """A strip around a meridian of one's own; one of the national grid where it is such a meridian.

    >>> own_meridian(Datum.CGCS2000, 114).code, own_meridian(Datum.CGCS2000, 114.5).code
    ('EPSG:4547', 'CGCS2000:114.5:500000')
    """
    if datum not in RUNS:
        raise UnknownCrs("no_grid", datum=datum)
    if not 70 <= meridian <= 140:
        raise UnknownCrs("meridian_abroad", meridian=f"{meridian:g}")
    for width, numbers in ZONES.items():
        for crs in (
            gauss_kruger(datum, width, number, prefixed=prefixed) for number in numbers for prefixed in (False, True)
        ):
            assert crs.zone is not None
            if (crs.zone.meridian, crs.zone.false_easting) == (meridian, false_easting):
                return crs
    code = f"{datum}:{meridian:g}:{false_easting}"
    return Crs(code, datum, Zone(meridian, None, None, False, false_easting), True)


def utm(number: int) -> Crs:
    """A northern zone of WGS 84 / UTM."""
    return Crs(f"EPSG:{32600 + number}", Datum.WGS84, Zone(6.0 * number - 183, 6, number), True)


def _all() -> Iterator[Crs]:
    for datum, code in GEOGRAPHIC.items():
        yield Crs(f"EPSG:{code}", datum)
    for datum in RUNS:
        for width, numbers in ZONES.items():
            for number in numbers:
                yield gauss_kruger(datum, width, number, prefixed=True)
                yield gauss_kruger(datum, width, number, prefixed=False)
    yield from (utm(number) for number in range(1, 61))
    yield Crs("EPSG:3857", Datum.WGS84, None, True)
    yield Crs("GCJ-02", Datum.GCJ02)
    yield Crs("BD-09", Datum.BD09)


@cache
def known() -> dict[str, Crs]:
    """Every system with a code of its own, by that code."""
    return {crs.code: crs for crs in _all()}
