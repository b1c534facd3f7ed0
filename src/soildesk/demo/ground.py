"""The ground of the example: other offices' layers, lots and fields, unused land with its patrols, and a lot that was split."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

import shapely
from django.utils import timezone

from soildesk.core import clock
from soildesk.core.models import Department, Person
from soildesk.core.permissions import Actor
from soildesk.kit.gis import targets
from soildesk.kit.gis.asked import Asked
from soildesk.kit.gis.loading import File
from soildesk.kit.gis.taking import Order, take
from soildesk.land.models import Layer, ParcelVersion, Patrol, UnusedLandVersion
from soildesk.land.queries import standing
from soildesk.land.services import layers, lineage, patrols
from soildesk.land.services.layers import LayerFacts
from soildesk.land.services.lineage import Paper, Piece
from soildesk.land.services.patrols import Seen
from soildesk.land.services.writing import Place

OFFICER, OFFICE = "linlan", "青禾区生态环境局"
SINCE = date(2025, 1, 1)
LAYERS = {
    "行政区界线": LayerFacts("towns", "行政区界线", Layer.Kind.DIVISION, "青禾区民政局"),
    "永久基本农田": LayerFacts("basic_farmland", "永久基本农田", Layer.Kind.BASIC_FARMLAND, "青禾区自然资源局"),
    "优先保护类耕地集中区": LayerFacts(
        "priority_farmland", "优先保护类耕地集中区", Layer.Kind.PRIORITY_FARMLAND, "青禾区农业农村局"
    ),
    "粮食生产功能区": LayerFacts(
        "food_zones", "粮食生产功能区和重要农产品生产保护区", Layer.Kind.FOOD_ZONE, "青禾区人民政府"
    ),
    "饮用水水源保护区": LayerFacts(
        "water_source", "饮用水水源保护区", Layer.Kind.WATER_SOURCE, "示例省人民政府", class_attribute="分级"
    ),
    "生态保护红线": LayerFacts("red_line", "生态保护红线", Layer.Kind.RED_LINE, "示例省自然资源厅"),
    "工业园区": LayerFacts("parks", "工业园区", Layer.Kind.PARK, "青禾区人民政府"),
    "规划用地": LayerFacts(
        "planning", "国土空间规划用地", Layer.Kind.PLANNING, "青禾区自然资源局", class_attribute="用途"
    ),
    "土壤污染管控区": LayerFacts("control_areas", "土壤污染管控区", Layer.Kind.CONTROL_ZONE, "青禾区人民政府"),
}
PUBLIC = ("towns", "water_source", "red_line", "parks")
SPLIT = "青禾化肥厂"
VISITS = (  # unused land, day, found, note, action
    ("柳溪河滩", date(2026, 4, 15), Patrol.Found.NOTHING, "", ""),
    ("柳溪河滩", date(2026, 9, 22), Patrol.Found.DUMPING, "滩地北端有建筑垃圾约两车，无异味。", ""),
    ("站前河滩", date(2026, 9, 23), Patrol.Found.NOTHING, "", ""),
    ("白鹭盐碱洼", date(2026, 3, 20), Patrol.Found.NOTHING, "", ""),
    (
        "石门废弃采石坑",
        date(2026, 8, 11),
        Patrol.Found.POLLUTION,
        "坑底积水泛黄，岸边有油渍。",
        "已取水样送检，坑口设警示牌。",
    ),
    ("河东草滩", date(2026, 7, 2), Patrol.Found.NOTHING, "", ""),
)


def tell(folder: Path) -> None:
    """Take the files of `folder` in, as the officer would have, and let the year go on."""
    office = Department.objects.select_related("division").get(name=OFFICE)
    place = Place(office.division, office)
    by = Actor.of(Person.objects.get(username=OFFICER), on=clock.today())
    for name, facts in LAYERS.items():
        layers.make(facts, place, by=by, at=clock.now())
        taken(facts.code, folder / f"{name}.geojson", by)
    for layer in Layer.objects.filter(code__in=PUBLIC):
        layers.publish(layer.editions.get(), by=by, at=clock.now())
    for collection, name in (("parcels", "宗地"), ("parcels", "耕地图斑"), ("unused_land", "未利用地")):
        taken(collection, folder / f"{name}.geojson", by)
    _split(by)
    _visit(by)


def taken(collection: str, path: Path, by: Actor, since: date = SINCE) -> None:
    """A file of shapes taken in as its owner would."""
    said = {"use_system": "guide2023"} if collection == "parcels" else {}
    asked = Asked(since=since, why="示例区初始数据", document="示例", constants=said)
    target = targets.target(by, collection, clock.today())
    take(Order(target, File(path, path.name, by_command=True), asked), clock.now(), lambda done, total: None)


def _split(by: Actor) -> None:
    """A works gives half of its lot away."""
    lot: ParcelVersion = standing.parcels(by, SINCE).get(name=SPLIT)
    west, south, east, north = lot.geometry.bounds
    middle = (west + east) / 2
    halves = [
        Piece(shapely.intersection(lot.geometry, shapely.box(*edges)))
        for edges in ((west, south, middle, north), (middle, south, east, north))
    ]
    paper = Paper(date(2025, 7, 1), "企业缩减用地，东半部分收回储备", "青自然资分割〔2025〕3号")
    lineage.split(lot, halves, paper, by=by, at=clock.now())


def _visit(by: Actor) -> None:
    """The patrols of the year."""
    for name, on, found, note, action in VISITS:
        if on <= clock.today():
            land = UnusedLandVersion.objects.visible_to(by).standing(on).get(name=name)
            at = timezone.make_aware(datetime.combine(on, time(10)))
            patrols.record(land, Seen(found, on, note, action, land.geometry.representative_point()), by=by, at=at)
