"""Ten minutes for a mayor, on the example as bin/demo loads it: from today's reds to the report, ending on what nobody can say."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Browser, Download, Page, expect

from journeys.conftest import WIDE, follow
from running import start_demo, stop_demo

SUPPLY = Path(__file__).parents[2] / "examples" / "district" / "plots" / "供地计划2027年.geojson"


@pytest.fixture(scope="module")
def desk(demo_made: Path, tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Page]:
    """A page of an officer who has logged in at a desk of its own, with its worker."""
    home = tmp_path_factory.mktemp("ten") / "home"
    shutil.copytree(demo_made / "home", home)
    process, line = start_demo(home)
    try:
        told = re.search(r"(http://\S+) — user (\S+), password (\S+)", line)
        assert told, line
        context = browser.new_context(viewport={"width": WIDE, "height": 1000}, locale="zh-CN", accept_downloads=True)
        page = context.new_page()
        page.goto(told[1])
        page.fill("input[name=username]", told[2])
        page.fill("input[name=password]", told[3])
        page.locator("input[name=password]").press("Enter")
        page.wait_for_url(lambda url: "/login" not in url)
        yield page
        context.close()
    finally:
        stop_demo(process)


def words_of(sent: Download) -> str:
    document = Document(BytesIO(Path(sent.path()).read_bytes()))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([one.text for one in document.paragraphs] + cells)


def downloaded(page: Page, name: str) -> str:
    """The words of the Word file behind a link."""
    with page.expect_download() as sent:
        page.locator("main").get_by_role("link", name=name).first.click()
    return words_of(sent.value)


def go(page: Page, path: str) -> None:
    page.goto(re.match(r"https?://[^/]+", page.url)[0] + path)  # type: ignore[index]


def test_ten_minutes(desk: Page) -> None:
    todays_reds(desk)
    what_nobody_took_up(desk)
    two_firms_and_their_letter(desk)
    supply_plan(desk)
    the_school(desk)
    the_wheat_lot(desk)
    the_rate(desk)
    the_report(desk)


def todays_reds(page: Page) -> None:
    """Numbers lead to their rows."""
    others = page.locator("section", has=page.get_by_role("heading", name="别人欠我们的"))
    late = others.get_by_role("link", name=re.compile("已逾期")).first
    number = int(late.get_attribute("data-figure") or 0)
    assert number > 0
    follow(late)
    assert number == int(page.locator("[data-total]").first.get_attribute("data-total") or 0)


def what_nobody_took_up(page: Page) -> None:
    """The plan of the city against ours: clauses nobody took up, and dates that are later than the superior's."""
    go(page, "/plans/")
    follow(page.get_by_role("link", name="青禾区2026年土壤污染防治工作方案"))
    follow(page.get_by_role("link", name="承接", exact=True))
    expect(page.locator("main")).to_contain_text("云泽市2026年土壤污染防治工作计划")
    for missed in ("9 推进环境污染责任保险", "22 推进加油站埋地油罐防渗核查"):
        expect(page.locator("main")).to_contain_text(missed)
    later = page.locator("tr", has_text="2026-12-20")
    expect(later).to_contain_text("2026-12-10")


def two_firms_and_their_letter(page: Page) -> None:
    """23 of 25 have done their inspection; the two are named, and the letter to them is written."""
    go(page, "/reports/mayor")
    row = page.locator("dl > div", has_text="重点单位隐患排查完成")
    expect(row).to_contain_text("23 / 25")
    follow(row.get_by_role("link"))
    missing = page.locator('tr[data-counts="0"]')
    expect(missing).to_have_count(2)
    names = missing.locator("th").all_inner_texts()
    go(page, "/enterprises/duties/")
    follow(page.get_by_role("link", name="谁还没办"))
    letter = downloaded(page, "提醒函")
    assert all(name in letter for name in names), names


