"""Whose files the room's records carry."""

from __future__ import annotations

from soildesk.assessment.models import Assessment, ItemResult, Objection
from soildesk.core import files
from soildesk.core.permissions import Actor, may

READ = "assessment.read"


def _result(actor: Actor, pk: int) -> ItemResult | None:
    """What is said of an item lies where its assessment does, which the right is asked for."""
    seen = Assessment.objects.visible_to(actor)
    found = ItemResult.objects.filter(pk=pk, assessment__in=seen).select_related("assessment").first()
    return found if found and may(actor, READ, found.assessment) else None


def _objection(actor: Actor, pk: int) -> Objection | None:
    return Objection.objects.visible_to(actor).filter(pk=pk).first()


files.register_subject(ItemResult._meta.label_lower, _result)
files.register_subject(Objection._meta.label_lower, _objection, READ)
