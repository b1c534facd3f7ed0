"""What the rules say of firms, in the language of the page."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext_lazy as _l
from django.utils.translation import override

from soildesk.kit.languages import language
from soildesk.monitoring.markwords import mark_word
from soilrules.enterprises.dutyrules import DutyRule
from soilrules.messages import Message

LANGUAGES = {"zh": "zh-hans", "en": "en"}
"""Languages of the rules' catalogues, and what the desk calls them."""
READ = {"V": _l("已核对原文"), "V-ex": _l("已核对摘录"), "V-code": _l("据公开程序代码")}


def how_sure(mark: str) -> str:
    """How sure a rule is, in words."""
    return str(READ.get(mark) or mark_word(mark))


def said(message: Message) -> str:
    """One sentence; how sure a rule is stands in it in words, not in letters."""
    if "mark" in message.params:
        message = replace(message, params={**message.params, "mark": how_sure(str(message.params["mark"]))})
    return message.sentence(language())


def in_both(message: Message) -> dict[str, str]:
    """The same in both languages, to be kept."""
    found = {}
    for name, code in LANGUAGES.items():
        with override(code):
            found[name] = said(message)
    return found


def title_of(rule: DutyRule) -> str:
    """What a duty is called."""
    return rule.title(language())
