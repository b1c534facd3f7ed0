"""The inside of the example's plants: what stands there, a drawing, and three inspections with what became of each hazard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from soildesk.core import clock
from soildesk.core.versions import Recording
from soildesk.demo.monitoring import actor, moment
from soildesk.demo.people import rows
from soildesk.enterprises.models import EnterpriseVersion, FacilityRecord, FacilityVersion, Hazard, Inspection
from soildesk.enterprises.queries.inspections import sheets
from soildesk.enterprises.services import facilities, hazards, inspections, plans
from soildesk.enterprises.services.facilities import Noted
from soildesk.enterprises.services.hazards import Rectified
from soildesk.enterprises.services.inspections import Beginning, Said
from soildesk.enterprises.services.plans import Drawing
from soildesk.enterprises.services.plantside import Done, Photo

OFFICER, BUREAU = "linlan", "xuwei"
PLATING, GALVANIZING, FOUNDRY = "青禾电镀有限公司", "青禾热镀锌有限公司", "华新铸造有限公司"
SINCE = date(2021, 4, 1)
YES_NO = {"是": True, "否": False, "": None}
UNITS = {"一类单元": "first", "二类单元": "second", "": ""}
Cause, Kind = Inspection.Cause, FacilityRecord.Kind
YARD = "solid_waste_store"
YARD_ROUNDS = (date(2026, 2, 11), date(2026, 5, 13), date(2026, 8, 12), date(2026, 11, 11))
"""The bureau goes round the yards of solid waste each quarter; the last yard was left out in summer."""


@dataclass(frozen=True)
class Act:
    """One act on a hazard: the day, who, what is said; a picture goes with what was put right."""

    day: date
    who: str
    what: str  # rectify, verify or give_back
    said: str
    photo: str = ""


@dataclass(frozen=True)
class Wrong:
    """One hazard: where, which item, what was seen and suggested, by when it is to be put right, and what was done."""

    code: str
    item: str
    seen: str
    asked: str = ""
    due: date | None = None
    photo: str = ""
    acts: tuple[Act, ...] = ()
    mistaken: str = ""  # said when the answer was taken back the same day


@dataclass(frozen=True)
class Walk:
    """One inspection; without an end it is under way, and only the facilities of `walked` are looked at."""

    firm: str
    who: str
    cause: str
    began: date
    ended: date | None
    inspector: str
    found: tuple[Wrong, ...]
    walked: tuple[str, ...] = ()


WALKS = (
    Walk(
        PLATING, "panyi", Cause.REGULAR, date(2026, 3, 3), date(2026, 3, 20), "青禾电镀有限公司安全环保部",
        (
            Wrong(
                "W-1", "liquid_storage.hardware.wall", "池壁东南角有裂缝，渗漏痕迹约 0.5 米", "灌浆修补并重做防腐防渗层",
                date(2026, 4, 30), "调节池整改前",
                (
                    Act(date(2026, 4, 10), "panyi", "rectify", "池壁灌浆，重做玻璃钢防腐防渗层，闭水试验合格。", "调节池整改后"),
                    Act(date(2026, 4, 16), OFFICER, "verify", "现场核实，闭水试验记录齐全，同意销号。"),
                ),
            ),
            Wrong(
                "D-1", "production.hardware.tight_ground", "镀铬线下方地坪破损，有滴液", "重做环氧防渗，槽下加托盘",
                date(2026, 6, 15), "镀铬线整改前",
                (
                    Act(date(2026, 5, 20), "panyi", "rectify", "破损处已修补。", "镀铬线整改前"),
                    Act(date(2026, 5, 25), OFFICER, "give_back", "照片看不出已做防渗，槽下没有托盘：请完成后重新拍照。"),
                    Act(date(2026, 6, 8), "panyi", "rectify", "整条线地坪重做环氧防渗，槽下加装托盘。", "镀铬线整改后"),
                    Act(date(2026, 6, 12), OFFICER, "verify", "现场核实属实，同意销号。"),
                ),
            ),
            Wrong(
                "C-1", "other.hardware.waste_store", "危废库标识缺失，无导流沟", "补设标识和导流沟", date(2026, 11, 30), "危废库整改前",
                (Act(date(2026, 11, 16), "panyi", "rectify", "已补设标识，新建导流沟和收集井。", "危废库整改后"),),
            ),
            Wrong(
                "T-1", "liquid_storage.monitoring.level", "埋地储罐没有液位计和溢流报警", "加装液位计和报警装置", date(2026, 10, 31),
                "埋地储罐",
            ),
            Wrong("G-1", "bulk_liquid.monitoring.pipe_detection", "地下管道五年未做检测", "委托开展管道内窥和密闭性检测", date(2026, 12, 20)),
            Wrong("C-2", "goods.management.patrol", "巡检记录未见", mistaken="巡检记录在车间办公室，当日已补看，齐全。"),
        ),
    ),
    Walk(
        GALVANIZING, BUREAU, Cause.ANOMALY, date(2026, 7, 6), date(2026, 7, 17), "青禾区生态环境局会同企业",
        (
            Wrong(
                "W-1", "liquid_storage.hardware.base", "酸洗废水池池底防渗层老化，池外土壤潮湿", "清空后重做防渗层",
                date(2026, 9, 30), "调节池整改前",
                (
                    Act(date(2026, 9, 22), BUREAU, "rectify", "废水池清空，池底和池壁重做防渗层。", "调节池整改后"),
                    Act(date(2026, 9, 28), OFFICER, "verify", "闭水试验合格，同意销号；地下水继续加密监测。"),
                ),
            ),
        ),
    ),
    Walk(
        FOUNDRY, "gufan", Cause.REGULAR, date(2026, 11, 12), None, "华新铸造有限公司",
        (Wrong("S-1", "other.hardware.tight_ground", "造型车间清洗区地面开裂", "重做硬化防渗", date(2026, 12, 10), "镀铬线整改前"),),
        ("S-1",),
    ),
)  # fmt: skip
NOTES = (
    (PLATING, "T-1", date(2026, 4, 8), Noted(Kind.PATROL, date(2026, 4, 8), "罐区巡查，阀门和法兰无渗漏。", by_whom="周立")),
    (PLATING, "T-1", date(2026, 6, 30), Noted(Kind.TEST, date(2026, 6, 30), "密闭性检测：压降超过允许值，需查明原因。", True, "云泽特检院")),
    (PLATING, "T-1", date(2026, 7, 10), Noted(Kind.REPAIR, date(2026, 7, 10), "更换人孔密封垫，复测合格。", by_whom="周立")),
    ("城北石油销售有限公司油库", "Y-1", date(2026, 9, 14), Noted(Kind.MONITORING, date(2026, 9, 14), "双层罐夹层渗漏监测正常。", by_whom="许明")),
)  # fmt: skip


def register(found: list[dict[str, str]], known: Mapping[str, EnterpriseVersion]) -> None:
    """What stands inside each plant, as the office took it over from the firms' lists."""
    by, at = actor(OFFICER, SINCE), moment(SINCE)
    for row in found:
        facts = {
            "code": row["企业编号"], "name": row["名称"], "kind": row["类型"], "area_name": row["所在区域"],
            "activity": row["工业活动"], "substances": row["有毒有害物质"], "hidden": YES_NO[row["隐蔽性"]], "unit": row["监测单元"],
            "unit_class": UNITS[row["单元类别"]], "spec": row["规格"],
            "installed_on": date.fromisoformat(row["投用日期"]) if row["投用日期"] else None,
            "service_years": int(row["使用年限"]) if row["使用年限"] else None,
        }  # fmt: skip
        facilities.register(known[row["统一社会信用代码"]], facts, since=SINCE, recording=Recording(by, at, ""))