def supply_plan(page: Page) -> None:
    """A layer of the natural-resources bureau, asked as one: every decision occurs, and the map shows them."""
    go(page, "/decisions/batches/new")
    page.fill("#id_title", "2027年供应计划会前核查")
    page.set_input_files("#id_file", SUPPLY)
    page.select_option("#id_act", "供地")
    follow(page.locator("main form").get_by_role("button", name="开始核查"))
    expect(page.locator("main")).to_contain_text("30/30", timeout=60_000)
    follow(page.get_by_role("link", name="打开结果页面"))
    facts = page.locator("section", has=page.get_by_role("heading", name="基本情况"))
    told = dict(zip(facts.locator("dt").all_inner_texts(), facts.locator("dd").all_inner_texts(), strict=True))
    counts = {name: int(told[name]) for name in ("未发现限制", "禁止", "无法判断")}
    assert all(counts.values()) and sum(counts.values()) == 30, told
    expect(page.locator("tr", has_text="原河东电池厂住宅项目").first).to_contain_text("S5")


def the_school(page: Page) -> None:
    """Why nobody can say, what would change it, the reply to print; and the same question under the law of another day."""
    follow(page.locator("tr", has_text="原青禾纺织印染厂建设项目").get_by_role("link").first)
    verdict = page.locator(".gate-verdict")
    expect(verdict).to_contain_text("无法判断")
    expect(verdict).to_contain_text("怎样可以改变")
    expect(page.locator("main")).to_contain_text("《中华人民共和国生态环境法典》第四百五十四条第二款")
    reply = downloaded(page, "复函草稿")
    assert "核查意见，不替代行政许可" in reply and "原青禾纺织印染厂建设项目" in reply
    follow(page.get_by_role("link", name="重新核查"))
    page.fill("#id_on", "2025-06-30")
    page.get_by_label("重新核查的理由").fill("当时的法律怎么说（会前演示）")
    follow(page.locator("main form").get_by_role("button", name="重新核查"))
    expect(page.locator("main")).to_contain_text("《中华人民共和国土壤污染防治法》第五十九条")
    assert not [one for one in page.locator(".check-basis").all_inner_texts() if "生态环境法典" in one]
    expect(page.locator("main")).to_contain_text("2026-08-15：《中华人民共和国生态环境法典》的规定开始适用")


def the_wheat_lot(page: Page) -> None:
    """Grain over the limit is locked, and every tonne of it has a place or is missing."""
    go(page, "/kit/r/grain_lots/")
    follow(page.get_by_role("link", name=re.compile("^LP-")).first)
    expect(page.locator("main")).to_contain_text("锁定中")
    flow = page.locator(".grain-drawing table tr")
    page.locator(".grain-drawing summary").click()
    tonnes = {row.locator("th").inner_text(): row.locator("td").inner_text() for row in flow.all()[1:]}
    amounts = {name: Decimal(re.match(r"[\d.]+", told)[0]) for name, told in tonnes.items()}  # type: ignore[index]
    harvest = amounts.pop("产量")
    assert harvest > 0 and sum(amounts.values()) == harvest, amounts
    expect(page.locator("main")).to_contain_text("先处理自留口粮")


def the_rate(page: Page) -> None:
    """From the first page: how much is missing of the target, and by which areas."""
    go(page, "/")
    missing = page.locator("#safe-use").get_by_role("link", name="看是哪些地块")
    amount = missing.inner_text().split()[0]
    follow(missing)
    expect(page.locator("main")).to_contain_text(f"距目标 93% 还差 {amount} 亩")
    expect(page.locator("main")).to_contain_text("上级核定值")
    first = (
        page.locator("table", has=page.get_by_role("columnheader", name="计入", exact=True))
        .last.locator("tbody tr")
        .first
    )
    expect(first).to_contain_text("不计")


def the_report(page: Page) -> None:
    """The quarter in Word, its gaps told; and the page for the mayor ends on what nobody can say."""
    go(page, "/reports/make")
    page.get_by_label("报表种类").select_option(label="土壤污染防治工作季度进展")
    page.get_by_label("期次").fill("2026Q4")
    follow(page.get_by_role("button", name="生成"))
    report = downloaded(page, "Word")
    assert "2026" in report and "青禾区" in report
    go(page, "/reports/mayor")
    unknown = page.locator("section", has=page.get_by_role("heading", name="说不清的"))
    expect(unknown.locator("li").first).to_be_visible()
    expect(unknown).to_contain_text("没有登记不等于没有采取，不能判断")
