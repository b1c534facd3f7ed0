"""Numbers on documents: one sequence per authority, kind and year, taken inside the act's transaction."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from soildesk.core.models import Department, NumberSequence


def next_number(authority: Department, kind: str, year: int) -> int:
    """The next number; a rolled-back act gives its number back. Must run inside `transaction.atomic`."""
    return next_numbers(authority, kind, year, 1)[0]


def next_numbers(authority: Department, kind: str, year: int, count: int) -> range:
    """The next `count` numbers at once."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number is taken inside the act's transaction: wrap the act in transaction.atomic().")
    sequence, _ = NumberSequence.objects.get_or_create(authority=authority, kind=kind, year=year)
    # The UPDATE locks the row until the transaction ends, on both stores.
    NumberSequence.objects.filter(pk=sequence.pk).update(last=F("last") + count)
    sequence.refresh_from_db(fields=["last"])
    return range(sequence.last - count + 1, sequence.last + 1)
