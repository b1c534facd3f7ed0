"""Field records and custody: what cannot be is refused in words, what is far off needs a reason, no link is missing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import shapely
from land_world import layer, square
from monitoring_world import LATER, SAMPLED, Network, county, point, record, send, spot, started

from soildesk.core import audit, files
from soildesk.core.permissions import NotAllowed
from soildesk.land.refusals import UnusedRefused
from soildesk.land.services.patrols import Photo
from soildesk.monitoring.models import Custody, FieldRecord, SamplingTask
from soildesk.monitoring.refusals import MonitoringRefused
from soildesk.monitoring.services import campaigns, custody, fieldwork
from soildesk.monitoring.services.custody import Handing

pytestmark = [pytest.mark.django_db, pytest.mark.store]
JPEG = b"\xff\xd8\xff\xe0" + b"0" * 40


def refused(code: str) -> Any:
    """The act is refused with this code."""
    return pytest.raises(MonitoringRefused, check=lambda error: error.code == f"monitoring.{code}")


@pytest.fixture
def task(world: Any) -> SamplingTask:
    """One sample to take."""
    _campaign, tasks = started(world, {"a": point(world, spot(0.5, 0.5), name="甲")})
    return tasks["a"]


class TestRecording:
    """What was written where the sample was taken is the only source of what is known of it."""

    @pytest.mark.parametrize(
        ("facts", "code"),
        [
            ({"sampled_at": LATER + timedelta(minutes=1)}, "record.future"),
            ({"sampled_at": None}, "record.future"),
            ({"sampled_at": datetime(2026, 10, 12, 3, 0)}, "record.future"),  # noqa: DTZ001 — of no zone
            ({"sampled_at": datetime(2026, 10, 7, 15, 0, tzinfo=UTC)}, "record.before"),
            ({"sampler": " "}, "record.sampler"),
            ({"depth_from_cm": 20, "depth_to_cm": 10}, "record.depth"),
            ({"depth_from_cm": -1}, "record.depth"),
            ({"readings": {"ph": "15"}}, "record.reading"),
            ({"readings": {"temperature_c": "十四"}}, "record.reading"),
            ({"readings": {"ph": "nan"}}, "record.reading"),
            ({"point": shapely.Point(0, 0)}, "record.place"),
            ({"point": None}, "record.no_place"),
            ({"point": spot(0.8, 0.5)}, "record.far"),
            ({"colouring": "red"}, "record.unknown_fact"),
        ],
    )
    def test_refusals(self, world: Any, task: SamplingTask, facts: dict[str, Any], code: str) -> None:
        with refused(code):
            record(world, task, **facts)
        assert not FieldRecord.objects.exists()
        task.refresh_from_db()
        assert task.state == "planned"

    def test_far_off_is_taken_with_its_reason_and_said(self, world: Any, task: SamplingTask) -> None:
        made = record(world, task, point=spot(0.8, 0.5), place_reason="原点位积水，向东移至田埂")
        assert made.distance_m == pytest.approx(60, abs=2)
        assert made.place_reason

    def test_near_enough_needs_none(self, world: Any, task: SamplingTask) -> None:
        assert record(world, task, point=spot(0.7, 0.5)).distance_m == pytest.approx(40, abs=2)

    def test_outside_the_division_needs_a_reason(self, world: Any, task: SamplingTask) -> None:
        layer(world, "towns", "division", [{"code": "990101", "name": "青禾区", "geometry": square(5, 5, 9, 9)}])
        with refused("record.far"):
            record(world, task)
        assert record(world, task, place_reason="界线图层偏移，已核对").distance_m == 0

    def test_once(self, world: Any, task: SamplingTask) -> None:
        record(world, task)
        with refused("record.twice"):
            record(world, task)

    def test_nobody_samples_for_a_campaign_that_does_not_run(self, world: Any, task: SamplingTask) -> None:
        campaigns.close(task.campaign, on=world.day, note="停", by=world.actor("officer"), at=LATER)
        with refused("record.twice"):
            record(world, task)

    @pytest.mark.parametrize("who", ["reader", "stranger", "admin", "auditor"])
    def test_who_may_not(self, world: Any, task: SamplingTask, who: str) -> None:
        with pytest.raises(NotAllowed):
            record(world, task, who=who)

    def test_the_towns_people_may(self, world: Any, task: SamplingTask) -> None:
        assert record(world, task, who="town").by == world.people["town"]

    def test_photographs_stay_with_the_sample(self, world: Any, task: SamplingTask) -> None:
        officer = world.actor("officer")
        facts = {"sampled_at": SAMPLED, "point": task.planned_at, "sampler": "张"}
        photos = [Photo(f"{n}.jpg", JPEG + bytes([n]), towards) for n, towards in enumerate("东南西北")]
        made = fieldwork.record(task, facts, by=officer, at=LATER, photos=photos)
        fieldwork.correct(made, {"colour": "灰"}, "颜色写错", by=officer, at=LATER)
        uses = list(files.uses_of(task))
        assert [use.note for use in uses] == ["东", "南", "西", "北"]
        assert files.readable(world.actor("town"), uses[0])
        assert not files.readable(world.actor("stranger"), uses[0])

    def test_a_file_that_is_no_photograph_writes_nothing(self, world: Any, task: SamplingTask) -> None:
        facts = {"sampled_at": SAMPLED, "point": task.planned_at, "sampler": "张"}
        with pytest.raises(UnusedRefused):
            fieldwork.record(task, facts, by=world.actor("officer"), at=LATER, photos=[Photo("a.exe", b"MZ")])
        assert not FieldRecord.objects.exists()


class TestCorrecting:
    """A correction is a new record with its reason; the former stays."""

    def test_the_former_stays(self, world: Any, task: SamplingTask) -> None:
        officer, made = world.actor("officer"), record(world, task)
        for changes, reason, code in (
            ({"colour": "灰"}, " ", "task.why_missing"),
            ({}, "无改动", "record.same"),
            ({"readings": {"ph": "99"}}, "读数", "record.reading"),
        ):
            with refused(code):
                fieldwork.correct(made, changes, reason, by=officer, at=LATER)
        later = LATER + timedelta(hours=1)
        new = fieldwork.correct(made, {"colour": "灰", "readings": {"ph": "6.1"}}, "写错", by=officer, at=later)
        made.refresh_from_db()
        assert (made.superseded_at, made.colour, made.readings) == (later, "黄棕", {"ph": "7.9"})
        assert (new.colour, new.readings, new.texture, new.reason) == ("灰", {"ph": "6.1"}, "壤土", "写错")
        with refused("record.none"):
            fieldwork.correct(made, {"colour": "黑"}, "再改", by=officer, at=later)
        assert audit.verify().ok


class TestCustody:
    """Rows are only added, and no link of the chain is missing."""

    @pytest.fixture
    def net(self, world: Any) -> Network:
        """The county; `clean` is taken and has not left the sampler's hands."""
        net = county(world)
        record(world, net.tasks["clean"])
        return net

    def hand(self, world: Any, net: Network, step: str, **said: Any) -> list[Custody]:
        """One hand-over of `clean` by the officer."""
        facts = {"at": LATER, "from_name": "张采样", "to_name": "王司机", "condition": "完好", **said}
        return custody.hand_over(
            [net.tasks["clean"]], Handing(step, **facts), by=world.actor("officer"), at=LATER + timedelta(days=1)
        )

    @pytest.mark.parametrize(
        ("step", "said", "code"),
        [
            ("received", {}, "custody.order"),
            ("rejected", {}, "custody.order"),
            ("thrown", {}, "custody.step"),
            ("handed", {"to_name": " "}, "custody.names"),
            ("handed", {"at": LATER + timedelta(days=2)}, "custody.future"),
            ("handed", {"at": SAMPLED - timedelta(minutes=1)}, "custody.early"),
            ("handed", {"temperature_c": 200.0}, "custody.condition"),
        ],
    )
    def test_refusals(self, world: Any, net: Network, step: str, said: dict[str, Any], code: str) -> None:
        before = Custody.objects.count()
        with refused(code):
            self.hand(world, net, step, **said)
        assert Custody.objects.count() == before

    def test_a_gap_in_the_hands_is_refused(self, world: Any, net: Network) -> None:
        self.hand(world, net, "packed", from_name="", to_name="")
        self.hand(world, net, "handed")
        with refused("custody.order"):
            self.hand(world, net, "received", from_name="赵某", to_name="实验室")
        with refused("custody.early"):
            self.hand(world, net, "received", from_name="王司机", to_name="实验室", at=SAMPLED)
        with refused("custody.condition"):
            self.hand(world, net, "rejected", from_name="王司机", to_name="实验室", condition="")
        self.hand(world, net, "rejected", from_name="王司机", to_name="实验室", condition="瓶破损")
        with refused("custody.finished"):
            self.hand(world, net, "handed")
        net.tasks["clean"].refresh_from_db()
        assert net.tasks["clean"].state == "sampled"

    def test_all_or_none(self, world: Any, net: Network) -> None:
        both = [net.tasks["clean"], net.tasks["well"]]  # nobody sampled the well
        handing = Handing("handed", LATER, "张采样", "王司机")
        with refused("custody.not_sampled"):
            custody.hand_over(both, handing, by=world.actor("officer"), at=LATER)
        with refused("custody.empty"):
            custody.hand_over([], handing, by=world.actor("officer"), at=LATER)
        assert not Custody.objects.filter(task__in=both).exists()

    def test_one_campaign_a_slip(self, world: Any, net: Network) -> None:
        _other, tasks = started(world, {"x": point(world, spot(9, 9), name="乙")}, title="另一任务")
        record(world, tasks["x"])
        with refused("custody.empty"):
            send(world, [net.tasks["clean"], tasks["x"]])

    def test_received_is_received(self, world: Any, net: Network) -> None:
        send(world, [net.tasks["clean"]], at=LATER)
        net.tasks["clean"].refresh_from_db()
        assert net.tasks["clean"].state == "received"
        slips = set(Custody.objects.filter(task=net.tasks["clean"]).values_list("slip", flat=True))
        assert len(slips) == 2

    def test_who_may_not(self, world: Any, net: Network) -> None:
        with pytest.raises(NotAllowed):
            custody.hand_over(
                [net.tasks["clean"]], Handing("handed", LATER, "甲", "乙"), by=world.actor("reader"), at=LATER
            )
