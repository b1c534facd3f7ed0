"""Words about firms and lists that reads and acts share."""

from __future__ import annotations

from django.utils.functional import lazy

from soildesk.enterprises.models import EnterpriseVersion
from soildesk.enterprises.sentences import language
from soilrules.enterprises import industries
from soilrules.enterprises.lists import ListKind, list_kinds

UNKNOWN_FACTS = (
    "above_scale", "handles_toxic", "discharges_cadmium", "has_tanks", "near_sensitive", "high_risk_ground",
    "produces_waste", "handles_waste",
)  # fmt: skip
"""Facts that are yes, no or not known."""
BETWEEN_NAMES = "、"


def name_of(kind: ListKind) -> str:
    """What a list is called in the reader's language."""
    return kind.en if language() == "en" else kind.zh


def list_name(key: str) -> str:
    """The same by its key."""
    return name_of(list_kinds()[key])


def key_industry_name(key: str) -> str:
    """What lists and plans call an industry, in the reader's language."""
    held = industries.classification().key_industries[key]
    return held.en if language() == "en" else held.zh


list_word, key_industry_word = lazy(list_name, str), lazy(key_industry_name, str)
"""The same for choices, which are written down before anybody reads."""


def names_of(version: EnterpriseVersion) -> list[str]:
    """All names a firm goes or went by, the present one first."""
    return [version.name, *(one for one in version.former_names.split(BETWEEN_NAMES) if one)]
