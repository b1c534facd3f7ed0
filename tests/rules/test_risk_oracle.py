"""The formulas against the statute: how many values meet, and that the page saying where they part is current."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from soilrules.messages import catalogue
from soilrules.risk import assess, read_case
from soilrules.risk.oracle import TOLERANCE, page, parting, rows, screening_values
from soilrules.risk.words import said

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


def test_a_parting_is_what_the_tolerance_and_nothing_else_says() -> None:
    for row in rows():
        apart = row.ratio is not None and abs(row.ratio - 1) > TOLERANCE
        assert parting(row.slug, row.land_class) == (row if apart else None)
    assert parting("lead", 1) is None
    assert parting("acetone", 1) is None


def test_a_parting_says_its_reason_in_words_or_that_nobody_knows_it() -> None:
    mercury, cadmium = parting("mercury", 2), parting("cadmium", 2)
    assert mercury and mercury.reason and cadmium and cadmium.reason
    assert said(mercury.reason) == "改用以下取值可重现标准值：暴露于土壤的参考剂量分配比例 SAF 0.5。"
    assert said(cadmium.reason) == "原因未知。"


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
