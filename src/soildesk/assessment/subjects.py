"""Whose files the room's records carry."""

from __future__ import annotations

from soildesk.assessment.models import Assessment, ItemResult, Objection
from soildesk.core import files
from soildesk.core.permissions import Actor


def _result(actor: Actor, pk: int) -> ItemResult | None:
    seen = Assessment.objects.visible_to(actor)
    return ItemResult.objects.filter(pk=pk, assessment__in=seen).first()


def _objection(actor: Actor, pk: int) -> Objection | None:
    return Objection.objects.visible_to(actor).filter(pk=pk).first()


files.register_subject(ItemResult._meta.label_lower, _result, "assessment.read")
files.register_subject(Objection._meta.label_lower, _objection, "assessment.read")
