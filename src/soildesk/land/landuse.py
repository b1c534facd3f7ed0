"""Codes of land use: which classification a code is of, its name, its class and the official colour of the class."""

from __future__ import annotations

import re
from functools import cache

from django.db.models import Case, CharField, F, Value, When
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.kit.faces import LegendClass
from soildesk.land.refusals import ParcelRefused
from soilrules.standards.uses import LandCode, land_codes

LETTERS = "gb50137_2011"
SYSTEMS = (
    ("guide2023", _l("国土空间用地用海分类指南（2023）")),
    ("gbt21010_2017", _l("土地利用现状分类 GB/T 21010-2017")),
    ("survey3", _l("第三次全国国土调查工作分类")),
    (LETTERS, _l("城市用地分类 GB 50137-2011")),
)

# Classes by their first letters: name, and the colour in which plans and surveys print them. The colours are from
# knowledge of printed maps, not from the texts of the drawing standards; a legend always stands beside them.
_SURVEYED = {
    "01": ("耕地", "#f5f0a0"), "02": ("园地", "#d7e36b"), "03": ("林地", "#4fa04b"), "04": ("草地", "#a9d46e"),
    "07": ("住宅用地", "#ffe98c"), "08": ("公共管理与公共服务用地", "#f29ac2"), "09": ("特殊用地", "#7a8450"),
    "10": ("交通运输用地", "#9aa0a6"), "11": ("水域及水利设施用地", "#8fd3e8"), "12": ("其他土地", "#d9d2c4"),
}  # fmt: skip
CLASSES: dict[str, dict[str, tuple[str, str]]] = {
    "guide2023": {
        "01": ("耕地", "#f5f0a0"), "02": ("园地", "#d7e36b"), "03": ("林地", "#4fa04b"), "04": ("草地", "#a9d46e"),
        "05": ("湿地", "#7fc8c2"), "06": ("农业设施建设用地", "#d6b98c"), "07": ("居住用地", "#ffe98c"),
        "08": ("公共管理与公共服务用地", "#f29ac2"), "09": ("商业服务业用地", "#e8453c"), "10": ("工矿用地", "#b5835a"),
        "11": ("仓储用地", "#9f86c0"), "12": ("交通运输用地", "#9aa0a6"), "13": ("公用设施用地", "#4a7fb5"),
        "14": ("绿地与开敞空间用地", "#6cc24a"), "15": ("特殊用地", "#7a8450"), "16": ("留白用地", "#e0e0e0"),
        "17": ("陆地水域", "#8fd3e8"), "18": ("渔业用海", "#9ecae9"), "19": ("工矿通信用海", "#86b4d6"),
        "20": ("交通运输用海", "#6f9fc4"), "21": ("游憩用海", "#b5dcf2"), "22": ("特殊用海", "#5f87a8"),
        "23": ("其他土地", "#d9d2c4"), "24": ("其他海域", "#c8e3f0"),
    },
    "gbt21010_2017": _SURVEYED | {"05": ("商服用地", "#e8453c"), "06": ("工矿仓储用地", "#b5835a")},
    "survey3": _SURVEYED | {
        "00": ("湿地", "#7fc8c2"), "05": ("商业服务业用地", "#e8453c"), "06": ("工矿用地", "#b5835a"),
    },
    LETTERS: {
        "R": ("居住用地", "#ffe98c"), "A": ("公共管理与公共服务用地", "#f29ac2"), "B": ("商业服务业设施用地", "#e8453c"),
        "M": ("工业用地", "#b5835a"), "W": ("物流仓储用地", "#9f86c0"), "S": ("道路与交通设施用地", "#9aa0a6"),
        "U": ("公用设施用地", "#4a7fb5"), "G": ("绿地与广场用地", "#6cc24a"), "H": ("建设用地", "#d6b98c"),
        "E": ("非建设用地", "#8fd3e8"),
    },
}  # fmt: skip
_CODE = re.compile(r"[A-Z][0-9]{0,3}|[0-9]{2,6}[A-Z]?[0-9]?")


@cache
def _known() -> dict[tuple[str, str], LandCode]:
    return {(one.scheme, one.code.upper()): one for one in land_codes()}


@cache
def _by_name() -> dict[tuple[str, str], LandCode]:
    return {(one.scheme, one.zh): one for one in land_codes()}


def code_of(system: str, text: str) -> tuple[str, str]:
    """The classification and the code a person's entry means; refused where it is none of that classification.

    A letter code is of GB 50137 whatever was said; digits mean different land in different classifications.
    """
    word = text.strip().upper()
    system = LETTERS if word[:1].isascii() and word[:1].isalpha() else system
    if not system:
        raise ParcelRefused(
            _("用途代码“%(code)s”没有写明分类标准：05 在不同标准里是不同的地类，请一并选择分类标准。") % {"code": text},
            code="land.parcel.use_system_missing",
        )
    if named := _by_name().get((system, text.strip())):
        return system, named.code
    if not is_code(system, word):
        raise ParcelRefused(
            _("“%(code)s”不是%(system)s的地类代码：请核对代码或所选分类标准。")
            % {"code": text, "system": dict(SYSTEMS).get(system, system)},
            code="land.parcel.use_unknown",
        )
    return system, word


def class_key(system: str, code: str) -> str:
    """The first letters of a code: its class."""
    return code[:1] if system == LETTERS else code[:2]


def is_code(system: str, code: str) -> bool:
    """Whether a code could be of that classification: its class is known, whatever level it goes down to."""
    return bool(_CODE.fullmatch(code)) and class_key(system, code) in CLASSES.get(system, {})


def nearest(system: str, code: str) -> LandCode | None:
    """The land code, or the longest known beginning of it."""
    known = _known()
    return next((known[system, code[:end]] for end in range(len(code), 0, -1) if (system, code[:end]) in known), None)


def name_of(system: str, code: str) -> str:
    """The name of a code, or of the class it is in; empty where it is not known."""
    found = nearest(system, code.upper()) if code else None
    if found:
        return found.zh
    return CLASSES.get(system, {}).get(class_key(system, code), ("", ""))[0]


def shown(system: str, code: str) -> str:
    """Code and name together."""
    name = name_of(system, code)
    return f"{code} {name}" if name else code


def class_of(field: str) -> Case:
    """The class of a use as a column of the query: its classification and first letters."""
    return Case(
        When(**{field: "", "then": Value("")}),
        When(use_system=LETTERS, then=Concat(Value(f"{LETTERS}:"), Substr(F(field), 1, 1))),
        default=Concat(F("use_system"), Value(":"), Substr(F(field), 1, 2)),
        output_field=CharField(),
    )


def legend() -> list[LegendClass]:
    """Every class of every classification in its colour; unknown use last."""
    titles = dict(SYSTEMS)
    rows = [
        LegendClass(f"{system}:{key}", f"{key} {name}（{titles[system]}）", color)
        for system, classes in CLASSES.items()
        for key, (name, color) in classes.items()
    ]
    return [*rows, LegendClass("", _l("用途不明"), "#b0b7b9")]
