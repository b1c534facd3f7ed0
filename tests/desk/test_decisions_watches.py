"""Acts on ground and what their order shows: each finding with its article, made a problem once, or set aside."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from desk.land_world import place, square
from desk.plot_world import Plots, noon
from soildesk.decisions.models import GroundAct
from soildesk.decisions.queries.watches import watched
from soildesk.decisions.refusals import GroundActRefused
from soildesk.decisions.services import ground_acts, watches
from soildesk.oversight.models import Problem

pytestmark = [pytest.mark.django_db, pytest.mark.store]


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Plots:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Plots(world)


def act(made: Plots, kind: str, on: date, shape: Any, **facts: Any) -> GroundAct:
    said = {"act": kind, "on": on, "geometry": shape, "document": "青建施〔2026〕7号", "project": "青禾花园", **facts}
    return ground_acts.record(said, place(made.world), by=made.officer, at=noon(on))


def listed(made: Plots) -> Any:
    plot = made.to(made.plot("原青禾农药厂地块", square(0, 0)), "S5")
    made.event(plot, "roster_listed", date(2026, 6, 1))
    return plot


def found(made: Plots) -> list[Any]:
    return watched(made.officer, date(2026, 11, 20))


def test_building_on_a_listed_plot_is_found_with_both_laws(made: Plots) -> None:
    listed(made)
    act(made, "building_seen", date(2026, 7, 10), square(0, 0, 0.5), related=False, document="图斑3号")
    (one,) = found(made)
    assert (one.finding.watch, one.finding.violation) == ("unrelated_construction", "unrelated_project")
    assert not one.finding.sure  # the picture does not say that it began after the plot was listed
    assert one.choice.needs_person
    assert len(one.choice.ranges.penalties) == 2
    assert one.finding.bases


def test_what_belongs_to_remediation_or_only_touches_is_no_finding(made: Plots) -> None:
    listed(made)
    act(made, "building_seen", date(2026, 9, 10), square(0, 0, 0.5), related=True)
    act(made, "building_seen", date(2026, 9, 11), square(1, 0), related=False)
    assert found(made) == []


def test_supply_before_the_survey_that_is_owed(made: Plots) -> None:
    made.to(made.plot("机修厂地块", square(0, 0)), "S0")
    act(made, "供地", date(2026, 10, 10), square(0, 0))
    (one,) = found(made)
    assert (one.finding.watch, one.finding.violation) == ("allocation_before_survey", "no_survey")
    assert one.finding.sure


def test_use_before_clearance(made: Plots) -> None:
    made.to(made.plot("机修厂地块", square(0, 0)), "S3")
    act(made, "投入使用", date(2026, 10, 10), square(0, 0))
    assert [one.finding.watch for one in found(made)] == ["use_before_clearance"]


def test_a_finding_becomes_one_problem_and_is_not_offered_again(made: Plots) -> None:
    made.to(made.plot("机修厂地块", square(0, 0)), "S0")
    act(made, "供地", date(2026, 10, 10), square(0, 0))
    client = Client()
    client.force_login(made.world.people["officer"], backend="django.contrib.auth.backends.ModelBackend")
    shown = client.get(reverse("decisions:watches")).content.decode()
    for wanted in ("机修厂地块", "罚则：", "依据：", "列入问题清单"):
        assert wanted in shown, wanted
    origin = found(made)[0].origin
    assert client.post(reverse("decisions:watch_take"), {"origin": origin}).status_code == 302
    problem = Problem.objects.get()
    assert (problem.origin, problem.violation, problem.acted_on) == (origin, "no_survey", date(2026, 10, 10))
    client.post(reverse("decisions:watch_take"), {"origin": origin})
    assert Problem.objects.count() == 1
    assert found(made)[0].problem == problem
    assert client.post(reverse("decisions:watch_take"), {"origin": "watch:x"}).status_code == 404


def test_what_is_no_problem_is_kept_with_its_reason(made: Plots) -> None:
    made.to(made.plot("机修厂地块", square(0, 0)), "S0")
    act(made, "供地", date(2026, 10, 10), square(0, 0))
    watches.dismiss(found(made)[0], "供地日期登记有误", by=made.officer, at=noon(date(2026, 11, 20)))
    assert Problem.objects.get().state == Problem.State.DISMISSED
    assert found(made)[0].problem is not None


def test_an_act_is_written_once_and_taken_back_with_a_reason(made: Plots) -> None:
    made.to(made.plot("机修厂地块", square(0, 0)), "S0")
    held = act(made, "供地", date(2026, 10, 10), square(0, 0))
    with pytest.raises(GroundActRefused):
        act(made, "供地", date(2026, 10, 10), square(0, 0))
    client = Client()
    client.force_login(made.world.people["officer"], backend="django.contrib.auth.backends.ModelBackend")
    record = client.get(reverse("kit:record", args=["ground-acts", str(held.uid)]))
    assert record.status_code == 200
    assert client.get(reverse("kit:collection", args=["ground-acts"])).status_code == 200
    assert client.post(reverse("decisions:ground_act_back", args=[held.uid]), {"reason": "误登"}).status_code == 302
    assert found(made) == []
