"""Drawing a run under uncertainty: checked before it starts, done in a job, kept beside the run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, require
from soildesk.standards.models import RiskRun, RiskUncertainty
from soildesk.standards.refusals import CaseRefused
from soildesk.standards.riskdraws import MOST_DRAWS, SAMPLERS, read_uncertain, uncertainty_of
from soildesk.standards.services.risk import PERMISSION, Sampled, keep_uncertainty
from soilrules.risk import CaseError, read_case
from soilrules.risk.uncertainty import Sampler, Sampling

FEWEST_DRAWS, TRIAL = 100, 16


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
    return keep_uncertainty(run, how, uncertain, _drawn(run, uncertain, how, step), by=by, at=at)


def _drawn(
    run: RiskRun, uncertain: Mapping[str, Any], how: Sampled, step: Callable[[int, int], None] | None = None
) -> dict[str, Any]:
    sampling = Sampling(how.draws, how.seed, Sampler(how.sampler))
    try:
        return uncertainty_of(read_case(run.input), read_uncertain(uncertain), sampling, step=step)
    except CaseError as error:
        raise CaseRefused(error) from error
