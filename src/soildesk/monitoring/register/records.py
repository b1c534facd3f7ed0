"""What this room adds to the record pages of points, backgrounds and sampling tasks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import clock, files
from soildesk.core.permissions import Actor, NotAllowed, may, require
from soildesk.kit.faces import RecordPage
from soildesk.kit.languages import language
from soildesk.kit.parts import Act, Chip, Event, Fact, File, Step
from soildesk.kit.register import Row
from soildesk.monitoring import pictures
from soildesk.monitoring.models import BackgroundVersion, Custody, FieldRecord, PointVersion, SamplingTask
from soildesk.monitoring.queries import duedays, network
from soildesk.monitoring.services import gridpoints
from soildesk.monitoring.services.fieldwork import READINGS
from soilrules import analytes

LATEST = 20
State = SamplingTask.State


def analyte_name(slug: str) -> str:
    """An analyte in the reader's language; the slug where nobody knows it."""
    known = analytes.all_analytes().get(slug)
    return known.name(language()) if known else slug


def stopped(actor: Actor, permission: str, row: Any) -> str:
    """Why the actor may not; empty where he may."""
    try:
        require(actor, permission, row)
    except NotAllowed as refusal:
        return refusal.sentence
    return ""


def point(actor: Actor, row: Row, on: date) -> RecordPage:
    """A point: whether it stands, when it is sampled next, what was sampled there."""
    version = PointVersion.objects.select_related("point", "keeper").get(pk=row["pk"])
    tasks = network.tasks(actor, on).filter(point=version.point).select_related("campaign")
    return RecordPage(
        chips=_point_chips(version, row, on),
        facts=_point_facts(version, row, on),
        acts=[
            Act(
                _("终止"),
                reverse("monitoring:end_point", args=[version.point.uid]),
                "slash-circle",
                danger=True,
                stopped_by=stopped(actor, "monitoring.keep_points", version) or _ended(version),
            )
        ],
        related=[
            (_("这个点位的全部样品"), reverse("kit:collection", args=["sampling_tasks"]) + f"?q={version.point.number}")
        ],
        template="monitoring/point.html",
        context={
            "point_tasks": list(tasks.order_by("-campaign__starts_on", "code")[:LATEST]),
            "shown": pictures.of_point(actor, version, on),
        },
    )


def _ended(version: Any) -> str:
    return _("这条记录已经终止，不能再办理。") if version.until is not None else ""


def _point_chips(version: PointVersion, row: Row, on: date) -> Sequence[Chip]:
    chips = []
    if version.until is not None and version.until <= on:
        chips.append(Chip("calm", _("已终止")))
    if row.get("_late"):
        chips.append(Chip("bad", _("逾期未采"), why=row["_why"]))
    elif row.get("_unsaid"):
        chips.append(Chip("unknown", _("无法判断应采日期"), why=row["_why"]))
    if not row.get("_last"):
        chips.append(Chip("unknown", _("从未采样"), why=_("没有采样记录，不等于没有问题。")))
    return chips


def _point_facts(version: PointVersion, row: Row, on: date) -> Sequence[Fact]:
    shown = {
        PointVersion.Openness.CLOSED: _("公众看不到这个点位。"),
        PointVersion.Openness.CELL: _("公众看到 1 公里网格（高斯—克吕格 3 度带整公里）的中心。"),
        PointVersion.Openness.EXACT: _("公众看到准确位置。"),
    }
    found = [Fact(_("公开"), str(version.get_openness_display()), note=shown[PointVersion.Openness(version.openness)])]
    if version.note:
        found.append(Fact(_("备注"), version.note))
    found.append(Fact(_("下次应采"), row["_due"] or _("无法判断"), note=row["_why"]))
    if version.frequency_months and version.kind in duedays.BY_RULE:
        by_rule = duedays.dues_on([{**row, "frequency_months": None}], on)[1][version.point_id]
        found.append(Fact(_("按标准应采"), by_rule.day or _("无法判断"), note=by_rule.why))
    return found


def background(actor: Actor, row: Row, on: date) -> RecordPage:
    """A background and its end."""
    version = BackgroundVersion.objects.select_related("background").get(pk=row["pk"])
    return RecordPage(
        acts=[
            Act(
                _("终止"),
                reverse("monitoring:end_background", args=[version.background.uid]),
                "slash-circle",
                danger=True,
                stopped_by=stopped(actor, "monitoring.keep_points", version) or _ended(version),
            )
        ],
    )


def task(actor: Actor, row: Row, on: date) -> RecordPage:
    """A sample: planned, taken, handed over, received; its record with photographs and every correction."""
    found = SamplingTask.objects.select_related("campaign", "point", "parallel_of", "unit").get(pk=row["pk"])
    records = list(found.records.select_related("by"))
    standing = next((each for each in records if each.superseded_at is None), None)
    chain = list(found.custody.select_related("recorded_by"))
    named = may(actor, "monitoring.read_personal", found)
    return RecordPage(
        chips=_task_chips(found, on),
        life=_task_life(found, standing, chain),
        facts=_record_facts(found, standing, named=named),
        acts=_task_acts(actor, found, standing),
        files=[_photo(use, named=named) for use in files.uses_of(found)],
        history=[*_record_events(records, named=named), *_custody_events(chain, named=named)],
        related=[(found.campaign.title, reverse("monitoring:campaign", args=[found.campaign.uid]))],
    )


