"""The export of the national system as a user has it: odd tables, and a preview that says what is and is not taken, and why."""

from __future__ import annotations

import io
import re
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from desk.land_world import square
from desk.plot_world import Plots
from desk.test_plots_feed_lists import accepted, verdicts
from desk.test_plots_feeds import DAY, browser
from soildesk.kit.imports import ImportBatch
from soildesk.plots import plotsheets
from soildesk.plots.models import Candidate, PlotVersion
from soildesk.plots.queries import plots
from soildesk.plots.services import national
from soildesk.plots.words import list_name
from soilrules.plots.lists import ListKey

pytestmark = pytest.mark.django_db
ODD = ("地块 编码", "地块\n名称", "当前阶段", "名录", "备案日期", "报告名称", "评审结果", "坐标")


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Plots:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Plots(world)


def odd_book(*rows: tuple[Any, ...]) -> bytes:
    """A title, a heading of two rows with merged cells, days as days, codes as numbers, spaces, a line of totals."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as workbook:
        sheet, day = workbook.add_worksheet("地块"), workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet.merge_range(0, 0, 0, len(ODD) - 1, "全国系统导出（示例）")
        for at in (0, 1, 4, 5, 6, 7):
            sheet.merge_range(1, at, 2, at, ODD[at])
        sheet.merge_range(1, 2, 1, 3, "管理状态")
        sheet.write_row(2, 2, ODD[2:4])
        for line, row in enumerate(rows, start=3):
            for at, value in enumerate(row):
                write = sheet.write_datetime if isinstance(value, datetime) else sheet.write
                write(line, at, value, day)
        sheet.write_row(len(rows) + 3, 0, ("合计", len(rows)))
    return out.getvalue()


def dropped(client: Client, data: bytes) -> tuple[Any, list[str]]:
    """The file on its page, and what the preview says of each row."""
    answer = client.post(
        reverse("kit:import_new", args=["plots.national"]), {"file": SimpleUploadedFile("导出.xlsx", data)}
    )
    assert answer.status_code == 302, answer.content.decode()
    return answer, verdicts(client.get(answer["Location"]).content.decode())


def test_a_release_without_its_report_is_not_taken_and_the_preview_says_what_to_do(made: Plots) -> None:
    made.plot("粮库地块", square(0, 0), code="G1")
    client = browser(made)
    day = datetime(2025, 6, 1)  # noqa: DTZ001 — a day in a cell of a workbook
    data = odd_book(
        ("G1", "粮库地块", " 已解除 ", "", "", "", "", ""),
        ("G2", "棉织厂地块", "已移出", "污染地块名录", "", "", "", square(1, 0).wkt),
        ("G3", "学校地块", "已解除", "", day, "初步调查报告", "通过", square(2, 0).wkt),
        ("G4", "车站地块", "已解除", "", "去年", "初步调查报告", "通过", square(3, 0).wkt),
        ("G5", "无图地块", "疑似", "", "", "", "", ""),
    )
    answer, told = dropped(client, data)
    for row in told[:2]:
        assert "不登记“" in row
        assert "以下内容没有资料，请补充：有对应的报告" in row
        assert "在补齐之前本级按未解除对待" in row
        assert "凭报告和批复登记" in row
        assert "相同" not in row
    assert "这一行没有可登记的内容" in told[0]
    assert "将登记：新地块“棉织厂地块”。" in told[1]
    assert "不登记“列入污染地块名录”" in told[1]
    assert "不登记“" not in told[2]
    assert "备案日期“去年”认不出" in told[3]
    assert "只列入疑似地块线索，阶段“疑似”和名录不登记" in told[4]
    accepted(client, answer)
    standing = {one.version.code: one for one in plots.standing(made.officer, DAY)}
    assert {code: (one.stage, one.lists) for code, one in standing.items()} == {
        "G1": ("", ()), "G2": ("", ()), "G3": ("released", ()), "G4": ("", ()),
    }  # fmt: skip
    assert Candidate.objects.get().title == "无图地块"


def test_codes_that_were_cut_told_twice_or_gainsaid_by_a_name_are_pointed_out(made: Plots) -> None:
    made.plot("原农药厂地块", square(0, 0), code="9901012026000017")
    made.to(made.plot("电镀厂地块", square(1, 0), code="G2"), "S3")
    data = odd_book(
        (9901012026000010, "别的名字", "疑似", "", "", "", "", ""),
        ("9901012026000018", "原农药厂 地块", "疑似", "", "", "", "", square(4, 0).wkt),
        ("G2", "电镀厂地块", "", "污染地块名录", "", "", "", ""),
        ("G2", "电镀厂地块", "S3", "", "", "", "", ""),
        ("G7", "新地块", "不知道", "", "", "", "", ""),
    )
    _answer, told = dropped(browser(made), data)
    assert "被表格软件当作数字抹成了 0（本级有 9901012026000017）" in told[0]
    assert "本级有同名地块“原农药厂地块”（9901012026000017），编码不同" in told[1]
    assert "导出没有写这个地块的阶段：阶段没有比对" in told[2]
    assert "与第 6 行是同一个地块" in told[3]
    assert "阶段“不知道”认不出" in told[4]


def test_a_table_without_stages_is_no_export(made: Plots) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as workbook:
        workbook.add_worksheet().write_row(0, 0, ("地块编码", "地块名称"))
    client = browser(made)
    file = SimpleUploadedFile("表.xlsx", out.getvalue())
    told = client.post(reverse("kit:import_new", args=["plots.national"]), {"file": file}).content.decode()
    assert "没有找到“阶段”列" in told


def test_sixty_mixed_rows_are_loaded_once_and_compared_every_month(made: Plots) -> None:
    words = (
        "疑似",
        "初步调查",
        "详细调查",
        "风险评估",
        "风险管控",
        "治理与修复",
        "效果评估",
        "已解除",
        "已移出",
        "疑似污染地块",
    )
    rows = [
        (f"G{n:02}", f"第{n}地块", words[n % 10], "污染地块名录" if n % 10 == 3 else "", "", "", "", square(n % 10, n // 10).wkt)
        for n in range(60)
    ]  # fmt: skip
    client = browser(made)
    answer, told = dropped(client, odd_book(*rows))
    assert len(told) == 60
    assert "按全国系统记录转入（S4 风险管控）" in told[4]
    accepted(client, answer)
    assert PlotVersion.objects.count() == 60
    stages = [one.stage for one in plots.standing(made.officer, DAY)]
    assert (stages.count("S0"), stages.count("S4"), stages.count("")) == (12, 6, 18)
    later = [row if row[0] != "G01" else (*row[:2], "详细调查", *row[3:]) for row in rows if row[0] != "G02"]
    answer, told = dropped(client, odd_book(*later))
    assert any("本级S1 初步调查；全国系统S2 详细调查" in row for row in told)
    assert any("本级有“第2地块”（G02，S2 详细调查），导出没有" in row for row in told)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025.6.30", date(2025, 6, 30)),
        ("2025年6月", date(2025, 6, 1)),
        ("45838", date(2025, 6, 30)),
        ("20250630", date(2025, 6, 30)),
        ("2025-06-30 00:00:00", date(2025, 6, 30)),
        ("2025 年 6 月 30 日", date(2025, 6, 30)),
        ("25.6.30", None),
        ("2025/6/31", None),
        ("不详", None),
    ],
)
def test_days_are_read_as_tables_write_them(text: str, day: date | None) -> None:
    assert plotsheets.day_in(text) == day


def test_a_month_is_no_day_a_list_was_entered_on(made: Plots) -> None:
    rows = [
        ("G1", "农药厂地块", "风险评估", "污染地块名录", "2022年12月", square(0, 0).wkt),
        ("G2", "电镀厂地块", "风险评估", "污染地块名录", "2022 年 12 月 20 日", square(1, 0).wkt),
    ]
    _answer, said = dropped(browser(made), dated_book(*rows))
    assert "列入日期“2022年12月”认不出" in said[0] and "2022-12-01" not in said[0]
    assert "（2022-12-20 列入）" in said[1]


def test_what_a_comparison_found_stays_and_leads_the_sheet(made: Plots) -> None:
    known = made.to(made.plot("原农药厂地块", square(0, 0), code="G1"), "S3")
    made.to(made.plot("粮库地块", square(1, 0), code="G2"), "S1")
    made.plot("试验地块一", square(2, 0), code="G3")
    client = browser(made)
    assert "还没有比对过" in client.get(reverse("plots:national_results")).content.decode()
    data = odd_book(
        ("G1", "原农药厂地块", "详细调查", "污染地块名录", "", "", "", ""),
        ("G3", "名字不同的地块", "初步调查", "", "", "", "", ""),
    )
    answer, said = dropped(client, data)
    assert "编码相同、名称不同：导出为“名字不同的地块”，本级为“试验地块一”" in said[1]
    preview = client.get(answer["Location"]).content.decode()
    numbers = re.findall(r'<tr><th scope="row">(?:<span[^>]*>)?(\d+|—)', preview)
    assert numbers == ["4", "5", "—"], "what no row of the file tells has no number of a row"
    accepted(client, answer)
    page = client.get(reverse("plots:national_results")).content.decode()
    assert re.findall(r'data-label="导出表行号">(.*?)</td>', page) == ["4", "—"]
    assert "2 个地块与全国系统不同" in page
    assert "与全国系统不同：本级" in page and "导出没有" in page
    batch = ImportBatch.objects.latest("pk")
    assert reverse("plots:national_result", args=[batch.uid]) in client.get(answer["Location"]).content.decode()
    book = openpyxl.load_workbook(io.BytesIO(client.get(reverse("plots:national_sheet")).content))
    rows = list(book["需要更新"].iter_rows(values_only=True))
    told = {row[1]: row[-1] for row in rows[1:]}
    assert "导出没有" in told["粮库地块"] and "与全国系统不同" in told["原农药厂地块"]
    assert known.plot.number
    dropped(client, odd_book(("G1", "原农药厂地块", "风险管控", "", "", "", "", "")))
    closed = ImportBatch.objects.latest("pk")
    assert client.post(reverse("kit:import_reject", args=[closed.uid])).status_code == 302
    page = client.get(reverse("plots:national_result", args=[closed.uid])).content.decode()
    assert "3 个地块与全国系统不同" in page and "全国系统S4 风险管控" in page and "已放弃" in page


def test_every_list_is_known_by_the_name_our_own_upload_sheet_gives_it() -> None:
    for key in ListKey:
        assert national.lists_of(list_name(key)) == ([key], []), list_name(key)


DATED = ("地块编码", "地块名称", "阶段", "名录", "列入日期", "坐标")


def dated_book(*rows: tuple[Any, ...]) -> bytes:
    """An export that tells since when a plot is on its lists."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as workbook:
        sheet = workbook.add_worksheet("地块")
        for line, row in enumerate((DATED, *rows)):
            sheet.write_row(line, 0, row)
    return out.getvalue()


