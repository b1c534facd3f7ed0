"""A plot's life, a report through its rounds, and a round at a control zone, as an official goes through the pages."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from desk.land_world import square
from desk.oversight_world import PICTURE
from desk.plot_world import noon
from desk.plotreport_world import Reports
from journeys.conftest import NARROW, assert_axe_clean, assert_fits, assert_stands, follow
from soildesk.land.services.writing import Place
from soildesk.oversight.models import Problem
from soildesk.plots.models import ControlRound, PlotEvent, PlotVersion, Report
from soildesk.plots.services import experts

pytestmark = pytest.mark.django_db(transaction=True)
ON = date(2026, 11, 2)


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")


@pytest.fixture
def made(world: Any) -> Reports:
    """Plots and reports of the small world."""
    return Reports(world)


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """A paper on the desk of whoever writes."""
    found = tmp_path / "评审意见.txt"
    found.write_text("示例文件，纯属虚构。\n", encoding="utf-8")
    return found


def plot_page(version: PlotVersion) -> str:
    return reverse("kit:record", args=["plots", str(version.plot.uid)])


def report_page(held: Report) -> str:
    return reverse("kit:record", args=["plot_reports", str(held.uid)])


def press(page: Page, name: str) -> None:
    """Press the button that sends a form and wait for what it leads to."""
    follow(page.locator("main form").get_by_role("button", name=name, exact=True))


def test_an_event_is_refused_with_its_article_and_then_accepted(made: Reports, open_desk: Any, paper: Path) -> None:
    plot = made.to(made.plot("原城关皮件厂地块", square(0, 0)), "S1")
    page = open_desk(made.world.people["officer"], plot_page(plot))
    expect(page.locator("#here-title")).to_contain_text("现在：初步调查")
    step = page.locator("#here .next-steps > li", has_text="初步调查报告评审通过，不超标")
    expect(step).to_contain_text("登记时要有：")
    expect(step).to_contain_text("依据：")

    follow(step.get_by_role("link", name="登记"))
    page.locator("#id_authority").fill("青禾区生态环境局")
    page.locator("#id_level").select_option("county")
    page.locator("#id_document").fill("青环函〔2026〕60号")
    page.locator("#id_report").fill("原城关皮件厂地块土壤污染状况初步调查报告")
    page.locator("#id_column").select_option("first")
    page.locator("#id_exceeds").select_option("1")
    page.locator("#id_density").select_option("meets")
    page.locator("#id_ecology_opinion").select_option("passed")
    page.locator("#id_resources_opinion").select_option("passed")
    page.locator("#id_filed_on").fill("2026-11-18")
    page.locator("#id_file").set_input_files(paper)
    press(page, "登记")
    refused = page.get_by_role("alert").first
    expect(refused).to_contain_text("依据：")
    assert not PlotEvent.objects.filter(kind="preliminary_within").exists()
    assert_axe_clean(page)

    page.locator("#id_exceeds").select_option("0")
    page.locator("#id_file").set_input_files(paper)
    press(page, "登记")
    expect(page.locator("#events")).to_contain_text("青环函〔2026〕60号")
    expect(page.locator("#here-title")).not_to_contain_text("初步调查")
    assert PlotEvent.objects.get(kind="preliminary_within").document == "青环函〔2026〕60号"
    assert_stands(page)


def expert(made: Reports, name: str, employer: str) -> None:
    place = Place(made.world.district, made.world.departments["ecology"])
    experts.add({"name": name, "employer": employer}, place, by=made.officer, at=noon(ON))


def opine(page: Page, text: str = "同意。") -> None:
    page.locator("input[name=verdict][value=pass]").check()
    page.locator("#id_text").fill(text)
    press(page, "登记")


def test_a_report_is_returned_sent_again_seen_by_a_panel_and_passed(made: Reports, open_desk: Any, paper: Path) -> None:
    plot = made.to(made.plot("原城关皮件厂地块", square(0, 0)), "S1", first=date(2026, 3, 2))
    expert(made, "孔令川", "示例省地质环境监测院")
    expert(made, "骆怀山", "云中环境咨询有限公司")
    held = made.submitted(plot, on=ON)
    page = open_desk(made.world.people["officer"], report_page(held))
    acts = page.locator("main")
    follow(acts.get_by_role("link", name="退回").first)
    page.locator("#id_why").fill("人员访谈只有 2 人，请补充原厂职工。")
    press(page, "退回")
    expect(page.locator("main [role=alert]").first).to_contain_text("人员访谈只有 2 人")
    assert_stands(page)

    follow(acts.get_by_role("link", name="提交").first)
    press(page, "提交")
    follow(acts.get_by_role("link", name="完整性审查").first)
    press(page, "通过")
    expect(page.locator("main")).to_contain_text("通过之前还要解决")

    follow(acts.get_by_role("link", name="专家意见").first)
    page.locator("#id_expert").select_option(label="骆怀山（云中环境咨询有限公司）")
    page.locator("#id_declared").select_option("0")
    opine(page)
    expect(page.get_by_role("alert").first).to_contain_text("骆怀山")
    page.locator("#id_expert").select_option(label="孔令川（示例省地质环境监测院）")
    opine(page)
    expect(page.locator("#rounds")).to_contain_text("专家 孔令川")
    assert not Report.objects.get().opinions.filter(expert__name="骆怀山").exists()

    follow(acts.get_by_role("link", name="评审意见").first)
    opine(page)
    other = open_desk(made.world.people["resources"], report_page(held))
    follow(other.locator("main").get_by_role("link", name="评审意见").first)
    opine(other)

    page.reload()
    follow(acts.get_by_role("link", name="数据与结论").first)
    page.locator("#id_explained").fill("检测数据没有报送，已核对检测报告原件与附表")
    press(page, "保存并评价")
    follow(acts.get_by_role("link", name="评审通过").first)
    page.locator("#id_document").fill("青环函〔2026〕61号")
    page.locator("#id_paper").set_input_files(paper)
    press(page, "登记通过")
    expect(page.locator("#rounds")).to_contain_text("第 2 轮")
    assert (Report.objects.get().state, Report.objects.get().round) == ("accepted", 2)
    assert PlotEvent.objects.get(kind="preliminary_within").report == held
    assert_stands(page)


def test_a_round_at_a_control_zone_is_written_on_a_telephone(made: Reports, open_desk: Any, tmp_path: Path) -> None:
    plot = made.to(made.plot("原青石硫铁矿堆场地块", square(0, 0), developed=False), "S3")
    photo = tmp_path / "外溢.png"
    photo.write_bytes(PICTURE)
    page = open_desk(made.world.people["town"], reverse("plots:control_rounds"), width=NARROW)
    expect(page.locator(".land-cards")).to_contain_text("本年还没有巡查")
    follow(page.get_by_role("link", name=plot.name))
    page.locator("input[name=unrelated_building][value='0']").check()
    page.locator("input[name=in_use][value='1']").check()
    page.locator("input[name=spread][value='1']").check()
    page.locator("#photo-spot").set_input_files(photo)
    expect(page.locator("[for=photo-spot] [data-photo-said]")).to_have_text("外溢.png")
    page.locator("#id_note").fill("东侧围挡外有黄褐色水外溢；西侧堆放建材")
    assert_fits(page)
    assert_axe_clean(page)
    follow(page.get_by_role("button", name="提交"))
    one = ControlRound.objects.get()
    assert (one.spread, one.in_use, one.sign_intact) == (True, True, None)
    assert Problem.objects.filter(origin__contains=str(one.uid)).exists()
    assert_fits(page)
    assert_axe_clean(page)

    follow(page.locator("main").get_by_role("link", name="登记防止扩散的措施").first)
    page.locator("#id_measure").fill("已开挖截流沟 35 米，外溢已止")
    assert_fits(page)
    press(page, "登记")
    expect(page.locator("main")).to_contain_text("已开挖截流沟 35 米")
    assert ControlRound.objects.get().measure_on == date(2026, 11, 20)
