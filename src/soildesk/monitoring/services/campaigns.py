"""Acts on campaigns 监测任务: make, change, start, close, say that the data were shared.

A campaign that runs owes its end and, by the local rule, the sharing of its data; its samples are owed by unit
(`services.sampling`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, duties
from soildesk.core.duties import DutySpec, Life
from soildesk.core.models import Duty
from soildesk.core.permissions import Actor, require
from soildesk.land.services.writing import Place, number_for, refuse_future
from soildesk.land.shapes import area_m2, surface
from soildesk.monitoring import localrules
from soildesk.monitoring.models import Campaign, Grade, Medium, SamplingTask
from soildesk.monitoring.refusals import CampaignRefused
from soildesk.monitoring.services import owing
from soilrules import analytes

FACTS = frozenset(
    {
        "title", "kind", "stage", "media", "analytes", "standard", "use", "basis", "organiser", "laboratory", "starts_on",
        "ends_on", "unit_kind", "suspected", "geometry", "grade", "codes", "parallel_percent",
    }
)  # fmt: skip
CHOICES: Mapping[str, type[models.TextChoices]] = {
    "kind": Campaign.Kind,
    "grade": Grade,
    "codes": Campaign.Codes,
}
MOST_PARALLEL_PERCENT = 50


@transaction.atomic
def make(facts: Mapping[str, Any], place: Place, *, by: Actor, at: datetime) -> Campaign:
    """A campaign in draft: nothing is owed before it starts."""
    require(by, "monitoring.plan", place.division)
    needed = {"title": "", "kind": "", "media": (), "starts_on": None, "ends_on": None}
    clean = cleaned({"organiser": place.department, **needed, **facts})
    year = clean["starts_on"].year
    made = Campaign.objects.create(
        number=number_for(place.department, "JCRW", year),
        created_by=by.person,
        created_at=at,
        **place.columns,
        **clean,
    )
    audit.record("monitoring.campaign.made", subject=made, by=by, at=at, data={"campaign": made.number})
    return made


@transaction.atomic
def change(campaign: Campaign, changes: Mapping[str, Any], *, by: Actor, at: datetime) -> Campaign:
    """Say something else of a campaign that is not closed."""
    campaign = held(campaign, by)
    _must_be(campaign, Campaign.State.DRAFT, Campaign.State.RUNNING)
    clean = cleaned(changes, campaign)
    if campaign.state != Campaign.State.DRAFT and clean.get("codes", campaign.codes) != campaign.codes:
        raise CampaignRefused(
            _("任务已经开始，样品编号方式不能再改：标签可能已经贴出。"), code="monitoring.campaign.codes_fixed"
        )
    changed = sorted(name for name, value in clean.items() if getattr(campaign, name) != value)
    for name in changed:
        setattr(campaign, name, clean[name])
    campaign.save()
    if campaign.state == Campaign.State.RUNNING:
        _owe(campaign, by)
    audit.record(
        "monitoring.campaign.changed",
        subject=campaign,
        by=by,
        at=at,
        data={"campaign": campaign.number, "facts": changed},
    )
    return campaign


@transaction.atomic
def start(campaign: Campaign, *, by: Actor, at: datetime) -> Campaign:
    """Send a campaign out: its samples, its end and the sharing of its data are owed from now on."""
    campaign = held(campaign, by)
    _must_be(campaign, Campaign.State.DRAFT)
    if not campaign.tasks.exclude(state=SamplingTask.State.DROPPED).exists():
        raise CampaignRefused(
            _("任务里还没有采样任务：请先选择点位或布设新点，再开始。"), code="monitoring.campaign.no_tasks"
        )
    campaign.state = Campaign.State.RUNNING
    campaign.save(update_fields=["state"])
    _owe(campaign, by)
    audit.record(
        "monitoring.campaign.started",
        subject=campaign,
        by=by,
        at=at,
        data={"campaign": campaign.number, "tasks": campaign.tasks.count()},
    )
    return campaign


@transaction.atomic
def close(campaign: Campaign, *, on: date, by: Actor, at: datetime, note: str = "") -> Campaign:
    """End a campaign. Samples nobody took are dropped by this act, and `note` must say why."""
    campaign = held(campaign, by)
    _must_be(campaign, Campaign.State.RUNNING)
    refuse_future(on, by, CampaignRefused, "monitoring.campaign.future")
    if on < campaign.starts_on:
        raise CampaignRefused(
            _("完成日期 %(on)s 早于任务开始 %(start)s：请核对。") % {"on": on, "start": campaign.starts_on},
            code="monitoring.campaign.days",
        )
    left = list(campaign.tasks.filter(state=SamplingTask.State.PLANNED))
    if left and not note.strip():
        raise CampaignRefused(
            _("还有 %(count)d 个样品没有采（%(codes)s 等）：请写明未完成的原因再办结。")
            % {"count": len(left), "codes": "、".join(task.code for task in left[:3])},
            code="monitoring.campaign.unfinished",
        )
    for task in left:
        task.state, task.dropped_reason = SamplingTask.State.DROPPED, note.strip()[:200]
    SamplingTask.objects.bulk_update(left, ["state", "dropped_reason"])
    campaign.state, campaign.closed_on, campaign.closing_note = Campaign.State.CLOSED, on, note.strip()[:500]
    campaign.save(update_fields=["state", "closed_on", "closing_note"])
    _fulfil(campaign, Duty.Kind.CAMPAIGN, on, by)
    owing.owe_samples(campaign, by=by)
    audit.record(
        "monitoring.campaign.closed",
        subject=campaign,
        by=by,
        at=at,
        data={"campaign": campaign.number, "on": on, "left": len(left)},
    )
    return campaign


@transaction.atomic
def share(campaign: Campaign, *, on: date, receipt: str, by: Actor, at: datetime) -> Campaign:
    """The data of a closed campaign were handed to the shared platform, and this is its receipt."""
    campaign = held(campaign, by)
    if campaign.state != Campaign.State.CLOSED or campaign.closed_on is None:
        raise CampaignRefused(_("任务还没有办结，不能登记数据共享：请先办结。"), code="monitoring.campaign.not_closed")
    if campaign.shared_on:
        raise CampaignRefused(
            _("数据已于 %(day)s 共享（%(receipt)s）。")
            % {"day": campaign.shared_on, "receipt": campaign.shared_receipt},
            code="monitoring.campaign.shared",
        )
    refuse_future(on, by, CampaignRefused, "monitoring.campaign.future")
    if on < campaign.starts_on:
        raise CampaignRefused(
            _("共享日期 %(on)s 早于任务开始 %(start)s：请核对。") % {"on": on, "start": campaign.starts_on},
            code="monitoring.campaign.days",
        )
    if not receipt.strip():
        raise CampaignRefused(_("请填写共享回执号或接收单位。"), code="monitoring.campaign.receipt")
    campaign.shared_on, campaign.shared_receipt = on, receipt.strip()[:120]
    campaign.save(update_fields=["shared_on", "shared_receipt"])
    _fulfil(campaign, Duty.Kind.SHARE, on, by)
    audit.record(
        "monitoring.campaign.shared", subject=campaign, by=by, at=at, data={"campaign": campaign.number, "on": on}
    )
    return campaign


def held(campaign: Campaign, by: Actor) -> Campaign:
    """The campaign locked for this transaction, the permission to plan it asked for."""
    require(by, "monitoring.plan", campaign)
    return Campaign.objects.select_for_update().get(pk=campaign.pk)


def _must_be(campaign: Campaign, *states: Campaign.State) -> None:
    if campaign.state not in states:
        raise CampaignRefused(
            _("任务%(state)s，现在不能这样办理：应为%(wanted)s。")
            % {"state": campaign.get_state_display(), "wanted": _("或").join(str(each.label) for each in states)},
            code="monitoring.campaign.not_running"
            if Campaign.State.RUNNING in states
            else "monitoring.campaign.not_draft",
        )


def _owe(campaign: Campaign, by: Actor) -> None:
    """Its end, the sharing of its data, and its samples by unit."""
    rule = localrules.rule("share_data")
    wanted = [
        DutySpec(
            Duty.Kind.CAMPAIGN,
            _("完成监测任务：%(title)s") % {"title": campaign.title},
            campaign.organiser,
            basis=campaign.basis,
            due=campaign.ends_on,
        ),
        DutySpec(
            Duty.Kind.SHARE,
            _("共享监测数据：%(title)s") % {"title": campaign.title},
            campaign.organiser,
            basis=_("属地规则（%(mark)s）：%(source)s") % {"mark": rule["mark"], "source": rule["source"]},
            due=localrules.share_due(campaign.ends_on),
        ),
        *owing.samples_owed(campaign),
    ]
    duties.replace_for(campaign, wanted, by=by, life=Life(owing.life_of(campaign)))


def _fulfil(campaign: Campaign, kind: Duty.Kind, on: date, by: Actor) -> None:
    evidence = [{"type": "monitoring.campaign", "uid": str(campaign.uid)}]
    for duty in Duty.objects.for_subject(campaign).filter(kind=kind, done_on=None):
        duties.done(duty, on=on, by=by, evidence=evidence)


def cleaned(facts: Mapping[str, Any], campaign: Campaign | None = None) -> dict[str, Any]:
    """Facts as they may be stored; refused where one of them cannot be."""
    unknown = sorted(set(facts) - FACTS)
    if unknown:
        raise CampaignRefused(
            _("监测任务没有“%(names)s”这样的内容：请核对字段。") % {"names": "、".join(unknown)},
            code="monitoring.campaign.unknown_fact",
        )
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    if not clean.get("title", "x"):
        raise CampaignRefused(
            _("任务没有名称：请填写，例如“2026年农用地例行监测”。"), code="monitoring.campaign.title_missing"
        )
    _check_choices(clean)
    _check_media(clean)
    _check_days(clean, campaign)
    if "organiser" in clean and clean["organiser"] is None:
        raise CampaignRefused(_("没有组织单位：请选择。"), code="monitoring.campaign.organiser")
    if not 0 <= clean.get("parallel_percent", 0) <= MOST_PARALLEL_PERCENT:
        raise CampaignRefused(
            _("密码平行样比例 %(percent)s%% 不在 0 至 %(most)d%% 之间。")
            % {"percent": clean["parallel_percent"], "most": MOST_PARALLEL_PERCENT},
            code="monitoring.campaign.share",
        )
    if "geometry" in clean:
        clean["geometry"] = surface(clean["geometry"]) if clean["geometry"] is not None else None
        clean["area_m2"] = area_m2(clean["geometry"]) if clean["geometry"] is not None else None
    return clean


def _check_choices(facts: Mapping[str, Any]) -> None:
    for name, choices in CHOICES.items():
        if name in facts and facts[name] not in choices.values:
            raise CampaignRefused(
                _("“%(value)s”不在可选范围内：请选择%(choices)s之一。")
                % {"value": facts[name], "choices": "、".join(map(str, choices.labels))},
                code="monitoring.campaign.choice",
            )
    for name, choices in (("stage", Campaign.Stage), ("unit_kind", Campaign.Unit)):
        if facts.get(name) and facts[name] not in choices.values:
            raise CampaignRefused(
                _("“%(value)s”不在可选范围内：请选择%(choices)s之一，或留空。")
                % {"value": facts[name], "choices": "、".join(map(str, choices.labels))},
                code="monitoring.campaign.choice",
            )


def _check_media(facts: dict[str, Any]) -> None:
    if "media" in facts:
        facts["media"] = list(dict.fromkeys(facts["media"]))
        if not facts["media"] or not set(facts["media"]) <= set(Medium.values):
            raise CampaignRefused(_("请至少选择一种介质（土壤、地下水……）。"), code="monitoring.campaign.media")
    if "analytes" in facts:
        facts["analytes"] = list(dict.fromkeys(facts["analytes"]))
        unknown = [slug for slug in facts["analytes"] if slug not in analytes.all_analytes()]
        if unknown:
            raise CampaignRefused(
                _("不认识分析项目“%(names)s”：请从列表中选择。") % {"names": "、".join(unknown[:5])},
                code="monitoring.campaign.analyte",
            )


def _check_days(facts: Mapping[str, Any], campaign: Campaign | None) -> None:
    first, last = (facts.get(name, getattr(campaign, name, None)) for name in ("starts_on", "ends_on"))
    if first is None or last is None or last < first:
        raise CampaignRefused(
            _("起止日期 %(first)s 至 %(last)s 不对：都要填写，完成时限不早于开始。") % {"first": first, "last": last},
            code="monitoring.campaign.days",
        )
