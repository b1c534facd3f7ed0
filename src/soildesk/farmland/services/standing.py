"""Points that stand for a unit although they lie elsewhere 代表点位, or must not count in it: told with a reason, taken back with one."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.permissions import Actor, require
from soildesk.farmland.models import StandsFor, UnitVersion
from soildesk.farmland.refusals import ClassifyRefused
from soildesk.farmland.services import classifying
from soildesk.land.services.writing import refuse_future
from soildesk.monitoring.queries.columns import point_called

PERMISSION = "farmland.classify"


@transaction.atomic
def say(
    version: UnitVersion, point: str, why: str, since: date, *, by: Actor, at: datetime, counts: bool = True
) -> StandsFor:  # fmt: skip
    """That a point counts in a unit, or must not, from a day on; what was said of both before is replaced."""
    require(by, PERMISSION, version)
    classifying.office(by, version, "?")
    refuse_future(since, by, ClassifyRefused, "farmland.classify.future")
    found = point_called(by, point, by.today)
    if found is None:
        raise ClassifyRefused(
            _("没有找到点位“%(text)s”，或不止一个：请填写点位编号。") % {"text": point},
            code="farmland.classify.not_found",
        )
    if not why.strip():
        raise ClassifyRefused(
            _("请写明理由，例如土壤类型、利用方式、污染来源相同。"), code="farmland.classify.why_missing"
        )
    StandsFor.objects.filter(unit=version.unit_id, point=found.point_id, superseded_at=None).update(superseded_at=at)
    made = StandsFor.objects.create(
        unit_id=version.unit_id, point_id=found.point_id, counts=counts, why=why.strip()[:300], since=since,
        division_path=version.division_path, owner_department_id=version.owner_department_id, recorded_at=at,
        recorded_by=by.person,
    )  # fmt: skip
    data = {"unit": version.unit.number, "point": found.point.number, "counts": counts, "why": made.why}
    audit.record("farmland.standsfor.said", subject=made, by=by, at=at, data=data)
    return made


@transaction.atomic
def take_back(row: StandsFor, why: str, *, by: Actor, at: datetime) -> StandsFor:
    """What was said of a point and a unit counts no more; from then on the point counts where it lies."""
    require(by, PERMISSION, row)
    held = StandsFor.objects.select_for_update().select_related("unit", "point").get(pk=row.pk)
    if held.superseded_at is not None or not why.strip():
        raise ClassifyRefused(
            _("请写明撤销的原因：原因会留在历史里。") if not why.strip() else _("这条记录已经撤销：请刷新页面。"),
            code="farmland.classify.why_missing",
        )
    held.superseded_at, held.reason = at, why.strip()[:300]
    held.save(update_fields=["superseded_at", "reason"])
    data = {"unit": held.unit.number, "point": held.point.number, "why": held.reason}
    audit.record("farmland.standsfor.taken_back", subject=held, by=by, at=at, data=data)
    return held
