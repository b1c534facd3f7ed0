"""The small parts: folding, days, exports, drawings, measures, navigation, search, vendored files, error pages."""

from __future__ import annotations

import doctest
import io
import json
import re
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory
from lxml import etree

from soildesk.kit import cells, drawing, errors, exports, folding, measures, navigation, search, sheets
from soildesk.kit.day import page_day
from soildesk.kit.drawing import Bar, Dot, Timeline, TimelineRow
from soildesk.kit.parts import Act
from soildesk.kit.register import Column

ROOT = Path(__file__).parents[2]
KIT = ROOT / "src/soildesk/kit"
DAY = date(2026, 11, 20)


@pytest.mark.parametrize("module", [folding, sheets])
def test_examples_in_the_documentation_hold(module: Any) -> None:
    found = doctest.testmod(module)
    assert found.attempted > 1
    assert found.failed == 0


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("台帐", "任务台账"), ("台账", "任务台帐"), ("ＡＢ１２", "ab12"), ("(一)", "（一）"), ("帐目", "账目")],
)
def test_one_spelling_finds_the_other(typed: str, stored: str) -> None:
    assert any(spelling in stored for spelling in folding.spellings(typed))
    assert folding.fold(typed) in folding.fold(stored)


def test_spellings_stay_few() -> None:
    assert len(folding.spellings("台账" * 30)) <= folding.MOST_SPELLINGS + 2
    assert folding.spellings("  ") == []


@pytest.mark.parametrize(
    ("asked", "expected"), [("2026-06-30", date(2026, 6, 30)), ("nonsense", DAY), ("1066-10-14", DAY), ("", DAY)]
)
def test_the_page_speaks_of_the_day_asked_for(monkeypatch: pytest.MonkeyPatch, asked: str, expected: date) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", str(DAY))
    assert page_day(RequestFactory().get("/", {"on": asked})) == expected


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_no_text_of_a_csv_runs_as_a_formula(start: str) -> None:
    line = "".join(exports.csv_lines(["a"], [[f"{start}1+1"]])).splitlines()
    assert "'" in "".join(line[1:])


def test_a_sheet_keeps_numbers_dates_and_texts_apart() -> None:
    out = io.BytesIO()
    moment = datetime(2026, 11, 20, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    values = ["=1+1", 3, Decimal("2.50"), DAY, moment, None, True, ["甲", "乙"], "http://example.invalid/"]
    columns = [exports.SheetColumn(f"列{i}") for i in range(len(values))]
    exports.write_xlsx([exports.Sheet("表[1]", columns, [values], title="题", note="注")], out)
    book = openpyxl.load_workbook(out)
    sheet = book["表_1_"]
    row = [cell.value for cell in sheet[4]]
    assert row[:4] == ["=1+1", 3, 2.5, datetime(2026, 11, 20)]  # noqa: DTZ001 — Excel has no zones
    assert row[4] == datetime(2026, 11, 20, 9, 30)  # noqa: DTZ001
    assert row[5:] == [None, "是", "甲、乙", "http://example.invalid/"]
    assert sheet["A4"].data_type == "s"
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.freeze_panes == "B4"
    assert sheet["I4"].hyperlink is None


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, cells.NOTHING),
        (0, "0"),
        (1234567, "1,234,567"),
        (Decimal("12.50"), "12.50"),
        (Decimal("1E+3"), "1,000"),
        (Decimal("8.62000000000000"), "8.62"),
        (Decimal("0.000001"), "0.000001"),
    ],
)
def test_nothing_is_a_dash_and_zero_is_zero(value: Any, shown: str) -> None:
    assert cells.number(value, {}) == shown


def test_unknown_states_are_shown_as_unknown() -> None:
    shown = cells.chip({"a": ("good", "check", "好")})("b<", {})
    assert "chip-unknown" in shown
    assert "b&lt;" in shown


