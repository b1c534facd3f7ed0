"""What plans name of farmland, done by pages; docs/coverage.csv points here.

The plans themselves are in force in the made-up district: what they ask is bound to its measure on the measures page, and
the records made here by forms answer it.
"""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from desk import farmland_world
from desk.farm_desk import FARMING, Desk, add, approval, done, paper, read, record, taken_in
from desk.farmland_world import Farm
from desk.land_world import edition, layer
from soildesk.farmland.models import GrainNotice, LockProposal, Lot, ProduceTest, ProhibitedZone, UsePlan


@pytest.mark.parametrize(
    ("kind", "who", "unit", "asked"),
    [
        ("safe_use", FARMING, "safe_1", [("001", "受污染耕地安全利用方案"), ("004", "受污染耕地安全利用方案")]),
        ("crops", FARMING, "strict_1", [("004", "种植结构调整或植树造林计划")]),
        ("groundwater", "officer", "strict_1", [("001", "环境风险管控方案"), ("004", "制定环境风险管控方案")]),
        ("year", FARMING, "safe_1", [("000", "耕地安全利用年度工作方案"), ("003", "耕地分类管理年度工作计划")]),
        ("garden", "forestry", "garden_1", [("003", "受污染园地安全利用工作方案")]),
        ("emergency", FARMING, "safe_1", [("001", "超标农产品应急处置预案")]),
        ("protection", FARMING, "priority_1", [("004", "制定土壤环境保护方案")]),
    ],
)
def test_a_plan_of_each_kind_is_made_approved_and_uploaded(
    farm: Farm, desk: Desk, says: Any, kind: str, who: str, unit: str, asked: list[tuple[str, str]]
) -> None:
    measure = {"safe_use": "safe_use_plans", "crops": "crop_plans"}.get(kind, f"{kind}_plans")
    client, (first, *_others) = desk(who), asked
    assert "无法判断" in says(*first, measure), "no plan written down is not a plan made"
    number = farm.units[unit].number
    said = {
        "title": "2026 年方案",
        "first_year": "2026",
        "made_on": "2026-03-01",
        "agronomy": "低积累品种",
        "training": "两次",
    }
    add(client, "use_plans", kind=kind, units=number, **said)
    made = UsePlan.objects.get()
    assert (made.kind, list(made.units.all())) == (kind, [farm.units[unit]])
    if kind in ("safe_use", "crops", "groundwater"):
        assert "未达到" in says(*first, measure), "made, but no government approved it yet"
        done(client, reverse("farmland:plan_approve", args=[made.uid]), **approval())
        shown = done(client, reverse("farmland:plan_upload", args=[made.uid]), receipt="HZ-1", on="2026-04-03")
        assert "HZ-1" in shown and "青政〔2026〕12号" in shown
    for plan, words in asked:
        assert "1 份方案中，1 份已按要求批准和上传" in says(plan, words, measure)


def test_experts_visit_and_farmers_are_trained(farm: Farm, desk: Desk, says: Any) -> None:
    client, unit = desk(FARMING), farm.units["safe_1"].number
    assert "无法判断" in says("001", "技术指导和培训", "training_held")
    said = {"on": "2026-05-01", "experts": "省农科院", "units": unit}
    page = add(client, "guidance", kind="training", topic="安全利用技术", attendees="80", **said)
    assert "省农科院" in page and "80" in page
    for plan, words in (("001", "安全利用技术指导和培训"), ("004", "农民合作社的技术指导和培训")):
        assert "当年登记 1 次" in says(plan, words, "training_held")
    assert "无法判断" in says("000", "专家指导组", "experts_visited"), "a training is no visit of the group"
    add(client, "guidance", kind="visit", topic="水稻降镉", advice="水稻改种低积累品种", **said)
    assert "当年登记 1 次" in says("000", "专家指导组", "experts_visited")


