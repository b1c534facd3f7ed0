"""What the pages of this room share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.kit.refused import telling
from soildesk.land.services.writing import Place
from soildesk.reporting.queries import records
from soildesk.reporting.refusals import ReportRefused

if TYPE_CHECKING:
    from soildesk.core.models import Department
    from soildesk.core.permissions import Actor


def own_office(actor: Actor) -> Department:
    """The department the actor's reports belong to."""
    office = records.office_of(actor)
    if office is None:
        raise ReportRefused(_("您的账户没有所属单位：请系统管理员登记后再办理。"), code="reporting.copy.place")
    return office


def own_place(actor: Actor) -> Place:
    """The division of the actor's department, kept by it."""
    office = own_office(actor)
    return Place(office.division, office)


told = telling("reports", _l("回到报表"))
"""Refusals of this room are said on a page."""
