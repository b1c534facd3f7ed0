"""Words a stranger stumbled over: the label of a box and the heading of a template tell their unit once."""

from __future__ import annotations

import pytest
from django.utils import translation

from soildesk.kit.faces import Entry
from soildesk.kit.register import registers


@pytest.mark.parametrize(
    ("title", "unit", "heading"),
    [("数量（吨）", "吨", "数量（吨）"), ("产量", "吨", "产量（吨）"), ("备注", "", "备注"), ("面积（亩）", "m²", "面积（亩）（m²）")],
)  # fmt: skip
def test_a_unit_is_told_once(title: str, unit: str, heading: str) -> None:
    assert Entry("x", title, "decimal", unit=unit).heading == heading


@pytest.mark.django_db
def test_no_label_of_any_form_tells_its_unit_twice() -> None:
    with translation.override("zh-hans"):
        entries = [entry for one in registers().values() for entry in (one.writing.entries if one.writing else ())]
        assert not [one.heading for one in entries if one.unit and one.heading.count(f"（{one.unit}）") > 1]
