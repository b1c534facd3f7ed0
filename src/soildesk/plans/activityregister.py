"""宣传培训: activities in a list, and the page of one of them with its papers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import audit, audit_words, clock, files
from soildesk.core.permissions import Actor
from soildesk.enterprises.register.enterprises import TOWN
from soildesk.enterprises.register.records import stopped
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import RecordPage
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter
from soildesk.kit.languages import called
from soildesk.kit.parts import Act, Chip, Event, Fact, File, Step
from soildesk.kit.register import Column, Register, Row
from soildesk.plans.activityentering import ACTIVITIES
from soildesk.plans.addresses import task_address
from soildesk.plans.models import Activity
from soildesk.plans.queries import activities
from soildesk.plans.register import SECTION
from soildesk.plans.services.activities import KEEP, barred
from soilrules.activities import Act as Rule
from soilrules.activities import table

State = Activity.State
STATES = {
    State.PLANNED.value: ("calm", "calendar3", State.PLANNED.label),
    State.HELD.value: ("warn", "hourglass-split", State.HELD.label),
    State.COUNTED.value: ("good", "check-circle-fill", State.COUNTED.label),
    State.CANCELLED.value: ("calm", "dash-circle", State.CANCELLED.label),
}
ACTS = ((Rule.HOLD, "pencil", True), (Rule.COUNT, "check2-circle", True), (Rule.CANCEL, "x-lg", False))


def activity(actor: Actor, row: Row, on: date) -> RecordPage:
    """One activity: where it stands, who came, its papers, the task it serves."""
    found = activities.activity_of(actor, row["uid"])
    assert found is not None
    return RecordPage(
        chips=list(_chips(found, on)),
        life=_life(found),
        facts=[Fact(_("取消原因"), found.cancelled_why)] if found.cancelled_why else [],
        acts=list(_acts(actor, found)),
        files=[_file(use) for use in files.uses_of(found)],
        history=[
            Event(entry.at, who, audit_words.word_of(entry.act), str(entry.data.get("why", "")))
            for entry, who in audit.told_of(
                found, *(f"plans.activity.{one}" for one in ("planned", "held", "counted", "cancelled"))
            )
        ],
        related=[(f"{found.task.number} {found.task.heading}".strip(), task_address(found.task.uid, on))]
        if found.task
        else [],
    )


def _chips(found: Activity, on: date) -> Iterator[Chip]:
    tone, icon, word = STATES[found.state]
    yield Chip(tone, str(word), icon, found.cancelled_why)  # type: ignore[arg-type]
    if found.state == State.PLANNED and found.planned_on < on:
        yield Chip("warn", _("已过计划日期"), "hourglass-split", _("请登记开展情况；不再开展的，取消并写明原因。"))


def _life(found: Activity) -> list[Step]:
    counted = clock.local_day(found.counted_at) if found.counted_at else None
    names = ((_("计划"), found.planned_on), (_("开展"), found.held_on), (_("认定"), counted))
    at = {State.PLANNED: 1, State.HELD: 2, State.COUNTED: 3}.get(State(found.state), 3 if found.held_at else 1)
    ended = found.state == State.CANCELLED
    stages = ["done" if i < at else "skipped" if ended else "here" if i == at else "ahead" for i in range(len(names))]
    return [Step(name, stage, day) for (name, day), stage in zip(names, stages, strict=True)]  # type: ignore[arg-type]


def _acts(actor: Actor, found: Activity) -> Iterator[Act]:
    for act, icon, primary in ACTS:
        rule = table()[act]
        if found.state in rule.from_states:
            why = stopped(actor, rule.right, found) or barred(found, act, actor)
            if act is Rule.COUNT and not why and actor.person is not None and found.held_by_id == actor.person.pk:
                why = _("开展情况由您本人登记，须由另一人认定。")
            url = reverse(f"plans:activity_{act}", args=[found.uid])
            yield Act(called(rule), url, icon, primary=primary, stopped_by=why)


def _file(use: Any) -> File:
    by = use.added_by.name if use.added_by else ""
    return File(
        use.name, reverse("core:file", args=[use.uid]), use.attachment.size, _("材料"), use.added_at, by, use.note
    )


def _label(choices: Any, key: str) -> Any:
    return lambda row: str(choices(row[key]).label)


REGISTER = register.add(
    Register(
        name="plans.activities",
        collection="activities",
        subject="plans.activity",
        title=_l("宣传培训"),
        permission="plans.read",
        queryset=activities.activities,
        record=activity,
        writing=ACTIVITIES,
        columns=[
            Column("number", _l("编号"), sort="number", width=17),
            Column("topic", _l("主题"), sort="topic", width=22, frozen=True, format=cells.link),
            Column("state", _l("状态"), sort="state", width=7, format=cells.chip(STATES), export=lambda value, row: str(State(value).label)),
            Column("kind", _l("类型"), _label(Activity.Kind, "kind"), ["kind"], sort="kind", width=8),
            Column("audience", _l("对象"), _label(Activity.Audience, "audience"), ["audience"], sort="audience", width=9),
            Column("planned_on", _l("计划日期"), sort="planned_on", width=8, format=cells.day, type="date"),
            Column("held_on", _l("开展日期"), sort="held_on", width=8, format=cells.day, type="date"),
            Column("people", _l("参加人数"), sort="people", width=6, numeric=True, type="integer"),
            Column("venue", _l("地点"), width=12, format=cells.clamp),
            Column("office", _l("组织单位"), "owner_department__name", width=10),
            Column("told", _l("开展情况"), width=18, shown=False, format=cells.clamp),
        ],
        filters=[
            ChoiceFilter("state", _l("状态"), choices=State.choices),
            ChoiceFilter("kind", _l("类型"), choices=Activity.Kind.choices),
            ChoiceFilter("audience", _l("对象"), choices=Activity.Audience.choices),
            DateRangeFilter("planned_on", _l("计划日期")),
            DateRangeFilter("held_on", _l("开展日期")),
            TOWN,
        ],
        search=["number", "topic", "venue", "told"],
        default_sort="-planned_on",
        views=[(_l("待开展"), "state=planned"), (_l("待认定"), "state=held"), (_l("已认定"), "state=counted")],
        about=_l("培训和宣传一次一条：先登记计划，开展后上传签到表、照片，由另一人核对认定；认定的才计入方案任务。对农户的技术指导在“专家指导和培训”登记。"),
        empty=_l("还没有登记。有培训、宣传计划的，点“新增”登记；开展后在记录页上传材料。"),
        empty_else=(KEEP, _l("还没有登记宣传培训。")),
    )
)  # fmt: skip

navigation.register(
    SECTION, _l("宣传培训"), "kit:collection", "plans.read", order=26, icon="people", args=("activities",)
)
