"""The example's firms as bin/demo loads them: who is late, who is abnormal, what was begun unfiled, what a firm's person sees."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from soildesk.core.models import Person
from soildesk.core.permissions import Actor
from soildesk.enterprises.models import (
    EnterpriseVersion,
    FacilityVersion,
    Filing,
    Hazard,
    Inspection,
    Investigation,
    Listing,
    PlantPlan,
    WasteAssessment,
)
from soildesk.enterprises.queries import facts, hazards
from soildesk.enterprises.queries.cards import cards
from soildesk.enterprises.queries.facts import View, firms
from soildesk.enterprises.services import filings
from soildesk.oversight.models import InspectionPlan, Penalty, Problem, ProblemAct, Visit
from soildesk.oversight.queries import compared
from soildesk.oversight.services import plans
from soilrules.enterprises.duties import CardState
from soilrules.enterprises.dutyproblems import problems

DAY = date(2026, 11, 21)
pytestmark = pytest.mark.usefixtures("demo_home", "db")


def who(name: str) -> Actor:
    return Actor.of(Person.objects.get(username=name), DAY)


def test_twenty_five_key_units_stand_on_the_list() -> None:
    assert Listing.objects.standing(DAY).filter(list_key="soil_key").count() == 25
    assert EnterpriseVersion.objects.standing(DAY).count() == 29


def test_two_are_late_with_the_inspection_and_one_took_down_unfiled() -> None:
    late = {
        (card.firm.name, line.rule.id)
        for card in cards(View(who("linlan"), DAY), 2026)
        for line in card.lines
        if line.state is CardState.OVERDUE
    }
    assert late == {
        ("华新铸造有限公司", "hazard_inspection.again"),
        ("青禾再生资源有限公司", "hazard_inspection.first"),
        ("瑞丰农药助剂有限公司", "demolition.ecology"),
        ("瑞丰农药助剂有限公司", "demolition.industry"),
    }


def test_the_demolition_is_a_problem_found_from_dates() -> None:
    found = {firm.name for firm in firms(View(who("linlan"), DAY)) if problems(firm.facts, DAY)}
    assert found == {"瑞丰农药助剂有限公司"}
    one, other = compared.shown(who("linlan"), DAY)  # of the two offices it was to be filed with, one is on the list
    assert (one.problem, other.problem.source) == (None, "record")


def test_of_most_plants_it_is_known_whether_leaks_are_hidden() -> None:
    told = Counter(
        (line.rule.id, str(line.state))
        for card in cards(View(who("linlan"), DAY), 2026)
        for line in card.lines
        if line.rule.id == "self_monitoring.half_year"
    )
    assert told[("self_monitoring.half_year", "cannot_say")] == 3
    assert told[("self_monitoring.half_year", "done")] == 37


def test_filings_stand_in_every_state_and_two_came_on_paper_through_two_hands() -> None:
    states = Counter(Filing.objects.values_list("state", flat=True))
    assert states == {"accepted": 9, "submitted": 2, "returned": 1, "draft": 1}
    assert Filing.objects.exclude(released_on=None).count() == 3
    for paper in Filing.objects.filter(on_paper=True):
        accepted = paper.acts.get(kind="accepted")
        assert accepted.by != paper.created_by, paper.number


def test_a_plan_of_demolition_was_filed_with_both_offices_in_time() -> None:
    filing = Filing.objects.get(kind="demolition_plan", state="accepted")
    assert {act.data["function"] for act in filing.acts.filter(kind="receipt")} == {"ecology", "industry"}
    assert filings.warnings(filing, filing.submitted_on or DAY) == []


def test_hazards_stand_in_every_state_on_the_drawing_of_the_plant() -> None:
    assert Counter(Hazard.objects.values_list("state", flat=True)) == {
        "verified": 3,
        "found": 3,
        "rectified": 1,
        "dropped": 1,
    }
    late = Hazard.objects.filter(hazards.LIVE, due__lt=DAY, state="found")
    assert [one.what for one in late] == ["埋地储罐没有液位计和溢流报警"]
    plan = PlantPlan.objects.get()
    assert FacilityVersion.objects.standing(DAY).filter(plan=plan).count() == 8
    assert set(Inspection.objects.values_list("state", "cause")) == {
        ("finished", "regular"),
        ("finished", "anomaly"),
        ("under_way", "regular"),
    }


def test_the_zinc_of_a_well_opened_an_investigation_by_itself() -> None:
    case = Investigation.objects.get()
    assert (case.state, str(case.opened_on)) == ("open", "2026-06-23")
    assert "warning.above_last" in {one.get("rule") for one in case.findings}
    firm = next(one for one in facts.firms(View(who("linlan"), DAY)) if one.row["enterprise_id"] == case.enterprise_id)
    assert firm.name == "青禾热镀锌有限公司"


def test_the_plan_of_inspections_can_be_drawn_again_and_was_walked() -> None:
    plan = InspectionPlan.objects.get()
    assert plans.drawn_again(plan)
    assert Counter(Visit.objects.filter(plan=plan).values_list("found", flat=True)) == {
        "nothing": 2,
        "problems": 2,
        "not_met": 1,
    }
    assert not Visit.objects.visible_to(who("panyi")).exists()


def test_problems_of_every_source_stand_in_every_state_one_with_a_punishment() -> None:
    rows = Problem.objects.exclude(origin__startswith="watch:").exclude(origin__startswith="plots.round:")  # of firms
    assert {"visit", "record", "inspectorate", "letter"} == set(rows.values_list("source", flat=True))
    assert set(rows.values_list("state", flat=True)) == set(Problem.State.values)
    assert rows.filter(state="open", due__lt=DAY).count() == 2
    assert rows.filter(state="open", unit=None).count() == 1
    assert set(ProblemAct.objects.values_list("kind", flat=True)) == set(ProblemAct.Kind.values)
    assert Penalty.objects.get().problem.clause == "生态环境法典第1167条第（一）项"


def test_who_speaks_for_a_firm_sees_that_firm_alone() -> None:
    seen = EnterpriseVersion.objects.visible_to(who("gufan"))
    assert set(seen.values_list("name", flat=True)) == {"华新铸造有限公司"}
    assert not Filing.objects.visible_to(who("gufan")).exclude(enterprise__in=seen.values("enterprise")).exists()


def test_waste_management_was_assessed_of_producers_and_of_the_operator() -> None:
    assert Counter(WasteAssessment.objects.values_list("kind", "level")) == {
        ("producer", "passes"): 7,
        ("producer", "mostly"): 2,
        ("producer", "fails"): 1,
        ("operator", "passes"): 1,
    }
