"""Points and backgrounds: registered, changed, corrected and ended by acts that refuse in words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import shapely
from land_world import AT, SINCE, place, square
from monitoring_world import county, point, spot

from soildesk.core.models import AuditEntry
from soildesk.core.permissions import NotAllowed
from soildesk.core.versions import Recording, VersionRefused
from soildesk.kit.gis import places
from soildesk.monitoring.models import PointVersion
from soildesk.monitoring.queries import duedays, network
from soildesk.monitoring.queries.duedays import Due, Start
from soildesk.monitoring.refusals import BackgroundRefused, MonitoringRefused
from soildesk.monitoring.services import backgrounds, points
from soilrules.monitoring.frequency import RoundDone
from soilrules.statistics.self_monitoring import Round

pytestmark = [pytest.mark.django_db, pytest.mark.store]
JUNE = date(2026, 6, 1)
LATER = datetime(2026, 8, 1, 2, 0, tzinfo=UTC)


def refused(code: str) -> Any:
    """The act is refused with this code."""
    return pytest.raises(MonitoringRefused, check=lambda error: error.code == f"monitoring.{code}")


def why(world: Any, reason: str = "核实后更正") -> Recording:
    """Who writes, when, why."""
    return Recording(world.actor("officer"), LATER, reason)


class TestRegistering:
    """A point has a number, a place, a keeper, and one audit entry."""

    def test_numbers_are_the_places_own(self, world: Any) -> None:
        made = point(world, spot(0, 0), name="甲")
        assert made.point.number == "JCD-990101-2026-00001"
        assert AuditEntry.objects.latest("id").act == "monitoring.point.registered"
        assert (made.openness, made.keeper) == ("closed", world.departments["ecology"])

    @pytest.mark.parametrize(
        ("facts", "code"),
        [
            ({"name": " "}, "point.name_missing"),
            ({"kind": "magic"}, "point.choice"),
            ({"level": ""}, "point.choice"),
            ({"medium": "lava"}, "point.choice"),
            ({"openness": "wide"}, "point.choice"),
            ({"depth_from_cm": 20, "depth_to_cm": 20}, "point.depth"),
            ({"depth_from_cm": 0, "depth_to_cm": 20_001}, "point.depth"),
            ({"layer": "deep", "depth_from_cm": 0, "depth_to_cm": 50}, "point.layer"),
            ({"layer": "surface", "depth_from_cm": 0, "depth_to_cm": 51}, "point.layer"),
            ({"unit_class": "third"}, "point.choice"),
            ({"near_sensitive": "maybe"}, "point.choice"),
            ({"frequency_months": 0}, "point.frequency"),
            ({"frequency_months": 121}, "point.frequency"),
            ({"colour": "red"}, "point.unknown_fact"),
            ({"geometry": shapely.Point(34.7, 114.3)}, "point.outside"),
            ({"geometry": square(0, 0)}, "point.place_missing"),
            ({"geometry": shapely.Point()}, "point.place_missing"),
        ],
    )
    def test_refusals(self, world: Any, facts: dict[str, Any], code: str) -> None:
        with refused(code):
            point(world, facts.pop("geometry", spot(0, 0)), **{"name": "甲", **facts})

    def test_outside_the_division_it_needs_a_word_why(self, world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        """A wrong coordinate lands beyond the boundary; a control point upstream may lie there on purpose."""
        ours = places.Boundary(spot(0, 0).buffer(0.0001), "divisions")
        monkeypatch.setattr(places, "boundary_of", lambda actor, on, into="": ours)
        with refused("point.outside"):
            point(world, spot(3, 3), name="甲")
        made = point(world, spot(3, 3), name="甲", note="上游对照点，在界外")
        assert made.note
        with refused("point.outside"):
            points.change(made, {"note": ""}, since=None, recording=Recording(world.actor("officer"), AT, "更正"))
        assert point(world, spot(0, 0), name="乙")

    def test_a_code_and_a_place_stand_once(self, world: Any) -> None:
        point(world, spot(0, 0), name="甲", code="A-1")
        with refused("point.code_taken"):
            point(world, spot(1, 1), name="乙", code="A-1")
        with refused("point.duplicate"):
            point(world, spot(0, 0), name="乙")
        assert point(world, spot(0, 0), name="乙（深）", depth_from_cm=50, depth_to_cm=100)
        assert point(world, spot(0, 0), name="丙", medium="groundwater")

    def test_tomorrow_is_not_a_fact_yet(self, world: Any) -> None:
        with refused("point.future"):
            point(world, spot(0, 0), name="甲", since=world.day + timedelta(days=1))

    @pytest.mark.parametrize("who", ["reader", "agriculture", "town", "stranger", "admin", "auditor"])
    def test_only_the_office_registers(self, world: Any, who: str) -> None:
        facts = {"name": "甲", "level": "county", "kind": "risk", "medium": "soil", "geometry": spot(0, 0)}
        with pytest.raises(NotAllowed):
            points.register(facts, place(world), since=SINCE, by=world.actor(who), at=AT)


class TestChanging:
    """What was said before stays to be read."""

    def test_a_change_counts_from_its_day(self, world: Any) -> None:
        made = point(world, spot(0, 0), name="甲")
        points.change(made, {"kind": "risk", "geometry": spot(1, 1)}, since=JUNE, recording=why(world))
        actor = world.actor("officer")
        assert [row.kind for row in network.points(actor, date(2026, 5, 31))] == ["routine"]
        assert [row.kind for row in network.points(actor, JUNE)] == ["risk"]
        assert [row.kind for row in network.points(actor, JUNE, AT)] == ["routine"]

    def test_what_does_not_change_is_refused(self, world: Any) -> None:
        made = point(world, spot(0, 0), name="甲")
        with pytest.raises(VersionRefused):
            points.change(made, {"name": "甲"}, since=None, recording=why(world))
        with pytest.raises(VersionRefused):
            points.change(made, {"name": "乙"}, since=None, recording=why(world, " "))

    def test_a_point_that_owes_a_sample_does_not_end(self, world: Any) -> None:
        net = county(world)
        with refused("point.running"):
            points.end(net.points["clean"], on=world.day, recording=why(world, "撤点"))
        held = points.end(net.points["mud"], on=JUNE, recording=why(world, "撤点"))
        assert held.until == JUNE
        with refused("point.ended"):
            points.end(held, on=JUNE, recording=why(world, "撤点"))
        assert PointVersion.objects.standing(world.day).filter(point=held.point).count() == 0


class TestRounds:
    """A point is late by its own period alone; without one nothing is owed."""

    def late(self, world: Any, on: date) -> set[str]:
        """Names of the points late on a day."""
        rows = network.points(world.actor("officer"), on).filter(network.ROUND_CONDITIONS["late"](on))
        return set(rows.values_list("name", flat=True))

    def test_late_after_its_period(self, world: Any) -> None:
        net = county(world)
        assert net.points["well"].frequency_months == 6
        assert self.late(world, date(2026, 7, 5)) == set()
        assert self.late(world, date(2026, 7, 6)) == {"农药厂下游井"}
        rows = [{**self.rows(world, "柏庄小麦 2 号")[0], "frequency_months": 12}]
        network.add_rounds(rows, world.actor("officer"), world.day)
        assert (rows[0]["_last"], rows[0]["_due"], rows[0]["_late"]) == (date(2026, 10, 12), date(2027, 10, 12), False)

    def test_the_standard_gives_a_period_where_the_point_has_none(self, world: Any) -> None:
        net = county(world)  # routine soil: once in five years after a round; the river of the routine has no number
        (row,) = self.rows(world, "柏庄水稻 1 号")
        assert (row["frequency_months"], row["_due"]) == (None, date(2031, 10, 12))
        assert self.rows(world, "东河断面")[0]["_due"] is None
        assert net.points["paddy"].name in self.late(world, date(2031, 10, 13))

    def test_an_abnormal_round_halves_the_period_of_self_monitoring(self) -> None:
        row = {"frequency_months": 6, "kind": "self"}
        last = date(2026, 6, 30)
        for outcomes, due in (
            ([Round.NORMAL], date(2026, 12, 30)),
            ([Round.ABNORMAL], date(2026, 9, 30)),
            ([Round.ABNORMAL, Round.NORMAL], date(2026, 9, 30)),
            ([Round.ABNORMAL, Round.NORMAL, Round.NORMAL], date(2026, 12, 30)),
        ):
            days = [last - timedelta(days=90 * back) for back in range(len(outcomes))][::-1]
            rounds = [RoundDone(day, outcome) for day, outcome in zip(days, outcomes, strict=True)]
            assert duedays.due(row, last, rounds, Start(SINCE)).day == due, outcomes
        abnormal = [RoundDone(last, Round.ABNORMAL)]
        assert duedays.due({**row, "kind": "risk"}, last, abnormal, Start(SINCE)).day == date(2026, 12, 30)

    def test_a_round_whose_results_are_not_here_leaves_the_day_open(self) -> None:
        row = {"frequency_months": 6, "kind": "self"}
        found = duedays.due(row, date(2026, 6, 30), [RoundDone(date(2025, 12, 30), Round.NORMAL)], Start(SINCE))
        assert (found.day, found.latest) == (None, date(2026, 12, 30))
        assert "未知" in found.why
        assert not found.late_on(date(2026, 12, 30))
        assert found.late_on(date(2026, 12, 31))

    def test_another_change_of_a_point_never_sampled_starts_nothing_anew(self, world: Any) -> None:
        made = point(world, spot(0, 0), name="甲", kind="risk", frequency_months=6)
        assert self.due(world, "甲").day == date(2026, 7, 5)
        points.change(made, {"note": "改了备注"}, since=JUNE, recording=why(world))
        found = self.due(world, "甲")
        assert found.day == date(2026, 7, 5)
        assert "自点位启用 2026-01-05 起 6 个月" in found.why
        assert self.late(world, date(2026, 7, 6)) == {"甲"}
        held = PointVersion.objects.standing(world.day).get(point=made.point)
        points.change(held, {"frequency_months": 12}, since=date(2026, 7, 1), recording=why(world, "频次调整"))
        found = self.due(world, "甲")
        assert found.day == date(2027, 7, 1)
        assert "监测周期自 2026-07-01 起为 12 个月" in found.why

    def due(self, world: Any, name: str) -> Due:
        """When a point is due, on the day of the tests."""
        (row,) = network.points(world.actor("officer"), world.day).filter(name=name).values(*duedays.FIELDS)
        return duedays.dues_on([row], world.day)[1][row["point_id"]]

    @pytest.mark.parametrize(
        ("facts", "day", "latest", "said"),
        [
            ({"layer": "surface"}, date(2027, 10, 12), date(2027, 10, 12), "1209"),
            ({"layer": "deep", "depth_from_cm": None, "depth_to_cm": None}, date(2029, 10, 12), date(2029, 10, 12), "1209"),
            ({"depth_to_cm": 50}, date(2027, 10, 12), date(2027, 10, 12), "1209"),
            ({"depth_from_cm": None, "depth_to_cm": None}, None, date(2029, 10, 12), "表层还是深层"),
            ({"medium": "groundwater", "unit_class": "first", "near_sensitive": "no"}, date(2027, 4, 12), date(2027, 4, 12), "1209"),
            ({"medium": "groundwater", "unit_class": "first", "near_sensitive": "yes"}, date(2027, 1, 12), date(2027, 1, 12), "1209"),
            ({"medium": "groundwater", "unit_class": "second", "near_sensitive": "no"}, date(2027, 10, 12), date(2027, 10, 12), "1209"),
            ({"medium": "groundwater", "unit_class": "second", "near_sensitive": "yes"}, date(2027, 4, 12), date(2027, 4, 12), "1209"),
            ({"medium": "groundwater", "near_sensitive": "no"}, None, date(2027, 10, 12), "单元"),
            ({"medium": "groundwater", "unit_class": "first"}, None, date(2027, 4, 12), "敏感区"),
            ({"medium": "groundwater", "unit_class": "none", "near_sensitive": "no", "control": "yes"}, None, None, "自行监测方案"),
        ],
    )  # fmt: skip
    def test_self_monitoring_goes_by_its_unit(
        self, world: Any, facts: dict[str, Any], day: date | None, latest: date | None, said: str
    ) -> None:
        made = point(world, spot(0, 0), name="甲", kind="self", level="enterprise", **facts)
        row = {name: getattr(made, name) for name in duedays.FIELDS}
        found = duedays.due(row, date(2026, 10, 12), [RoundDone(date(2026, 10, 12), Round.NORMAL)], Start(SINCE))
        assert (found.day, found.latest) == (day, latest)
        assert said in found.why

    def test_what_cannot_be_said_is_a_list_of_its_own(self, world: Any) -> None:
        point(world, spot(0, 0), name="井", kind="self", medium="groundwater", level="enterprise")
        rows = network.points(world.actor("officer"), world.day).filter(network.ROUND_CONDITIONS["unsaid"](world.day))
        assert [row.name for row in rows] == ["井"]
        assert self.late(world, world.day) == set()

    def rows(self, world: Any, name: str) -> list[dict[str, Any]]:
        """Rows of the list by name, with their rounds."""
        found = list(network.points(world.actor("officer"), world.day).filter(name=name).values(*duedays.FIELDS))
        network.add_rounds(found, world.actor("officer"), world.day)
        return found

    def test_sampled_later_is_not_known_earlier(self, world: Any) -> None:
        county(world)
        rows = self.rows(world, "柏庄小麦 2 号")
        network.add_rounds(rows, world.actor("officer"), date(2026, 10, 11))
        assert (rows[0]["_last"], rows[0]["_due"]) == (None, None)


class TestBackgrounds:
    """A background rests on a document and an analyte that is known."""

    @pytest.mark.parametrize(
        ("facts", "code"),
        [
            ({"name": ""}, "background.name_missing"),
            ({"document": " "}, "background.document"),
            ({"analyte": "土"}, "background.analyte"),
            ({"analyte": "滴滴涕"}, "background.analyte"),
            ({"upper": "0"}, "background.upper"),
            ({"upper": "NaN"}, "background.upper"),
            ({"unit": "斤"}, "background.unit"),
        ],
    )
    def test_refusals(self, world: Any, facts: dict[str, Any], code: str) -> None:
        said = {"name": "甲", "analyte": "镉", "upper": "0.8", "document": "报告", "geometry": square(0, 0), **facts}
        with refused(code):
            backgrounds.register(said, place(world), since=SINCE, by=world.actor("officer"), at=AT)

    def test_changed_and_ended(self, world: Any) -> None:
        made = county(world).background
        assert made is not None
        held = backgrounds.change(made, {"upper": "0.9"}, since=JUNE, recording=why(world))
        assert str(held.upper.normalize()) == "0.9"
        last = backgrounds.end(held, on=date(2026, 7, 1), recording=why(world, "报告作废"))
        assert network.backgrounds(world.actor("officer"), world.day).count() == 0
        with pytest.raises(BackgroundRefused):
            backgrounds.end(last, on=date(2026, 7, 1), recording=why(world))
