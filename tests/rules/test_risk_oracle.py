"""The formulas against the statute: how many values meet, and that the page saying where they part is current."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from soilrules.messages import catalogue
from soilrules.risk import assess, read_case
from soilrules.risk.oracle import page, rows, screening_values

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "risk-oracle.md"


def test_at_least_104_of_168_values_of_gb_36600_are_met() -> None:
    found = rows()
    assert len(found) == 168
    assert sum(row.agrees for row in found) >= 104
    assert sum(row.agrees and not row.by_saturation for row in found) >= 95


def test_the_rows_hold_what_an_assessment_says() -> None:
    by_class = {n: assess(read_case({"land_class": n, "substances": "all"})).substances for n in (1, 2)}
    for row in rows():
        if row.slug in by_class[row.land_class]:
            controls = by_class[row.land_class][row.slug].controls
            assert (row.control, row.csat) == (controls["control"], controls["csat"])


def test_every_value_that_is_not_met_says_why_or_unknown() -> None:
    for row in rows():
        assert (row.reason is None) == (row.agrees and not row.by_saturation)
    reasons = {row.reason.id for row in rows() if row.reason}
    assert reasons == set(catalogue("risk")["oracle"])


def test_a_value_met_at_saturation_is_no_cap_of_the_model() -> None:
    for row in rows():
        if row.by_saturation:
            assert row.control is not None
            assert row.csat is not None
            assert row.control > row.csat


def test_the_statute_is_read_from_its_own_table() -> None:
    assert screening_values()["chromium_vi"] == {1: Decimal("3.0"), 2: Decimal("5.7")}
    assert "tph_c10_c40" not in screening_values()


def test_the_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == page(), "run python -m soilrules.risk.oracle > docs/reference/risk-oracle.md"
