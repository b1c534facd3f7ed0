"""Produce of the example: seasons and field tests of two years, one lot of wheat above its limit with its chain, what waits.

The place has no grain office: the development office stands in by a paper, and every act says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from soildesk.core import clock
from soildesk.core.models import Department
from soildesk.core.permissions import Actor
from soildesk.demo import monitoring
from soildesk.demo.monitoring import moment
from soildesk.farmland.models import HoldingVersion, LockProposal, Lot, LotHousehold, UnitClass, UnitVersion
from soildesk.farmland.queries.lines import WOODED
from soildesk.farmland.services import graincustody, grainnotices, lots, producetests, seasons
from soildesk.farmland.services.graincustody import Disposed, Moved, Paid
from soildesk.farmland.services.grainnotices import Said
from soildesk.farmland.services.lots import Locking
from soildesk.farmland.services.producetests import Of, Sampling
from soildesk.land.services.writing import Place

FARMER, FORESTER, MARKET, FINANCE, STORE, TOWN = "maijia", "linsen", "gaoping", "jinyun", "gufeng", "liuxi"
STANDS_IN = "青办发〔2019〕12号（机构改革方案，粮食和储备职责由区发展改革委承担，示例）"
BUYER = "青禾区粮油购销有限公司"
YEARS = (2025, 2026)
GROWS = {  # of what stands in the unit's facts: crop, what is sampled, sown, harvested (month, day), a year before
    "小麦": ("小麦", "小麦", (10, 12), (6, 8), True),
    "水稻": ("水稻", "稻谷", (6, 15), (10, 18), False),
    "水稻、油菜": ("水稻", "稻谷", (6, 15), (10, 18), False),
    "玉米": ("玉米", "玉米", (6, 12), (10, 2), False),
    "蔬菜": ("小白菜", "小白菜", (9, 1), (10, 20), False),
    "苹果": ("苹果", "苹果", (3, 20), (9, 22), False),
    "核桃": ("核桃", "核桃", (4, 1), (9, 8), False),
}
USUAL = {
    "cadmium": "0.03",
    "lead": "0.05",
    "mercury": "0.004",
    "inorganic_arsenic": "0.09",
    "arsenic": "0.09",
    "chromium": "0.15",
}
"""What was found in most samples, mg/kg: within every limit of the crops above."""
WHEAT, WHEAT_ABOVE, RICE_ABOVE = "柳溪镇", "0.16", "0.27"
GARDENS = 8


def actor(username: str) -> Actor:
    """Somebody of the example."""
    return monitoring.actor(username, clock.today())


def tell() -> None:
    """Everything, act by act on its day."""
    held = _at_risk()
    for year in YEARS:
        _seasons(held, year)
    for year in YEARS:
        _tests(held, year)
    lot = _lock()
    if lot is not None:
        _custody(lot)
    _market()


def _at_risk() -> list[UnitVersion]:
    """Units of safe use and strict control with a crop, and some gardens, in the order of their codes."""
    today = actor(FARMER).today
    classed = UnitClass.objects.standing(today).exclude(farmland_class="priority").values("unit")
    rows = UnitVersion.objects.standing(today).filter(crop__in=GROWS).order_by("code")
    gardens = list(rows.filter(ground__in=WOODED)[:GARDENS])
    return [*rows.filter(unit__in=classed).exclude(ground__in=WOODED), *gardens]


def _seasons(held: Sequence[UnitVersion], year: int) -> None:
    for who, wooded in ((FARMER, False), (FORESTER, True)):
        told = [(one, _season(one, year)) for one in held if (one.ground in WOODED) == wooded]
        seasons.register_many(told, by=actor(who), at=moment(date(year, 3, 30)))


def _season(unit: UnitVersion, year: int) -> dict[str, Any]:
    crop, _sample, sown, harvest, before = GROWS[unit.crop]
    return {
        "year": year,
        "crop": crop,
        "sown_on": date(year - before, *sown),
        "harvest_from": date(year, *harvest),
        "area_m2": Decimal(str(unit.area_m2)).quantize(Decimal("0.01")),
    }


def _tests(held: Sequence[UnitVersion], year: int) -> None:
    """A field test of every unit two weeks before its harvest; this year two were left out and two lay above."""
    wheat = next((one for one in held if one.crop == "小麦" and WHEAT in one.name), None)
    rice = next((one for one in held if GROWS[one.crop][0] == "水稻"), None)
    left_out = (len(held) - 1, len(held) - GARDENS - 1) if year == YEARS[-1] else ()
    told: dict[tuple[str, date], list[Sampling]] = defaultdict(list)
    for number, unit in enumerate(held):
        if number in left_out:
            continue
        contents, facts = _contents(unit), _facts(unit, year, f"LT{year}-{number + 1:03d}")
        if year == YEARS[-1]:
            contents |= {"cadmium": WHEAT_ABOVE} if unit == wheat else {"cadmium": RICE_ABOVE} if unit == rice else {}
        who = FORESTER if unit.ground in WOODED else FARMER
        told[who, facts["result_on"]].append(Sampling(Of(unit=unit), facts, contents))
    for (who, known), some in sorted(told.items(), key=lambda one: one[0][1]):
        producetests.record_many(some, by=actor(who), at=moment(known + timedelta(days=1)))


def _contents(unit: UnitVersion) -> dict[str, str]:
    crop = GROWS[unit.crop][0]
    named = ["cadmium", "lead", "mercury", "inorganic_arsenic" if crop == "水稻" else "arsenic", "chromium"]
    return {one: USUAL[one] for one in named}


def _facts(unit: UnitVersion, year: int, number: str) -> dict[str, Any]:
    _crop, sample, _sown, harvest, _before = GROWS[unit.crop]
    sampled = date(year, *harvest) - timedelta(days=14)
    return {
        "number": number, "stage": "field", "crop": sample, "sampled_on": sampled, "result_on": sampled + timedelta(days=6),
        "laboratory": "云泽市农产品质量安全检测中心（示例）", "report_number": f"云农检〔{year}〕{number[-3:]}号",
    }  # fmt: skip


def _lock() -> Lot | None:
    """The wheat above its limit, locked by the farming office before it was cut."""
    found = LockProposal.objects.filter(superseded_at=None, crop="小麦").select_related("unit").first()
    if found is None:
        return None
    unit = UnitVersion.objects.standing(actor(FARMER).today).get(unit=found.unit)
    area = Decimal(str(unit.area_m2)).quantize(Decimal("0.01"))
    told = Locking(date(2026, 6, 2), "青农发〔2026〕28号（示例）", area, [], YEARS[-1])
    return lots.confirm(found, told, by=actor(FARMER), at=moment(date(2026, 6, 2)))


def _custody(lot: Lot) -> None:
    """Bought, stored apart, half of it sold as feed; one household still has what it keeps."""
    store, farmer, town = actor(STORE), actor(FARMER), actor(TOWN)
    grain = Department.objects.get(name="青禾区发展和改革委员会")
    for kind, text, due in (
        ("lock", f"柳溪镇小麦检测镉超标，已锁定批次 {lot.number}，请通知收购企业不得按口粮收购。", date(2026, 6, 5)),
        ("purchase", f"请对批次 {lot.number} 组织定向收购，单收单储，并答复仓房和数量。", date(2026, 6, 20)),
    ):
        sent = grainnotices.send(
            lot, Said(kind, grain, date(2026, 6, 2), text, due), by=farmer, at=moment(date(2026, 6, 2))
        )
        grainnotices.answer(
            sent, "已安排柳溪粮站 2 号仓专仓收储。", date(2026, 6, 4), by=store, at=moment(date(2026, 6, 4))
        )
    lots.tell_harvest(lot, Decimal("8.62"), date(2026, 6, 10), by=farmer, at=moment(date(2026, 6, 11)))
    asked = list(LotHousehold.objects.filter(lot=lot, superseded_at=None).select_related("household").order_by("pk"))
    for number, one in enumerate(asked):
        kept = Decimal("0.4") if number < 2 else Decimal(0)
        graincustody.keep(lot, one.household, kept, date(2026, 6, 15), by=town, at=moment(date(2026, 6, 15)))
    kept_all = Decimal("0.4") * min(len(asked), 2)
    stored = Moved(
        "stored",
        Decimal("7.3"),
        date(2026, 6, 16),
        f"{BUYER}柳溪粮站 2 号仓",
        separate=True,
        document="过磅单 20260616-01",
    )
    made = graincustody.move(lot, stored, by=store, at=moment(date(2026, 6, 16)), stands_in=STANDS_IN)
    loss = Decimal("8.62") - Decimal("7.3") - kept_all
    for part, tonnes in (("feed_seed", Decimal(0)), ("sold", Decimal(0)), ("loss", loss)):
        graincustody.move(lot, Moved(part, tonnes, date(2026, 6, 18)), by=farmer, at=moment(date(2026, 6, 18)))
    paid = Paid("purchase", Decimal("18980"), date(2026, 6, 25), BUYER, "青财农〔2026〕61号（示例）")
    graincustody.pay(lot, paid, by=actor(FINANCE), at=moment(date(2026, 6, 25)))
    feed = Disposed(
        "feed", Decimal("4"), date(2026, 8, 12), "定向销售合同 2026-08（示例）", made, to="云泽饲料有限公司（示例）"
    )
    graincustody.dispose(lot, feed, by=store, at=moment(date(2026, 8, 12)), stands_in=STANDS_IN)
    if asked:
        replaced = Disposed(
            "replaced", Decimal("0.4"), date(2026, 7, 3), "置换凭证 001（示例）", household=asked[0].household
        )
        graincustody.dispose(lot, replaced, by=town, at=moment(date(2026, 7, 3)))


def test_late() -> None:
    """The store, which is in the register by now, tested the wheat only after it had taken it in."""
    lot = Lot.objects.filter(superseded_at=None, crop="小麦").order_by("id").first()
    mill = HoldingVersion.objects.standing(date(2026, 6, 22)).filter(kind=HoldingVersion.Kind.BUYER, name=BUYER).first()
    if lot is None or mill is None:
        return
    facts = {
        "number": "SG2026-01", "stage": "store", "crop": "小麦", "sampled_on": date(2026, 6, 19),
        "result_on": date(2026, 6, 22), "laboratory": "云泽市粮油质量监测站（示例）", "report_number": "云粮检〔2026〕61号",
    }  # fmt: skip
    of = Of(lot=lot, holding=mill.holding)
    producetests.record(
        of, facts, {"cadmium": WHEAT_ABOVE}, by=actor(STORE), at=moment(date(2026, 6, 23)), stands_in=STANDS_IN
    )


def _market() -> None:
    """Rice sampled on the market."""
    office = Department.objects.select_related("division").get(name="青禾区市场监督管理局")
    for number, shop, cadmium, day in (
        ("SC2026-01", "城关街道 利民粮油店（示例）", "0.07", date(2026, 9, 15)),
        ("SC2026-02", "柳溪镇 农贸市场 3 号摊（示例）", "0.11", date(2026, 10, 27)),
    ):
        facts = {
            "number": number, "stage": "market", "crop": "大米", "sampled_on": day, "result_on": day + timedelta(days=5),
            "taken_at": shop, "laboratory": "云泽市食品检验所（示例）",
        }  # fmt: skip
        of = Of(place=Place(office.division, office))
        producetests.record(of, facts, {"cadmium": cadmium}, by=actor(MARKET), at=moment(day + timedelta(days=6)))
