"""Whose files the room's records carry."""

from __future__ import annotations

from typing import Any

from soildesk.core import files
from soildesk.core.permissions import Actor
from soildesk.farmland.models import (
    ClassDecision,
    ControlReport,
    Disposal,
    FieldCheck,
    Guidance,
    Lot,
    LotMove,
    LotPayment,
    ProduceTest,
    ProhibitedZone,
    TownFigure,
    UnitMeasure,
    UsePlan,
)

for _model in (
    ClassDecision,
    ControlReport,
    Disposal,
    FieldCheck,
    Guidance,
    Lot,
    LotMove,
    LotPayment,
    ProduceTest,
    ProhibitedZone,
    TownFigure,
    UnitMeasure,
    UsePlan,
):

    def _seen(actor: Actor, pk: int, model: Any = _model) -> Any:
        """Whoever sees the record reads its files."""
        return model.objects.visible_to(actor).filter(pk=pk).first()

    files.register_subject(_model._meta.label_lower, _seen)
