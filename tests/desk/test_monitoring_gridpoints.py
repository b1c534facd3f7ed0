"""A place of a grid is a point once it is sampled: its results have a series, and nobody has to remember to register it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from intake_world import AT, csv_file, rows_of, sent
from monitoring_world import LATER, STARTED, campaign, point, record, spot

from soildesk.core import audit
from soildesk.core.models import AuditEntry
from soildesk.core.permissions import NotAllowed
from soildesk.monitoring.models import Point, PointVersion, Result, SamplingTask
from soildesk.monitoring.refusals import SamplingRefused
from soildesk.monitoring.sampled import samples_of
from soildesk.monitoring.services import campaigns, fieldwork, gridpoints, intake, sampling
from soildesk.monitoring.services.sampling import Wanted

pytestmark = [pytest.mark.django_db, pytest.mark.store]
DEEPER = {"depth_from_cm": 20, "depth_to_cm": 60}
UPPER = {"depth_from_cm": 0, "depth_to_cm": 20}


@pytest.fixture
def tasks(world: Any) -> list[SamplingTask]:
    """A running campaign: two depths at one place of its grid, one at another, a blind parallel, and one at a point."""
    officer = world.actor("officer")
    made = campaign(world, title="东河滩地专项调查", kind="special", standard="gb15618", use="other")
    town = {"medium": "soil", "unit": world.towns["柏庄镇"]}
    wanted = [
        Wanted(at=spot(0.5, 0.5), **town, **UPPER),
        Wanted(at=spot(0.5, 0.5), **town, **DEEPER),
        Wanted(at=spot(1.5, 0.5), **town, **UPPER),
        Wanted(point(world, spot(3, 3), name="老点")),
    ]
    found = sampling.plan(made, wanted, by=officer, at=STARTED)
    found += sampling.add_parallels(made, by=officer, at=STARTED, of=[found[2]])
    campaigns.start(made, by=officer, at=STARTED)
    return [SamplingTask.objects.select_related("campaign").get(pk=task.pk) for task in found]


def again(task: SamplingTask) -> SamplingTask:
    """The task as it stands now."""
    return SamplingTask.objects.select_related("campaign", "point").get(pk=task.pk)


def standing(point: Any) -> PointVersion:
    """The version of a point that stands."""
    return PointVersion.objects.get(point=point, superseded_at=None)


def test_the_sampled_place_is_a_point_of_the_campaign(world: Any, tasks: list[SamplingTask]) -> None:
    there = spot(1.52, 0.51)
    record(world, tasks[2], who="town", point=there)
    task = again(tasks[2])
    made = standing(task.point)
    assert made.geometry.equals(there)
    assert (made.kind, made.level, made.openness, made.since) == ("special", "county", "closed", date(2026, 10, 12))
    assert (made.standard, made.use, made.depth_to_cm) == ("gb15618", "other", 20)
    assert made.name == "东河滩地专项调查 网格点 2"  # 老点 is of the campaign too
    assert task.campaign.number in made.note
    assert again(tasks[4]).point == task.point, "the blind parallel is of the same place"
    assert samples_of(task.campaign)[task.code].point == task.point_id
    entry = AuditEntry.objects.get(act="monitoring.point.made_in_field")
    assert entry.data["campaign"] == task.campaign.number
    record(world, tasks[4])
    assert AuditEntry.objects.filter(act="monitoring.point.made_in_field").count() == 1
    assert audit.verify().ok


def test_several_depths_of_a_place_are_one_point(world: Any, tasks: list[SamplingTask]) -> None:
    record(world, tasks[0])
    assert again(tasks[0]).point == again(tasks[1]).point != again(tasks[2]).point
    assert standing(again(tasks[0]).point).depth_to_cm is None
    record(world, tasks[1], point=spot(0.55, 0.5))
    assert Point.objects.count() == 2


def test_a_place_sampled_in_an_earlier_round_is_the_same_point(world: Any, tasks: list[SamplingTask]) -> None:
    record(world, tasks[2])
    officer = world.actor("officer")
    second = campaign(world, title="复测", kind="special")
    (task,) = sampling.plan(second, [Wanted(medium="soil", at=spot(1.5, 0.5), **UPPER)], by=officer, at=STARTED)
    campaigns.start(second, by=officer, at=STARTED)
    record(world, again(task))
    assert again(task).point == again(tasks[2]).point
    assert AuditEntry.objects.latest("id").act == "monitoring.record.made"
    assert AuditEntry.objects.filter(act="monitoring.point.joined_in_field").count() == 1


def test_without_a_position_the_design_says_where(world: Any, tasks: list[SamplingTask]) -> None:
    record(world, tasks[2], point=None, place_reason="手机无信号，按图采样")
    assert standing(again(tasks[2]).point).geometry.equals(spot(1.5, 0.5))


def test_a_sample_of_a_point_makes_none(world: Any, tasks: list[SamplingTask]) -> None:
    record(world, tasks[3])
    assert Point.objects.count() == 1


def test_a_refused_record_makes_no_point(world: Any, tasks: list[SamplingTask]) -> None:
    with pytest.raises(NotAllowed):
        record(world, tasks[2], who="reader")
    with pytest.raises(SamplingRefused):
        record(world, tasks[2], point=spot(2.5, 0.5))
    assert Point.objects.count() == 1
    assert again(tasks[2]).point is None


def test_the_point_follows_a_corrected_position(world: Any, tasks: list[SamplingTask]) -> None:
    made = record(world, tasks[2])
    there = spot(1.6, 0.5)
    later = LATER + timedelta(hours=1)
    new = fieldwork.correct(made, {"point": there}, "定位漂移", by=world.actor("officer"), at=later)
    assert standing(again(tasks[2]).point).geometry.equals(there)
    assert new.distance_m == pytest.approx(20, abs=2), "from where the design put it"
    fieldwork.correct(new, {"colour": "灰"}, "写错", by=world.actor("officer"), at=later + timedelta(hours=1))
    assert PointVersion.objects.filter(point=again(tasks[2]).point).count() == 2
    assert audit.verify().ok


def test_samples_taken_before_may_be_given_their_point_by_hand(
    world: Any, tasks: list[SamplingTask], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    task = tasks[2]
    url = reverse("monitoring:task_point", args=[task.uid])
    client = Client()
    client.force_login(world.people["town"], backend="django.contrib.auth.backends.ModelBackend")
    assert "还没有采样记录" in client.post(url).content.decode()
    made = record(world, task)
    SamplingTask.objects.filter(campaign=task.campaign).update(point=None)  # as it was before points were made
    page = client.get(reverse("kit:record", args=["sampling_tasks", str(task.uid)])).content.decode()
    assert url in page
    assert client.get(url).status_code == 200
    assert client.post(url, follow=True).status_code == 200
    assert again(task).point is not None
    assert client.get(url).status_code == 404
    assert made.task_id == task.pk
    with pytest.raises(SamplingRefused):
        gridpoints.make_later(again(tasks[1]), by=world.actor("officer"), at=LATER)


def test_results_that_came_first_go_to_the_point(world: Any, tasks: list[SamplingTask], tmp_path: Path) -> None:
    task = tasks[2]
    record(world, task)
    SamplingTask.objects.filter(campaign=task.campaign).update(point=None)  # as it was before points were made
    officer = world.actor("officer")
    path = csv_file(tmp_path / "结果.csv", rows_of([task.code]))
    intake.take_in(intake.begin(task.campaign, sent(path), by=officer, at=AT), by=officer)
    assert set(Result.objects.values_list("point", flat=True)) == {None}
    made = gridpoints.make_later(again(task), by=officer, at=AT)
    assert set(Result.objects.values_list("point", flat=True)) == {made.pk}
