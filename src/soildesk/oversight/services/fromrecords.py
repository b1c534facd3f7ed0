"""What the desk found from dates becomes a problem by a person's act, never twice; what is none is kept with the reason."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core.permissions import Actor
from soildesk.enterprises.queries.firms import called
from soildesk.land.services.writing import Place, place_at
from soildesk.oversight.models import Problem
from soildesk.oversight.queries.compared import Shown
from soildesk.oversight.refusals import ProblemRefused
from soildesk.oversight.services import problems
from soildesk.oversight.services.problems import Done


def take(shown: Shown, *, by: Actor, at: datetime) -> Problem:
    """Make it a problem: source 台账比对, the kind of violation as a proposal without a clause."""
    firm = called(by, str(shown.firm.row["enterprise__number"]), by.today)
    if not firm:
        raise ProblemRefused(_("没有找到这家企业：请回到列表重新打开。"), code="oversight.problem.no_firm")
    facts = {
        "source": Problem.Source.RECORD,
        "origin": shown.origin,
        "fact": f"{shown.firm.name}：{shown.sentence}",
        "found_on": by.today,
        "acted_on": shown.finding.on,
        "violation": shown.finding.violation,
        "enterprise": firm[0].enterprise,
        "object_name": shown.finding.subject,
    }
    return problems.record(facts, _place(shown, by), by=by, at=at)


@transaction.atomic
def dismiss(shown: Shown, why: str, *, by: Actor, at: datetime) -> Problem:
    """Keep that it is no problem, with the reason: it is not offered again."""
    if shown.problem is not None:
        raise ProblemRefused(
            _("这一条已经登记为 %(number)s：请在问题页面办理。") % {"number": shown.problem.number},
            code="oversight.problem.twice",
        )
    return problems.dismiss(take(shown, by=by, at=at), Done(by, at, why))


def _place(shown: Shown, by: Actor) -> Place:
    return place_at(str(shown.firm.row["division_path"]), by)
