"""What plans name of classes, harvests, grain and gardens, done by pages; docs/coverage.csv points here."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from desk import farmland_world
from desk.farm_desk import FARMING, Desk, add, done, read
from desk.farmland_world import Farm
from desk.namedfarm.test_named_inputs import holding
from soildesk.farmland.models import LockProposal, Lot, LotMove, Trigger
from soildesk.farmland.services import triggers


def test_no_film_under_a_hundredth_of_a_millimetre(farm: Farm, desk: Desk, says: Any) -> None:
    client, measure = desk(FARMING), "film_thickness"
    assert "无法判断" in says("000", "厚度0.01毫米以下地膜", measure)
    holding(client, farm, name="青禾农资门店", kind="dealer")
    film = {"holding": "青禾农资门店", "on": "2026-05-06", "kind": "film", "amount_kg": "120"}
    add(client, "farm_inputs", name="加厚地膜", thickness_mm="0.01", **film)
    assert "已达到" in says("000", "厚度0.01毫米以下地膜", measure)
    page = add(client, "farm_inputs", name="超薄地膜", thickness_mm="0.008", **film)
    assert "GB 13735" in page
    told = says("001", "0.01mm以下地膜", measure)
    assert "未达到" in told and "超薄地膜" in told


def test_every_large_farm_has_its_works_for_dung(farm: Farm, desk: Desk, says: Any) -> None:
    client, asked = desk(FARMING), ("003", "规模以上养殖场全部配套粪污处理设施", "large_farms_equipped")
    assert "无法判断" in says(*asked)
    holding(client, farm, name="甲养殖场", kind="livestock", form="company", equipped="1")
    assert "已达到" in says(*asked)
    holding(client, farm, name="乙养殖场", kind="livestock", form="company", equipped="0")
    assert "未达到" in says(*asked) and "✗" in says(*asked)


def test_priority_ground_is_not_less_and_not_worse(farm: Farm, desk: Desk, says: Any) -> None:
    plans = (("002", "面积不减少、土壤环境质量不下降"), ("004", "面积不减少、土壤环境质量不下降"))
    for plan, words in plans:
        assert "已达到" in says(plan, words, "priority_kept")
    world = farm.world
    farmland_world.approved(
        world, {farm.units["priority_1"]: "safe_use"}, since=date(2026, 11, 3), number="示政函〔2026〕9号", at=world.at
    )
    for plan, words in plans:
        told = says(plan, words, "priority_kept")
        assert "未达到" in told and farm.units["priority_1"].number in told and "降为其他类别" in told
    page = read(desk(FARMING), reverse("farmland:priority") + "?before=2025-12-31&after=2026-11-20")
    assert farm.units["priority_1"].number in page, "the page of the yearly check says the same"


def season(farm: Farm, desk: Desk, name: str, crop: str = "水稻") -> None:
    said = {"unit": farm.units[name].number, "year": "2026", "crop": crop, "sown_on": "2026-04-20"}
    add(desk(FARMING), "seasons", harvest_from="2026-09-20", **said)


def field_test(farm: Farm, desk: Desk, number: str, name: str, cadmium: str, on: str = "2026-09-10") -> None:
    """A sample of a field; its report comes three days later."""
    said = {"number": number, "stage": "field", "unit": farm.units[name].number, "crop": "稻谷", "cadmium": cadmium}
    add(desk(FARMING), "produce_tests", sampled_on=on, result_on=f"{on[:8]}{int(on[8:]) + 3}", **said)


def test_grain_at_risk_is_tested_before_the_harvest(farm: Farm, desk: Desk, says: Any) -> None:
    asked = ("000", "农产品临田检测力度", "harvests_tested")
    assert "无法判断" in says(*asked), "no season told is not nothing grown"
    season(farm, desk, "priority_1")
    assert "不适用" in says(*asked)
    season(farm, desk, "safe_1")
    assert "未达到" in says(*asked)
    field_test(farm, desk, "LT-1", "safe_1", "0.1")
    assert "1 个种植季中，1 个按时检测" in says(*asked)
    season(farm, desk, "safe_2")
    field_test(farm, desk, "LT-2", "safe_2", "0.1", on="2026-09-22")
    told = says(*asked)
    assert "未达到" in told and "2 个种植季中，1 个" in told, "sampled after the harvest had begun"


def test_grain_over_the_limit_goes_a_way_of_its_own(farm: Farm, desk: Desk, says: Any) -> None:
    asked = [("000", "定点收购、专仓收储"), ("001", "专企收购、分仓贮存")]
    for plan, words in asked:
        assert "无法判断" in says(plan, words, "lots_settled")
    farming, store = desk(FARMING), desk("grain")
    field_test(farm, desk, "LT-1", "safe_1", "0.35")
    locking = {
        "on": "2026-09-28",
        "document": "青农发〔2026〕31号",
        "area_mu": "30",
        "year": "2026",
        "note": "其余改种",
    }
    done(farming, reverse("farmland:lock_confirm", args=[LockProposal.objects.get().uid]), **locking)
    lot = Lot.objects.get()
    done(farming, reverse("farmland:lot_harvest", args=[lot.uid]), tonnes="8", on="2026-10-02")
    bought = {
        "lot": lot.number,
        "part": "stored",
        "tonnes": "8",
        "on": "2026-10-03",
        "to": "区粮库",
        "document": "磅 1",
    }
    add(store, "grain_moves", separate="1", **bought)
    for part in ("kept", "feed_seed", "sold", "loss"):
        add(farming, "grain_moves", lot=lot.number, part=part, tonnes="0", on="2026-10-03", document="核实 1")
    for plan, words in asked:
        assert "已达到" not in says(plan, words, "lots_settled"), "bought and stored, not yet disposed of"
    end = {"kind": "feed", "tonnes": "8", "on": "2026-10-20", "to": "饲料厂", "document": "合同 1"}
    done(
        store, f"{reverse('farmland:lot_dispose', args=[lot.uid])}?move={LotMove.objects.get(part='stored').uid}", **end
    )
    for plan, words in asked:
        told = says(plan, words, "lots_settled")
        assert "1 个批次中，1 个去向闭合" in told and "已达到" in told


def test_classes_are_adjusted_when_something_asks_for_it(farm: Farm, desk: Desk, says: Any) -> None:
    asked = ("002", "动态调整农用地土壤环境质量类别", "class_adjusted")
    assert "无法判断" in says(*asked)
    field_test(farm, desk, "LT-9", "priority_1", "0.35")
    client = desk(FARMING)
    assert client.post(reverse("farmland:triggers_look")).status_code == 302
    triggers.look(by=farm.world.actor("officer"), at=farm.world.at)
    thread = Trigger.objects.get()
    assert "待核实" in read(client, reverse("kit:collection", args=["class_triggers"]))
    assert "未达到" in says(*asked) and farm.units["priority_1"].number in says(*asked)
    done(client, reverse("farmland:trigger_dismiss", args=[thread.uid]), reason="复测合格，样品混淆")
    assert "1 项类别调整线索和工作中，1 项" in says(*asked)


def test_a_library_of_techniques_says_for_which_ground_each_is(farm: Farm, desk: Desk) -> None:
    client = desk(FARMING)
    said = {"what": "technique", "crop": "水稻", "elements": "镉", "conditions": "酸性水田", "dose": "每亩 100 公斤"}
    add(client, "techniques", name="石灰调酸", measure="石灰调节", source="省农科院", **said)
    listed = read(client, reverse("kit:collection", args=["techniques"]))
    assert "石灰调酸" in listed and "镉" in listed


def test_classes_go_to_the_national_system_and_its_receipt_is_told_once(farm: Farm, desk: Desk) -> None:
    client, decision = desk(FARMING), farm.decision
    listed = client.get(reverse("farmland:class_list"))
    assert listed.status_code == 200 and listed["Content-Type"].endswith("sheet"), "what is uploaded is given out here"
    url = reverse("farmland:decision_receipt", args=[decision.uid])
    assert "QG-2026-3" in done(client, url, receipt="QG-2026-3", on="2026-11-18")
    again = client.post(url, {"receipt": "QG-2026-4", "on": "2026-11-19"})
    assert again.status_code == 422 and "不能改写" in again.content.decode()
    assert "QG-2026-3" in read(client, reverse("kit:collection", args=["class_decisions"]))
