"""What the database is told after much was written: how many rows there are now, or it plans by what was there before."""

from __future__ import annotations

from django.db import connection, transaction

LARGE = 10_000
"""Rows written at once from which on the database counts anew."""
SAMPLED = 1_000
"""Rows of each index SQLite looks at: enough to plan by, and done in a moment."""


def after_writing(rows: int) -> None:
    """Let the database look at itself once everything is committed, where that was much; a failure is only logged."""
    if rows >= LARGE:
        transaction.on_commit(_look_at_itself, robust=True)


def _look_at_itself() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")
        else:
            cursor.execute(f"PRAGMA analysis_limit = {SAMPLED}")
            cursor.execute("PRAGMA optimize")
