"""The wells one firm of the example monitors itself: two rounds through the laboratory, the warning and its investigation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

import shapely
from django.utils import timezone

from soildesk.core import clock
from soildesk.core.models import Department
from soildesk.demo.monitoring import AGENCY, LABORATORY, OFFICE, OFFICER, actor, moment
from soildesk.demo.people import rows
from soildesk.enterprises.services import investigations
from soildesk.land.services.writing import Place
from soildesk.monitoring.models import Alert, Campaign, PointVersion
from soildesk.monitoring.services import batches, campaigns, disposal, fieldwork, intake, points, sampling
from soildesk.monitoring.services.intake import Sent
from soildesk.monitoring.services.sampling import Wanted

FIRM = "青禾热镀锌有限公司"
SINCE = date(2025, 11, 3)
ANALYTES = ["ph", "zinc", "cadmium", "lead", "nickel"]
DOUBLED_UNTIL = date(2026, 12, 31)
ACCEPTED_AFTER, TAKEN_AFTER, SETTLED_AFTER = timedelta(days=20), timedelta(days=23), timedelta(days=60)


def tell(folder: Path) -> None:
    """Wells, rounds, and what followed from the last of them."""
    wells = _wells(folder)
    sheet = rows(folder / "自行监测采样.csv")
    for name in dict.fromkeys(row["批次"] for row in sheet):
        crew = [row for row in sheet if row["批次"] == name]
        day = date.fromisoformat(crew[0]["采样时间"][:10])
        if day + ACCEPTED_AFTER <= clock.today():
            _round(name, crew, day, folder, wells)
            _warned(day)


def _place() -> Place:
    office = Department.objects.select_related("division").get(name=OFFICE)
    return Place(office.division, office)


def _wells(folder: Path) -> Mapping[str, PointVersion]:
    found = {}
    for row in rows(folder / "自行监测井.csv"):
        facts = {
            "name": row["名称"], "code": row["外部代码"], "level": "county", "kind": PointVersion.Kind.SELF,
            "medium": "groundwater", "standard": "gbt14848", "use": "III", "control": row["对照点"], "unit_class": "first",
            "near_sensitive": "no", "source": FIRM, "source_code": row["统一社会信用代码"],
            "geometry": shapely.Point(float(row["经度"]), float(row["纬度"])),
        }  # fmt: skip
        made = points.register(facts, _place(), since=SINCE, by=actor(OFFICER, SINCE), at=moment(SINCE))
        found[row["外部代码"]] = made
    return found


def _round(name: str, crew: list[dict[str, str]], day: date, folder: Path, wells: Mapping[str, PointVersion]) -> None:
    """One round: planned, sampled, sent by the laboratory, accepted by the office."""
    campaign = _sampled(name, crew, day, wells)
    path, accepted = folder / f"{name}.csv", day + ACCEPTED_AFTER
    sent_on = accepted - timedelta(days=3)
    report = (f"{name}.pdf", (folder / "自行监测报告.pdf").read_bytes())
    sent = Sent(
        path,
        path.name,
        no_secrets=True,
        laboratory=AGENCY,
        report_number=f"PH-{name}",
        reported_on=sent_on,
        report=report,
    )
    lab, by = actor(LABORATORY, sent_on), actor(OFFICER, accepted)
    batch = intake.take_in(intake.begin(campaign, sent, by=lab, at=moment(sent_on)), by=lab)
    batches.compare(batch, dict.fromkeys(range(len(batch.drawn)), True), by=by, at=moment(accepted, 15))
    batches.accept(batch, by=by, at=moment(accepted, 15))
    campaigns.close(campaign, on=accepted, by=by, at=moment(accepted, 16))


def _sampled(name: str, crew: list[dict[str, str]], day: date, wells: Mapping[str, PointVersion]) -> Campaign:
    begun = day - timedelta(days=9)
    by, at = actor(OFFICER, begun), moment(begun, 9)
    facts = {
        "title": f"{FIRM}{name}", "kind": Campaign.Kind.SPECIAL, "media": ["groundwater"], "analytes": ANALYTES,
        "basis": "企业自行监测方案（示例）", "laboratory": AGENCY, "starts_on": begun, "ends_on": day + timedelta(days=30),
    }  # fmt: skip
    campaign = campaigns.make(facts, _place(), by=by, at=at)
    tasks = sampling.plan(campaign, [Wanted(wells[row["外部代码"]]) for row in crew], by=by, at=at)
    for task, row in zip(tasks, crew, strict=True):
        task.code = row["样品编号"]
        task.save(update_fields=["code"])
    campaign = campaigns.start(campaign, by=by, at=at)
    for task, row in zip(tasks, crew, strict=True):
        taken = timezone.make_aware(datetime.fromisoformat(row["采样时间"]))
        said = {
            "sampled_at": taken,
            "point": wells[row["外部代码"]].geometry,
            "accuracy_m": 3.0,
            "sampler": "张采",
            "witness": "李证",
        }
        fieldwork.record(task, said, by=actor(OFFICER, day), at=taken + timedelta(minutes=20))
    return campaign


def _warned(day: date) -> None:
    """The office takes the warning, opens the investigation, and closes the warning once the cause is put right."""
    for alert in Alert.objects.filter(point__versions__source=FIRM, state="open").distinct():
        taken, settled = day + TAKEN_AFTER, day + SETTLED_AFTER
        if taken <= clock.today():
            investigations.check_warnings(by=actor(OFFICER, taken), at=moment(taken, 9))
            disposal.take(
                alert, "已立项调查，要求企业开展隐患排查并加密监测。", by=actor(OFFICER, taken), at=moment(taken, 10)
            )
        if settled <= clock.today():
            by, at = actor(OFFICER, settled), moment(settled, 10)
            disposal.measure(alert, "企业正在重做酸洗废水池防渗层。", by=by, at=at)
            disposal.extend(alert, DOUBLED_UNTIL, "等待下半年加密监测结果。", by=by, at=at)
