"""Sentences of the indices: reasons and caveats by their ids, element names in both languages."""

from __future__ import annotations

from collections.abc import Iterable

from soilrules import analytes
from soilrules.messages import Message

ROOM = "indices"


def reason(message_id: str, element: str, **params: str) -> Message:
    """Why nothing can be said of one element."""
    analyte = analytes.get(element)
    return Message(ROOM, "unknown", message_id, {"element_zh": analyte.zh, "element_en": analyte.en, **params})


def caveat(message_id: str, elements: Iterable[str] = (), **params: str) -> Message:
    """A remark on a result, about the elements it names."""
    found = [analytes.get(one) for one in elements]
    names = {"elements_zh": "、".join(one.zh for one in found), "elements_en": ", ".join(one.en for one in found)}
    return Message(ROOM, "caveats", message_id, {**names, **params})


def short(number: float) -> str:
    """A number as a person reads it, six significant digits."""
    return f"{number:.6g}"


def told(message: Message, language: str) -> dict[str, str]:
    """A message for JSON: its id and its sentence."""
    return {"id": message.id, "sentence": message.sentence(language)}