def tell(folder: Path, by_name: Mapping[str, EnterpriseVersion]) -> None:
    """The drawing, the records of tanks, the inspections."""
    _drawn(folder, by_name[PLATING])
    for firm, code, day, noted in NOTES:
        if day <= clock.today():
            facilities.note(_facility(by_name[firm], code), noted, Done(actor(OFFICER, day), moment(day)))
    _yards()
    for walk in WALKS:
        if walk.began <= clock.today():
            _Walked(walk, by_name[walk.firm], folder).go()


def _yards() -> None:
    rows = FacilityVersion.objects.standing(clock.today()).filter(kind=YARD).select_related("facility")
    yards = list(rows.order_by("facility__number"))
    for day in YARD_ROUNDS:
        seen = yards[:-1] if day.month == 8 else yards
        for yard in seen if day <= clock.today() else ():
            noted = Noted(Kind.PATROL, day, "围挡、顶棚和导流沟完好，无扬散、流失。", by_whom="区生态环境局")
            facilities.note(yard, noted, Done(actor(OFFICER, day), moment(day)))


def _drawn(folder: Path, firm: EnterpriseVersion) -> None:
    day = date(2026, 2, 25)
    done = Done(actor("panyi", day), moment(day))
    drawing = Drawing("厂区平面布置图（2025年12月修订）", date(2025, 12, 20), _photo(folder, "厂区平面图"))
    plan = plans.add(firm, drawing, done)
    for row in rows(folder / "设施.csv"):
        if row["统一社会信用代码"] == firm.credit_code and row["距左"]:
            plans.place(plan, _facility(firm, row["企业编号"]), (float(row["距左"]), float(row["距上"])), done)


