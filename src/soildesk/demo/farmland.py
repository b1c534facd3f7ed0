"""The farmland of the example: units, households, what the province approved in 2021 and adjusted in 2024, a unit that was divided.

Told through the services people use, each act on its day.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import shapely
from django.utils import timezone

from soildesk.core import clock
from soildesk.core.models import Department, Person
from soildesk.core.permissions import Actor
from soildesk.demo import farmland_classes, farmland_grain, farmland_inputs, farmland_round, farmland_use
from soildesk.demo.people import rows
from soildesk.farmland.approvedwords import class_called
from soildesk.farmland.models import Unit, UnitVersion
from soildesk.farmland.mu import to_m2
from soildesk.farmland.services import approvals, households, lineage, units
from soildesk.farmland.services.approved import Approved
from soildesk.farmland.services.households import Tilling
from soildesk.farmland.services.lineage import Paper, Piece
from soildesk.farmland.services.units import Entered
from soildesk.land.services.writing import Place
from soilrules.analytes import candidates

FARMER, OFFICE, PROVINCE = "maijia", "青禾区农业农村局", "示例省人民政府"
SINCE, DIVIDED = date(2020, 1, 1), date(2023, 3, 15)
TEXTS = {
    "单元代码": "code", "单元名称": "name", "坐落": "location", "主要作物": "crop", "土壤类型": "soil_type", "地形部位": "topography",
    "灌溉水源": "irrigation", "周边污染源": "source", "污染程度依据": "pollution_source", "田长": "field_chief", "林长": "forest_chief",
}  # fmt: skip
WORDS = {
    "地类": ("ground", UnitVersion.Ground), "利用方式": ("use", UnitVersion.Use), "污染程度（详查）": ("pollution", UnitVersion.Pollution),
}  # fmt: skip
YES_NO = {"永久基本农田": "basic_farmland", "周边 2 km 有工矿企业": "industry_near"}
DECISIONS = (  # file, number, title, decided, receipt, uploaded
    ("批准类别清单2021年.csv", "示政函〔2021〕66号", "示例省人民政府关于同意云泽市农用地土壤环境质量类别划分成果的批复", date(2021, 6, 30), "NYD-9901-2021-0066", date(2021, 7, 20)),
    ("类别调整清单2024年.csv", "示政函〔2024〕112号", "示例省人民政府关于同意云泽市农用地土壤环境质量类别动态调整的批复", date(2024, 9, 10), "NYD-9901-2024-0112", date(2024, 9, 29)),
)  # fmt: skip
PAPER = "示例文件，纯属虚构。{title}（{number}）：同意所报类别，请按程序上传农用地环境信息系统。\n"


def tell(folder: Path) -> None:
    """Everything of `folder`, as the farming office took it in."""
    office = Department.objects.select_related("division").get(name=OFFICE)
    by = Actor.of(Person.objects.get(username=FARMER), on=clock.today())
    made = _units(folder / "评价单元.geojson", office, by)
    _households(folder / "农户.csv", made, by)
    _approve(folder, DECISIONS[0], office, by)
    _divide(by)
    _approve(folder, DECISIONS[1], office, by)
    farmland_grain.tell()
    farmland_use.tell()
    farmland_inputs.tell(folder)
    farmland_grain.test_late()
    farmland_round.tell(folder.with_name("monitoring"), office)
    farmland_classes.tell()


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9)))


def _units(path: Path, office: Department, by: Actor) -> dict[str, Unit]:
    towns = {
        one.short_name: one for one in Department.objects.filter(kind=Department.Kind.TOWN).select_related("division")
    }
    told = []
    for feature in json.loads(path.read_text("utf-8"))["features"]:
        said = feature["properties"]
        town = towns[said["所在乡镇"]]
        facts = _facts(said) | {"keeper": town, "geometry": shapely.geometry.shape(feature["geometry"])}
        told.append(Entered(facts, Place(town.division, office)))
    made = units.enter_many(told, since=SINCE, by=by, at=_morning(SINCE), why="农用地土壤污染状况详查单元")
    return {one.code: one.unit for one in made}


def _facts(said: Mapping[str, str]) -> dict[str, Any]:
    facts: dict[str, Any] = {key: said[name] for name, key in TEXTS.items()}
    for name, (key, choices) in WORDS.items():
        facts[key] = next((value for value, label in choices.choices if str(label) == said[name]), "")
    facts |= {key: {"是": True, "否": False}.get(said[name]) for name, key in YES_NO.items()}
    facts["area_of_record_m2"] = to_m2(said["登记面积（亩）"]) if said["登记面积（亩）"] else None
    return facts


def _households(path: Path, made: Mapping[str, Unit], by: Actor) -> None:
    told = []
    for row in rows(path):
        facts = {
            "head": row["户主"], "phone": row["联系电话"], "contract": row["承包合同编号"], "transferee": row["流转受让方"],
            "area_m2": to_m2(row["面积（亩）"]), "since": date.fromisoformat(row["起"]),
        }  # fmt: skip
        told.append(Tilling(made[row["单元代码"]], facts))
    households.enter_many(told, by=by, at=_morning(date(2021, 4, 1)))


def _approve(folder: Path, decision: tuple[str, str, str, date, str, date], office: Department, by: Actor) -> None:
    """A decision with its paper, the classes it names and the receipt of their upload."""
    file, number, title, decided, receipt, sent = decision
    at = _morning(decided)
    standing = dict(UnitVersion.objects.standing(decided).exclude(code="").values_list("code", "unit"))
    held = Unit.objects.in_bulk(standing.values())
    named = [
        Approved(
            held[standing[row["单元代码"]]],
            class_called(row["土壤环境质量类别"]),
            tuple(slug for name in filter(None, row["控制元素"].split("、")) for slug in candidates(name)),
            to_m2(row["面积（亩）"]),
        )
        for row in rows(folder / file)
    ]
    facts = {"number": number, "title": title, "authority": PROVINCE, "decided_on": decided, "since": decided}
    made = approvals.register(facts, [], Place(office.division, office), by=by, at=at)
    paper = PAPER.format(title=title, number=number).encode()
    approvals.attach(made, data=paper, name=f"批复{decided.year}年.txt", kind="approval", by=by, at=at)
    approvals.attach(made, data=(folder / file).read_bytes(), name=file, kind="list", by=by, at=at)
    approvals.take_in(made, named, by=by, at=at)
    approvals.uploaded(made, receipt=receipt, on=sent, by=by, at=_morning(sent))


def _divide(by: Actor) -> None:
    """Half of a safe-use unit became a greenhouse: two units since, each with the class its ground has."""
    rows_ = UnitVersion.objects.standing(DIVIDED).filter(
        unit__classes__farmland_class="safe_use", unit__classes__until=None
    )
    whole = rows_.filter(area_m2__gt=25_000).order_by("code").last()
    if whole is None:
        return
    west, south, east, north = whole.geometry.bounds
    middle = (west + east) / 2
    pieces = [
        Piece(shapely.intersection(whole.geometry, shapely.box(*edges)), facts)
        for edges, facts in (
            ((west, south, middle, north), {"code": f"{whole.code}-1", "name": f"{whole.name}（大田）"}),
            (
                (middle, south, east, north),
                {"code": f"{whole.code}-2", "name": f"{whole.name}（大棚）", "crop": "蔬菜"},
            ),
        )
    ]
    paper = Paper(DIVIDED, "东半部分建成蔬菜大棚，利用方式不同", "青农单元〔2023〕4号")
    lineage.split(whole, pieces, paper, by=by, at=_morning(DIVIDED))
