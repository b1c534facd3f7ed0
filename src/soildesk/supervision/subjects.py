"""Whose files the room's records carry."""

from __future__ import annotations

from collections.abc import Callable

from soildesk.core import files
from soildesk.core.permissions import Actor
from soildesk.supervision.models import Extension, OfMatter, Slip, Suspension


def _load(model: type[OfMatter]) -> Callable[[Actor, int], OfMatter | None]:
    return lambda actor, pk: model.objects.visible_to(actor).filter(pk=pk).first()


for _model in (Slip, Extension, Suspension):
    files.register_subject(_model._meta.label_lower, _load(_model), "supervision.read")
