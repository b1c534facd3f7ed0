"""The year, the day and the moment of knowledge farmland's figures are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet


@dataclass(frozen=True, slots=True)
class Then:
    """A year as it stands on a day, as known at a moment (None: now)."""

    year: int
    on: date
    known_on: datetime | None = None

    @property
    def day(self) -> date:
        """The day whose units and classes count: the last of the year, or an earlier one that is spoken of."""
        return min(self.on, date(self.year, 12, 31))

    def known(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Told rows as they were known."""
        told = Q(superseded_at=None)
        if self.known_on is not None:
            told = Q(recorded_at__lte=self.known_on) & (told | Q(superseded_at__gt=self.known_on))
        return rows.filter(told)
