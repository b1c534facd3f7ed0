"""Personal values of the rows a person may see them of, nothing in the others: for somebody of two places.

The query itself says nothing where the permission does not reach, under a name of its own, and the columns, filters,
orders and searches of the register read that name: what is not told cannot be asked for either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db.models import Case, F, QuerySet, When

from soildesk.core.permissions import held_for
from soildesk.kit.filters import Filter, TextFilter
from soildesk.kit.keyset import field_of

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor
    from soildesk.kit.register import Column, Register


def paths_of(register: Register) -> dict[str, str]:
    """The field behind each personal column: field → its name in the veiled query."""
    columns = [column for column in register.columns if column.key in register.personal]
    return {str(column.value or column.key): f"veiled_{column.key}" for column in columns if not callable(column.value)}


def veiled(queryset: QuerySet, actor: Actor, register: Register) -> QuerySet:
    """The rows, with each personal value where the actor holds the permission for its row, and nothing elsewhere."""
    held = held_for(actor, register.personal_permission, queryset.model)
    return queryset.annotate(
        **{
            name: Case(When(held, then=F(path)), default=None, output_field=field_of(queryset, path))
            for path, name in paths_of(register).items()
        }
    )


def behind(register: Register) -> Register:
    """The register reading the veiled names; what cannot be veiled (a function of the row, a total) is taken away."""
    names, personal = paths_of(register), frozenset(register.personal)
    columns = [
        _column(column, names) if column.key in personal else column
        for column in register.columns
        if not (column.key in personal and callable(column.value))
    ]
    return replace(
        register,
        columns=[_sorted(column, names) for column in columns],
        filters=[_filter(each, names) for each in register.filters if not _fixed(each, personal)],
        search=[names.get(name, name) for name in register.search],
        totals={key: total for key, total in register.totals.items() if key not in personal},
    )


def _column(column: Column, names: Mapping[str, str]) -> Column:
    fields = [names.get(name, name) for name in column.fields]
    return replace(column, value=names[str(column.value or column.key)], fields=fields, stored=None)


def _sorted(column: Column, names: Mapping[str, str]) -> Column:
    parts = (part.strip() for part in column.sort.split(",") if part.strip())
    turned = [_turned(part, names) for part in parts]
    return replace(column, sort=",".join(turned))


def _turned(part: str, names: Mapping[str, str]) -> str:
    name = part.removeprefix("-")
    return part.replace(name, names.get(name, name), 1)


def _fixed(each: Filter, personal: Iterable[str]) -> bool:
    """A filter with conditions of its own on a personal column: what they read cannot be told."""
    return each.key in personal and bool(getattr(each, "conditions", None))


def _filter(each: Filter, names: Mapping[str, str]) -> Filter:
    if isinstance(each, TextFilter):
        return replace(each, fields=[names.get(name, name) for name in each.fields or (each.key,)])
    field: Any = each.field or each.key
    return replace(each, field=names.get(field, field))
