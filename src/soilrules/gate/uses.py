"""What a planned use is to the gate: its group by land code or word, and whether the law of a day calls it sensitive.

A code means different land in different classifications: without the scheme every meaning is told and nothing is chosen.
Data: data/gate/uses.yaml.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType

from soilrules.bases import bases
from soilrules.standards.uses import LandCode, land_codes
from soilrules.statistics.rule_data import mark_of
from soilrules.strict import Record, load_yaml

LIVING = ("residential", "community")
_SPLIT = re.compile(r"[/／+＋、,，;；]")
_CODE = re.compile(r"[a-z]\d*|\d{2,6}(?:[a-z]\d*[a-z]?)?")


@dataclass(frozen=True, slots=True)
class Meaning:
    """One meaning of one part of a planned use. `land_class` as in GB 36600, empty where the code says none."""

    text: str
    scheme: str
    code: str
    zh: str
    en: str
    group: str
    land_class: str


@dataclass(frozen=True, slots=True)
class UseReading:
    """What a planned use means. `parts`: for each part its meanings; none where the word is not known."""

    text: str
    parts: tuple[tuple[Meaning, ...], ...]

    @property
    def known(self) -> bool:
        """Whether every part means something."""
        return bool(self.parts) and all(self.parts)

    @property
    def unread(self) -> tuple[str, ...]:
        """The words nobody knows."""
        return tuple(word for word, part in zip(_words_of(self.text), self.parts, strict=True) if not part)

    @property
    def choices(self) -> tuple[Meaning, ...]:
        """The meanings a person has to choose from; empty where there is nothing to choose."""
        return tuple(one for part in self.parts if len({(m.group, m.land_class) for m in part}) > 1 for one in part)

    @property
    def groups(self) -> frozenset[str]:
        """Every group the use may be."""
        return frozenset(one.group for part in self.parts for one in part)

    def sensitive(self, on: date) -> bool | None:
        """Whether the law of a day calls the use sensitive; None where that cannot be said."""
        law = law_on(on)
        return None if law is None else self.within(law.groups, law.unclear)

    def within(self, groups: Iterable[str], unclear: Iterable[str] = ()) -> bool | None:
        """Whether a part of the use is of these groups: True when whatever it means it is, None when it may be."""
        each = [_within(part, frozenset(groups), frozenset(unclear)) for part in self.parts]
        if any(each):
            return True
        return None if None in each or not each else False

    @property
    def land_class(self) -> str | None:
        """class_1, class_2 or None where undetermined: the stricter class of its parts."""
        each = [{m.land_class for m in part} for part in self.parts]
        if any(one == {"class_1"} for one in each):
            return "class_1"
        return "class_2" if each and all(one == {"class_2"} for one in each) else None


@dataclass(frozen=True, slots=True)
class SensitiveUses:
    """The uses one law calls sensitive."""

    id: str
    basis: str
    groups: frozenset[str]
    unclear: frozenset[str]
    mark: str
    reading: str


@lru_cache(maxsize=4096)
def read_use(text: str, scheme: str = "") -> UseReading:
    """What a planned use means; `scheme` names the classification of its codes. Raises ValueError for an unknown scheme.

    >>> read_use("R2").sensitive(date(2020, 1, 1)), [one.scheme for one in read_use("0702").choices]
    (True, ['guide2023', 'gbt21010_2017'])
    """
    if scheme and scheme not in _codes():
        raise ValueError(f"no scheme {scheme!r}; expected one of {', '.join(_codes())}.")
    return UseReading(text, tuple(_meanings(word, scheme) for word in _words_of(text)))


def _words_of(text: str) -> list[str]:
    return [one for one in map(str.strip, _SPLIT.split(text)) if one]


def law_on(day: date) -> SensitiveUses | None:
    """Which uses the law of a day calls sensitive; None before there was one."""
    return next((one for one in _sensitive() if bases()[one.basis].in_force(day)), None)


@cache
def groups() -> Mapping[str, tuple[str, str]]:
    """The Chinese and the English name of each group."""
    return MappingProxyType({key: (one["zh"], one["en"]) for key, one in _data().row["groups"].items()})


def scheme_name(scheme: str, language: str = "zh") -> str:
    """What people call a classification."""
    return str(_data().row["schemes"][scheme][language])


def schemes() -> tuple[str, ...]:
    """The classifications codes are read by."""
    return tuple(_codes())


def _within(part: tuple[Meaning, ...], groups: frozenset[str], unclear: frozenset[str]) -> bool | None:
    each = [True if one.group in groups else None if one.group in unclear else False for one in part]
    return each[0] if each and len(set(each)) == 1 else None


def _meanings(word: str, scheme: str) -> tuple[Meaning, ...]:
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", word)).casefold()
    if group := _words().get(plain):
        return (Meaning(word, "", "", word, word, group, _class_of_group(group)),)
    wanted = [scheme] if scheme else list(_codes())
    if codes := _codes_of_words().get(plain):
        return tuple(_meaning(word, one, code) for one in wanted for code in codes.get(one, ()))
    if named := [one for one in land_codes() if one.zh == word and one.scheme in wanted]:
        return tuple(_meaning(word, one.scheme, one.code) for one in named)
    if not _CODE.fullmatch(plain):
        return ()
    ends = {one: _longest(plain, _held(one)) for one in wanted}
    if (
        plain.isdigit()
    ):  # what a classification prints no more of is still a code of it, as long as it has so many digits
        kept = {one: end for one, end in ends.items() if scheme or len(plain) <= _digits(one)}
        return () if len(plain) % 2 else tuple(_meaning(word, one, end) for one, end in kept.items() if end)
    most = max(map(len, ends.values()))
    return tuple(_meaning(word, one, end) for one, end in ends.items() if end and len(end) == most)


@cache
def _digits(scheme: str) -> int:
    """How many digits the longest codes of a classification have."""
    return max((len(one) for one in _held(scheme) if one.isdigit()), default=0)


def _meaning(word: str, scheme: str, code: str) -> Meaning:
    """A code of a classification; one that the land codes do not hold is told by its group."""
    found, group = _held(scheme).get(code.casefold()), group_of(scheme, code)
    zh, en = (found.zh, found.en) if found else groups()[group]
    return Meaning(word, scheme, code.upper(), zh, en, group, found.land_class if found else _class_of_group(group))


def group_of(scheme: str, code: str) -> str:
    """The group of a land code of a classification; undetermined where it has none."""
    codes = _codes().get(scheme, {})
    return codes.get(_longest(code.casefold(), codes), "undetermined")


def _longest(code: str, codes: Container[str]) -> str:
    return next((code[:end] for end in range(len(code), 0, -1) if code[:end] in codes), "")


def _class_of_group(group: str) -> str:
    return {"residential": "class_1", "community": "class_1", "public": "part"}.get(
        group, "class_2" if group in ("commercial", "industrial", "storage", "food", "transport", "utility") else ""
    )


@cache
def _held(scheme: str) -> Mapping[str, LandCode | None]:
    """Every code of a classification, with what the land codes hold of it."""
    codes: dict[str, LandCode | None] = dict.fromkeys(_codes()[scheme])
    return MappingProxyType(codes | {one.code.casefold(): one for one in land_codes() if one.scheme == scheme})


@cache
def _data() -> Record:
    source = files("soilrules") / "data" / "gate" / "uses.yaml"
    top = Record(load_yaml(source), source.name)
    top.only("groups", "schemes", "codes", "words", "codes_of_words", "without_plants", "sensitive")
    return top


@cache
def _codes() -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for scheme, by_group in _data().row["codes"].items():
        for group, codes in by_group.items():
            _known(group)
            found.setdefault(scheme, {}).update({code.casefold(): group for code in codes})
    return MappingProxyType(found)


@cache
def _words() -> Mapping[str, str]:
    return MappingProxyType({word: group for group, words in _data().row["words"].items() for word in words})


def is_scheme(name: str) -> bool:
    """Whether a record's classification is one of those there are; a record that names none is read by its code alone."""
    return name in ("", *schemes())