def test_crops_leave_a_zone_the_government_approved(farm: Farm, desk: Desk, says: Any) -> None:
    client, names = desk(FARMING), ("strict_1", "strict_2")
    units = "、".join(farm.units[name].number for name in names)
    add(client, "prohibited_zones", name="柏庄禁产区", produce="水稻、小麦", proposed_on="2026-03-01", units=units)
    exits = reverse("farmland:crop_exit")
    assert "柏庄禁产区" not in read(client, exits), "what was only proposed holds nobody"
    zone = ProhibitedZone.objects.get()
    done(client, reverse("farmland:zone_approve", args=[zone.uid]), **approval())
    done(client, reverse("farmland:zone_announce", args=[zone.uid]), on="2026-05-03", address="", file=paper("公告"))
    assert "有 2 个单元没有登记今年种植什么" in read(client, exits)
    for name, crop in zip(names, ("晚稻", "苎麻"), strict=True):
        add(client, "seasons", unit=farm.units[name].number, year="2026", crop=crop)
    assert "有 1 个单元仍在种植禁止生产的农产品" in read(client, exits)
    assert "2 个单元中，1 个已退出" in says("004", "严禁种植食用农产品", "crops_left")


def test_produce_of_a_garden_is_tested_each_season(farm: Farm, desk: Desk) -> None:
    forest, number = desk("forestry"), farm.units["garden_1"].number
    add(forest, "seasons", unit=number, year="2026", crop="苹果", sown_on="2026-03-01", harvest_from="2026-09-01")
    plan = reverse("farmland:test_plan") + "?year=2026"
    assert "逾期未检" in lines(read(forest, plan), "苹果")
    said = {"number": "GY-1", "stage": "field", "unit": number, "crop": "苹果"}
    said |= {"sampled_on": "2026-08-20", "result_on": "2026-08-23", "cadmium": "0.01"}
    refused = desk(FARMING).post(reverse("kit:collection_add", args=["produce_tests"]), {**said, "step": "save"})
    assert refused.status_code != 302, "produce of a garden is the forest office's"
    add(forest, "produce_tests", **said)
    assert "已检测" in lines(read(forest, plan), "苹果")


def lines(page: str, words: str) -> str:
    """The rows of tables of a page that hold some words."""
    return "".join(row for row in page.split("<tr>")[1:] if words in row.split("</tr>")[0])


def test_the_market_is_sampled_and_what_is_above_is_recalled(farm: Farm, desk: Desk) -> None:
    said = {"number": "SC-7", "stage": "market", "crop": "大米", "taken_at": "城关粮油店", "cadmium": "0.31"}
    page = add(desk("market"), "produce_tests", sampled_on="2026-10-20", result_on="2026-10-24", **said)
    assert "GB 2762" in page and "城关粮油店" in page
    test = ProduceTest.objects.get()
    url = f"{reverse('farmland:notice_send')}?test={test.uid}&kind=recall"
    assert "停止销售、召回已流出的粮食" in read(desk(FARMING), url)
    to = str(farm.world.departments["grain"].pk)
    told = {"kind": "recall", "to": to, "on": "2026-10-25", "due": "2026-11-01", "text": "请核查来源并召回"}
    done(desk(FARMING), url, **told)
    store = desk("grain")
    notice = GrainNotice.objects.get(test=test)
    assert notice.number in read(store, reverse("home:today"))
    page = done(store, reverse("farmland:notice_answer", args=[notice.uid]), text="已召回 2 吨，封存", on="2026-10-30")
    assert "已召回 2 吨，封存" in page


