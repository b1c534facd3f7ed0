"""What offices did with ground, written down: one dated fact each; a wrong one is superseded with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, files
from soildesk.core.models import FileUse
from soildesk.core.permissions import Actor, require
from soildesk.decisions.actwords import BROUGHT, SEEN, word
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
    _check_seen(clean)
    clean["use_system"], clean["use"] = code_of(clean.get("use_system", ""), clean.get("use", ""))
    clean["geometry"] = surface(clean.get("geometry"))
    clean["area_m2"] = area_m2(clean["geometry"])
    _refuse_twice(clean, place)
    return clean


def _check_seen(clean: Mapping[str, Any]) -> None:
    """What was only seen names its proof where matter was brought, and the look before it is earlier."""
    before, on = clean.get("not_seen_on"), clean["on"]
    if before is not None and clean["act"] not in SEEN:
        raise GroundActRefused(
            _("“%(act)s”有确定的办理日期，不填“此前最近一次未见”：请清空这一项。") % {"act": word(clean["act"])},
            code="decisions.ground_act.not_seen",
        )
    if before is not None and before >= on:
        raise GroundActRefused(
            _("此前最近一次未见是 %(before)s，不早于发现日期 %(on)s：应填发现之前、还没有这一情况的日期；没有就留空。")
            % {"before": before, "on": on},
            code="decisions.ground_act.not_seen",
        )
    if clean["act"] in BROUGHT and not clean.get("document"):
        raise GroundActRefused(
            _("“%(act)s”没有写明证据：请在“文号”填写图斑、巡查或者检查记录的编号，登记后可上传照片和影像。")
            % {"act": word(clean["act"])},
            code="decisions.ground_act.no_proof",
        )


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
def attach(act: GroundAct, *, data: bytes, name: str, by: Actor, at: datetime) -> FileUse:
    """A proof of an act: its paper, a photograph, an image."""
    require(by, RECORD, act)
    use = files.attach(act, data=data, name=name, kind="proof", by=by, at=at)
    told = {"act": act.act, "file": use.attachment.sha256}
    audit.record("decisions.ground_act.proof_attached", subject=act, by=by, at=at, data=told)
    return use


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
