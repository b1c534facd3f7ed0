"""Drawing a run under uncertainty: checked before it starts, done in a job, kept beside the run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, require
from soildesk.standards.models import RiskRun, RiskUncertainty
from soildesk.standards.refusals import CaseRefused
from soildesk.standards.riskdraws import MOST_DRAWS, SAMPLERS, read_uncertain, uncertainty_of
from soildesk.standards.services.risk import PERMISSION
from soilrules.risk import CaseError, read_case
from soilrules.risk.uncertainty import Sampler, Sampling

FEWEST_DRAWS, TRIAL = 100, 16


@dataclass(frozen=True)
class Sampled:
    """How a run was drawn."""

    draws: int
    seed: int
    sampler: str


def check_draws(run: RiskRun, uncertain: Mapping[str, Any], how: Sampled) -> None:
    """Refuse before the job starts what it could not do: a trial of a few draws finds wrong distributions."""
    if not FEWEST_DRAWS <= how.draws <= MOST_DRAWS:
        raise Refusal(
            _("抽样次数 %(n)d 应在 %(low)d 和 %(high)d 之间。")
            % {"n": how.draws, "low": FEWEST_DRAWS, "high": MOST_DRAWS},
            code="standards.risk.draws",
        )
    if how.sampler not in SAMPLERS:
        raise Refusal(_("没有“%(name)s”这种抽样方法。") % {"name": how.sampler[:40]}, code="standards.risk.sampler")
    _drawn(run, uncertain, Sampled(TRIAL, how.seed, how.sampler))


def draw_run(
    run: RiskRun,
    uncertain: Mapping[str, Any],
    how: Sampled,
    *,
    by: Actor,
    at: datetime,
    step: Callable[[int, int], None] | None = None,
) -> RiskUncertainty:
    """Draw and keep; raises CaseRefused for what the rules do not take."""
    require(by, PERMISSION, run)
    return _keep(run, how, uncertain, _drawn(run, uncertain, how, step), by=by, at=at)


def _drawn(
    run: RiskRun, uncertain: Mapping[str, Any], how: Sampled, step: Callable[[int, int], None] | None = None
) -> dict[str, Any]:
    sampling = Sampling(how.draws, how.seed, Sampler(how.sampler))
    try:
        return uncertainty_of(read_case(run.input), read_uncertain(uncertain), sampling, step=step)
    except CaseError as error:
        raise CaseRefused(error) from error


def _keep(
    run: RiskRun, how: Sampled, uncertain: Mapping[str, Any], result: Mapping[str, Any], *, by: Actor, at: datetime
) -> RiskUncertainty:
    with transaction.atomic():
        kept = RiskUncertainty.objects.create(
            run=run,
            division_path=run.division_path,
            owner_department_id=run.owner_department_id,
            draws=how.draws,
            seed=how.seed,
            sampler=how.sampler,
            uncertain=dict(uncertain),
            result=dict(result),
            version=str(result["version"]),
            by=by.person,
            at=at,
        )
        audit.record(
            "standards.risk_run.uncertainty_computed",
            subject=run,
            by=by,
            at=at,
            data={"draws": how.draws, "seed": how.seed, "sampler": how.sampler},
        )
    return kept
