"""What the rules say of firms, in the language of the page."""

from __future__ import annotations

from django.utils.translation import get_language

from soilrules.enterprises.dutyrules import DutyRule
from soilrules.messages import Message


def language() -> str:
    """The language of the rules' catalogues for the page being made."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def said(message: Message) -> str:
    """One sentence."""
    return message.sentence(language())


def title_of(rule: DutyRule) -> str:
    """What a duty is called."""
    return rule.title(language())
