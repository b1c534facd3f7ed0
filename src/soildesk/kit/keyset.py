"""Pages by the row they begin after, not by a number of rows to skip: the last page is as near as the first.

A place names the values by which a row is ordered and its primary key, so it holds where rows come and go.
Only values of columns the actor may sort by stand in it.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connections
from django.db.models import BooleanField, F, Field, Func, Model, Q, QuerySet, Value

NOTHING = Q(pk__in=())


@dataclass(frozen=True, slots=True)
class Key:
    """One name rows are ordered by."""

    name: str
    falling: bool = False

    @property
    def turned(self) -> Key:
        """The other way round."""
        return Key(self.name, not self.falling)

    def __str__(self) -> str:
        return f"-{self.name}" if self.falling else self.name


class _Whole(DjangoJSONEncoder):
    """Moments to the microsecond; Django cuts them to the millisecond, and rows in between would be passed over."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, datetime | time) else super().default(o)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins or ends: the values of the order's keys in one row, and how many rows lie before it."""

    values: tuple[Any, ...]
    rows_before: int = 0

    def token(self) -> str:
        """The place as it stands in an address."""
        told = json.dumps([self.rows_before, *self.values], cls=_Whole, ensure_ascii=False)
        return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")


def keys_of(names: Sequence[str], falling: bool) -> list[Key]:
    """The keys of an order: the names (with a minus where one falls), turned round where `falling`, and the primary key."""
    return ended([Key(name.removeprefix("-"), name.startswith("-") != falling) for name in names])


def ended(keys: Sequence[Key]) -> list[Key]:
    """The order with the primary key as its end, falling as what stands before it: one index serves both directions."""
    return [*keys, Key("pk", keys[-1].falling if keys else False)]


def place_of(row: Mapping[str, Any], keys: Sequence[Key], rows_before: int) -> Place:
    """The place of a row."""
    return Place(tuple(row[key.name] for key in keys), rows_before)


def read_place(token: str, queryset: QuerySet, keys: Sequence[Key]) -> Place | None:
    """The place an address names; None where it is none of this order."""
    try:
        told = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        rows_before, *values = told
        if len(values) != len(keys):
            return None
        fields = [field_of(queryset, key.name) for key in keys]
        return Place(tuple(_cleaned(f, v) for f, v in zip(fields, values, strict=True)), max(0, int(rows_before)))
    except (binascii.Error, ValueError, TypeError, OverflowError, ValidationError):
        return None


def _cleaned(field: Field[Any, Any], value: Any) -> Any:
    if isinstance(value, list | dict):
        raise ValueError("a place holds plain values only")
    return None if value is None else field.to_python(value)


def field_of(queryset: QuerySet, path: str) -> Field[Any, Any]:
    """The field at the end of a path of the query, or that of an annotation."""
    annotation = queryset.query.annotations.get(path)
    if annotation is not None:
        return annotation.output_field
    return model_field(queryset.model, path)


def model_field(model: type[Model], path: str) -> Field[Any, Any]:
    """The field at the end of a path of a model."""
    *steps, last = path.split("__")
    for step in steps:
        model = model._meta.get_field(step).related_model  # type: ignore[assignment]
    return model._meta.pk if last == "pk" else model._meta.get_field(last)  # type: ignore[return-value]


def nullable(queryset: QuerySet, path: str) -> bool:
    """Whether a row may have no value at the end of `path`."""
    if path in queryset.query.annotations:
        return True
    steps = path.split("__")
    paths = ["__".join(steps[: number + 1]) for number in range(len(steps))]
    return any(model_field(queryset.model, each).null for each in paths)


def beyond(queryset: QuerySet, place: Place, keys: Sequence[Key]) -> QuerySet:
    """The rows that follow `place` in the order of `keys`.

    Where the order goes one way and every value is there, both stores find the place in an index by one comparison,
    among however many rows of the same value. Otherwise the first key's bound is said twice, once alone, for the same.
    """
    null_is_largest = connections[queryset.db].features.nulls_order_largest
    ends = [
        _End(key, value, null_is_largest, nullable(queryset, key.name))
        for key, value in zip(keys, place.values, strict=True)
    ]
    falling = ends[0].key.falling
    if all(end.key.falling == falling and not end.nullable and end.value is not None for end in ends):
        return queryset.filter(_row_beyond(queryset, ends, "<" if falling else ">"))
    wanted, same = NOTHING, Q()
    for end in ends:
        wanted |= same & end.after()
        same &= end.same()
    return queryset.filter(ends[0].not_before(), wanted)


def _row_beyond(queryset: QuerySet, ends: Sequence[_End], sign: str) -> Func:
    """(a, b) > (1, 2): a row of values compared with another, which Django says on no SQLite."""
    yes_no = BooleanField()
    values = [Value(end.value, output_field=field_of(queryset, end.key.name)) for end in ends]
    held = Func(*(F(end.key.name) for end in ends), template="(%(expressions)s)", output_field=yes_no)
    asked = Func(*values, template="(%(expressions)s)", output_field=yes_no)
    return Func(held, asked, template="%(expressions)s", arg_joiner=f" {sign} ", output_field=yes_no)


@dataclass(frozen=True, slots=True)
class _End:
    """One key of a place: which rows lie after its value, where a store puts rows without one first or last."""

    key: Key
    value: Any
    null_is_largest: bool
    nullable: bool

    @property
    def _nulls_follow(self) -> bool:
        return self.null_is_largest != self.key.falling

    def _compared(self, how: str) -> Q:
        found = Q(**{f"{self.key.name}__{how}": self.value})
        return found | self._empty(True) if self._nulls_follow and self.nullable else found

    def _empty(self, empty: bool) -> Q:
        return Q(**{f"{self.key.name}__isnull": empty})

    def after(self) -> Q:
        """Rows whose value comes later."""
        if self.value is None:
            return NOTHING if self._nulls_follow else self._empty(False)
        return self._compared("lt" if self.key.falling else "gt")

    def not_before(self) -> Q:
        """Rows whose value does not come earlier."""
        if self.value is None:
            return self._empty(True) if self._nulls_follow else Q()
        return self._compared("lte" if self.key.falling else "gte")

    def same(self) -> Q:
        """Rows with this value."""
        return self._empty(True) if self.value is None else Q(**{self.key.name: self.value})
