"""Acts on the experts of the review pool: entered, put right. Names and phones are personal data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.permissions import Actor, require
from soildesk.enterprises.services.firms import valid_code
from soildesk.land.services.writing import Place
from soildesk.plots.models import Expert
from soildesk.plots.refusals import ReportRefused

FACTS = ("name", "employer", "employer_code", "speciality", "pool", "phone", "until")


@transaction.atomic
def add(facts: Mapping[str, Any], place: Place, *, by: Actor, at: datetime) -> Expert:
    """An expert of a place."""
    clean = check_new(facts, place, by=by)
    made = Expert.objects.create(**place.columns, **clean, recorded_at=at)
    audit.record("plots.expert.added", subject=made, by=by, at=at, data={"pool": made.pool})
    return made


@transaction.atomic
def change(expert: Expert, facts: Mapping[str, Any], *, by: Actor, at: datetime, why: str = "") -> Expert:
    """What is said of an expert put right."""
    require(by, "plots.keep_experts", expert)
    clean = _clean({**{name: getattr(expert, name) for name in FACTS}, **facts})
    changed = [name for name, value in clean.items() if getattr(expert, name) != value]
    for name in changed:
        setattr(expert, name, clean[name])
    expert.save(update_fields=changed or None)
    audit.record("plots.expert.changed", subject=expert, by=by, at=at, data={"changed": changed, "why": why[:300]})
    return expert


def check_new(facts: Mapping[str, Any], place: Place, *, by: Actor) -> dict[str, Any]:
    """The facts of a new expert as they may be stored; refused where one stands already."""
    require(by, "plots.keep_experts", place.division)
    clean = _clean(facts)
    path = place.columns["division_path"]
    if Expert.objects.filter(division_path=path, name=clean["name"], employer=clean["employer"]).exists():
        raise ReportRefused(
            _("“%(name)s（%(employer)s）”已在专家库中：请打开原来的记录更正。")
            % {"name": clean["name"], "employer": clean["employer"]},
            code="plots.report.twice",
        )
    return clean


def _clean(facts: Mapping[str, Any]) -> dict[str, Any]:
    clean = {name: str(facts.get(name) or "").strip() for name in FACTS if name != "until"}
    for name, title in (("name", _("姓名")), ("employer", _("工作单位"))):
        if not clean[name]:
            raise ReportRefused(_("没有填写%(what)s：请填写。") % {"what": title}, code="plots.report.words")
    until = facts.get("until")
    clean["employer_code"] = valid_code(clean["employer_code"])
    return {**clean, "until": until if isinstance(until, date) else None}
