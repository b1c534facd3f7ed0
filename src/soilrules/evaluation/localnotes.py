"""What a pass does not say where a local standard exists whose values are not held."""

from __future__ import annotations

from soilrules.messages import Message
from soilrules.standards import provinces
from soilrules.standards.library import Library
from soilrules.standards.provinces import LocalStandard


def note(library: Library, family: str, division: str, language: str) -> str | None:
    """That a pass by the national table is none by the local one, naming it; None where there is nothing to say."""
    if not division:
        return None
    local = [one for one in provinces.not_held(library, division) if family in one.families]
    if not local:
        return None
    gap = "、" if language == "zh" else ", "
    params = {
        "place": provinces.name_of(division, language),
        "standards": gap.join(_named(one, language) for one in local),
    }
    return Message("evaluation", "notes", "local_not_held", params).sentence(language)


def _named(one: LocalStandard, language: str) -> str:
    if language == "zh":
        since = f"，{one.since} 起施行" if one.since else ""
        return f"{one.standard}《{one.title}》（{one.note}{since}）"
    since = f", in force since {one.since}" if one.since else ""
    return f"{one.standard}{since}"
