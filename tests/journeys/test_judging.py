"""Judgement in a browser: paste, see, ask why, keep, judge anew as on another day, compare, take the report; clean and narrow."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect

from desk import judgement_world
from soildesk.standards.models import Evaluation

pytestmark = pytest.mark.django_db(transaction=True)
GRAIN = """样品\t作物\t项目\t结果\t单位\t采样日期
G1\t稻谷\t镉\t0.21\tmg/kg\t2026-08-30
G2\t玉米\t铅\t0.1\tmg/kg\t2021-08-30
G3\t大白菜\t镉\t<0.01\tmg/kg\t2026-08-30
"""


@pytest.fixture(autouse=True)
def november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    cache.clear()


def test_a_consultant_pastes_a_table_and_sees_the_judgement(world: Any, open_desk: Any, tmp_path: Path) -> None:
    page = open_desk(world.people["officer"], "/standards/judge/")
    expect(page.get_by_label("作物")).to_be_visible()
    page.get_by_label("执行标准").select_option("gb2762")
    expect(page.get_by_label("用地类别")).to_be_hidden()
    page.get_by_label("在这里粘贴（连同表头）").fill(GRAIN)
    expect(page.locator("[data-pasted]")).to_have_text("已粘贴 4 行、6 列")
    page.get_by_role("button", name="读取并判定").click()

    expect(page.locator("h1")).to_contain_text("已判定，未保存")
    counts = page.locator(".verdict-counts")
    expect(counts.locator(".verdict-exceeds")).to_contain_text("1")
    expect(counts.locator(".verdict-unknown")).to_contain_text("1")
    reason = page.locator("#why2")
    expect(reason).to_be_hidden()
    page.get_by_role("button", name="为什么 G2 铅").click()
    expect(reason).to_contain_text("2021-08-30 当日没有施行中的该标准版本")

    counts.locator(".verdict-exceeds a").click()
    expect(page).to_have_url(re.compile(r"verdict=exceeds"))
    expect(page.locator(".judged tr.result")).to_have_count(1)
    expect(page.locator(".filter-chips")).to_contain_text("超标")
    page.get_by_label("保存为").fill("秋粮两批")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("#notices")).to_contain_text("已保存")
    expect(page.locator("main")).to_contain_text("GB 2762-2022")

    page.get_by_role("link", name="重新判定").click()
    page.get_by_label("一律判定日期的").check()
    page.get_by_role("button", name="再判一次").click()
    expect(page.locator("main")).to_contain_text("1 个结论变了")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("h1")).to_contain_text("比较两次判定")
    changed = page.locator("table.compare tbody tr")
    expect(changed).to_have_count(1)
    expect(changed).to_contain_text("标准 无 → GB 2762-2025")
    page.get_by_role("link", name="连同结论没变").click()
    expect(changed).to_have_count(3)

    second = Evaluation.objects.get(first__isnull=False)
    page.goto(page.url.split("/standards/")[0] + reverse("standards:evaluation", args=[second.uid]))
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 Excel 报告").click()
    path = tmp_path / "report.xlsx"
    download.value.save_as(path)
    assert openpyxl.load_workbook(path)["全部结果"].max_row == 4


def test_a_table_of_a_place_goes_from_one_hand_to_another(world: Any, open_desk: Any, tmp_path: Path) -> None:
    path = tmp_path / "地方标准.xlsx"
    path.write_bytes(judgement_world.filled())
    page = open_desk(world.people["officer"], "/standards/local/")
    page.get_by_role("link", name="录入地方标准").click()
    page.set_input_files("input[type=file]", path)
    page.get_by_role("button", name="读取并预览").click()
    page.get_by_role("button", name="导入这 2 行").click()
    page.get_by_role("link", name="查看结果").click()
    expect(page.get_by_role("button", name="对照印本无误，采用")).to_have_attribute("aria-disabled", "true")

    other = open_desk(world.people["issuer"], "/standards/local/proposals/?state=open")
    other.get_by_role("link", name="DB99/T 101-2026").click()
    other.get_by_role("button", name="对照印本无误，采用").click()
    other.get_by_role("button", name="确认办理").click()
    expect(other.locator("#notices")).to_contain_text("已采用")
    expect(other.locator("h1")).to_contain_text("施行中")


def test_every_page_is_clean_and_fits(world: Any, open_desk: Any, assert_stands: Any) -> None:
    found = judgement_world.kept(world)
    again = judgement_world.judgement.judge_anew(
        found, {**found.choices, "ph": "6.0"}, by=world.actor("officer"), at=judgement_world.AT
    )
    edition = judgement_world.accepted(world)
    pages = [
        reverse("standards:judge"),
        reverse("standards:trial", args=[again.uid]),
        reverse("standards:evaluations"),
        reverse("standards:evaluation", args=[found.uid]),
        reverse("standards:rejudge", args=[found.uid]),
        reverse("standards:library"),
        reverse("standards:edition", args=["gb15618-2018"]),
        reverse("standards:edition", args=["gb5084-2021"]),
        reverse("standards:analyte", args=["cadmium"]),
        reverse("standards:analytes") + "?q=隔",
        reverse("standards:local"),
        reverse("standards:local_edition", args=[edition.uid]),
        reverse("standards:proposal", args=[edition.proposal.uid]),
    ]
    second = judgement_world.judgement.keep(again, "补 pH", by=world.actor("officer"), at=judgement_world.AT)
    pages.append(reverse("standards:compare", args=[second.uid]))
    page = open_desk(world.people["officer"], pages[0])
    start = page.url.split("/standards/")[0]
    for url in pages:
        page.goto(start + url)
        for button in page.locator("[data-why]").all()[:2]:
            button.click()
        assert_stands(page)
