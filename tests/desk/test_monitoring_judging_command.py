"""`soildesk results judge`: the contract's names, a trial that keeps nothing, refusals; the day a point is due."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import judging_world as made
import pytest

from soildesk.cli import main
from soildesk.monitoring.models import Alert, Judgement, PointVersion, Qualifier, ResultVerdict
from soildesk.monitoring.queries import duedays
from soildesk.monitoring.services import judging


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


def test_every_result_has_its_verdict(world: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """One object a result, in the order they came in; a pH is told as what it is, and no share of the counts."""
    of = campaign(world)
    said = told(capsys, "--campaign", of.number)[1]
    over = next(one for one in said["results"] if one["verdict"] == "exceeds_screening")
    assert over | {"reason": "", "sample": "", "batch": "", "basis": ""} == {
        "sample": "", "point": "N1", "medium": "soil", "analyte": "cadmium", "value": 0.5, "unit": "mg/kg", "censored": False,
        "accepted": True, "batch": "", "judged": True, "judged_as": "cadmium", "verdict": "exceeds_screening", "cause": None,
        "factor": pytest.approx(1.25), "limit": 0.4, "limit_unit": "mg/kg", "basis": "", "reason": "", "mark": over["mark"],
    }  # fmt: skip
    assert "0.5 mg/kg" in over["reason"]
    assert over["basis"].startswith("GB 15618")
    causes = [(one["analyte"], one["verdict"], one["cause"]) for one in said["results"]]
    assert causes.count(("ph", "unknown", "circumstance")) == 2
    assert ("cadmium", "unknown", "ph_missing") in causes
    assert len(causes) == 5


def waiting(world: Any, of: Any, *, ph: float | None = 6.0) -> None:
    """A batch that was read in and checked, with one sample over its limit, one with sums, one blank."""
    into = made.batch(world, of, "checked")
    task = made.sample(world, of, made.point(world, "W9", use="paddy", x=115.0), of.starts_on)
    made.result(into, task, "cadmium", 0.5)
    if ph is not None:
        made.result(into, task, "ph", ph)


def test_what_was_imported_and_not_accepted_is_judged_as_a_trial(
    world: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """Import and judge with nothing between: a verdict for each result, nothing written, no warning."""
    of = made.campaign(world)
    waiting(world, of)
    code, said = told(capsys, "--campaign", of.number)
    assert code == 0
    assert [(one["analyte"], one["verdict"], one["accepted"]) for one in said["results"]] == [
        ("cadmium", "exceeds_screening", False), ("ph", "unknown", False),
    ]  # fmt: skip
    assert (said["rows"], said["not_accepted"], said["verdicts"]) == (1, 2, {"exceeds_screening": 1})
    assert said["standards"] == ["GB 15618-2018"]
    assert said["alerts"] == []
    assert not Judgement.objects.exists()
    assert not Alert.objects.exists()
    main(["results", "judge", "--campaign", of.number])
    assert "其中 1 个结果来自尚未接收的批次：只试判，不保存" in capsys.readouterr().out


def test_what_waits_changes_nothing_of_what_is_kept(world: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Accepted results are kept as before and stand beside those that wait; on another day both are a trial."""
    of = campaign(world)
    waiting(world, of)
    task = of.tasks.get(point__number="N2")
    made.result(of.batches.get(state="checked"), task, "ph", 6.0)
    said = told(capsys, "--campaign", of.number)[1]
    kept = ResultVerdict.objects.filter(superseded_at=None, trial=False)
    assert {one.result.point.number for one in kept} == {"N0", "N1", "N2"}
    assert said["verdicts"] == {"meets": 1, "exceeds_screening": 2, "unknown": 1}, "its pH waits in the other batch"
    assert [one["point"] for one in said["alerts"]] == ["N1"]
    trial = told(capsys, "--campaign", of.number, "--on", "2017-01-01")[1]
    assert trial["verdicts"] == {"unknown": 4}
    assert {one["accepted"] for one in trial["results"]} == {True, False}


def test_results_left_out_say_why(world: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """A rejected result and a blank are no pass and no silence."""
    of = made.campaign(world)
    point = made.point(world, "N1", use="paddy")
    found = made.results(world, of, {point: {"cadmium": 0.5, "lead": 10, "ph": 6.0}})
    at = made.moment(of.starts_on)
    Qualifier.objects.create(
        result=found["N1", "cadmium"], role="validator", code="rejected", reason="平行不合格", at=at
    )
    blank = made.sample(world, of, point, of.starts_on, role="blank")
    made.result(made.batch(world, of), blank, "cadmium", 0.01)
    results = told(capsys, "--campaign", of.number)[1]["results"]
    assert [(one["analyte"], one["cause"]) for one in results if not one["judged"]] == [
        ("cadmium", "rejected"), ("ph", "circumstance"), ("cadmium", "quality_sample"),
    ]  # fmt: skip
    assert {one["verdict"] for one in results if not one["judged"]} == {"unknown"}


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
    PointVersion.objects.update(unit_class="second", near_sensitive="no")
    for day, value in ((date(2026, 1, 10), 0.001), (date(2026, 7, 10), 0.05)):
        of = made.campaign(world, day)
        made.results(world, of, {well: {"arsenic": value}})
        judging.judge(of, "accepted", by=world.actor("officer"), at=world.at)
    point = PointVersion.objects.values(*duedays.FIELDS).get()
    found = duedays.dues_on([point], world.day)[1][well.pk]
    assert found.day == date(2027, 1, 10)
    assert "频次加倍" in found.why
