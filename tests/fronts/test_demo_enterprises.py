"""The example's firms as bin/demo loads them: who is late, who is abnormal, what was begun unfiled, what a firm's person sees."""

from __future__ import annotations

from datetime import date

import pytest

from soildesk.core.models import Person
from soildesk.core.permissions import Actor
from soildesk.enterprises.models import EnterpriseVersion, Filing, Listing
from soildesk.enterprises.queries.cards import cards
from soildesk.enterprises.queries.facts import View, firms
from soilrules.enterprises.duties import CardState
from soilrules.enterprises.dutyproblems import problems

DAY = date(2026, 11, 21)
pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.usefixtures("demo_home", "db")]


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


def test_who_speaks_for_a_firm_sees_that_firm_alone() -> None:
    seen = EnterpriseVersion.objects.visible_to(who("gufan"))
    assert set(seen.values_list("name", flat=True)) == {"华新铸造有限公司"}
    assert not Filing.objects.visible_to(who("gufan")).exclude(enterprise__in=seen.values("enterprise")).exists()
