"""The recommended list 推荐清单: which techniques and varieties stand on it on a day, as known then, and their stays."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, QuerySet, Value, When

from soildesk.farmland.models import Recommendation, Technique
from soildesk.farmland.queries.then import Then
from soildesk.kit.hindsight import Span


def with_list(rows: QuerySet[Technique], on: date, known_on: datetime | None = None) -> QuerySet[Technique]:
    """Techniques with `listed`: whether they stand on the list on a day.

    One that was entered as recommended and was never put on or taken off since stands there from the day of its entry.
    """
    stays = Then(on.year, on, known_on).known(Recommendation.objects.filter(technique=OuterRef("pk")))
    covering = stays.filter(Q(until=None) | Q(until__gt=on), since__lte=on)
    return rows.annotate(
        listed=Case(
            When(Exists(covering), then=Value(True)),
            When(Exists(stays), then=Value(False)),
            When(recorded_at__lt=Span.of(on, on).until, then=F("recommended")),
            default=Value(False),
            output_field=BooleanField(),
        )
    )


def stays_of(technique: Technique) -> list[Recommendation]:
    """The stays of one, as known now, the first one first."""
    rows = Recommendation.objects.filter(technique=technique, superseded_at=None)
    return list(rows.select_related("recorded_by").order_by("since", "id"))


def open_stay(technique: Technique) -> Recommendation | None:
    """The stay that has not ended."""
    return next((one for one in stays_of(technique) if one.until is None), None)


def stands_on_list(technique: Technique) -> bool:
    """Whether one stands on the list as far as is known: by its open stay, or as it was entered."""
    stays = stays_of(technique)
    return any(one.until is None for one in stays) if stays else technique.recommended
