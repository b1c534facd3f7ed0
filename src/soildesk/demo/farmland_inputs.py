"""The example's inputs: figures of five years, the last of them taken in from the bureau's own table; holdings, ledgers, films, sludge."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import shapely
from django.utils import timezone

from soildesk.core import clock
from soildesk.core.models import Department, Division, Person
from soildesk.core.permissions import Actor
from soildesk.demo.people import rows
from soildesk.farmland import figuresimport
from soildesk.farmland.models import HoldingVersion, InputEntry, TownFigure, UnitVersion
from soildesk.farmland.mu import to_m2
from soildesk.farmland.queries.waters import waters
from soildesk.farmland.services import figures, filmpoints, holdings, spreading, watertraces
from soildesk.farmland.services.figures import Reported
from soildesk.kit import imports
from soildesk.kit.imports import Purpose
from soildesk.land.services.writing import Place
from soilrules.farmland.inputdata import inputs

FARMER, OFFICE, TOWN = "maijia", "青禾区农业农村局", "lubai"
TABLE = "2025年农业投入品统计表.xlsx"
TAKEN_IN, EXPLAINED, SINCE = date(2026, 3, 12), date(2026, 3, 20), date(2024, 1, 1)
YES = {"是": True, "否": False, "": None}
FILM_POINTS = (  # name, town, place, years under film, what was found
    ("白鹭镇棉田 1 号", "白鹭镇", (116.9035, 36.2281), 12, ((date(2025, 10, 15), "68.4"), (date(2026, 10, 12), "71.9"))),
    ("白鹭镇花生地 2 号", "白鹭镇", (116.9101, 36.2312), 9, ((date(2025, 10, 15), "41.2"), (date(2026, 10, 12), "38.5"))),
    ("柳溪镇蔬菜地 1 号", "柳溪镇", (116.8495, 36.2452), 18, ((date(2025, 10, 16), "79.6"), (date(2026, 10, 13), "77.3"))),
    ("青石镇玉米地 1 号", "青石镇", (116.8131, 36.2149), 5, ((date(2025, 10, 16), "12.8"),)),
)  # fmt: skip
SPREADINGS = (  # kind, unit, day, tonnes, mu, origin, report, within
    ("manure", "990101-DY-0277", date(2026, 3, 5), "36", "20", "白鹭镇北滩奶牛场", "FW-2026-018", True),
    ("compost", "990101-DY-0279", date(2026, 3, 18), "24", "18", "云泽有机肥厂", "DF-2026-007", True),
    ("manure", "990101-DY-0168", date(2026, 4, 9), "15", "12", "河东周边散养户", "", None),
    ("sludge", "990101-DY-0005", date(2025, 11, 6), "13", "22", "青禾区城市污水处理厂", "WN-2025-031", True),
)  # fmt: skip
CHECKS = (  # holding, kind, what, day, paper, passes, what was done
    ("柳溪清源生猪养殖场", "manure", "粪污处理设施运行、还田去向", date(2026, 4, 22), "青农检〔2026〕第 11 号（示例）", True, ""),
    ("白鹭镇北滩奶牛场", "manure", "粪污处理设施运行、还田去向", date(2026, 4, 23), "青农检〔2026〕第 12 号（示例）", False, "责令清理氧化塘外溢粪水，5 月 10 日复查已整改"),
    ("柳溪镇丰收农资服务部", "feed", "氟苯尼考粉", date(2026, 5, 26), "云兽检〔2026〕031 号（示例）", True, ""),
    ("白鹭镇惠农农资店", "fertiliser", "复合肥 15-15-15（总养分不足）", date(2026, 4, 18), "云质检〔2026〕077 号（示例）", False, "下架封存，移送市场监管部门"),
)  # fmt: skip
ASKED = (("asked_fertiliser_use", "41.5"), ("asked_pesticide_use", "42.5"), ("asked_soil_test_cover", "90"))
ASKED_BY = "云农发〔2025〕9号（示例）"


def tell(folder: Path) -> None:
    """Everything of `folder`, as the farming office kept it."""
    office = Department.objects.select_related("division").get(name=OFFICE)
    by = Actor.of(Person.objects.get(username=FARMER), on=clock.today())
    towns = {one.name: one for one in Division.objects.filter(until=None, path__startswith=office.division.path)}
    _figures(folder, towns, by)
    _bureau(folder / TABLE, by)
    made = _holdings(folder / "经营主体.csv", towns, office, by)
    _ledger(folder / "投入品台账.csv", made, office, by)
    _checks(made, office, by)
    _asked(office, by)
    _film(towns, office, by)
    _spread(office, by)
    _trace(by)


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9, 30)))


def _figures(folder: Path, towns: Mapping[str, Division], by: Actor) -> None:
    """The years before: one taking in a year, as it was in the spring after it."""
    told: dict[int, list[Reported]] = {}
    for row in rows(folder / "投入品数据.csv"):
        figure = inputs().called(row["指标"])
        assert figure is not None, row
        one = Reported(int(row["年度"]), towns[row["镇街"]], figure.key, Decimal(row["数值"]))
        told.setdefault(one.year, []).append(one)
    for year, many in told.items():
        figures.take_in(many, by=by, at=_morning(date(year + 1, 3, 12)))


def _bureau(path: Path, by: Actor) -> None:
    """The bureau's table as it is; a town says why it used twice as much film, another has not answered yet."""
    purpose = Purpose(by, _morning(TAKEN_IN))
    batch = imports.preview(figuresimport.KIND, path.read_bytes(), path.name, purpose)
    imports.accept(batch, purpose)
    odd = TownFigure.objects.get(superseded_at=None, year=2025, figure="film_t", division__name="白鹭镇")
    town = Actor.of(Person.objects.get(username=TOWN), on=clock.today())
    words = "2025 年新建越冬蔬菜大棚 860 亩，棚膜集中换新，已核对购销台账。"
    figures.explain(odd, words, by=town, at=_morning(EXPLAINED))


