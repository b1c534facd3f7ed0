"""Cells of files as values of entries: what fits, and numbers that are short to write and endless to hold."""

from __future__ import annotations

import base64
import json
from decimal import Decimal
from typing import Any

import pytest

from soildesk.core.models import Division
from soildesk.kit import headingunits
from soildesk.kit.faces import Entry
from soildesk.kit.gis.values import BadValue, clean
from soildesk.kit.keyset import Key, read_place


@pytest.mark.parametrize(("kind", "text", "value"), [
    ("integer", "12", 12), ("integer", "1,200", 1200), ("integer", "1.2e3", 1200), ("integer", 3.0, 3),
    ("integer", "0", 0), ("decimal", "-0.5", Decimal("-0.5")), ("decimal", "1e17", Decimal("1e17")),
])  # fmt: skip
def test_a_number_is_read_as_it_is_written(kind: Any, text: Any, value: Any) -> None:
    assert clean(Entry("n", "数", kind), text) == value


@pytest.mark.parametrize(("heading", "entry", "other"), [
    ("面积（公顷）", Entry("a", "面积", "decimal", unit="亩"), True), ("面积（ＨＭ２）", Entry("a", "面积（亩）", "decimal"), True),
    ("面积（m²）", Entry("a", "登记面积", "decimal", unit="m²"), False), ("面积", Entry("a", "面积", "decimal", unit="亩"), False),
    ("数量（单位：公斤）", Entry("a", "数量", "decimal", unit="吨"), True), ("金额(万元)", Entry("a", "金额", "decimal", unit="元"), True),
    ("镉（μg/kg）", Entry("a", "镉", unit="mg/kg"), True), ("镉（mg/kg，干重）", Entry("a", "镉", unit="mg/kg"), False),
    ("镉（mg·kg⁻¹）", Entry("a", "镉", unit="mg/kg"), False), ("面积（实测）", Entry("a", "面积", "decimal", unit="亩"), False), ("产量（吨）", Entry("a", "产量", "decimal"), False),
])  # fmt: skip
def test_a_heading_in_another_unit_is_another_heading(heading: str, entry: Entry, other: bool) -> None:
    assert headingunits.another(heading, entry) is other


@pytest.mark.parametrize("kind", ["integer", "decimal"])
@pytest.mark.parametrize("text", ["1e99999", "-1E+99999", "1e999999999", "9" * 5000, "1e18", "1e-99999", "0e99999"])
def test_a_number_nobody_can_mean_is_refused_before_it_is_written_out(kind: Any, text: str) -> None:
    with pytest.raises(BadValue, match="18 次方以内"):
        clean(Entry("n", "数", kind), text)


@pytest.mark.parametrize("text", ["NaN", "sNaN", "Infinity", "x", "1e"])
def test_what_is_no_number_is_none(text: str) -> None:
    with pytest.raises(BadValue, match="应为数字"):
        clean(Entry("n", "数", "integer"), text)


def test_a_day_before_our_time_is_a_slip_of_the_hand() -> None:
    with pytest.raises(BadValue, match="1900-01-01"):
        clean(Entry("d", "日", "date"), "0206-05-01")


def test_a_place_beyond_all_numbers_is_no_place() -> None:
    """1e999 in JSON is infinite, which no int can be."""
    for told in ("[1e999, 1]", "[0, 1e999]"):
        assert json.loads(told)
        token = base64.urlsafe_b64encode(told.encode()).decode()
        assert read_place(token, Division.objects.all(), [Key("pk")]) is None


@pytest.mark.parametrize(("heading", "entry", "number", "turned"), [
    ("面积（公顷）", Entry("a", "面积", "decimal", unit="亩"), "12.5", "187.5"), ("面积（亩）", Entry("a", "面积", "decimal", unit="公顷"), "1", "0.066667"),
    ("面积（km²）", Entry("a", "面积（亩）", "decimal"), "0.02", "30"), ("金额（万元）", Entry("a", "金额", "integer", unit="元"), "1.25", "12500"),
    ("镉（μg/kg）", Entry("a", "镉", "decimal", unit="mg/kg"), "85", "0.085"), ("数量（万吨）", Entry("a", "数量", "decimal", unit="公斤"), "1E-3", "10000"),
    ("面积（公顷）", Entry("a", "面积", "decimal", unit="吨"), "1", None), ("面积（亩）", Entry("a", "面积", "decimal", unit="亩"), "1", None),
    ("镉（mg/L）", Entry("a", "镉", "decimal", unit="mg/kg"), "1", None), ("面积（公顷）", Entry("a", "面积", "text", unit="亩"), "1", None),
])  # fmt: skip
def test_numbers_in_another_unit_of_one_kind_are_turned(
    heading: str, entry: Entry, number: str, turned: str | None
) -> None:
    found = headingunits.turned(heading, entry)

    assert (found and found.words(Decimal(number))["to"]) == turned
