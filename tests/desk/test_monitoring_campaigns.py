"""Campaigns and their samples: what is planned, under which codes, what is owed by whom, what is missing at the end."""

from __future__ import annotations

import math
import re
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
import shapely
from land_world import square
from monitoring_world import LATER, STARTED, campaign, county, point, record, spot, started

from soildesk.core import audit
from soildesk.core.models import Duty
from soildesk.core.permissions import NotAllowed
from soildesk.monitoring import gridcells, localrules
from soildesk.monitoring.models import Campaign, SamplingTask
from soildesk.monitoring.queries import designs
from soildesk.monitoring.refusals import MonitoringRefused
from soildesk.monitoring.services import campaigns, codes, sampling
from soildesk.monitoring.services.sampling import Wanted
from soilrules.geodesy import measure

pytestmark = [pytest.mark.django_db, pytest.mark.store]


def refused(code: str) -> Any:
    """The act is refused with this code."""
    return pytest.raises(MonitoringRefused, check=lambda error: error.code == f"monitoring.{code}")


def owed(made: Campaign) -> dict[str, tuple[date | None, bool]]:
    """Due day and whether done, by kind and unit."""
    rows = Duty.objects.for_subject(made).select_related("unit")
    return {f"{duty.kind} {duty.unit}": (duty.due, duty.done_on is not None) for duty in rows}


class TestMaking:
    """A campaign says what is measured, from when to when, by whom."""

    @pytest.mark.parametrize(
        ("facts", "code"),
        [
            ({"title": " "}, "campaign.title_missing"),
            ({"kind": "party"}, "campaign.choice"),
            ({"codes": "alphabetical"}, "campaign.choice"),
            ({"stage": "last"}, "campaign.choice"),
            ({"unit_kind": "moon"}, "campaign.choice"),
            ({"media": []}, "campaign.media"),
            ({"media": ["lava"]}, "campaign.media"),
            ({"analytes": ["unobtainium"]}, "campaign.analyte"),
            ({"ends_on": date(2026, 1, 1)}, "campaign.days"),
            ({"organiser": None}, "campaign.organiser"),
            ({"parallel_percent": 51}, "campaign.share"),
            ({"colour": "x"}, "campaign.unknown_fact"),
        ],
    )
    def test_refusals(self, world: Any, facts: dict[str, Any], code: str) -> None:
        with refused(code):
            campaign(world, **facts)

    @pytest.mark.parametrize("who", ["reader", "agriculture", "town", "stranger", "admin"])
    def test_only_the_office_plans(self, world: Any, who: str) -> None:
        made = campaign(world)
        with pytest.raises(NotAllowed):
            campaigns.change(made, {"title": "乙"}, by=world.actor(who), at=LATER)


class TestDuties:
    """A campaign owes its end, its sharing, and its samples by unit: one duty each, not one a sample."""

    def test_a_draft_owes_nothing(self, world: Any) -> None:
        made = campaign(world)
        sampling.plan_points(made, [point(world, spot(0, 0), name="甲")], by=world.actor("officer"), at=STARTED)
        assert owed(made) == {}

    def test_started_it_owes_by_unit(self, world: Any) -> None:
        officer = world.actor("officer")
        made, tasks = started(world, {str(n): point(world, spot(n, 0), name=f"点{n}") for n in range(3)})
        assert owed(made) == {
            "monitoring.sampling 柏庄镇人民政府": (date(2026, 11, 30), False),
            "monitoring.campaign 区生态环境局": (date(2026, 11, 30), False),
            "monitoring.share 区生态环境局": (date(2027, 3, 31), False),
        }
        record(world, tasks["0"])
        sampling.drop(tasks["1"], "点位已建厂房", by=officer, at=LATER)
        assert not owed(made)["monitoring.sampling 柏庄镇人民政府"][1]
        record(world, tasks["2"])
        assert owed(made)["monitoring.sampling 柏庄镇人民政府"][1]
        more = Wanted(point(world, spot(5, 5), name="加测"), unit=world.towns["柏庄镇"], due=date(2026, 11, 15))
        sampling.plan(made, [more], by=officer, at=LATER)
        assert not owed(made)["monitoring.sampling 柏庄镇人民政府"][1]

    def test_a_later_end_moves_what_is_owed(self, world: Any) -> None:
        made, _tasks = started(world, {"a": point(world, spot(0, 0), name="甲")})
        campaigns.change(made, {"ends_on": date(2027, 1, 15)}, by=world.actor("officer"), at=LATER)
        days = owed(made)
        assert days["monitoring.campaign 区生态环境局"] == (date(2027, 1, 15), False)
        assert days["monitoring.share 区生态环境局"] == (date(2028, 3, 31), False)

    def test_the_share_is_a_local_rule_with_its_source(self, world: Any) -> None:
        made, _tasks = started(world, {"a": point(world, spot(0, 0), name="甲")})
        basis = Duty.objects.for_subject(made).get(kind="monitoring.share").basis
        assert "（S）" in basis
        assert "3月底前" in basis
        assert localrules.share_due(date(2026, 1, 1)) == date(2027, 3, 31)


