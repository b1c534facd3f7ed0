"""Jobs of the room `monitoring`."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.jobs import Cancelled, Progress, job
from soildesk.core.permissions import Actor
from soildesk.monitoring.models import Batch, Campaign
from soildesk.monitoring.queries.rejudging import preview
from soildesk.monitoring.queries.surfaces import surfaces as surfaces_of
from soildesk.monitoring.services import intake, judging, surfaces


@job("monitoring.read_batch", title=gettext_lazy("读入检测数据"), permission="monitoring.send_results")
def read_batch(progress: Progress, actor: Actor, *, batch: str) -> dict[str, Any]:
    """Read a file that was sent; its sender's rights are asked for again."""
    held = Batch.objects.visible_to(actor).select_related("campaign").get(uid=batch)
    if held.state != Batch.State.LOADING:
        return {"batch": batch, "state": held.state}
    held = intake.adopted(held)

    def step(done: int) -> None:
        progress.step(done, None, _("已读入 %(n)d 个结果") % {"n": done})

    held = intake.take_in(held, by=actor, step=step)
    return {"batch": batch, "state": held.state, "rows": held.rows}


@job(judging.JOB_OF_BATCH, title=gettext_lazy("评价检测批次"), permission=judging.PERMISSION)
def judge_batch(progress: Progress, actor: Actor, *, batch: str) -> dict[str, Any]:
    """Judge what a batch of very many results changed; one that is cancelled has judged nothing."""
    held = Batch.objects.visible_to(actor).select_related("campaign").filter(uid=batch).first()
    if held is None:
        raise Refusal(_("这个批次已不在您的权限范围内。"))
    found = judging.ready(held.campaign, at=clock.now(), step=progress.step)
    progress.step(len(found.verdicts.result), len(found.verdicts.result), _("保存结论并判断预警"))
    made = judging.judge(held.campaign, by=actor, at=clock.now(), batch=held, found=found)
    return {"batch": batch, "rows": made.rows, "changed": made.changed}


@job("monitoring.rejudge", title=gettext_lazy("重新评价"), permission="monitoring.judge")
def rejudge(progress: Progress, actor: Actor, *, campaign: str, why: str) -> dict[str, Any]:
    """Judge a campaign of many results anew; the campaign is found through the actor's scope again."""
    found = Campaign.objects.visible_to(actor).filter(uid=campaign).first()
    if found is None:
        raise Refusal(_("这项监测任务已不在您的权限范围内。"))
    progress.step(0, None, _("评价检测结果"))
    made = judging.judge(found, why, by=actor, at=clock.now())
    return {"campaign": campaign, "rows": made.rows, "changed": made.changed}


@job("monitoring.rejudge_all", title=gettext_lazy("重新评价全部任务"), permission="monitoring.judge")
def rejudge_all(progress: Progress, actor: Actor, *, why: str, keep: bool = False) -> dict[str, Any]:
    """Judge every judged campaign in reach anew, as when standards changed; without `keep` only say what would change."""
    campaigns = list(judging.judged_campaigns(actor))
    changed: dict[str, int] = {}
    for done, campaign in enumerate(campaigns):
        progress.step(done, len(campaigns), campaign.title)
        at = clock.now()
        found = judging.judge(campaign, why, by=actor, at=at) if keep else preview(campaign, at)
        if found.changed:
            changed[campaign.number] = found.changed
    return {"campaigns": len(campaigns), "changed": changed, "kept": keep}


@job(judging.JOB, title=gettext_lazy("重新评价过时的任务"), permission="monitoring.judge")
def rejudge_outdated(progress: Progress, actor: Actor) -> dict[str, Any]:
    """Judge anew every campaign in reach whose limits, points, records or results changed after it was judged."""
    changed = judging.judge_outdated(by=actor, step=progress.step)
    return {"campaigns": len(changed), "changed": {number: count for number, count in changed.items() if count}}


@job(surfaces.JOB, title=gettext_lazy("插值图"), permission=surfaces.PERMISSION)
def surface(progress: Progress, actor: Actor, *, surface: str) -> dict[str, Any]:
    """Make a surface that was asked for; one that is cancelled leaves nothing."""
    found = surfaces_of(actor, actor.today).filter(uid=surface).first()
    if found is None:
        raise Refusal(_("这张插值图已不在您的权限范围内。"))
    try:
        made = surfaces.make(found, by=actor, at=clock.now(), step=progress.step)
    except Cancelled:
        found.delete()
        raise
    return {"surface": surface, "state": made.state}
