"""The use of a standard that people's words or land codes mean (data/standards/uses.yaml, land_use.yaml).

水田 is a column of GB 15618, A33 and 中小学用地 are class 1 of GB 36600, 水作 is a column of GB 5084.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from soilrules.standards.model import Medium
from soilrules.strict import Record, load_yaml
from soilrules.verdict import Mark

_CODE = re.compile(r"[a-z]\d*|\d+(?:[a-z]\d*[a-z]?)?")  # A33, 080403, 08H2A: a word of two letters is no code
_FOLDER = files("soilrules") / "data" / "standards"


@dataclass(frozen=True, slots=True)
class LandCode:
    """One land code of a classification and what it is to the two soil standards.

    `land_class` is class_1, class_2, `part` (depends on what the note says) or empty; `farmland` a use of GB 15618 or empty.
    """

    scheme: str
    code: str
    zh: str
    en: str
    land_class: str
    farmland: str
    mark: Mark
    note: str


def of_words(family: str, text: str) -> str | None:
    """The key of the use a word means, None where the word says that it is not known; else the word as it was.

    >>> of_words("gb15618", "水浇地"), of_words("gb36600", "不明"), of_words("gb15618", "林地")
    ('other', None, '林地')
    """
    word = _plain(text)
    words = _words().get(family, {})
    if not word or word in _words()["unknown"]:
        return None
    return words.get(word, text.strip()) or None


def words_of(family: str, use: str) -> frozenset[str]:
    """The words people write for a use of a standard.

    >>> "稻田" in words_of("gb15618", "paddy")
    True
    """
    return frozenset(word for word, means in _words().get(family, {}).items() if means == use)


def land_codes_of(text: str) -> tuple[LandCode, ...]:
    """The land codes a code or a name means: a name as printed, or the longest known beginning of a code.

    Several where classifications give one code to different land: 0803 is 文化 in the guide of 2023, 教育 in GB/T 21010.

    >>> [one.zh for one in land_codes_of("A331")]
    ['中小学用地']
    """
    word = _plain(text)
    if found := _by_name().get(word):
        return found
    if not _CODE.fullmatch(word):
        return ()
    return next((_by_code()[word[:end]] for end in range(len(word), 0, -1) if word[:end] in _by_code()), ())


def of_planned_use(text: str) -> str | None:
    """The land class of a planned use; None (undetermined) where its codes disagree or only a part of it is class 1.

    >>> of_planned_use("080403"), of_planned_use("工业用地"), of_planned_use("G1")
    ('class_1', 'class_2', None)
    """
    word = of_words("gb36600", text)
    if word is None or word in ("class_1", "class_2"):
        return word
    classes = {one.land_class for one in land_codes_of(text)}
    if not classes or classes == {""}:
        return word
    return classes.pop() if classes in ({"class_1"}, {"class_2"}) else None


def of_farmland(text: str) -> str | None:
    """The use of GB 15618 a word or a land code means."""
    word = of_words("gb15618", text)
    found = {one.farmland for one in land_codes_of(text)} - {""}
    return found.pop() if word == text.strip() and len(found) == 1 else word


@cache
def land_codes() -> tuple[LandCode, ...]:
    """Every land code held."""
    return tuple(_land_code(row) for row in load_yaml(_FOLDER / "land_use.yaml")["codes"])


def _land_code(row: Mapping[str, str]) -> LandCode:
    record = Record(row, f"land_use.yaml {row.get('scheme')} {row.get('code')}")
    record.only("scheme", "code", "zh", "en", "land_class", "farmland", "sources", "mark", "note")
    return LandCode(
        record.text("scheme"),
        record.text("code"),
        record.text("zh"),
        record.text("en", ""),
        record.text("land_class", ""),
        record.text("farmland", ""),
        Mark(record.text("mark")),
        record.text("note", ""),
    )


def _plain(text: str) -> str:
    return re.sub(r"[\s()（）]+", "", unicodedata.normalize("NFKC", text)).casefold()


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for family, uses in load_yaml(_FOLDER / "uses.yaml").items():
        words = found.setdefault(family, {})
        for use, names in uses.items():
            for name in names:
                if words.setdefault(_plain(name), "" if use == "not_said" else use) != (
                    "" if use == "not_said" else use
                ):
                    raise Record({}, "uses.yaml").error(f"{name} means two uses of {family}; expected one")
    return MappingProxyType(found)


def medium_of(text: str) -> Medium | None:
    """What a sample is of by a word for it; None where the word says nothing known.

    >>> medium_of("农田土壤"), medium_of("底泥")
    (<Medium.SOIL: 'soil'>, None)
    """
    return _media().get(_plain(text))


@cache
def _media() -> Mapping[str, Medium]:
    rows = load_yaml(_FOLDER / "media.yaml").items()
    return MappingProxyType({_plain(name): Medium(medium) for medium, names in rows for name in names})


@cache
def _by_code() -> Mapping[str, tuple[LandCode, ...]]:
    return _grouped({one: one.code.casefold() for one in land_codes()})


@cache
def _by_name() -> Mapping[str, tuple[LandCode, ...]]:
    return _grouped({one: _plain(one.zh) for one in land_codes()})


def _grouped(keys: Mapping[LandCode, str]) -> Mapping[str, tuple[LandCode, ...]]:
    found: dict[str, tuple[LandCode, ...]] = {}
    for one, key in keys.items():
        found[key] = (*found.get(key, ()), one)
    return MappingProxyType(found)


def resolve(family: str, text: str) -> str | None:
    """The use of a standard that a word or a land code means: its key, None where it says unknown, else the word.

    Crops stay as they are named: the standard's food groups are found by them.
    """
    match family:
        case "gb15618":
            return of_farmland(text)
        case "gb36600":
            return of_planned_use(text)
        case "gb2762":
            return text.strip() or None
    return of_words(family, text)
