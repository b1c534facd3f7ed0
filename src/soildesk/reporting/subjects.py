"""Whose files the room's records carry."""

from __future__ import annotations

from soildesk.core import files
from soildesk.core.permissions import Actor
from soildesk.reporting.models import BlankForm, ReportCopy


def _copy(actor: Actor, pk: int) -> ReportCopy | None:
    return ReportCopy.objects.visible_to(actor).filter(pk=pk).first()


def _blank(actor: Actor, pk: int) -> BlankForm | None:
    return BlankForm.objects.visible_to(actor).filter(pk=pk).first()


files.register_subject(ReportCopy._meta.label_lower, _copy, "reporting.read")
files.register_subject(BlankForm._meta.label_lower, _blank, "reporting.read")
