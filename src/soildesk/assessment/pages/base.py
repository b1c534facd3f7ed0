"""What the pages of this room share."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.assessment.queries import records
from soildesk.assessment.services.acting import Doing, Paper, need
from soildesk.core import clock
from soildesk.core.permissions import require
from soildesk.kit.refused import stopped, telling
from soilrules.assessment.life import Act, table

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


def barred(request: HttpRequest, one: Assessment, act: Act, actor: Actor) -> HttpResponse | None:
    """The page that says why the form of an act could only be refused; none where it can be shown."""
    require(actor, table()[act].right, one)
    return barred_by(request, one, partial(need, one, act, actor))


def barred_by(request: HttpRequest, one: Assessment, check: Callable[[], object]) -> HttpResponse | None:
    """The same for another check than that of the table."""
    return stopped(request, check, url_of(one), _("回到这个考核"))


def typed(value: Decimal | None) -> Decimal | None:
    """A kept number as a person would type it: 95, not 95.0000, which the form would refuse."""
    return None if value is None else Decimal(f"{value.normalize():f}")


told = telling("assessments", _l("回到考核"))
"""Refusals of this room are said on a page."""
