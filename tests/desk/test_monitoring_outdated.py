"""Verdicts follow what they rest on: a pH, a point's use, a record, a table of the place; the former ones stay."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import judgement_world
import judging_world as made
import pytest
from django.urls import reverse

from soildesk.cli import main
from soildesk.core import jobs
from soildesk.core.models import Job
from soildesk.core.versions import Recording
from soildesk.monitoring.models import Alert, Batch, Campaign, FieldRecord, ResultVerdict
from soildesk.monitoring.queries.outdated import outdated, why_outdated
from soildesk.monitoring.queries.verdicts import standing
from soildesk.monitoring.services import batches, fieldwork, judging, points, results
from soildesk.monitoring.services.results import Correction

pytestmark = [pytest.mark.django_db, pytest.mark.store]
JUDGED = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
AT = datetime(2026, 11, 19, 16, 0, tzinfo=UTC)
"""The first moment of the fixed day in Beijing: whatever the hour, what is judged now is judged after it."""


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    monkeypatch.setenv("SOILDESK_USER", "officer")


def judged(world: Any, of: Campaign) -> None:
    judging.judge(of, "accepted", by=world.actor("officer"), at=JUDGED)


def verdict(of: Campaign, number: str, analyte: str, known_at: datetime | None = None) -> ResultVerdict:
    return standing(of, known_at).get(result__point__number=number, analyte=analyte)


def test_a_corrected_ph_judges_its_sample_anew(world: Any) -> None:
    """Cadmium 0.35 on paddy land: met at pH 6, over at pH 5; the former verdict stays with its end."""
    of = made.campaign(world)
    found = made.results(world, of, {made.point(world, "N1", use="paddy"): {"cadmium": 0.35, "ph": 6.0}})
    judged(world, of)
    assert verdict(of, "N1", "cadmium").verdict == "meets"
    results.correct(found["N1", "ph"], Correction("5.0", "笔误"), by=world.actor("officer"), at=AT)
    assert verdict(of, "N1", "cadmium").verdict == "exceeds_screening"
    former = verdict(of, "N1", "cadmium", JUDGED)
    assert (former.verdict, former.superseded_at) == ("meets", AT)
    assert of.judgements.first().why == "corrected"
    assert why_outdated(of, world.day) == ()


def test_another_planned_use_of_a_point_judges_its_results_anew(
    world: Any, django_capture_on_commit_callbacks: Any
) -> None:
    """Industry becomes housing by an act on the point; a new name changes nothing, and two changes are judged once."""
    plots = [made.point(world, name, use="", planned_use="1001", x=114.3 + at) for at, name in enumerate(("J1", "J2"))]
    of = made.campaign(world)
    made.results(world, of, {plot: {"arsenic": 25.0} for plot in plots})
    judged(world, of)
    assert verdict(of, "J1", "arsenic").verdict == "meets"
    recording = Recording(world.actor("officer"), AT, "规划调整")
    with django_capture_on_commit_callbacks(execute=True):
        points.change(plots[0].versions.get(), {"note": "换了标志桩"}, since=None, recording=recording)
    assert of.judgements.count() == 1
    since = date(2026, 11, 10)
    with django_capture_on_commit_callbacks(execute=True):
        for plot in plots:
            held = plot.versions.get(superseded_at=None)
            points.change(held, {"planned_use": "0701"}, since=since, recording=recording)
        assert why_outdated(of, world.day) == ("use",)
    assert {verdict(of, name, "arsenic").verdict for name in ("J1", "J2")} == {"exceeds_screening"}
    assert verdict(of, "J1", "arsenic", JUDGED).verdict == "meets"
    assert of.judgements.count() == 2
    assert outdated(Campaign.objects.all(), world.day) == []


def test_many_results_are_judged_by_a_job(
    world: Any, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above the limit the act only starts a job, one; until it ran the campaign is told as outdated."""
    monkeypatch.setattr(judging, "WITH_THE_ACT", 0)
    plot = made.point(world, "J1", use="", planned_use="1001")
    of = made.campaign(world)
    made.results(world, of, {plot: {"arsenic": 25.0}})
    judged(world, of)
    for use in ("0701", "0702"):
        with django_capture_on_commit_callbacks(execute=True):
            held = plot.versions.get(superseded_at=None)
            points.change(
                held, {"planned_use": use}, since=None, recording=Recording(world.actor("officer"), AT, "更正")
            )
    assert Job.objects.filter(kind=judging.JOB).count() == 1
    assert why_outdated(of, world.day) == ("use",)


def test_a_corrected_field_record_judges_anew(world: Any, django_capture_on_commit_callbacks: Any) -> None:
    """It was an orchard, not a field: copper 160 is within 200."""
    of = made.campaign(world)
    found = made.results(world, of, {made.point(world, "N1", use="other"): {"copper": 160.0, "ph": 6.8}})
    judged(world, of)
    assert verdict(of, "N1", "copper").verdict == "exceeds_screening"
    seen = FieldRecord.objects.get(task=found["N1", "copper"].task)
    FieldRecord.objects.filter(pk=seen.pk).update(place_reason="按标志桩采样")
    with django_capture_on_commit_callbacks(execute=True):
        fieldwork.correct(seen, {"land_use": "果园", "place_reason": "按标志桩采样", "witness": "李见证"}, "现场核实", by=world.actor("officer"), at=AT)  # fmt: skip
    assert verdict(of, "N1", "copper").verdict == "meets"


