"""The dated facts of firms as they stand, for pages."""

from __future__ import annotations

from django.db.models import QuerySet

from soildesk.enterprises.models import Happening


def happenings_of(enterprise_id: int) -> QuerySet[Happening]:
    """What was written down of a firm and not taken back, the newest day first."""
    rows = Happening.objects.filter(enterprise=enterprise_id, superseded_at=None)
    return rows.select_related("filing", "recorded_by").order_by("-on", "-id")
