"""The analyte a printed name means beside one standard, or why it cannot be said."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from soilrules import analytes
from soilrules.messages import Message
from soilrules.standards.model import Edition
from soilrules.standards.rulings import Cause

_WHY = {
    "oxide": ("氧化物含量", "the oxide"),
    "ion": ("离子含量", "the ion"),
    "fraction": ("部分形态含量", "a fraction"),
}


@dataclass(frozen=True, slots=True)
class Named:
    """The slug a name means; else `slug` is the name itself, with the cause and its sentence."""

    slug: str
    cause: Cause | None = None
    reason: Message | None = None


def resolve(name: str, editions: tuple[Edition, ...]) -> Named:
    """What `name` means beside `editions` (all editions of one standard; none where no standard is chosen)."""
    found = analytes.candidates(name)
    if len(found) > 1:
        limited = {slug for slug in found for one in editions if slug in one.by_analyte}
        found = tuple(limited) if len(limited) == 1 else found
    if len(found) == 1:
        return Named(found[0])
    if found:
        return _unclear(name, Cause.NAME_AMBIGUOUS, _meanings(found))
    if other := analytes.other_basis(name):
        return _unclear(name, Cause.OTHER_BASIS, _other(other))
    return _unclear(name, Cause.NAME_UNKNOWN, _nearest(name))


def _unclear(name: str, cause: Cause, params: dict[str, str]) -> Named:
    return Named(name, cause, Message("standards", "unknown", cause, {"name": name, **params}))


def _meanings(slugs: tuple[str, ...]) -> dict[str, str]:
    known = [analytes.get(slug) for slug in slugs]
    return {
        "meanings_zh": "；".join(f"{one.zh}（{one.slug}）" for one in known),
        "meanings_en": "; ".join(f"{one.en} ({one.slug})" for one in known),
    }


def _other(other: analytes.OtherBasis) -> dict[str, str]:
    of, why = analytes.get(other.of), _WHY[other.why]
    return {"analyte_zh": of.zh, "analyte_en": of.en, "why_zh": why[0], "why_en": why[1]}


@lru_cache(maxsize=4096)
def _close(name: str) -> tuple[analytes.Analyte, ...]:
    return analytes.nearest(name)


def _nearest(name: str) -> dict[str, str]:
    close = _close(name)
    zh = "，最接近的是：" + "、".join(one.zh for one in close) if close else ""
    en = "; nearest: " + ", ".join(one.en for one in close) if close else ""
    return {"nearest_zh": zh, "nearest_en": en}
