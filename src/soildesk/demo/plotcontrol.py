"""Two plots of the example that are not developed for now: one zone approved, one proposed; this year's plan, media, rounds by phone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from soildesk.demo.monitoring import actor, moment
from soildesk.land.services.patrols import Photo
from soildesk.plots.models import ControlRound, ControlYear, Plot
from soildesk.plots.services import control, controlrounds
from soildesk.plots.services.control import Approval, Monitored, Terms
from soildesk.plots.services.controlrounds import Seen
from soildesk.plots.services.events import Document
from soilrules.plots.control import Medium

OFFICER = "linlan"
HEAP, LANDFILL = "原青石硫铁矿堆场地块", "北湖垃圾填埋场旧址地块"
STONE, LAKE = "shixin", "hubei"
"""Whoever goes the rounds for the town."""
MEASURES = {
    HEAP: "四周围挡并设标识，表层覆盖 50 厘米清洁土，东侧设截洪沟；禁止人员进入、取土和新建与管控无关的建筑。",
    LANDFILL: "封闭出入口，设标识，保持封场覆盖层和导气设施完好；禁止开挖、堆放和新建与管控无关的建筑。",
}
PROPOSED = {HEAP: date(2025, 3, 20), LANDFILL: date(2026, 10, 14)}
APPROVAL = Approval(date(2025, 5, 8), "青政函〔2025〕17号（示例）", "青禾区人民政府")
ANNOUNCED, MARKED = date(2025, 5, 19), date(2025, 5, 27)
TERMS_OF = "云泽市暂不开发利用污染地块风险管控工作通知（云环函〔2025〕9号，示例）第三条"
OPENED, FILED = {2025: date(2025, 6, 3), 2026: date(2026, 1, 12)}, {2025: date(2025, 6, 24), 2026: date(2026, 3, 25)}
PLAN_DUE = {2025: date(2025, 6, 30), 2026: date(2026, 3, 31)}
NEXT = date(2026, 10, 20)
"""When this year's plan was asked of the plot whose zone is proposed; nobody has set a term for it."""
CONTENT = "覆盖层维护、截洪沟清淤、每季度巡查；土壤和环境空气每年一次，地下水和地表水每年丰、枯水期各一次。"
DUE = {Medium.GROUNDWATER: (6, 30), Medium.SURFACE_WATER: (6, 30), Medium.SOIL: (10, 31), Medium.AIR: (12, 20)}
DONE = {
    (2025, Medium.GROUNDWATER): date(2025, 6, 27), (2025, Medium.SURFACE_WATER): date(2025, 6, 27),
    (2025, Medium.SOIL): date(2025, 10, 16), (2025, Medium.AIR): date(2025, 12, 9),
    (2026, Medium.GROUNDWATER): date(2026, 6, 18), (2026, Medium.SURFACE_WATER): date(2026, 6, 18),
}  # fmt: skip
"""What was monitored; this year's soil is overdue, and the air has time."""


@dataclass(frozen=True)
class Walked:
    """One round: where, who, when, what was seen, a photograph of it, and what was done against a spread."""

    plot: str
    who: str
    on: date
    note: str
    answers: tuple[bool | None, bool | None, bool | None, bool | None] = (False, True, False, False)
    photo: str = ""
    measure: str = ""
    measured: date | None = None


ROUNDS = (
    Walked(HEAP, STONE, date(2025, 9, 11), "围挡、标识完好，未见人员进入。"),
    Walked(HEAP, STONE, date(2025, 12, 4), "围挡、标识完好。"),
    Walked(HEAP, STONE, date(2026, 3, 17), "标识牌被风刮倒，已扶起并报区局重新固定。", (False, False, False, False)),
    Walked(
        HEAP, STONE, date(2026, 7, 15), "连日降雨后，东侧围挡外有黄褐色淋溶水外溢，约 20 米长，未到沟渠。", (False, True, True, False),
        "淋溶水外溢", "7 月 16 日起在东侧开挖截流沟 35 米、设集水坑，抽至应急池，外溢已止。", date(2026, 7, 18),
    ),
    Walked(HEAP, STONE, date(2026, 10, 13), "截流沟运行正常，集水坑水位低；北侧灌木茂密，未能查看围挡底部。", (False, True, None, False), "截流沟"),
    Walked(LANDFILL, LAKE, date(2026, 10, 21), "封场覆盖层完好，出入口上锁；尚未设置标识。", (False, None, False, False)),
    Walked(LANDFILL, LAKE, date(2026, 11, 12), "西侧空地堆放建材约 200 平方米，看守人称是附近工地临时存放。", (False, None, False, True), "堆放建材"),
)  # fmt: skip


