"""What a form says of a field that is filled in wrongly: in the desk's words, with what is expected."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django import forms
from django.utils import translation

from soildesk.kit import cells
from soildesk.monitoring.pages.forms_network import AnalytesField


class Asked(forms.Form):
    name = forms.CharField(max_length=5)
    depth = forms.IntegerField(min_value=0, max_value=500)
    share = forms.FloatField()
    day = forms.DateField()
    file = forms.FileField()
    sure = forms.BooleanField()
    analytes = AnalytesField(required=False)
    weight = forms.DecimalField(max_digits=5, decimal_places=2)
    towns = forms.MultipleChoiceField(choices=[("a", "甲镇")])


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "请填写或选择这一项。"),
        ("name", "字" * 10_000, "有 10000 个字，最多 5 个。请缩短。"),
        ("depth", "1e99999", "应为整数，如 20。请改正。"),
        ("depth", "-1", "应不小于 0。请改正。"),
        ("depth", "501", "应不大于 500。请改正。"),
        ("share", "1e99999", "应为数字，如 12.5。请改正。"),
        ("share", "十", "应为数字，如 12.5。请改正。"),
        ("day", "2026-13-45", "应为日期，如 2026-11-21。请改正。"),
        ("file", "", "请选择文件。"),
        ("sure", "", "请勾选这一项。"),
        ("weight", "1.234", "小数最多 2 位。请改正。"),
        ("weight", "1234.5", "数字太大，小数点前最多 3 位。请改正。"),
        ("towns", ["b"], "“b”不在可选的范围内：请从列表里选。"),
        ("analytes", "镉、甲乙丙", "不认识“甲乙丙”：请写分析项目的名称，用顿号分开。"),
        ("analytes", "字" * 10_000, "请写分析项目的名称，用顿号分开。"),
    ],
)
def test_a_field_says_what_is_wrong_and_what_is_expected(field: str, value: Any, said: str) -> None:
    with translation.override("zh-hans"):
        told = Asked({field: value}).errors[field]
    assert len(told) == 1
    assert told[0].endswith(said)
    assert len(told[0]) < 120


def test_the_day_of_a_moment_is_the_day_it_was_here() -> None:
    after_midnight = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
    assert ">2026-11-24<" in cells.day(after_midnight, {}) and ">2026-11-23<" in cells.day(after_midnight.date(), {})
