"""Codes of land use: which classification a code is of, its name, its class and the official colour of the class."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml
from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Concat, Substr
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.kit.faces import LegendClass
from soildesk.kit.languages import called
from soildesk.land.refusals import ParcelRefused
from soilrules.standards.uses import LandCode, land_codes

LETTERS = "gb50137_2011"
UNKNOWN = "#b0b7b9"
SYSTEMS = (
    ("guide2023", _l("国土空间用地用海分类指南（2023）")),
    ("gbt21010_2017", _l("土地利用现状分类 GB/T 21010-2017")),
    ("survey3", _l("第三次全国国土调查工作分类")),
    (LETTERS, _l("城市用地分类 GB 50137-2011")),
)

SHORT = {"guide2023": _l("用地用海"), "gbt21010_2017": "GB/T 21010", "survey3": _l("三调"), LETTERS: "GB 50137"}
"""The classifications as a legend has room for them."""

_SHOWN = re.compile(r"([A-Z]?[0-9]{1,6})\s+\D.*")  # as `shown` writes it, which comes back in files written here
_CODE = re.compile(r"[A-Z][0-9]{0,3}|[0-9]{2,6}[A-Z]?[0-9]?")


@dataclass(frozen=True, slots=True)
class LandClass:
    """One class of a classification by its first letters, with the colour it is printed in."""

    system: str
    key: str
    zh: str
    en: str
    color: str

    @property
    def name(self) -> str:
        """In the language of the reader."""
        return called(self)


@cache
def classes() -> dict[tuple[str, str], LandClass]:
    """Every class of every classification (classes.yaml)."""
    rows = yaml.safe_load((files("soildesk.land") / "classes.yaml").read_text("utf-8"))
    return {
        (system, str(key)): LandClass(system, str(key), said["zh"], said["en"], said["color"])
        for system, held in rows.items()
        for key, said in held.items()
    }


@cache
def _known() -> dict[tuple[str, str], LandCode]:
    return {(one.scheme, one.code.upper()): one for one in land_codes()}


@cache
def _by_name() -> dict[tuple[str, str], LandCode]:
    return {(one.scheme, one.zh): one for one in land_codes()}


def code_of(system: str, text: str) -> tuple[str, str]:
    """The classification and the code a person's entry means; refused where it is none of that classification.

    The classification is that of the digits: a letter code is of GB 50137 whatever was said, so that a parcel may
    have its present use in one and its planned use in the other. Without a classification, digits or a name that
    only one of them has are of that one; what several have means different land in each and is kept, of none.
    """
    text = code_alone(text)
    word = text.upper()
    said, system = system, system_of(system, word)
    if not system:
        return _without_system(text)
    if named := _by_name().get((system, text)):
        return said, named.code
    if not is_code(system, word):
        raise ParcelRefused(
            _("“%(code)s”不是%(system)s的地类代码：请核对代码或所选分类标准。")
            % {"code": text, "system": dict(SYSTEMS).get(system, system)},
            code="land.parcel.use_unknown",
        )
    return said, word


def code_alone(text: str) -> str:
    """An entry without the name that `shown` puts behind a code: files written here come back so."""
    return _SHOWN.sub(r"\1", text.strip())


def system_of(system: str, code: str) -> str:
    """The classification of one code, where digits are of `system`."""
    return LETTERS if code[:1].isascii() and code[:1].isalpha() else system


def _without_system(text: str) -> tuple[str, str]:
    found = {one for one in land_codes() if text in (one.code, one.zh)}
    only = next(iter(found)) if len({one.scheme for one in found}) == 1 else None
    return (only.scheme, only.code) if only else ("", text[:20])


def class_key(system: str, code: str) -> str:
    """The first letters of a code: its class."""
    return code[:1] if system == LETTERS else code[:2]


def is_code(system: str, code: str) -> bool:
    """Whether a code could be of that classification: its class is known, whatever level it goes down to."""
    return bool(_CODE.fullmatch(code)) and (system, class_key(system, code)) in classes()


def nearest(system: str, code: str) -> LandCode | None:
    """The land code, or the longest known beginning of it."""
    known, system = _known(), system_of(system, code)
    return next((known[system, code[:end]] for end in range(len(code), 0, -1) if (system, code[:end]) in known), None)


def name_of(system: str, code: str) -> str:
    """The name of a code, or of the class it is in; empty where it is not known."""
    found = nearest(system, code.upper()) if code else None
    if found:
        return found.zh
    system = system_of(system, code)
    held = classes().get((system, class_key(system, code)))
    return held.name if held else ""


def shown(system: str, code: str) -> str:
    """Code and name together."""
    name = name_of(system, code) or ("" if system or not code else _("（未注明分类标准）"))
    return f"{code} {name}" if name else code


def meaning(field: str) -> Callable[[str], Q]:
    """The rows a text asks for in a use: a code alone, or a code with its name as `shown` writes it."""

    def rows(text: str) -> Q:
        code = code_alone(text)
        if code == text:
            return Q(**{field: text})
        systems = [system for system, _title in (*SYSTEMS, ("", "")) if shown(system, code) == text]
        return Q(**{field: code, "use_system__in": systems})

    return rows


def class_of(field: str) -> Case:
    """The class of a use as a column of the query: its classification and first letters."""
    return Case(
        When(**{field: "", "then": Value("")}),
        When(**{f"{field}__regex": "^[A-Z]", "then": Concat(Value(f"{LETTERS}:"), Substr(F(field), 1, 1))}),
        When(use_system="", then=Value("")),
        default=Concat(F("use_system"), Value(":"), Substr(F(field), 1, 2)),
        output_field=CharField(),
    )


def _titled(key: str, system: str, whole: bool) -> str:
    held, of = classes()[system, key], SHORT[system]
    return (
        _("%(key)s %(name)s（%(of)s）") % {"key": key, "name": held.name, "of": of} if whole else f"{key} {held.name}"
    )


_title = lazy(_titled, str)


def legend() -> list[LegendClass]:
    """Every class of every classification in its colour; unknown use last."""
    rows = [
        LegendClass(f"{system}:{key}", _title(key, system, True), held.color)
        for (system, key), held in classes().items()
    ]
    return [*rows, LegendClass("", _l("用途不明"), UNKNOWN)]


def legend_of_codes() -> list[LegendClass]:
    """The classes of planning codes whose classification is told by the code alone: letters, or digits of the guide."""
    rows = [
        LegendClass(key, _title(key, system, False), held.color)
        for (system, key), held in classes().items()
        if system in (LETTERS, "guide2023")
    ]
    return [*rows, LegendClass("", _l("用途不明"), UNKNOWN)]


def class_of_code(field: str) -> Case:
    """The class of a planning code as a column of the query: its first letter, or its first two digits."""
    return Case(
        When(**{f"{field}__regex": "^[A-Z]", "then": Substr(F(field), 1, 1)}),
        default=Substr(F(field), 1, 2),
        output_field=CharField(),
    )