class TestClosing:
    """The end says what is missing, and only then may the data be shared."""

    def test_what_was_not_taken_needs_a_word(self, world: Any) -> None:
        net, officer = county(world), world.actor("officer")
        with refused("campaign.unfinished"):
            campaigns.close(net.campaign, on=world.day, by=officer, at=LATER)
        with refused("campaign.days"):
            campaigns.close(net.campaign, on=date(1, 1, 1), note="三处已封路", by=officer, at=LATER)
        made = campaigns.close(net.campaign, on=world.day, note="三处已封路", by=officer, at=LATER)
        assert made.state == "closed"
        assert set(made.tasks.values_list("state", flat=True)) == {"received", "dropped"}
        assert owed(made)["monitoring.campaign 区生态环境局"][1]
        assert owed(made)["monitoring.sampling 柏庄镇人民政府"][1]
        assert not owed(made)["monitoring.share 区生态环境局"][1]
        with refused("campaign.not_running"):
            campaigns.close(made, on=world.day, note="再办", by=officer, at=LATER)
        with refused("task.closed"):
            sampling.plan(made, [Wanted(net.points["clean"])], by=officer, at=LATER)
        assert audit.verify().ok

    def test_sharing(self, world: Any) -> None:
        net, officer = county(world), world.actor("officer")
        with refused("campaign.not_closed"):
            campaigns.share(net.campaign, on=world.day, receipt="回执 1 号", by=officer, at=LATER)
        made = campaigns.close(net.campaign, on=world.day, note="封路", by=officer, at=LATER)
        for on, receipt, code in (
            (world.day + timedelta(days=1), "回执", "campaign.future"),
            (world.day, " ", "campaign.receipt"),
            (date(2026, 1, 1), "回执", "campaign.days"),
        ):
            with refused(code):
                campaigns.share(made, on=on, receipt=receipt, by=officer, at=LATER)
        campaigns.share(made, on=world.day, receipt="市平台回执 2026-11", by=officer, at=LATER)
        assert owed(made)["monitoring.share 区生态环境局"][1]
        with refused("campaign.shared"):
            campaigns.share(made, on=world.day, receipt="再来", by=officer, at=LATER)

    def test_a_campaign_without_samples_does_not_start(self, world: Any) -> None:
        with refused("campaign.no_tasks"):
            campaigns.start(campaign(world), by=world.actor("officer"), at=STARTED)


class TestPlanning:
    """Samples are planned at points or places, once each, of the campaign's media."""

    @pytest.mark.parametrize(
        ("wanted", "code"),
        [
            ({"medium": "air"}, "task.medium"),
            ({"medium": "soil"}, "task.place"),
            ({"medium": "soil", "at": spot(0, 0), "depth_from_cm": 30, "depth_to_cm": 20}, "task.depth"),
            ({"medium": "soil", "at": spot(0, 0), "due": date(2027, 1, 1)}, "task.due"),
        ],
    )
    def test_refusals(self, world: Any, wanted: dict[str, Any], code: str) -> None:
        with refused(code):
            sampling.plan(campaign(world), [Wanted(**wanted)], by=world.actor("officer"), at=STARTED)

    def test_a_point_is_sampled_once_a_depth(self, world: Any) -> None:
        made, officer, here = campaign(world), world.actor("officer"), point(world, spot(0, 0), name="甲")
        (one,) = sampling.plan_points(made, [here], by=officer, at=STARTED)
        assert sampling.plan_points(made, [here], by=officer, at=STARTED) == []
        with refused("task.twice"):
            sampling.plan(made, [Wanted(here)], by=officer, at=STARTED)
        sampling.plan(made, [Wanted(here, depth_from_cm=20, depth_to_cm=40)], by=officer, at=STARTED)
        sampling.drop(one, "重复", by=officer, at=STARTED)
        sampling.plan(made, [Wanted(here)], by=officer, at=STARTED)
        assert one.planned_at.equals(here.geometry)

    def test_dropping(self, world: Any) -> None:
        net, officer = county(world), world.actor("officer")
        with refused("task.why_missing"):
            sampling.drop(net.tasks["clean"], " ", by=officer, at=LATER)
        with refused("task.sampled"):
            sampling.drop(net.tasks["paddy"], "不要了", by=officer, at=LATER)
        (twin,) = sampling.add_parallels(net.campaign, by=officer, at=LATER, of=[net.tasks["clean"]])
        sampling.drop(net.tasks["clean"], "封路", by=officer, at=LATER)
        twin.refresh_from_db()
        assert twin.state == "dropped"


