"""Sentences for what the reader was not sure of and for its remarks on the whole document."""

from __future__ import annotations

from django.utils.translation import gettext as _

from soildesk.kit.languages import language, listed
from soildesk.plans.models import Milestone
from soilrules import deadlines, messages
from soilrules.plantext.reasons import Reason


def sentence(reason: str) -> str:
    """Why a field was read with doubt; without a known reason, that the place should be read again."""
    if reason in messages.catalogue("plantext")["reasons"]:
        return messages.sentence("plantext", "reasons", reason, language=language())
    return _("读法把握不高，请对照原文核对。")


def note(kind: str, params: dict[str, str]) -> str:
    """A remark of the reader on the whole document."""
    return messages.sentence("plantext", "notes", kind, params, language=language())


def of_term(row: Milestone, year: int | None) -> str:
    """Why a term was read with doubt: its words are read again by the same grammar."""
    read = deadlines.parse(row.text, plan_year=year)
    told = sentence(read[0].reason if len(read) == 1 else "")
    days = listed(row.alternatives)
    return _("%(why)s也可理解为 %(days)s。") % {"why": told, "days": days} if days else told


def of_unit() -> str:
    """Why a unit was read with doubt: only its place in the list makes it a unit."""
    return sentence(Reason.UNIT_BY_POSITION)
