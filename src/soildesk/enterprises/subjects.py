"""Whose files the room's records carry."""

from __future__ import annotations

from typing import Any

from soildesk.core import files
from soildesk.core.permissions import Actor
from soildesk.enterprises.models import (
    Filing,
    Hazard,
    Inspection,
    Investigation,
    ListNotice,
    PlantPlan,
    WasteAssessment,
)
from soildesk.enterprises.queries.filings import seen

for _model in (Hazard, Inspection, PlantPlan, ListNotice, Investigation, WasteAssessment):

    def _seen(actor: Actor, pk: int, model: Any = _model) -> Any:
        """Whoever sees the record reads its files: an office by its scope, a firm its own."""
        return model.objects.visible_to(actor).filter(pk=pk).first()

    files.register_subject(_model._meta.label_lower, _seen)


def _filing(actor: Actor, pk: int) -> Filing | None:
    """Whoever sees the filing: a firm's draft is its own, files and all."""
    return seen(actor).filter(pk=pk).first()


files.register_subject(Filing._meta.label_lower, _filing)
