"""The example's construction land: plots with what happened to them, lists, written notices, candidates, other offices' plans.

Told through the services and imports people use, each act on its day; what lies ahead of today is left out.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from soildesk.core import clock
from soildesk.core.models import Department, Division
from soildesk.core.permissions import Actor
from soildesk.decisions.services import ground_acts
from soildesk.demo import ground, plotcontrol, plotpanels, plotsurveys
from soildesk.demo.monitoring import actor, moment
from soildesk.demo.people import rows
from soildesk.demo.plotreports import Dated, Reports, until_today
from soildesk.kit import imports
from soildesk.kit.imports import Purpose
from soildesk.land.models import Layer, ParcelVersion
from soildesk.land.queries import standing
from soildesk.land.services import layers, lineage
from soildesk.land.services.layers import LayerFacts
from soildesk.land.services.lineage import Paper, Piece
from soildesk.land.services.writing import Place
from soildesk.plots.models import Candidate, ListNotice, Plot, PlotVersion, WrittenNotice
from soildesk.plots.services import candidates, events, lists, notices, plots
from soildesk.plots.services.candidates import Fed
from soildesk.plots.services.events import Document, Told
from soildesk.plots.services.lists import Moved
from soilrules.plots.lifedata import life_table
from soilrules.plots.lists import plot_lists
from soilrules.plots.state import EventKind

OFFICER, OFFICE = "linlan", "青禾区生态环境局"
FIRST_LOAD = date(2023, 3, 15)
CLOSED, SEEN, DECIDED = date(2026, 4, 16), date(2026, 8, 3), date(2026, 9, 10)
FROM_CANDIDATE = "柳溪镇南加油站地块"
PLANNED = date(2026, 11, 2)
SPLIT, SPLIT_ON = "城关街道33号宗地", date(2025, 11, 20)
NAMES = {
    "全国系统地块编码": "code", "坐落": "location", "用地分类标准": "use_system", "现状用途": "use_now", "规划用途": "use_planned",
    "原用途行业代码": "industry", "土地使用权人": "holder", "使用权人类别": "holder_kind", "主要污染物": "pollutants", "风险等级": "risk_level",
    "责任人认定": "responsible_state", "土壤污染责任人": "responsible", "污染深度（m）": "depth_m", "污染土方量（m³）": "volume_m3",
}  # fmt: skip
ACT_NAMES = {
    "事项": "act", "项目名称": "project", "用地单位": "unit", "办理机关": "office", "文号": "document", "用途代码": "use",
    "用地分类标准": "use_system",
}  # fmt: skip
YES_NO = {"是": True, "否": False}
LAYERS = {
    "供地计划2027年": LayerFacts(
        "supply_plan", "2027年国有建设用地供应计划", Layer.Kind.OTHER, "青禾区自然资源局", class_attribute="规划用途"
    ),
    "详细规划地块": LayerFacts(
        "detailed_plan", "详细规划地块", Layer.Kind.PLANNING, "青禾区自然资源局", class_attribute="规划用途"
    ),
}
LINKED = {"青禾焦化有限公司用地": "青禾焦化旧址地块", "青禾农药有限公司用地": "原青禾农药厂地块"}
DISMISSED = {"城关食品罐头厂用地": "现场核实：食品加工，无有毒有害物质使用、贮存，无需列为疑似。"}


@dataclass
class District:
    """The plots as they are told: by name, with the ground of each and of the reports that cover a part."""

    folder: Path
    place: Place
    grounds: dict[str, BaseGeometry] = field(default_factory=dict)
    plots: dict[str, Plot] = field(default_factory=dict)
    listed: dict[tuple[str, str], ListNotice] = field(default_factory=dict)
    officers: dict[date, Actor] = field(default_factory=dict)

    def by(self, on: date) -> Actor:
        """The officer on a day."""
        if on not in self.officers:
            self.officers[on] = actor(OFFICER, on)
        return self.officers[on]

    @cached_property
    def covered(self) -> dict[str, BaseGeometry]:
        """What the survey of a plot covers, where that is not all of it."""
        return {facts["名称"]: shape for shape, facts in features(self.folder / "调查范围.geojson")}

    def surveyed(self, name: str) -> BaseGeometry:
        """The ground that reports on a plot cover."""
        return self.covered.get(name, self.grounds[name])

    @cached_property
    def reports(self) -> Reports:
        """The reports on the plots."""
        return Reports(self.folder, self.place, self.plots, self.surveyed)


def tell(folder: Path) -> None:
    """Load the plots of the district and their story until today."""
    office = Department.objects.select_related("division").get(name=OFFICE)
    district = District(folder, Place(office.division, office))
    _register(district)
    plotpanels.tell(district.place)
    district.reports.batches |= plotsurveys.tell(folder, district.place, district.grounds)
    acts = [*_first_load(district), *_notices(district), *_happened(district), *_written(district), *_feeds(district)]
    until_today([*acts, *district.reports.acts(), *plotcontrol.acts(folder, district.plots)])
    _split(district)
    _layers(district)
    _ground_acts(district)


def features(path: Path) -> list[tuple[BaseGeometry, dict[str, Any]]]:
    """The shapes of a file with what is said of each."""
    found = json.loads(path.read_text("utf-8"))["features"]
    return [(shapely.geometry.shape(one["geometry"]), one["properties"]) for one in found]


def _register(district: District) -> None:
    towns = {
        one.name: one for one in Division.objects.filter(path__startswith=district.place.division.path, until=None)
    }
    for shape, facts in features(district.folder / "地块.geojson"):
        district.grounds[facts["名称"]] = shape
        since = date.fromisoformat(facts["登记日期"])
        if facts["名称"] == FROM_CANDIDATE or since > clock.today():
            continue
        place = Place(towns[facts["所在乡镇"]], district.place.department)
        made = plots.register(_facts(shape, facts), place, since=since, by=district.by(since), at=moment(since))
        district.plots[facts["名称"]] = made.plot


def _facts(shape: BaseGeometry, told: Mapping[str, str]) -> dict[str, Any]:
    said: dict[str, Any] = {key: told[title] for title, key in NAMES.items() if told[title]}
    water, used = YES_NO.get(told["地下水受污染"]), YES_NO.get(told["已开发利用"])
    return {**said, "name": told["名称"], "geometry": shape, "groundwater_polluted": water, "developed": used}


def _first_load(district: District) -> list[Dated]:
    """The export of the national system, taken in when the desk began."""
    export = district.folder / "全国系统导出2023年3月.xlsx"
    return [(FIRST_LOAD, partial(_imported, "plots.national", export, district, FIRST_LOAD))]


def _imported(kind: str, path: Path, district: District, on: date) -> None:
    purpose = Purpose(district.by(on), moment(on))
    imports.accept(imports.preview(imports.kind_called(kind), path.read_bytes(), path.name, purpose), purpose)


def _notices(district: District) -> list[Dated]:
    """The notices of the lists, each with the plots it names."""
    named: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in rows(district.folder / "事项.csv"):
        if row["名单"]:
            named[row["名单"], row["文号"]].append(row)
    return [
        (date.fromisoformat(row["成文日期"]), partial(_list, district, row, named[row["名单"], row["文号"]]))
        for row in rows(district.folder / "名单公告.csv")
    ]


def _list(district: District, row: Mapping[str, str], named: list[dict[str, str]]) -> None:
    on = date.fromisoformat(row["成文日期"])
    said = {
        "list_key": row["名单"], "number": row["文号"], "title": row["标题"], "lot": row["批次"], "authority": row["机关"],
        "level": row["层级"], "decided_on": on, "published_on": on,
    }  # fmt: skip
    by, at = district.by(on), moment(on)
    made = lists.register(said, district.place, by=by, at=at)
    lists.attach(made, data=(district.folder / "名单公告.pdf").read_bytes(), name="名单公告.pdf", by=by, at=at)
    enters = plot_lists()[row["名单"]].enters_by  # type: ignore[index]
    moved = [Moved(district.plots[one["地块"]], one["事项"] == enters, one["说明"]) for one in named]
    lists.take_in(made, moved, by=by, at=at)


def _happened(district: District) -> list[Dated]:
    """What no notice of a list tells."""
    told = [row for row in rows(district.folder / "事项.csv") if not row["名单"]]
    return [(date.fromisoformat(row["日期"]), partial(_event, district, row)) for row in told]


def _event(district: District, row: Mapping[str, str]) -> None:
    on, name = date.fromisoformat(row["日期"]), row["地块"]
    if passing := district.reports.passing.get((name, row["事项"], row["日期"])):
        district.reports.accept(passing, row)
        return
    facts = json.loads(row["内容"]) if row["内容"] else {}
    if facts.pop("filed", False):
        facts["filed_on"] = on
    board = Document("修复工程公告牌.png", (district.folder / "管控标识.png").read_bytes())
    papers = {"signboard": board} if facts.pop("signboard", None) else {}
    told = Told(
        row["事项"], on, row["机关"], row["层级"], row["文号"], facts, note=row["说明"],
        covered=district.surveyed(name), file=_paper(row), papers=papers,
    )  # fmt: skip
    events.record(district.plots[name], told, by=district.by(on), at=moment(on))


def _paper(row: Mapping[str, str]) -> Document | None:
    """The paper of a conclusion that is on record from before the desk."""
    if "file" not in life_table().transitions[EventKind(row["事项"])].facts:
        return None
    text = f"示例文书，纯属虚构。\n{row['地块']}\n{row['机关']} {row['文号']} {row['日期']}\n"
    return Document(f"{row['文号'] or '意见'}.txt", text.encode())


def _written(district: District) -> list[Dated]:
    """Written notices, on the day of receipt; one is withdrawn."""
    found: list[Dated] = []
    for row in rows(district.folder / "书面通知.csv"):
        days = {key: date.fromisoformat(row[key]) if row[key] else None for key in ("发出日期", "送达日期", "撤回日期")}
        sent, received, withdrawn = days.values()
        assert sent
        on = received or sent
        said = {
            "kind": row["事项"],
            "number": row["文号"],
            "recipient": row["送达对象"],
            "sent_on": sent,
            "received_on": received,
        }
        found.append((on, partial(_serve, district, row["地块"], said, on)))
        if withdrawn:
            found.append((withdrawn, partial(_withdraw, district, row, withdrawn)))
    return found


def _serve(district: District, name: str, said: Mapping[str, Any], on: date) -> None:
    notices.serve(district.plots[name], said, by=district.by(on), at=moment(on))


def _withdraw(district: District, row: Mapping[str, str], on: date) -> None:
    held = WrittenNotice.objects.get(number=row["文号"])
    notices.withdraw(held, row["撤回理由"], by=district.by(on), at=moment(on))


def _feeds(district: District) -> list[Dated]:
    """Closed firms and images, and what was decided of some of them."""
    closed = district.folder / "关闭搬迁企业名单2026年一季度.xlsx"
    return [
        (CLOSED, partial(_imported, "plots.closed", closed, district, CLOSED)),
        (SEEN, partial(_images, district)),
        (DECIDED, partial(_decide, district)),
    ]


def _images(district: District) -> None:
    fed = [
        Fed(
            Candidate.Source.IMAGERY, f"imagery:{facts['图斑编号']}", f"遥感图斑 {facts['图斑编号']}",
            date.fromisoformat(facts["影像日期"]), address=f"青禾区{facts['所在乡镇']}", geometry=shape,
        )
        for shape, facts in features(district.folder / "遥感图斑.geojson")
    ]  # fmt: skip
    candidates.take_in(fed, by=district.by(SEEN), at=moment(SEEN))


def _decide(district: District) -> None:
    by, at = district.by(DECIDED), moment(DECIDED)
    for title, name in LINKED.items():
        candidate = Candidate.objects.get(title=title)
        candidates.link(candidate, district.plots[name], by=by, at=at, why="该企业原址，已登记为地块。")
    for title, why in DISMISSED.items():
        candidates.dismiss(Candidate.objects.get(title=title), by=by, at=at, why=why)
    facts = next(said for _shape, said in features(district.folder / "地块.geojson") if said["名称"] == FROM_CANDIDATE)
    said = _facts(district.grounds[FROM_CANDIDATE], facts)
    found = Candidate.objects.get(title="柳溪石油供应站用地")
    made = candidates.confirm(found, said, None, by=by, at=at, why="现场核实为加油站，拟收回改变用途，立为地块。")
    district.plots[FROM_CANDIDATE] = made.plot


def _split(district: District) -> None:
    """A parcel divided after the survey of its ground."""
    if clock.today() < SPLIT_ON:
        return
    by = district.by(SPLIT_ON)
    lot: ParcelVersion = standing.parcels(by, SPLIT_ON).get(name=SPLIT)
    west, south, east, north = lot.geometry.bounds
    middle = (west + east) / 2
    halves = [
        Piece(shapely.intersection(lot.geometry, shapely.box(*edges)))
        for edges in ((west, south, middle, north), (middle, south, east, north))
    ]
    paper = Paper(SPLIT_ON, "拟分期供应，分割为两宗", "青自然资分割〔2025〕7号")
    lineage.split(lot, halves, paper, by=by, at=moment(SPLIT_ON))


def _layers(district: District) -> None:
    """The plans of natural resources: what is to be supplied, and what land is to become."""
    if clock.today() < PLANNED:
        return
    for name, facts in LAYERS.items():
        layers.make(facts, district.place, by=district.by(clock.today()), at=clock.now())
        ground.taken(facts.code, district.folder / f"{name}.geojson", district.by(clock.today()), PLANNED)


def _ground_acts(district: District) -> None:
    """What offices did with ground, and what images showed of it."""
    for shape, told in features(district.folder / "用地办理事项.geojson"):
        on = date.fromisoformat(told["日期"])
        if on <= clock.today():
            said = {key: told[title] for title, key in ACT_NAMES.items()}
            facts = {**said, "on": on, "related": YES_NO.get(told["属于风险管控或修复工程"]), "geometry": shape}
            version = PlotVersion.objects.standing(clock.today()).get(plot=district.plots[told["地块"]])
            place = Place(Division.objects.get(path=version.division_path), district.place.department)
            ground_acts.record(facts, place, by=district.by(on), at=moment(on))