def acts(folder: Path, plots: Mapping[str, Plot]) -> list[tuple[date, Callable[[], Any]]]:
    """What was done on plots under control, each on its day."""
    found: list[tuple[date, Callable[[], Any]]] = [
        (on, partial(_propose, plots, name)) for name, on in PROPOSED.items()
    ]
    found += [
        (APPROVAL.on, partial(_approve, folder, plots)),
        (ANNOUNCED, partial(_announce, folder, plots)),
        (MARKED, partial(_mark, folder, plots)),
    ]
    for year, on in OPENED.items():
        found += [(on, partial(_open, plots, year, on)), (FILED[year], partial(_file, folder, plots, year))]
    found += [(on, partial(_monitored, folder, plots, *key)) for key, on in DONE.items()]
    found.append((NEXT, partial(_ask_next, plots)))
    return [*found, *_walks(folder, plots)]


def _walks(folder: Path, plots: Mapping[str, Plot]) -> list[tuple[date, Callable[[], Any]]]:
    found: list[tuple[date, Callable[[], Any]]] = []
    for one in ROUNDS:
        found.append((one.on, partial(_walk, folder, plots, one)))
        if one.measured:
            found.append((one.measured, partial(_measure, plots, one, one.measured)))
    return found


def _propose(plots: Mapping[str, Plot], name: str) -> None:
    on = PROPOSED[name]
    control.propose(plots[name], MEASURES[name], on, by=actor(OFFICER, on), at=moment(on))


def _paper(folder: Path, name: str) -> Document:
    return Document(name, (folder / name).read_bytes())


def _zone(plots: Mapping[str, Plot]) -> Any:
    return control.zone_of(plots[HEAP])


def _approve(folder: Path, plots: Mapping[str, Plot]) -> None:
    on = APPROVAL.on
    control.approve(_zone(plots), APPROVAL, _paper(folder, "管控区域批复.pdf"), by=actor(OFFICER, on), at=moment(on))


def _announce(folder: Path, plots: Mapping[str, Plot]) -> None:
    by, at = actor(OFFICER, ANNOUNCED), moment(ANNOUNCED)
    control.announce(_zone(plots), ANNOUNCED, _paper(folder, "管控区域公告.pdf"), by=by, at=at)


def _mark(folder: Path, plots: Mapping[str, Plot]) -> None:
    control.set_sign(_zone(plots), MARKED, _paper(folder, "管控标识.png"), by=actor(STONE, MARKED), at=moment(MARKED))


def _open(plots: Mapping[str, Plot], year: int, on: date) -> None:
    media = {medium: date(year, *day) for medium, day in DUE.items()}
    terms = Terms(year, PLAN_DUE[year], TERMS_OF, media, TERMS_OF)
    control.open_year([plots[HEAP]], terms, by=actor(OFFICER, on), at=moment(on))


def _ask_next(plots: Mapping[str, Plot]) -> None:
    control.open_year([plots[LANDFILL]], Terms(NEXT.year), by=actor(OFFICER, NEXT), at=moment(NEXT))


def _year(plots: Mapping[str, Plot], year: int) -> ControlYear:
    return ControlYear.objects.get(plot=plots[HEAP], year=year)


def _file(folder: Path, plots: Mapping[str, Plot], year: int) -> None:
    on = FILED[year]
    paper = _paper(folder, "管控计划.pdf")
    control.file_plan(_year(plots, year), on, CONTENT, paper, by=actor(OFFICER, on), at=moment(on))


def _monitored(folder: Path, plots: Mapping[str, Plot], year: int, medium: Medium) -> None:
    on = DONE[year, medium]
    told = Monitored(medium, on, report=_paper(folder, "管控监测报告.pdf"))
    control.monitored(_year(plots, year), told, by=actor(OFFICER, on), at=moment(on))


def _walk(folder: Path, plots: Mapping[str, Plot], one: Walked) -> None:
    photos = [Photo(f"{one.photo}.png", (folder / f"{one.photo}.png").read_bytes(), "东")] if one.photo else []
    seen = Seen(one.on, *one.answers, note=one.note, photos=photos)
    controlrounds.record(plots[one.plot], seen, by=actor(one.who, one.on), at=moment(one.on, 15))


def _measure(plots: Mapping[str, Plot], one: Walked, on: date) -> None:
    held = ControlRound.objects.get(plot=plots[one.plot], on=one.on)
    controlrounds.stop_spread(held, one.measure, on, by=actor(one.who, on), at=moment(on))
