"""The form of a risk assessment in the user's words, and the case of the rules it stands for.

`content` is the form as text, as a draft keeps it:
{"land_class": "1", "remark": "", "rows": [{"name": "苯", "surface_mg_kg": "3", …}], "parameters": {"fom": {"value": "12", "because": "…"}},
 "excluded": {"drinking_groundwater": "…"}}
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from soildesk.standards.refusals import language
from soildesk.standards.riskwords import plain
from soilrules import analytes
from soilrules.risk import parameter_sets
from soilrules.risk.parameters import DEFAULT_SET, LAND_CLASSES, Parameter
from soilrules.risk.pathways import NAMES, SOIL_PATHWAYS
from soilrules.risk.substances import known_slugs, name_of, substances

MEASURED = ("surface_mg_kg", "subsurface_mg_kg", "groundwater_mg_l", "groundwater_target_mg_l")
MOST_ROWS = 200
BLANK_ROWS = 3
LONGEST = 200
Content = dict[str, Any]


@dataclass
class Understood:
    """The case a form stands for, and what is wrong with it: sentences by place (rows.0.name, parameters.fom)."""

    case: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def read_content(post: QueryDict) -> Content:
    """The posted form as text; rows in which nothing stands are left out, and so are the pathways that stay ticked."""
    ticked = post.getlist("pathway")
    columns = {name: post.getlist(name)[:MOST_ROWS] for name in ("name", *MEASURED)}
    length = max(map(len, columns.values()))
    rows = [{name: _at(column, i) for name, column in columns.items()} for i in range(length)]
    return {
        "land_class": post.get("land_class", ""),
        "remark": post.get("remark", "")[:LONGEST],
        "rows": [row for row in rows if any(row.values())],
        "parameters": {key: given for key in chosen_parameters() if any((given := _given(post, key)).values())},
        "excluded": {name: post.get(f"why-{name}", "").strip()[:LONGEST] for name in NAMES if name not in ticked},
    }


def _at(column: list[str], i: int) -> str:
    return column[i].strip()[:LONGEST] if i < len(column) else ""


def _given(post: QueryDict, key: str) -> dict[str, str]:
    value, because = post.get(f"p-{key}", ""), post.get(f"why-{key}", "")
    return {"value": value.strip()[:LONGEST], "because": because.strip()[:LONGEST]}


def content_of(case: Mapping[str, Any]) -> Content:
    """The form that stands for a case, to begin the next run from the last."""
    overrides = case.get("overrides", {})
    return {
        "land_class": str(case["land_class"]),
        "remark": "",
        "rows": [_row_of(one) for one in case["substances"]],
        "parameters": {
            key: {"value": plain(one["value"]), "because": one["because"]} for key, one in overrides.items()
        },
        "excluded": {name: one["because"] for name, one in case.get("excluded", {}).items()},
    }


def _row_of(one: Mapping[str, Any]) -> dict[str, str]:
    measured = {name: plain(one[name]) if one.get(name) is not None else "" for name in MEASURED}
    return {"name": shown_name(one["slug"]), **measured}


def empty_content() -> Content:
    """A form nobody has filled in."""
    return {"land_class": "1", "remark": "", "rows": [], "parameters": {}, "excluded": {}}


def understood(content: Mapping[str, Any]) -> Understood:
    """The case of a form; what a person must correct stands beside it by place."""
    found = Understood()
    if content["land_class"] not in map(str, LAND_CLASSES):
        found.errors["land_class"] = _("请选择用地类别；规划用途不明确的按第一类用地。")
    if not content["rows"]:
        found.errors["rows"] = _("还没有污染物。请至少填一种污染物和它的一个浓度。")
    rows = [_substance(row, f"rows.{i}", found.errors) for i, row in enumerate(content["rows"])]
    land_class = int(content["land_class"]) if "land_class" not in found.errors else LAND_CLASSES[0]
    found.case = {
        "land_class": land_class,
        "parameter_set": DEFAULT_SET,
        "overrides": _overrides(content["parameters"], land_class, found.errors),
        "substances": rows,
    }
    if excluded := _excluded(content.get("excluded", {}), found.errors):
        found.case["excluded"] = excluded
    _no_twins(rows, found.errors)
    return found


def _excluded(given: Mapping[str, str], errors: dict[str, str]) -> dict[str, dict[str, str]]:
    """The pathways that are not ticked; without its reason one is refused where it stands."""
    for name in given:
        if not given[name]:
            errors[f"excluded.{name}"] = _("取消这条途径需要写明理由（如场地上为什么没有）。")
    if all(one.name in given for one in SOIL_PATHWAYS):
        errors["excluded"] = _("六种土壤途径都取消了，算不出土壤风险控制值。请至少保留一种。")
    return {name: {"because": because} for name, because in given.items()}


def _substance(row: Mapping[str, str], place: str, errors: dict[str, str]) -> dict[str, Any]:
    slug = _slug(row["name"], f"{place}.name", errors)
    measured = {name: _number(row.get(name, ""), f"{place}.{name}", errors) for name in MEASURED}
    return {"slug": slug} | {name: value for name, value in measured.items() if value is not None}


def _slug(name: str, place: str, errors: dict[str, str]) -> str:
    if not name:
        errors[place] = _("请填写污染物名称。")
        return ""
    if name in _by_shown_name():
        return _by_shown_name()[name]
    found = [slug for slug in analytes.candidates(name) if slug in known_slugs()]
    if len(found) == 1:
        return found[0]
    near = [shown_name(slug) for slug in found] or [shown_name(one.slug) for one in analytes.nearest(name)]
    joint = "、".join(near)
    if found:
        errors[place] = _("“%(name)s”有多个含义，请写全：%(near)s。") % {"name": name, "near": joint}
    elif near:
        errors[place] = _("名录中没有“%(name)s”，是否为%(near)s？") % {"name": name, "near": joint}
    else:
        errors[place] = _("名录中没有“%(name)s”，请按标准名称或 CAS 号填写。") % {"name": name}
    return ""


def _no_twins(rows: list[dict[str, Any]], errors: dict[str, str]) -> None:
    seen: dict[str, int] = {}
    for i, row in enumerate(rows):
        if row["slug"] in seen and row["slug"]:
            errors[f"rows.{i}.name"] = _("与第 %(n)d 行是同一种污染物，请合并为一行。") % {"n": seen[row["slug"]] + 1}
        seen.setdefault(row["slug"], i)


def _number(text: str, place: str, errors: dict[str, str]) -> float | None:
    """The number written, None where nothing is; what is none is said at its place."""
    if not text:
        return None
    try:
        value = float(unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", ""))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        errors[place] = _("“%(text)s”不是数。未测留空；未检出请按所选规则取值。") % {"text": text}
        return None
    if value < 0:
        errors[place] = _("“%(text)s”小于 0，请核对。") % {"text": text}
    return value


def _overrides(
    given: Mapping[str, Mapping[str, str]], land_class: int, errors: dict[str, str]
) -> dict[str, dict[str, Any]]:
    """The parameters that differ from their default; a value without its reason is refused where it stands."""
    found = {}
    for key, one in given.items():
        parameter = chosen_parameters().get(key)
        if parameter is None or not one["value"]:
            if parameter and one["because"]:
                errors[f"parameters.{key}"] = _("写了理由而没有取值，请填写取值或删去理由。")
            continue
        value = _number(one["value"], f"parameters.{key}", errors)
        if value is None or (value == parameter.defaults.get(land_class) and not one["because"]):
            continue
        found[key] = {"value": value, "because": one["because"]}
        if not one["because"]:
            errors[f"parameters.{key}"] = _("改动推荐值需要写明理由（实测数据、报告名称或文献）。")
    return found


def place_of(place: str) -> str:
    """The place in the form of a place in the case: overrides.fom → parameters.fom; empty for the case as a whole."""
    head, _dot, rest = place.partition(".")
    if head == "overrides" and rest.partition(".")[0] in chosen_parameters():
        return f"parameters.{rest.partition('.')[0]}"
    if head.startswith("substances[") and head.endswith("]"):
        return f"rows.{head[11:-1]}.{'name' if rest in ('', 'slug') else rest}"
    if head == "excluded":
        return place
    return ""


def chosen_parameters() -> Mapping[str, Parameter]:
    """The parameters of the set by key."""
    return parameter_sets()[DEFAULT_SET].parameters


def shown_name(slug: str) -> str:
    """The name of a substance in the language of the page."""
    return name_of(slug)[language()]


def offered_names() -> list[str]:
    """Every name that can be picked: what the table of toxicity holds first, then what is only refused with a reason."""
    first = [shown_name(slug) for slug in substances()]
    return list(dict.fromkeys([*first, *(shown_name(slug) for slug in known_slugs())]))


@cache
def _by_shown_name() -> Mapping[str, str]:
    """Slugs by the names offered, in both languages."""
    named = [(name, slug) for slug in reversed(known_slugs()) for name in name_of(slug).values()]
    return dict(named)
