"""Industries by GB/T 4754-2017: what a code says, and whether it is one of the industries that lists and plans name.

Only part of the standard is held (data/enterprises/industries.yaml): a code of the right form that does not stand there
is kept as it is and pointed out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from soilrules.messages import Message
from soilrules.statistics.rule_data import mark_of
from soilrules.strict import BadRuleData, Record, load_yaml

_WRITTEN = re.compile(r"(?P<section>[A-Z])?(?P<digits>\d{1,4})?(?P<name>\D.*)?")


class Match(StrEnum):
    """Whether a code is of a named industry; MAYBE where the code also holds other trades."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Section:
    """One 门类: a letter, its names, its first and last division."""

    letter: str
    zh: str
    en: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class KeyIndustry:
    """An industry as lists and plans name it; `codes` and `partly` are beginnings of codes."""

    key: str
    zh: str
    en: str
    codes: tuple[str, ...]
    partly: tuple[str, ...]
    mark: str

    def match(self, code: str) -> Match:
        """Whether a code of 2 to 4 digits is of this industry."""
        if code.startswith(self.codes):
            return Match.YES
        return Match.MAYBE if _related(code, (*self.codes, *self.partly)) else Match.NO


@dataclass(frozen=True, slots=True)
class Classification:
    """What is held of the standard."""

    standard: str
    mark: str
    sections: tuple[Section, ...]
    names: Mapping[str, str]
    key_industries: Mapping[str, KeyIndustry]

    def section_of(self, code: str) -> Section | None:
        """The section of a code's division, None for a division there is not."""
        return next((one for one in self.sections if one.first <= code[:2] <= one.last), None)

    def path(self, code: str) -> tuple[str, ...]:
        """The names from the section down to the code, as far as they are held."""
        section = self.section_of(code)
        lower = [self.names[code[:length]] for length in (2, 3, 4) if code[:length] in self.names]
        return (*((section.zh,) if section else ()), *dict.fromkeys(lower[: len(code) - 1]))


@dataclass(frozen=True, slots=True)
class IndustryFinding:
    """A code as it is kept (empty where none can be read), the names it stands under, and what to point out."""

    given: str
    code: str
    path: tuple[str, ...]
    problems: tuple[Message, ...]
    hints: tuple[Message, ...]
    proposals: tuple[str, ...] = ()

    @property
    def valid(self) -> bool:
        """Whether the code may be kept."""
        return not self.problems

    @property
    def name(self) -> str:
        """The lowest name that is held."""
        return self.path[-1] if self.path else ""


def read(text: str) -> IndustryFinding:
    """Read an industry as somebody typed it: "C3212", "3212 铅锌冶炼", "3212".

    >>> read("Ｃ3212 铅锌冶炼").code
    '3212'
    >>> read("3360").path[-1]
    '金属表面处理及热处理加工'
    """
    plain = _plain(text)
    written = _WRITTEN.fullmatch(plain)
    code = (written and written["digits"]) or ""
    known = classification()
    if not plain:
        return IndustryFinding(text, "", (), (_said("empty"),), ())
    if not written or len(code) < 2 or known.section_of(code) is None:
        proposals = _proposals(code, (written and written["name"]) or "")
        return IndustryFinding(text, "", (), (_unreadable(plain, code, proposals),), (), proposals)
    hints = tuple(_hints(code, written["section"] or "", written["name"] or ""))
    return IndustryFinding(text, code, known.path(code), (), hints)


def key_industries(code: str) -> Mapping[str, Match]:
    """The named industries a code is, or may be, of.

    >>> key_industries("3360")["electroplating"].value
    'maybe'
    >>> dict(key_industries("4710"))
    {}
    """
    found = {key: one.match(code) for key, one in classification().key_industries.items()}
    return MappingProxyType({key: match for key, match in found.items() if match is not Match.NO})


@cache
def classification() -> Classification:
    """The industries of data/enterprises/industries.yaml. Raises BadRuleData."""
    source = files("soilrules") / "data" / "enterprises" / "industries.yaml"
    top = Record(load_yaml(source), source.name)
    top.only("standard", "since", "mark", "sections", "divisions", "classes", "key_industries")
    names = {**top.mapping("divisions").row, **top.mapping("classes").row}
    if wrong := [code for code in names if not re.fullmatch(r"\d{2,4}", str(code))]:
        raise BadRuleData(f"{source.name}: {wrong} are no codes; expected 2 to 4 digits in quotes.")
    keys = [_key_industry(Record(row, f"{source.name} {row.get('key')}")) for row in top.mappings("key_industries")]
    sections = top.mapping("sections")
    return Classification(
        standard=top.text("standard"),
        mark=mark_of(top),
        sections=tuple(_section(sections, letter) for letter in sections.row),
        names=MappingProxyType(names),
        key_industries=MappingProxyType({one.key: one for one in keys}),
    )


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).upper().split())


def _section(sections: Record, letter: str) -> Section:
    record = sections.mapping(letter)
    record.only("zh", "en", "divisions")
    first, last = record.texts("divisions")
    return Section(letter, record.text("zh"), record.text("en"), first, last)


def _key_industry(record: Record) -> KeyIndustry:
    record.only("key", "zh", "en", "codes", "partly", "mark")
    words = (record.text("key"), record.text("zh"), record.text("en"))
    return KeyIndustry(*words, record.texts("codes"), record.texts("partly"), mark_of(record))


def _related(code: str, beginnings: tuple[str, ...]) -> bool:
    """Whether a code lies under one of the beginnings or above it."""
    return any(one.startswith(code) or code.startswith(one) for one in beginnings)


def _proposals(code: str, name: str) -> tuple[str, ...]:
    """Codes that may be meant: with the zero a spreadsheet took, or those of the name that stands there."""
    known = classification().names
    lost = [f"0{code}"] if code and f"0{code}" in known else []
    return (*lost, *(one for one, called in known.items() if name and _plain(called) == name))


def _unreadable(plain: str, code: str, proposals: tuple[str, ...]) -> Message:
    if proposals:
        return _said("proposed", value=plain, proposals="、".join(proposals))
    return _said("division_unknown", value=plain, division=code[:2]) if len(code) > 1 else _said("form", value=plain)


def _hints(code: str, letter: str, name: str) -> Iterator[Message]:
    known = classification()
    section = known.section_of(code)
    if section and letter and letter != section.letter:
        yield _said("section", code=code, found=letter, expected=section.letter)
    if code not in known.names:
        yield _said("unknown", code=code, standard=known.standard)
        if f"0{code}" in known.names:
            yield _said("zero", code=code, proposal=f"0{code}", name=known.names[f"0{code}"])
    elif name and name not in map(_plain, known.path(code)):
        yield _said("name", code=code, found=name, expected=known.names[code])


def _said(message_id: str, **params: str) -> Message:
    return Message("enterprises", "industries", message_id, params)
