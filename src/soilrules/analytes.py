"""Analytes and the names laboratories print for them (data/analytes.yaml).

A printed name means one analyte, several (滴滴涕 is two sums, by standard), another basis of one
(As2O3 is not arsenic, 有效态镉 not total cadmium), or nothing known; the nearest names are then offered.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from soilrules.closest import Closest
from soilrules.strict import Record, load_yaml
from soilrules.verdict import Mark

_GREEK = str.maketrans(
    {"α": "a", "β": "b", "γ": "g", "δ": "d", "Ⅵ": "vi", "Ⅲ": "iii", "′": "", "’": "", "'": "", "`": "", "´": ""}
)
_SPELT = (("alpha", "a"), ("beta", "b"), ("gamma", "g"), ("delta", "d"))
_DROPPED = re.compile(r"[\s,，、;；/\-－−–—_()\[\]{}【】（）〔〕:：]+")
_CAS = re.compile(r"\d{2,7}-\d{2}-\d")
_CAS_MARK = re.compile(r"^CAS\s*(?:号|编号|No\.?)?\s*[:：]?\s*(?=\d)", re.I)


@dataclass(frozen=True, slots=True)
class Analyte:
    """One analyte: slug (the key everywhere), names, CAS numbers."""

    slug: str
    zh: str
    en: str
    group: str
    aliases: tuple[str, ...]
    cas: tuple[str, ...]
    mark: Mark

    def name(self, language: str = "zh") -> str:
        """The name in `language` (zh or en)."""
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, slots=True)
class OtherBasis:
    """A name that reports `of` as an oxide, as an ion, or only a part of it (`why`: oxide, ion, fraction)."""

    of: str
    why: str


@cache
def all_analytes() -> Mapping[str, Analyte]:
    """Every analyte by slug, in the order of the data."""
    return MappingProxyType({one.slug: one for one in map(_analyte, _data()["analytes"])})


def get(slug: str) -> Analyte:
    """The analyte of a slug. Raises KeyError where there is none."""
    return all_analytes()[slug]


def normalise(name: str) -> str:
    """A name without the marks that laboratories set differently: width, case, brackets, hyphens, commas, blanks.

    >>> normalise("苯并［a］芘") == normalise("苯并(a)芘") == normalise("苯并[a]芘")
    True
    """
    plain = unicodedata.normalize("NFKC", name.translate(_GREEK)).translate(_GREEK).casefold()
    for spelt, letter in _SPELT:
        plain = re.sub(rf"{spelt}(?=[\s\-]|$)", letter, plain)
    return _DROPPED.sub("", plain)


def candidates(name: str) -> tuple[str, ...]:
    """The slugs a printed name or CAS number may mean: none, one, or several.

    >>> candidates("Cd"), candidates("滴滴涕")
    (('cadmium',), ('ddt_gb36600', 'ddt_total'))
    """
    text = _CAS_MARK.sub("", name.strip())
    if text in all_analytes():
        return (text,)
    if _CAS.fullmatch(text):
        return _by_cas().get(text, ())
    return _by_name().get(normalise(text)) or _total(text)


def _total(text: str) -> tuple[str, ...]:
    """An element said to be its total: Lead, total; 镉总量. The plain name of an element is its total already."""
    plain = normalise(text)
    for word in ("total", "总量", "总"):
        rest = plain.removesuffix(word) if plain.endswith(word) else plain.removeprefix(word)
        found = _by_name().get(rest, ()) if rest != plain else ()
        if len(found) == 1 and all_analytes()[found[0]].group == "metal":
            return found
    return ()


def other_basis(name: str) -> OtherBasis | None:
    """What else a name reports than an analyte, where it names a known oxide, ion or part of one.

    >>> other_basis("有效态镉")
    OtherBasis(of='cadmium', why='fraction')
    """
    plain = normalise(name)
    if found := _by_other_basis().get(plain):
        return found
    for word in _fractions():
        rest = plain.removeprefix(word) if plain.startswith(word) else plain.removesuffix(word)
        if rest != plain and len(slugs := _by_name().get(rest, ())) == 1:
            return OtherBasis(slugs[0], "fraction")
    return None


def nearest(name: str, *, count: int = 3) -> tuple[Analyte, ...]:
    """The analytes whose names look most like `name`, best first, at most `count`."""
    if name.strip() in _data()["misspelt"]:
        return (get(_data()["misspelt"][name.strip()]),)
    close = _closest().matches(normalise(name), count=count * 3, cutoff=0.5)
    slugs = dict.fromkeys(slug for one in close for slug in _by_name()[one])
    return tuple(get(slug) for slug in list(slugs)[:count])


@cache
def _data() -> Mapping[str, Any]:
    data = load_yaml(files("soilrules") / "data" / "analytes.yaml")
    Record(data, "analytes.yaml").only("analytes", "ambiguous", "other_basis", "misspelt", "fractions")
    return data


def _analyte(row: Mapping[str, Any]) -> Analyte:
    record = Record(row, f"analytes.yaml {row.get('slug')}")
    record.only("slug", "zh", "en", "group", "aliases", "cas", "mark")
    return Analyte(
        slug=record.text("slug"),
        zh=record.text("zh"),
        en=record.text("en"),
        group=record.text("group"),
        aliases=record.texts("aliases"),
        cas=record.texts("cas"),
        mark=Mark(record.text("mark")),
    )


@cache
def _by_name() -> Mapping[str, tuple[str, ...]]:
    """Slugs by normalised name. A name two analytes share must be declared ambiguous."""
    declared = {normalise(row["name"]): tuple(row["means"]) for row in _data()["ambiguous"]}
    found: dict[str, tuple[str, ...]] = {}
    for one in all_analytes().values():
        for name in (one.slug, one.zh, one.en, *one.aliases):
            plain = normalise(name)
            known = found.get(plain, ())
            if known and one.slug not in known and plain not in declared:
                raise ValueError(
                    f"analytes.yaml: {name} is a name of {known[0]} and of {one.slug}: declare it ambiguous"
                )
            found[plain] = declared.get(plain, (one.slug,))
    return MappingProxyType(found)


@cache
def _closest() -> Closest:
    return Closest(_by_name())


@cache
def _by_cas() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for one in all_analytes().values():
        for number in one.cas:
            found[number] = (*found.get(number, ()), one.slug)
    return MappingProxyType(found)


@cache
def _by_other_basis() -> Mapping[str, OtherBasis]:
    return MappingProxyType(
        {normalise(name): OtherBasis(row["of"], row["why"]) for row in _data()["other_basis"] for name in row["names"]}
    )


@cache
def _fractions() -> tuple[str, ...]:
    return tuple(sorted(map(normalise, _data()["fractions"]), key=len, reverse=True))
