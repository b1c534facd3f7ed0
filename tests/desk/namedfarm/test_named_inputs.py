"""What plans name of fertiliser, film, manure, sludge and inputs, done by pages; docs/coverage.csv points here."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from desk.farm_desk import FARMING, Desk, add, read, reported
from desk.farmland_world import Farm


def test_film_is_recovered_whole_by_the_figures_of_towns(farm: Farm, desk: Desk, says: Any) -> None:
    client = desk(FARMING)
    asked = ("000", "力争实现废弃农膜全面回收利用"), ("004", "力争实现废弃农膜全面回收利用")
    reported(
        client, 2026, {"柏庄镇": {"农膜使用量": "10 吨", "废弃农膜回收量": "10 吨"}, "军庄镇": {"农膜使用量": "30 吨"}}
    )
    for plan, words in asked:
        row = says(plan, words, "film_recovery")
        assert "无法判断" in row and "军庄镇" in row
    reported(client, 2026, {"军庄镇": {"废弃农膜回收量": "30 吨"}})
    for plan, words in asked:
        assert "100%" in says(plan, words, "film_recovery")


def test_a_town_that_did_not_report_manure_is_named(farm: Farm, desk: Desk, reached: Any, says: Any) -> None:
    client, asked = desk(FARMING), ("003", "畜禽粪污综合利用率", "manure_use")
    reported(
        client,
        2026,
        {"柏庄镇": {"畜禽粪污产生量": "100 吨", "畜禽粪污综合利用量": "99 吨"}, "军庄镇": {"畜禽粪污产生量": "50 吨"}},
    )
    assert "军庄镇" in reached(*asked)
    reported(client, 2026, {"军庄镇": {"畜禽粪污综合利用量": "40 吨"}})
    assert "未达到" in reached(*asked), "139 of 150 is less than 95%"
    assert "92.67%" in says("000", "畜禽粪污资源化利用", "manure_use")


def test_crops_are_protected_and_fed_as_the_plan_says(farm: Farm, desk: Desk, reached: Any) -> None:
    towns = {
        "柏庄镇": {
            "主要农作物播种面积": "1000 亩",
            "绿色防控面积": "800 亩",
            "统防统治面积": "500 亩",
            "测土配方施肥面积": "990 亩",
        },
        "军庄镇": {
            "主要农作物播种面积": "3000 亩",
            "绿色防控面积": "2200 亩",
            "统防统治面积": "1500 亩",
            "测土配方施肥面积": "2970 亩",
        },
    }
    reported(desk(FARMING), 2026, towns)
    assert "75%" in reached("003", "主要农作物绿色防控覆盖率", "green_control_cover")
    assert "未达到" in reached("003", "主要农作物统防统治覆盖率", "unified_control_cover")
    assert "99%" in reached("003", "主要农作物测土配方施肥技术覆盖率", "soil_test_cover")


def test_fertiliser_is_used_well_and_less(farm: Farm, desk: Desk, reached: Any) -> None:
    client = desk(FARMING)
    reported(client, 2025, {"柏庄镇": {"化肥使用量（折纯）": "110 吨"}, "军庄镇": {"化肥使用量（折纯）": "190 吨"}})
    now = {"柏庄镇": {"化肥使用量（折纯）": "100 吨", "测土配方施肥面积": "900 亩", "主要农作物播种面积": "1000 亩"}}
    now |= {
        "军庄镇": {"化肥使用量（折纯）": "200 吨", "测土配方施肥面积": "2600 亩", "主要农作物播种面积": "3000 亩"},
        "青禾区": {"化肥利用率": "41 %"},
    }
    reported(client, 2026, now)
    assert "未达到" in reached("003", "化肥利用率", "fertiliser_use"), "41 of 42%"
    assert "已达到" in reached("004", "化肥利用率", "fertiliser_use"), "more than 40%"
    assert "未达到" in reached("004", "测土配方施肥技术推广覆盖率", "soil_test_cover"), "3500 of 4000 is less than 90%"
    assert "已达到" in reached("001", "主要农作物化肥使用量", "fertiliser_zero_growth"), "300 and 300 is no growth"
    more = {
        "year": "2026",
        "town": farm.world.towns["军庄镇"].division.path,
        "figure": "fertiliser_t",
        "document": "年报",
    }
    add(client, "farm_figures", value="201", _why="更正", **more)
    assert "未达到" in reached("001", "主要农作物化肥使用量", "fertiliser_zero_growth")


def test_produce_dung_and_sludge_are_counted(farm: Farm, desk: Desk, reached: Any) -> None:
    client = desk(FARMING)
    town = {"规模养殖畜禽粪污产生量": "100 吨", "规模养殖畜禽粪污综合利用量": "80 吨"}
    reported(
        client,
        2026,
        {
            "柏庄镇": town,
            "军庄镇": town,
            "青禾区": {
                "“三品一标”农产品数": "50 个",
                "省级森林食品基地数": "2 个",
                "城市污泥产生量": "100 吨",
                "城市污泥无害化处理量": "85 吨",
            },
        },
    )
    assert "已达到" in reached("004", "“三品一标”农产品", "certified_products")
    assert "未达到" in reached("004", "省级森林食品基地", "forest_food_bases")
    assert "已达到" in reached("004", "规模养殖畜禽粪便综合利用率", "large_manure_use"), "160 of 200, and 75% is asked"
    assert "未达到" in reached("004", "市级城市污泥无害化处理率", "sludge_treatment"), "85%, and 90% is asked"


def test_film_and_packs_are_surveyed_in_every_town(farm: Farm, desk: Desk, says: Any) -> None:
    keys = ("农膜使用量", "废弃农膜回收量", "农药包装废弃物产生量", "农药包装废弃物回收量", "农药包装废弃物处置量")
    client, asked = desk(FARMING), ("003", "调查监测农膜使用、回收情况", "film_packs_surveyed")
    reported(client, 2026, {"柏庄镇": dict.fromkeys(keys, "3 吨")})
    assert "2 个涉农镇街中，1 个" in says(*asked) and "✗ 军庄镇" in says(*asked)
    reported(client, 2026, {"军庄镇": dict.fromkeys(keys, "2 吨")})
    assert "已达到" in says(*asked)
    assert "100%" in says("000", "农药包装废弃物回收处理", "pack_recovery")


def test_parks_account_for_what_they_use(farm: Farm, desk: Desk, says: Any) -> None:
    client, asked = desk(FARMING), ("003", "逐步开展农药、化肥使用核算", "parks_account")
    holding(client, farm, name="青禾公园", kind="park")
    used = {"holding": "青禾公园", "on": "2026-05-06", "amount_kg": "500"}
    add(client, "farm_inputs", kind="fertiliser", name="复合肥", **used)
    assert "未达到" in says(*asked) and "当年没有登记：农药" in says(*asked)
    add(client, "farm_inputs", kind="pesticide", name="吡虫啉", **used)
    assert "已达到" in says(*asked)


def holding(client: Client, farm: Farm, town: str = "柏庄镇", **said: str) -> str:
    """Somebody of agriculture registered by the form."""
    path = farm.world.towns[town].division.path
    return add(client, "farm_holdings", town=path, _since="2025-01-01", **said)


def test_outlets_of_livestock_farms_are_looked_for(farm: Farm, desk: Desk, says: Any) -> None:
    client, asked = desk(FARMING), ("003", "排查畜禽养殖场生产废水排放口", "livestock_outlets")
    farms = {"kind": "livestock", "form": "company", "equipped": "1"}
    holding(client, farm, name="甲养殖场", has_outlet="0", outlet_checked_on="2026-03-01", **farms)
    assert "已达到" in says(*asked)
    holding(client, farm, name="乙养殖场", **farms)
    assert "未达到" in says(*asked) and "乙养殖场" in says(*asked)


def test_each_town_has_a_station_of_the_recovery_network(farm: Farm, desk: Desk, says: Any) -> None:
    client, words = desk(FARMING), ("004", "回收贮运和综合利用网络", "recovery_network")
    holding(client, farm, name="柏庄回收站", kind="recovery")
    assert "✗ 军庄镇" in says(*words)
    holding(client, farm, "军庄镇", name="军庄回收站", kind="recovery")
    assert "2 个涉农镇街中，2 个有回收站点" in says(*words)
    assert "2 个涉农镇街中，2 个有回收站点" in says("001", "市级回收利用体系", "recovery_network")


def test_inputs_are_checked_and_what_fails_is_dealt_with(farm: Farm, desk: Desk, says: Any) -> None:
    client, asked = desk(FARMING), ("000", "加强农业投入品质量监管", "input_checks")
    holding(client, farm, name="青禾农资门店", kind="dealer")
    checked = {
        "holding": "青禾农资门店",
        "on": "2026-05-06",
        "product": "复合肥",
        "kind": "fertiliser",
        "passes": "0",
        "report_number": "JY-1",
    }
    add(client, "farm_checks", **checked)
    assert "未达到" in says(*asked)
    add(client, "farm_checks", **{**checked, "on": "2026-06-06"}, done="下架，立案查处")
    assert "1 批有结论且不合格的已处理" in says(*asked)


def farm_of(client: Client, farm: Farm, name: str, **said: str) -> None:
    holding(client, farm, name=name, kind="livestock", form="company", equipped="1", **said)


def test_every_large_farm_is_looked_at_and_what_is_found_is_dealt_with(farm: Farm, desk: Desk, says: Any) -> None:
    client, asked = desk(FARMING), ("003", "畜禽养殖粪污处理和资源化利用的专项执法检查", "livestock_checked")
    assert "无法判断" in says(*asked), "no farm on record is not that there is none"
    farm_of(client, farm, "甲养殖场")
    farm_of(client, farm, "乙养殖场")
    looked = {"on": "2026-05-06", "kind": "manure", "product": "粪污处理设施运行", "report_number": "检查 1"}
    add(client, "farm_checks", holding="甲养殖场", passes="1", **looked)
    add(client, "farm_checks", holding="乙养殖场", passes="0", **looked)
    assert "2 家规模养殖场中，1 家" in says(*asked) and "乙养殖场" in says(*asked)
    add(client, "farm_checks", holding="乙养殖场", passes="1", **{**looked, "on": "2026-06-06"})
    assert "未达到" in says(*asked), "what was found before was not dealt with by another look"
    page = says("000", "严格规模养殖场（小区）环境监管", "livestock_checked")
    assert "2 家规模养殖场中，1 家" in page and "没有处理情况" in page
    assert "没有登记过这类记录" in says("000", "加强农业投入品质量监管", "input_checks"), "a farm looked at is no input"


def test_farmland_is_looked_after_in_three_ways(farm: Farm, desk: Desk, says: Any) -> None:
    client, asked = desk(FARMING), ("003", "加强农用地执法检查", "farmland_enforcement")
    farm_of(client, farm, "甲养殖场")
    holding(client, farm, name="青禾农资门店", kind="dealer")
    looked = {"on": "2026-05-06", "product": "粪污处理", "report_number": "检查 1", "passes": "1"}
    add(client, "farm_checks", holding="甲养殖场", kind="manure", **looked)
    page = says(*asked)
    assert "无法判断" in page and "没有登记过农业投入品检查" in page, "neither inputs nor water were looked at"
    add(client, "farm_checks", holding="青禾农资门店", kind="pesticide", **looked)
    page = says(*asked)
    assert "没有登记过农业投入品检查" not in page and "没有登记过灌溉水点位" in page
    assert "3 项中 2 项达到，1 项无法判断" in page


def test_drugs_and_feed_of_animals_are_followed(farm: Farm, desk: Desk, says: Any) -> None:
    client, asked = desk(FARMING), ("004", "兽药、饲料添加剂的销售管控体系", "animal_inputs_kept")
    farm_of(client, farm, "甲养殖场")
    holding(client, farm, name="青禾兽药店", kind="dealer")
    assert "1 家规模养殖场和兽药饲料门店中，0 家" in says(*asked), "a shop that never sold any is not asked"
    line = {"on": "2026-05-06", "kind": "vet_drug", "name": "恩诺沙星", "amount_kg": "5"}
    refused = client.post(
        reverse("kit:collection_add", args=["farm_inputs"]), {**line, "holding": "青禾兽药店", "step": "save"}
    )
    assert refused.status_code != 302 and "从哪里购进" in refused.content.decode()
    add(client, "farm_inputs", holding="青禾兽药店", from_to="售甲养殖场", **line)
    assert "2 家规模养殖场和兽药饲料门店中，1 家" in says(*asked)
    add(client, "farm_inputs", holding="甲养殖场", from_to="购自青禾兽药店，用于 3 号舍", **line)
    assert "已达到" in says(*asked)


def test_a_farm_says_where_its_manure_went(farm: Farm, desk: Desk, says: Any) -> None:
    client, asked = desk(FARMING), ("003", "畜禽粪污还田利用管理机制", "manure_ledgers")
    farm_of(client, farm, "甲养殖场")
    line = {"holding": "甲养殖场", "on": "2026-05-06", "amount_kg": "5000"}
    add(client, "farm_inputs", kind="feed", name="配合饲料", from_to="云泽饲料厂", **line)
    assert "未达到" in says(*asked), "feed is no manure"
    shown = add(client, "farm_inputs", kind="manure", name="堆肥", from_to="柏庄村 30 亩麦田", **line)
    assert "柏庄村 30 亩麦田" in shown and "已达到" in says(*asked)


def test_packages_are_paid_for_and_made_safe(farm: Farm, desk: Desk, says: Any) -> None:
    client, asked = desk(FARMING), ("004", "回收和安全处置激励机制", "pack_rewards")
    holding(client, farm, name="柏庄回收站", kind="recovery")
    line = {"holding": "柏庄回收站", "on": "2026-05-06", "kind": "packs", "name": "农药瓶袋", "amount_kg": "9"}
    add(client, "farm_inputs", from_to="云泽危废处置中心", **line)
    assert "无法判断" in says(*asked), "nobody said whether it was paid for"
    add(client, "farm_inputs", from_to="云泽危废处置中心", **{**line, "on": "2026-06-06"}, paid_yuan="27")
    add(client, "farm_inputs", **{**line, "on": "2026-07-06"}, paid_yuan="0")
    page = says(*asked)
    assert "3 笔农药包装回收中，1 笔" in page or "3 项中 1 项达到，1 项无法判断" in page
    film = {**line, "kind": "fertiliser", "paid_yuan": "3", "step": "save"}
    assert client.post(reverse("kit:collection_add", args=["farm_inputs"]), film).status_code != 302


def test_produce_is_tested_by_who_has_a_licence(farm: Farm, desk: Desk, says: Any) -> None:
    client, asked = desk(FARMING), ("001", "完善本区农产品质量安全检测体系", "tests_licensed")
    said = {"stage": "field", "unit": farm.units["safe_1"].number, "crop": "稻谷", "cadmium": "0.05"}
    said |= {"sampled_on": "2026-09-10", "result_on": "2026-09-13", "laboratory": "青禾区农产品检测站（示例）"}
    page = add(client, "produce_tests", number="LT-1", **said)
    assert "没有登记这个检测机构" in page and "无法判断" in says(*asked)
    licence = {"licence": "CATL（示例）001", "licence_until": "2026-09-13"}
    page = holding(client, farm, name="青禾区农产品检测站", kind="laboratory", **licence)
    assert "检测资质已于 2026-09-13 到期" in page
    assert "已达到" in says(*asked), "on its last day the licence still held"
    page = add(client, "produce_tests", number="LT-2", **{**said, "result_on": "2026-09-14"})
    assert "报告日期已超过有效期" in page
    assert "2 份农产品检测报告中，1 份" in says(*asked)


def test_rates_are_held_against_what_the_city_asks(farm: Farm, desk: Desk, says: Any) -> None:
    client, asked = desk(FARMING), ("001", "有机肥养分还田率达到市级要求", "rates_as_asked")
    reported(client, 2026, {"青禾区": {"化肥利用率": "41 %", "农药利用率": "42 %"}})
    assert "没有登记 2026 年的市级要求" in says(*asked)
    wanted = {"化肥利用率市级要求": "40 %", "农药利用率市级要求": "42 %", "测土配方施肥覆盖率市级要求": "90 %"}
    reported(client, 2026, {"青禾区": {**wanted, "有机肥养分还田率市级要求": "60 %"}})
    page = says(*asked)
    assert "4 项中 2 项达到，2 项无法判断" in page and "市级要求 90%" in page
    towns = {"主要农作物播种面积": "1000 亩", "测土配方施肥面积": "899 亩"}
    towns |= {"有机肥养分资源量": "100 吨", "有机肥养分还田量": "60 吨"}
    reported(client, 2026, {"柏庄镇": towns, "军庄镇": towns})
    assert "市级提出要求的 4 项中，3 项达到" in says(*asked)
    shown = read(client, reverse("farmland:inputs") + "?year=2026")
    assert "没有达到市级要求 90%" in shown and "达到市级要求 60%" in shown
