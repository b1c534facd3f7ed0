"""Rates of firms: nothing at all has none, unknown rows are counted apart and widen it, targets at their edge."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soilrules.indicators.demolition_filing_rate import demolition_filing_rate
from soilrules.indicators.hazard_inspection_rate import hazard_inspection_rate
from soilrules.indicators.hazard_rectification import TARGET, TARGET_ON, hazard_rectification_rate
from soilrules.indicators.hazardous_waste_pass_rate import hazardous_waste_pass_rate
from soilrules.indicators.known_share import KnownShare
from soilrules.indicators.letter_rate import letter_rate
from soilrules.indicators.self_monitoring_rate import self_monitoring_rate
from soilrules.indicators.toxic_report_rate import toxic_report_rate

COUNTS = st.integers(0, 30)
RATES: list[Callable[[int, int, int], KnownShare]] = [
    lambda yes, no, unknown: hazard_rectification_rate(verified=yes, open_hazards=no, unknown=unknown),
    lambda yes, no, unknown: hazard_inspection_rate(inspected=yes, owing=no, unknown=unknown),
    lambda yes, no, unknown: self_monitoring_rate(monitored=yes, owing=no, unknown=unknown),
    lambda yes, no, unknown: toxic_report_rate(reported=yes, owing=no, unknown=unknown),
    lambda yes, no, unknown: demolition_filing_rate(filed=yes, unfiled=no, unknown=unknown),
    lambda yes, no, unknown: letter_rate(signed=yes, unsigned=no, unknown=unknown),
    lambda yes, no, unknown: hazardous_waste_pass_rate(
        passes=yes, mostly=0, fails=no, unknown=unknown, mostly_counts=True
    ),
]


@pytest.mark.parametrize("rate", RATES)
def test_nothing_at_all_is_not_applicable(rate: Callable[[int, int, int], KnownShare]) -> None:
    nothing = rate(0, 0, 0)

    assert (nothing.applicable, nothing.least, nothing.most, nothing.reaches(TARGET)) == (False, None, None, None)


@pytest.mark.parametrize("rate", RATES)
def test_unknown_rows_widen_the_share(rate: Callable[[int, int, int], KnownShare]) -> None:
    found = rate(2, 1, 1)

    assert (found.least, found.most, found.unknown) == (Decimal("0.5"), Decimal("0.75"), 1)
    assert rate(0, 0, 3).applicable and (rate(0, 0, 3).least, rate(0, 0, 3).most) == (0, 1)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("counts", [(-1, 1, 1), (1, -1, 1), (1, 1, -1)])
def test_counts_that_are_none_are_refused(
    rate: Callable[[int, int, int], KnownShare], counts: tuple[int, int, int]
) -> None:
    with pytest.raises(ValueError, match=r"no counts.*same rows and day"):
        rate(*counts)


@pytest.mark.parametrize(
    ("verified", "still_open", "unknown", "reached"),
    [(9, 1, 0, True), (8, 2, 0, False), (8, 1, 1, None), (89, 10, 1, None), (90, 9, 1, True), (88, 11, 1, False)],
)
def test_the_target_of_rectification_at_its_edge(
    verified: int, still_open: int, unknown: int, reached: bool | None
) -> None:
    rate = hazard_rectification_rate(verified=verified, open_hazards=still_open, unknown=unknown)

    assert rate.reaches(TARGET) is reached
    assert TARGET_ON.year == 2027


def test_a_negative_count_that_would_cancel_out_is_refused() -> None:
    with pytest.raises(ValueError, match="no counts"):
        hazardous_waste_pass_rate(passes=5, mostly=-1, fails=1, mostly_counts=True)


@given(COUNTS, COUNTS, COUNTS, st.integers(0, 30))
def test_learning_the_unknown_keeps_to_the_bounds(yes: int, no: int, unknown: int, good: int) -> None:
    before, good = KnownShare(yes, no, unknown), min(good, unknown)
    after = KnownShare(yes + good, no + unknown - good, 0)

    assert before.applicable == after.applicable
    if before.least is not None and after.least is not None and before.most is not None:
        assert before.least <= after.least <= before.most
        assert before.reaches(TARGET) in (None, after.reaches(TARGET))
