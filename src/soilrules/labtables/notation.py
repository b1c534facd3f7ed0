"""A result as laboratories print it: a number, below or above a limit, not measured, or no result at all."""

from __future__ import annotations

import math
import re
import unicodedata
from functools import cache, lru_cache
from typing import NamedTuple

from soilrules import units
from soilrules.labtables.headings import words

_SUPERSCRIPT = re.compile("[⁺⁻⁰¹²³⁴-⁹]+")
_UPRIGHT = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")
_SIGNS = str.maketrans(
    {
        "−": "-",
        "–": "-",
        "—": "-",
        "－": "-",
        "﹣": "-",
        "＜": "<",
        "﹤": "<",
        "〈": "<",
        "＞": ">",
        "〉": ">",
        "×": "x",
    }
)
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d+\.?\d*|\.\d+)"
_POWER = r"(?:[eE][+-]?\d+|\s*[xX*]\s*10(?:\^\(?\s*[+-]?\d+\)?|[+-]\d+|\([+-]?\d+\)))?"
_NUMBER = re.compile(rf"(?P<sign>[+-]?)\s*(?P<number>{_DIGITS}{_POWER})\s*(?P<rest>.*)", re.S)
_BELOW = re.compile(r"(?:<=?|≤|小于等于|小于|低于|不足)\s*")
_ABOVE = re.compile(r"(?:>=?|≥|大于等于|大于|高于|超过)\s*")
_ERROR = re.compile(r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|SPILL!)|#+", re.I)
_LIMIT_WORDS = re.compile(r"(?:方法)?检出限|检测限|报告限|\b(?:mdl|lod|rl|dl)\b|[()\[\]:=,;]|为", re.I)
_SPREAD = re.compile(r"(?:±|\+/-)\s*[\d.]+(?:e[+-]?\d+)?\s*", re.I)
PLAIN = r"^\+?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"


class Reading(NamedTuple):
    """What one printed result says; numbers are in `unit`, or in the unit of the column where that is None."""

    value: float | None = None
    censored: bool = False
    limit: float | None = None
    more_than: float | None = None
    unit: str | None = None
    qualifier: str | None = None
    problem: str | None = None


@lru_cache(maxsize=100_000)
def read(text: str, *, comma_decimal: bool = False) -> Reading:
    """Understand one printed result. `comma_decimal`: in this file 1,250 may mean 1.25, so it is not guessed.

    >>> read("<0.01").limit, read("0.01L").censored, read("1,250").value, read("0.35mg/kg").unit
    (0.01, True, 1250.0, 'mg/kg')
    >>> read("-").problem, read("-0.5").problem
    ('no_value', 'negative')
    """
    line = _folded(text).removeprefix("'")
    word = line.lower()
    if not word or word in _words("not_measured"):
        return Reading(problem="no_value")
    if word in _words("ambiguous"):
        return Reading(problem="ambiguous_nd")
    if word.startswith("="):
        return Reading(problem="formula_without_value")
    if _ERROR.fullmatch(word):
        return Reading(problem="error_value")
    if comma_decimal and re.search(r"\d,\d", line):
        return Reading(problem="ambiguous_comma")
    return _not_detected(line) or _above(line) or _number(line)


def _folded(text: str) -> str:
    """Half width, one kind of minus, powers marked by ^."""
    marked = _SUPERSCRIPT.sub(lambda found: "^" + found[0].translate(_UPRIGHT), text.translate(_SIGNS))
    return unicodedata.normalize("NFKC", marked).translate(_SIGNS).strip().rstrip("。")


@cache
def _words(key: str) -> frozenset[str]:
    return frozenset(_folded(word).lower() for word in words("values", key))


@cache
def _not_detected_words() -> re.Pattern[str]:
    longest_first = sorted(_words("not_detected") - {"u"}, key=len, reverse=True)
    return re.compile(
        r"[(\[【*]?(?:n\.d\.?|n/d|b\.d\.l\.?|non-detects?|<\s+(?:dl|lod|mdl|rl|loq)|"
        + "|".join(map(re.escape, longest_first))
        + r")[)\]】*]?(?![a-z])",
        re.I,
    )


def _not_detected(line: str) -> Reading | None:
    """ND, 未检出, <0.01, ND(0.01), <MDL(0.01), <0.01(ND)."""
    if line.lower() in _words("not_detected"):
        return Reading(censored=True)
    without, said = _not_detected_words().subn(" ", line, count=1)
    below = _BELOW.search(without)
    if not said and not (below and below.start() == 0):
        return None
    rest = _LIMIT_WORDS.sub(" ", _BELOW.sub(" ", without, count=1)).strip()
    if not rest or rest in _words("not_measured"):
        return Reading(censored=True) if said else Reading(problem="not_a_number")
    limit = _number(rest)
    if limit.value is None and not (limit.censored and limit.limit is not None):
        return Reading(problem=limit.problem or "not_a_number")
    bound = limit.limit if limit.value is None else limit.value
    return Reading(censored=True, limit=bound or None, unit=limit.unit)  # below 0 is below an unknown limit


