"""Acts of custody 样品流转: samples packed, handed over, received or rejected. Rows are only added, without a gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from soildesk.core import audit, clock
from soildesk.core.permissions import Actor, require
from soildesk.land.services.writing import number_for
from soildesk.monitoring.models import Custody, FieldRecord, SamplingTask
from soildesk.monitoring.refusals import CustodyRefused

Step = Custody.Step
COLDEST, WARMEST = -90.0, 60.0


@dataclass(frozen=True, slots=True)
class Handing:
    """One hand-over: what happened when, from whom to whom, in which condition, how cold."""

    step: str
    at: datetime
    from_name: str = ""
    to_name: str = ""
    condition: str = ""
    temperature_c: float | None = None


@transaction.atomic
def hand_over(tasks: Sequence[SamplingTask], handing: Handing, *, by: Actor, at: datetime) -> list[Custody]:
    """Write one hand-over of samples of a campaign down; all of them or none. The rows share the number of their slip."""
    held = _held(tasks, by)
    _check(handing, at)
    for task in held:
        _check_chain(task, handing)
    slip = _slip(held[0], by, at)
    made = Custody.objects.bulk_create(
        [
            Custody(
                task=task,
                slip=slip,
                step=handing.step,
                at=handing.at,
                from_name=handing.from_name.strip()[:60],
                to_name=handing.to_name.strip()[:60],
                condition=handing.condition.strip()[:120],
                temperature_c=handing.temperature_c,
                recorded_by=by.person,
                recorded_at=at,
            )
            for task in held
        ]
    )
    if handing.step == Step.RECEIVED:
        for task in held:
            task.state = SamplingTask.State.RECEIVED
        SamplingTask.objects.bulk_update(held, ["state"])
    audit.record(
        "monitoring.custody.recorded",
        subject=held[0].campaign,
        by=by,
        at=at,
        data={"slip": slip, "step": handing.step, "samples": len(held)},
    )
    return made


def _held(tasks: Sequence[SamplingTask], by: Actor) -> list[SamplingTask]:
    rows = SamplingTask.objects.select_for_update(of=("self",)).filter(pk__in=[task.pk for task in tasks])
    held = list(rows.select_related("campaign", "owner_department__division").order_by("code"))
    if not held or len({task.campaign_id for task in held}) > 1:
        raise CustodyRefused(_("请选择同一个监测任务的样品：一张流转单只写一个任务。"), code="monitoring.custody.empty")
    for task in held:
        require(by, "monitoring.sample", task)
    return held


def _check(handing: Handing, at: datetime) -> None:
    if handing.step not in Step.values:
        raise CustodyRefused(_("请选择环节：装箱、交接、实验室接收或拒收。"), code="monitoring.custody.step")
    if handing.at > at:
        raise CustodyRefused(
            _("流转时间 %(when)s 晚于现在：请核对。") % {"when": _moment(handing.at)}, code="monitoring.custody.future"
        )
    if handing.step != Step.PACKED and not (handing.from_name.strip() and handing.to_name.strip()):
        raise CustodyRefused(_("交样人和收样人都要填写。"), code="monitoring.custody.names")
    if handing.step == Step.REJECTED and not handing.condition.strip():
        raise CustodyRefused(_("拒收要写明样品状况，例如“瓶破损”“温度 18 ℃”。"), code="monitoring.custody.condition")
    if handing.temperature_c is not None and not COLDEST <= handing.temperature_c <= WARMEST:
        raise CustodyRefused(
            _("保存温度 %(value)g ℃ 不可能：应在 %(least)g 至 %(most)g 之间。")
            % {"value": handing.temperature_c, "least": COLDEST, "most": WARMEST},
            code="monitoring.custody.condition",
        )


def _check_chain(task: SamplingTask, handing: Handing) -> None:
    """What came before allows this step, at this time, out of these hands."""
    record = FieldRecord.objects.filter(task=task, superseded_at=None).first()
    if record is None:
        raise CustodyRefused(
            _("样品 %(code)s 还没有采样记录，不能流转：请先登记采样。") % {"code": task.code},
            code="monitoring.custody.not_sampled",
        )
    chain = list(Custody.objects.filter(task=task).order_by("at", "id"))
    last = chain[-1] if chain else None
    if last and last.step in (Step.RECEIVED, Step.REJECTED):
        raise CustodyRefused(
            _("样品 %(code)s 已于 %(when)s %(step)s，流转已结束。")
            % {"code": task.code, "when": _moment(last.at), "step": last.get_step_display()},
            code="monitoring.custody.finished",
        )
    before = max(filter(None, (record.sampled_at, last and last.at)))
    if handing.at < before:
        raise CustodyRefused(
            _("样品 %(code)s 在 %(before)s 才采样或交接，流转时间 %(when)s 更早：请核对。")
            % {"code": task.code, "before": _moment(before), "when": _moment(handing.at)},
            code="monitoring.custody.early",
        )
    _check_hands(task, handing, [each for each in chain if each.step == Step.HANDED])


def _check_hands(task: SamplingTask, handing: Handing, handed: Sequence[Custody]) -> None:
    if handing.step in (Step.RECEIVED, Step.REJECTED) and not handed:
        raise CustodyRefused(
            _("样品 %(code)s 没有交接记录就到了实验室：请先登记是谁交给谁的。") % {"code": task.code},
            code="monitoring.custody.order",
        )
    if handed and handing.step != Step.PACKED and handing.from_name.strip() != handed[-1].to_name:
        raise CustodyRefused(
            _("样品 %(code)s 上一次交给了“%(holder)s”，这一次却由“%(giver)s”交出：中间缺一次交接，请补记。")
            % {"code": task.code, "holder": handed[-1].to_name, "giver": handing.from_name.strip()},
            code="monitoring.custody.order",
        )


def _slip(task: SamplingTask, by: Actor, at: datetime) -> str:
    return number_for(task.campaign.owner_department, "LZD", clock.local_day(at).year)


def _moment(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
