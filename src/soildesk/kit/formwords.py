"""What the framework's own checks of form fields say, in the desk's words: what is wrong and what is expected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core import validators
from django.utils.translation import gettext_lazy as _l

FIELDS: Mapping[type[forms.Field], Mapping[str, Any]] = {
    forms.Field: {"required": _l("请填写或选择这一项。")},
    forms.BooleanField: {"required": _l("请勾选这一项。")},
    forms.ChoiceField: {"invalid_choice": _l("“%(value)s”不在可选的范围内：请从列表里选。")},
    forms.MultipleChoiceField: {"invalid_choice": _l("“%(value)s”不在可选的范围内：请从列表里选。")},
    forms.IntegerField: {"invalid": _l("应为整数，如 20。请改正。")},
    forms.FloatField: {"invalid": _l("应为数字，如 12.5。请改正。")},
    forms.DecimalField: {"invalid": _l("应为数字，如 12.5。请改正。")},
    forms.DateField: {"invalid": _l("应为日期，如 2026-11-21。请改正。")},
    forms.DateTimeField: {"invalid": _l("应为日期和时间，如 2026-11-21 08:30。请改正。")},
    forms.FileField: {
        "required": _l("请选择文件。"),
        "missing": _l("请选择文件。"),
        "empty": _l("文件是空的：请重新选择。"),
    },
}
VALIDATORS: Mapping[type[validators.BaseValidator], Any] = {
    validators.MaxLengthValidator: _l("有 %(show_value)d 个字，最多 %(limit_value)d 个。请缩短。"),
    validators.MinLengthValidator: _l("只有 %(show_value)d 个字，至少 %(limit_value)d 个。请补充。"),
    validators.MinValueValidator: _l("应不小于 %(limit_value)s。请改正。"),
    validators.MaxValueValidator: _l("应不大于 %(limit_value)s。请改正。"),
}

DIGITS: Mapping[str, Any] = {
    "max_digits": _l("数字太长，最多 %(max)s 位。请改正。"),
    "max_decimal_places": _l("小数最多 %(max)s 位。请改正。"),
    "max_whole_digits": _l("数字太大，小数点前最多 %(max)s 位。请改正。"),
}


def take() -> None:
    """Put the words in the place of the framework's."""
    for kind, words in FIELDS.items():
        kind.default_error_messages = {**kind.default_error_messages, **words}
    for check, sentence in VALIDATORS.items():
        check.message = sentence
    validators.DecimalValidator.messages = {**validators.DecimalValidator.messages, **DIGITS}
