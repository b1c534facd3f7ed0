"""Places of one document that do not agree."""

from __future__ import annotations

from soilrules.plantext.draft import Conflict, PlanDraft
from soilrules.plantext.layout import Item
from soilrules.plantext.source import Words


def find_conflicts(draft: PlanDraft, words: Words, items: tuple[Item, ...]) -> tuple[Conflict, ...]:
    return ()
