"""Whose files the room's records carry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from soildesk.core import files
from soildesk.core.permissions import Actor
from soildesk.supervision.models import Extension, Letter, Meeting, Slip, Suspension, Talk, TalkPromise
from soildesk.supervision.queries.letters import row_of


def _load(model: Any) -> Callable[[Actor, int], Any]:
    return lambda actor, pk: model.objects.visible_to(actor).filter(pk=pk).first()


for _model in (Slip, Extension, Suspension, Letter, Talk, TalkPromise, Meeting):
    files.register_subject(_model._meta.label_lower, _load(_model), "supervision.read")
files.register_subject("supervision.letterunit", row_of)
