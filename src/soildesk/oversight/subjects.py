"""Whose files the room's records carry."""

from __future__ import annotations

from soildesk.core import files
from soildesk.core.permissions import Actor
from soildesk.oversight.models import Problem, Visit


def _problem(actor: Actor, pk: int) -> Problem | None:
    return Problem.objects.visible_to(actor).filter(pk=pk).first()


def _visit(actor: Actor, pk: int) -> Visit | None:
    return Visit.objects.visible_to(actor).filter(pk=pk).first()


files.register_subject(Problem._meta.label_lower, _problem, "oversight.read")
files.register_subject(Visit._meta.label_lower, _visit, "oversight.read_plans")
