"""Who is told that it is their turn: the assessed unit, or the office that assesses, by a message with a link to the record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from soildesk.assessment.models import Assessment
from soildesk.supervision.services.telling import tell_units
from soilrules.assessment.life import Side


def tell(assessment: Assessment, side: Side, text: str, said: Mapping[str, Any] | None = None) -> None:
    """A message for everybody of the side whose turn it is; `text` may name number, place and year of the assessment."""
    department = assessment.unit_id if side is Side.ASSESSED else assessment.owner_department_id
    told = {"number": assessment.number, "place": assessment.place.name, "year": assessment.year, **(said or {})}
    tell_units([department], text % told, reverse("kit:record", args=["assessments", str(assessment.uid)]))