def _task_chips(task: SamplingTask, on: date) -> Sequence[Chip]:
    if task.state == State.PLANNED and task.due and task.due < on:
        return [Chip("bad", _("逾期未采"), why=_("应在 %(day)s 前采样。") % {"day": task.due})]
    return []


def _task_life(task: SamplingTask, record: FieldRecord | None, chain: Sequence[Custody]) -> Sequence[Step]:
    if task.state == State.DROPPED:
        return [Step(_("安排"), "done"), Step(_("取消"), "here", note=task.dropped_reason)]
    handed = next((each for each in chain if each.step == Custody.Step.HANDED), None)
    received = next((each for each in chain if each.step == Custody.Step.RECEIVED), None)
    marks = [
        (_("采样"), record.sampled_at if record else None),
        (_("交接"), handed.at if handed else None),
        (_("实验室接收"), received.at if received else None),
    ]
    steps = [Step(_("安排"), "done")]
    here = False
    for title, at in marks:
        stage = "done" if at else ("ahead" if here else "here")
        here = here or not at
        steps.append(Step(title, stage, _day(at)))  # type: ignore[arg-type]
    return steps


def _day(at: Any) -> date | None:
    return clock.local_day(at) if at else None


def _record_facts(task: SamplingTask, record: FieldRecord | None, *, named: bool) -> Sequence[Fact]:
    if record is None:
        return []
    readings = "；".join(
        f"{READINGS[name][0]} {value} {READINGS[name][1]}".strip()
        for name, value in record.readings.items()
        if name in READINGS
    )
    said = [
        (_("采样位置"), f"{record.point.x:.6f}, {record.point.y:.6f}" if record.point else _("没有定位")),
        (_("位置说明"), record.place_reason),
        (_("采样深度（cm）"), _span(record.depth_from_cm, record.depth_to_cm)),
        (_("天气"), record.weather),
        (_("土地利用"), record.land_use),
        (_("作物"), record.crop),
        (_("质地"), record.texture),
        (_("颜色"), record.colour),
        (_("气味"), record.odour),
        (_("湿度"), record.moisture),
        (_("现场检测"), readings),
        (_("容器与保存"), record.container),
        (_("见证人"), record.witness if named else ""),
        (_("说明"), record.note),
    ]
    return [Fact(name, value) for name, value in said if value]


def _span(top: int | None, bottom: int | None) -> str:
    return "" if top is None and bottom is None else f"{'' if top is None else top}–{'' if bottom is None else bottom}"


def _task_acts(actor: Actor, task: SamplingTask, record: FieldRecord | None) -> Sequence[Act]:
    unseen = stopped(actor, "monitoring.sample", task)
    acts = []
    if task.state == State.PLANNED:
        acts.append(
            Act(_("登记采样"), reverse("monitoring:field_record", args=[task.uid]), "camera", primary=True, stopped_by=unseen)
        )  # fmt: skip
        acts.append(
            Act(
                _("取消"),
                reverse("monitoring:drop_task", args=[task.uid]),
                "slash-circle",
                danger=True,
                stopped_by=stopped(actor, "monitoring.plan", task),
            )
        )
    elif record is not None:
        acts.append(
            Act(_("更正采样记录"), reverse("monitoring:field_correct", args=[task.uid]), "pencil", stopped_by=unseen)
        )
        if task.point_id is None and task.role in gridpoints.OF_A_PLACE:
            acts.append(
                Act(_("登记点位"), reverse("monitoring:task_point", args=[task.uid]), "geo-alt", stopped_by=unseen)
            )
    return acts


def _photo(use: Any, *, named: bool) -> File:
    by = use.added_by.name if use.added_by and named else ""
    return File(
        use.name, reverse("core:file", args=[use.uid]), use.attachment.size, use.kind, use.added_at, by, use.note
    )


def _record_events(records: Sequence[FieldRecord], *, named: bool) -> Sequence[Event]:
    return [
        Event(
            each.at,
            each.by.name if each.by and named else "",
            _("更正采样记录") if each.reason else _("登记采样"),
            each.reason or (_("已被更正") if each.superseded_at else ""),
        )
        for each in records
    ]


def _custody_events(chain: Sequence[Custody], *, named: bool) -> Sequence[Event]:
    events = []
    for each in chain:
        hands = f"{each.from_name} → {each.to_name}" if named and each.to_name else ""
        cold = f"{each.temperature_c:g} ℃" if each.temperature_c is not None else ""
        detail = "，".join(filter(None, (hands, each.condition, cold, each.slip)))
        events.append(Event(each.at, "", str(each.get_step_display()), detail))
    return events