def test_a_buyer_that_buys_untested_grain_owes_its_test(farm: Farm, desk: Desk) -> None:
    farming, store = desk(FARMING), desk("grain")
    town = farm.world.towns["柏庄镇"].division.path
    add(farming, "farm_holdings", name="青禾面粉厂", kind="buyer", _since="2020-01-01", town=town)
    above = {"number": "LT-1", "stage": "field", "unit": farm.units["safe_1"].number, "crop": "稻谷", "cadmium": "0.35"}
    add(farming, "produce_tests", sampled_on="2026-09-10", result_on="2026-09-13", **above)
    proposal = LockProposal.objects.get()
    assert "确认锁定" in record(farming, "lock_proposals", proposal)
    locking = {
        "on": "2026-09-15",
        "document": "青农发〔2026〕31号",
        "area_mu": "30",
        "year": "2026",
        "note": "其余改种",
    }
    done(farming, reverse("farmland:lock_confirm", args=[proposal.uid]), **locking)
    lot = Lot.objects.get().number
    moved = {"lot": lot, "part": "stored", "tonnes": "5", "on": "2026-09-28", "document": "磅 1", "separate": "1"}
    add(store, "grain_moves", to="青禾面粉厂 1 号仓", **moved)
    buyers = reverse("farmland:grain_buyers") + "?year=2026"
    assert "未履行" in lines(read(store, buyers), "青禾面粉厂")
    bought = {"number": "S-1", "stage": "purchase", "lot": lot, "buyer": "青禾面粉厂", "crop": "稻谷", "cadmium": "0.3"}
    add(store, "produce_tests", sampled_on="2026-10-08", result_on="2026-10-09", **{**bought, "number": "S-0"})
    row = lines(read(store, buyers), "青禾面粉厂")
    assert "购后检测" in row and "未履行" not in row and "已检测" not in row
    assert "2026-10-08 采样" in record(store, "grain_lots", Lot.objects.get())
    add(store, "produce_tests", sampled_on="2026-09-26", result_on="2026-09-27", **bought)
    row = lines(read(store, buyers), "青禾面粉厂")
    assert "已检测" in row and "未履行" not in row


def test_measures_on_units_make_the_area_of_the_plans(farm: Farm, desk: Desk, says: Any, reached: Any) -> None:
    client = desk(FARMING)
    area = ("000", "完成受污染耕地安全利用面积", "safe_use_area")
    assert "无法判断" in says(*area), "a year of which nobody wrote anything down"
    names = [f"{row}_{number}" for row in ("safe", "strict") for number in range(1, 7)]
    treated(client, farm, "石灰调节", *names[:6])
    assert "✓" in says(*area) and "（100.00%）" in says(*area)
    assert "（100.00%）" in says("000", "全部实现安全利用", "safe_use_area")
    strict = ("001", "应及时实施种植结构调整", "strict_area")
    assert "未达到" in says(*strict)
    treated(client, farm, "种植结构调整", *names[6:])
    assert "（100.00%）" in says(*strict)
    assert "自算 100.00%" in reached("003", "受污染耕地安全利用率", "safe_use_rate")
    orchard = ("003", "受污染耕地和园地", "all_under_measures")
    assert "（100.00%）" in says(*orchard)


def treat(client: Client, farm: Farm, name: str, kind: str, **said: str) -> str:
    """A measure on the whole of a unit with its evidence."""
    proof = {"evidence": "image", "evidence_name": f"照片 {name}", "area_mu": whole(farm, name)}
    return add(client, "farm_measures", unit=farm.units[name].number, year="2026", kind=kind, **proof, **said)


def treated(client: Client, farm: Farm, kind: str, *names: str) -> None:
    """The same of several units, by one table."""
    head = ("地块编号", "年度", "措施", "面积（亩）", "佐证类型", "佐证名称或者编号")
    rows = [(farm.units[name].number, 2026, kind, whole(farm, name), "图片", f"照片 {name}") for name in names]
    taken_in(client, "farm_measures", head, *rows)


def whole(farm: Farm, *names: str) -> str:
    """The ground of units in 亩, as a form takes it."""
    return f"{sum(farm.version(name).area_m2 for name in names) * 15 / 10000:.4f}"


