"""Grounds on which a pass would be wrong: suspicion after a release, a plot drawn larger than its report, ground nobody keeps."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from typing import Any

import pytest

from desk.enterprise_world import Firms
from desk.land_world import parcel, square
from desk.plot_world import BUILDER, Plots, noon
from soildesk.core.versions import Recording
from soildesk.decisions.queries.facts import Asked
from soildesk.decisions.services import gate
from soildesk.land.models import ParcelVersion
from soildesk.plots.queries import meeting
from soildesk.plots.refusals import EventRefused, PlotRefused
from soildesk.plots.services import candidates, plots

pytestmark = [pytest.mark.django_db, pytest.mark.store]
DAY = date(2026, 11, 20)
LATER = date(2026, 6, 1)
BESIDE = {"planned_use", "province_query", "province_limit", "local_rules", "sources_reached", "farmland_class"}


def held_back(
    world: Any, shape: Any, act: str = "供地", use: str = "0701", now: str = "1001", on: date = DAY
) -> dict[str, str]:
    """What stands against an act, beside sources a test does not fill."""
    asked = Asked(shape, act, use, on, scheme="guide2023", current_use=now, current_scheme="guide2023", untouched=True)
    answer = gate.check(asked, by=world.actor("officer"))
    return {
        one.id: one.outcome.value
        for one in answer.decision.checks
        if one.outcome.value not in ("yes", "not_applicable") and one.id not in BESIDE
    }


def released(world: Any, shape: Any, **facts: Any) -> Any:
    made = Plots(world)
    return made, made.released(made.plot("粮库地块", shape), **facts)


def test_suspicion_after_a_release_asks_for_a_new_survey(world: Any) -> None:
    made, _plot = released(world, square(0, 0))
    assert "suspected_not_surveyed" not in held_back(world, square(0, 0))
    found = made.plot("倾倒处地块", square(0, 0, 0.5))
    made.event(found, "suspected_listed", LATER)
    against = held_back(world, square(0, 0))
    assert against["suspected_not_surveyed"] == against["use_change_needs_survey"] == "no"
    assert held_back(world, square(0, 0), now="0701")["suspected_not_surveyed"] == "no"
    building = held_back(world, square(0, 0), act="施工许可", use="1001")
    assert (building["suspected_not_surveyed"], building["on_roster_unrelated_build"]) == ("conditions", "no")
    assert "use_change_needs_survey" not in held_back(world, square(0, 0), on=LATER - timedelta(days=1))


def test_pollution_found_after_a_release_is_not_covered_by_the_older_report(world: Any) -> None:
    made, _plot = released(world, square(0, 0))
    found = made.plot("渗漏处地块", square(0, 0, 0.5))
    made.event(found, "carried_over", LATER, stage="S2", works="none")
    against = held_back(world, square(0, 0))
    assert against["polluted_not_assessed"] == against["use_change_needs_survey"] == "no"


def test_a_report_covers_the_plot_as_it_was_and_not_as_it_was_drawn_later(world: Any) -> None:
    made = Plots(world)
    held = made.to(made.plot("粮库地块", square(0, 0, 0.5)), "released")
    recording = Recording(world.actor("officer"), noon(LATER), "重新测绘")
    plots.change(held, {"geometry": square(0, 0)}, since=LATER, recording=recording)
    against = held_back(world, square(0, 0))
    assert against["use_change_needs_survey"] == against["survey_coverage"] == "no"


def test_of_a_day_to_come_nothing_is_said_for_the_ground(world: Any) -> None:
    released(world, square(0, 0))
    ahead = held_back(world, square(0, 0), on=date(2099, 1, 1))
    assert ahead["on_roster_sensitive_use"] == ahead["survey_coverage"] == "cannot_say"


def test_ground_of_which_something_is_owed_does_not_leave_with_its_plot(world: Any) -> None:
    made = Plots(world)
    whole = made.plot("硫酸厂地块", square(0, 0))
    made.event(whole, "carried_over", LATER, stage="S2", works="none")
    recording = Recording(world.actor("officer"), noon(LATER), "分宗")
    ended = LATER + timedelta(days=9)
    with pytest.raises(PlotRefused, match="还没有了结"):
        plots.end(whole, on=ended, recording=recording)
    for at in (0.0, 0.5):
        heir = made.plot(f"硫酸厂地块之{at}", square(at, 0, 0.5), since=LATER)
        made.event(heir, "carried_over", LATER, stage="S2", works="none")
    assert plots.end(whole, on=ended, recording=recording).until == ended
    assert held_back(world, square(0, 0))["polluted_not_assessed"] == "no"


def test_a_code_written_otherwise_is_no_other_party(world: Any) -> None:
    made = Plots(world)
    works = made.to(made.plot("硫酸厂地块", square(0, 0)), "S5")
    for at, kind in enumerate(("roster_listed", "remediation_plan_filed", "works_begun", "works_finished")):
        made.event(works, kind, LATER + timedelta(days=at))
    with pytest.raises(EventRefused, match="不是管控、修复单位"):
        made.event(works, "evaluation_begun", LATER + timedelta(days=9), evaluator=(BUILDER.lower(),))
    with pytest.raises(EventRefused) as refused:
        made.event(works, "evaluation_begun", LATER + timedelta(days=9), evaluator=("123",))
    assert refused.value.code == "plots.event.credit_code"


def test_a_report_is_not_filed_on_a_day_to_come(world: Any) -> None:
    made = Plots(world)
    asked = made.to(made.plot("粮库地块", square(0, 0)), "S1")
    with pytest.raises(EventRefused, match="晚于今天"):
        made.event(asked, "preliminary_within", LATER, filed_on=date(2099, 1, 1))


@pytest.mark.parametrize("apart", [-1e-6, 0.0, 1e-6, 0.1], ids=["a sliver over", "one border", "a hair apart", "20 m"])
def test_a_plot_beside_the_ground_is_a_neighbour_where_they_touch_too(world: Any, apart: float) -> None:
    made, _plot = released(world, square(1, 0))
    beside = made.to(made.plot("在修复地块", square(0, 0, 1 - apart)), "S6")
    found = meeting.met([square(1, 0)], world.actor("officer"), DAY, 50.0)
    assert [one.plot_id for one, _metres in found[0].near] == [beside.plot_id]


def test_what_is_known_of_a_part_is_answered_for_beside_ground_nobody_registered(world: Any) -> None:
    parcel(world, square(0, 0), use_system="guide2023", use_now="1001")
    asked = Asked(square(0, 0, 2), "供地", "0701", DAY, scheme="guide2023")
    answer = gate.check(asked, by=world.actor("officer"))
    (found,) = [one for one in answer.decision.checks if one.id == "use_change_needs_survey"]
    assert (found.outcome.value, len(found.pieces)) == ("no", 1)
    assert 0 < found.area_m2 < answer.facts.ground.area_m2
    assert answer.decision.verdict.value == "blocked"


def test_a_plot_that_says_works_is_not_unchanged_because_its_parcel_says_homes(world: Any) -> None:
    made = Plots(world)
    plot = made.plot("机修厂地块", square(0, 0), use_system="guide2023", use_now="1001")
    parcel(world, square(0, 0), use_system="guide2023", use_now="0701")
    made.released(plot, covered=square(0, 0, 0.8))

    def said(**more: Any) -> dict[str, str]:
        asked = Asked(square(0, 0), "供地", "0701", DAY, scheme="guide2023", **more)
        answer = gate.check(asked, by=world.actor("officer"))
        return {one.id: one.outcome.value for one in answer.decision.checks}

    against = said()
    assert (against["use_change_needs_survey"], against["survey_coverage"]) == ("cannot_say", "cannot_say")
    assert said(current_use="1001", current_scheme="guide2023")["use_change_needs_survey"] == "no"
    alone = made.plot("无宗地地块", square(3, 0), use_system="guide2023", use_now="1001")
    asked = Asked(alone.geometry, "供地", "0701", DAY, scheme="guide2023")
    checks = gate.check(asked, by=world.actor("officer")).decision.checks
    assert next(one.outcome.value for one in checks if one.id == "use_change_needs_survey") == "no"


def test_the_askers_word_does_not_take_the_place_of_the_record(world: Any) -> None:
    parcel(world, square(0, 0), use_system="guide2023", use_now="1001")
    parcel(world, square(3, 0), use_system="guide2023", use_now="0701")
    assert held_back(world, square(0, 0), "工程规划许可", now="0701")["use_change_needs_survey"] == "cannot_say"
    assert "use_change_needs_survey" not in held_back(world, square(3, 0), "工程规划许可", now="0701")
    assert "use_change_needs_survey" not in held_back(world, square(6, 0), "工程规划许可", now="0701")
    firms = Firms(world)
    plant = firms.firm("青禾机修厂", since=date(2020, 1, 1), industry="3311")
    firms.site(plant, square(0, 0), since=date(2020, 1, 1))
    assert held_back(world, square(0, 0), "工程规划许可", now="0701")["use_change_needs_survey"] == "no"


def test_a_key_unit_without_ground_is_no_key_unit_elsewhere(world: Any) -> None:
    firms = Firms(world)
    drawn, undrawn = (firms.firm(name, since=date(2020, 1, 1)) for name in ("青禾电镀厂", "青禾冶炼厂"))
    firms.site(drawn, square(5, 0), since=date(2020, 1, 1))
    for one in (drawn, undrawn):
        firms.listed(one, "soil_key", date(2026, 3, 20))
    made = Plots(world)
    made.plot("别处地块", square(9, 0))
    asked = Asked(square(0, 0), "转让", "1001", DAY, scheme="guide2023", current_use="1001", current_scheme="guide2023")

    def answered() -> Any:
        checks = gate.check(asked, by=world.actor("officer")).decision.checks
        return next(one for one in checks if one.id == "key_unit_transfer")

    found = answered()
    assert found.outcome.value == "cannot_say"
    assert "青禾冶炼厂" in found.because[0].sentence() and "青禾电镀厂" not in found.because[0].sentence()
    parcel(world, square(0, 0), use_system="guide2023", use_now="1001", holder="青禾冶炼厂")
    assert answered().outcome.value == "cannot_say", "it is the unit's own"
    ParcelVersion.objects.update(holder="青禾机修厂")
    assert answered().outcome.value == "yes", "another holds it"
    ParcelVersion.objects.update(holder="")
    assert answered().outcome.value == "cannot_say"
    for use, outcome in (("0901", "cannot_say"), ("090105", "cannot_say"), ("0904", "cannot_say"), ("11", "cannot_say"), ("0902", "yes"), ("0701", "yes")):  # fmt: skip
        ParcelVersion.objects.update(use_now=use)
        found = answered()
        assert found.outcome.value == outcome, (
            f"{use}: works may stand under commerce and storage, people live or bank there"
        )
        told = found.because[-1].sentence()
        assert ("一般不设厂区" in told and "青禾冶炼厂" in told, found.mark == "K-low") == ((outcome == "yes"),) * 2
    ParcelVersion.objects.update(use_now="0701", holder="青禾机修厂")
    assert answered().mark == "V", "whose it is says more than its use"
    ParcelVersion.objects.update(holder="")
    ParcelVersion.objects.update(use_now="1001")
    firms.site(undrawn, square(7, 0), since=date(2020, 1, 1))
    assert answered().outcome.value == "yes"


@pytest.mark.parametrize("drawn", [False, True])
def test_a_plot_of_the_national_system_that_is_none_here_may_be_this_ground(world: Any, drawn: bool) -> None:
    made, _plot = released(world, square(0, 0))
    ground = square(4, 0)
    before = held_back(world, ground, use="1001")
    facts = {"code": "G9", "stage": "治理与修复", "lists": "风险管控和修复名录"}
    fed = candidates.Fed(candidates.Candidate.Source.NATIONAL, "national:G9", "无图地块", LATER, facts=facts)
    fed = dataclasses.replace(fed, geometry=square(4, 0, 0.5)) if drawn else fed
    (lead,) = candidates.take_in([fed], by=made.officer, at=noon(LATER))
    against = held_back(world, ground, use="1001")
    assert "suspected_not_surveyed" not in before
    assert against["polluted_not_assessed"] == against["suspected_not_surveyed"] == "cannot_say"
    assert held_back(world, square(0, 0), use="1001").keys() & {"suspected_not_surveyed"} == set()
    assert ("suspected_not_surveyed" in held_back(world, square(8, 0), use="1001")) == (not drawn)
    candidates.dismiss(lead, by=made.officer, at=noon(LATER), why="不在本区")
    assert held_back(world, ground, use="1001") == before


def test_a_plot_the_national_system_shows_free_bars_no_ground(world: Any) -> None:
    made, _plot = released(world, square(0, 0))
    facts = {"stage": "已移出", "freed": True}
    fed = candidates.Fed(candidates.Candidate.Source.NATIONAL, "national:G8", "已了结地块", LATER, facts=facts)
    candidates.take_in([fed], by=made.officer, at=noon(LATER))
    assert "suspected_not_surveyed" not in held_back(world, square(4, 0), use="1001")
