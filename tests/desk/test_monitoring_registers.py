"""The registers of the network keep the promises of every register; the public sees cells and nothing closed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import numpy as np
import pytest
import shapely
from django.test import Client
from land_world import place, square
from monitoring_world import AT, SINCE, campaign, county, point, record, spot, started
from register_promises import RegisterPromises

from soildesk.core.versions import Recording
from soildesk.monitoring import gridcells
from soildesk.monitoring.models import PublicPoint
from soildesk.monitoring.services import backgrounds, points
from soilrules.geodesy import measure

pytestmark = [pytest.mark.django_db]


class TestPoints(RegisterPromises):
    """Points."""

    collection = "points"
    changes: ClassVar[dict[str, str]] = {"name": "柏庄水稻 1 号（移位）", "crop": "水稻"}

    def fill(self, world: Any) -> Sequence[str]:
        made = [point(world, spot(each, 0.5), name=f"柏庄{each}号", code=f"P-{each}", source="某厂") for each in (1, 2)]
        return [str(each.point.uid) for each in made]

    def more(self, world: Any, count: int) -> None:
        for each in range(count):
            point(world, spot(each, 7.5), name=f"又{each}号", frequency_months=12)


class TestBackgrounds(RegisterPromises):
    """Geological backgrounds."""

    collection = "backgrounds"
    changes: ClassVar[dict[str, str]] = {"upper": "0.9"}

    def fill(self, world: Any) -> Sequence[str]:
        return [str(self._made(world, each).background.uid) for each in (1, 2)]

    def more(self, world: Any, count: int) -> None:
        for each in range(count):
            self._made(world, each + 5)

    def _made(self, world: Any, east: int) -> Any:
        facts = {
            "name": f"背景{east}",
            "analyte": "镉",
            "upper": "0.8",
            "document": "调查报告",
            "geometry": square(east, 9),
        }
        return backgrounds.register(facts, place(world), since=SINCE, by=world.actor("officer"), at=AT)


class Unversioned(RegisterPromises):
    """Rows that are no versions of things have no history of versions."""

    def addresses(self, keys: Sequence[str]) -> Iterator[str]:
        return (url for url in super().addresses(keys) if not url.endswith("/history"))


class TestCampaigns(Unversioned):
    """Campaigns."""

    collection = "campaigns"

    def fill(self, world: Any) -> Sequence[str]:
        return [str(campaign(world, title=f"任务{each}").uid) for each in (1, 2)]

    def more(self, world: Any, count: int) -> None:
        for each in range(count):
            campaign(world, title=f"又一任务{each}")


class TestTasks(Unversioned):
    """Sampling tasks; who took the sample is hidden from those who only read."""

    collection = "sampling_tasks"
    personal = "绝密采样人"

    def fill(self, world: Any) -> Sequence[str]:
        called = {str(each): point(world, spot(each, 3.5), name=f"点{each}") for each in range(3)}
        _campaign, tasks = started(world, called)
        record(world, tasks["0"], sampler=self.personal, witness="绝密见证人")
        return [str(each.uid) for each in tasks.values()]

    def more(self, world: Any, count: int) -> None:
        started(
            world, {str(each): point(world, spot(each, 6.5), name=f"又{each}") for each in range(count)}, title="又一轮"
        )


@pytest.mark.store
class TestThePublic:
    """Nobody without login learns where a point is that is not open."""

    @pytest.fixture(autouse=True)
    def _today(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")

    def features(self, query: str = "") -> list[dict[str, Any]]:
        answer = Client().get(f"/ogc/collections/points/items?limit=100{query}")
        assert answer.status_code == 200, answer.content
        found: list[dict[str, Any]] = json.loads(b"".join(answer) if answer.streaming else answer.content)["features"]
        return found

    def test_closed_points_are_absent_cells_stand_for_points(self, world: Any) -> None:
        net = county(world)
        found = {each["id"]: each for each in self.features()}
        cell, exact = net.points["clean"], net.points["river"]
        assert set(found) == {str(cell.point.uid), str(exact.point.uid)}
        shown = shapely.Point(found[str(cell.point.uid)]["geometry"]["coordinates"])
        assert shown.distance(cell.geometry) > 0.0005
        assert shown.distance(gridcells.middle_of_cell(cell.geometry)) < 1e-9
        assert shapely.Point(found[str(exact.point.uid)]["geometry"]["coordinates"]).distance(exact.geometry) < 1e-9
        told = json.dumps(list(found.values()), ensure_ascii=False)
        assert "东山背景点" not in told
        assert "东河断面" in told

    def test_a_box_about_the_exact_place_does_not_find_it(self, world: Any) -> None:
        made = point(world, spot(0.5, 0.5), name="甲", openness="cell")
        x, y = made.geometry.x, made.geometry.y
        assert self.features(f"&bbox={x - 1e-4},{y - 1e-4},{x + 1e-4},{y + 1e-4}") == []
        middle = gridcells.middle_of_cell(made.geometry)
        assert len(self.features(f"&bbox={middle.x - 1e-4},{middle.y - 1e-4},{middle.x + 1e-4},{middle.y + 1e-4}")) == 1

    def test_every_point_of_a_cell_is_shown_at_one_place(self, world: Any) -> None:
        ones = [point(world, spot(0.2 * each, 0.1), name=f"点{each}", openness="cell") for each in range(6)]
        shown = {shapely.to_wkt(row.geometry, rounding_precision=7) for row in PublicPoint.objects.all()}
        distances = [
            measure.distance_m(np.array([one.geometry]), np.array([gridcells.middle_of_cell(one.geometry)]))[0]
            for one in ones
        ]
        assert len(shown) <= 2
        assert max(distances) <= 500 * 2**0.5 + 0.01

    def test_what_is_closed_later_goes(self, world: Any) -> None:
        made = point(world, spot(0.5, 0.5), name="甲", openness="exact")
        assert len(self.features()) == 1
        why = Recording(world.actor("officer"), AT, "不再公开")
        points.change(made, {"openness": "closed"}, since=None, recording=why)
        assert self.features() == []

    @pytest.mark.parametrize("query", ["&due=late", "&town=-", "&medium=soil", "&filter=name='甲'", "&sortby=name"])
    def test_filters_of_the_staff_break_nothing(self, world: Any, query: str) -> None:
        point(world, spot(0.5, 0.5), name="甲", openness="cell")
        assert Client().get(f"/ogc/collections/points/items?limit=5{query}").status_code in {200, 400}

    def test_other_faces_are_closed(self, world: Any) -> None:
        made = point(world, spot(0.5, 0.5), name="甲", openness="cell")
        for url in (f"/kit/r/points/{made.point.uid}", "/kit/r/points/", f"/map/card/points/{made.point.uid}"):
            assert Client().get(url).status_code in {302, 401, 403, 404}, url
