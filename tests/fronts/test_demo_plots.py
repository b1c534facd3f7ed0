"""The example's construction land as bin/demo loads it: how far each plot came, the lists, and what the gate answers."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest

from soildesk.core.models import Duty, Person
from soildesk.core.permissions import Actor
from soildesk.decisions.models import GateQuery, GroundAct, OpinionRequest
from soildesk.decisions.queries.facts import Asked
from soildesk.decisions.services import gate
from soildesk.land.models import LineageEvent, Zone
from soildesk.land.queries import standing as parcels
from soildesk.plots.models import Candidate, PlotEvent, WrittenNotice
from soildesk.plots.queries import plots

DAY = date(2026, 11, 21)
pytestmark = pytest.mark.usefixtures("demo_home", "db")


def officer() -> Actor:
    return Actor.of(Person.objects.get(username="linlan"), DAY)


def answer(name: str, act: str = "施工许可") -> gate.Answer:
    """What the gate says of a whole plot that nobody used since, for the use that is planned there."""
    (ground,) = [one.version for one in plots.standing(officer(), DAY) if one.version.name == name]
    asked = Asked(
        ground.geometry, act, ground.use_planned, DAY, scheme="guide2023", current_use="1001",
        current_scheme="guide2023", untouched=True,
    )  # fmt: skip
    return gate.check(asked, by=officer())


def test_sixty_plots_stand_in_every_stage() -> None:
    found = Counter((one.stage, one.exit) for one in plots.standing(officer(), DAY))
    assert found == {
        ("", ""): 1, ("S0", ""): 8, ("S1", ""): 7, ("S2", ""): 6, ("S3", ""): 4, ("S4", ""): 4, ("S5", ""): 5, ("S6", ""): 4,
        ("released", "survey"): 12, ("released", "assessment"): 3, ("removed", "effect"): 6,
    }  # fmt: skip


def test_every_list_has_members_and_a_past() -> None:
    now, then = (
        Counter(key for one in plots.standing(officer(), day) for key in one.lists) for day in (DAY, date(2023, 1, 1))
    )
    assert now == {"suspected": 16, "polluted": 23, "roster": 13, "priority": 5, "negative": 4}
    assert then == {"suspected": 8, "polluted": 8, "roster": 7, "negative": 4}
    assert PlotEvent.objects.filter(document="全国系统导出 2023-03-15").exists()


def test_one_written_notice_is_overdue_and_one_was_withdrawn() -> None:
    open_ = WrittenNotice.objects.filter(due__lt=DAY, done_on=None, withdrawn_at=None)
    assert [(one.recipient, one.due) for one in open_] == [("青禾供销合作总社", date(2026, 10, 2))]
    assert WrittenNotice.objects.exclude(withdrawn_at=None).count() == 1
    assert Duty.objects.for_subject(open_.get()).get().done_on is None


@pytest.mark.parametrize(
    ("name", "decision", "because"),
    [
        ("原青禾农药厂地块", "blocked", "on_roster_unrelated_build"),
        ("原青禾纺织印染厂地块", "conditions", "boundary_changed"),
        ("原城关皮件厂地块", "pass", ""),
        ("原新苑热电厂灰场地块", "cannot_say", "boundary_changed"),
    ],
)
def test_four_grounds_have_four_answers(name: str, decision: str, because: str) -> None:
    found = answer(name).decision
    assert found.verdict.value == decision
    open_ = {one.id for one in found.checks if one.outcome.value in ("no", "conditions", "cannot_say")}
    assert because in open_ if because else not open_


def test_ground_used_since_its_release_and_a_survey_of_a_part_are_found() -> None:
    def said(found: gate.Answer) -> dict[str, Any]:
        return {one.id: one for one in found.decision.checks}

    assert said(answer("原城关农机修造厂地块"))["survey_stale"].outcome.value == "conditions"
    coverage = said(answer("原青禾铅笔厂地块"))["survey_coverage"]
    assert (coverage.outcome.value, coverage.area_m2 > 1000) == ("no", True)


def test_land_and_plots_tell_the_same_use_but_for_three_that_show_what_a_contradiction_does() -> None:
    lots = {one.name: one for one in parcels.parcels(officer(), DAY)}
    told = {one.version.name: one.version for one in plots.standing(officer(), DAY)}
    otherwise = {
        name: sorted({lot.name for lot in lots.values() if lot.use_now != one.use_now and _shares(lot, one)})
        for name, one in told.items()
    }
    assert {name: found for name, found in otherwise.items() if found} == {
        "原城关酱菜厂地块": ["城关街道123号宗地"], "原青禾制药厂地块": ["城关街道138号宗地"], "原城关汽车修理厂地块": ["城关街道150号宗地"],
    }  # fmt: skip
    assert _change_of_use(told["原城关酱菜厂地块"]) == "cannot_say", "homes say the land books, works says the register"
    assert _change_of_use(told["原青禾化学试剂厂地块"]) == "no"


def _shares(lot: Any, plot: Any) -> bool:
    """Whether a lot and a plot lie on one another with more than their edges."""
    return bool(lot.geometry.intersection(plot.geometry).area > plot.geometry.area / 100)


def _change_of_use(plot: Any) -> str:
    """Whether homes may be planned where works stood, where nobody tells the use of now: the records do."""
    asked = Asked(plot.geometry, "供地", "0701", DAY, scheme="guide2023", untouched=True)
    found = {one.id: one for one in gate.check(asked, by=officer()).decision.checks}
    return found["use_change_needs_survey"].outcome.value


def test_what_was_asked_is_kept_with_its_answer() -> None:
    single = GateQuery.objects.filter(batch=None)
    assert Counter(single.values_list("decision", flat=True)) == {
        "pass": 2, "blocked": 2, "conditions": 1, "cannot_say": 2,
    }  # fmt: skip
    looked_up = GateQuery.objects.filter(project="皮件厂地块供地").order_by("pk")
    assert [one.decision for one in looked_up] == ["cannot_say", "pass"]
    assert looked_up[1].follows == looked_up[0]
    assert Counter(OpinionRequest.objects.values_list("state", flat=True)) == {"answered": 1, "asked": 1}


def test_plans_acts_and_candidates_lie_beside_the_plots() -> None:
    layers = Counter(Zone.objects.filter(edition__layer__code__in=["supply_plan", "detailed_plan"]).values_list("edition__layer__code", flat=True))  # fmt: skip
    assert layers == {"supply_plan": 30, "detailed_plan": 13}
    assert GroundAct.objects.filter(act="building_seen").get().project == "河西佳苑一期"
    assert Counter(Candidate.objects.values_list("state", flat=True)) == {"open": 8, "linked": 2, "confirmed": 1, "dismissed": 1}  # fmt: skip
    assert LineageEvent.objects.filter(on=date(2025, 11, 20)).count() == 1
