"""Candidates of the problem list that nobody has decided on."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef

from soildesk.core.permissions import Actor
from soildesk.enterprises.sentences import language
from soildesk.oversight.models import Candidate, Problem


def undecided(actor: Actor, on: date) -> list[tuple[str, date]]:
    """What the records show and is neither recorded nor set aside: in words, with its day, the newest first."""
    decided = Problem.objects.filter(origin=OuterRef("origin"))
    rows = Candidate.objects.visible_to(actor).filter(~Exists(decided), gone_at=None, on__lte=on)
    return [(words.get(language(), ""), day) for words, day in rows.values_list("words", "on")]
