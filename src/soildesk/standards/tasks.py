"""Jobs of the room `standards`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.jobs import Progress, job
from soildesk.core.permissions import Actor
from soildesk.standards.queries.risk import run_of
from soildesk.standards.services.risk import PERMISSION, Sampled
from soildesk.standards.services.riskdraws import draw_run


@job("standards.risk_draws", title=gettext_lazy("不确定性分析"), permission=PERMISSION)
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
