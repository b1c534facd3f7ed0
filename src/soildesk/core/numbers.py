"""Numbers on documents: one sequence per authority, kind and year, taken inside the act's transaction."""

from __future__ import annotations

from django.db import transaction

from soildesk.core.models import Department, NumberSequence


def next_number(authority: Department, kind: str, year: int) -> int:
    """The next number; a rolled-back act gives its number back. Must run inside `transaction.atomic`."""
    return next_numbers(authority, kind, year, 1)[0]


def next_numbers(authority: Department, kind: str, year: int, count: int) -> range:
    """The next `count` numbers at once."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number is taken inside the act's transaction: wrap the act in transaction.atomic().")
    # Nobody else reads the row until the transaction ends: PostgreSQL locks it, SQLite has one writer.
    locked = NumberSequence.objects.select_for_update()
    sequence, _ = locked.get_or_create(authority=authority, kind=kind, year=year)
    NumberSequence.objects.filter(pk=sequence.pk).update(last=sequence.last + count)
    return range(sequence.last + 1, sequence.last + count + 1)