class TestCodes:
    """The laboratory learns nothing from a code."""

    def test_random_codes_are_read_without_doubt(self, world: Any) -> None:
        made = campaign(world)
        found = codes.deal(made, 300)
        assert len(set(found)) == 300
        assert all(re.fullmatch(r"26001-[2-9A-HJKMNP-Z]{5}", code) for code in found)

    def test_sequential_parallels_do_not_stand_last(self, world: Any) -> None:
        officer = world.actor("officer")
        lasts = []
        for turn in range(6):
            made = campaign(world, codes="sequential", title=f"第{turn}轮")
            points = [point(world, spot(n, turn), name=f"点{n}") for n in range(10)] if turn == 0 else points  # noqa: F821
            sampling.plan_points(made, points, by=officer, at=STARTED)
            (twin,) = sampling.add_parallels(made, by=officer, at=STARTED)
            dealt = sorted(made.tasks.values_list("code", flat=True))
            assert [code[-4:] for code in dealt] == [f"{n:04d}" for n in range(1, 12)]
            lasts.append(dealt[-1] == twin.code)
        assert not all(lasts)

    def test_a_parallel_added_late_to_numbers_in_order_is_refused(self, world: Any) -> None:
        made, _tasks = started(world, {"a": point(world, spot(0, 0), name="甲")}, codes="sequential")
        with refused("task.parallel"):
            sampling.add_parallels(made, by=world.actor("officer"), at=LATER)

    def test_parallels_come_to_the_share(self, world: Any) -> None:
        officer = world.actor("officer")
        called = {str(n): point(world, spot(n, 1), name=f"点{n}") for n in range(11)}
        called["w"] = point(world, spot(3, 3), name="井", medium="groundwater")
        made, _tasks = started(world, called)
        assert sampling.parallels_missing(made) == {"soil": 2, "groundwater": 1}
        twins = sampling.add_parallels(made, by=officer, at=LATER)
        assert sorted(twin.medium for twin in twins) == ["groundwater", "soil", "soil"]
        assert all(twin.parallel_of and twin.planned_at.equals(twin.parallel_of.planned_at) for twin in twins)
        assert sampling.parallels_missing(made) == {"soil": 0, "groundwater": 0}
        with refused("task.parallel"):
            sampling.add_parallels(made, by=officer, at=LATER)


class TestDesign:
    """Required n, found m, by area; a grid gives what is required."""

    def test_a_survey_of_two_grounds(self, world: Any) -> None:
        ground = shapely.MultiPolygon([square(0, 0), square(5, 5, 0.3, 0.3)])
        made = campaign(world, kind="survey", stage="initial", media=["soil"], geometry=ground)
        sampling.plan(
            made, [Wanted(medium="soil", at=spot(0.5, 0.5), depth_to_cm=50)], by=world.actor("officer"), at=STARTED
        )
        lines = designs.needed(made, world.day)
        assert [(line.comparison.required.needed, line.found) for line in lines if line.comparison] == [(6, 1), (3, 0)]
        assert {line.chip.tone for line in lines} == {"bad"}

    def test_what_no_rule_says_is_unknown(self, world: Any) -> None:
        special = campaign(world, kind="special", media=["soil"])
        routine = campaign(world, media=["soil"])
        survey = campaign(world, kind="survey", stage="initial", media=["soil"])
        tones = [designs.needed(each, world.day)[0].chip.tone for each in (special, routine, survey)]
        assert tones == ["unknown", "unknown", "bad"]  # a survey needs at least three whatever its area

    @pytest.mark.parametrize("unit_kind", ["plain_area", "key_area"])
    def test_the_spacing_comes_to_what_is_required(self, world: Any, unit_kind: str) -> None:
        ground = square(-5, -4, 20, 14)
        made = campaign(world, kind="detailed", unit_kind=unit_kind, media=["soil"], geometry=ground)
        lines = designs.needed(made, world.day)
        side = designs.spacing_m(lines)
        assert side is not None
        required = lines[0].comparison.required.needed if lines[0].comparison else None
        assert required == math.ceil((lines[0].area_m2 or 0) / {"plain_area": 1e6, "key_area": 250_000}[unit_kind])
        places = gridcells.grid_points(made.geometry, side)
        assert required <= len(places) <= 1.5 * required
        assert all(ground.covers(place) for place in places)
        near = measure.distance_m(np.array(places[:-1]), np.array(places[1:]))
        assert near.min() > side / 2

    def test_free_points_are_those_on_the_ground_not_yet_taken(self, world: Any) -> None:
        net, officer = county(world), world.actor("officer")
        made = campaign(world, title="乙", media=["soil"], geometry=square(0, 0, 2, 2))
        names = {each.name for each in designs.free_points(made, officer, world.day)}
        assert names == {"柏庄水稻 1 号", "柏庄小麦 2 号", "原农药厂东侧", "小学预留地"}
        sampling.plan_points(made, [net.points["paddy"]], by=officer, at=STARTED)
        assert designs.free_points(made, officer, world.day).count() == 3
        assert SamplingTask.objects.filter(campaign=made).count() == 1
