"""What the pages of this room share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.assessment.queries import records
from soildesk.assessment.services.acting import Doing, Paper
from soildesk.core import clock
from soildesk.kit.refused import telling

if TYPE_CHECKING:
    from soildesk.assessment.models import Assessment
    from soildesk.core.permissions import Actor


def found(actor: Actor, uid: UUID) -> Assessment:
    """The assessment; nothing where the actor sees none."""
    row = records.assessment_of(actor, uid)
    if row is None:
        raise Http404(str(uid))
    return row


def url_of(assessment: Any) -> str:
    """The record page."""
    return reverse("kit:record", args=["assessments", str(assessment.uid)])


def crumbs(assessment: Any, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page of an assessment."""
    return [
        (_("考核"), reverse("kit:collection", args=["assessments"])),
        (f"{assessment.place.name} {assessment.year}", url_of(assessment)),
        *more,
    ]


def doing(actor: Actor, why: str = "", files: Any = ()) -> Doing:
    """Who acts now, why, and with which files."""
    return Doing(actor, clock.now(), why, tuple(Paper(one.name, one.read()) for one in files or ()))


told = telling("assessments", _l("回到考核"))
"""Refusals of this room are said on a page."""
