"""Measures of monitoring on a made-up district: done, not done, cannot say and not applicable, each with its rows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import judging_world as made
import monitoring_world
import pytest
from clause_words import offered

from soildesk.core.models import Person, RoleGrant
from soildesk.kit import measures
from soildesk.kit.measures import MeasureResult, Outcome
from soildesk.monitoring.measuring import WholePlace, last_day, year_asked
from soildesk.monitoring.models import Alert, Qualifier, Result
from soildesk.monitoring.services import disposal, judging
from soildesk.monitoring.services.disposal import Proof as Paper

pytestmark = [pytest.mark.django_db]
DAY, YEAR_END = date(2026, 11, 20), date(2026, 12, 31)
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
TOWNS = ("城关街道", "柏庄镇", "军庄镇", "清水乡")
D, N, C, X = Outcome.DONE, Outcome.NOT_DONE, Outcome.CANNOT_SAY, Outcome.NOT_APPLICABLE


def task(world: Any, division: Any = None, **facts: Any) -> Any:
    """What a measure knows of a plan's task: its plan's place, year and period."""
    plan = {"division": division or world.district, "year": 2026, "period_start": None, "period_end": None}
    return SimpleNamespace(
        plan=SimpleNamespace(**plan, doc_number="青环委办〔2026〕4号", title="方案", **facts), number="3"
    )


def indicator(world: Any, comparator: str, target: str, **facts: Any) -> Any:
    """An indicator with a printed target in percent."""
    said = {
        "comparator": comparator,
        "target_number": Decimal(target),
        "unit": "%",
        "alternative": "",
        "not_applicable": False,
    }
    return SimpleNamespace(plan=task(world).plan, **{**said, **facts})


def ask(
    world: Any, name: str, *, who: str = "officer", of: Any = None, on: date = DAY, known_on: date | None = None
) -> MeasureResult:
    return measures.get(f"monitoring.{name}").run(world.actor(who), of or task(world), on, known_on or on)


def told(answer: MeasureResult) -> tuple[Outcome, Any, Any]:
    return answer.outcome, answer.numerator, answer.denominator


def lacking(answer: MeasureResult) -> set[str]:
    """Names of the rows that do not count."""
    return {row.name.split()[0] for row in answer.rows if not row.counts}


NAMES = [name.removeprefix("monitoring.") for name in measures.measures() if name.startswith("monitoring.")]


@pytest.mark.store
def test_an_empty_register_proves_nothing(world: Any) -> None:
    """Neither done nor not done, whatever is asked."""
    assert len(NAMES) >= 18
    for name in NAMES:
        answer = ask(world, name)
        assert (answer.outcome, answer.numerator, list(answer.rows)) == (C, None, []), name
        assert str(answer.reason), name


def test_every_register_first_says_what_is_not_asked_then_who_sees_a_part(world: Any) -> None:
    """An indicator the plan does not ask of the place is not applicable, whoever reads; else a part proves nothing."""
    actor, registers = world.actor("stranger"), [one for one in measures.measures().values() if one.run_many is None]
    asking = [one for one in registers if "plans.indicator" in one.subjects and not one.id.startswith("plans.")]
    assert len(asking) > 60
    for one in asking:
        for not_asked, outcome in ((True, X), (False, C)):
            wanted = indicator(world, ">=", "90", not_applicable=not_asked, name="指标", number="")
            answer = one.run(actor, wanted, DAY, DAY)
            assert answer.outcome is outcome, (one.id, str(answer.reason))
            assert not_asked or "一部分" in str(answer.reason), one.id


@pytest.mark.parametrize("who", ["town", "stranger", "admin", "laboratory"])
def test_who_sees_a_part_cannot_say_of_the_whole(world: Any, who: str) -> None:
    """A town of the district, another district, an administrator, a laboratory: no rows, no numbers."""
    world.people["laboratory"] = monitoring_world.laboratory(world)
    of = made.campaign(world)
    made.results(world, of, {made.point(world, "N1", use="paddy"): {"cadmium": 2.5, "ph": 6.0}})
    judging.judge(of, "accepted", by=world.actor("officer"), at=AT)
    for name in NAMES:
        answer = ask(world, name, who=who)
        assert (answer.outcome, answer.numerator, list(answer.rows)) == (C, None, []), name
        assert "一部分" in str(answer.reason), name


class TestNetwork:
    """Points in every division, of every class, sampled in their period."""

    @pytest.mark.store
    def test_every_town_has_a_point(self, world: Any) -> None:
        for town in TOWNS[:3]:
            made.point(world, town, town=town)
        answer = ask(world, "network_complete")
        assert (told(answer), lacking(answer)) == ((N, 3, 4), {"清水乡"})
        assert "75%" in str(answer.reason)
        made.point(world, "清水", town="清水乡")
        assert told(ask(world, "network_complete")) == (D, 4, 4)

    def test_a_point_of_water_is_no_point_of_soil(self, world: Any) -> None:
        for town in TOWNS:
            made.point(world, town, town=town, medium="irrigation" if town == "清水乡" else "soil")
        assert lacking(ask(world, "network_complete")) == {"清水乡"}

    def test_a_point_that_ended_no_longer_counts_and_did_before(self, world: Any) -> None:
        for town in TOWNS:
            made.point(world, town, town=town)
        last = made.point(world, "N9", town="清水乡").versions.get()
        for version in (last, *type(last).objects.filter(point__number="清水乡")):
            type(version).objects.filter(pk=version.pk).update(until=date(2026, 6, 1))
        assert told(ask(world, "network_complete")) == (N, 3, 4)
        assert told(ask(world, "network_complete", on=date(2026, 5, 1))) == (D, 4, 4)

    def test_what_was_not_yet_known_did_not_count(self, world: Any) -> None:
        made.point(world, "N1")
        monitoring_world.point(world, monitoring_world.spot(1, 1), name="东山", kind="background")
        assert told(ask(world, "points_background", known_on=date(2026, 1, 4))) == (N, 0, None)
        assert told(ask(world, "points_background", known_on=date(2026, 1, 5))) == (D, 1, None)

    def test_a_city_asks_for_its_counties(self, world: Any) -> None:
        made.point(world, "N1")
        person = Person.objects.create(username="city", name="city")
        RoleGrant.objects.create(person=person, role=RoleGrant.Role.OFFICER, division=world.city)
        world.people["city"] = person
        answer = ask(world, "network_complete", who="city", of=task(world, world.city))
        assert (told(answer), lacking(answer)) == ((N, 1, 2), {"赤岩区"})
        assert ask(world, "network_complete", of=task(world, world.city)).outcome is C, (
            "a county of the city sees a part"
        )

    def test_a_town_has_nothing_below_it(self, world: Any) -> None:
        town = world.towns["柏庄镇"].division
        made.point(world, "N1")
        assert ask(world, "network_complete", of=task(world, town)).outcome is X

    @pytest.mark.store
    @pytest.mark.parametrize(
        ("name", "facts"),
        [
            ("points_baseline", {"kind": "baseline"}), ("points_risk", {"kind": "risk"}),
            ("points_background", {"kind": "background"}), ("points_national", {"level": "national"}),
            ("points_province", {"level": "province"}),
        ],
    )  # fmt: skip
    def test_points_of_a_class(self, world: Any, name: str, facts: dict[str, str]) -> None:
        made.point(world, "N1", kind="routine", level="county")
        assert told(ask(world, name)) == (N, 0, None)
        made.point(world, "N2", **facts)
        answer = ask(world, name)
        assert told(answer) == (D, 1, None)
        assert [row.name for row in answer.rows] == ["N2 N2"]
        assert "应设多少个台账中没有" in str(answer.reason)

    def test_points_sampled_in_their_period(self, world: Any) -> None:
        of = made.campaign(world)
        fresh, late, never = (made.point(world, name, frequency_months=12) for name in ("N1", "N2", "N3"))
        made.sample(world, of, fresh, date(2026, 5, 10))
        made.sample(world, of, late, date(2025, 5, 10))
        answer = ask(world, "points_in_period")
        assert (told(answer), lacking(answer)) == ((N, 1, 3), {"N2", "N3"})
        assert ask(world, "points_in_period", known_on=date(2026, 5, 9)).numerator == 0
        for one in (late, never):
            made.sample(world, of, one, date(2026, 6, 1))
        assert told(ask(world, "points_in_period")) == (D, 3, 3)
        assert told(ask(world, "points_in_period", on=date(2027, 8, 1))) == (N, 0, 3)

    def test_a_point_without_a_period_is_open(self, world: Any) -> None:
        of = made.campaign(world)
        made.sample(world, of, made.point(world, "N1", kind="risk", frequency_months=12), date(2026, 5, 10))
        made.point(world, "N2", kind="risk")
        made.point(world, "N3", kind="self")
        answer = ask(world, "points_in_period")
        assert (told(answer), lacking(answer)) == ((C, 1, 2), {"N2"})
        assert "1 项无法判断" in str(answer.reason)


class TestMonitored:
    """Accepted results of the year at every point asked for."""

    @pytest.mark.parametrize(
        ("name", "facts"),
        [
            ("perimeter_monitored", {"kind": "perimeter"}), ("irrigation_monitored", {"medium": "irrigation"}),
            ("groundwater_monitored", {"medium": "groundwater"}), ("networks_monitored", {"level": "province"}),
        ],
    )  # fmt: skip
    def test_each_point_has_results_of_the_year(self, world: Any, name: str, facts: dict[str, str]) -> None:
        of, former = made.campaign(world), made.campaign(world, date(2025, 5, 10))
        first, second = (made.point(world, number, **facts) for number in ("N1", "N2"))
        made.results(world, of, {first: {"cadmium": 0.01}, made.point(world, "N3"): {"cadmium": 0.01}})
        made.results(world, former, {second: {"cadmium": 0.01}})
        answer = ask(world, name)
        assert (told(answer), lacking(answer)) == ((N, 1, 2), {"N2"})
        made.sample(world, of, second, date(2026, 6, 1))
        assert {row.note for row in ask(world, name).rows if not row.counts} == {"已采样，没有已接收的检测结果"}
        made.results(world, of, {second: {"cadmium": 0.01}}, date(2026, 6, 1))
        assert told(ask(world, name)) == (D, 2, 2)
        assert told(ask(world, name, on=date(2026, 5, 20))) == (N, 1, 2)

    def test_points_of_the_county_count_to_the_number_a_target_names(self, world: Any) -> None:
        of = made.campaign(world)
        assert ask(world, "county_points_monitored").outcome is C
        made.point(world, "S1", level="province")
        points = [made.point(world, number, level="county") for number in ("N1", "N2", "N3")]
        made.results(world, of, {one: {"cadmium": 0.01} for one in points[:2]})
        assert told(ask(world, "county_points_monitored")) == (N, 2, 3)
        for target, expected in (("2", D), ("1", D), ("3", N), ("10", N)):
            wanted = indicator(world, "=", target, unit="个")
            said = ask(world, "county_points_monitored", of=wanted)
            assert said.outcome is expected, target
            assert f"3 个县级点位中，2 个已监测，目标为 {target} 个" in str(said.reason)

    @pytest.mark.store
    def test_a_rejected_result_or_batch_is_none(self, world: Any) -> None:
        of = made.campaign(world)
        at = made.point(world, "N1", kind="perimeter")
        into = made.batch(world, of, state="checked")
        made.result(into, made.sample(world, of, at, date(2026, 5, 10)), "cadmium", 0.1)
        assert told(ask(world, "perimeter_monitored")) == (N, 0, 1)
        type(into).objects.filter(pk=into.pk).update(state="accepted")
        assert told(ask(world, "perimeter_monitored")) == (D, 1, 1)
        Qualifier.objects.create(result=Result.objects.get(), role="validator", code="rejected", reason="污染", at=AT)
        assert told(ask(world, "perimeter_monitored")) == (N, 0, 1)
        assert told(ask(world, "perimeter_monitored", known_on=date(2026, 11, 19))) == (D, 1, 1)

    def test_soil_and_produce_of_one_place(self, world: Any) -> None:
        of = made.campaign(world)
        soil = made.point(world, "N1", kind="joint")
        lone = made.point(world, "N2", kind="joint", x=114.40)
        made.results(world, of, {soil: {"cadmium": 0.1}, lone: {"cadmium": 0.1}})
        grain = made.point(world, "G1", kind="joint", medium="produce", x=114.3005)
        answer = ask(world, "joint_monitored")
        assert {row.name.split()[0]: row.note for row in answer.rows} == {
            "N1": "农产品没有当年结果",
            "N2": "旁边没有农产品点位",
        }
        made.results(world, of, {grain: {"cadmium": 0.1}})
        answer = ask(world, "joint_monitored")
        assert (told(answer), lacking(answer)) == ((N, 1, 2), {"N2"})
        beside = made.point(world, "G2", kind="joint", medium="produce", x=114.40)
        made.results(world, of, {beside: {"cadmium": 0.1}})
        assert told(ask(world, "joint_monitored")) == (D, 2, 2)


class TestCampaigns:
    """Complete, and their data shared by the day."""

    @pytest.mark.store
    @pytest.mark.parametrize("kind", ["census", "detailed", "routine", "special"])
    def test_a_campaign_is_done_when_all_is_there(self, world: Any, kind: str) -> None:
        name = f"campaign_{kind}"
        made.campaign(world, kind=kind, state="draft")
        made.campaign(world, date(2025, 5, 10), kind=kind)
        made.campaign(world, kind="survey")
        assert ask(world, name).outcome is C, "a draft, another year and another kind are none"
        of = made.campaign(world, kind=kind)
        at = made.point(world, "N1")
        note = {row.note for row in ask(world, name).rows}
        assert note == {"没有办结，时限 2026-12-31；没有采样任务"}
        task_ = made.sample(world, of, at, date(2026, 6, 1))
        type(of).objects.filter(pk=of.pk).update(state="closed", closed_on=date(2026, 11, 1))
        answer = ask(world, name)
        assert (told(answer), {row.note for row in answer.rows}) == ((N, 0, 1), {"1 个样品没有已接收的结果"})
        made.result(made.batch(world, of), task_, "cadmium", 0.1)
        assert told(ask(world, name)) == (D, 1, 1)
        assert told(ask(world, name, on=date(2026, 10, 31))) == (N, 0, 1)

    def test_a_sample_nobody_took_keeps_it_open(self, world: Any) -> None:
        of = made.campaign(world, state="closed", closed_on=date(2026, 11, 1))
        made.results(world, of, {made.point(world, "N1"): {"cadmium": 0.1}})
        dropped = made.sample(world, of, made.point(world, "N2"), date(2026, 6, 1))
        type(dropped).objects.filter(pk=dropped.pk).update(state="dropped")
        answer = ask(world, "campaign_routine")
        assert (told(answer), {row.note for row in answer.rows}) == ((N, 0, 1), {"1 个样品没有采"})

    @pytest.mark.parametrize(("kind", "outcome"), [("detailed", D), ("census", D), ("routine", C), ("special", C)])
    def test_what_is_done_once_is_done_in_any_year_of_the_plan(self, world: Any, kind: str, outcome: Outcome) -> None:
        """配合查明 by 2018, asked in 2020: the survey of 2018 counts, that of the year before the plan does not."""
        long = task(world)
        long.plan.year, long.plan.period_start, long.plan.period_end = 2017, date(2017, 5, 1), date(2020, 12, 31)
        made.campaign(world, date(2016, 5, 10), kind=kind, state="closed", closed_on=date(2016, 12, 1))
        assert ask(world, f"campaign_{kind}", of=long, on=date(2020, 6, 1)).outcome is C
        of = made.campaign(world, date(2018, 5, 10), kind=kind, state="closed", closed_on=date(2018, 12, 1))
        task_ = made.sample(world, of, made.point(world, "N1"), date(2018, 5, 10))
        made.result(made.batch(world, of), task_, "cadmium", 0.1)
        known = {"of": long, "known_on": DAY}
        assert ask(world, f"campaign_{kind}", on=date(2020, 6, 1), **known).outcome is outcome
        assert ask(world, f"campaign_{kind}", on=date(2017, 12, 31), **known).outcome is C

    @pytest.mark.parametrize(
        ("closed", "answered", "outcome"),
        [(None, True, N), (date(2016, 11, 20), True, N), (date(2016, 11, 21), True, D), (date(2026, 11, 1), False, N)],
    )
    def test_a_survey_counts_for_ten_years(self, world: Any, closed: Any, answered: bool, outcome: Outcome) -> None:
        made.campaign(world, kind="routine")
        day = date(closed.year if closed else 2026, 5, 10)
        of = made.campaign(world, day, kind="detailed", state="closed" if closed else "running", closed_on=closed)
        task_ = made.sample(world, of, made.point(world, "N1"), day)
        if answered:
            made.result(made.batch(world, of), task_, "cadmium", 0.1)
        answer = ask(world, "survey_every_ten_years")
        assert (answer.outcome, [row.counts for row in answer.rows]) == (outcome, [outcome is D])

    @pytest.mark.parametrize(
        ("shared", "on", "outcome"),
        [
            (None, date(2026, 2, 1), C), (None, date(2026, 3, 31), C), (None, date(2026, 4, 1), N),
            (date(2026, 3, 31), date(2026, 4, 1), D), (date(2026, 4, 1), date(2026, 4, 2), N),
            (date(2026, 3, 20), date(2026, 3, 19), C),
        ],
    )  # fmt: skip
    def test_last_years_data_are_shared_by_the_day(self, world: Any, shared: Any, on: date, outcome: Outcome) -> None:
        made.campaign(world)
        made.campaign(world, date(2025, 5, 10), state="closed", closed_on=date(2025, 12, 1), shared_on=shared)
        answer = ask(world, "data_shared", on=on)
        assert (answer.outcome, answer.denominator) == (outcome, 1)
        assert "2026-03-31" in answer.rows[0].note

    def test_the_year_follows_the_day_within_the_plans_period(self, world: Any) -> None:
        made.campaign(world, date(2018, 5, 10), state="closed", closed_on=date(2018, 12, 1), shared_on=date(2019, 3, 1))
        long = task(world)
        long.plan.year, long.plan.period_start, long.plan.period_end = 2017, date(2017, 5, 1), date(2020, 12, 31)
        asked = {year: ask(world, "data_shared", of=long, on=date(year, 6, 1)).outcome for year in (2017, 2019, 2022)}
        assert asked == {2017: C, 2019: D, 2022: C}


@pytest.mark.parametrize(
    ("first", "last", "year", "aim", "on", "asked", "until"),
    [
        (2026, 2026, 2026, None, 2025, 2026, 2026), (2026, 2026, 2026, None, 2027, 2026, 2026),
        (2017, 2020, 2017, None, 2019, 2019, 2020), (2017, 2020, 2017, None, 2026, 2020, 2020),
        (2017, 2020, 2017, 2030, 2026, 2026, 2030), (2017, 2020, 2017, 2030, 2031, 2030, 2030),
        (2025, 2027, 2025, 2025, 2026, 2025, 2025), (2025, 2027, 2025, 2027, 2026, 2026, 2027),
        (2025, 2027, 2025, 2020, 2026, 2026, 2027), (None, None, 2009, None, 2026, 2009, 2009),
        (None, None, 2009, 2030, 2026, 2026, 2030), (None, None, None, None, 2026, 2026, None),
        (2017, None, 2017, None, 2026, 2026, None), (None, 2020, 2017, None, 2026, 2020, 2020),
    ],
)  # fmt: skip
def test_a_plan_and_a_target_ask_for_their_own_years(
    first: int | None, last: int | None, year: int | None, aim: int | None, on: int, asked: int, until: int | None
) -> None:
    plan = SimpleNamespace(year=year, period_start=first and date(first, 1, 1), period_end=last and date(last, 12, 31))
    subject = SimpleNamespace(plan=plan, year=aim, comparator=">=") if aim else SimpleNamespace(plan=plan)
    assert year_asked(subject, date(on, 6, 1)) == asked
    assert last_day(subject) == (until and date(until, 12, 31))


def warned(world: Any, **values: float) -> list[Alert]:
    """A warning for each point: an alarm is due 15 days on, on 5 December."""
    of = made.campaign(world)
    points = {
        made.point(world, name, use="paddy", x=114.3 + at * 0.1): value
        for at, (name, value) in enumerate(values.items())
    }
    made.results(world, of, {point: {"cadmium": value, "ph": 6.0} for point, value in points.items()})
    judging.judge(of, "accepted", by=world.actor("officer"), at=AT)
    return list(Alert.objects.order_by("point__number"))


def close(world: Any, alert: Alert, day: date) -> None:
    at = datetime(day.year, day.month, day.day, 2, 0, tzinfo=UTC)
    office, town = world.actor("officer", day), world.actor("agriculture", day)
    disposal.assign(alert, world.departments["agriculture"], by=office, at=at)
    disposal.take(alert, by=town, at=at)
    disposal.measure(alert, "复测", [Paper("复测报告.pdf", b"%PDF-1.4 r")], by=town, at=at)
    disposal.answer(alert, "复测未超标", by=town, at=at)
    disposal.close(alert, "同意", by=office, at=at)


class TestWarnings:
    """Closed, in time, and what may not be said."""

    @pytest.mark.store
    def test_closed_late_open_and_not_yet_due(self, world: Any) -> None:
        first, second, _third = warned(world, N1=2.5, N2=2.5, N3=0.5)
        assert ask(world, "warnings_closed").outcome is X, "none is due on the day it was made"
        assert ask(world, "warnings_closed", on=first.due).outcome is X, "the day itself is in time"
        assert told(ask(world, "warnings_closed", on=date(2026, 12, 6))) == (N, 0, 2)
        close(world, first, date(2026, 12, 1))
        later = date(2026, 12, 10)
        answer = ask(world, "warnings_closed", on=later)
        assert (told(answer), lacking(answer)) == ((N, 1, 2), {second.number})
        assert next(row.note for row in answer.rows if not row.counts) == "时限 2026-12-05，未销号"
        close(world, second, date(2026, 12, 8))
        assert told(ask(world, "warnings_closed", on=later)) == (D, 2, 2)
        assert told(ask(world, "warnings_in_time", on=later)) == (N, 1, 2)
        assert told(ask(world, "warnings_closed", on=date(2026, 12, 7))) == (N, 1, 2)
        assert told(ask(world, "warnings_closed", on=date(2027, 2, 1))) == (N, 2, 3)

    def test_merged_is_ended_and_a_moved_term_is_told(self, world: Any) -> None:
        first, second = warned(world, N1=2.5, N2=2.5)
        disposal.merge(first, second, "同一污染源", by=world.actor("officer"), at=AT)
        disposal.extend(second, date(2026, 12, 20), "等复测", by=world.actor("officer"), at=AT)
        assert told(ask(world, "warnings_closed", on=date(2026, 12, 10))) == (D, 1, 1)
        answer = ask(world, "warnings_closed", on=date(2026, 12, 21))
        assert told(answer) == (N, 1, 2)
        assert next(row.note for row in answer.rows if not row.counts) == "时限 2026-12-20，时限曾调整，未销号"

    def test_a_warning_without_a_term_is_open(self, world: Any) -> None:
        warned(world, N1=2.5)
        Alert.objects.update(due=None)
        assert told(ask(world, "warnings_closed", on=YEAR_END)) == (C, 0, 1)
        assert told(ask(world, "warnings_in_time", on=YEAR_END)) == (C, 0, 1)

    def test_an_old_warning_still_open_counts_in_the_next_year(self, world: Any) -> None:
        warned(world, N1=2.5)
        of = task(world)
        of.plan.year = 2027
        made.results(world, made.campaign(world, date(2027, 1, 10)), {})
        assert told(ask(world, "warnings_closed", of=of, on=date(2027, 3, 1))) == (N, 0, 1)

    def test_judged_and_nothing_found_asks_nothing(self, world: Any) -> None:
        warned(world, N1=0.1)
        assert ask(world, "warnings_closed").outcome is X

    @pytest.mark.store
    @pytest.mark.parametrize(("target", "outcome"), [("30", N), ("60", C), ("70", D)])
    def test_points_over_a_limit_with_some_unknown(self, world: Any, target: str, outcome: Outcome) -> None:
        """One of three over, one without a pH: at least a third, at most two."""
        of = made.campaign(world)
        values = {"N1": {"cadmium": 2.5, "ph": 6.0}, "N2": {"cadmium": 0.1, "ph": 6.0}, "N3": {"cadmium": 0.5}}
        made.results(world, of, {made.point(world, name, use="paddy"): value for name, value in values.items()})
        judging.judge(of, "accepted", by=world.actor("officer"), at=AT)
        answer = ask(world, "points_over_limit", of=indicator(world, "<=", target))
        assert told(answer) == (outcome, 1, 3)

    def test_points_over_a_limit_are_no_success_where_no_target_stands(self, world: Any) -> None:
        """All points over: a whole place without a target is told the figure, and never that it was reached."""
        of = made.campaign(world)
        made.results(world, of, {made.point(world, "N1", use="paddy"): {"cadmium": 2.5, "ph": 6.0}})
        judging.judge(of, "accepted", by=world.actor("officer"), at=AT)
        answer = ask(world, "points_over_limit", of=WholePlace(world.district, 2026))
        assert told(answer) == (C, 1, 1)
        assert "没有目标" in str(answer.reason) and "100%" in str(answer.reason)

    @pytest.mark.parametrize(
        ("comparator", "target", "facts", "outcome"),
        [
            (">=", "50", {}, D), (">=", "95", {}, N), ("text", "95", {}, C), (">=", "95", {"alternative": "或全部整改"}, C),
            (">=", "95", {"unit": "个"}, C), (">=", "50", {"not_applicable": True}, X),
        ],
    )  # fmt: skip
    def test_a_rate_beside_a_printed_target(
        self, world: Any, comparator: str, target: str, facts: dict[str, Any], outcome: Outcome
    ) -> None:
        for town in TOWNS[:3]:
            made.point(world, town, town=town)
        answer = ask(world, "network_complete", of=indicator(world, comparator, target, **facts))
        assert answer.outcome is outcome


def test_the_made_up_county_by_its_own_services(world: Any) -> None:
    """Points, samples and a campaign as people make them: nothing is done while no result is here."""
    monitoring_world.county(world)
    assert told(ask(world, "network_complete")) == (N, 1, 4)
    assert told(ask(world, "perimeter_monitored")) == (N, 0, 2)
    assert told(ask(world, "campaign_routine")) == (N, 0, 1)
    assert ask(world, "points_background").numerator == 1


CLAUSES = {
    "完善土壤环境监测网，优化调整土壤环境监测点位，开展农产品产地土壤环境监测": "network_complete",
    "设置土壤环境风险监测点位，开展定期监测工作": "points_risk",
    "配合市级环保部门定期对重点监管企业和工业园区周边进行土壤环境监测": "perimeter_monitored",
    "配合开展全市灌区水质监测工作": "irrigation_monitored",
    "在全市农产品主产区开展耕地土壤和农产品协同监测与评价": "joint_monitored",
    "落实耕地土壤污染预警制度": "warnings_closed",
    "科学设置土壤环境质量监测基础点位、风险点位、背景点位": "points_background",
    "每年3月底前，各相关部门将上年度相关数据上传至全市土壤环境信息化管理平台": "data_shared",
    "开展土壤污染状况详查": "campaign_detailed",
}


@pytest.mark.parametrize(("clause", "name"), CLAUSES.items())
def test_a_clause_is_offered_its_measure(clause: str, name: str) -> None:
    assert f"monitoring.{name}" in offered(clause)


@pytest.mark.parametrize("clause", ["加强宣传教育培训", "强化资金保障", "编制年度实施方案", "受污染耕地安全利用率"])
def test_a_clause_of_something_else_is_offered_none(clause: str) -> None:
    assert not [one for one in offered(clause) if one.startswith("monitoring.")]
