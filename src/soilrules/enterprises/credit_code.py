"""Whether a text is a 统一社会信用代码 (GB 32100), and if not, what is wrong where and what it may have been.

Only writing is put right without asking: full-width forms, spaces, hyphens, small letters. A letter O for a zero, two
characters exchanged and the like are proposed to a person. The check digit says that something is wrong, not where.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from soilrules.messages import LANGUAGES, Message
from soilrules.strict import Record, load_yaml

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
_WEIGHTS = tuple(pow(3, place, 31) for place in range(LENGTH - 1))
_BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_LOOKALIKES = {"O": "0", "I": "1", "S": "5", "Z": "2", "V": "UY", "B": "8", "8": "B", "0": "DQ", "D": "0", "Q": "0",
               "1": "L7", "L": "1", "7": "1", "5": "6", "6": "5G", "G": "6", "2": "7", "U": "W", "W": "U"}  # fmt: skip
_PROPOSALS = 5
_DIVISION = slice(2, 8)


class Fault(StrEnum):
    """What keeps a text from being a credit code."""

    EMPTY = "empty"
    SPREADSHEET = "spreadsheet"
    OLD_REGISTRATION = "old_registration"
    ORGANISATION_CODE = "organisation_code"
    LENGTH = "length"
    CHARACTER = "character"
    DIVISION = "division"
    CHECK_DIGIT = "check_digit"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong; `place` counts characters of the code from 1, None where it is not one place."""

    fault: Fault
    message: Message
    place: int | None = None


@dataclass(frozen=True, slots=True)
class CodeParts:
    """What a code says of its holder. `division` is where it was registered, not where it works."""

    department: str
    kind: str
    division: str
    body: str
    check_digit: str


@dataclass(frozen=True, slots=True)
class CodeFinding:
    """The code as it should be kept, what is wrong with it, valid codes it may have been, and what to point out."""

    given: str
    code: str
    problems: tuple[Problem, ...]
    proposals: tuple[str, ...] = ()
    hints: tuple[Message, ...] = ()
    parts: CodeParts | None = None

    @property
    def valid(self) -> bool:
        """Whether the code may be kept."""
        return not self.problems


def check(text: str) -> CodeFinding:
    """Look at a text as somebody typed it.

    >>> check("9111 0000 6000 3734 1l").code
    '91110000600037341L'
    >>> [problem.fault.value for problem in check("911100006000373420").problems]
    ['check_digit']
    """
    code = normalised(text)
    problems = tuple(_shape(code) or _content(code))
    if {one.fault for one in problems} - {Fault.CHARACTER, Fault.DIVISION, Fault.CHECK_DIGIT}:
        return CodeFinding(text, code, problems)
    return CodeFinding(
        text, code, problems, tuple(_proposals(code)) if problems else (), tuple(_hints(code)), _parts(code)
    )


def normalised(text: str) -> str:
    """The text in plain capitals without anything but letters, digits, points and plus signs.

    >>> normalised(" ９１１１００００－６０００３７３４１ｌ ")
    '91110000600037341L'
    """
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(
        one for one in plain if not one.isspace() and unicodedata.category(one) not in {"Cf", "Cc", "Pd"}
    ).replace("−", "")


def check_digit(code: str) -> str:
    """The eighteenth character that belongs to the first seventeen. Raises ValueError for a character that cannot be.

    >>> check_digit("91110000600037341")
    'L'
    """
    first = code[: LENGTH - 1]
    return ALPHABET[-sum(ALPHABET.index(one) * weight for one, weight in zip(first, _WEIGHTS, strict=True)) % 31]


def body_digit(body: str) -> str:
    """The ninth character of an organisation code (GB 11714) that belongs to its first eight; the capital X is ten."""
    rest = -sum(int(one, 36) * weight for one, weight in zip(body[:8], _BODY_WEIGHTS, strict=True)) % 11
    return "X" if rest == 10 else str(rest)


def _shape(code: str) -> list[Problem]:
    """Why a text is not even eighteen characters."""
    if not code:
        return [Problem(Fault.EMPTY, _said("empty"))]
    if re.fullmatch(r"\d\.?\d*E\+?\d+", code):
        return [Problem(Fault.SPREADSHEET, _said("spreadsheet", value=code))]
    if re.fullmatch(r"\d{15}", code):
        right = "right" if _old_number_adds_up(code) else "wrong"
        return [Problem(Fault.OLD_REGISTRATION, _said(f"old_registration_{right}", value=code))]
    if len(code) == 9 and re.fullmatch(r"[0-9A-Z]{8}[0-9X]", code):
        return [Problem(Fault.ORGANISATION_CODE, _said("organisation_code", value=code))]
    if len(code) != LENGTH:
        return [Problem(Fault.LENGTH, _said("length", value=code, found=str(len(code))))]
    return []


