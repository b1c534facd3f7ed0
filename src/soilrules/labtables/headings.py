"""What a heading says: the role of its column, or an analyte, and a unit (data/labtables/headings.yaml)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from soilrules import analytes, units
from soilrules.strict import Record, load_yaml

_DROPPED = re.compile(r"[\s_\-*:：.·/\\（）()\[\]【】?#\"'“”‘’\u00ad\u200b-\u200f\u2060\ufeff]+")
_ASKED = re.compile(r"[(\[【](?:必填|选填|必录|可选)项?[)\]】]")  # what forms add to a heading
_BRACKET = re.compile(
    r"^(?P<name>.*?)[\s/／\-,，]*[（(\[【［](?P<inside>[^（(\[【［]*(?:[（(][^（()）]*[）)])?[^（(\[【［]*)[）)\]】］]\s*$",
    re.S,
)
_SEPARATOR = re.compile(r"[\s,，_/／:：、;；\-]+")
_SLASH = re.compile(r"[/／,，、;；]")
_BOTH_LANGUAGES = re.compile(r"^([\u4e00-\u9fff]+)\s*([A-Za-z][A-Za-z ._]*)$")
_AMOUNT = re.compile(r"(?:[<＜>＞≤]|n\.?d\.?|未检出)?\s*[(（]?\s*[\d.,]+\s*[A-Za-z]?", re.I)  # a result, no name
_CORNER = re.compile(r"[\s/／\\、|]+")
_YES_NO = ("yn", "yesno", "tf", "truefalse", "10", "01", "是否")
_QUANTITY = re.compile(r"[ωwρc]\s*[(（](.+)[)）]", re.I)  # mass fraction or concentration of
_PARTS = re.compile(r"[\s/／,，、;；_]+")
_UNIT_LIKE = re.compile(r"ppm|ppb|ppt|倍|[a-zµμ]{1,4}\s?/\s?[a-z]{1,3}[0-9³]?", re.I)
_GLUED = re.compile(
    r"(?<=[\u4e00-\u9fff)）\]])(?=(?:[mu\u03bc\u00b5n]g|g)\s*[/／·])", re.I
)  # 镉mg/kg, 石油烃（C10-C40）mg/kg
_BASIS = re.compile(r"[A-Za-z]{3,}(?:[ _][A-Za-z]+)?|[以按]?[\u4e00-\u9fff]{2}[计算]?(?![\u4e00-\u9fff])")
_EDGE = re.compile(
    r"\s*[,，、;；]?\s*\0\s*(?=[）)\]】])|\0\s*[,，、;；]?\s*"
)  # what stands between such words and others
_COUNTED_AS = re.compile(r"[以按]\s*(.+?)\s*计")
_LENGTHS = ("m", "cm", "米", "厘米")
COMPANIONS = ("detection_limit", "quantitation_limit", "qualifier", "detected", "not_detected", "background")
_LONGEST = 80  # characters of a heading


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading understood: `role` of the column, `analyte` whose results it holds or goes with, unit as printed."""

    role: str | None = None
    analyte: str | None = None
    unit: str | None = None
    fresh: bool = False  # the content is said to be of the wet sample: 检测结果（湿重）

    @property
    def known(self) -> bool:
        """Whether the words mean anything here."""
        return self.role is not None or self.analyte is not None


@dataclass(frozen=True, slots=True)
class Role:
    """One kind of column: its names in the interface, and the words that stand for it."""

    id: str
    zh: str
    en: str
    names: tuple[str, ...]


@cache
def data() -> Mapping[str, Any]:
    """The word lists as they stand in the file."""
    found = load_yaml(files("soilrules") / "data" / "labtables" / "headings.yaml")
    Record(found, "headings.yaml").only("roles", "analyte_words", "analyte_endings", "rows", "values")
    return found


@cache
def roles() -> tuple[Role, ...]:
    """Every role a column can have."""
    return tuple(_role(name, row) for name, row in data()["roles"].items())


def _role(name: str, row: Mapping[str, Any]) -> Role:
    record = Record(row, f"headings.yaml {name}")
    record.only("zh", "en", "names")
    return Role(name, record.text("zh"), record.text("en"), record.texts("names"))


@cache
def words(group: str, key: str) -> tuple[str, ...]:
    """One of the word lists, as printed there; `group` is analyte_words, analyte_endings, rows or values."""
    return Record(data()[group], f"headings.yaml {group}").texts(key)


@cache
def plain_words(group: str, key: str) -> frozenset[str]:
    """The same list by the letters that count."""
    return frozenset(map(plain, words(group, key)))


