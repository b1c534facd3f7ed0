"""The contents of a report that are read: as a row keeps them and as the rules take them. Nothing is asked twice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from soildesk.enterprises.sentences import language
from soildesk.plots.factwords import VALUE_WORDS
from soildesk.plots.models import Report
from soildesk.plots.refusals import ReportRefused
from soilrules.plots.reports import Field, FieldKind, ReportKind, ReportType, Value, report_types

TOLD_BY: Mapping[str, str] = {
    "consultant": "author_code",
    "evaluator": "author_code",
    "credit_record": "credit_record",
    "planned_use": "use_planned",
}
"""Contents that stand in columns of the report itself."""
SURVEYS = (ReportKind.PRELIMINARY, ReportKind.DETAILED)
WITH_TARGETS = (*SURVEYS, ReportKind.EFFECT_EVALUATION)
"""Kinds whose laboratory values may be held against target values of the report's own."""


def type_of(kind: str) -> ReportType:
    """What the rules say of a kind of report."""
    return report_types()[ReportKind(kind)]


def name_of(kind: str) -> str:
    """What a kind of report is called."""
    return type_of(kind).name(language())


def typed_fields(kind: str) -> tuple[Field, ...]:
    """The contents that are typed."""
    return tuple(one for one in type_of(kind).fields if one.key not in TOLD_BY)


def values_of(report: Report) -> dict[str, Value]:
    """All contents of a report as the rules take them."""
    held = {one.key: _read(one, report.contents.get(one.key)) for one in type_of(report.kind).fields}
    told = {key: getattr(report, column) or None for key, column in TOLD_BY.items() if key in held}
    return {key: value for key, value in {**held, **told}.items() if value not in (None, "")}


def stored(kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed as a row keeps it; what is left open, or asked in another case only, is not kept."""
    typed = {one.key: _typed(one, given.get(one.key)) for one in typed_fields(kind)}
    kept = {one.key: typed[one.key] for one in typed_fields(kind) if one.asked(typed)}
    return {
        key: str(value) if isinstance(value, Decimal | date) else value
        for key, value in kept.items()
        if value is not None
    }


def conclusion_of(kind: str, values: Mapping[str, Value]) -> str:
    """The report's own conclusion as a word; empty where it has none."""
    said = values.get(type_of(kind).conclusion)
    if isinstance(said, bool):
        return "exceeds" if said else "within"
    return str(said or "")


def shown(field: Field, value: Value) -> str:
    """A value in words."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return str(VALUE_WORDS.get((field.key, str(value)), value))


def _read(field: Field, value: Any) -> Value:
    if value is None or value == "":
        return None
    if field.kind is FieldKind.NUMBER:
        return Decimal(value)
    if field.kind is FieldKind.DAY:
        return date.fromisoformat(value)
    return bool(value) if field.kind is FieldKind.FLAG else str(value)


def _typed(field: Field, value: Any) -> Value:
    """One value as it was typed; refused where it is none."""
    if isinstance(value, str):
        value = value.strip()
    if value is None or value == "":
        return None
    try:
        read = _of_kind(field, value)
    except (ValueError, KeyError, InvalidOperation) as wrong:
        raise _wrong(field, value) from wrong
    if field.values and read not in field.values:
        raise _wrong(field, value)
    return read


def _of_kind(field: Field, value: Any) -> Value:
    if field.kind is FieldKind.NUMBER:
        number = Decimal(str(value))
        if not number.is_finite() or number < 0:
            raise ValueError(value)
        return number
    if field.kind is FieldKind.DAY:
        return value if isinstance(value, date) else date.fromisoformat(value)
    if field.kind is FieldKind.FLAG:
        return value if isinstance(value, bool) else {"1": True, "0": False}[str(value)]
    return str(value)[:2000]


def _wrong(field: Field, value: Any) -> ReportRefused:
    wanted = {
        FieldKind.NUMBER: _("不小于 0 的数"),
        FieldKind.DAY: _("日期，如 2026-09-01"),
        FieldKind.FLAG: _("是或否"),
    }
    expected = "、".join(shown(field, one) for one in field.values) or wanted.get(field.kind, _("文字"))
    return ReportRefused(
        _("“%(field)s”填的是“%(value)s”：应为%(expected)s，请改正。")
        % {"field": field.name(language()), "value": value, "expected": expected},
        code="plots.report.value",
    )
