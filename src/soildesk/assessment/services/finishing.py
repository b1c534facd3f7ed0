"""The result made final: frozen with its hash and number, and what the scheme says may follow, for a person to decide."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.assessment.models import Assessment, Proposal
from soildesk.assessment.queries.frozen import snapshot_of
from soildesk.assessment.queries.standing import Standing, objections_until
from soildesk.assessment.refusals import AssessmentRefused
from soildesk.assessment.services.acting import Doing, barred_by_side, begun, ended
from soildesk.assessment.services.selfassessing import digest_of
from soildesk.assessment.services.telling import Told, tell
from soildesk.assessment.words import span
from soildesk.core import audit, clock
from soildesk.core.permissions import Actor, require
from soilrules.assessment.life import Act, Side
from soilrules.assessment.score import Score

FINISH = "assessment.finish"


@transaction.atomic
def finish(assessment: Assessment, document: str, doing: Doing) -> Assessment:
    """Freeze score, grade and everything behind them; without a grade (it cannot be said) that is what is frozen."""
    held = begun(assessment, Act.FINISH, doing)
    if not document.strip():
        raise AssessmentRefused(_("没有写文号：核定结果要有通报或批复的文号。"), code="assessment.final.document")
    if held.objections.filter(upheld=None).exists():
        raise AssessmentRefused(_("还有异议没有答复：请先逐条答复。"), code="assessment.objection.open")
    until = objections_until(held)
    if until and clock.local_day(doing.at) <= until:
        raise AssessmentRefused(
            _("异议期到 %(until)s 为止，期满后才能核定结果。") % {"until": until}, code="assessment.objection.open"
        )
    standing = Standing(held)
    found = standing.score(own=False)
    held.worst, held.best, held.grade = found.worst, found.best, found.grade.id if found.grade else ""
    held.document, held.finished_at, held.finished_by = document.strip()[:80], doing.at, doing.by.person
    held.snapshot = snapshot_of(standing, found)
    held.digest = digest_of(held.snapshot)
    _propose(held, standing, found)
    data = {
        "sha256": held.digest,
        "document": held.document,
        "worst": str(held.worst),
        "best": str(held.best),
        "grade": held.grade,
    }
    tell(held, Told.FINISHED, {"score": span(held.worst, held.best), "document": held.document})
    return ended(held, Act.FINISH, "finished", doing, data)


def _propose(assessment: Assessment, standing: Standing, found: Score) -> None:
    """What the scheme says may follow from this grade; where no grade can be said only what always follows."""
    grade = found.grade.id if found.grade else ""
    Proposal.objects.bulk_create(
        Proposal(
            division_path=assessment.division_path, owner_department=assessment.owner_department, assessment=assessment, rule=one.id,
            kind=str(one.kind), words=one.words, bodies=[str(body) for body in one.decided_by], basis=one.basis, mark=one.mark,
        )
        for one in standing.scheme.consequences
        if not one.grades or grade in one.grades
    )  # fmt: skip


def need_undecided(proposal: Proposal, by: Actor) -> None:
    """Refused where it is not this person's to decide, or somebody has."""
    require(by, FINISH, proposal)
    if barred := barred_by_side(proposal.assessment, Side.ASSESSOR, by):
        raise AssessmentRefused(barred, code="assessment.side")
    if proposal.state != Proposal.State.PROPOSED:
        raise AssessmentRefused(_("这条建议已经决定。"), code="assessment.proposal.decided")


@transaction.atomic
def decide(proposal: Proposal, accepted: bool, document: str, doing: Doing) -> Proposal:
    """A person takes a proposal up or leaves it. Nothing else happens here: the body that may act does so by its own paper."""
    row: Any = (
        Proposal.objects.select_for_update(of=("self",))
        .select_related("assessment__adoption__division", "assessment__place")
        .get(pk=proposal.pk)
    )
    need_undecided(row, doing.by)
    if not doing.why.strip():
        raise AssessmentRefused(_("没有写理由：采纳或不采纳都要写明理由。"), code="assessment.proposal.why")
    row.state = Proposal.State.ACCEPTED if accepted else Proposal.State.REFUSED
    row.why, row.document = doing.why.strip()[:300], document.strip()[:80]
    row.decided_at, row.decided_by = doing.at, doing.by.person
    row.save()
    data = {"number": row.assessment.number, "rule": row.rule, "state": row.state}
    audit.record("assessment.proposal_decided", subject=row.assessment, by=doing.by, at=doing.at, data=data)
    return row


def intact(assessment: Assessment) -> bool:
    """Whether a final result still is what its hash was made of, and what its tables say is what was frozen."""
    standing = Standing(assessment)
    now = audit.canonical(snapshot_of(standing, standing.score(own=False)))
    return digest_of(assessment.snapshot) == assessment.digest and now == audit.canonical(assessment.snapshot)
