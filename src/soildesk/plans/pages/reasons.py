"""Sentences for what the reader was not sure of and for its remarks on the whole document."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from soildesk.plans.models import Milestone
from soilrules import deadlines


@cache
def _catalogue() -> dict[str, dict[str, str]]:
    path = files("soilrules.plantext") / "messages.yaml"
    return yaml.safe_load(path.read_text("utf-8")) if path.is_file() else {}


def _language() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh"


def sentence(reason: str, params: dict[str, str] | None = None) -> str:
    """The sentence of a reason or note; without one, that the place should be read again."""
    entry = _catalogue().get(reason)
    if entry:
        return entry[_language()].format(**(params or {}))
    return _("读法把握不高，请对照左侧原文核对。")


def of_term(row: Milestone, year: int | None) -> str:
    """Why a term was read with doubt: its words are read again by the same grammar."""
    read = deadlines.parse(row.text, plan_year=year)
    told = sentence(read[0].reason if len(read) == 1 else "")
    days = "、".join(row.alternatives)
    return _("%(why)s也可理解为 %(days)s。") % {"why": told, "days": days} if days else told
