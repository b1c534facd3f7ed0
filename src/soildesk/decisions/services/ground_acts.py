"""What offices did with ground, written down: one dated fact each; a wrong one is superseded with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.permissions import Actor, require
from soildesk.decisions.actwords import word
from soildesk.decisions.models import GroundAct
from soildesk.decisions.refusals import GroundActRefused
from soildesk.land.landuse import code_of
from soildesk.land.services.writing import Place, refuse_future
from soildesk.land.shapes import area_m2, surface

RECORD = "decisions.record"
TEXTS = ("project", "unit", "office", "document", "use", "use_system")


@transaction.atomic
def record(facts: Mapping[str, Any], place: Place, *, by: Actor, at: datetime) -> GroundAct:
    """Write one act down. The same act by the same document on the same day is refused: it stands."""
    clean = check_new(facts, place, by=by)
    made = GroundAct.objects.create(**place.columns, **clean, recorded_at=at, recorded_by=by.person)
    data = {"act": made.act, "on": made.on, "document": made.document}
    audit.record("decisions.ground_act.recorded", subject=made, by=by, at=at, data=data)
    return made


def check_new(facts: Mapping[str, Any], place: Place, *, by: Actor) -> dict[str, Any]:
    """The facts as they may be stored; refused where they may not be."""
    require(by, RECORD, place.division)
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    clean = {name: value for name, value in clean.items() if value is not None}
    refuse_future(clean["on"], by, GroundActRefused, "decisions.ground_act.future")
    clean["use_system"], clean["use"] = code_of(clean.get("use_system", ""), clean.get("use", ""))
    clean["geometry"] = surface(clean.get("geometry"))
    clean["area_m2"] = area_m2(clean["geometry"])
    _refuse_twice(clean, place)
    return clean


def _refuse_twice(clean: Mapping[str, Any], place: Place) -> None:
    document = clean.get("document", "")
    same = {"act": clean["act"], "on": clean["on"], "project": clean.get("project", ""), "document": document}
    rows = GroundAct.objects.filter(superseded_at=None, division_path=place.division.path, **same)
    if not rows.filter(geometry__intersects=clean["geometry"]).exists():
        return
    raise GroundActRefused(
        _("%(day)s 的“%(act)s”（%(document)s）在这块地上已经登记过：如内容有误，请先撤销原记录再重新登记。")
        % {"day": clean["on"], "act": word(clean["act"]), "document": document or _("无文号")},
        code="decisions.ground_act.twice",
    )


@transaction.atomic
def take_back(act: GroundAct, *, by: Actor, at: datetime, why: str) -> GroundAct:
    """Say that a recorded act was wrong; it stays in the history."""
    held = GroundAct.objects.select_for_update().get(pk=act.pk)
    require(by, RECORD, held)
    if held.superseded_at is not None:
        raise GroundActRefused(_("这条记录已经撤销：请刷新页面。"), code="decisions.ground_act.stale")
    if not why.strip():
        raise GroundActRefused(_("请写明撤销的原因：原因会留在历史里。"), code="decisions.ground_act.why_missing")
    held.superseded_at, held.reason = at, why.strip()[:300]
    held.save(update_fields=["superseded_at", "reason"])
    audit.record("decisions.ground_act.taken_back", subject=held, by=by, at=at, data={"why": held.reason})
    return held
