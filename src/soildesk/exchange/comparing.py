"""Comparisons of a property with a value somebody sent: the value read as the property's kind, never guessed.

A row without a value meets no comparison, nor the opposite of one (`<>`): unknown is not different.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.exchange.asking import read_moment
from soildesk.exchange.problems import Problem
from soildesk.exchange.properties import Property

NEVER = Q(pk__in=())
ALWAYS = ~NEVER
HOW = {"=": "exact", "<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}
WORDS = {"true": True, "false": False}


@models.CharField.register_lookup
@models.TextField.register_lookup
class Like(models.Lookup):
    """SQL's LIKE with `%`, `_` and `\\`, minding case on both stores (SQLite's own does not)."""

    lookup_name = "sql_like"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """PostgreSQL's LIKE is the standard's."""
        column, params = self.process_lhs(compiler, connection)
        return rf"{column} LIKE %s ESCAPE '\'", [*params, self.rhs]

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """SQLite's GLOB minds case."""
        column, params = self.process_lhs(compiler, connection)
        return f"{column} GLOB %s", [*params, glob_of(self.rhs)]


def glob_of(pattern: str) -> str:
    """A LIKE pattern as a GLOB pattern."""
    found, escaped = [], False
    for sign in pattern:
        if escaped or sign not in "%_\\":
            found.append(f"[{sign}]" if sign in "*?[" else sign)
            escaped = False
        elif sign == "\\":
            escaped = True
        else:
            found.append("*" if sign == "%" else "?")
    return "".join(found)


def known(each: Property) -> Q:
    """Rows that have a value."""
    return Q(**{f"{each.path}__isnull": False})


def compared(each: Property, sign: str, value: Any) -> Q:
    """Rows whose property stands so to the value."""
    if sign == "<>":
        return known(each) & ~compared(each, "=", value)
    literal = READERS[each.kind](each, value)
    if sign == "=" and each.stored and each.kind == "string":
        return each.stored.equal(literal)
    if each.kind in {"integer", "number"}:
        return _compared_numbers(each, sign, literal)
    return Q(**{f"{each.path}__{HOW[sign]}": literal})


def read_text(each: Property, text: str) -> Any:
    """A value of an address, where everything is text."""
    if each.kind in {"integer", "number"}:
        try:
            return float(text)
        except ValueError:
            raise wrong(each, text, _("应为数字")) from None
    if each.kind == "boolean":
        return WORDS.get(text.lower(), text)
    return text


def wrong(each: Property, value: Any, expected: str) -> Problem:
    """A value that cannot be compared with the property."""
    told = _("属性 %(key)s（%(title)s）不能与“%(value)s”比较：%(expected)s。") % {
        "key": each.key,
        "title": each.title,
        "value": str(value)[:60],
        "expected": expected,
    }
    return Problem(HTTPStatus.BAD_REQUEST, "value", told, property=each.key)


def _compared_numbers(each: Property, sign: str, value: float) -> Q:
    """Numbers beyond what the column can hold, or between two whole ones, are compared before they are asked."""
    if isinstance(each.field, models.DecimalField):
        largest = 10.0 ** (each.field.max_digits - each.field.decimal_places)
        if abs(value) >= largest:
            below = value > 0
            return known(each) if (sign in {"<", "<="}) == below and sign != "=" else NEVER
        return Q(**{f"{each.path}__{HOW[sign]}": Decimal(repr(value))})
    if each.kind == "integer":
        return _compared_whole(each, sign, value)
    return Q(**{f"{each.path}__{HOW[sign]}": value})


def _compared_whole(each: Property, sign: str, value: float) -> Q:
    if value == int(value):
        return Q(**{f"{each.path}__{HOW[sign]}": int(value)})
    if sign == "=":
        return NEVER
    if sign in {"<", "<="}:
        return Q(**{f"{each.path}__lte": math.floor(value)})
    return Q(**{f"{each.path}__gte": math.ceil(value)})


def _text(each: Property, value: Any) -> str:
    if not isinstance(value, str):
        raise wrong(each, value, _("应为文字"))
    if "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
        raise wrong(each, value.encode("ascii", "replace").decode(), _("文字里有无法存储的字符"))
    return value


def _number(each: Property, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise wrong(each, value, _("应为数字"))
    return float(value)


def _yes_no(each: Property, value: Any) -> bool:
    if not isinstance(value, bool):
        raise wrong(each, value, _("应为 true 或 false"))
    return value


def _day(each: Property, value: Any) -> date:
    text = _instant(each, value)
    moment = read_moment(text)
    if moment is not None:
        return clock.local_day(moment)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise wrong(each, text, _("应为日期，例如 2026-06-30")) from None


def _moment(each: Property, value: Any) -> datetime:
    text = _instant(each, value)
    moment = read_moment(text)
    return moment or timezone.make_aware(datetime.combine(_day(each, text), time.min))


def _instant(each: Property, value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("date") or value.get("timestamp")
    if not isinstance(value, str):
        raise wrong(each, value, _("应为日期，例如 2026-06-30"))
    return value


READERS: dict[str, Callable[[Property, Any], Any]] = {
    "string": _text,
    "number": _number,
    "integer": _number,
    "boolean": _yes_no,
    "date": _day,
    "datetime": _moment,
}
