"""The round that looked again at polluted farmland in 2025: planned, sampled, measured, accepted; its alarms put into place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

import shapely
from django.utils import timezone

from soildesk.core import clock
from soildesk.core.models import Department
from soildesk.demo.monitoring import AGENCY, LABORATORY, METALS, OFFICE, OFFICER, actor, moment
from soildesk.demo.people import rows
from soildesk.farmland.models import UnitVersion
from soildesk.land.services.writing import Place
from soildesk.monitoring.models import Alert, Campaign, SamplingTask
from soildesk.monitoring.services import batches, campaigns, disposal, fieldwork, intake, sampling
from soildesk.monitoring.services.disposal import Proof
from soildesk.monitoring.services.intake import Sent
from soildesk.monitoring.services.sampling import Wanted

NAME, SHEET, TITLE = "加密监测2025年", "加密监测采样记录", "2025年受污染耕地土壤与农产品协同监测（加密）"
STARTS, ENDS, SENT, ACCEPTED, SETTLED = (
    date(2025, 10, 13), date(2025, 11, 30), date(2025, 11, 12), date(2025, 11, 14), date(2025, 12, 9),
)  # fmt: skip
MEDIA = {"土壤": "soil", "农产品": "produce"}
USE = {"水田": UnitVersion.Use.PADDY, "水旱轮作": UnitVersion.Use.PADDY}
DEPTH_CM = (0, 20)
FARMER = "maijia"
UNPROVED = "专项监测未附平行样，质控无法证明；带标记接收，供类别复核。"
KNOWN = "点位在类别管理范围内，已按现行类别落实种植结构调整，收获物全部检测。"


def tell(folder: Path, farming: Department) -> Campaign | None:
    """The round as it went by; nothing where it lies ahead."""
    if clock.today() < SETTLED:
        return None
    office = Department.objects.select_related("division").get(name=OFFICE)
    crew = rows(folder / f"{SHEET}.csv")
    by, at = actor(OFFICER, STARTS), moment(STARTS, 9)
    facts = {
        "title": TITLE, "kind": Campaign.Kind.JOINT, "media": list(MEDIA.values()), "analytes": ["ph", *METALS],
        "basis": "青禾区2025年受污染耕地安全利用工作方案（示例）", "laboratory": AGENCY, "starts_on": STARTS, "ends_on": ENDS,
    }  # fmt: skip
    campaign = campaigns.make(facts, Place(office.division, office), by=by, at=at)
    tasks = sampling.plan(campaign, [_wanted(row) for row in crew], by=by, at=at)
    for task, row in zip(tasks, crew, strict=True):
        task.code = row["样品编号"]
    SamplingTask.objects.bulk_update(tasks, ["code"])
    campaign = campaigns.start(campaign, by=by, at=at)
    for task, row in zip(tasks, crew, strict=True):
        _taken(task, row)
    _received(campaign, folder)
    _settled(campaign, farming)
    campaigns.close(campaign, on=SETTLED, by=actor(OFFICER, SETTLED), at=moment(SETTLED, 16))
    return campaign


def _wanted(row: Mapping[str, str]) -> Wanted:
    medium = MEDIA[row["介质"]]
    top, bottom = DEPTH_CM if medium == "soil" else (None, None)
    return Wanted(medium=medium, depth_from_cm=top, depth_to_cm=bottom, at=_spot(row))


def _spot(row: Mapping[str, str]) -> shapely.Point:
    return shapely.Point(float(row["经度"]), float(row["纬度"]))


def _taken(task: SamplingTask, row: Mapping[str, str]) -> None:
    """The record of the crew, with the use of the ground as they found it."""
    at = timezone.make_aware(datetime.fromisoformat(row["采样时间"]))
    said = {
        "sampled_at": at, "point": _spot(row), "accuracy_m": 2.5, "depth_from_cm": task.depth_from_cm,
        "depth_to_cm": task.depth_to_cm, "crop": row["作物"], "weather": "晴", "sampler": "张采", "witness": "李证",
        "land_use": USE.get(row["利用方式"], UnitVersion.Use.OTHER) if task.medium == "soil" else "",
    }  # fmt: skip
    fieldwork.record(task, said, by=actor(OFFICER, clock.local_day(at)), at=at + timedelta(minutes=20))


def _received(campaign: Campaign, folder: Path) -> None:
    path = folder / f"{NAME}.csv"
    report = path.with_suffix(".pdf")
    sent = Sent(
        path, path.name, no_secrets=True, laboratory=AGENCY, report_number=f"PH-{NAME}", reported_on=SENT,
        report=(report.name, report.read_bytes()),
    )  # fmt: skip
    lab, by, at = actor(LABORATORY, SENT), actor(OFFICER, ACCEPTED), moment(ACCEPTED, 15)
    batch = intake.take_in(intake.begin(campaign, sent, by=lab, at=moment(SENT)), by=lab)
    batches.compare(batch, dict.fromkeys(range(len(batch.drawn)), True), by=by, at=at)
    batches.accept(batch, by=by, at=at, reason=UNPROVED)


def _settled(campaign: Campaign, farming: Department) -> None:
    """What was above a control value in ground under strict control is known and in hand."""
    for alert in Alert.objects.filter(campaign=campaign):
        by, officer = actor(FARMER, SETTLED), actor(OFFICER, SETTLED)
        disposal.assign(alert, farming, why="受污染耕地预警", by=officer, at=moment(ACCEPTED, 16))
        disposal.take(alert, "核对现行类别和已落实的措施。", by=by, at=moment(SETTLED, 9))
        proof = Proof("现场核查记录.txt", "示例文件，纯属虚构。\n".encode())
        disposal.measure(alert, KNOWN, [proof], by=by, at=moment(SETTLED, 10))
        disposal.answer(alert, "与现行类别一致，纳入类别复核。", by=by, at=moment(SETTLED, 11))
        disposal.close(alert, "情况属实，同意销号。", by=officer, at=moment(SETTLED, 14))
