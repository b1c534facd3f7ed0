"""Standards of places and what was proposed, through the scoped query."""

from __future__ import annotations

from uuid import UUID

from soildesk.core.permissions import Actor
from soildesk.standards.models import LocalEdition, LocalProposal
from soildesk.standards.queries.library import reachable

RELATED = ("division", "proposal__decided_by")


def edition_known(actor: Actor, uid: UUID) -> LocalEdition | None:
    """One edition, also one that is known better by now."""
    return reachable(actor).filter(uid=uid).select_related(*RELATED).first()


def versions(row: LocalEdition) -> list[LocalEdition]:
    """What was ever recorded of a standard of a place, the newest first."""
    rows = LocalEdition.objects.filter(division=row.division, standard=row.standard)
    return list(rows.select_related(*RELATED).order_by("-recorded_at"))


def proposal_of(actor: Actor, uid: UUID) -> LocalProposal | None:
    """One proposal."""
    rows = LocalProposal.objects.visible_to(actor).filter(uid=uid)
    return rows.select_related("division", "owner_department", "by", "decided_by").first()
