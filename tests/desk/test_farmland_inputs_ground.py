"""Holdings with what they owe, films, what is put on units, points of film, irrigation water traced: through pages and measures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from clause_words import offered
from django.test import Client

from desk import farmland_world, judging_world
from desk.land_world import place
from desk.register_promises import RegisterPromises
from soildesk.core.permissions import NotAllowed
from soildesk.farmland.models import HoldingVersion, InputEntry, Spreading, WaterTrace
from soildesk.farmland.refusals import InputRefused
from soildesk.farmland.services import filmpoints, holdings, spreading
from soildesk.kit import measures
from soildesk.kit.measures import MeasureResult, Outcome
from soildesk.monitoring.services import judging

DAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
SINCE = date(2025, 1, 1)
D, N, C = Outcome.DONE, Outcome.NOT_DONE, Outcome.CANNOT_SAY
HOUSE = {
    "kind": "greenhouse",
    "form": "cooperative",
    "area_m2": Decimal(40000),
    "edible": True,
    "name": "青禾绿源蔬菜专业合作社",
}


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return world


def holding(made: Any, **facts: Any) -> HoldingVersion:
    said = {**HOUSE, "geometry": farmland_world.square(0, 0).centroid, **facts}
    return holdings.register(said, place(made, keeper="agriculture"), since=SINCE, by=made.actor("agriculture"), at=AT)


def entry(made: Any, of: HoldingVersion, **facts: Any) -> Any:
    said = {
        "holding": of.holding,
        "on": date(2026, 5, 6),
        "kind": "fertiliser",
        "name": "复合肥",
        "amount_kg": Decimal(500),
        **facts,
    }
    return holdings.ENTRIES.tell(said, place(made, keeper="agriculture"), by=made.actor("agriculture"), at=AT)


def task(made: Any, year: int = 2026) -> Any:
    plan = {
        "division": made.district,
        "year": year,
        "period_start": None,
        "period_end": None,
        "doc_number": "青政办〔2026〕6号",
        "title": "方案",
    }
    return SimpleNamespace(plan=SimpleNamespace(**plan), number="3")


def ask(made: Any, name: str, known_on: date = DAY) -> MeasureResult:
    return measures.get(f"farmland.{name}").run(made.actor("officer"), task(made), DAY, known_on)


def entered(client: Client, made: Any, who: str = "agriculture") -> Client:
    client.force_login(made.people[who])
    return client


def form(client: Client, collection: str, said: Mapping[str, str]) -> str:
    """A form filled in and sent; the record page it leads to."""
    answer = client.post(f"/kit/r/{collection}/new", said)
    assert answer.status_code == 302, re.sub(
        r"\s+", " ", str(answer.context["form"].errors) + str(answer.context.get("stopped"))
    )
    return client.get(answer["Location"]).content.decode()


def test_a_greenhouse_from_register_to_soil(client: Client, made: Any) -> None:
    farmland_world.offices(made)
    entered(client, made)
    town = made.towns["柏庄镇"].division.path
    said = {
        "name": "青禾绿源蔬菜专业合作社",
        "kind": "greenhouse",
        "form": "cooperative",
        "area_mu": "60",
        "edible": "1",
        "_since": "2025-01-01",
        "town": town,
    }
    page = form(client, "farm_holdings", said)
    assert "没有农产品检测记录" in page and "北京市土壤污染防治条例" in page and "参照执行" in page
    version = HoldingVersion.objects.get()
    assert version.area_m2 == 40000
    assert ask(made, "facility_produce_tested").outcome is N
    test = {
        "number": "NC-1", "crop": "菠菜", "sampled_on": "2026-05-02", "result_on": "2026-05-06", "laboratory": "云泽检测",
        "report_number": "BG-1", "cadmium": "0.5",
    }  # fmt: skip
    answer = client.post(f"/farmland/inputs/holdings/{version.holding.uid}/test", test, follow=True)
    assert "已登记" in answer.content.decode() and "请判断是否可能因土壤原因" in answer.content.decode()
    assert ask(made, "facility_produce_tested").outcome is D
    answer = ask(made, "soil_after_produce")
    assert answer.outcome is N and "请判断是否可能因土壤原因" in answer.rows[0].note
    soil = {
        "holding": version.holding.number,
        "on": "2026-05-10",
        "soil_suspected": "1",
        "ground": "同一地块连续两茬超标",
    }
    form(client, "farm_soil_checks", soil)
    assert "尚未监测" in ask(made, "soil_after_produce").rows[0].note
    listed = client.get("/kit/r/farm_holdings/?kind=greenhouse&large=1").content.decode()
    assert "青禾绿源" in listed and "土壤尚未监测" in listed


def test_ledgers_and_films(client: Client, made: Any) -> None:
    dealer = holding(made, kind="dealer", form="company", name="青禾农资门店", area_m2=None)
    assert ask(made, "input_ledgers").outcome is N
    assert ask(made, "film_thickness").outcome is C
    entered(client, made)
    said = {
        "holding": "青禾农资门店",
        "on": "2026-05-06",
        "kind": "film",
        "name": "聚乙烯地膜",
        "amount_kg": "120",
        "thickness_mm": "0.008",
    }
    page = form(client, "farm_inputs", said)
    assert "违反" in page and "GB 13735-2017" in page
    entry(made, dealer, kind="film", name="加厚地膜", thickness_mm=Decimal("0.01"))
    answer = ask(made, "film_thickness")
    assert (answer.outcome, answer.numerator, answer.denominator) == (N, 1, 2)
    thin = client.get("/kit/r/farm_inputs/?film=thin").content.decode()
    assert "聚乙烯地膜" in thin and "加厚地膜" not in thin
    with pytest.raises(InputRefused, match="来源和去向"):
        entry(made, dealer, kind="pesticide", name="氧乐果", highly_toxic=True)
    entry(made, dealer, kind="pesticide", name="氧乐果", highly_toxic=True, from_to="柏庄镇王某，棉田 3 亩")
    assert ask(made, "pesticide_flow").outcome is D
    assert ask(made, "input_ledgers").outcome is D
    wrong = InputEntry.objects.get(thickness_mm=Decimal("0.008"))
    answer = client.post(f"/farmland/inputs/told/input/{wrong.uid}/take-back", {"reason": "看错了"}, follow=True)
    assert "已撤销" in answer.content.decode()
    assert ask(made, "film_thickness").outcome is D
    assert InputEntry.objects.count() == 3  # what was wrong stays
    with pytest.raises(NotAllowed):
        holdings.ENTRIES.tell(
            {"holding": dealer.holding, "on": DAY, "kind": "film", "name": "膜", "amount_kg": Decimal(1)},
            place(made, "军庄镇", "agriculture"), by=made.actor("town"), at=AT,
        )  # fmt: skip


def test_parks_farms_and_stations(made: Any) -> None:
    park = holding(made, kind="park", form="other", name="青禾公园", area_m2=None)
    entry(made, park)
    answer = ask(made, "parks_account")
    assert answer.outcome is N and "农药" in answer.rows[0].note
    entry(made, park, kind="pesticide", name="吡虫啉")
    assert ask(made, "parks_account").outcome is D
    holding(
        made,
        kind="livestock",
        form="company",
        name="甲养殖场",
        equipped=True,
        has_outlet=False,
        outlet_checked_on=date(2026, 3, 1),
    )
    assert ask(made, "large_farms_equipped").outcome is D
    assert ask(made, "livestock_outlets").outcome is D
    holding(made, kind="livestock", form="company", name="乙养殖场")
    assert ask(made, "large_farms_equipped").outcome is C
    assert ask(made, "livestock_outlets").outcome is N
    assert ask(made, "recovery_network").outcome is C, "no station anywhere: nobody may have entered them"
    holding(made, kind="recovery", form="other", name="柏庄回收站")
    answer = ask(made, "recovery_network")
    assert [(row.name, row.counts) for row in answer.rows] == [("军庄镇", False), ("柏庄镇", True)]
    assert answer.outcome is N
    outcomes = {}
    for wanted in ("1", "2"):
        target = SimpleNamespace(
            plan=task(made).plan, comparator="=", target_number=Decimal(wanted), unit="个", not_applicable=False
        )
        found = measures.get("farmland.recovery_stations").run(made.actor("officer"), target, DAY, DAY)
        outcomes[wanted] = (found.outcome, found.numerator)
    assert outcomes == {"1": (D, 1), "2": (N, 1)}


def test_every_piece_of_cropland_has_a_class(made: Any) -> None:
    assert ask(made, "cropland_classed").outcome is C
    farm = farmland_world.county(made)
    answer = ask(made, "cropland_classed")
    counted = {row.uid for row in answer.rows if row.counts}
    assert str(farm.version("safe_1").unit.uid) in counted
    assert (answer.outcome is D) is (answer.numerator == answer.denominator)


def test_what_is_put_on_a_unit_stands_on_its_page(client: Client, made: Any) -> None:
    farm = farmland_world.county(made)
    unit = farm.version("safe_1")
    entered(client, made)
    said = {
        "kind": "sludge",
        "unit": "QH-safe_1",
        "on": "2026-04-01",
        "tonnes": "40",
        "area_mu": "60",
        "origin": "青禾区污水处理厂",
        "report_number": "WN-1",
        "within": "1",
    }
    page = form(client, "farm_spreadings", said)
    assert "每公顷 10 吨（干基），超过 7.5 吨" in page and "GB 4284-2018" in page
    answer = ask(made, "spreadings_within")
    assert answer.outcome is N and "7.5" in answer.rows[0].note
    page = client.get(f"/kit/r/farmland_units/{unit.unit.uid}").content.decode()
    assert "青禾区污水处理厂" in page and "超过 7.5 吨" in page
    row = Spreading.objects.get()
    assert (row.unit, row.area_m2) == (unit.unit, 40000)
    with pytest.raises(InputRefused, match="检测报告编号"):
        spreading.SPREADINGS.tell(
            {"kind": "manure", "on": DAY, "tonnes": Decimal(3), "origin": "甲场", "within": True}, place(made, keeper="agriculture"),
            by=made.actor("agriculture"), at=AT,
        )  # fmt: skip


def test_film_left_in_soil(client: Client, made: Any) -> None:
    point = filmpoints.register(
        {"name": "柏庄玉米地 1 号", "geometry": farmland_world.square(0, 0).centroid}, place(made, keeper="agriculture"),
        since=SINCE, by=made.actor("agriculture"), at=AT,
    )  # fmt: skip
    assert ask(made, "film_residue_points").outcome is C, "no finding of the year: nobody may have entered them"
    with pytest.raises(NotAllowed):  # a town keeps its own points and gives none away
        filmpoints.check_change(
            point, {"place": place(made, "军庄镇", "agriculture")}, since=None, by=made.actor("town")
        )
    entered(client, made)
    page = form(client, "farm_residues", {"point": point.point.number, "on": "2026-10-08", "kg_per_ha": "75.5"})
    assert "违反" in page and "GB/T 25413-2010" in page
    answer = ask(made, "film_residue_points")
    assert answer.outcome is D and "超过限值" in answer.rows[0].note
    assert "75.5" in client.get("/kit/r/farm_filmpoints/?state=over").content.decode()


def test_irrigation_water_within_its_limits_leaves_nothing_to_trace(made: Any) -> None:
    points = [
        judging_world.point(made, name, medium="irrigation", standard="gb5084", use="paddy")
        for name in ("GQ-1", "GQ-2")
    ]
    of = judging_world.campaign(made)
    judging_world.results(made, of, {points[0]: {"cadmium": 0.001}})
    judging.judge(of, "accepted", by=made.actor("officer"), at=AT)
    assert ask(made, "irrigation_traced").outcome is C, "of one point nobody knows"
    more = judging_world.campaign(made)
    judging_world.results(made, more, {points[1]: {"cadmium": 0.001}})
    judging.judge(more, "accepted", by=made.actor("officer"), at=AT)
    assert ask(made, "irrigation_traced").outcome is Outcome.NOT_APPLICABLE


def test_irrigation_water_above_its_limit_is_traced(client: Client, made: Any) -> None:
    canal = judging_world.point(made, "GQ-1", name="灌渠进水口", medium="irrigation", standard="gb5084", use="paddy")
    clean = judging_world.point(made, "GQ-2", medium="irrigation", standard="gb5084", use="paddy")
    entered(client, made)
    assert "尚未评价" in client.get("/farmland/waters").content.decode()
    assert ask(made, "irrigation_within").outcome is C
    assert ask(made, "irrigation_traced").outcome is C
    of = judging_world.campaign(made)
    judging_world.results(made, of, {canal: {"cadmium": 0.02}, clean: {"cadmium": 0.001}})
    judging.judge(of, "accepted", by=made.actor("officer"), at=AT)
    assert ask(made, "irrigation_within").outcome is N
    assert ask(made, "irrigation_traced").outcome is N
    page = client.get("/farmland/waters").content.decode()
    link = re.search(r'href="([^"]+)">\s*登记溯源', page)
    assert link and "point=GQ-1" in link[1] and "year=2026" in link[1]
    begun = client.get(link[1].replace("&amp;", "&")).content.decode()
    assert "GQ-1" in begun
    said = {"point": "GQ-1", "on": "2026-06-01", "analytes": "镉", "found": "上游电镀厂雨水口混排", "source": "工业源"}
    form(client, "farm_watertraces", said)
    assert ask(made, "irrigation_traced").outcome is N  # found, nothing done yet
    trace = WaterTrace.objects.get()
    edit = client.get(f"/kit/r/farm_watertraces/{trace.uid}/edit").context
    data = {name: str(edit["form"][name].value() or "") for name in edit["form"].fields if name != "_correction"}
    data |= {
        "_stamp": edit["stamp"],
        "_why": "补充措施",
        "step": "save",
        "done": "封堵雨水口，停用该渠",
        "closed_on": "2026-07-01",
    }
    answer = client.post(f"/kit/r/farm_watertraces/{trace.uid}/edit", data)
    assert answer.status_code == 302, (answer.context["form"].errors, answer.context.get("stopped"))
    assert ask(made, "irrigation_traced").outcome is D
    assert "已办结" in client.get("/farmland/waters").content.decode()


CLAUSES = {
    "指导采用温室、大棚等设施种植食用农产品面积大于50亩的农民专业合作社": "facility_produce_tested",
    "建立农药、肥料和农用薄膜使用量以及农药包装废弃物、废旧农用薄膜产生量台账": "input_ledgers",
    "逐步开展农药、化肥使用核算": "parks_account",
    "严禁生产和销售使用厚度0.01毫米以下地膜": "film_thickness",
    "建立健全农田地膜残留监测点": "film_residue_points",
    "调查监测农膜使用、回收情况以及农药包装废弃物回收处置率": "film_packs_surveyed",
    "掌握本辖区农药产品特别是高毒、高残留农药流向动态": "pesticide_flow",
    "建立健全废弃农膜回收贮运和综合利用网络": "recovery_network",
    "排查畜禽养殖场生产废水排放口": "livestock_outlets",
    "水质不达标的进行污染溯源并采取措施": "irrigation_traced",
    "确保灌溉用水符合农田灌溉水质标准": "irrigation_within",
    "完善畜禽粪污还田利用管理机制": "spreadings_within",
    "加强农业投入品质量监管": "input_checks",
    "严格规范化肥、农药、农膜、兽药及饲料添加剂生产、销售": "input_checks",
}


@pytest.mark.parametrize(("clause", "name"), CLAUSES.items())
def test_what_plans_name_finds_its_measure(clause: str, name: str) -> None:
    assert f"farmland.{name}" in offered(clause)


class TestHoldings(RegisterPromises):
    collection = "farm_holdings"
    changes: Mapping[str, str] = {"location": "柏庄镇东"}  # type: ignore[misc]

    def fill(self, world: Any) -> Sequence[str]:
        return [str(holding(world, name=name).holding.uid) for name in ("甲合作社", "乙合作社")]

    def more(self, world: Any, count: int) -> None:
        for number in range(count):
            holding(world, name=f"第{number}合作社")


class TestEntries(RegisterPromises):
    collection = "farm_inputs"
    changes: Mapping[str, str] = {"from_to": "供销社"}  # type: ignore[misc]

    def addresses(self, keys: Sequence[str]) -> Iterator[str]:
        """A line is put aside for another one."""
        return (url for url in super().addresses(keys) if not url.endswith("/history"))

    def fill(self, world: Any) -> Sequence[str]:
        of = holding(world)
        return [str(entry(world, of, name=name).uid) for name in ("复合肥", "尿素")]

    def more(self, world: Any, count: int) -> None:
        of = HoldingVersion.objects.first()
        for number in range(count):
            entry(world, of, name=f"第{number}号肥")


@pytest.mark.parametrize(
    "facts",
    [{"kind": "film", "name": "地膜", "thickness_mm": Decimal(8)}, {"on": date(1900, 1, 1)}],
    ids=["µm", "1900"],
)
def test_a_ledger_takes_no_slip_of_the_pen(made: Any, facts: Mapping[str, Any]) -> None:
    firm = holding(made)
    with pytest.raises(InputRefused, match=r"微米|核对年份"):
        entry(made, firm, **facts)


def test_a_dose_is_not_thinned_out_over_ground_a_unit_does_not_have(made: Any) -> None:
    unit = farmland_world.unit(made, "甲", farmland_world.square(0, 0))
    said = {"kind": "sludge", "unit": unit.unit, "on": date(2026, 5, 1), "tonnes": Decimal(30), "origin": "污水厂"}
    wide = {**said, "area_m2": Decimal(str(unit.area_m2)) * 2}
    with pytest.raises(InputRefused, match="大于单元"):
        spreading.SPREADINGS.tell(wide, place(made, keeper="agriculture"), by=made.actor("agriculture"), at=AT)


def test_an_area_of_whole_square_metres_keeps_its_hundredths_of_a_mu(client: Client, made: Any) -> None:
    holding(made, area_m2=Decimal(33340))
    entered(client, made)
    assert "50.01" in client.get("/kit/r/farm_holdings/").content.decode(), (
        "SQLite divides whole numbers to whole numbers"
    )