def timeline() -> Timeline:
    rows = [
        TimelineRow(
            "甲<b>", [Dot(date(2026, 3, 31), "到期&", "good"), Dot(date(2027, 1, 5), "晚", "bad")], url="/a?b=1&c=2"
        ),
        TimelineRow("乙", bars=[Bar(date(2026, 1, 1), date(2026, 12, 31), "全年")]),
    ]
    return Timeline("时间", rows, DAY)


def test_the_timeline_is_a_well_formed_picture_with_the_same_table() -> None:
    root = etree.fromstring(f"<div>{timeline().render()}</div>")
    assert root.find(".//svg/title").text == "时间"
    assert len(root.findall(".//tbody/tr")) == 3
    dots = [float(e.get("cx")) for e in root.findall(".//circle")]
    today = float(root.find(".//line[@class='t-today']").get("x1"))
    assert dots[0] < today < timeline().x(date(2027, 1, 5))


def test_timelines_of_any_length_stay_readable() -> None:
    long = Timeline("长", [TimelineRow("a", [Dot(date(1995, 1, 1), "x"), Dot(date(2035, 1, 1), "y")])], DAY)
    assert len(long.months()) <= drawing.MOST_TICKS
    empty = Timeline("空", [], DAY)
    first, last = empty.span()
    assert (last - first).days >= drawing.FEWEST_DAYS
    assert "<svg" in empty.render()


@pytest.fixture
def some_measures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measures, "_measures", {})

    @measures.measure("t.filed", title="填报", reads=["t"], words=["按时填报", "台账"], subjects=["t.task"])
    def filed(actor: Any, subject: Any, on: date, known_on: date) -> measures.MeasureResult:
        """Whether everything was filed."""
        reason = measures.Reason("已报 %(k)s 件", {"k": 3})
        return measures.MeasureResult(measures.Outcome.NOT_DONE, reason, on, 3, 5, "件")

    @measures.measure("t.meeting", title="会议", reads=["t"], words=["会议"])
    def meeting(actor: Any, subject: Any, on: date, known_on: date) -> measures.MeasureResult:
        """Whether it met."""
        return measures.MeasureResult(measures.Outcome.CANNOT_SAY, measures.Reason("没有记录"), on)


def test_a_state_is_exported_by_its_word_as_the_page_shows_it() -> None:
    states = cells.chip({"open": ("busy", "clock", "在办")})
    columns = [
        Column("state", "状态", value=lambda row: row, format=states),
        Column("row", "行", value=lambda row: row),
    ]
    shown: Any = SimpleNamespace(columns=columns, all_rows=lambda: iter(["open", "odd", None]))
    assert list(exports.exported_rows(shown)) == [["在办", "open"], ["odd", "odd"], [None, None]]


def test_a_result_says_its_reason_and_survives_as_data(some_measures: None) -> None:
    result = measures.get("t.filed").run(None, None, DAY, DAY)
    assert str(result.reason) == "已报 3 件"
    kept = json.loads(json.dumps(result.as_json()))
    assert (kept["numerator"], kept["denominator"], kept["outcome"]) == ("3", "5", "not_done")


def test_an_id_is_given_once_and_unknown_ones_are_said(some_measures: None) -> None:
    with pytest.raises(ValueError, match="registered already"):
        measures.measure("t.filed", title="x", reads=[])(lambda *given: None)  # type: ignore[arg-type,return-value]
    with pytest.raises(measures.UnknownMeasure):
        measures.get("t.nothing")


def test_a_measure_over_nothing_is_never_done() -> None:
    with pytest.raises(ValueError, match="over nothing"):
        measures.MeasureResult(measures.Outcome.DONE, measures.Reason("x"), DAY, 0, 0)


@pytest.mark.django_db
def test_navigation_shows_what_one_may_open_and_marks_the_place(world: Any) -> None:
    def titles(name: str, path: str = "/") -> dict[str, bool]:
        links = [link for _, section in navigation.sections(world.actor(name), path) for link in section]
        return {str(link.entry.url_name): link.here for link in links}

    assert "core:people" in titles("admin")
    assert "core:people" not in titles("reader")
    assert titles("admin", "/kit/imports/new/x")["kit:imports"]
    assert not titles("admin", "/kit/imports/")["home:today"]
    assert navigation.sections(None, "/") == []