def _old_number_adds_up(number: str) -> bool:
    """Whether an old registration number of 15 digits has its check digit (ISO 7064, MOD 11,10)."""
    rest = 10
    for digit in number[:-1]:
        rest = (rest + int(digit)) % 10 or 10
        rest = rest * 2 % 11
    return (rest + int(number[-1])) % 10 == 1


def _content(code: str) -> Iterator[Problem]:
    """What is wrong with eighteen characters."""
    wrong = [place for place, one in enumerate(code) if one not in ALPHABET]
    for place in wrong:
        params = {"place": str(place + 1), "found": code[place]}
        yield Problem(Fault.CHARACTER, _said("character", **params), place + 1)
    for place in (place for place in range(8)[_DIVISION] if place not in wrong and not code[place].isdigit()):
        params = {"place": str(place + 1), "found": code[place]}
        yield Problem(Fault.DIVISION, _said("division", **params), place + 1)
    if set(code[:-1]) <= set(ALPHABET) and LENGTH - 1 not in wrong and code[-1] != (expected := check_digit(code)):
        yield Problem(Fault.CHECK_DIGIT, _said("check_digit", found=code[-1], expected=expected), LENGTH)


def _proposals(code: str) -> list[str]:
    """Valid codes that differ by letters that look alike or by two neighbours exchanged; those without hints first."""
    found = dict.fromkeys(one for one in (*_unmistaken(code), *_exchanged(code)) if not [*_content(one)])
    return sorted(found, key=lambda one: len([*_hints(one)]))[:_PROPOSALS]


def _unmistaken(code: str) -> Iterator[str]:
    """The code with every impossible letter read as what it looks like, then with one more such change."""
    plain = "".join(_LOOKALIKES.get(one, one)[0] if one not in ALPHABET else one for one in code)
    yield plain
    for place, one in enumerate(plain):
        for other in (*_LOOKALIKES.get(code[place], ""), *_LOOKALIKES.get(one, "")):
            yield plain[:place] + other + plain[place + 1 :]


def _exchanged(code: str) -> Iterator[str]:
    for place in range(LENGTH - 1):
        yield code[:place] + code[place + 1] + code[place] + code[place + 2 :]


def _hints(code: str) -> Iterator[Message]:
    """What does not keep a code from being kept but is worth a look."""
    tables, body = _tables(), code[8:17]
    if code[_DIVISION].isdigit() and code[2:4] not in tables["provinces"]:
        yield _said("province_unknown", division=code[_DIVISION])
    if code[0] not in tables["departments"]:
        yield _said("department_unknown", found=code[0])
    if set(body) <= set(ALPHABET) and body[-1] != (expected := body_digit(body)):
        yield _said("body", body=body, expected=expected)


def _parts(code: str) -> CodeParts:
    return CodeParts(code[0], code[:2], code[_DIVISION], code[8:17], code[-1])


def registered_at(parts: CodeParts) -> Message:
    """Where, with whom and as what the holder of a code was registered, as a sentence."""
    tables, unknown = _tables(), {"zh": "未知", "en": "unknown"}
    asked = {"department": parts.department, "kind": parts.kind}
    words = {
        f"{name}_{one}": tables[f"{name}s"].get(key, unknown)[one] for name, key in asked.items() for one in LANGUAGES
    }
    province = tables["provinces"].get(parts.division[:2], unknown)
    return _said("registered", division=parts.division, province_zh=province["zh"], province_en=province["en"], **words)


@cache
def _tables() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Departments, kinds and provinces by code. Raises BadRuleData."""
    source = files("soilrules") / "data" / "enterprises" / "credit_code.yaml"
    top = Record(load_yaml(source), source.name)
    top.only("mark", "source", "departments", "kinds", "provinces")
    return {name: top.mapping(name).row for name in ("departments", "kinds", "provinces")}


def _said(message_id: str, **params: str) -> Message:
    return Message("enterprises", "credit_code", message_id, params)
