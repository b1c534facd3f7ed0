"""An assessor enters a site, sees the pathways drawn, changes a parameter with its reason, and takes the report along."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import docx
import pytest
from playwright.sync_api import expect

from desk import risk_world
from soildesk.core import jobs
from soildesk.standards.models import RiskRun
from soildesk.standards.services import risk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")


def test_a_site_is_assessed_changed_and_reported(world: Any, open_desk: Any) -> None:
    page = open_desk(world.people["officer"], "/")
    page.get_by_role("link", name="风险评估").click()
    page.get_by_role("link", name="新建地块").first.click()
    page.get_by_label("地块名称").fill("原青禾农药厂地块")
    page.get_by_label("规划用途").fill("中小学用地")
    page.get_by_role("button", name="保存").click()

    page.get_by_label("第一类用地").check()
    page.get_by_label("第 1 行污染物").fill("苯")
    page.get_by_label("第 1 行 表层土壤").fill("3")
    page.get_by_label("第 1 行 下层土壤").fill("12")
    page.get_by_label("第 2 行污染物").fill("γ-六六六")
    page.get_by_label("第 2 行 表层土壤").fill("4.1")
    expect(page.locator(".draft-saved")).to_contain_text("草稿已保存")
    page.get_by_role("button", name="计算并保存为新的一次").click()

    expect(page.locator("#notices")).to_contain_text("第 1 次评估已完成")
    expect(page.locator("svg.site-model .path")).to_have_count(9)
    expect(page.locator("svg.site-model .path-bad")).to_have_count(1)
    expect(page.locator("svg.site-model .path-missing")).to_have_count(3)
    page.get_by_role("navigation", name="选择污染物").get_by_role("link", name="γ-六六六").click()
    page.get_by_role("navigation", name="选择效应").first.get_by_role("link", name="危害商").click()
    expect(page.locator("svg.site-model .path-missing")).to_have_count(7)

    page.get_by_role("link", name="改动后再评估").click()
    page.get_by_text("土壤和空气参数").click()
    page.get_by_label("土壤有机质含量", exact=True).fill("12")
    page.get_by_role("button", name="计算并保存为新的一次").click()
    expect(page.locator(".error")).to_contain_text("改动推荐值需要写明理由")
    assert RiskRun.objects.count() == 1
    page.get_by_label("土壤有机质含量的取值理由").fill("现场实测 12 个样品均值")
    page.get_by_role("button", name="计算并保存为新的一次").click()
    expect(page.locator("#notices")).to_contain_text("第 2 次评估已完成")
    assert RiskRun.objects.count() == 2

    with page.expect_download() as download:
        page.get_by_role("link", name="下载 Word 计算书").click()
    document = docx.Document(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert "现场实测 12 个样品均值" in "".join(cell.text for table in document.tables for cell in table._cells)

    page.get_by_role("link", name="原青禾农药厂地块").click()
    page.get_by_role("button", name="并排比较勾选的两次").click()
    expect(page.locator(".compare-table").first).to_contain_text("土壤有机质含量")


def test_a_pathway_that_is_not_there_is_unticked_with_its_reason(world: Any, open_desk: Any) -> None:
    site = risk_world.run(world).site
    page = open_desk(world.people["officer"], f"/standards/risk/{site.uid}/assess/")
    why = page.get_by_label("饮用地下水的排除理由")
    expect(page.get_by_label("饮用地下水", exact=False).first).to_be_checked()
    expect(why).to_be_hidden()
    page.get_by_role("checkbox", name="饮用地下水").uncheck()
    expect(why).to_be_visible()
    page.get_by_role("button", name="计算并保存为新的一次").click()
    expect(page.locator(".pathway .error")).to_contain_text("取消这条途径需要写明理由")
    assert RiskRun.objects.count() == 1
    why.fill("全区自来水供水")
    page.get_by_role("button", name="计算并保存为新的一次").click()
    expect(page.locator("#notices")).to_contain_text("第 2 次评估已完成")
    expect(page.locator("svg.site-model .path-excluded")).to_have_count(1)
    expect(page.locator(".lane-excluded")).to_contain_text("已排除：全区自来水供水")

    with page.expect_download() as download:
        page.get_by_role("link", name="下载 Word 计算书").click()
    document = docx.Document(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert "全区自来水供水" in "".join(cell.text for table in document.tables for cell in table._cells)

    page.goto(page.url.partition("/standards")[0] + f"/standards/risk/{site.uid}/")
    page.get_by_role("button", name="并排比较勾选的两次").click()
    expect(page.locator(".compare-table").first).to_contain_text("饮用地下水计算排除")


def test_rows_are_pasted_from_a_spreadsheet(world: Any, open_desk: Any) -> None:
    site = risk_world.site(world)
    page = open_desk(world.people["officer"], f"/standards/risk/{site.uid}/assess/")
    rows = "苯\t3\t12\t0.4\n氯苯\t12\t160\n滴滴涕\t9.8\n敌敌畏\t1.3\n"
    page.get_by_label("第 1 行污染物").evaluate(
        """(cell, text) => { const data = new DataTransfer(); data.setData("text/plain", text);
        cell.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})); }""",
        rows,
    )
    assert page.get_by_label("第 4 行污染物").input_value() == "敌敌畏"
    page.get_by_role("button", name="计算并保存为新的一次").click()
    expect(page.locator("#notices")).to_contain_text("第 1 次评估已完成")
    assert [len(one) for one in RiskRun.objects.get().input["substances"]] == [4, 3, 2, 2]


def test_draws_are_waited_for_on_the_page(world: Any, open_desk: Any) -> None:
    run = risk_world.run(world)
    page = open_desk(world.people["officer"], f"/standards/risk/runs/{run.uid}/")
    page.get_by_label("第 1 行抽样的输入").select_option(label="苯 下层土壤")
    page.get_by_label("第 1 行分布").select_option(label="对数正态分布")
    page.get_by_label("第 1 行几何均值").fill("8")
    page.get_by_label("第 1 行几何标准差").fill("1.8")
    page.get_by_role("button", name="开始抽样").click()
    expect(page.get_by_role("alert")).to_contain_text("第 1 行没有写明分布的依据")
    expect(page.get_by_label("第 1 行几何均值")).to_have_value("8")
    page.get_by_label("第 1 行依据").fill("24 个样品")
    page.get_by_label("抽样次数").fill("300")
    page.get_by_role("button", name="开始抽样").click()
    expect(page.locator(".job-line")).to_be_visible()
    jobs.run(jobs.Job.objects.get())
    expect(page.locator("svg.tornado").first).to_be_visible()
    expect(page.locator(".job-line")).to_have_count(0)


def test_every_page_is_clean_and_fits(world: Any, open_desk: Any, assert_stands: Any) -> None:
    run = risk_world.run(world)
    site = run.site
    case = {**risk_world.CASE, "excluded": risk_world.EXCLUDED}
    excluding = risk.compute(site, case, by=world.actor("officer"), at=risk_world.AT)
    page = open_desk(world.people["officer"], "/standards/risk/")
    origin = page.url.partition("/standards")[0]
    for path in (
        "/standards/risk/", "/standards/risk/new/", f"/standards/risk/{site.uid}/", f"/standards/risk/{site.uid}/assess/",
        f"/standards/risk/runs/{run.uid}/", f"/standards/risk/{site.uid}/edit/",
        f"/standards/risk/runs/{excluding.uid}/",
        f"/standards/risk/{site.uid}/compare/?run={run.uid}&run={excluding.uid}",
    ):  # fmt: skip
        page.goto(origin + path)
        assert_stands(page)
