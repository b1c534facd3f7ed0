"""The example's monitoring: points, six rounds with their samples and files, and what became of the warnings.

Told through the services people use, each act on its day; what lies ahead of today is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path

import numpy as np
import shapely
from django.utils import timezone

from soildesk.core import clock
from soildesk.core.models import Department, Person
from soildesk.core.permissions import Actor
from soildesk.demo.people import rows
from soildesk.kit.gis import targets
from soildesk.kit.gis.asked import Asked
from soildesk.kit.gis.loading import File
from soildesk.kit.gis.taking import Order, take
from soildesk.land.services.writing import Place
from soildesk.monitoring.models import Campaign, PointVersion, SamplingTask
from soildesk.monitoring.services import batches, campaigns, custody, fieldwork, intake, sampling
from soildesk.monitoring.services.custody import Handing
from soildesk.monitoring.services.intake import Sent
from soildesk.monitoring.services.sampling import Wanted

OFFICER, LABORATORY, OFFICE = "linlan", "puheng", "青禾区生态环境局"
AGENCY = "云泽谱衡检测有限公司"
SINCE = date(2024, 1, 1)
SHEET = "采样记录"
OFF = (0.00003, -0.00002)
"""Degrees by which a receiver in the field is wrong."""
METALS = ["cadmium", "mercury", "arsenic", "lead", "chromium", "copper", "nickel", "zinc"]
OF_WATER = [
    "ph",
    "total_hardness",
    "ammonia_n",
    "arsenic",
    "cadmium",
    "lead",
    "chromium_vi",
    "benzene",
    "chlorobenzene",
]
OF_ALL = list(dict.fromkeys(["ph", *METALS, *OF_WATER, "benzo_a_pyrene", "hch_beta", "hch_gamma"]))
MEDIA = ["soil", "produce", "groundwater", "irrigation", "surface_water", "sediment"]
Sheet = Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Sending:
    """One file of the laboratory: sent on a day, and accepted or returned on another; nobody decided without one."""

    file: str
    sent: date
    decided: date | None = None
    returned: str = ""
    flagged: str = ""


@dataclass(frozen=True)
class Round:
    """One campaign: its name in the sheet of the crew and its days."""

    name: str
    title: str
    starts: date
    ends: date
    sendings: Sequence[Sending]
    closed: date | None = None
    shared: date | None = None
    wells_only: bool = False


WRONG = "铅未检出填成 0；苯的分析日期早于采样日期。请按原始记录改正后连同报告重新报送。"
NO_PH = "质控表没有 pH 的平行样，pH 的质控无法证明；其余项目质控合格，带标记接收。"
ROUNDS = (
    Round(
        "2024上半年", "2024年上半年重点区域周边地下水监测", date(2024, 5, 10), date(2024, 6, 30),
        (Sending("地下水2024上半年.xlsx", date(2024, 6, 4), date(2024, 6, 6)),),
        date(2024, 6, 20), date(2025, 3, 18), wells_only=True,
    ),
    Round(
        "2024", "2024年土壤环境例行监测", date(2024, 10, 8), date(2024, 11, 30),
        (Sending("例行监测2024年.csv", date(2024, 11, 18), date(2024, 11, 21)),),
        date(2024, 11, 29), date(2025, 3, 18),
    ),
    Round(
        "2025上半年", "2025年上半年重点区域周边地下水监测", date(2025, 5, 9), date(2025, 6, 30),
        (Sending("地下水2025上半年.xlsx", date(2025, 6, 3), date(2025, 6, 5)),),
        date(2025, 6, 19), date(2026, 3, 20), wells_only=True,
    ),
    Round(
        "2025", "2025年土壤环境例行监测", date(2025, 10, 9), date(2025, 11, 30),
        (Sending("例行监测2025年.xlsx", date(2025, 11, 20), date(2025, 11, 25), flagged=NO_PH),),
        date(2025, 11, 28), date(2026, 4, 16),
    ),
    Round(
        "2026上半年", "2026年上半年重点区域周边地下水监测", date(2026, 5, 8), date(2026, 6, 30),
        (Sending("地下水2026上半年.xlsx", date(2026, 6, 2), date(2026, 6, 4)),),
        date(2026, 6, 18), wells_only=True,
    ),
    Round(
        "2026", "2026年秋季土壤环境例行监测", date(2026, 10, 8), date(2026, 11, 30),
        (
            Sending("秋季监测2026年地下水（退回）.csv", date(2026, 10, 29), date(2026, 10, 30), WRONG),
            Sending("秋季监测2026年第一批.xlsx", date(2026, 11, 5), date(2026, 11, 6)),
            Sending("秋季监测2026年第二批.xlsx", date(2026, 11, 19)),
        ),
    ),
)  # fmt: skip


def tell(folder: Path) -> dict[str, Campaign]:
    """Take points and background in, then let the rounds go by; the campaigns by their name in the sheet."""
    for collection, name in (("points", "监测点位"), ("backgrounds", "地质背景")):
        target = targets.target(actor(OFFICER, clock.today()), collection, clock.today())
        path = folder / f"{name}.geojson"
        asked = Asked(since=SINCE, why="示例区初始数据", document="示例")
        take(Order(target, File(path, path.name, by_command=True), asked), clock.now(), lambda done, total: None)
    sheet = rows(folder / f"{SHEET}.csv")
    standing = PointVersion.objects.standing(clock.today()).select_related("point", "keeper")
    points = {one.code: one for one in standing.exclude(code="")}
    told = [one for one in ROUNDS if one.starts <= clock.today()]
    return {
        one.name: _Told(one, [row for row in sheet if row["任务"] == one.name], folder, points).go() for one in told
    }


def actor(username: str, on: date) -> Actor:
    """Somebody of the example on a day."""
    return Actor.of(Person.objects.get(username=username), on=on)


def moment(day: date, hour: int = 10) -> datetime:
    """An hour of a day."""
    return timezone.make_aware(datetime.combine(day, time(hour)))


@dataclass(frozen=True)
class _Told:
    """One round as it goes by."""

    round: Round
    sheet: Sheet
    folder: Path
    points: Mapping[str, PointVersion]

    def go(self) -> Campaign:
        """From the plan to the data that were shared, as far as today."""
        campaign, tasks = self._planned()
        taken = self._sampled(tasks)
        for _week, some in groupby(taken, lambda pair: pair[1].isocalendar().week):
            _sent(list(some))
        for sending in self.round.sendings:
            if sending.sent <= clock.today():
                self._received(campaign, sending)
        self._ended(campaign)
        return campaign

    def _planned(self) -> tuple[Campaign, dict[str, SamplingTask]]:
        """The campaign that runs with its samples under the codes of the labels."""
        day = self.round.starts
        by, at = actor(OFFICER, day), moment(day, 9)
        office = Department.objects.select_related("division").get(name=OFFICE)
        facts = {
            "title": self.round.title,
            "kind": Campaign.Kind.PERIMETER if self.round.wells_only else Campaign.Kind.ROUTINE,
            "media": ["groundwater"] if self.round.wells_only else MEDIA,
            "analytes": OF_WATER if self.round.wells_only else OF_ALL,
            "basis": f"青禾区{day.year}年土壤污染防治工作方案（示例）",
            "laboratory": AGENCY, "starts_on": day, "ends_on": self.round.ends,
        }  # fmt: skip
        campaign = campaigns.make(facts, Place(office.division, office), by=by, at=at)
        own = [row for row in self.sheet if not row["平行于"]]
        tasks = sampling.plan(campaign, [Wanted(self.points[row["外部代码"]]) for row in own], by=by, at=at)
        labelled = {row["样品编号"]: task for row, task in zip(own, tasks, strict=True)}
        labelled |= self._parallels(campaign, labelled, by, at)
        _label(labelled)
        return campaigns.start(campaign, by=by, at=at), labelled

    def _parallels(
        self, campaign: Campaign, tasks: Mapping[str, SamplingTask], by: Actor, at: datetime
    ) -> dict[str, SamplingTask]:
        twins = {tasks[row["平行于"]].pk: row["样品编号"] for row in self.sheet if row["平行于"]}
        if not twins:
            return {}
        made = sampling.add_parallels(campaign, by=by, at=at, of=[task for task in tasks.values() if task.pk in twins])
        return {twins[task.parallel_of_id or 0]: task for task in made}

    def _sampled(self, tasks: Mapping[str, SamplingTask]) -> list[tuple[SamplingTask, date]]:
        """Samples with the day they were taken, the oldest first."""
        found = []
        for row in sorted((row for row in self.sheet if row["采样时间"]), key=lambda row: row["采样时间"]):
            at = timezone.make_aware(datetime.fromisoformat(row["采样时间"]))
            if clock.local_day(at) <= clock.today():
                self._record(tasks[row["样品编号"]], row, at)
                found.append((tasks[row["样品编号"]], clock.local_day(at)))
        return found

    def _record(self, task: SamplingTask, row: Mapping[str, str], at: datetime) -> None:
        """The record of the crew, some metres from the point."""
        there = shapely.transform(self.points[row["外部代码"]].geometry, lambda at: at + np.array(OFF))
        said = {
            "sampled_at": at, "point": there, "accuracy_m": 3.5, "depth_from_cm": task.depth_from_cm,
            "depth_to_cm": task.depth_to_cm, "crop": row["作物"], "weather": row["天气"], "texture": row["质地"],
            "colour": row["颜色"], "readings": {"ph": row["现场pH"]} if row["现场pH"] else {}, "sampler": row["采样人"],
            "witness": row["见证人"], "note": row["说明"],
        }  # fmt: skip
        fieldwork.record(task, said, by=actor(OFFICER, clock.local_day(at)), at=at + timedelta(minutes=20))

    def _received(self, campaign: Campaign, sending: Sending) -> None:
        path = self.folder / sending.file
        report = path.with_suffix(".pdf")
        sent = Sent(
            path, path.name, no_secrets=True, laboratory=AGENCY, report_number=f"PH-{path.stem}", reported_on=sending.sent,
            report=(report.name, report.read_bytes()) if report.exists() else None,
        )  # fmt: skip
        by = actor(LABORATORY, sending.sent)
        batch = intake.take_in(intake.begin(campaign, sent, by=by, at=moment(sending.sent)), by=by)
        if sending.decided is None or sending.decided > clock.today():
            return
        by, at = actor(OFFICER, sending.decided), moment(sending.decided, 15)
        if sending.returned:
            batches.send_back(batch, sending.returned, by=by, at=at)
            return
        batches.compare(batch, dict.fromkeys(range(len(batch.drawn)), True), by=by, at=at)
        batches.accept(batch, by=by, at=at, reason=sending.flagged)

    def _ended(self, campaign: Campaign) -> None:
        closed, shared = self.round.closed, self.round.shared
        if closed is None or closed > clock.today():
            return
        campaigns.close(campaign, on=closed, by=actor(OFFICER, closed), at=moment(closed, 16))
        if shared and shared <= clock.today():
            receipt = f"云泽市土壤环境信息化管理平台 {shared:%Y%m%d}-示例"
            campaigns.share(campaign, on=shared, receipt=receipt, by=actor(OFFICER, shared), at=moment(shared, 16))


def _label(tasks: Mapping[str, SamplingTask]) -> None:
    """The codes of the files: labels of the example were printed once, real ones are dealt by chance."""
    for code, task in tasks.items():
        task.code = code
    SamplingTask.objects.bulk_update(tasks.values(), ["code"])


def _sent(taken: Sequence[tuple[SamplingTask, date]]) -> None:
    """A week's samples in the hands of the driver, then of the laboratory."""
    day = max(on for _task, on in taken) + timedelta(days=1)
    if day > clock.today():
        return
    tasks, by = [task for task, _on in taken], actor(OFFICER, day)
    for step, hour, giver, taker in (("handed", 8, "张采", "王司机"), ("received", 11, "王司机", f"{AGENCY} 赵收样")):
        handing = Handing(step, moment(day, hour), giver, taker, "完好，冷藏", 4.0)
        custody.hand_over(tasks, handing, by=by, at=moment(day, hour))