def _facility(firm: EnterpriseVersion, code: str) -> FacilityVersion:
    return FacilityVersion.objects.standing(clock.today()).select_related("facility").get(
        enterprise=firm.enterprise_id, code=code
    )  # fmt: skip


def _photo(folder: Path, name: str) -> Photo:
    return Photo(f"{name}.png", (folder / f"{name}.png").read_bytes())


@dataclass(frozen=True)
class _Walked:
    """One inspection as it goes by."""

    walk: Walk
    firm: EnterpriseVersion
    folder: Path

    def go(self) -> None:
        """From its first day to the last act on what it found, as far as today."""
        walk, first = self.walk, self._done(self.walk.who, self.walk.began)
        inspection = inspections.begin(self.firm, Beginning(walk.cause, walk.began, walk.inspector), first)
        for sheet in sheets(inspection, walk.began):
            if not walk.walked or sheet.version.code in walk.walked:
                told = list(self._said(sheet.version.code, [item.key for item in sheet.items]))
                inspections.answer(inspection, sheet.version, told, first, on=walk.began)
        self._taken_back(inspection, first)
        if walk.ended is not None and walk.ended <= clock.today():
            inspections.finish(inspection, walk.ended, self._done(walk.who, walk.ended))
        for wrong in walk.found:
            self._put_right(inspection, wrong)

    def _done(self, who: str, day: date) -> Done:
        return Done(actor(who, day), moment(day, 14))

    def _said(self, code: str, items: list[str]) -> Iterator[Said]:
        wrong = {one.item: one for one in self.walk.found if one.code == code}
        for item in items:
            one = wrong.get(item)
            photos = [_photo(self.folder, one.photo)] if one and one.photo else []
            yield Said(item, "hazard", one.seen, one.asked, one.due, photos) if one else Said(item, "fine")

    def _taken_back(self, inspection: Inspection, done: Done) -> None:
        for one in self.walk.found:
            if one.mistaken:
                told = [Said(one.item, "fine", one.mistaken)]
                inspections.answer(inspection, _facility(self.firm, one.code), told, done, on=self.walk.began)

    def _put_right(self, inspection: Inspection, wrong: Wrong) -> None:
        hazard = (
            Hazard.objects.filter(inspection=inspection, item=wrong.item).exclude(state=Hazard.State.DROPPED).first()
        )
        for act in wrong.acts if hazard is not None else ():
            if act.day <= clock.today():
                self._acted(hazard, act)

    def _acted(self, hazard: Hazard, act: Act) -> None:
        done = self._done(act.who, act.day)
        if act.what == "rectify":
            hazards.rectify(hazard, Rectified(act.said, "王建", act.day), done, [_photo(self.folder, act.photo)])
        else:
            {"verify": hazards.verify, "give_back": hazards.give_back}[act.what](hazard, act.said, done)
