"""Splits, mergers and boundaries: ground tiles, areas sum to the last bit, and every day keeps its own parcels."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from land_world import AT, SINCE, WEST, county, parcel, square
from shapely.affinity import rotate

from soildesk.core import audit
from soildesk.core.models import AuditEntry
from soildesk.core.permissions import NotAllowed
from soildesk.core.versions import Recording
from soildesk.land.cutting import cut
from soildesk.land.models import LineageEvent, ParcelVersion
from soildesk.land.queries import ancestry, standing, tree
from soildesk.land.refusals import LineageRefused
from soildesk.land.services import lineage, parcels
from soildesk.land.services.lineage import Paper, Piece
from soildesk.land.shapes import area_m2
from soildesk.land.tiling import tiling, tolerance_m2
from soilrules.geodesy import measure

pytestmark = [pytest.mark.django_db, pytest.mark.store]
JUNE, JULY, AUGUST = date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1)
LATER = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
PAPER = Paper(JUNE, "供地需要", "青政土〔2026〕12号")


def refused(code: str) -> Any:
    """The act is refused with this code."""
    return pytest.raises(LineageRefused, check=lambda error: error.code == f"land.lineage.{code}")


def halves() -> list[Piece]:
    """Square a in a western 30 % and the rest."""
    return [Piece(square(0, 0, 0.3)), Piece(square(0.3, 0, 0.7), {"name": "东块", "code": "DK-A-2"})]


class TestSplit:
    """A parcel becomes its pieces on a day."""

    def test_the_pieces_sum_to_the_parcel_and_take_its_place(self, world: Any) -> None:
        a = county(world).parcels["a"]
        made = lineage.split(a, halves(), PAPER, by=world.actor("officer"), at=LATER)
        assert math.fsum(piece.area_m2 for piece in made) == a.area_m2
        assert [piece.name for piece in made] == ["原农药厂-1", "东块"]
        assert {piece.use_now for piece in made} == {"1001"}
        event = LineageEvent.objects.get()
        assert math.fsum(link.area_m2 for link in event.links.all()) == a.area_m2
        entry = AuditEntry.objects.get(act="land.parcel.split")
        assert entry.data["before"] == {a.parcel.number: a.area_m2}
        assert audit.verify().ok

    def test_each_day_and_each_knowledge_keeps_its_parcels(self, world: Any) -> None:
        land = county(world)
        made = lineage.split(land.parcels["a"], halves(), PAPER, by=world.actor("officer"), at=LATER)
        actor, old = world.actor("officer"), land.parcels["a"].parcel_id
        new = {piece.parcel_id for piece in made}

        def there(on: date, known_on: datetime | None = None) -> set[int]:
            return set(standing.parcels(actor, on, known_on).values_list("parcel", flat=True)) & (new | {old})

        assert there(date(2026, 5, 31)) == {old}
        assert there(JUNE) == new
        assert there(JUNE, AT) == {old}  # nobody knew of it yet

    @pytest.mark.parametrize(
        ("pieces", "code"),
        [
            ([Piece(square(0, 0))], "too_few"),
            ([Piece(square(0, 0, 0.3)), Piece(square(0.35, 0, 0.65))], "gap"),
            ([Piece(square(0, 0, 0.4)), Piece(square(0.3, 0, 0.7))], "overlap"),
            ([Piece(square(0, 0, 0.5)), Piece(square(0.5, 0, 0.6))], "outside"),
        ],
    )
    def test_pieces_that_do_not_tile_are_refused_with_square_metres(
        self, world: Any, pieces: list[Piece], code: str
    ) -> None:
        a = county(world).parcels["a"]
        with refused(code) as caught:
            lineage.split(a, pieces, PAPER, by=world.actor("officer"), at=LATER)
        assert code == "too_few" or "m²" in str(caught.value)
        assert not LineageEvent.objects.exists()
        assert ParcelVersion.objects.get(parcel=a.parcel, superseded_at=None).until is None

    def test_centimetres_of_surveying_are_no_gap(self, world: Any) -> None:
        a = county(world).parcels["a"]
        west = shapely.box(*a.geometry.bounds[:2], WEST + 0.0009999, a.geometry.bounds[3])
        east = shapely.box(WEST + 0.00100005, a.geometry.bounds[1], *a.geometry.bounds[2:])
        plan = tiling(a.geometry, [west, east], a.area_m2)
        assert 0 < plan.gap_m2 < plan.tolerance_m2
        made = lineage.split(a, [Piece(west), Piece(east)], PAPER, by=world.actor("officer"), at=LATER)
        assert math.fsum(piece.area_m2 for piece in made) == a.area_m2

    def test_days_reasons_and_places(self, world: Any) -> None:
        land = county(world)
        a, officer = land.parcels["a"], world.actor("officer")
        for paper, code in (
            (Paper(JUNE, " "), "why_missing"),
            (Paper(date(2026, 11, 21), "明天"), "future"),
            (Paper(SINCE, "同日"), "not_open"),
        ):
            with refused(code):
                lineage.split(a, halves(), paper, by=officer, at=LATER)
        with pytest.raises(NotAllowed):
            lineage.split(a, halves(), PAPER, by=world.actor("stranger"), at=LATER)
        ended = parcels.end(a, on=JULY, recording=Recording(officer, LATER, "终止"))
        with refused("later_versions"):
            lineage.split(ended, halves(), PAPER, by=officer, at=LATER)


class TestMerge:
    """Neighbours become one."""

    def test_areas_add_and_what_is_not_said_comes_from_the_largest(self, world: Any) -> None:
        land = county(world)
        a, b, c = (land.parcels[name] for name in "abc")
        made = lineage.merge([c, a, b], {"name": "柏庄片区"}, PAPER, by=world.actor("officer"), at=LATER)
        assert made.area_m2 == math.fsum([a.area_m2, b.area_m2, c.area_m2])
        assert made.geometry.geom_type == "MultiPolygon" and len(made.geometry.geoms) == 1
        assert area_m2(made.geometry) == pytest.approx(made.area_m2, rel=1e-8)
        assert {link.ancestor_id: link.area_m2 for link in LineageEvent.objects.get().links.all()} == {
            one.parcel_id: one.area_m2 for one in (a, b, c)
        }

    def test_corners_distance_kinds_and_districts(self, world: Any) -> None:
        land, officer = county(world), world.actor("officer")
        p = land.parcels
        lot = parcel(world, square(-1, 0), kind="lot")
        for chosen, code in (
            ([p["a"]], "too_few"),
            ([p["a"], p["a"]], "twice"),
            ([p["a"], p["c"]], "apart"),
            ([p["d"], p["b"]], "apart"),  # they share a corner
            ([p["a"], lot], "kinds"),
        ):
            with refused(code):
                lineage.merge(chosen, {}, PAPER, by=officer, at=LATER)
        grant = world.people["officer"].grants.get()
        grant.division = world.city
        grant.save()
        with refused("other_place"):
            lineage.merge([p["a"], p["e"]], {}, PAPER, by=world.actor("officer"), at=LATER)


class TestBoundary:
    """One parcel, or several at once, get new boundaries and stay themselves."""

    def test_a_line_between_two_moves(self, world: Any) -> None:
        land = county(world)
        a, b = land.parcels["a"], land.parcels["b"]
        made = lineage.move_boundary(
            [(a, square(0, 0, 1.25)), (b, square(1.25, 0, 0.75))], PAPER, by=world.actor("officer"), at=LATER
        )
        assert [one.parcel_id for one in made] == [a.parcel_id, b.parcel_id]
        assert math.fsum(one.area_m2 for one in made) == pytest.approx(a.area_m2 + b.area_m2, abs=1e-9)
        shares = {
            (link.ancestor_id, link.descendant_id): link.area_m2 for link in LineageEvent.objects.get().links.all()
        }
        assert set(shares) == {(a.parcel_id, a.parcel_id), (b.parcel_id, a.parcel_id), (b.parcel_id, b.parcel_id)}
        assert math.fsum([shares[b.parcel_id, a.parcel_id], shares[b.parcel_id, b.parcel_id]]) == b.area_m2
        assert shares[b.parcel_id, a.parcel_id] == pytest.approx(b.area_m2 / 4, rel=1e-3)

    def test_one_parcel_grows_into_ground_of_nobody_but_not_into_a_neighbour(self, world: Any) -> None:
        land, officer = county(world), world.actor("officer")
        c, b = land.parcels["c"], land.parcels["b"]
        with refused("into_neighbour") as caught:
            lineage.move_boundary([(c, square(1.9, 0, 1.1))], PAPER, by=officer, at=LATER)
        assert b.parcel.number in str(caught.value)
        (made,) = lineage.move_boundary([(c, square(2, 0, 1.5))], PAPER, by=officer, at=LATER)
        assert made.area_m2 == pytest.approx(1.5 * c.area_m2, rel=1e-3)
        assert LineageEvent.objects.get().links.get().area_m2 == c.area_m2

    def test_refusals(self, world: Any) -> None:
        land, officer = county(world), world.actor("officer")
        a, b = land.parcels["a"], land.parcels["b"]
        with refused("same"):
            lineage.move_boundary([(a, a.geometry)], PAPER, by=officer, at=LATER)
        with refused("overlap"):
            lineage.move_boundary([(a, square(0, 0, 1.2)), (b, b.geometry)], PAPER, by=officer, at=LATER)


class TestKin:
    """Where ground came from and what became of it, through several events."""

    def test_split_then_merge_then_swap(self, world: Any) -> None:
        land, officer = county(world), world.actor("officer")
        a, b = land.parcels["a"], land.parcels["b"]
        west, east = lineage.split(a, halves(), PAPER, by=officer, at=LATER)
        merged = lineage.merge([east, b], {}, Paper(JULY, "合并"), by=officer, at=LATER)
        up = ancestry.ancestors([merged.parcel_id], JULY)
        assert [(step.link.ancestor_id, step.depth) for step in up] == [
            (east.parcel_id, 1), (b.parcel_id, 1), (a.parcel_id, 2),
        ]  # fmt: skip
        down = ancestry.descendants([a.parcel_id], SINCE)
        assert {step.link.descendant_id for step in down} == {west.parcel_id, east.parcel_id, merged.parcel_id}
        assert ancestry.ancestors([merged.parcel_id], JULY, AT) == []
        kin = tree.of(merged.parcel, officer, AUGUST)
        assert [node.number for node in kin.came_from] == [east.parcel.number, b.parcel.number]
        assert kin.came_from[0].below[0].number == a.parcel.number

    def test_parcels_that_gave_each_other_ground_end_the_walk(self, world: Any) -> None:
        land, officer = county(world), world.actor("officer")
        a, b = land.parcels["a"], land.parcels["b"]
        swap = [(a, square(0.5, 0)), (b, shapely.union_all([square(0, 0, 0.5), square(1.5, 0, 0.5)]))]
        moved = lineage.move_boundary(swap, PAPER, by=officer, at=LATER)
        back = [(moved[0], square(0, 0)), (moved[1], square(1, 0))]
        lineage.move_boundary(back, Paper(JULY, "换回"), by=officer, at=LATER)
        steps = ancestry.ancestors([a.parcel_id], AUGUST)
        assert len(steps) == len({step.link.pk for step in steps}) == 6
        assert max(step.depth for step in steps) == 2


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    angle=st.floats(0, 180),
    turn=st.floats(0, 360),
    shift=st.floats(-0.35, 0.35),
    corners=st.lists(st.floats(0.55, 1.0), min_size=5, max_size=12),
)
def test_any_cut_sums_to_the_parcel(angle: float, turn: float, shift: float, corners: list[float]) -> None:
    """A star-shaped ground cut by a line through it: the pieces tile it and sum to it exactly."""
    steps = [2 * math.pi * at / len(corners) for at in range(len(corners))]
    ring = [
        (114.3 + 0.002 * r * math.cos(t), 34.7 + 0.002 * r * math.sin(t)) for r, t in zip(corners, steps, strict=True)
    ]
    ground = rotate(shapely.Polygon(ring), turn)
    middle = ground.representative_point()
    knife = rotate(shapely.LineString([(middle.x - 0.01, middle.y), (middle.x + 0.01, middle.y)]), angle, origin=middle)
    knife = shapely.transform(knife, lambda xy: xy + np.array([0, shift * 0.0005]))
    try:
        pieces = cut(ground, knife)
    except LineageRefused:
        return
    plan = tiling(ground, pieces)
    assert plan.fits
    assert math.fsum(plan.scaled_m2) == plan.ground_m2 == area_m2(ground)
    assert max(plan.gap_m2, plan.overlap_m2, plan.outside_m2) < tolerance_m2(ground) / 100


@settings(max_examples=200, deadline=None)
@given(pieces=st.lists(st.floats(0.01, 1e7), min_size=1, max_size=20), parent=st.floats(0.1, 1e8))
def test_scaled_pieces_sum_to_the_last_bit(pieces: list[float], parent: float) -> None:
    scaled = measure.scaled_to_parent(pieces, parent)
    assert math.fsum(scaled) == parent
    assert scaled.tolist() == pytest.approx([piece * parent / math.fsum(pieces) for piece in pieces], rel=1e-9)
