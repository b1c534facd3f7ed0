"""CQL2 filters: parsed by the library cql2, put on the query here, on nothing but the properties an asker may see.

Conditions are negated by their parts (not (a and b) = not a or not b), so that a row without a value meets
neither a comparison nor its opposite, as the standard wants it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import cql2
import shapely
from django.db.models import F, Q
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from soildesk.exchange import systems
from soildesk.exchange.comparing import ALWAYS, HOW, NEVER, compared, known, wrong
from soildesk.exchange.problems import Problem
from soildesk.exchange.properties import Property
from soildesk.kit.gis.shapewords import why_broken

TEXT, JSON = "cql2-text", "cql2-json"
LANGUAGES = (TEXT, JSON)
LONGEST = 8000
DEEPEST = 25
MOST_NODES = 200
MOST_VALUES = 500
NESTING = re.compile(r"\bnot\b|\^|-(?=\s*-)", re.IGNORECASE)
"""Besides brackets, what the parser descends at: its stack is that of the process, which must not end with it."""
TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>"}
OPPOSITE = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
SPATIAL = {
    "s_intersects": ("intersects", "intersects"),
    "s_within": ("within", "contains"),
    "s_contains": ("contains", "within"),
    "s_touches": ("touches", "touches"),
    "s_overlaps": ("overlaps", "overlaps"),
}
"""A spatial function: the lookup where the property stands first, and where it stands second."""


def read(text: str, language: str) -> Any:
    """A filter as CQL2-JSON; refused where it is no CQL2, or deeper than anybody writes."""
    if len(text) > LONGEST:
        told = _("过滤条件长 %(length)d 个字符，最多 %(most)d 个：请缩短，或分次查询。")
        raise refused(told % {"length": len(text), "most": LONGEST})
    if _depth(text) > DEEPEST or len(NESTING.findall(text)) > DEEPEST:
        raise refused(_("过滤条件嵌套太深，最多 %(most)d 层：请改写得简单些。") % {"most": DEEPEST})
    try:
        if language == TEXT:
            return cql2.parse_text(text).to_json()
        cql2.parse_json(text)  # says whether it is CQL2; it rounds the last digit of some numbers, json does not
        return json.loads(text)
    except (cql2.ParseError, cql2.ValidationError, ValueError) as error:
        told = _("过滤条件不是 %(language)s：%(where)s")
        raise refused(told % {"language": language, "where": _where(error)}) from None


def _depth(text: str) -> int:
    deepest = depth = 0
    for sign in text:
        depth += (sign in "([{") - (sign in ")]}")
        deepest = max(deepest, depth)
    return deepest


def _where(error: Exception) -> str:
    """The line the parser points at, without its grammar."""
    found = re.search(r"-->\s*(\d+):(\d+)", str(error))
    if not found:
        return str(error).splitlines()[0][:120] if str(error) else _("无法解析")
    return _("第 %(line)s 行第 %(column)s 个字符处无法解析") % {"line": found[1], "column": found[2]}


def refused(sentence: str) -> Problem:
    """A filter that is not answered."""
    return Problem(HTTPStatus.BAD_REQUEST, "filter", sentence, parameter="filter")


@dataclass
class Translator:
    """Puts one filter on a query. `geometry` is the path of the geometry, `crs` the system of its shapes."""

    properties: Mapping[str, Property]
    geometry: str = ""
    crs: str = systems.CRS84
    _nodes: int = field(default=0, init=False)

    def condition(self, node: Any, *, negated: bool = False) -> Q:
        """A boolean expression."""
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise refused(_("过滤条件多于 %(most)d 项：请缩短，或分次查询。") % {"most": MOST_NODES})
        if isinstance(node, bool):
            return ALWAYS if node != negated else NEVER
        if not isinstance(node, dict):
            raise refused(_("“%(node)s”不是条件：应为比较、逻辑或空间关系。") % {"node": _short(node)})
        if "property" in node:
            return self._flag(node, negated)
        name, args = str(node.get("op", "")), node.get("args", [])
        reader = self._readers().get(name.lower())
        if reader is None or not isinstance(args, list):
            told = _("不支持“%(name)s”。可用：%(known)s。")
            raise refused(told % {"name": name[:40] or _short(node), "known": "、".join(self._readers())})
        return reader(name.lower(), args, negated)

    def _readers(self) -> dict[str, Callable[[str, list[Any], bool], Q]]:
        return {
            "and": self._joined,
            "or": self._joined,
            "not": self._not,
            **dict.fromkeys(TURNED, self._comparison),
            "like": self._like,
            "between": self._between,
            "in": self._in,
            "isnull": self._is_null,
            **dict.fromkeys([*SPATIAL, "s_disjoint"], self._spatial),
        }

    def _joined(self, name: str, args: list[Any], negated: bool) -> Q:
        parts = [self.condition(each, negated=negated) for each in _some(args, name)]
        all_of = (name == "and") != negated
        found = ALWAYS if all_of else NEVER
        for part in parts:
            found = found & part if all_of else found | part
        return found

    def _not(self, name: str, args: list[Any], negated: bool) -> Q:
        (one,) = _exactly(args, 1, name)
        return self.condition(one, negated=not negated)

    def _flag(self, node: Any, negated: bool) -> Q:
        return compared(self._property(node), "=", not negated)

    def _comparison(self, name: str, args: list[Any], negated: bool) -> Q:
        sign = OPPOSITE[name] if negated else name
        left, right = _exactly(args, 2, name)
        if not _is_property(left) and not _is_property(right):
            raise refused(_("“%(sign)s”两边都不是属性：请至少写一个属性名。") % {"sign": name})
        if _is_property(left) and _is_property(right):
            return self._two_properties(self._property(left), sign, self._property(right))
        if not _is_property(left):
            left, right, sign = right, left, TURNED[sign]
        return compared(self._property(left), sign, self._literal(self._property(left), right))

    def _two_properties(self, one: Property, sign: str, other: Property) -> Q:
        numbers = {"integer", "number"}
        if one.kind != other.kind and not {one.kind, other.kind} <= numbers:
            raise wrong(one, other.key, _("两个属性类型不同"))
        how = HOW.get(sign, "exact")
        found = Q(**{f"{one.path}__{how}": F(other.path)})
        both = known(one) & known(other)
        return both & (~found if sign == "<>" else found)

    def _like(self, name: str, args: list[Any], negated: bool) -> Q:
        left, pattern = _exactly(args, 2, name)
        each = self._property(left)
        if each.kind != "string":
            raise wrong(each, _short(pattern), _("LIKE 只用于文字"))
        compared(each, "=", pattern)  # refuses what is no text
        found = Q(**{f"{each.path}__sql_like": pattern})
        return known(each) & ~found if negated else found

    def _between(self, name: str, args: list[Any], negated: bool) -> Q:
        left, low, high = _exactly(args, 3, name)
        each = self._property(left)
        low, high = self._literal(each, low), self._literal(each, high)
        if negated:
            return compared(each, "<", low) | compared(each, ">", high)
        return compared(each, ">=", low) & compared(each, "<=", high)

    def _in(self, name: str, args: list[Any], negated: bool) -> Q:
        left, values = _exactly(args, 2, name)
        each = self._property(left)
        if not isinstance(values, list) or len(values) > MOST_VALUES:
            raise refused(_("IN 后面应为 1 至 %(most)d 个值的列表。") % {"most": MOST_VALUES})
        found = NEVER
        for value in values:
            found |= compared(each, "=", self._literal(each, value))
        return known(each) & ~found if negated else found

    def _is_null(self, name: str, args: list[Any], negated: bool) -> Q:
        (one,) = _exactly(args, 1, name)
        path = self.geometry if self._is_geometry(one) else self._property(one).path
        return Q(**{f"{path}__isnull": not negated})

    def _spatial(self, name: str, args: list[Any], negated: bool) -> Q:
        left, right = _exactly(args, 2, name)
        first = self._is_geometry(left)
        if first == self._is_geometry(right):
            raise refused(_("%(name)s 的两个参数应为属性 geometry 和一个图形。") % {"name": name.upper()})
        shape = self._shape(right if first else left)
        disjoint = name == "s_disjoint"
        lookup = SPATIAL["s_intersects" if disjoint else name][0 if first else 1]
        found = Q(**{f"{self.geometry}__{lookup}": shape})
        return Q(**{f"{self.geometry}__isnull": False}) & ~found if disjoint != negated else found

    def _property(self, node: Any) -> Property:
        key = node.get("property") if isinstance(node, dict) else None
        found = self.properties.get(key) if isinstance(key, str) else None
        if found is None:
            told = _("“%(key)s”不是可过滤的属性。可用：%(known)s。")
            raise refused(told % {"key": _short(key or node), "known": "、".join(self.properties)})
        return found

    def _is_geometry(self, node: Any) -> bool:
        named = isinstance(node, dict) and node.get("property") == "geometry"
        if named and not self.geometry:
            raise refused(_("这个数据集没有图形，不能按空间关系过滤。"))
        return named

    @staticmethod
    def _literal(each: Property, value: Any) -> Any:
        if isinstance(value, dict) and not {"date", "timestamp"} & value.keys():
            raise wrong(each, _short(value), _("应为一个值，不支持函数与算式"))
        return value

    def _shape(self, node: Any) -> BaseGeometry:
        try:
            stored = self._box(node) if isinstance(node, dict) and "bbox" in node else self._given(node)
        except systems.NoGround as refusal:
            raise refused(str(refusal)) from None
        except (shapely.errors.ShapelyError, ValueError, TypeError):
            raise refused(_("“%(node)s”不是图形：应为 WKT 或 GeoJSON 几何。") % {"node": _short(node)}) from None
        if not shapely.is_valid(stored):
            raise refused(_("过滤图形有误：%(why)s") % {"why": why_broken(stored)})
        return stored

    def _box(self, node: Any) -> BaseGeometry:
        return systems.ground_of([float(each) for each in node["bbox"]], self.crs)

    def _given(self, node: Any) -> BaseGeometry:
        shape = shapely.from_geojson(json.dumps(node))
        if shape.is_empty:
            raise ValueError("an empty shape meets nothing.")
        return systems.read(shapely.force_2d(shape), self.crs)


def _is_property(node: Any) -> bool:
    return isinstance(node, dict) and "property" in node


def _short(node: Any) -> str:
    return (node if isinstance(node, str) else json.dumps(node, ensure_ascii=False, default=str))[:60]


def _exactly(args: list[Any], count: int, name: str) -> list[Any]:
    if len(args) != count:
        raise refused(_("“%(name)s”应有 %(count)d 个参数。") % {"name": name, "count": count})
    return args


def _some(args: list[Any], name: str) -> list[Any]:
    if not args:
        raise refused(_("“%(name)s”没有参数。") % {"name": name})
    return args
