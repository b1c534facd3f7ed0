"""Grain on its pages: an official is led from the plan of tests to a lock, through the tonnes, to the paper."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import farmland_world
import judging_world
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from grain_world import Grain

from desk.conftest import kept, made_world
from soildesk.core.models import Department, Duty
from soildesk.farmland.models import (
    Disposal,
    GrainNotice,
    LockProposal,
    Lot,
    LotHousehold,
    LotMove,
    ProduceTest,
    Season,
)
from soildesk.farmland.services import grainnotices
from soildesk.farmland.services.grainnotices import Said
from soildesk.monitoring.services import judging

SEPTEMBER = date(2026, 9, 10)


@pytest.fixture(scope="module")
def county(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grain]:
    """One county for all tests of the file; each undoes what it did."""
    with django_db_blocker.unblock(), kept(tmp_path_factory.mktemp("grainpages")):
        yield Grain(farmland_world.county(made_world()))


@pytest.fixture
def grain(county: Grain, db: None, monkeypatch: pytest.MonkeyPatch) -> Grain:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return county


def browser(grain: Grain, who: str) -> Client:
    return grain.world.browser(who)


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return answer.content.decode()


def done(client: Client, url: str, **data: Any) -> None:
    answer = client.post(url, data)
    assert answer.status_code == 302, answer.context and (answer.context.get("refused"), answer.context["form"].errors)


def record(collection: str, row: Any) -> str:
    return reverse("kit:record", args=[collection, str(row.uid)])


def test_from_the_plan_to_the_paper(grain: Grain) -> None:
    farming, town, store = (browser(grain, who) for who in ("agriculture", "town", "grain"))
    family = grain.household("safe_1", "王五")
    number = grain.farm.units["safe_1"].number
    done(farming, reverse("kit:collection_add", args=["seasons"]), unit=number, year="2026", crop="水稻", sown_on="2026-04-20",
         harvest_from="2026-09-20", step="save")  # fmt: skip
    plan = page(farming, reverse("farmland:test_plan") + "?year=2026")
    assert "逾期未检" in plan
    assert "安全利用类" in plan
    said = {
        "number": "LT-1",
        "stage": "field",
        "unit": number,
        "crop": "稻谷",
        "sampled_on": "2026-09-10",
        "result_on": "2026-09-13",
    }
    done(farming, reverse("kit:collection_add", args=["produce_tests"]), **said, cadmium="0.35", step="save")
    test = ProduceTest.objects.get()
    shown = page(farming, record("produce_tests", test))
    assert "GB 2762-2025" in shown and "已提出锁定建议" in shown
    assert "Told(" not in shown, "what came of it, and no history in its place"
    assert "检测超标，待确认锁定" in page(farming, record("farmland_units", grain.farm.units["safe_1"]))
    proposal = LockProposal.objects.get()
    locked = {
        "on": "2026-09-15",
        "document": "青农发〔2026〕31号",
        "area_mu": "30",
        "year": "2026",
        "note": "其余改种棉花",
    }
    assert store.post(reverse("farmland:lock_confirm", args=[proposal.uid]), locked).status_code == 422
    done(farming, reverse("farmland:lock_confirm", args=[proposal.uid]), **locked)
    lot = Lot.objects.get()
    again = browser(grain, "agriculture_head").post(reverse("farmland:lock_confirm", args=[proposal.uid]), locked)
    assert again.status_code == 422
    assert lot.number in again.content.decode(), "the second is told which lot there is"

    notice = {
        "kind": "lock",
        "to": str(grain.world.departments["grain"].pk),
        "on": "2026-09-15",
        "due": "2026-09-18",
        "text": "请定向收购",
    }
    done(farming, f"{reverse('farmland:notice_send')}?lot={lot.uid}", **notice)
    sent = GrainNotice.objects.get()
    done(store, reverse("farmland:notice_answer", args=[sent.uid]), text="已安排", on="2026-09-17")
    assert Duty.objects.get(unit=grain.world.departments["grain"]).done_on == date(2026, 9, 17)

    asked = LotHousehold.objects.get(lot=lot)
    done(town, reverse("farmland:lot_keep", args=[asked.uid]), tonnes="1.2", on="2026-09-27")
    done(farming, reverse("farmland:lot_harvest", args=[lot.uid]), tonnes="10", on="2026-09-25")
    moved = {
        "lot": lot.number,
        "part": "stored",
        "tonnes": "8",
        "on": "2026-09-28",
        "to": "区粮库",
        "document": "磅 1",
        "separate": "1",
    }
    done(store, reverse("kit:collection_add", args=["grain_moves"]), **moved, step="save")
    shown = page(town, record("grain_lots", lot))
    steps = shown[shown.index("lot-steps-title") : shown.index("lot-flow-title")]
    assert steps.index("先处理自留口粮：1.2 吨") < steps.index("库存 8 吨")
    assert "王五" in shown
    assert "没有报全" in shown
    assert "王五" not in page(browser(grain, "reader"), record("grain_lots", lot)), "households are internal"

    url = reverse("farmland:lot_dispose", args=[lot.uid])
    end = {"tonnes": "1.2", "on": "2026-10-08", "document": "置换 1"}
    done(town, f"{url}?household={family.uid}", kind="replaced", **end)
    stored = LotMove.objects.get()
    too_much = {"kind": "feed", "tonnes": "8.1", "on": "2026-10-08", "to": "饲料厂", "document": "合同 1"}
    assert store.post(f"{url}?move={stored.uid}", too_much).status_code == 422
    done(store, f"{url}?move={stored.uid}", **{**too_much, "tonnes": "8"})
    assert Disposal.objects.count() == 2
    refused = farming.post(reverse("farmland:lot_unlock", args=[lot.uid]), {"on": "2026-11-01", "document": "纪要"})
    assert "没有报全" in refused.content.decode()
    paper = farming.get(reverse("farmland:lot_paper", args=[lot.uid]))
    assert paper.content.startswith(b"%PDF-")
    assert farming.get(reverse("farmland:notice_paper", args=[sent.uid])).content.startswith(b"%PDF-")


def test_lists_records_and_the_page_of_the_unit_are_read(grain: Grain) -> None:
    grain.season("safe_1")
    lot = grain.locked(grain.tested("safe_1", SEPTEMBER, "0.35"))
    grain.moved(lot, "stored", "5")
    client = browser(grain, "agriculture")
    for name in ("seasons", "produce_tests", "lock_proposals", "grain_lots", "grain_moves", "grain_disposals", "grain_payments",
                 "lot_households", "grain_notices"):  # fmt: skip
        page(client, reverse("kit:collection", args=[name]))
    page(client, record("seasons", Season.objects.get()))
    page(client, record("lock_proposals", LockProposal.objects.get()))
    page(client, record("grain_moves", LotMove.objects.get()))
    for name in ("test_plan", "produce_pairs", "grain_buyers"):
        page(client, reverse(f"farmland:{name}"))
    of_unit = page(client, record("farmland_units", grain.farm.units["safe_1"]))
    assert lot.number in of_unit
    assert "发出锁定通报" in page(client, reverse("kit:collection", args=["grain_lots"]))


def test_today_tells_each_office_what_it_owes(grain: Grain) -> None:
    grain.season("strict_1")
    lot = grain.locked(grain.tested("safe_1", SEPTEMBER, "0.35"))
    grain.tested("safe_2", SEPTEMBER, "0.35")
    told = Said("lock", grain.world.departments["grain"], date(2026, 9, 15), "请定向收购", date(2026, 9, 18))
    notice = grainnotices.send(lot, told, by=grain.by("agriculture"), at=grain.world.at)
    today = reverse("home:today")
    farming, store = page(browser(grain, "agriculture"), today), page(browser(grain, "grain"), today)
    assert "收获前检测" in farming
    assert "确认是否锁定" in farming
    assert notice.number in store
    assert "确认是否锁定" not in store


def test_households_of_a_lot_are_internal(grain: Grain) -> None:
    family = grain.household("safe_1", "绝密户主")
    lot = grain.locked(grain.tested("safe_1", SEPTEMBER, "0.35"))
    row = LotHousehold.objects.get(household=family)
    reader = browser(grain, "reader")
    for url in (
        record("lot_households", row),
        reverse("kit:collection", args=["lot_households"]),
        reverse("farmland:lot_keep", args=[row.uid]),
    ):
        assert reader.get(url).status_code in (403, 404), url
    disposal = f"{reverse('farmland:lot_dispose', args=[lot.uid])}?household={family.uid}"
    assert reader.get(disposal).status_code == 403
    for name in ("grain_lots", "grain_disposals"):
        assert family.head not in page(reader, reverse("kit:collection", args=[name]))


def test_what_a_laboratory_sent_says_on_the_page_of_its_batch_what_lies_above(grain: Grain) -> None:
    corner = grain.farm.version("safe_1").geometry.centroid
    of = judging_world.campaign(grain.world, SEPTEMBER, kind="joint")
    into = judging_world.batch(grain.world, of)
    for code, x in (("XT-1", corner.x), ("XT-2", corner.x + 3)):
        at = judging_world.point(grain.world, code, x=x, y=corner.y, kind="joint", use="paddy", crop="水稻")
        sample = judging_world.sample(grain.world, of, at, SEPTEMBER, medium="produce", crop="稻谷")
        judging_world.result(into, sample, "cadmium", 0.5)
    judging.judge(of, "accepted", by=grain.world.actor("officer"), at=grain.world.at)
    shown = page(browser(grain, "officer"), record("batches", into))
    assert "超标的农产品" in shown and grain.farm.units["safe_1"].number in shown and "待确认" in shown
    assert "不知道出自哪个单元" in shown
    assert "确认是否锁定" in page(browser(grain, "agriculture"), reverse("home:today"))


def test_another_district_sees_nothing_of_it(grain: Grain) -> None:
    lot = grain.locked(grain.tested("safe_1", SEPTEMBER, "0.35"))
    stranger = browser(grain, "stranger")
    assert stranger.get(record("grain_lots", lot)).status_code == 404
    for name in ("lot_paper", "lot_harvest", "lot_unlock", "lot_pay"):
        assert stranger.get(reverse(f"farmland:{name}", args=[lot.uid])).status_code == 404
    assert lot.number not in page(stranger, reverse("kit:collection", args=["grain_lots"]))
    assert stranger.get(reverse("farmland:notice_send")).status_code == 404
    assert stranger.post(reverse("farmland:test_plan")).status_code == 422, "there is nothing of theirs to plan"


def test_the_plan_is_made_anew_and_told_who_may(grain: Grain) -> None:
    grain.season("safe_1")
    Duty.objects.all().delete()
    assert browser(grain, "reader").post(reverse("farmland:test_plan")).status_code == 403
    done(browser(grain, "agriculture"), reverse("farmland:test_plan") + "?year=2026")
    assert Duty.objects.get().kind == Duty.Kind.FARM_TEST


def test_a_proposal_says_what_is_above_and_whose_it_is(grain: Grain) -> None:
    test = grain.tested("safe_1", SEPTEMBER, "200.1 µg/kg")
    shown = page(browser(grain, "agriculture"), record("produce_tests", test))
    assert "略大于 1" in shown
    assert "µg/kg mg/kg" not in shown
    url = reverse("farmland:lock_confirm", args=[test.proposal.uid])
    assert "镉 200.1 µg/kg（限量 0.2）" in page(browser(grain, "agriculture"), url)
    others = page(browser(grain, "grain"), record("lock_proposals", test.proposal))
    assert url not in others
    assert "由农业农村部门办理" in others


def test_a_form_opened_before_another_told_leads_back_to_the_lot(grain: Grain) -> None:
    family = grain.household("safe_1", "王五")
    lot = grain.locked(grain.tested("safe_1", SEPTEMBER, "0.35"))
    first = LotHousehold.objects.get(lot=lot)
    grain.kept(lot, family, "1.2")
    answer = browser(grain, "town").post(
        reverse("farmland:lot_keep", args=[first.uid]), {"tonnes": "0.1", "on": "2026-09-27"}
    )
    assert (answer.status_code, answer["Location"]) == (302, record("grain_lots", lot) + "#lot-households")
    assert LotHousehold.objects.get(lot=lot, superseded_at=None).kept_t == Decimal("1.2")


def test_a_laboratorys_list_is_taken_in(grain: Grain) -> None:
    number, target = grain.farm.units["safe_1"].number, io.BytesIO()
    head = (
        "样品编号",
        "检测环节",
        "检测方式",
        "单元",
        "农产品",
        "采样日期",
        "报告日期",
        "镉(mg/kg)",
        "铅（μg/kg）",
        "总汞",
    )
    of, days = ("临田检测", "实验室", number), ("2026-09-10", "2026-09-13")
    rows = [
        ("甲-1", *of, "稻谷（籽粒）", *days, "0.35", "150", "/"),
        ("甲-2", *of, "稻谷", *days, "0", "", ""),
        ("甲-3", *of, "魔芋仙草", *days, "0.01", "", "0.001"),
    ]
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate([head, *rows]):
            sheet.write_row(at, 0, row)
    client = browser(grain, "agriculture")
    upload = SimpleUploadedFile("检测.xlsx", target.getvalue())
    preview = client.post(reverse("kit:import_new", args=["produce_tests"]), {"file": upload})["Location"]
    shown = page(client, preview)
    for said in (
        "镉的检测值“0”不是检测结果",
        "镉超标：登记后提出锁定建议",
        "“铅（μg/kg）”的单位是",
        "“魔芋仙草”的镉、汞没有结论",
    ):
        assert said in shown, said
    client.post(f"{preview}/accept", {"partly": "1"})
    told = ProduceTest.objects.order_by("number", "id").values_list("number", "said")
    assert list(told) == [("甲-1", "light"), ("甲-3", "unknown")]


def test_lifting_a_lock_says_what_was_left_undone_and_the_farming_office_needs_no_paper(grain: Grain) -> None:
    lot = grain.locked(grain.tested("safe_1", SEPTEMBER, "0.35"))
    sold = grain.moved(lot, "sold", "5", by="agriculture")
    farming = browser(grain, "agriculture")
    shown = page(farming, reverse("farmland:lot_unlock", args=[lot.uid]))
    assert "发出召回通知" in shown
    assert "没有查到必须先办完才能解除的规定" in shown
    Department.objects.filter(pk=grain.world.departments["grain"].pk).update(function="other")
    url = f"{reverse('farmland:lot_dispose', args=[lot.uid])}?move={sold.uid}"
    assert 'name="stands_in"' not in page(farming, url)
    assert 'name="stands_in"' in page(browser(grain, "grain"), url)


def test_buyers_nobody_registered_stand_on_their_page(grain: Grain) -> None:
    lot = grain.locked(grain.tested("safe_1", SEPTEMBER, "0.35"))
    grain.moved(lot, "stored", "5", to="路边收购点")
    shown = page(browser(grain, "grain"), reverse("farmland:grain_buyers"))
    assert "路边收购点" in shown
    assert "没有登记为收购企业" in shown
