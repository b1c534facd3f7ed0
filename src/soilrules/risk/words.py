"""Sentences of the risk model as people read them: parameters, substances, media and pathways in words beside their keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from soilrules.messages import LANGUAGES, Message, catalogue
from soilrules.risk.parameters import DEFAULT_SET, parameter_sets
from soilrules.risk.substances import known_slugs, name_of, substance_table

Words = Mapping[str, str]
_JOINTS = {"zh": "、", "en": ", "}
_WITHOUT = {"zh": "{name} 不取值", "en": "{name} left out"}


def said(message: Message, language: str = "zh", *, keys: bool = True) -> str:
    """The sentence of a message in words.

    With `keys`, for who writes a case: "地下水浓度 (groundwater_mg_l)", "overrides.rho_b（土壤容重）". Without, for
    who fills a form: "地下水浓度", "土壤容重". Symbols of parameters and properties stay, the standard prints them.

    >>> said(Message("risk", "missing", "not_measured", {"medium": "groundwater_mg_l"}))
    '没有给出地下水浓度 (groundwater_mg_l)。'
    """
    params = {
        name: _WORDED[name](value, language, keys) if name in _WORDED else value
        for name, value in message.params.items()
    }
    return Message(message.room, message.group, message.id, params).sentence(language)


@cache
def _symbols() -> Mapping[str, Words]:
    """Names of parameters and properties by their symbol."""
    parameters = {key: one.name for key, one in parameter_sets()[DEFAULT_SET].parameters.items()}
    return {**{key: one.name for key, one in substance_table().properties.items()}, **parameters}


@cache
def _codes() -> Mapping[str, Words]:
    """Names of media, pathways and substances by the code a case has for them."""
    words = catalogue("risk")
    return {**{slug: name_of(slug) for slug in known_slugs()}, **words["pathways"], **words["quantities"]}


def _named(code: str, language: str, keys: bool) -> str:
    """One code in words; as it is where it has none."""
    if code in _symbols():
        return f"{_symbols()[code][language]} {code}"
    if code in _codes():
        return f"{_codes()[code][language]} ({code})" if keys else _codes()[code][language]
    return code


def _each(codes: str, language: str, keys: bool) -> str:
    return _JOINTS[language].join(_named(code, language, keys) for code in codes.split(", "))


def _place(place: str, language: str, keys: bool) -> str:
    """A place in a case with what stands there in words: overrides.rho_b（土壤容重）."""
    known = {**_codes(), **_symbols()}
    words = " ".join(known[part][language] for part in place.split(".") if part in known)
    if not words:
        return place
    if not keys:
        return words
    return f"{place}（{words}）" if language == LANGUAGES[0] else f"{place} ({words})"


def _changes(changes: str, language: str, keys: bool) -> str:
    """Changed properties, "SAF 0.5, RfC –", in words; – is without a value."""
    parts = (part.partition(" ") for part in changes.split(", "))
    return _JOINTS[language].join(
        _WITHOUT[language].format(name=_named(code, language, keys))
        if value == "–"
        else f"{_named(code, language, keys)} {value}"
        for code, _, value in parts
    )


_WORDED: Mapping[str, Callable[[str, str, bool], str]] = {
    "place": _place,
    "nearest": _named,
    "slug": _named,
    "quantity": _named,
    "medium": _named,
    "property": _each,
    "others": _each,
    "change": _changes,
}