def plain(text: str) -> str:
    """A heading without the marks that do not count: width, case, blanks, hyphens, brackets.

    >>> plain("Sample_ID") == plain("sample id")
    True
    """
    return _DROPPED.sub("", _ASKED.sub("", unicodedata.normalize("NFKC", text).casefold()))


@lru_cache(maxsize=20_000)
def parse(text: str) -> Heading:
    """What a heading says. A pH column is both: role ph and analyte pH.

    >>> parse("1,2-二氯乙烷（μg/kg）")
    Heading(role=None, analyte='1,2-二氯乙烷', unit='μg/kg')
    >>> parse("方法检出限 mg/kg")
    Heading(role='detection_limit', analyte=None, unit='mg/kg')
    """
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return Heading()
    if whole := _weighed(text):
        return whole
    if whole := _named(text, None):
        return whole
    name, unit = split_unit(text)
    if not name:
        return Heading(unit=unit)
    return _named(name, unit) or Heading(unit=unit, analyte=name if unit and not _AMOUNT.fullmatch(name) else None)


def _weighed(text: str) -> Heading | None:
    """A heading of results with words on dry or wet weight in it: 镉（干重 mg/kg）, 检测结果（湿重）."""
    for found in _BASIS.finditer(text):
        basis = units.basis_of(found[0])
        if basis is units.Basis.UNSTATED:
            continue
        rest = re.sub(
            r"[（(\[【]\s*[,，、;；]?\s*[）)\]】]",
            " ",
            _EDGE.sub("", text[: found.start()] + "\0" + text[found.end() :]),
        )
        one = parse(rest.strip(" ,，、_-"))
        if one.role in (None, "value") and one.known and (one.analyte is None or analyte_name(one.analyte)):
            return replace(one, fresh=basis is units.Basis.FRESH)
    return None


def _named(name: str, unit: str | None) -> Heading | None:
    role = _role_of(name)
    if role == "ph":
        return Heading("ph", "pH", unit)
    if role:
        return Heading(role, None, unit)
    if analyte := analyte_name(name):
        return Heading("ph" if analytes.candidates(analyte) == ("ph",) else None, analyte, unit)
    return _companion(name, unit)


@cache
def _by_word() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for role in roles():
        for name in role.names:
            if found.setdefault(plain(name), role.id) != role.id:
                raise ValueError(f"headings.yaml: {name} stands for {found[plain(name)]} and {role.id}; expected one.")
    return found


def _role_of(name: str) -> str | None:
    """The role of a word, or of all its parts where it is printed in two languages (检测项目/Parameter)."""
    if found := _by_word().get(plain(name)):
        return found
    parts = _bracketed(name) or _both_languages(name) or tuple(_SLASH.split(name))
    if len(parts) == 2 and (plain(parts[1]) in _YES_NO or _by_word().get(plain(parts[1])) == "unit"):  # 检测项目/单位
        parts = parts[:1]
    known = {_by_word().get(plain(part)) for part in parts if plain(part)}
    if len(known) == 1 and None not in known:
        return known.pop()
    corner = [_by_word().get(plain(part)) for part in _CORNER.split(name) if plain(part)]
    if len(corner) == 2 and "analyte" in corner and {"sample", "point"} & set(corner):
        return "corner"
    without_bracket = plain(_BRACKET.sub(r"\g<name>", name))
    return "other" if without_bracket not in _by_word() and says_statistics(name) else None


def says_statistics(text: str) -> bool:
    """Whether the label of a row or column is of a statistic or a limit, not of a sample: 第二类用地筛选值, 检出率（%）."""
    if text.isascii() and any(map(str.isdigit, text)):
        return False  # most samples; none of the words is so
    letters = plain(_BRACKET.sub(r"\g<name>", text)).replace("检出限值", "")
    if letters in plain_words("rows", "not_samples"):
        return True
    return any(word in letters for word in plain_words("rows", "not_samples_within"))


def _both_languages(name: str) -> tuple[str, ...]:
    found = _BOTH_LANGUAGES.match(name)
    return (found[1], found[2]) if found else ()


def _bracketed(name: str) -> tuple[str, ...]:
    found = _BRACKET.match(name)
    return (found["name"], found["inside"]) if found else ()


def _companion(name: str, unit: str | None) -> Heading | None:
    """镉检出限, Cd MDL, Cd_flag: a column that goes with the results of one analyte."""
    letters = plain(name)
    for word, role in (*_by_word().items(), *_only_beside()):
        if role not in COMPANIONS or len(word) >= len(letters):
            continue
        for rest in (letters.removesuffix(word), letters.removeprefix(word)):
            if rest != letters and (analyte := analyte_name(rest)):
                return Heading(role, analyte, unit)
    return None


