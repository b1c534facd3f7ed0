"""The tables of limits in force on this desk: the shipped ones, and those of places that an office accepted."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from soildesk.core.models import Division
from soildesk.standards.editiondata import edition_of
from soildesk.standards.models import LocalEdition
from soilrules.standards.library import Library, shipped


def known(rows: QuerySet[LocalEdition], at: datetime | None = None) -> QuerySet[LocalEdition]:
    """Editions known at a moment, the present one where none is given."""
    if at is None:
        return rows.filter(superseded_at=None)
    return rows.filter(Q(superseded_at=None) | Q(superseded_at__gt=at), recorded_at__lte=at)


def local_editions(division: Division, at: datetime | None = None) -> list[LocalEdition]:
    """Editions that hold in a division: its own and those of the places above it."""
    codes = [code for code in division.path.split("/") if code]
    paths = ["/".join(codes[:end]) + "/" for end in range(1, len(codes) + 1)]
    return list(known(LocalEdition.objects.filter(division_path__in=paths), at))


def library_for(division: Division, at: datetime | None = None) -> Library:
    """The library by which results of a division are judged, as it was known at a moment."""
    more = [edition_of(one.data) for one in local_editions(division, at)]
    return shipped().with_editions(more) if more else shipped()
