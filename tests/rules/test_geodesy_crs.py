"""Coordinate systems by name, by file and by the look of the numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyproj
import pytest
import yaml

from soilrules.geodesy.crs import STORED, Datum, UnknownCrs, guess, known, named
from soilrules.messages import LANGUAGES

CASES = Path(__file__).resolve().parents[1] / "cases" / "geodesy"
NAMES = yaml.safe_load((CASES / "names.yaml").read_text("utf-8"))
GUESSES = yaml.safe_load((CASES / "guesses.yaml").read_text("utf-8"))
NUMBERED = [crs for crs in known().values() if crs.epsg]


@pytest.mark.parametrize("case", NAMES, ids=lambda case: str(case["name"])[:40])
def test_a_name_gives_its_system_or_is_refused(case: dict[str, Any]) -> None:
    if "code" in case:
        assert named(case["name"]).code == case["code"]
        return
    with pytest.raises(UnknownCrs) as refused:
        named(case["name"])
    assert refused.value.message.id == case["refused"]
    assert all("{" not in refused.value.message.sentence(language) for language in LANGUAGES)


@pytest.mark.parametrize("case", GUESSES, ids=lambda case: case["name"])
def test_numbers_alone(case: dict[str, Any]) -> None:
    found = guess(case["bounds"], expected=case.get("expected"))
    assert [[one.crs.code if one.crs else "?", one.axis, one.why.id] for one in found] == case["guesses"]
    assert all("{" not in one.why.sentence(language) for one in found for language in LANGUAGES)


def test_every_number_is_what_epsg_says() -> None:
    assert {4490, 4491, 4554, 4610, 2327, 2390, 4214, 2401, 2442, 21413, 21423, 21453, 21463, 4326, 3857} <= {
        crs.epsg for crs in NUMBERED
    }
    for crs in NUMBERED:
        truth = pyproj.CRS(crs.code)
        assert truth.is_projected == crs.projected
        assert crs.datum in (Datum.CGCS2000, Datum.WGS84) or str(crs.datum) in truth.name
        assert crs.datum is not Datum.CGCS2000 or truth.geodetic_crs.to_epsg() == STORED
        if crs.zone is None:
            continue
        values = {one.name: one.value for one in truth.coordinate_operation.params}
        assert values["Longitude of natural origin"] == crs.zone.meridian
        assert values["False easting"] == crs.zone.false_easting
        assert str(crs.zone.width) in truth.name if crs.zone.width == 3 else "3-degree" not in truth.name


@pytest.mark.parametrize("version", ["WKT1_ESRI", "WKT1_GDAL", "WKT2_2019"])
def test_every_system_is_known_again_from_its_prj(version: str) -> None:
    for crs in NUMBERED:
        found = named(pyproj.CRS(crs.code).to_wkt(version))
        # A 6-degree zone without prefix is the same as the 3-degree one of that meridian, which is what is found.
        assert (found.datum, found.projected) == (crs.datum, crs.projected)
        if crs.zone:
            assert found.zone is not None
            assert (found.zone.meridian, found.zone.false_easting) == (crs.zone.meridian, crs.zone.false_easting)


def test_every_system_has_a_name_in_both_languages() -> None:
    for crs in (*known().values(), named("CGCS2000:114.5:500000"), named("西安80 中央经线 113.5")):
        titles = [crs.title.sentence(language) for language in LANGUAGES]
        assert len(set(titles)) == 2 or crs.datum is Datum.WGS84
        assert not any("{" in title or "None" in title for title in titles)


def test_nothing_is_guessed_from_no_bounds() -> None:
    assert guess((float("nan"),) * 4) == []
