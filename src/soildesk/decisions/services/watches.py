"""What watches find becomes a problem by a person's act, never twice; what is none is kept with the reason."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core.permissions import Actor
from soildesk.decisions.queries.watches import Watched
from soildesk.decisions.refusals import GateRefused
from soildesk.enterprises.sentences import said
from soildesk.land.services.writing import place_at
from soildesk.oversight.services import problems
from soildesk.oversight.services.problems import Done

if TYPE_CHECKING:
    from soildesk.oversight.models import Problem


def take(found: Watched, *, by: Actor, at: datetime) -> Problem:
    """Make it a problem: source 台账比对, the kind of violation as a proposal without a clause."""
    finding, version = found.finding, found.plot.version
    facts = {
        "source": problems.Source.RECORD,
        "origin": found.origin,
        "fact": said(finding.because),
        "found_on": by.today,
        "acted_on": finding.to_day,
        "violation": finding.violation,
        "object_name": f"{version.name}（{version.plot.number}）",
    }
    return problems.record(facts, place_at(version.division_path, by), by=by, at=at)


@transaction.atomic
def dismiss(found: Watched, why: str, *, by: Actor, at: datetime) -> Problem:
    """Keep that it is no problem, with the reason: it is not offered again."""
    if found.problem is not None:
        raise GateRefused(
            _("这一条已经登记为 %(number)s：请在问题页面办理。") % {"number": found.problem.number},
            code="decisions.watch.twice",
        )
    return problems.dismiss(take(found, by=by, at=at), Done(by, at, why))
