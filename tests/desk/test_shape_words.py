"""What a shape is and what is wrong with it, said in the language of the page and never in the names of a library."""

from __future__ import annotations

import doctest

import pytest
import shapely
from django.utils.translation import override

from soildesk.kit import pasted
from soildesk.kit.gis.shapewords import kind_of, why_broken
from soildesk.land.refusals import ShapeRefused
from soildesk.land.shapes import surface
from soilrules.geodesy import words

SHAPES = [
    ("POINT (114 34)", "点"),
    ("MULTIPOINT ((114 34), (115 34))", "多个点"),
    ("LINESTRING (114 34, 115 34)", "线"),
    ("MULTILINESTRING ((114 34, 115 34))", "多条线"),
    ("POLYGON ((114 34, 115 34, 115 35, 114 34))", "面"),
    ("MULTIPOLYGON (((114 34, 115 34, 115 35, 114 34)))", "多个面"),
    ("GEOMETRYCOLLECTION (POINT (114 34))", "点、线、面混在一起的图形"),
]


@pytest.mark.parametrize(("text", "told"), SHAPES)
def test_every_kind_has_its_word(text: str, told: str) -> None:
    shape = shapely.from_wkt(text)
    with override("zh-hans"):
        assert kind_of(shape) == told
    with override("en"):
        assert kind_of(shape).islower()


def test_ground_that_is_no_ground_is_refused_in_words() -> None:
    with override("zh-hans"):
        with pytest.raises(ShapeRefused, match="范围是点，应为面"):
            surface(shapely.Point(114, 34))
        bow = shapely.from_wkt("POLYGON ((114 34, 114.01 34.01, 114.01 34, 114 34.01, 114 34))")
        with pytest.raises(ShapeRefused, match="自相交") as refused:
            surface(bow)
    assert not any(one in str(refused.value) for one in ("Polygon", "intersection", "Ring"))
    assert why_broken(shapely.box(114, 34, 115, 35)) == ""


def test_the_examples_hold() -> None:
    assert doctest.testmod(words).failed == 0


@pytest.mark.parametrize(
    "text",
    [
        "POLYGON ((34.8 114.3, 34.8 114.31, 34.81 114.31, 34.8 114.3))",
        '{"type": "Polygon", "coordinates": [[[34.8, 114.3], [34.8, 114.31], [34.81, 114.31], [34.8, 114.3]]]}',
    ],
)
def test_shapes_of_a_program_with_latitude_first_are_refused_and_not_turned_round(text: str) -> None:
    with pytest.raises(pasted.NotGround, match=r"经度和纬度颠倒了：第一个数 34.8000 是纬度.*如 114.3000, 34.8000"):
        pasted.ground(text, "EPSG:4490")
    northing_first = "3850000 38500000\n3850000 38500100\n3850100 38500100"
    assert pasted.ground(northing_first, "EPSG:4526").centroid.x == pytest.approx(114, abs=0.01), "as surveyors write"


def test_metres_of_no_zone_say_how_a_zone_is_named() -> None:
    with pytest.raises(pasted.NotGround) as refused:
        pasted.ground("500000 3850000\n500100 3850000\n500100 3850100")
    assert "EPSG:4526" in str(refused.value) and "中央经线" in str(refused.value)
    assert "无法判断" not in str(refused.value)
    with pytest.raises(pasted.NotGround, match="可能是：EPSG:4526"):
        pasted.ground("38500000 3850000\n38500100 3850000\n38500100 3850100")


def test_corners_in_sixtieths_are_refused_and_full_width_ones_are_read() -> None:
    with pytest.raises(pasted.NotGround, match="度分秒"):
        pasted.ground("114°18′00″ 34°48′00″\n114°18′36″ 34°48′00″\n114°18′36″ 34°48′36″")
    read = pasted.ground("１１４．３，３４．８\n１１４．３１，３４．８\n114.31° 34.81°")
    assert read.bounds == pytest.approx((114.3, 34.8, 114.31, 34.81))
