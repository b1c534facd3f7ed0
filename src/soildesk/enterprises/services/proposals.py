"""Acts on proposals: the criteria say whom the city might list; a person puts a proposal forward or dismisses it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.permissions import Actor, require
from soildesk.enterprises.models import EnterpriseVersion, Listing, ListProposal
from soildesk.enterprises.refusals import ProposalRefused
from soildesk.enterprises.sentences import in_both
from soildesk.land.services.writing import Place
from soilrules.enterprises import criteria

LIST = "soil_key"
"""The list the criteria are about."""
State, Verdict = ListProposal.State, ListProposal.Verdict


@transaction.atomic
def make(year: int, place: Place, *, by: Actor, at: datetime) -> dict[str, int]:
    """The proposals of a year, anew: those decided stay as they are. Returns how many there are of each verdict."""
    require(by, "enterprises.keep_lists", place.division)
    if year != by.today.year:
        raise ProposalRefused(
            _("只能生成今年（%(year)d 年）的建议：往年的建议保留原样。") % {"year": by.today.year},
            code="enterprises.proposal.year",
        )
    firms = EnterpriseVersion.objects.standing(by.today).filter(division_path__startswith=place.division.path)
    listed = set(Listing.objects.standing(by.today).filter(list_key=LIST).values_list("enterprise", flat=True))
    held = {one.enterprise_id: one for one in ListProposal.objects.filter(list_key=LIST, year=year)}
    counts = dict.fromkeys(Verdict.values, 0)
    for firm in firms.iterator():
        found = criteria.propose(_facts(firm, firm.enterprise_id in listed), by.today)
        counts[found.verdict.value] += 1
        _keep(firm, found, held.get(firm.enterprise_id), (year, at))
    audit.record("enterprises.proposal.made", subject=place.division, by=by, at=at, data={"year": year, **counts})
    return counts


def _facts(firm: EnterpriseVersion, listed: bool) -> criteria.UnitFacts:
    return criteria.UnitFacts(
        listed=listed,
        industry=firm.industry or None,
        permit_level=firm.permit_level or None,
        above_scale=firm.above_scale,
        handles_toxic=firm.handles_toxic,
        high_risk_ground=firm.high_risk_ground,
        discharges_cadmium=firm.discharges_cadmium,
        state=firm.state,
    )


def _keep(
    firm: EnterpriseVersion, found: criteria.Proposal, held: ListProposal | None, made: tuple[int, datetime]
) -> None:
    """Write a proposal down; whoever simply stays where he is needs none."""
    if held is None and found.verdict is criteria.Verdict.STAY:
        return
    if held is not None and held.state != State.OPEN:
        return
    said = {"verdict": found.verdict.value, "findings": told(found), "made_at": made[1]}
    if held is None:
        ListProposal.objects.create(
            enterprise_id=firm.enterprise_id, list_key=LIST, year=made[0], division_path=firm.division_path,
            owner_department_id=firm.owner_department_id, **said,
        )  # fmt: skip
        return
    for name, value in said.items():
        setattr(held, name, value)
    held.save(update_fields=list(said))


def told(found: criteria.Proposal) -> list[dict[str, Any]]:
    """Why: the summary first, then each criterion, in both languages with its mark."""
    summary = {"rule": "", "met": None, "mark": found.mark, "missing": list(found.missing)}
    lines = [{**summary, **in_both(found.message)}]
    for each in found.findings:
        known = {"rule": each.rule.id, "met": each.met, "mark": each.rule.mark, "missing": list(each.missing)}
        lines.append({**known, **in_both(each.message)})
    return lines


@transaction.atomic
def decide(proposal: ListProposal, state: str, *, why: str, by: Actor, at: datetime) -> ListProposal:
    """Put a proposal forward to the city, or dismiss it with a reason. The city decides."""
    require(by, "enterprises.keep_lists", proposal)
    held = ListProposal.objects.select_for_update().get(pk=proposal.pk)
    if held.state != State.OPEN:
        raise ProposalRefused(
            _("这条建议已经办理（%(state)s）：请刷新页面。") % {"state": held.get_state_display()},
            code="enterprises.proposal.decided",
        )
    if state not in (State.PUT_FORWARD, State.DISMISSED):
        raise ProposalRefused(_("请选择报送或不报。"), code="enterprises.proposal.state")
    if state == State.DISMISSED and not why.strip():
        raise ProposalRefused(_("不报的建议请写明理由：理由会留在记录里。"), code="enterprises.proposal.why_missing")
    held.state, held.why, held.decided_by, held.decided_at = state, why.strip()[:300], by.person, at
    held.save(update_fields=["state", "why", "decided_by", "decided_at"])
    act = "put_forward" if state == State.PUT_FORWARD else "dismissed"
    data = {"enterprise": held.enterprise.number, "year": held.year, "verdict": held.verdict}
    audit.record(f"enterprises.proposal.{act}", subject=held, by=by, at=at, data=data)
    return held
