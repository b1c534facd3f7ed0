"""What verdicts rest on, shared by all that rest on the same: kept as data, worded in both languages.

A ruling is one frame of `soilrules.evaluation`; its sentence leaves value, factor, day and pH open.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from soilrules import analytes
from soilrules.evaluation.judged import plain
from soilrules.evaluation.rows import Frame, with_names

Ruling = dict[str, Any]
_KEPT = (
    "analyte", "verdict", "cause", "standard", "use", "limit", "limit_unit", "screening", "control", "ph_band", "basis",
    "mark", "class", "note",
)  # fmt: skip
_WORDS = ("name", "reason", "note")


def ruling_of(zh: Frame, en: Frame) -> Ruling:
    """A frame as it is kept."""
    kept = {name: zh.fixed[name] for name in _KEPT}
    kept["cause"] = kept["cause"] or ""
    kept["name"] = {"zh": zh.fixed["name"], "en": en.fixed["name"]}
    kept["reason"] = {"zh": with_names(zh.fixed["reason"]), "en": with_names(en.fixed["reason"])}
    return kept


def ground(ruling: Ruling) -> str:
    """What a ruling says apart from its wording: two verdicts are the same where this is."""
    return json.dumps({name: ruling[name] for name in _KEPT if name not in _WORDS}, sort_keys=True, ensure_ascii=False)


def sentence(ruling: Ruling, row: Mapping[str, Any], language: str = "zh") -> str:
    """The reason of one verdict. `row` holds value, detection_limit, censored, factor, day, ph."""
    measured = row["detection_limit"] if row["censored"] else row["value"]
    day: date | None = row["day"]
    return str(ruling["reason"][language]).format(
        value="" if measured is None else plain(measured),
        factor="" if row["factor"] is None else f"{row['factor']:.3g}",
        day=day.isoformat() if day else "",
        ph="" if row["ph"] is None else plain(row["ph"]),
    )


def analyte_name(slug: str, language: str = "zh") -> str:
    """What an analyte is called; an unknown slug stays as it is."""
    known = analytes.all_analytes().get(slug)
    return known.name(language) if known else slug


def against_words(standard: str, land: str) -> str:
    """What results were judged against, in words: a standard, with the class of construction land it distinguishes."""
    words = {"class_1": _("第一类用地"), "class_2": _("第二类用地")}
    named = standard or _("未指定标准")
    return f"{named} {words.get(land, '')}".rstrip()
