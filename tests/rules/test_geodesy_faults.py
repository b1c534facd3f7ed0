"""Each kind of fault, with a geometry that has it and one just beside that has not; repair only where nothing is lost."""

from __future__ import annotations

from pathlib import Path
from string import Formatter
from typing import Any

import numpy as np
import pytest
import shapely
import yaml

from soilrules.geodesy.crs import named
from soilrules.geodesy.faults import Limits, check, from_wkb, repair, ring_faults, taxonomy
from soilrules.geodesy.repairs import REPAIRABLE
from soilrules.messages import LANGUAGES, catalogue

CASES = yaml.safe_load((Path(__file__).resolve().parents[1] / "cases" / "geodesy" / "faults.yaml").read_text("utf-8"))
M_PER_DEGREE = (96_486.28, 110_852.43)  # at 30° north, along the parallel and the meridian


def ring(metres: list[list[float]]) -> list[tuple[float, float]]:
    return [(114 + x / M_PER_DEGREE[0], 30 + y / M_PER_DEGREE[1]) for x, y in metres]


def polygon(rings: list[list[list[float]]]) -> Any:
    return shapely.Polygon(ring(rings[0]), [ring(hole) for hole in rings[1:]])


def geometry(case: dict[str, Any]) -> Any:
    if "wkt" in case:
        return shapely.from_wkt(case["wkt"])
    if "parts" in case:
        return shapely.MultiPolygon([polygon(part) for part in case["parts"]])
    return polygon(case["metres"]) if "metres" in case else None


def many(cases: list[dict[str, Any]]) -> np.ndarray[Any, Any]:
    return np.array([geometry(case) for case in cases], dtype=object)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any]) -> None:
    found = check(
        many(case["geoms"]),
        kind=case["kind"],
        within=shapely.from_wkt(case["within"]) if "within" in case else None,
        neighbours=many(case["neighbours"]) if "neighbours" in case else None,
        limits=Limits(**case.get("limits", {})),
    )
    told = [[one.code for one in found if one.index == index] for index in range(len(case["geoms"]))]
    assert told == case["faults"]
    for one in found:
        assert all("{" not in one.message.sentence(language) for language in LANGUAGES)
        assert (one.severity, one.who) == (taxonomy()[one.code].severity, taxonomy()[one.code].who)


def test_every_kind_of_fault_has_a_case_and_its_words() -> None:
    told = {code for case in CASES for faults in case["faults"] for code in faults}
    assert told | {"invalid_ring"} == set(taxonomy())
    sentences = catalogue("geodesy")["faults"]
    assert {*taxonomy(), "wrong_zone_unnamed", "outside_division_named"} == set(sentences)


def test_both_languages_say_the_same_things() -> None:
    for group in catalogue("geodesy").values():
        for message in group.values():
            assert set(message) == set(LANGUAGES)
            names = [
                {name.removesuffix(f"_{language}") for _, name, _, _ in Formatter().parse(text) if name}
                for language, text in message.items()
            ]
            assert names[0] == names[1]


def test_rings_as_files_have_them() -> None:
    closed = np.array([[0, 0], [1, 0], [1, 1], [0, 0]], dtype=float)
    assert ring_faults([closed]) == []
    assert [(one.index, one.code) for one in ring_faults([closed, closed[:3], closed[[0, 1, 2, 1]], closed[:0]])] == [
        (1, "invalid_ring"),
        (2, "invalid_ring"),
        (3, "invalid_ring"),
    ]


def test_wkb_of_a_ring_that_does_not_close() -> None:
    good = shapely.to_wkb(shapely.box(114, 30, 114.1, 30.1))
    bad = bytearray(good)
    bad[-16:] = np.array([114.05, 30.05]).tobytes()
    read = from_wkb(np.array([good, bytes(bad), None], dtype=object))
    assert [(one.index, one.code) for one in read.faults] == [(1, "invalid_ring")]
    assert [geom is None for geom in read.geoms] == [False, True, True]


def test_a_wrong_zone_is_named_by_the_system_it_was_read_with() -> None:
    division, point = shapely.box(113.5, 29.5, 114.5, 30.5), np.array([shapely.Point(117, 30)], dtype=object)
    (named_zone,) = check(point, kind="point", within=division, source=named("EPSG:4548"))
    assert (named_zone.message.params["used"], named_zone.message.params["fits"]) == ("117", "114")
    (degrees,) = check(point, kind="point", within=division, source=named(4490))
    assert degrees.code == "outside_division"  # degrees have no zone


