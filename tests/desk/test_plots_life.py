"""A plot's life as it is written down: events, their guards, stages and lists by replay, and what is taken back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from desk.land_world import SINCE, square
from desk.plot_world import BUILDER, FIRST, WAYS, Plots, noon, told
from soildesk.core.errors import Refusal
from soildesk.core.models import AuditEntry
from soildesk.core.permissions import NotAllowed
from soildesk.core.versions import Recording
from soildesk.plots.finding import find_plots
from soildesk.plots.models import Membership, PlotStage
from soildesk.plots.queries import lists, plots, stages
from soildesk.plots.refusals import EventRefused, PlotRefused
from soildesk.plots.services import events
from soildesk.plots.services import plots as services

pytestmark = [pytest.mark.django_db, pytest.mark.store]


@pytest.fixture
def made(world: Any) -> Plots:
    return Plots(world)


@pytest.mark.parametrize("stage", [one for one in WAYS if one != "outside"])
def test_a_plot_comes_to_every_stage_by_its_events(made: Plots, stage: str) -> None:
    plot = made.to(made.plot("示例地块", square(0, 0)), stage).plot
    last = FIRST + timedelta(days=len(WAYS[stage]) - 1)
    life = stages.of(plot)
    assert life.stage_on(last).stage == stage
    assert life.stage_on(FIRST - timedelta(days=1)) is None
    standing = plots.standing(made.officer, last)[0]
    assert (standing.stage, standing.lists) == (stage, tuple(life.lists_on(last)))
    assert AuditEntry.objects.filter(act="plots.event.recorded").count() == len(WAYS[stage])


def test_the_roster_is_left_by_the_third_exit_alone(made: Plots) -> None:
    plot = made.to(made.plot("示例地块", square(0, 0)), "removed")
    stay = Membership.objects.get(superseded_at=None, plot=plot.plot, list_key="roster")
    assert (stay.event.kind, stay.event_out.kind) == ("roster_listed", "removal_decided")
    day_before, day = stay.until - timedelta(days=1), stay.until
    assert lists.left_standing(made.officer, day_before) == []
    assert [(one.uid, one.since) for one in lists.left_standing(made.officer, day)] == [(str(plot.plot.uid), day)]
    made.event(plot, "polluted_left", day + timedelta(days=1))
    assert lists.left_standing(made.officer, day + timedelta(days=1)) == []
    stage = PlotStage.objects.get(superseded_at=None, plot=plot.plot, stage="removed")
    assert (stage.exit, stage.covered.equals(plot.geometry)) == ("effect", True)
    standing = plots.standing(made.officer, stage.since)[0]
    assert standing.released_on == stage.since


def test_what_an_exit_covers_is_the_ground_of_its_report(made: Plots) -> None:
    half = square(0, 0, 0.5)
    plot = made.released(made.plot("示例地块", square(0, 0)), covered=half)
    held = plots.standing(made.officer, FIRST)[0]
    assert (held.stage, held.exit, held.version.pk) == ("released", "survey", plot.pk)
    assert held.covered.equals(half)


def test_a_refusal_names_what_is_missing_and_its_article(made: Plots) -> None:
    plot = made.to(made.plot("示例地块", square(0, 0)), "S3")
    with pytest.raises(EventRefused, match=r"阶段登记.*依据：《") as refused:
        made.event(plot, "removal_decided", date(2026, 3, 2))
    assert refused.value.code == "plots.event.stage"
    made.event(plot, "assessed_remediation", date(2026, 3, 2))
    with pytest.raises(EventRefused, match="附上公告或者决定文件") as refused:
        events.record(
            plot.plot, events.Told("roster_listed", date(2026, 3, 3), "云中省生态环境厅", "province", "号"),
            by=made.officer, at=noon(date(2026, 3, 3)),
        )  # fmt: skip
    assert refused.value.missing


def test_a_lower_level_does_not_decide(made: Plots) -> None:
    plot = made.to(made.plot("示例地块", square(0, 0)), "S5")
    said = told("roster_listed", date(2026, 3, 2))
    city = events.Told(said.kind, said.on, "云泽市生态环境局", "city", said.document, said.data, file=said.file)
    with pytest.raises(EventRefused, match="应由省级"):
        events.record(plot.plot, city, by=made.officer, at=noon(said.on))
    branch = told("polluted_listed", date(2026, 2, 5))
    assert events._level(events.Told(branch.kind, branch.on, "x", "county", acting_for="city")) == "city"


def test_whoever_built_does_not_evaluate(made: Plots) -> None:
    plot = made.plot("示例地块", square(0, 0))
    for number, kind in enumerate(WAYS["S6"][:-1]):
        made.event(plot, kind, FIRST + timedelta(days=number))
    with pytest.raises(EventRefused, match="效果评估单位不是管控、修复单位"):
        made.event(plot, "evaluation_begun", date(2026, 3, 20), evaluator=(BUILDER,))


def test_an_event_taken_back_places_the_plot_anew_and_stays_known(made: Plots) -> None:
    plot = made.to(made.plot("示例地块", square(0, 0)), "S2").plot
    last = stages.of(plot).events[-1]
    first = stages.of(plot).events[0]
    with pytest.raises(EventRefused, match="请先从最晚的事项撤起"):
        events.take_back(first, "误登", by=made.officer, at=noon(date(2026, 3, 2)))
    events.take_back(last, "误登", by=made.officer, at=noon(date(2026, 3, 2)))
    life = stages.of(plot)
    assert life.stage_on(date(2026, 3, 2)).stage == "S1"
    before = stages.of(plot, noon(date(2026, 3, 1)))
    assert before.stage_on(date(2026, 3, 2)).stage == "S2"
    assert plots.standing(made.officer, date(2026, 3, 2), noon(date(2026, 3, 1)))[0].stage == "S2"
    with pytest.raises(EventRefused, match="已经被撤销"):
        events.take_back(last, "再撤", by=made.officer, at=noon(date(2026, 3, 3)))


def test_an_event_told_late_falls_into_its_place_or_is_refused(made: Plots) -> None:
    plot = made.to(made.plot("示例地块", square(0, 0)), "S2")
    made.event(plot, "notice_served", FIRST + timedelta(days=1), received_on=FIRST)
    assert [one.kind for one in stages.of(plot.plot).events][1:3] == ["preliminary_begun", "notice_served"]
    with pytest.raises(EventRefused, match="将不再成立"):
        made.event(plot, "suspicion_dismissed", FIRST)


def test_nobody_writes_what_he_has_not_seen(made: Plots) -> None:
    plot = made.plot("示例地块", square(0, 0)).plot
    events.record(plot, told("suspected_listed", FIRST), by=made.officer, at=noon(FIRST), seen=0)
    with pytest.raises(EventRefused, match="刚才有人登记"):
        events.record(plot, told("survey_required", FIRST), by=made.officer, at=noon(FIRST), seen=0)


def test_only_who_may_records(made: Plots, world: Any) -> None:
    plot = made.plot("示例地块", square(0, 0)).plot
    for name in ("auditor", "stranger"):
        with pytest.raises((NotAllowed, EventRefused)):
            events.record(plot, told("suspected_listed", FIRST), by=world.actor(name), at=noon(FIRST))
    with pytest.raises(EventRefused, match="早于地块的登记日期"):
        made.event(plot, "suspected_listed", SINCE - timedelta(days=1))
    with pytest.raises(EventRefused, match="没有写明由哪个机关"):
        events.record(plot, events.Told("suspected_listed", FIRST), by=made.officer, at=noon(FIRST))


def test_plots_on_a_ground_by_area(made: Plots) -> None:
    made.plot("西", square(0, 0))
    made.plot("东", square(1, 0))
    made.plot("远", square(5, 5))
    found = plots.overlapping(square(0.25, 0, 1), made.officer, date(2026, 3, 1))
    assert [one.version.name for one in found] == ["西", "东"]
    assert [round(one.share, 2) for one in found] == [0.75, 0.25]


def test_a_plot_on_a_list_is_not_ended_and_one_that_is_free_may_be(made: Plots) -> None:
    on = date(2026, 6, 1)
    listed, free = made.to(made.plot("甲地块", square(0, 0)), "S0"), made.plot("乙地块", square(1, 0))
    recording = Recording(made.officer, noon(on), "重复登记")
    with pytest.raises(PlotRefused, match="还在名单、名录上"):
        services.end(listed, on=on, recording=recording)
    assert services.end(free, on=on, recording=recording).until == on
    assert [one.version.name for one in plots.standing(made.officer, on)] == ["甲地块"]


def test_a_code_stands_once_and_ground_is_not_registered_twice(made: Plots) -> None:
    made.plot("甲地块", square(0, 0), code="G1")
    with pytest.raises(PlotRefused, match="已由“甲地块”"):
        made.plot("乙地块", square(1, 0), code="G1")
    with pytest.raises(PlotRefused, match="已经登记为“甲地块”"):
        made.plot("乙地块", square(0, 0))
    for wrong, why in (
        ({"depth_m": -1}, "不是正数"),
        ({"holder_code": "123"}, "12"),
        ({"holder_kind": "x"}, "不在可选范围"),
    ):
        with pytest.raises(Refusal, match=why):
            made.plot("乙地块", square(1, 0), **wrong)


def test_plots_are_found_by_the_one_search(made: Plots) -> None:
    made.plot("原青禾农药厂地块", square(0, 0), code="99010177")
    assert [hit.title for hit in find_plots(made.officer, "农药厂", date(2026, 6, 1), 5)] == ["原青禾农药厂地块"]
    assert find_plots(made.world.actor("stranger"), "农药厂", date(2026, 6, 1), 5) == []
