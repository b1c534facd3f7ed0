"""Acts on sampling tasks: plan them, add blind parallels, drop one."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from shapely.geometry import Point as Place

from soildesk.core import audit
from soildesk.core.models import Department
from soildesk.core.permissions import Actor, require
from soildesk.monitoring.models import Campaign, Medium, PointVersion, SamplingTask
from soildesk.monitoring.refusals import SamplingRefused
from soildesk.monitoring.services import codes, owing
from soildesk.monitoring.services.points import DEEPEST_CM, placed

Role, State = SamplingTask.Role, SamplingTask.State
MOST = 5_000
"""Samples planned by one act."""
WITHOUT_PLACE = frozenset({Role.BLANK, Role.MATERIAL})


@dataclass(frozen=True, slots=True)
class Wanted:
    """One sample to be planned. Medium, depth and unit left out are those of the point; `at` is where no point stands yet."""

    point: PointVersion | None = None
    medium: str = ""
    depth_from_cm: int | None = None
    depth_to_cm: int | None = None
    unit: Department | None = None
    due: date | None = None
    at: Place | None = None
    role: str = Role.ORDINARY


@transaction.atomic
def plan(campaign: Campaign, wanted: Sequence[Wanted], *, by: Actor, at: datetime) -> list[SamplingTask]:
    """Plan samples, one task each, under codes of the campaign."""
    campaign = _open(campaign, by)
    if len(wanted) > MOST:
        raise SamplingRefused(
            _("一次最多安排 %(most)d 个样品，选了 %(count)d 个：请分批。") % {"most": MOST, "count": len(wanted)},
            code="monitoring.task.too_many",
        )
    drafts = [_draft(campaign, each) for each in wanted]
    _refuse_twice(campaign, drafts)
    made = _make(campaign, drafts)
    _told("monitoring.task.planned", campaign, made, by, at)
    owing.owe_samples(campaign, by=by)
    return made


def plan_points(
    campaign: Campaign, points: Sequence[PointVersion], *, by: Actor, at: datetime, due: date | None = None
) -> list[SamplingTask]:
    """Plan one sample at each of the points that has none in the campaign yet, by the unit that keeps it."""
    held = set(campaign.tasks.exclude(state=State.DROPPED).values_list("point_id", flat=True))
    wanted = [Wanted(point, unit=point.keeper, due=due) for point in points if point.point_id not in held]
    return plan(campaign, wanted, by=by, at=at) if wanted else []


@transaction.atomic
def add_parallels(
    campaign: Campaign, *, by: Actor, at: datetime, of: Sequence[SamplingTask] | None = None
) -> list[SamplingTask]:
    """Blind parallels under codes that do not show what they are.

    Without `of`, of samples drawn by chance: as many as the campaign's share asks for and are missing, medium by medium.
    """
    campaign = _open(campaign, by)
    if campaign.codes == Campaign.Codes.SEQUENTIAL and campaign.state != Campaign.State.DRAFT:
        raise SamplingRefused(
            _("任务已开始且样品按顺序编号，现在追加的密码平行样会排在最后而被认出：请在开始前安排，或采用随机编号。"),
            code="monitoring.task.parallel",
        )
    originals = _drawn(campaign, of)
    if not originals:
        raise SamplingRefused(_("密码平行样已经够数，或没有可以平行采样的待采样品。"), code="monitoring.task.parallel")
    made = _make(campaign, [_twin(original) for original in originals])
    if campaign.codes == Campaign.Codes.SEQUENTIAL:
        codes.shuffle(campaign)
        made = list(campaign.tasks.filter(pk__in=[task.pk for task in made]))
    _told("monitoring.task.parallels_added", campaign, made, by, at)
    owing.owe_samples(campaign, by=by)
    return made


@transaction.atomic
def drop(task: SamplingTask, reason: str, *, by: Actor, at: datetime) -> SamplingTask:
    """A sample that will not be taken, and why; its blind parallels go with it."""
    require(by, "monitoring.plan", task)
    task = SamplingTask.objects.select_for_update().select_related("campaign").get(pk=task.pk)
    if task.state != State.PLANNED:
        raise SamplingRefused(
            _("样品 %(code)s %(state)s，不能取消。") % {"code": task.code, "state": task.get_state_display()},
            code="monitoring.task.sampled",
        )
    if not reason.strip():
        raise SamplingRefused(_("请写明取消的原因，例如“点位已建厂房，无法采样”。"), code="monitoring.task.why_missing")
    gone = [task, *task.parallels.filter(state=State.PLANNED)]
    for each in gone:
        each.state, each.dropped_reason = State.DROPPED, reason.strip()[:200]
        each.save(update_fields=["state", "dropped_reason"])
    audit.record("monitoring.task.dropped", subject=task, by=by, at=at, data={"code": task.code, "with": len(gone) - 1})
    owing.owe_samples(task.campaign, by=by)
    return task


def parallels_missing(campaign: Campaign) -> dict[str, int]:
    """How many blind parallels each medium still needs: at least one, and the campaign's share."""
    ordinary: dict[str, int] = defaultdict(int)
    parallel: dict[str, int] = defaultdict(int)
    for medium, role in campaign.tasks.exclude(state=State.DROPPED).values_list("medium", "role"):
        if role in (Role.ORDINARY, Role.PARALLEL):
            (parallel if role == Role.PARALLEL else ordinary)[medium] += 1
    share = campaign.parallel_percent
    return {
        medium: max(0, math.ceil(count * share / 100) - parallel[medium]) for medium, count in ordinary.items() if share
    }


