"""A register with all its faces, for the tests of kit: parcels as a room would declare them, under a name of its own.

with faces_world.declared():
    client.get("/kit/r/plots/")
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db.models import Sum

from soildesk.core.permissions import Actor
from soildesk.core.versions import Recording
from soildesk.kit import cells, register
from soildesk.kit.faces import Change, Entry, Ground, RecordPage, Writing
from soildesk.kit.filters import ChoiceFilter, TextFilter
from soildesk.kit.parts import Chip, Step
from soildesk.kit.register import Column, Register
from soildesk.land.models import ParcelVersion
from soildesk.land.queries import standing
from soildesk.land.services import parcels
from soildesk.land.services.writing import Place

KINDS = [(kind.value, kind.label) for kind in ParcelVersion.Kind]


def add(actor: Actor, change: Change, at: datetime) -> str:
    """A new parcel where the actor works."""
    day = change.since or actor.today
    assert actor.person is not None
    keeper = actor.person.department
    place = Place(keeper.division, keeper)
    made = parcels.register(change.values, place, since=day, by=actor, at=at, why=change.why)
    return str(made.parcel.uid)


def alter(actor: Actor, key: str, change: Change, at: datetime) -> None:
    """A change of one parcel."""
    version = standing.parcels(actor, actor.today).get(parcel__uid=key)
    parcels.change(version, change.values, since=change.since, recording=Recording(actor, at, change.why))


def guard(actor: Actor, change: Change, row: Mapping[str, Any] | None) -> Sequence[str]:
    """A made-up rule: nothing is called 禁用名."""
    return ["名称“禁用名”不能用：请换一个名称。"] if change.values.get("name") == "禁用名" else []


ENTRIES = [
    Entry("name", "名称", required=True, names=("地块名称", "名字"), note="与批准文件一致。", example="柏庄镇东地块"),
    Entry("code", "外部代码", names=("宗地代码",), example="990101001001GB00001", longest=80),
    Entry("kind", "类别", "choice", required=True, choices=KINDS, example="地块", bulk=True),
    Entry("location", "坐落", "lines", bulk=True),
    Entry("holder", "使用权人", bulk=True),
    Entry("area_of_record_m2", "登记面积", "decimal", unit="m²", example="1200.5"),
    Entry("geometry", "范围", "geometry", required=True, example="POLYGON ((116.3 39.9, 116.4 39.9, 116.4 40, 116.3 39.9))"),
]  # fmt: skip

PLOTS = Register(
    name="faces.plots",
    collection="plots",
    title="试验地块",
    permission="land.read",
    queryset=standing.parcels,
    knows_past=True,
    key="parcel__uid",
    columns=[
        Column("number", "地块编号", "parcel__number", sort="parcel__number", width=12, frozen=True, format=cells.link),
        Column("name", "名称", sort="name", width=16, format=cells.clamp),
        Column("code", "外部代码", sort="code", width=14),
        Column("kind", "类别", sort="kind", width=5, format=lambda value, row: cells.text(dict(KINDS).get(value), row)),
        Column("holder", "使用权人", sort="holder", width=12),
        Column("area_m2", "计算面积（m²）", sort="area_m2", width=9, numeric=True, format=cells.number, type="number"),
        Column("mu", "亩", lambda row: round(row["area_m2"] * 0.0015, 2), ["area_m2"], numeric=True, type="number"),
        Column("area_of_record_m2", "登记面积", sort="area_of_record_m2", numeric=True, type="number"),
        Column("location", "坐落", shown=False),
        Column("since", "起", sort="since", width=7, format=cells.day, type="date"),
    ],
    filters=[ChoiceFilter("kind", "类别", choices=KINDS), TextFilter("of_holder", "权利人", fields=["holder"])],
    search=["name", "code", "parcel__number", "holder"],
    default_sort="number",
    ground=Ground("geometry", area="area_m2", title="name"),
    personal=["holder"],
    personal_permission="land.read_personal",
    totals={"area_m2": Sum("area_m2")},
    writing=Writing(entries=ENTRIES, permission="land.keep_parcels", add=add, change=alter, guard=guard),
    record=lambda actor, row, on: RecordPage(
        chips=[Chip("busy", "待调查", why="还没有调查报告")],
        life=[Step("登记", "done", date(2026, 1, 5)), Step("调查", "here"), Step("治理修复", "ahead")],
        related=[("相邻地块", "/kit/r/plots/?q=北侧")],
    ),
)


@contextmanager
def declared(made: Register = PLOTS) -> Iterator[Register]:
    """The register is known while this lasts."""
    register.add(made)
    try:
        yield made
    finally:
        register._registers.pop(made.name, None)