def _holdings(path: Path, towns: Mapping[str, Division], office: Department, by: Actor) -> dict[str, HoldingVersion]:
    made = {}
    for row in rows(path):
        facts: dict[str, Any] = {
            "name": row["名称"], "code": row["统一社会信用代码"], "produce": row["农产品或者畜种"], "outlet": row["废水排放口"],
            "kind": _called(HoldingVersion.Kind, row["类别"]), "form": _called(HoldingVersion.Form, row["主体类型"]),
            "edible": YES[row["种植食用农产品"]], "equipped": YES[row["配套粪污处理设施"]], "has_outlet": YES[row["有生产废水排放口"]],
            "area_m2": to_m2(Decimal(row["设施种植面积"])) if row["设施种植面积"] else None,
            "outlet_checked_on": date.fromisoformat(row["排放口排查日期"]) if row["排放口排查日期"] else None,
            "geometry": shapely.Point(float(row["经度"]), float(row["纬度"])), "licence": row["资质证书编号"],
            "licence_until": date.fromisoformat(row["资质有效期至"]) if row["资质有效期至"] else None,
        }  # fmt: skip
        where = Place(towns[row["乡镇"]], office)
        made[row["名称"]] = holdings.register(facts, where, since=SINCE, by=by, at=_morning(SINCE))
    return made


def _called(choices: Any, label: str) -> str:
    return str(next(value for value, name in choices.choices if str(name) == label))


def _ledger(path: Path, made: Mapping[str, HoldingVersion], office: Department, by: Actor) -> None:
    for row in rows(path):
        of = made[row["经营主体"]]
        day = date.fromisoformat(row["日期"])
        facts = {
            "holding": of.holding, "on": day, "kind": _called(InputEntry.Kind, row["类别"]), "name": row["名称"],
            "amount_kg": Decimal(row["数量"]), "thickness_mm": Decimal(row["厚度"]) if row["厚度"] else None,
            "highly_toxic": YES[row["高毒农药"]], "from_to": row["来源或者去向"],
            "paid_yuan": Decimal(row["付给交回人"]) if row["付给交回人"] else None,
        }  # fmt: skip
        town = Division.objects.get(path=of.division_path, until=None)
        holdings.ENTRIES.tell(facts, Place(town, office), by=by, at=_morning(day))


def _checks(made: Mapping[str, HoldingVersion], office: Department, by: Actor) -> None:
    """Inputs sampled and farms looked at: one farm was not, what was found at another is being dealt with."""
    for name, kind, product, day, paper, passes, done in CHECKS:
        of = made[name]
        facts = {
            "holding": of.holding, "on": day, "kind": kind, "product": product, "report_number": paper, "passes": passes,
            "done": done,
        }  # fmt: skip
        where = Place(Division.objects.get(path=of.division_path, until=None), office)
        holdings.CHECKS.tell(facts, where, by=by, at=_morning(day))


def _asked(office: Department, by: Actor) -> None:
    """What the city asks of the rates of 2025."""
    for key, least in ASKED:
        one = Reported(2025, office.division, key, Decimal(least), TownFigure.Source.DEPARTMENT, ASKED_BY)
        figures.report(one, by=by, at=_morning(EXPLAINED))


def _film(towns: Mapping[str, Division], office: Department, by: Actor) -> None:
    for name, town, at, years, found in FILM_POINTS:
        where = Place(towns[town], office)
        facts = {"name": name, "geometry": shapely.Point(at), "covered_years": years}
        point = filmpoints.register(facts, where, since=SINCE, by=by, at=_morning(SINCE)).point
        for day, kg in found:
            if day <= by.today:
                said = {"point": point, "on": day, "kg_per_ha": Decimal(kg), "depth_cm": Decimal(20)}
                filmpoints.RESIDUES.tell(said, where, by=by, at=_morning(day))


def _spread(office: Department, by: Actor) -> None:
    for kind, code, day, tonnes, mu, origin, report, within in SPREADINGS:
        unit = UnitVersion.objects.standing(by.today).get(code=code)
        facts = {
            "kind": kind, "unit": unit.unit, "on": day, "tonnes": Decimal(tonnes), "area_m2": to_m2(Decimal(mu)), "origin": origin,
            "report_number": report, "within": within,
        }  # fmt: skip
        town = Division.objects.get(path=unit.division_path, until=None)
        spreading.SPREADINGS.tell(facts, Place(town, office), by=by, at=_morning(day))


def _trace(by: Actor) -> None:
    """Where irrigation water exceeds, somebody looked where it comes from; what was found waits for its measure."""
    for one in waters(by, by.today):
        if one.owes and one.sampled_on is not None:
            day = min(date.fromordinal(one.sampled_on.toordinal() + 20), by.today)
            facts = {
                "point": one.point.point, "on": day, "year": one.sampled_on.year, "analytes": one.analyte,
                "found": "沿渠上溯 2 公里采样，来源指向上游排口，正在核实排放单位。", "source": "工业源（待核实）",
            }  # fmt: skip
            where = Place(Division.objects.get(path=one.point.division_path, until=None), one.point.owner_department)
            watertraces.TRACES.tell(facts, where, by=by, at=_morning(day))
            return
