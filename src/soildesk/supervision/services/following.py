"""A duty that goes on under a new edition of its plan is the same matter: its slips, extensions and suspensions go along.

Else every slip of the first edition would be made out again, and what rests would be escalated.
"""

from __future__ import annotations

from collections.abc import Sequence

from soildesk.core.models import Duty
from soildesk.supervision.models import Extension, Importance, Slip, Suspension
from soildesk.supervision.models.matters import OfMatter, matter_of

KEPT: tuple[type[OfMatter], ...] = (Slip, Extension, Suspension, Importance)


def follow(handed: Sequence[tuple[Duty, Duty]]) -> None:
    """What is kept about the first of each pair is about the second from now on. Part of an act of the plan's room."""
    by_matter = {matter_of(old): new for old, new in handed}
    for model in KEPT:
        rows = list(model._default_manager.filter(matter__in=by_matter).order_by("pk"))
        for row in rows:
            new = by_matter[row.matter]
            row.duty, row.matter = new, matter_of(new)
        model._default_manager.bulk_update(rows, ["duty", "matter"], batch_size=200)