@dataclass(frozen=True, slots=True)
class NoPlants:
    """Uses under which the works of a key unit are not looked for; `mark` tells how sure that is."""

    groups: frozenset[str]
    codes: Mapping[str, Mapping[str, bool]]
    words: frozenset[str]
    mark: str

    def holds(self, use: UseReading) -> bool:
        """Whether no part of a use may be one under which works stand, whatever it means.

        >>> no_plants().holds(read_use("0902", "guide2023")), no_plants().holds(read_use("0901", "guide2023"))
        (True, False)
        """
        return use.known and all(self._within(one) for part in use.parts for one in part)

    def _within(self, one: Meaning) -> bool:
        said = self.codes.get(one.scheme, {})
        if end := _longest(one.code.casefold(), said):
            return said[end]
        return one.group in self.groups or (not one.code and one.text in self.words)


@cache
def no_plants() -> NoPlants:
    """The uses without works (K-low)."""
    said = Record(_data().row["without_plants"], f"{_data().place} without_plants")
    said.only("groups", "codes", "but", "words", "mark", "reading")
    codes: dict[str, dict[str, bool]] = {}
    for part, holds in (("codes", True), ("but", False)):
        for scheme, listed in said.row[part].items():
            if odd := [one for one in listed if one.casefold() not in _held(scheme)]:
                raise said.error(f"{part}: {scheme} has no {', '.join(odd)}; expected codes of the classification")
            codes.setdefault(scheme, {}).update({one.casefold(): holds for one in listed})
    groups_ = frozenset(_known(one) for one in said.texts("groups"))
    if odd := [one for one in said.texts("words") if one not in _words()]:
        raise said.error(f"words: {', '.join(odd)}; expected words of a use")
    return NoPlants(groups_, codes, frozenset(said.texts("words")), mark_of(said))


@cache
def _codes_of_words() -> Mapping[str, Mapping[str, Sequence[str]]]:
    found: dict[str, dict[str, list[str]]] = _data().row["codes_of_words"]
    for word, by_scheme in found.items():
        if unknown := [
            one for one, codes in by_scheme.items() for code in codes if not _longest(code.casefold(), _held(one))
        ]:
            raise _data().error(
                f"{word}: a code of {', '.join(unknown)} that it does not have; expected codes of the classification"
            )
    return MappingProxyType(found)


def _known(group: str) -> str:
    if group not in _data().row["groups"]:
        raise _data().error(f"group {group!r}; expected one of {', '.join(_data().row['groups'])}")
    return group


@cache
def _sensitive() -> tuple[SensitiveUses, ...]:
    return tuple(_law(Record(row, f"{_data().place} {row.get('id')}")) for row in _data().mappings("sensitive"))


def _law(record: Record) -> SensitiveUses:
    record.only("id", "basis", "groups", "unclear", "mark", "reading")
    return SensitiveUses(
        record.text("id"),
        record.text("basis"),
        frozenset(map(_known, record.texts("groups"))),
        frozenset(map(_known, record.texts("unclear"))),
        record.text("mark"),
        record.text("reading"),
    )
