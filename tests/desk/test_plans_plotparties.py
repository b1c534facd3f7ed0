"""What a plan says of who must act on a plot stands on the plot's page, beside the law in force."""

from __future__ import annotations

import doctest
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from desk.land_world import square
from desk.plot_world import Plots, browser, noon
from soildesk.plans.models import Plan, PlanTask
from soilrules.plots import planparties

pytestmark = pytest.mark.django_db
UNCLEAR = "责任主体灭失或责任主体不明确的，由所在地县（区）人民政府依法承担相关责任。"


def plan_of(made: Plots, text: str, stage: str = Plan.Stage.PUBLISHED) -> PlanTask:
    """A plan of the district with one accepted task."""
    place = {"division_path": made.world.district.path, "owner_department": made.world.departments["ecology"]}
    day = noon(date(2026, 1, 5))
    plan = Plan.objects.create(
        **place, division=made.world.district, title="青禾区2026年工作计划", stage=stage, imported_at=day
    )
    said = {"position": 1, "text": text, "origin": "body", "status": PlanTask.Status.ACCEPTED}
    return PlanTask.objects.create(**place, plan=plan, **said)


def page_of(made: Plots, **facts: Any) -> str:
    plot = made.plot("示例地块", square(0, 0), **facts)
    return browser(made).get(reverse("kit:record", args=["plots", str(plot.plot.uid)])).content.decode()


def test_a_sentence_at_odds_with_the_law_is_shown_as_such(world: Any) -> None:
    made = Plots(world)
    plan_of(made, UNCLEAR)
    page = page_of(made, responsible_state="not_identifiable", holder="青禾收储公司", holder_kind="organisation")
    assert "与现行法不一致" in page and "以现行法为准" in page
    assert UNCLEAR in page and "青禾区2026年工作计划" in page


def test_a_sentence_that_speaks_of_other_plots_is_not_shown(world: Any) -> None:
    made = Plots(world)
    plan_of(made, UNCLEAR)
    page = page_of(made, responsible_state="known", responsible="青禾农药厂")
    assert "工作方案对责任主体的说法" not in page


def test_a_plan_under_review_says_nothing_yet(world: Any) -> None:
    made = Plots(world)
    plan_of(made, UNCLEAR, Plan.Stage.REVIEW)
    assert "工作方案对责任主体的说法" not in page_of(made, responsible_state="not_identifiable")


@pytest.mark.parametrize(
    ("text", "row", "who"),
    [
        ("对已经收回土地使用权的关闭地块，由区国土部门负责组织开展调查评估工作。", "recalled_survey", "区国土部门"),
        (
            "用途拟变更为居住的企业用地，由土地使用权人按照规定开展土壤环境状况调查评估；",
            "holder_survey",
            "土地使用权人",
        ),
    ],
)
def test_sentences_of_published_plans_are_read(text: str, row: str, who: str) -> None:
    found = list(planparties.sentences(text))
    assert [(one.row.id, one.who) for one in found] == [(row, who)]


def test_the_examples_hold() -> None:
    assert doctest.testmod(planparties).failed == 0
