"""A rate in a report is held against what the place's own plan wants of it, not against all of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from desk import ledger_world
from soildesk.kit.measures import MeasureResult, Outcome, Reason
from soildesk.plans.models import Indicator
from soildesk.plans.queries import reported
from soildesk.plans.services import binding
from soildesk.reporting import papers
from soildesk.reporting.queries import reading

MEASURE = "farmland.safe_use_rate"
DONE, NOT_DONE, CANNOT_SAY = Outcome.DONE, Outcome.NOT_DONE, Outcome.CANNOT_SAY


def aim(comparator: str = ">=", target: str | None = "93", unit: str = "%", alternative: str = "") -> reported.Aim:
    number = Decimal(target) if target else None
    return reported.Aim(
        "", "", "", Indicator(comparator=comparator, target_number=number, unit=unit, alternative=alternative)
    )


@pytest.mark.parametrize(
    ("good", "whole", "unknown", "wanted", "outcome"),
    [
        (93, 100, 0, aim(), DONE),
        (9299, 10000, 0, aim(), NOT_DONE),
        (95, 100, 0, aim("="), DONE),
        (92, 100, 1, aim(), CANNOT_SAY),
        (92, 100, 0, aim("~"), CANNOT_SAY),
        (93, 100, 7, aim(), DONE),
        (80, 100, 12, aim(), NOT_DONE),
        (96, 100, 0, aim(alternative="或者达到95%以上且依法处罚"), DONE),
        (92, 100, 0, aim(alternative="或者达到90%以上且依法处罚"), CANNOT_SAY),
        (92, 100, 0, aim(unit="家"), CANNOT_SAY),
        (92, 100, 0, aim("text", None), CANNOT_SAY),
    ],
)
def test_a_rate_reaches_its_aim_whatever_the_unknown_rows_are(
    good: int, whole: int, unknown: int, wanted: reported.Aim, outcome: Outcome
) -> None:
    found = MeasureResult(NOT_DONE, Reason("", {"open": unknown}), date(2026, 11, 20), good, whole)
    assert reading._against(wanted, found) is outcome


@pytest.mark.django_db
def test_the_aim_is_that_of_the_plan_of_the_year(world: Any) -> None:
    plan = ledger_world.published(world)
    wanted = plan.indicators.order_by("pk")[0]
    Indicator.objects.filter(pk=wanted.pk).update(
        comparator=">=", target_number=93, unit="%", year=2026, not_applicable=False
    )

    def aims(place: Any, year: int, known_on: date = date(2026, 11, 20)) -> list[reported.Aim]:
        return reported.aims_of(reported.plans_of(world.actor("officer"), place, year), year, MEASURE, known_on)

    assert aims(world.district, 2026) == []
    binding.bind(wanted, MEASURE, by=world.actor("issuer"), at=world.at)
    assert aims(world.district, 2026, date(2026, 11, 1)) == [], "bound later"
    (found,) = aims(world.district, 2026)
    assert (found.least, found.outcome(Decimal("92.99")), found.outcome(Decimal(93))) == (93, NOT_DONE, DONE)
    assert aims(world.district, 2027) == []
    assert aims(world.other, 2026) == []


@pytest.mark.parametrize(
    ("good", "whole", "printed"),
    [("869.455995", "1032.51999", "869.46 / 1032.52 亩"), ("100", "200.00", "100 / 200 亩")],
)
def test_the_parts_of_a_rate_are_rounded_as_everywhere(good: str, whole: str, printed: str) -> None:
    assert papers.parts({"numerator": good, "denominator": whole, "part_unit": "亩", "rows": []}) == printed