@cache
def _only_beside() -> tuple[tuple[str, str], ...]:
    """Endings that only mean something beside an analyte: Cd_ND, AsCen, Pb_Q."""
    return tuple(
        (plain(word), role) for role in ("not_detected", "qualifier") for word in words("analyte_endings", role)
    )


def split_unit(text: str) -> tuple[str, str | None]:
    """The words of a heading and the unit in it, as printed.

    >>> split_unit("Cd mg/kg"), split_unit("镉/(mg/kg)"), split_unit("铬（六价）")
    (('Cd', 'mg/kg'), ('镉', 'mg/kg'), ('铬（六价）', None))
    """
    text = " ".join(text.split())
    if unit := _unit(text):
        return "", unit
    if (found := _BRACKET.match(text)) and (split := _from_bracket(found["name"].strip(), found["inside"].strip())):
        return split
    for gap in (*_SEPARATOR.finditer(text), *_GLUED.finditer(text)):
        if gap.start() and (unit := _unit(text[gap.end() :])) and not ("-" in gap[0] and unit[0].isdigit()):
            return text[: gap.start()], unit  # SB-10-6 is a sample, no Sb in 10⁻⁶
    return text, None


def _from_bracket(name: str, inside: str) -> tuple[str, str] | None:
    if unit := _unit(inside):
        return name, unit
    pieces = re.split(r"[,，、;；]\s*", inside)
    if len(pieces) > 1 and (unit := _unit(pieces[-1])):
        return f"{name}({'，'.join(pieces[:-1])})", unit
    if inside.lower() in _LENGTHS and _role_of(name) == "depth":
        return name, inside
    if _UNIT_LIKE.fullmatch(inside) and (analyte_name(name) or _role_of(name)):
        return name, inside  # no unit we know, but meant as one: the judgement says so
    return None


def _unit(text: str) -> str | None:
    """`text` where it is a unit; mg_kg of a database heading is mg/kg."""
    if units.parse(text):
        return text.strip()
    slashed = text.replace("_", "/")
    return slashed.strip() if units.parse(slashed) else None


@lru_cache(maxsize=20_000)
def analyte_name(text: str) -> str | None:
    """The part of `text` that names something to measure, None where nothing known is named.

    >>> analyte_name("土壤镉含量"), analyte_name("镉(Cd)"), analyte_name("铬（三价）")
    ('镉', '镉', None)
    """
    return next((name for name in _forms(text.strip()) if _is_analyte(name)), None)


def surely_analyte(text: str) -> bool:
    """Whether a word names an analyte and can be no sample: S2 is either, 总砷 and Cd(mg/kg) are not."""
    one = parse(text)
    return one.analyte is not None and (bool(one.unit) or any("\u4e00" <= letter <= "\u9fff" for letter in text))


@lru_cache(maxsize=20_000)
def meaning(name: str) -> str:
    """What a name of an analyte stands for, to tell whether two are the same: Cd and 镉 are."""
    return " ".join(analytes.candidates(name)) or analytes.normalise(name) or name


def _is_analyte(name: str) -> bool:
    return bool(analytes.candidates(name) or analytes.other_basis(name))


def _forms(text: str) -> Iterator[str]:
    yield text
    bare = _without_words(text)
    yield bare
    if found := _QUANTITY.fullmatch(text):
        yield found[1].strip()
    yield from _said_twice(bare)


def _without_words(text: str) -> str:
    for word in words("analyte_words", "before"):
        if len(text) > len(word) and text.lower().startswith(word):
            text = text[len(word) :].strip(" _-")
            break
    for word in words("analyte_words", "after"):
        if len(text) > len(word) and text.lower().endswith(word):
            return text[: -len(word)].strip(" _-")
    return text


def _said_twice(text: str) -> Iterator[str]:
    """The first name where all names in `text` mean the same: 镉(Cd), 镉 Cd, 镉/Cadmium; or the rest is dry weight."""
    name, *inside = _bracketed(text) or (text,)
    if inside and plain(inside[0]) in plain_words("analyte_words", "brackets"):
        yield name.strip()
        return
    if inside and (said := _COUNTED_AS.fullmatch(inside[0])):
        inside = [said[1]]  # 砷（以As计）
    if both := _both_languages(text):
        name, inside = both[0], [both[1]]
    parts = [part for piece in (name, *inside) for part in (_PARTS.split(piece) if not inside else [piece]) if part]
    meanings = {analytes.candidates(part) for part in parts}
    if len(parts) > 1 and len(meanings) == 1 and meanings != {()}:
        yield parts[0].strip()