def _drawn(campaign: Campaign, of: Sequence[SamplingTask] | None) -> list[SamplingTask]:
    rows = campaign.tasks.filter(state=State.PLANNED, role=Role.ORDINARY, parallels__isnull=True)
    if of is not None:
        return list(rows.filter(pk__in=[task.pk for task in of]))
    free = defaultdict(list)
    for task in rows.select_related("point"):
        free[task.medium].append(task)
    missing = parallels_missing(campaign)
    return [task for medium, tasks in free.items() for task in codes.choose(tasks, missing.get(medium, 0))]


def _open(campaign: Campaign, by: Actor) -> Campaign:
    require(by, "monitoring.plan", campaign)
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if campaign.state == Campaign.State.CLOSED:
        raise SamplingRefused(
            _("任务“%(title)s”已经办结，不能再安排采样。") % {"title": campaign.title}, code="monitoring.task.closed"
        )
    return campaign


def _draft(campaign: Campaign, wanted: Wanted) -> SamplingTask:
    point, medium = wanted.point, wanted.medium or (wanted.point.medium if wanted.point else "")
    if medium not in Medium.values or medium not in campaign.media:
        raise SamplingRefused(
            _("介质“%(medium)s”不在本任务的介质内（%(media)s）：请改任务的介质，或另选点位。")
            % {
                "medium": Medium(medium).label if medium in Medium.values else medium,
                "media": "、".join(str(Medium(each).label) for each in campaign.media),
            },
            code="monitoring.task.medium",
        )
    if point is None and wanted.at is None and wanted.role not in WITHOUT_PLACE:
        raise SamplingRefused(_("采样任务没有位置：请选择点位，或在图上布设。"), code="monitoring.task.place")
    top, bottom = _depth(wanted)
    return SamplingTask(
        campaign=campaign,
        point=point.point if point else None,
        role=wanted.role,
        medium=medium,
        depth_from_cm=top,
        depth_to_cm=bottom,
        unit=wanted.unit or (point.keeper if point else campaign.organiser),
        due=_due(campaign, wanted),
        planned_at=placed(wanted.at) if wanted.at is not None else (point.geometry if point else None),
        division_path=point.division_path if point else campaign.division_path,
        owner_department_id=campaign.owner_department_id,
    )


def _depth(wanted: Wanted) -> tuple[int | None, int | None]:
    own = (wanted.depth_from_cm, wanted.depth_to_cm)
    point = wanted.point
    top, bottom = (point.depth_from_cm, point.depth_to_cm) if own == (None, None) and point else own
    wrong = [each for each in (top, bottom) if each is not None and not 0 <= each <= DEEPEST_CM]
    if wrong or (top is not None and bottom is not None and bottom <= top):
        raise SamplingRefused(
            _("深度 %(top)s 至 %(bottom)s 厘米不对：下界应大于上界，不超过 %(most)d 厘米。")
            % {"top": top, "bottom": bottom, "most": DEEPEST_CM},
            code="monitoring.task.depth",
        )
    return top, bottom


def _due(campaign: Campaign, wanted: Wanted) -> date | None:
    if wanted.due is not None and not campaign.starts_on <= wanted.due <= campaign.ends_on:
        raise SamplingRefused(
            _("采样时限 %(due)s 不在任务期内（%(first)s 至 %(last)s）。")
            % {"due": wanted.due, "first": campaign.starts_on, "last": campaign.ends_on},
            code="monitoring.task.due",
        )
    return wanted.due


def _refuse_twice(campaign: Campaign, drafts: Sequence[SamplingTask]) -> None:
    """One ordinary sample of a point, medium and depth in a campaign."""
    rows = campaign.tasks.filter(role=Role.ORDINARY, point__isnull=False).exclude(state=State.DROPPED)
    held = set(rows.values_list("point_id", "medium", "depth_from_cm", "depth_to_cm"))
    for draft in drafts:
        key = (draft.point_id, draft.medium, draft.depth_from_cm, draft.depth_to_cm)
        if draft.role != Role.ORDINARY or draft.point_id is None:
            continue
        if key in held:
            raise SamplingRefused(
                _("点位 %(number)s 在本任务中已有同介质、同深度的样品：平行样请用“密码平行样”。")
                % {"number": draft.point.number},
                code="monitoring.task.twice",
            )
        held.add(key)


def _make(campaign: Campaign, drafts: Sequence[SamplingTask]) -> list[SamplingTask]:
    for draft, code in zip(drafts, codes.deal(campaign, len(drafts)), strict=True):
        draft.code = code
    return SamplingTask.objects.bulk_create(drafts)


def _twin(original: SamplingTask) -> SamplingTask:
    return SamplingTask(
        campaign=original.campaign,
        point=original.point,
        role=Role.PARALLEL,
        parallel_of=original,
        medium=original.medium,
        depth_from_cm=original.depth_from_cm,
        depth_to_cm=original.depth_to_cm,
        unit_id=original.unit_id,
        due=original.due,
        planned_at=original.planned_at,
        division_path=original.division_path,
        owner_department_id=original.owner_department_id,
    )


def _told(act: str, campaign: Campaign, tasks: Sequence[SamplingTask], by: Actor, at: datetime) -> None:
    audit.record(act, subject=campaign, by=by, at=at, data={"campaign": campaign.number, "count": len(tasks)})