def test_the_day_a_plot_came_onto_a_list_is_taken_in_and_compared(made: Plots) -> None:
    client = browser(made)
    both = "污染地块名录；风险管控和修复名录"
    rows = [
        ("G1", "农药厂地块", "风险管控", both, "2024-03-01；2025-06-02", square(0, 0).wkt),
        ("G2", "电镀厂地块", "风险评估", "污染地块名录", "2015.1.1", square(1, 0).wkt),
        ("G3", "棉织厂地块", "疑似", "疑似名单", "2026年2月3日", square(2, 0).wkt),
        ("G4", "车站地块", "风险管控", both, "2024-03-01", square(3, 0).wkt),
    ]
    answer, said = dropped(client, dated_book(*rows))
    assert "列入污染地块名录（2024-03-01 列入）" in said[0] and "（2025-06-02 列入）" in said[0]
    assert "列入日期“2015.1.1”不可能" in said[1] and "2017-07-01 至导出日期" in said[1]
    assert "认不出是哪个名单、名录的哪一天" in said[3]
    assert "起始日期将由" in said[0] and "改为 2024-03-01（最早的列入日期）" in said[0] and "改为 2026-02-03" in said[2]
    assert not any("起始日期将由" in said[at] for at in (1, 3)), "no day that is used is earlier"
    accepted(client, answer)
    stays = {
        (one.code, stay.list_key): stay.since
        for one in PlotVersion.objects.all()
        for stay in one.plot.memberships.all()
    }
    loaded = PlotVersion.objects.get(code="G2").since
    assert PlotVersion.objects.get(code="G1", superseded_at=None).since == date(2024, 3, 1), "listed as the plot it was"
    then = client.get(reverse("plots:list", args=["polluted"]), {"on": "2024-06-01"}).content.decode()
    assert "农药厂地块" in then and "电镀厂地块" not in then
    assert stays == {
        ("G1", "polluted"): date(2024, 3, 1), ("G1", "roster"): date(2025, 6, 2), ("G2", "polluted"): loaded,
        ("G3", "suspected"): date(2026, 2, 3), ("G4", "polluted"): loaded, ("G4", "roster"): loaded,
    }  # fmt: skip
    book = openpyxl.load_workbook(io.BytesIO(client.get(reverse("plots:national_sheet")).content))
    head, first = list(book["全部地块"].values)[:2]
    assert dict(zip(head, first, strict=True))["列入日期"] == "2024-03-01、2025-06-02"
    later = [("G1", "农药厂地块", "风险管控", both, "污染地块名录 2024-04-01；风险管控和修复名录 2025-06-02", "")]
    _answer, said = dropped(client, dated_book(*later, *((*row[:4], "", "") for row in rows[1:])))
    assert "本级2024-03-01 列入污染地块名录；全国系统2024-04-01 列入污染地块名录" in said[0]
    assert "与本级一致" in said[2], "a day that is not told is not compared"