@pytest.mark.parametrize(
    ("kind", "row", "words", "measure", "how"),
    [
        ("safe_use", "safe", "轻度、中度污染耕地安全利用任务", "light_tasks_done", "liming"),
        ("crops", "strict", "重度污染耕地种植结构调整", "heavy_tasks_done", "crop_structure"),
    ],
)
def test_a_task_of_area_is_done_by_measures(
    farm: Farm, desk: Desk, says: Any, kind: str, row: str, words: str, measure: str, how: str
) -> None:
    client, town = desk(FARMING), farm.world.towns["柏庄镇"]
    assert "无法判断" in says("001", words, measure)
    given = {"year": "2026", "kind": kind, "division": town.division.path, "unit_in_charge": str(town.pk)}
    add(client, "area_tasks", area_mu="100", document="青农〔2026〕3号", **given)
    treat(client, farm, f"{row}_1", how)
    assert "未达到" in says("001", words, measure)
    treat(client, farm, f"{row}_2", how)
    assert "已达到" in says("001", words, measure)


def test_priority_ground_is_listed_down_to_households(farm: Farm, desk: Desk) -> None:
    town, unit = desk("town"), farm.units["priority_1"]
    add(town, "farmland_households", unit=unit.number, head="王某", contract="HT-1", area_mu="7.5", since="2022-01-01")
    assert "王某" in record(town, "farmland_units", unit)
    office = desk(FARMING)
    listed = read(office, reverse("kit:collection", args=["farmland_units"]) + "?class=priority&basic=1")
    assert unit.number in listed and farm.units["safe_1"].number not in listed
    left_out = read(office, reverse("kit:collection", args=["farmland_units"]) + "?class=priority&basic=0")
    assert unit.number not in left_out, "what is of the class and no permanent farmland is a list of its own"
    answer = office.get(reverse("farmland:class_list"))
    rows = openpyxl.load_workbook(io.BytesIO(answer.content))["类别清单"].iter_rows(min_row=4, values_only=True)
    assert [row[1] for row in rows if "王某" in row] != []


def test_a_list_of_recommended_crops_is_kept(farm: Farm, desk: Desk, says: Any) -> None:
    client, asked = desk(FARMING), ("000", "农作物种植推荐清单", "crop_list_kept")
    variety = {"what": "variety", "crop": "水稻", "elements": "镉", "source": "省农业农村厅推荐清单（2025）"}
    add(client, "techniques", name="试种一号", **variety)
    assert "无法判断" in says(*asked), "kept in the library, and on no list"
    add(client, "techniques", name="低镉稻一号", recommended="1", **variety)
    assert "推荐清单上有 1 项" in says(*asked)
    assert "低镉稻一号" in read(client, reverse("kit:collection", args=["techniques"]))


def test_every_unit_has_somebody_who_answers_for_it(farm: Farm, desk: Desk, says: Any) -> None:
    client = desk(FARMING)
    for words, measure, heading, rows in (
        (
            "田长制",
            "field_chiefs",
            "田长",
            [name for name in farm.units if name[:-2] in ("priority", "safe", "strict")],
        ),
        ("林长制", "forest_chiefs", "林长", ["garden_1"]),
    ):
        assert "未达到" in says("003", words, measure)
        taken_in(client, "farmland_units", ("外部代码", heading), *((f"QH-{name}", "王某") for name in rows))
        told = says("003", words, measure)
        assert "已达到" in told and "王某" not in told, "that somebody is named, not who"


def test_gardens_and_other_ground_have_a_class_of_their_own(farm: Farm, desk: Desk, says: Any) -> None:
    asked = (
        ("003", "分类管理园地", "gardens_classed"),
        ("004", "其他农用地土壤环境质量类别划定", "other_land_classed"),
    )
    for each in asked:
        told = says(*each)
        assert "未达到" in told and "没有批准的类别" in told and "军庄镇果园" in told
    farmland_world.approved(
        farm.world, {farm.units["garden_1"]: "safe_use"}, since=date(2026, 11, 3), number="示政函〔2026〕9号", at=farm.world.at
    )  # fmt: skip
    for each in asked:
        assert "已达到" in says(*each)
    taken_in(desk(FARMING), "farmland_units", ("外部代码", "地类"), ("QH-garden_1", "草地"))
    assert "无法判断" in says(*asked[0]), "no garden is left: nothing is said of none"
    assert "已达到" in says(*asked[1])