def test_outside_says_how_far_and_where() -> None:
    division, point = shapely.box(113.5, 29.5, 114.5, 30.5), np.array([shapely.Point(114, 31)], dtype=object)
    (there,) = check(point, kind="point", within=division, place_of=lambda x, y: "测试县" if y > 30.5 else None)
    assert there.message.params == {"km": "55", "place": "测试县"}
    (nowhere,) = check(point, kind="point", within=division, place_of=lambda x, y: None)
    assert nowhere.message.id == "outside_division"


def test_among_themselves_an_overlap_is_told_once() -> None:
    geoms = many([{"metres": [[[x, 0], [x + 101, 0], [x + 101, 100], [x, 100]]]} for x in (0, 100, 200)])
    found = check(geoms, kind="polygon", neighbours=geoms)
    assert [(one.index, one.message.params["neighbour"]) for one in found] == [(1, "1"), (2, "2")]
    assert [float(one.message.params["area"]) for one in found] == pytest.approx([100, 100], abs=0.1)


def test_a_spike_is_found_where_the_ring_begins_and_across_a_repeated_vertex() -> None:
    tip_first = polygon([[[49.8, 130], [49.6, 100], [0, 100], [0, 0], [100, 0], [100, 100], [50, 100]]])
    tip_twice = polygon([[[0, 0], [100, 0], [100, 100], [50, 100], [49.8, 130], [49.8, 130], [49.6, 100], [0, 100]]])
    found = check(np.array([tip_first, tip_twice], dtype=object), kind="polygon")
    assert [(one.index, one.code) for one in found if one.code == "spike"] == [(0, "spike"), (1, "spike")]


def test_nothing_at_all_has_no_fault() -> None:
    assert check(np.array([], dtype=object), kind="polygon", within=shapely.box(113, 29, 115, 31)) == []


@pytest.mark.parametrize(
    ("rings", "codes", "done"),
    [
        ([[[0, 0], [100, 0], [100, 0], [100, 100], [0, 100]]], {"duplicate_vertices"}, ["duplicate_vertices"]),
        ([[[0, 0], [300, 0], [300, 100], [50, 100], [49.9, 115], [49.8, 100], [0, 100]]], {"spike"}, ["spike"]),
        (
            [[[0, 0], [100, 0], [100, 100], [0, 100], [-0.1, 99.8], [0.1, 99.8], [0, 99]]],
            {"self_crossing"},
            ["made_valid"],
        ),
    ],
)
def test_repair_tells_what_it_did_and_keeps_before_and_after(rings: Any, codes: set[str], done: list[str]) -> None:
    before = polygon(rings)
    repaired = repair(before, codes)
    assert [one.id for one in repaired.done] == done and repaired.refused is None
    assert repaired.before is before and shapely.is_valid(repaired.after)
    assert repaired.area_after_m2 == pytest.approx(repaired.area_before_m2, rel=1e-3)
    assert not {one.code for one in check(np.array([repaired.after], dtype=object), kind="polygon")} & codes


def test_repair_turns_what_was_exchanged_or_mirrored() -> None:
    square = polygon([[[0, 0], [100, 0], [100, 100], [0, 100]]])
    flipped = shapely.transform(square, lambda xy: xy[:, ::-1])
    assert shapely.equals(repair(flipped, {"flipped"}).after, square)
    assert shapely.equals(repair(shapely.transform(square, np.negative), {"wrong_hemisphere"}).after, square)


def test_repair_refuses_what_would_change_the_area() -> None:
    bow_tie = polygon([[[0, 0], [100, 100], [100, 0], [0, 100]]])
    refused = repair(bow_tie, {"self_crossing"})
    assert refused.refused is not None and refused.refused.id == "area_changes"
    assert refused.after is bow_tie and refused.done == ()
    assert "%" in refused.refused.sentence()


def test_repair_refuses_a_change_above_the_share_and_not_below() -> None:
    spiked = polygon([[[0, 0], [100, 0], [100, 100], [50, 100], [49.8, 125], [49.6, 100], [0, 100]]])  # 5 of 10 000 m²
    assert repair(spiked, {"spike"}, most_share=0.0006).refused is None
    assert getattr(repair(spiked, {"spike"}, most_share=0.0004).refused, "id", "") == "area_changes"


@pytest.mark.parametrize("code", sorted(set(taxonomy()) - set(REPAIRABLE)))
def test_what_is_not_repaired_here_is_said(code: str) -> None:
    refused = repair(polygon([[[0, 0], [100, 0], [100, 100], [0, 100]]]), {code})
    assert refused.refused is not None and refused.refused.id == "not_repairable"


def test_repair_refuses_what_vanishes() -> None:
    gone = polygon([[[0, 0], [100, 0], [50, 0]]])
    assert getattr(repair(gone, {"self_crossing"}).refused, "id", "") == "nothing_left"
