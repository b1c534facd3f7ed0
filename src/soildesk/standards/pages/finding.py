"""The records a page names: found through the scope of the actor, or answered with 404."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from soildesk.core.permissions import Actor, NotAllowed, require
from soildesk.standards.models import RiskRun, RiskSite
from soildesk.standards.queries import risk as queries


def site_or_404(actor: Actor, uid: UUID) -> RiskSite:
    """The site, if the actor may read it."""
    site = queries.site_of(actor, uid)
    if site is None:
        raise Http404(str(uid))
    return site


def run_or_404(actor: Actor, uid: UUID) -> RiskRun:
    """The run, if the actor may read it."""
    run = queries.run_of(actor, uid)
    if run is None:
        raise Http404(str(uid))
    return run


def stopped(actor: Actor, permission: str, obj: object | None) -> str:
    """Why the actor may not do this and who can; empty where the actor may."""
    try:
        require(actor, permission, obj)
    except NotAllowed as refusal:
        return refusal.sentence
    return ""
