"""Heavily polluted farmland that becomes construction land: it goes into the register of plots as a thread to be looked into.

The survey and its assessment are organised by the county's government; the unit ends when the land has changed its use.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.permissions import Actor, require
from soildesk.farmland.models import UnitClass, UnitVersion
from soildesk.farmland.queries.origins import is_heavy
from soildesk.farmland.refusals import ClassifyRefused
from soildesk.land.services.writing import place_at, refuse_future
from soildesk.plots.services import candidates
from soildesk.plots.services.candidates import Fed

PERMISSION = "farmland.keep_units"
SOURCE = "other"


@transaction.atomic
def to_construction(version: UnitVersion, document: str, on: date, *, by: Actor, at: datetime) -> str:
    """Heavy farmland whose ground is to become construction land; gives the uid of the thread in the register of plots."""
    require(by, PERMISSION, version)
    refuse_future(on, by, ClassifyRefused, "farmland.classify.future")
    held = UnitClass.objects.standing(by.today).filter(unit=version.unit_id).first()
    current = held.farmland_class if held else ""
    if not is_heavy(version, current):
        raise ClassifyRefused(
            _("%(unit)s 不是严格管控类，也没有登记为重度污染：转为建设用地按建设用地准入核查办理，不必列为线索。")
            % {"unit": version.unit.number},
            code="farmland.classify.class",
        )
    if not document.strip():
        raise ClassifyRefused(_("没有填写转用依据的文号：请照文件填写。"), code="farmland.classify.words")
    why = _("重度污染农用地转为城镇建设用地（%(unit)s，%(document)s）：由县级人民政府组织调查评估") % {
        "unit": version.unit.number, "document": document.strip(),
    }  # fmt: skip
    fed = Fed(
        source=SOURCE, origin=f"farmland:{version.unit.uid}", title=version.name, found_on=on, address=version.location,
        facts={"why": why}, geometry=version.geometry, place=place_at(version.division_path, by),
    )  # fmt: skip
    candidates.check_new(fed, by=by)
    (made,) = candidates.take_in([fed], by=by, at=at)
    data = {"unit": version.unit.number, "document": document.strip(), "candidate": str(made.uid)}
    audit.record("farmland.heavy.converted", subject=version, by=by, at=at, data=data)
    return str(made.uid)
