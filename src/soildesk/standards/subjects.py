"""Whose files the room's records carry: a table and its judged rows are read by whoever may see the judgement."""

from __future__ import annotations

from soildesk.core import files
from soildesk.core.permissions import Actor
from soildesk.standards.models import Evaluation, LocalProposal, Trial


def _evaluation(actor: Actor, pk: int) -> Evaluation | None:
    return Evaluation.objects.visible_to(actor).filter(pk=pk).first()


def _trial(actor: Actor, pk: int) -> Trial | None:
    return Trial.objects.visible_to(actor).filter(pk=pk, by=actor.person).first()


def _proposal(actor: Actor, pk: int) -> LocalProposal | None:
    return LocalProposal.objects.visible_to(actor).filter(pk=pk).first()


files.register_subject(Evaluation._meta.label_lower, _evaluation, "standards.read")
files.register_subject(Trial._meta.label_lower, _trial, "standards.judge")
files.register_subject(LocalProposal._meta.label_lower, _proposal, "standards.read")