def test_a_table_of_the_place_is_never_silently_left_out(world: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """A stricter table of the place comes into force: shown, and judged anew by the upkeep, by a command, by a button."""
    of = made.campaign(world, date(2026, 10, 1))
    made.results(world, of, {made.point(world, "J1", planned_use="0701"): {"arsenic": 18.0}})
    judged(world, of)
    assert verdict(of, "J1", "arsenic").verdict == "meets"
    judgement_world.accepted(world, at=AT)
    assert why_outdated(of, world.day) == ("standard",)
    assert main(["results", "judge", "--stale", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"campaigns": [of.number], "changed": {of.number: 1}}
    assert verdict(of, "J1", "arsenic").verdict == "exceeds_screening"
    assert verdict(of, "J1", "arsenic", JUDGED).verdict == "meets"
    assert main(["results", "judge", "--stale"]) == 0
    assert "没有过时的评价结果" in capsys.readouterr().out


def test_the_upkeep_judges_what_is_outdated(world: Any) -> None:
    """Nobody has to think of it; who may not judge there judges nothing."""
    of = made.campaign(world, date(2026, 10, 1))
    made.results(world, of, {made.point(world, "J1", planned_use="0701"): {"arsenic": 18.0}})
    judged(world, of)
    judgement_world.accepted(world, at=AT)
    assert judging.judge_outdated(by=world.actor("stranger")) == {}
    judging.keep_up()
    assert verdict(of, "J1", "arsenic").verdict == "exceeds_screening"
    assert of.judgements.first().why == "standard"


def test_the_pages_say_what_is_outdated(world: Any, client: Any) -> None:
    """Both pages of verdicts name the campaign and why, with the act beside it; the act is a job."""
    of = made.campaign(world, date(2026, 10, 1))
    made.results(world, of, {made.point(world, "J1", planned_use="0701"): {"arsenic": 18.0}})
    judged(world, of)
    client.force_login(world.people["officer"])
    assert "已过时" not in client.get("/monitoring/verdicts/").content.decode()
    judgement_world.accepted(world, at=AT)
    for url in ("/monitoring/verdicts/", f"/monitoring/campaigns/{of.uid}/verdicts"):
        said = client.get(url).content.decode()
        assert "已过时" in said
        assert "本地使用的限值表有变更" in said
    answer = client.post("/monitoring/verdicts/", {"outdated": "1"})
    assert answer.status_code == 302
    assert Job.objects.filter(kind=judging.JOB).count() == 1


def test_what_was_accepted_and_never_judged_is_shown(world: Any) -> None:
    """A batch accepted by somebody who may not judge waits openly."""
    of = made.campaign(world)
    made.results(world, of, {made.point(world, "N1", use="paddy"): {"cadmium": 0.35, "ph": 6.0}})
    assert why_outdated(of, world.day) == ("accepted",)
    assert judging.judge_outdated(by=world.actor("officer")) == {of.number: 0}


def many(world: Any) -> tuple[Campaign, Batch]:
    """A campaign with one batch that waits to be accepted, flagged: it has no report."""
    of = made.campaign(world)
    into = made.batch(world, of, "checked")
    task = made.sample(world, of, made.point(world, "N1", use="paddy"), of.starts_on)
    for analyte, value in (("cadmium", 9.0), ("ph", 6.0)):
        made.result(into, task, analyte, value)
    return of, into


def test_very_many_results_are_judged_by_a_job_that_may_be_cancelled(
    world: Any, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Accepting is done at once and the batch says that it is not judged yet; a cancelled job has judged nothing."""
    monkeypatch.setattr(judging, "MANY", 1)
    of, into = many(world)
    held = batches.accept(into, by=world.actor("officer"), at=AT, reason="没有报告")
    job = Job.objects.get(kind=judging.JOB_OF_BATCH)
    assert (held.state, held.job, of.judgements.count()) == ("flagged", job.uid, 0)
    client.force_login(world.people["officer"])
    url = reverse("kit:record", args=["batches", str(into.uid)])
    assert "尚未评价" in client.get(url).content.decode()
    assert why_outdated(of, world.day) == ("accepted",)
    Job.objects.filter(pk=job.pk).update(cancel_asked_at=AT)
    assert jobs.run(job).state == "cancelled"
    assert of.judgements.count() == 0
    assert not Alert.objects.exists()
    again = judging.judge_many(held, by=world.actor("officer"), title="评价")
    assert jobs.run(again).state == "done"
    assert verdict(of, "N1", "cadmium").verdict == "exceeds_control"
    assert Alert.objects.count() == 1
    assert "尚未评价" not in client.get(url).content.decode()


def test_few_results_are_judged_with_the_act(world: Any) -> None:
    """Below the limit accepting judges, as ever."""
    of, into = many(world)
    batches.accept(into, by=world.actor("officer"), at=AT, reason="没有报告")
    assert verdict(of, "N1", "cadmium").verdict == "exceeds_control"
    assert not Job.objects.exists()


def test_what_was_worked_out_before_counts_only_if_nothing_was_written_meanwhile(world: Any) -> None:
    """A pH corrected while a job reckons: the campaign is judged by what stands."""
    of = made.campaign(world)
    found = made.results(world, of, {made.point(world, "N1", use="paddy"): {"cadmium": 0.35, "ph": 6.0}})
    told: list[tuple[int, int]] = []
    ready = judging.ready(of, at=AT, step=lambda done, total, _doing: told.append((done, total)))
    assert told == [(0, 2)]
    results.correct(found["N1", "ph"], Correction("5.0", "笔误"), by=world.actor("officer"), at=AT)
    judging.judge(of, "accepted", by=world.actor("officer"), at=AT, found=ready)
    assert verdict(of, "N1", "cadmium").verdict == "exceeds_screening"
