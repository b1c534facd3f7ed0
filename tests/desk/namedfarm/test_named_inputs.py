"""What plans name of fertiliser, film, manure, sludge and inputs, done by pages; docs/coverage.csv points here."""

from __future__ import annotations

from typing import Any

from django.test import Client

from desk.farm_desk import FARMING, Desk, add, reported
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
