"""Jobs of the room `standards`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.jobs import Output, Progress, job
from soildesk.core.permissions import Actor, require
from soildesk.standards.exports.evaluation_file import report_of
from soildesk.standards.models import Trial
from soildesk.standards.queries.evaluations import evaluation_of
from soildesk.standards.queries.risk import DRAWS, run_of
from soildesk.standards.services import judgement
from soildesk.standards.services.risk import PERMISSION
from soildesk.standards.services.riskdraws import Sampled, draw_run


@job(DRAWS, title=gettext_lazy("不确定性分析"), permission=PERMISSION)
def risk_draws(
    progress: Progress, actor: Actor, *, run: str, uncertain: dict[str, Any], draws: int, seed: int, sampler: str
) -> dict[str, Any]:
    """Draw a run and keep what came of it; the run is found through the actor's scope again."""
    found = run_of(actor, UUID(run))
    if found is None:
        raise Refusal(_("这次评估已不在您的权限范围内。"))
    doing = _("抽样计算")
    kept = draw_run(
        found,
        uncertain,
        Sampled(draws, seed, sampler),
        by=actor,
        at=clock.now(),
        step=lambda done, total: progress.step(done, total, doing),
    )
    return {"uncertainty": str(kept.uid), "run": run}


@job("standards.judge", title=gettext_lazy("判定检测结果"), permission="standards.judge")
def judge_table(progress: Progress, actor: Actor, *, trial: str) -> dict[str, Any]:
    """Judge a long table; the trial's page shows the result."""
    row = Trial.objects.select_related("division").get(uid=trial, by=actor.person)
    require(actor, "standards.judge", row.division)
    progress.step(0, None, _("读取表格"))

    def step(done: int) -> None:
        progress.step(done, None, _("已判定 %(n)d 个结果") % {"n": done})

    judgement.run(row, by=actor, at=clock.now(), step=step)
    row.refresh_from_db()
    return {"state": row.state, "rows": row.result.get("zh", {}).get("rows", 0)}


@job("standards.report", title=gettext_lazy("判定报告"), permission="standards.read")
def evaluation_report(progress: Progress, actor: Actor, *, evaluation: str) -> Output:
    """The report of a long judgement; the judgement is found through the actor's scope again."""
    found = evaluation_of(actor, UUID(evaluation))
    if found is None:
        raise Refusal(_("这份判定已不在您的权限范围内。"))
    progress.step(0, None, _("生成报告"))
    name = _("%(title)s判定报告") % {"title": found.title}
    return Output({"evaluation": evaluation}, (f"{name}.xlsx", report_of(found)))
