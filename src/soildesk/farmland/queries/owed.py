"""What may be owed on farmland: classes, tasks of area, tests before harvests, grain above limits, figures; and the registers of their records."""

from __future__ import annotations

from datetime import date

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l

from soildesk.core.models import Duty
from soildesk.core.owed import Waiting, waiting
from soildesk.core.permissions import Actor, may
from soildesk.farmland.models import (
    AreaTask,
    Classification,
    ControlReport,
    GrainNotice,
    LockProposal,
    ProduceTest,
    Season,
    TownReturn,
    Trigger,
)

KINDS: dict[str, Promise] = {
    Duty.Kind.FARM_TEST.value: _l("收获前检测"),
    Duty.Kind.FARM_GRAIN.value: _l("超标粮食处置"),
    Duty.Kind.FARM_TASK.value: _l("受污染耕地任务和定期报告"),
    Duty.Kind.FARM_CLASS.value: _l("耕地类别划分"),
    Duty.Kind.FARM_FIGURE.value: _l("投入品数据说明"),
}
RECORDS = {
    Season: "seasons",
    LockProposal: "lock_proposals",
    GrainNotice: "grain_notices",
    ProduceTest: "produce_tests",
    Classification: "classifications",
    AreaTask: "area_tasks",
    ControlReport: "control_reports",
    Trigger: "class_triggers",
    TownReturn: "farm_returns",
}


def on_farmland(actor: Actor, on: date) -> list[Waiting]:
    """The open duties of farmland the actor sees."""
    return waiting(actor, on, list(KINDS), RECORDS) if may(actor, "farmland.read") else []


def open_of(record: Model) -> Duty | None:
    """What is still owed of one record, with the unit that owes it."""
    return Duty.objects.for_subject(record).filter(done_on=None).select_related("unit").first()


def late(model: type[Model], on: date) -> QuerySet[Duty]:
    """The duties of records of one kind that are late on a day."""
    return Duty.objects.filter(subject_type=model._meta.label_lower).late_on(on)