@pytest.mark.django_db
def test_search_asks_every_source_the_actor_may_see(
    world: Any, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    monkeypatch.setattr(search, "_sources", {})
    hits = [search.Hit(f"<甲{i}>", "/x") for i in range(21)]
    search.register("a", "甲类", lambda actor, text, on, limit: hits[:limit] if text == "甲" else [])
    search.register("b", "乙类", lambda actor, text, on, limit: hits, "core.manage_people")
    client.force_login(world.people["reader"], backend="django.contrib.auth.backends.ModelBackend")
    shown = client.get("/search", {"q": "甲"}).content.decode()
    assert "甲类" in shown
    assert "20+" in shown
    assert "&lt;甲0&gt;" in shown
    assert "乙类" not in shown
    assert "没有找到" in client.get("/search", {"q": "丙"}).content.decode()


def test_a_stopped_act_says_the_rule_and_does_nothing() -> None:
    shown = Template("{% load kit %}{% act a %}").render(
        Context({"a": Act("删除", "/delete", post=True, stopped_by="有记录")})
    )
    assert "有记录" in shown
    assert 'aria-disabled="true"' in shown
    assert "/delete" not in shown


def test_vendored_files_are_as_pinned_and_every_icon_exists() -> None:
    subprocess.run([sys.executable, ROOT / "bin/vendor", "--check"], check=True)
    sprite = (KIT / "static/vendor/icons.svg").read_text(encoding="utf-8")
    known = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    used: set[str] = set()
    for path in (ROOT / "src/soildesk").rglob("*.html"):
        used |= set(re.findall(r'(?:{%\s*icon |icon=)"([^"]+)"', path.read_text(encoding="utf-8")))
    for path in (ROOT / "src/soildesk").rglob("*.py"):
        used |= set(re.findall(r'icon(?:_name)?="([a-z0-9-]+)"', path.read_text(encoding="utf-8")))
    assert used - known == set(), "add them to the icons in VENDOR.json and run bin/vendor"


def test_templates_have_no_inline_script_or_style_and_no_other_host() -> None:
    faults = []
    for path in (ROOT / "src/soildesk").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for pattern in (
            r"<style",
            r"<script(?![^>]*\bsrc=)",
            r"\sstyle=",
            r"\son\w+=",
            r"javascript:",
            r"(?:src|href|action)=\"(?:https?:)?//",
        ):
            faults += [f"{path.name}: {match[0]}" for match in re.finditer(pattern, text)]
    assert faults == []


def test_our_own_scripts_and_styles_name_no_other_host() -> None:
    for path in [*(KIT / "static/kit").glob("*.js"), *(KIT / "static/kit").glob("*.css")]:
        assert not re.search(r"https?://|eval\(|new Function|innerHTML", path.read_text(encoding="utf-8")), path.name


@pytest.mark.django_db
def test_error_pages_say_what_and_one_thing_to_do(client: Client, world: Any) -> None:
    lost = client.get("/nowhere").content.decode()
    assert "没有找到" in lost and "辖区" not in lost, "a stranger has no place of their own"
    assert 'href="/login/"' in lost
    client.force_login(world.people["reader"], backend="django.contrib.auth.backends.ModelBackend")
    missing = client.get("/nowhere")
    assert missing.status_code == 404
    assert "回到今日" in missing.content.decode()
    refused = client.get("/kit/gallery")
    assert refused.status_code == 403
    assert "系统管理员" in refused.content.decode()


def test_the_page_of_a_fault_asks_nothing_of_the_database() -> None:
    request = RequestFactory().get("/")
    answer = errors.broken(request)
    assert answer.status_code == 500
    assert "没有生效" in answer.content.decode()
    assert errors.bad_request(request, ValueError()).status_code == 400
    assert "表单已过期" in errors.form_expired(request).content.decode()
