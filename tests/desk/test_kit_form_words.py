"""What a form says of a field that is filled in wrongly: in the desk's words, with what is expected."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.utils import translation

from soildesk.monitoring.pages.forms_network import AnalytesField


class Asked(forms.Form):
    name = forms.CharField(max_length=5)
    depth = forms.IntegerField(min_value=0, max_value=500)
    share = forms.FloatField()
    day = forms.DateField()
    file = forms.FileField()
    sure = forms.BooleanField()
    analytes = AnalytesField(required=False)


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
