"""Problems that rounds on plots under control opened."""

from __future__ import annotations

from collections.abc import Iterable

from soildesk.core.permissions import Actor
from soildesk.oversight.models import Problem
from soilrules.plots.control import VIOLATIONS

ORIGIN = "plots.round"


def origin_of(round_uid: str, what: str) -> str:
    """What names a finding of a round for ever."""
    return f"{ORIGIN}:{round_uid}:{what}"


def of_rounds(actor: Actor, round_uids: Iterable[str]) -> list[Problem]:
    """Those the actor sees, the latest first."""
    origins = [origin_of(uid, what) for uid in round_uids for what in VIOLATIONS]
    rows = Problem.objects.visible_to(actor).filter(origin__in=origins)
    return list(rows.order_by("-found_on", "-id"))
