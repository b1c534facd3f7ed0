"""Two surveys of plots whose laboratory data the desk holds: planned, sampled, sent, accepted; a report is bound to each batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import shapely
from django.utils import timezone
from shapely.geometry.base import BaseGeometry

from soildesk.core import clock
from soildesk.demo.monitoring import AGENCY, LABORATORY, OFFICER, actor, moment
from soildesk.demo.people import rows
from soildesk.land.services.writing import Place
from soildesk.monitoring.models import Alert, Batch, Campaign
from soildesk.monitoring.services import batches, campaigns, disposal, fieldwork, intake, sampling
from soildesk.monitoring.services.disposal import Proof
from soildesk.monitoring.services.intake import Sent
from soildesk.monitoring.services.sampling import Wanted

ANALYTES = ["ph", "arsenic", "lead"]
DEPTH_CM = (0, 50)
ACCEPTED_AFTER = timedelta(days=17)
ECOLOGY, SETTLED_AFTER = "xuwei", timedelta(days=30)
BACKGROUND = "调查2025年白鹭棉织厂"
"""The survey whose arsenic is that of the soil around: its warning was settled."""
UNPROVED = "自行委托的调查未附平行样，质控无法证明；带标记接收，供报告评审对照。"


def tell(folder: Path, place: Place, ground: Mapping[str, BaseGeometry]) -> dict[str, Batch]:
    """The accepted batch of each surveyed plot, by its name."""
    sheet = rows(folder / "地块采样.csv")
    found = {}
    for plot in dict.fromkeys(row["地块"] for row in sheet):
        crew = [row for row in sheet if row["地块"] == plot]
        day = date.fromisoformat(crew[0]["采样时间"][:10])
        if day + ACCEPTED_AFTER <= clock.today():
            found[plot] = _received(_sampled(plot, crew, place, ground[plot]), crew[0]["批次"], folder, day)
            _settled(found[plot], day + ACCEPTED_AFTER + SETTLED_AFTER, folder)
    return found


def _settled(batch: Batch, on: date, folder: Path) -> None:
    """A warning of what lies in the soil of the whole neighbourhood is closed with that reason."""
    if not batch.file_name.startswith(BACKGROUND) or on > clock.today():
        return
    for alert in Alert.objects.filter(campaign=batch.campaign):
        by, at = actor(ECOLOGY, on), moment(on, 9)
        disposal.take(alert, "与地块外对照点比对。", by=by, at=at)
        proof = Proof("对照点检测报告.pdf", (folder / "检测报告.pdf").read_bytes())
        found = "对照点砷 21.9～23.4 mg/kg，与地块内相当，属区域土壤背景。"
        disposal.measure(alert, found, [proof], by=by, at=moment(on, 10))
        disposal.answer(alert, "不是地块生产活动造成，报告已说明。", by=by, at=moment(on, 11))
        disposal.close(alert, "与专家评审意见一致，同意销号。", by=actor(OFFICER, on), at=moment(on, 14))


def _sampled(plot: str, crew: Sequence[Mapping[str, str]], place: Place, ground: BaseGeometry) -> Campaign:
    day = date.fromisoformat(crew[0]["采样时间"][:10])
    begun = day - timedelta(days=6)
    by, at = actor(OFFICER, begun), moment(begun, 9)
    facts = {
        "title": f"{plot}初步调查采样", "kind": Campaign.Kind.SURVEY, "stage": "initial", "media": ["soil"], "analytes": ANALYTES,
        "basis": f"{plot}调查采样方案（示例）", "laboratory": AGENCY, "starts_on": begun, "ends_on": day + timedelta(days=30),
        "geometry": ground,
    }  # fmt: skip
    campaign = campaigns.make(facts, place, by=by, at=at)
    tasks = sampling.plan(campaign, [_wanted(row) for row in crew], by=by, at=at)
    for task, row in zip(tasks, crew, strict=True):
        task.code = row["样品编号"]
        task.save(update_fields=["code"])
    campaign = campaigns.start(campaign, by=by, at=at)
    for task, row in zip(tasks, crew, strict=True):
        taken = timezone.make_aware(datetime.fromisoformat(row["采样时间"]))
        said = {
            "sampled_at": taken, "point": _spot(row), "accuracy_m": 2.5,
            "depth_from_cm": DEPTH_CM[0], "depth_to_cm": DEPTH_CM[1], "sampler": "赵钻", "witness": "李证",
        }  # fmt: skip
        fieldwork.record(task, said, by=actor(OFFICER, day), at=taken + timedelta(minutes=20))
    return campaign


def _wanted(row: Mapping[str, str]) -> Wanted:
    top, bottom = DEPTH_CM
    return Wanted(medium="soil", depth_from_cm=top, depth_to_cm=bottom, at=_spot(row))


def _spot(row: Mapping[str, str]) -> shapely.Point:
    return shapely.Point(float(row["经度"]), float(row["纬度"]))


def _received(campaign: Campaign, name: str, folder: Path, day: date) -> Batch:
    """The laboratory's file, compared with its report and accepted."""
    path, accepted = folder / f"{name}.csv", day + ACCEPTED_AFTER
    sent_on = accepted - timedelta(days=2)
    sent = Sent(
        path, path.name, no_secrets=True, laboratory=AGENCY, report_number=f"PH-{name}", reported_on=sent_on,
        report=(f"{name}.pdf", (folder / "检测报告.pdf").read_bytes()),
    )  # fmt: skip
    lab, by, at = actor(LABORATORY, sent_on), actor(OFFICER, accepted), moment(accepted, 15)
    batch = intake.take_in(intake.begin(campaign, sent, by=lab, at=moment(sent_on)), by=lab)
    batches.compare(batch, dict.fromkeys(range(len(batch.drawn)), True), by=by, at=at)
    batches.accept(batch, by=by, at=at, reason=UNPROVED)
    campaigns.close(campaign, on=accepted, by=by, at=moment(accepted, 16))
    return Batch.objects.get(pk=batch.pk)
