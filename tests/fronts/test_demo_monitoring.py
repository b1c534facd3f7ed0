"""The example's monitoring as bin/demo loads it: what a visitor is to see stands there, by the acts of people."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from soildesk.core.models import Person
from soildesk.core.permissions import Actor
from soildesk.monitoring.models import (
    Alert,
    Batch,
    Campaign,
    Expected,
    FieldRecord,
    Judgement,
    PointVersion,
    Result,
    ResultVerdict,
)
from soildesk.monitoring.services import checking

FILES = Path(__file__).parents[2] / "examples" / "district" / "monitoring"
pytestmark = pytest.mark.usefixtures("demo_home", "db")


def autumn() -> Campaign:
    return Campaign.objects.get(title__startswith="2026年秋季")


def alert(point: str, analyte: str, campaign: str) -> Alert:
    rows = Alert.objects.filter(point__versions__code=point, analyte=analyte, campaign__title__startswith=campaign)
    return rows.distinct().get()


def test_points_of_every_level_and_kind_stand_with_a_background() -> None:
    points = PointVersion.objects.exclude(kind="special")

    assert (
        PointVersion.objects.filter(kind="special").count() == 76
    )  # of the surveys of two plots and of a round on farmland
    assert points.count() == 64  # three of them wells a firm monitors itself
    assert set(points.values_list("level", flat=True)) == {"national", "province", "city", "county"}
    assert {"baseline", "background", "risk", "routine", "perimeter", "joint", "self"} == set(
        points.values_list("kind", flat=True)
    )
    assert {"soil", "groundwater", "irrigation", "produce"} < set(points.values_list("medium", flat=True))


def test_former_rounds_are_closed_and_shared_one_in_time_one_late() -> None:
    shared = {one.title[:5]: one.shared_on for one in Campaign.objects.filter(state="closed", kind="routine")}

    assert {year: str(on) for year, on in shared.items()} == {"2024年": "2025-03-18", "2025年": "2026-04-16"}


def test_the_autumn_runs_with_a_file_accepted_one_waiting_and_one_returned() -> None:
    found = {one.state: one for one in autumn().batches.all()}

    assert set(found) == {Batch.State.ACCEPTED, Batch.State.CHECKED, Batch.State.RETURNED}
    assert found["accepted"].quality["verdict"] == "unknown"  # the numbers of HJ 166-2026 are not entered
    rules = Counter(found["checked"].findings.values_list("rule", flat=True))
    assert rules["orphan"] == 9
    assert rules["plausibility.unit"] == 1
    assert not found["returned"].results.exists()
    assert set(autumn().tasks.values_list("state", flat=True)) == {"received", "planned"}


def test_what_a_limit_and_a_missing_ph_leave_open_is_unknown() -> None:
    rows = ResultVerdict.objects.filter(result__batch__campaign=autumn(), superseded_at=None, verdict="unknown")
    causes = Counter(rows.values_list("cause", flat=True))

    assert causes["ph_missing"] == 16
    assert causes["detection_limit_above"] == 1


def test_the_ground_that_holds_cadmium_itself_makes_no_warning() -> None:
    expected = Expected.objects.filter(result__batch__campaign=autumn(), superseded_at=None)

    assert {one.result.analyte for one in expected.select_related("result")} == {"cadmium"}
    assert not Alert.objects.filter(results__in=expected.values("result")).exists()


def test_the_warnings_tell_the_story() -> None:
    plant, wheat = alert("ZB-11", "hch_beta", "2026年秋季"), alert("XT-01-N", "cadmium", "2026年秋季")
    late, zinc = alert("DX-02", "benzene", "2026年上半年"), alert("SK-04", "zinc", "2025年")

    assert (plant.level, plant.tier) == ("alarm", "city")
    assert (wheat.state, wheat.owner.name) == ("working", "青禾区市场监督管理局")
    assert {one["rule"] for one in late.findings} == {"warning.rises", "warning.trend"}
    assert (late.state, str(late.due)) == ("working", "2026-07-04")
    assert zinc.state == "closed"
    assert list(zinc.acts.values_list("kind", flat=True))[-1] == "closed"
    assert Judgement.objects.filter(campaign=autumn()).count() == 1


def test_the_laboratory_sees_what_it_sent_and_no_result_of_the_desk() -> None:
    from soildesk.core import clock

    laboratory = Actor.of(Person.objects.get(username="puheng"), on=clock.today())

    assert Batch.objects.visible_to(laboratory).count() == 13
    assert not Result.objects.visible_to(laboratory).exists()
    assert not PointVersion.objects.visible_to(laboratory).exists()


def test_every_sample_of_a_file_that_came_in_was_recorded_in_the_field() -> None:
    sampled = Result.objects.accepted().values("task").distinct().count()

    assert sampled == 264  # the sixteen others are of the file that waits
    assert FieldRecord.objects.count() == 280


@pytest.mark.parametrize(
    ("name", "errors"), [("秋季监测2026年第一批.xlsx", 0), ("秋季监测2026年地下水（退回）.csv", 18)]
)
def test_the_files_are_what_a_laboratory_may_check_itself(name: str, errors: int) -> None:
    from soildesk.core import clock

    laboratory = Actor.of(Person.objects.get(username="puheng"), on=clock.today())
    told: dict[str, Any] = checking.check(FILES / name, name, by=laboratory, on=clock.today())

    assert told["errors"] == errors