def _above(line: str) -> Reading | None:
    found = _ABOVE.match(line)
    if not found:
        return None
    bound = _number(line[found.end() :])
    if bound.value is None:
        return Reading(problem=bound.problem or "not_a_number")
    return Reading(more_than=bound.value, unit=bound.unit, problem="above_range")


def _number(line: str) -> Reading:
    found = _NUMBER.fullmatch(line)
    number = _float(found["number"]) if found else math.inf
    if not found or not math.isfinite(number):
        return Reading(problem="not_a_number")
    if found["sign"] == "-" and number > 0:
        return Reading(problem="negative")
    return _with_rest(number, _SPREAD.sub("", found["rest"], count=1).strip())


def _float(printed: str) -> float:
    """The number of 1,250 or 1.2x10^-3."""
    digits = re.sub(r"[,()\s^]", "", printed)
    return float(re.sub(r"[xX*]10", "e", digits))


def _with_rest(number: float, rest: str) -> Reading:
    """What stands behind a number: a unit, a letter, or both (0.35 mg/kg J)."""
    letter = rest.strip("()").lower()
    if letter in _words("below"):
        return Reading(censored=True, limit=number or None)
    if not rest or letter in _words("kept"):
        return Reading(number, qualifier=rest.strip("()") or None)
    if units.parse(rest):
        return Reading(number, unit=rest)
    head, _, last = rest.rpartition(" ")
    if head and last.lower() in _words("kept") and units.parse(head):
        return Reading(number, unit=head, qualifier=last)
    return Reading(problem="not_a_number")


def is_value(text: str) -> bool:
    """Whether a cell prints a result or a number, not words or a blank: such a row is no header."""
    line = read(text)
    return line.value is not None or line.censored or line.more_than is not None or line.problem == "negative"


def ph(text: str) -> tuple[float | None, str | None]:
    """A pH from 0 to 14, or the problem with it; a blank has neither.

    >>> ph("6.5"), ph("15"), ph("酸性"), ph("/")
    ((6.5, None), (None, 'ph_out_of_range'), (None, 'ph_unread'), (None, None))
    """
    line = read(text)
    if line.value is None:
        return None, {"no_value": None, "negative": "ph_out_of_range"}.get(line.problem or "", "ph_unread")
    return (line.value, None) if line.value <= 14 else (None, "ph_out_of_range")


def means(text: str, kind: str) -> bool:
    """Whether a word of a column of qualifiers is of the list `kind` (above, rejected, …)."""
    return _folded(text).lower() in _words(kind)


def says_not_measured(text: str) -> bool:
    """Whether words, not a mere blank or dash, say that nothing was measured: 未检测 stays so whatever stands beside it."""
    return means(text, "not_measured") and bool(re.search(r"[\u4e00-\u9fff]|not |nm$", text.lower()))


def below_quantitation(text: str) -> bool:
    """Whether a result is only said to be below the limit of quantitation, which is above that of detection: <LOQ."""
    return bool(
        re.search(r"<\s*(?:loq|pql|rql|定量限|方法定量限|测定下限)|低于(?:定量限|测定下限)|bql", _folded(text).lower())
    )


def says_below(text: str) -> bool:
    """Whether a qualifier says that the result is below its limit: U, ND, <, <MDL, or one of several (U,B).

    >>> says_below("U"), says_below("U,J"), says_below("J")
    (True, True, False)
    """
    parts = [text, *re.split(r"[\s,，;；/、]+", text)]
    return any(means(part, "below") or (part.strip() and _says_not_detected(part)) for part in parts)


def _says_not_detected(text: str) -> bool:
    line = _folded(text)
    return line.lower() in _words("not_detected") or bool(_not_detected_words().fullmatch(line))


def flag(text: str, *, asked: str) -> str | None:
    """What a cell says in a column that asks whether something was detected, or not_detected.

    below, detected, unread, or None where the cell says nothing.

    >>> flag("是", asked="detected"), flag("TRUE", asked="not_detected"), flag("?", asked="detected")
    ('detected', 'below', 'unread')
    """
    if says_below(text):
        return "below"
    if means(text, "detected"):
        return "detected"
    if means(text, "yes") or means(text, "no"):
        return "detected" if means(text, "yes") == (asked == "detected") else "below"
    return None if means(text, "not_measured") else "unread"
