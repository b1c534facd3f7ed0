"""What is said of single rows: how grave, who must act, the value found, what was expected, what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from soildesk.kit.gis.refusals import said
from soilrules.geodesy.taxonomy import Fault
from soilrules.messages import Message

BLOCKING, WARNING, NOTE = "blocking", "warning", "note"
SURVEYOR, OFFICE, IMPORT, SYSTEM = "surveyor", "office", "import", "system"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing said of one row; `sentence` says value, expectation and next step together."""

    position: int
    code: str
    severity: str
    who: str
    value: str
    sentence: str

    @property
    def blocks(self) -> bool:
        """Whether the row is not taken."""
        return self.severity == BLOCKING

    def as_json(self) -> dict[str, Any]:
        """As the command tells it."""
        return told(self.position, self.code, (self.severity, self.who), self.value, self.sentence)


def told(position: int, code: str, kind: tuple[str, str], value: str, sentence: str) -> dict[str, Any]:
    """A finding for a machine; the last sentence is what to do next."""
    parts = [part for part in sentence.replace("；", "。").split("。") if part.strip()]
    return {
        "row": position, "code": code, "severity": kind[0], "who": kind[1], "value": value,
        "expected": str(EXPECTED.get(code, "")), "next": parts[-1].strip() if len(parts) > 1 else "",
        "sentence": sentence,
    }  # fmt: skip


EXPECTED: Mapping[str, str | Promise] = {
    "no_geometry": _("每行有一个图形"),
    "geometry_missing": _("每行有一个图形"),
    "geometry_empty": _("每行有一个图形"),
    "geometry_unreadable": _("完整的图形数据"),
    "coordinates_not_numbers": _("坐标是数字"),
    "wrong_kind": _("与图层同类的图形"),
    "empty": _("有坐标的图形"),
    "not_finite": _("坐标是数字"),
    "flipped": _("经度在前、纬度在后，或改用“纬度在前”"),
    "wrong_hemisphere": _("北纬、东经为正"),
    "wrong_zone": _("与数据一致的分带"),
    "outside_china": _("经度 73～136、纬度 3～54"),
    "outside_division": _("图形在本行政区内"),
    "crosses_division": _("图形全部在本行政区内"),
    "invalid_ring": _("首尾闭合、至少四个点的边界"),
    "ring_closed": _("首尾闭合的边界"),
    "self_crossing": _("边界不自相交"),
    "overlapping_parts": _("各部分互不重叠"),
    "hole_outside": _("内环在外环之内"),
    "spike": _("没有尖刺"),
    "duplicate_vertices": _("相邻拐点不重复"),
    "too_many_vertices": _("不超过 100000 个点"),
    "sliver": _("不是狭长碎片"),
    "tiny_area": _("面积不小于 1 平方米"),
    "huge_area": _("面积不大于 1000 平方公里"),
    "duplicate_geometry": _("图形不重复"),
    "overlaps_neighbour": _("与相邻图形不重叠"),
    "area_differs": _("登记面积与计算面积相差不超过 1%"),
    "value_garbled": _("能按所写编码读出的文字"),
    "repeated_code": _("代码在文件中不重复"),
    "bad_value": _("符合栏目要求的值"),
    "missing_value": _("必填栏目有值"),
    "no_code": _("有可以对照的代码"),
    "refused_by_rule": _("符合登记规则"),
    "told_by_rule": _("请一并核实"),
}


def of_fault(fault: Fault, position: int) -> Finding:
    """A fault of a geometry."""
    return Finding(
        position, fault.code, str(fault.severity), str(fault.who), _value(fault.message), said(fault.message)
    )


LOST = {"geometry_missing", "geometry_empty", "geometry_unreadable", "coordinates_not_numbers"}


def of_note(message: Message, position: int) -> Finding:
    """What the reader of the file said of a row."""
    severity = BLOCKING if message.id in LOST else WARNING
    params = {name: value for name, value in message.params.items() if name != "row"}
    return Finding(position, message.id, severity, OFFICE, "，".join(params.values())[:200], said(message))


def _value(message: Message) -> str:
    names = ("found", "x", "y", "count", "area", "width", "degrees", "percent", "km")
    found = [message.params[name] for name in names if message.params.get(name)]
    return "，".join(found)[:200]