def test_priority_ground_is_permanent_farmland_or_nobody_can_say(farm: Farm, desk: Desk, says: Any) -> None:
    client, asked = desk(FARMING), ("001", "划为永久基本农田", "priority_permanent")
    assert "已达到" in says(*asked)
    taken_in(client, "farmland_units", ("外部代码", "永久基本农田"), ("QH-priority_1", "否"))
    told = says(*asked)
    assert "无法判断" in told and "已达到" not in told


def test_an_area_in_ten_thousands_of_mu_is_a_target(farm: Farm, desk: Desk, reached: Any) -> None:
    asked = ("004", "重度污染耕地种植结构调整或退耕还林还草面积", "crops_changed_area")
    assert "无法判断" in reached(*asked)
    proof = {"evidence": "image", "evidence_name": "照片", "area_mu": whole(farm, "strict_1"), "year": "2026"}
    add(desk(FARMING), "farm_measures", unit=farm.units["strict_1"].number, kind="crop_structure", **proof)
    told = reached(*asked)
    assert "未达到" in told and "4万亩" in told


def test_who_took_land_over_is_known_unit_by_unit(farm: Farm, desk: Desk) -> None:
    town, unit = desk("town"), farm.units["safe_1"]
    said = {"unit": unit.number, "contract": "HT-9", "area_mu": "9.5", "since": "2022-01-01"}
    add(town, "farmland_households", head="李某", transferee="柏庄丰源合作社", **said)
    listed = reverse("kit:collection", args=["farmland_households"])
    assert "柏庄丰源合作社" in read(town, f"{listed}?transferred=1&class=safe_use")
    assert "柏庄丰源合作社" not in read(town, f"{listed}?transferred=0")


def test_techniques_stand_beside_each_other_with_what_they_cost_and_did(farm: Farm, desk: Desk) -> None:
    client = desk(FARMING)
    listed = reverse("kit:collection", args=["techniques"])
    for at, (name, yuan, cadmium) in enumerate((("石灰调酸一号", "300", "0.05"), ("叶面阻控一号", "900", "0.45")), 1):
        said = {"what": "technique", "crop": "水稻", "elements": "镉", "source": "区试点（示例）", "measure": "liming"}
        add(client, "techniques", name=name, **said)
        unit = farm.units[f"safe_{at}"].number
        proof = {"evidence": "image", "evidence_name": f"照片 {at}", "area_mu": "10", "cost_yuan": yuan}
        add(client, "farm_measures", unit=unit, year="2026", kind="liming", technique=name, **proof)
        tested = {"number": f"LT-{at}", "stage": "field", "unit": unit, "crop": "稻谷", "cadmium": cadmium}
        add(client, "produce_tests", sampled_on="2026-09-10", result_on="2026-09-13", **tested)
    rows = {name: lines(read(client, listed), name) for name in ("石灰调酸一号", "叶面阻控一号")}
    assert ">30<" in rows["石灰调酸一号"] and ">90<" in rows["叶面阻控一号"], "yuan on a mu"


def test_zones_for_grain_leave_out_ground_under_strict_control(farm: Farm, desk: Desk, says: Any) -> None:
    asked = ("000", "对粮食生产功能区和重要农产品保护区进行相应调整", "food_zones_adjusted")
    assert "没有图层不能判断" in says(*asked), "no layer is not that there are no zones"
    ground = farm.version("strict_1").geometry
    made = layer(farm.world, "food_zones", "food_zone", [{"name": "小麦功能区", "geometry": ground}])
    page = says(*asked)
    assert "6 个严格管控类单元中，5 个" in page and "小麦功能区" in page
    shown = record(desk(FARMING), "farmland_units", farm.units["strict_1"])
    assert "两区待调整" in shown and "请报原批准机关调出" in shown
    assert "两区待调整" not in record(desk(FARMING), "farmland_units", farm.units["strict_2"])
    apart = {"name": "小麦功能区", "geometry": farm.version("priority_1").geometry}
    edition(farm.world, made, [apart], since=date(2026, 10, 1))
    assert "已达到" in says(*asked), "the zone was drawn anew without it"
