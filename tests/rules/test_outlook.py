"""A target that is not reached: a straight line through what was known says whether it will be."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soilrules.indicators.outlook import Outlook, outlook, straight_on

FIRST, LAST, END = date(2026, 9, 1), date(2026, 10, 1), date(2026, 10, 31)


def points(start: str, end: str) -> list[tuple[date, Decimal]]:
    return [(FIRST, Decimal(start)), (LAST, Decimal(end))]


@pytest.mark.parametrize(
    ("start", "end", "comparator", "target", "expected"),
    [
        ("80", "85", ">=", "90", Outlook.ON_COURSE),  # the edge itself is reached
        ("80", "85", ">=", "90.01", Outlook.BEHIND),
        ("80", "80", ">=", "90", Outlook.BEHIND),
        ("85", "80", ">=", "90", Outlook.BEHIND),
        ("20", "15", "<=", "10", Outlook.ON_COURSE),
        ("20", "15", "<=", "9.99", Outlook.BEHIND),
        ("80", "85", "~", "91", Outlook.CANNOT_SAY),  # nobody wrote how far is still about
        ("80", "85", "text", "90", Outlook.CANNOT_SAY),
        ("80", "85", ">=", None, Outlook.CANNOT_SAY),
    ],
)
def test_the_course_says_whether_the_target_is_reached(start, end, comparator, target, expected) -> None:
    assert outlook(points(start, end), comparator, Decimal(target) if target else None, END) is expected


@pytest.mark.parametrize("known", [[], [(LAST, Decimal("85"))], [(LAST, Decimal("85")), (LAST, Decimal("86"))]])
def test_one_day_makes_no_course(known) -> None:
    assert outlook(known, ">=", Decimal("1"), END) is Outlook.CANNOT_SAY


def test_a_day_that_has_passed_leaves_no_time() -> None:
    assert outlook(points("80", "95"), ">=", Decimal("100"), FIRST) is Outlook.BEHIND


@given(
    st.lists(st.tuples(st.dates(FIRST, LAST), st.integers(0, 100).map(Decimal)), max_size=6), st.integers(0, 400), st.randoms()
)  # fmt: skip
def test_the_order_of_the_points_does_not_matter(known, days, random) -> None:
    until = LAST + timedelta(days=days)
    told = straight_on(known, until)
    mixed = list(known)
    random.shuffle(mixed)
    assert straight_on(mixed, until) == told
