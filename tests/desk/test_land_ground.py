"""What is known of a ground: through ancestors, by area, with what nobody knows; never zero by silence."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import shapely
from django.test import Client
from django.urls import reverse
from land_world import AT, county, edition, parcel, square

from soildesk.land import knowledge, sources
from soildesk.land.knowledge import Ground, Heard, Known, Source
from soildesk.land.queries.ground import Answer, KnownGround, known_ground
from soildesk.land.refusals import ShapeRefused
from soildesk.land.services import lineage, patrols
from soildesk.land.services.lineage import Paper, Piece
from soildesk.land.services.patrols import Seen
from soildesk.land.shapes import area_m2

pytestmark = [pytest.mark.django_db, pytest.mark.store]
JUNE = date(2026, 6, 1)
LATER = datetime(2026, 8, 1, 2, 0, tzinfo=UTC)


def answer(found: KnownGround, title: str) -> Answer:
    """The answer under a title."""
    return next(one for one in found.answers if one.title == title)


def what(one: Answer) -> dict[str, float]:
    """What is known with its share, rounded."""
    return {piece.known.what: round(piece.share, 3) for piece in one.pieces}


def divided(world: Any) -> Any:
    """The old pesticide plant split, its eastern part merged with the granary into a school."""
    land, officer = county(world), world.actor("officer")
    pieces = [Piece(square(0, 0, 0.5)), Piece(square(0.5, 0, 0.5))]
    _west, east = lineage.split(land.parcels["a"], pieces, Paper(JUNE, "供地"), by=officer, at=LATER)
    facts = {"name": "小学", "use_system": "guide2023", "use_now": "080403", "holder": "教育局"}
    return lineage.merge([east, land.parcels["b"]], facts, Paper(date(2026, 7, 1), "合并"), by=officer, at=LATER)


def test_former_uses_come_through_the_ancestors(world: Any) -> None:
    school = divided(world)
    found = known_ground(school.geometry, world.actor("officer"), world.day)
    uses = what(answer(found, "现在和过去的用途"))
    assert uses == {
        "080403 中小学用地": 1.0,
        "1001 工业用地": pytest.approx(1 / 3, abs=2e-3),
        "1101 物流仓储用地": pytest.approx(2 / 3, abs=2e-3),
    }
    assert answer(found, "现在和过去的用途").rest_m2 == 0
    told = {one.number: one.relation for one in found.ground.stood}
    assert sum("前身" in relation for relation in told.values()) == 3
    assert what(answer(found, "使用权人"))["青禾农化有限公司"] == pytest.approx(1 / 3, abs=2e-3)


def test_before_the_split_and_before_anybody_knew_of_it(world: Any) -> None:
    school = divided(world)
    actor = world.actor("officer")
    for found in (
        known_ground(school.geometry, actor, date(2026, 5, 31)),
        known_ground(school.geometry, actor, world.day, AT),
    ):
        assert {one.relation for one in found.ground.stood} == {"现有地块"}
        assert set(what(answer(found, "现在和过去的用途"))) == {"1001 工业用地", "1101 物流仓储用地"}


def test_the_remainder_is_said_in_square_metres_and_never_zero_by_silence(world: Any) -> None:
    county(world)
    shape = square(0, 0, 1, 2)  # the plant and the waste ground north of it, whose use nobody wrote down
    found = known_ground(shape, world.actor("officer"), world.day)
    uses = answer(found, "现在和过去的用途")
    assert uses.rest_share == pytest.approx(0.5, abs=1e-3)
    assert uses.covered_m2 is not None and uses.rest_m2 is not None
    assert uses.covered_m2 + uses.rest_m2 == pytest.approx(found.ground.area_m2, abs=1e-6)
    nowhere = known_ground(square(30, 30), world.actor("officer"), world.day)
    for one in nowhere.answers:
        assert one.cannot_say or (one.pieces == [] and one.rest_share == 1.0 and one.rest)


def test_zones_are_hit_by_area_and_a_day_without_edition_cannot_say(world: Any) -> None:
    land = county(world)
    found = known_ground(square(2, 0), world.actor("officer"), world.day)
    assert what(answer(found, land.layers["water"].title)) == {
        "一级保护区，一级": pytest.approx(0.25, abs=1e-3),
        "二级保护区，二级": pytest.approx(0.75, abs=1e-3),
    }
    red = answer(found, land.layers["red_line"].title)
    assert (red.pieces, red.rest_share) == ([], 1.0)
    earlier = known_ground(square(2, 0), world.actor("officer"), date(2025, 6, 1))
    unknown = answer(earlier, land.layers["red_line"].title)
    assert unknown.cannot_say and unknown.rest_m2 is None


def test_zones_beyond_the_most_are_counted_and_never_left_out_in_silence(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    client.force_login(world.people["officer"])
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    monkeypatch.setattr(sources, "MOST_ZONES", 2)
    land = county(world)
    small = [{"code": f"N{n}", "name": f"小{n}", "geometry": square(n * 0.1, 0, 0.05)} for n in range(4)]
    whole = {"code": "W", "name": "大", "geometry": square(0, 0.5, 1, 0.2)}
    edition(world, land.layers["red_line"], [*small, whole], since=JUNE)
    one = answer(known_ground(square(0, 0), world.actor("officer"), world.day), "示例生态保护红线")
    assert one.pieces[0].known.what == "大"
    assert len(one.pieces) == 2
    assert "另有 3 个图斑" in one.left_out
    assert "没有列出的图斑" in one.rest
    assert one.rest_m2 == pytest.approx(area_m2(square(0, 0)) * (1 - 0.2 - 0.05 * 0.8), rel=0.01)
    page = client.get(reverse("land:ground"), {"parcel": str(land.parcels["a"].parcel.uid)}).content.decode()
    assert "另有 3 个图斑" in page
    monkeypatch.setattr(sources, "MOST_ZONES", 5)
    assert not answer(known_ground(square(0, 0), world.actor("officer"), world.day), "示例生态保护红线").left_out


def test_patrols_are_told_of_the_land_they_looked_at(world: Any) -> None:
    sand = county(world).unused["sand"]
    seen = Seen("pollution", date(2026, 5, 1), "有异味积液")
    patrols.record(sand, seen, by=world.actor("town"), at=LATER)
    found = known_ground(square(3.5, 0), world.actor("officer"), world.day)
    told = answer(found, "未利用地巡查")
    assert what(told) == {"疑似污染：有异味积液": pytest.approx(0.5, abs=1e-3)}
    assert told.rest_share == pytest.approx(0.5, abs=1e-3)


def test_scope_and_personal_data(world: Any) -> None:
    school = divided(world)
    stranger = known_ground(school.geometry, world.actor("stranger"), world.day)
    assert stranger.ground.stood == ()
    assert [one.title for one in stranger.answers] == [
        "现在和过去的用途",
        "建设用地地块和名录",
        "调查、评估结论覆盖",
        "农用地类别",
        "在此生产经营的企业",
        "使用权人",
        "未利用地巡查",
    ]
    reader = known_ground(school.geometry, world.actor("reader"), world.day)
    assert "没有查看使用权人的权限" in answer(reader, "使用权人").cannot_say
    assert "青禾农化" not in str(reader.answers)


def test_a_room_above_tells_what_it_knows_of_parcels(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    school = divided(world)
    old = next(
        one.parcel
        for one in known_ground(school.geometry, world.actor("officer"), world.day).ground.stood
        if one.name == "原农药厂"
    )

    def surveys(ground: Ground, actor: Any) -> Any:
        assert old in ground.parcel_ids
        yield Heard("调查", [Known("初步调查", parcel=old)])

    monkeypatch.setattr(knowledge, "_sources", {"x": Source("x", "调查", surveys)})
    found = known_ground(school.geometry, world.actor("officer"), world.day)
    one = answer(found, "调查")
    assert one.pieces[0].share == pytest.approx(1 / 3, abs=2e-3)
    assert one.rest_share == pytest.approx(2 / 3, abs=2e-3)


def test_overlapping_knowledge_is_not_counted_twice(world: Any) -> None:
    parcel(world, square(0, 0), kind="plot", use_now="R2")
    parcel(world, square(0, 0), kind="lot", use_now="M1")
    one = answer(known_ground(square(0, 0, 2), world.actor("officer"), world.day), "现在和过去的用途")
    assert len(one.pieces) == 2
    assert one.rest_share == pytest.approx(0.5, abs=1e-3)


def test_a_shape_that_is_no_ground_is_refused(world: Any) -> None:
    with pytest.raises(ShapeRefused):
        known_ground(shapely.Point(114, 34), world.actor("officer"), world.day)
