"""Acts on successions: which enterprise followed which, by what document. One that was wrong is superseded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.permissions import Actor, require
from soildesk.core.versions import Recording
from soildesk.enterprises.models import Enterprise, EnterpriseVersion, Succession
from soildesk.enterprises.refusals import SuccessionRefused
from soildesk.enterprises.services import owing
from soildesk.enterprises.services.representatives import newest
from soildesk.land.services.writing import refuse_future


@dataclass(frozen=True, slots=True)
class Following:
    """One enterprise follows another, from a day on, by a document."""

    before: Enterprise
    after: Enterprise
    kind: str
    on: date
    document: str


@transaction.atomic
def record(said: Following, *, by: Actor, at: datetime) -> Succession:
    """Write down that one enterprise follows another."""
    place = _checked(said, by)
    made = Succession.objects.create(
        division_path=place.division_path, owner_department_id=place.owner_department_id,
        before=said.before, after=said.after, kind=said.kind, on=said.on, document=said.document.strip(),
        recorded_at=at, recorded_by=by.person,
    )  # fmt: skip
    owing.owe_of([made.after_id], by=by, at=at)
    data = {"before": said.before.number, "after": said.after.number, "kind": said.kind, "on": said.on}
    audit.record("enterprises.succession.recorded", subject=made, by=by, at=at, data=data)
    return made


@transaction.atomic
def supersede(succession: Succession, *, recording: Recording) -> Succession:
    """Take back what was written by mistake; it stays readable as known then."""
    require(recording.by, "enterprises.keep", succession)
    if not recording.why.strip():
        raise SuccessionRefused(_("请写明为什么撤销：原因会留在历史里。"), code="enterprises.succession.why_missing")
    held = Succession.objects.select_for_update().get(pk=succession.pk)
    if held.superseded_at is not None:
        raise SuccessionRefused(_("这条承继关系已经撤销。"), code="enterprises.succession.superseded")
    held.superseded_at, held.reason = recording.at, recording.why.strip()[:300]
    held.save(update_fields=["superseded_at", "reason"])
    owing.owe_of([held.after_id], by=recording.by, at=recording.at)
    data = {"before": held.before.number, "after": held.after.number, "why": held.reason}
    audit.record("enterprises.succession.superseded", subject=held, by=recording.by, at=recording.at, data=data)
    return held


def _checked(said: Following, by: Actor) -> EnterpriseVersion:
    """Where the follower belongs; refused where the one cannot follow the other."""
    place = newest(said.after)
    require(by, "enterprises.keep", place)
    require(by, "enterprises.keep", newest(said.before))
    refuse_future(said.on, by, SuccessionRefused, "enterprises.succession.future")
    if said.before.pk == said.after.pk:
        raise SuccessionRefused(
            _("企业不能承继自己：更名请在该企业办理变更，编号和代码不变。"), code="enterprises.succession.itself"
        )
    if said.kind not in Succession.Kind.values:
        raise SuccessionRefused(
            _("没有“%(kind)s”这种承继方式：请选择%(choices)s之一。")
            % {"kind": said.kind, "choices": "、".join(map(str, Succession.Kind.labels))},
            code="enterprises.succession.kind",
        )
    if not said.document.strip():
        raise SuccessionRefused(
            _("没有依据：请写明合并、分立、收购或场地转让的文件名称和文号。"), code="enterprises.succession.document"
        )
    _refuse_twice(said)
    return place


def _refuse_twice(said: Following) -> None:
    known = Succession.objects.filter(superseded_at=None)
    same = known.filter(before=said.before, after=said.after).first()
    if same:
        raise SuccessionRefused(
            _("自 %(day)s 起的承继关系已登记（%(kind)s）：有误请先撤销。")
            % {"day": same.on, "kind": same.get_kind_display()},
            code="enterprises.succession.twice",
        )
    back = known.filter(before=said.after, after=said.before, on__gte=said.on).first()
    if back:
        raise SuccessionRefused(
            _("反方向的承继关系已自 %(day)s 起登记：请核对哪一家在先。") % {"day": back.on},
            code="enterprises.succession.circle",
        )
