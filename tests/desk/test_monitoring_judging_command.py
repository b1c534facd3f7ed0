"""`soildesk results judge`: the contract's names, a trial that keeps nothing, refusals; the day a point is due."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import judging_world as made
import pytest

from soildesk.cli import main
from soildesk.monitoring.models import Alert, Judgement
from soildesk.monitoring.queries.frequency import due_of
from soildesk.monitoring.services import judging
from soilrules.statistics.self_monitoring import Frequency


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    monkeypatch.setenv("SOILDESK_USER", "officer")


def campaign(world: Any) -> Any:
    of = made.campaign(world)
    points = [made.point(world, f"N{n}", use="paddy", x=114.3 + n * 0.1) for n in range(3)]
    values = [{"cadmium": 0.2, "ph": 6.0}, {"cadmium": 0.5, "ph": 6.0}, {"cadmium": 0.5}]
    made.results(world, of, dict(zip(points, values, strict=True)))
    return of


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    code = main(["results", "judge", *arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_what_came_of_it(world: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Counts, standards, causes and warnings, by the names of the contract; again the same."""
    of = campaign(world)
    code, said = told(capsys, "--campaign", of.number)
    assert code == 0
    assert (said["campaign"], said["on"], said["rows"]) == (of.number, None, 3)
    assert said["verdicts"] == {"meets": 1, "exceeds_screening": 1, "unknown": 1}
    assert said["unknown"] == {"ph_missing": 1}
    assert said["standards"] == ["GB 15618-2018"]
    assert [one["point"] for one in said["alerts"]] == ["N1"]
    again = told(capsys, "--campaign", of.number)[1]
    assert (again["changed"], again["verdicts"]) == (0, said["verdicts"])


def test_a_trial_keeps_nothing(world: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """By the standards of 2017 nothing can be said of farmland, and nothing is written."""
    of = campaign(world)
    code, said = told(capsys, "--campaign", of.number, "--on", "2017-01-01")
    assert code == 0
    assert (said["on"], said["rows"], said["verdicts"]) == ("2017-01-01", 3, {"unknown": 3})
    assert not Judgement.objects.exists()
    assert not Alert.objects.exists()


def test_refusals_and_words(world: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """No such campaign, and one of another district; the text for people."""
    of = campaign(world)
    assert main(["results", "judge", "--campaign", "没有"]) == 1
    assert "没有" in capsys.readouterr().err
    assert main(["results", "judge", "--campaign", of.number]) == 0
    assert "预警" in capsys.readouterr().out
    monkeypatch.setenv("SOILDESK_USER", "stranger")
    assert main(["results", "judge", "--campaign", of.number]) == 1


def test_an_anomaly_halves_the_interval(world: Any) -> None:
    """A well of a plant: half-yearly doubles after a result over the limit, HJ 1209."""
    well = made.point(world, "W1", medium="groundwater", kind="self", use="III")
    version = well.versions.get()
    assert due_of(version, world.day).day is None
    for day, value in ((date(2026, 1, 10), 0.001), (date(2026, 7, 10), 0.05)):
        of = made.campaign(world, day)
        made.results(world, of, {well: {"arsenic": value}})
        judging.judge(of, "accepted", by=world.actor("officer"), at=world.at)
    found = due_of(version, world.day)
    assert found.frequency is Frequency.DOUBLED
    assert found.at_the_latest == date(2027, 1, 10)
    assert found.message.sentence("zh")
