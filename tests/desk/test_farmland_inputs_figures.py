"""Yearly figures of inputs: the bureau's table as it is, what asks for a word, what a town says, indicators of the plans."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from clause_words import offered
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from desk.register_promises import RegisterPromises
from soildesk.core.models import Duty
from soildesk.farmland import figuresheets
from soildesk.farmland.models import TownFigure, TownReturn
from soildesk.farmland.refusals import InputRefused
from soildesk.farmland.services import figures
from soildesk.farmland.services.figures import Reported
from soildesk.kit import measures
from soildesk.kit.measures import MeasureResult, Outcome
from soildesk.plans.models import Indicator
from soildesk.plans.queries import proposed
from soilrules.farmland.inputdata import plain

DAY = date(2026, 11, 20)
AT = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
LATER = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
D, N, C, X = Outcome.DONE, Outcome.NOT_DONE, Outcome.CANNOT_SAY, Outcome.NOT_APPLICABLE
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return world


def book(rows: Sequence[Sequence[Any]]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as made:
        sheet = made.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return target.getvalue()


def entered(client: Client, made: Any, who: str) -> Client:
    client.force_login(made.people[who])
    return client


def drop(client: Client, rows: Sequence[Sequence[Any]]) -> str:
    """A table dropped on the page; the address of its preview."""
    upload = SimpleUploadedFile("统计年报.xlsx", book(rows), XLSX)
    answer = client.post("/kit/imports/new/farmland.figures", {"file": upload})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def figure(made: Any, town: str, key: str, year: int = 2025) -> TownFigure:
    return TownFigure.objects.get(superseded_at=None, year=year, division=made.towns[town].division, figure=key)


def say(
    made: Any, year: int, told: Mapping[str, Mapping[str, str]], *, who: str = "agriculture", at: datetime = AT
) -> None:
    """Figures by town ("" is the district) as an office reports them."""
    for town, values in told.items():
        division = made.towns[town].division if town else made.district
        for key, value in values.items():
            one = Reported(year, division, key, Decimal(value), "department", "年报表")
            figures.report(one, by=made.actor(who), at=at, why="更正")


def subject(made: Any, comparator: str = "", target: str = "", **said: Any) -> Any:
    """A plan's task, or with a comparator its indicator."""
    plan = SimpleNamespace(
        division=made.district, year=2025, period_start=date(2025, 1, 1), period_end=date(2025, 12, 31),
        doc_number="青政办〔2025〕6号", title="方案",
    )  # fmt: skip
    if not comparator:
        return SimpleNamespace(plan=plan, number="3")
    number = Decimal(target) if target else None
    facts = {"unit": "%", "alternative": "", "not_applicable": False, "name": "", "target_text": "", **said}
    return SimpleNamespace(plan=plan, comparator=comparator, target_number=number, **facts)


def ask(made: Any, name: str, of: Any, *, who: str = "officer", known_on: date = DAY) -> MeasureResult:
    return measures.get(f"farmland.{name}").run(made.actor(who), of, DAY, known_on)


TABLE = [
    ["青禾区2025年农业投入品使用情况"],
    ["单位：公斤"],
    ["镇街", "化肥使用量（折纯，吨）", "农药使用量", "农作物播种面积（万亩）", "机井数"],
    ["柏庄镇", "300", "1200", "2.5", "41"],
    ["军庄镇", "500", "", "2", "22"],
    ["合计", "810", "", "4.5", "63"],
]


def test_the_bureaus_table_to_a_towns_word(client: Client, made: Any) -> None:
    say(
        made,
        2024,
        {
            "柏庄镇": {"fertiliser_t": "290", "pesticide_t": "1.1"},
            "军庄镇": {"fertiliser_t": "200", "pesticide_t": "0.9"},
        },
    )
    entered(client, made, "agriculture")
    preview = drop(client, TABLE)
    page = client.get(preview).content.decode()
    assert "一行一个镇街" in page and "机井数" in page and "1 个格子是空的" in page or "2 个格子是空的" in page
    assert "500 与上年的 200 相差一倍以上" in page
    answer = client.post(f"{preview}/accept", {}, follow=True)
    assert answer.status_code == 200
    held = figure(made, "柏庄镇", "pesticide_t")
    assert (held.value, held.source) == (Decimal("1.2"), "statistics")
    assert figure(made, "柏庄镇", "crops_mu").value == 25000
    assert TownFigure.objects.get(division=made.district, figure="fertiliser_t").value == 810

    page = client.get("/farmland/inputs?year=2025").content.decode()
    assert "全区数为 810，各镇街合计 800" in page
    assert "缺 军庄镇" in page
    waiting = page[page.index('id="waiting"') : page.index("<h2>指标")]
    assert re.findall(r'class="who">([^<]+)<.*?>([^<]+)</(?:a|span)>', waiting.replace("\n", "")) == [
        ("军庄镇", "化肥使用量（折纯）"),
        ("军庄镇", "农药使用量"),
    ]
    duty = Duty.objects.get(kind=Duty.Kind.FARM_FIGURE, period="2025")
    assert (duty.unit, duty.done_on, duty.working_days) == (made.towns["军庄镇"], None, 10)

    made.people["town_2"] = _town(made, "军庄镇")
    entered(client, made, "town_2")
    odd = figure(made, "军庄镇", "fertiliser_t")
    answer = client.post(f"/farmland/inputs/figures/{odd.uid}/explain", {"words": "新建蔬菜基地 1200 亩"}, follow=True)
    assert "已说明" in answer.content.decode()
    with pytest.raises(InputRefused, match="来自统计年报，镇街不能改"):
        figures.take_back(odd, why="写错", by=made.actor("town_2"), at=LATER)
    duty.refresh_from_db()
    assert duty.done_on is None  # a figure is still missing
    address = re.search(r'href="([^"]+)">\s*补报', client.get("/farmland/inputs?year=2025").content.decode())
    assert address and "figure=pesticide_t" in address[1]
    form = {
        "year": "2025",
        "town": made.towns["军庄镇"].division.path,
        "figure": "pesticide_t",
        "value": "0.95",
        "document": "农药台账",
    }
    answer = client.post("/kit/r/farm_figures/new", form)
    assert answer.status_code == 302, answer.content.decode()
    assert figure(made, "军庄镇", "pesticide_t").source == "town"
    duty.refresh_from_db()
    assert duty.done_on == DAY


def _town(made: Any, name: str) -> Any:
    from desk.conftest import RoleGrant, _person

    return _person("town_2", RoleGrant.Role.TOWN, made.towns[name].division, made.towns[name])


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        ([["年度", "乡镇", "指标名称", "数值", "计量单位"], ["2025", "柏庄", "测土配方施肥面积", "1.2", "千公顷"]], "一行一个指标"),
        ([["2025年"], ["指标", "计量单位", "柏庄镇", "军庄镇"], ["测土配方施肥面积", "公顷", "1200", ""]], "一行一个指标、一列一个镇街"),
    ],
)  # fmt: skip
def test_other_layouts(client: Client, made: Any, rows: Any, kind: str) -> None:
    entered(client, made, "agriculture")
    preview = drop(client, rows)
    assert kind in client.get(preview).content.decode()
    client.post(f"{preview}/accept", {})
    assert figure(made, "柏庄镇", "soil_test_mu").value == 18000


STACKED = [
    ["2026年农业投入品"], ["乡镇（街道）", "化肥", "", "农药使用量", "农膜", ""], ["", "使用量（折纯，吨）", "比上年增减（%）", "（公斤）", "使用量（吨）", "回收量（吨）"],
    ["全 区", "500", "-2", "9000", "60", "50"], ["柏 庄 镇", "100", "-2", "1800", "12", "10"],
]  # fmt: skip
LAYOUTS = {
    "groups with cells merged": (
        STACKED, ["A2:A3", "B2:C2", "E2:F2"],
        {("fertiliser_t", ""): ("100", "折纯，吨"), ("pesticide_t", ""): ("1800", "公斤"), ("film_t", ""): ("12", "吨"), ("film_recovered_t", ""): ("10", "吨")},
    ),
    "groups with nothing merged": (
        STACKED, [],
        {("fertiliser_t", ""): ("100", "折纯，吨"), ("pesticide_t", ""): ("1800", "公斤"), ("film_t", ""): ("12", "吨"), ("film_recovered_t", ""): ("10", "吨")},
    ),
    "years side by side": (
        [["主要指标"], ["乡镇", "化肥施用量（吨）", ""], ["", "2025年", "2026年"], ["柏庄镇", "110", "100"]], ["B2:C2", "A2:A3"],
        {("fertiliser_t", "2025"): ("110", "吨"), ("fertiliser_t", "2026"): ("100", "吨")},
    ),
    "this year and last": (
        [["2026年"], ["序号", "乡镇", "化肥使用量（折纯）", "", ""], ["", "", "上年", "本年", "增减%"], ["1", "柏庄镇", "110", "100", "-9"]], ["C2:E2"],
        {("fertiliser_t", "2025"): ("110", ""), ("fertiliser_t", "2026"): ("100", "")},
    ),
    "a whole beside its parts, units in a row of their own": (
        [["2026年"], ["乡镇", "化肥施用量", "", "农药使用量"], ["", "合计", "氮肥", ""], ["", "吨", "吨", "公斤"], ["柏庄镇", "100", "40", "1800"]], [],
        {("fertiliser_t", ""): ("100", "吨"), ("pesticide_t", ""): ("1800", "公斤")},
    ),
    "kinds of one figure": (
        [["2026年"], ["乡镇", "地膜使用量（吨）", "农用塑料薄膜使用量（吨）", "化肥施用量（实物量，吨）", "化肥施用量（折纯，吨）"], ["柏庄镇", "8", "12", "300", "100"]], [],
        {("film_t", ""): ("12", "吨"), ("fertiliser_t", ""): ("100", "折纯，吨")},
    ),
}  # fmt: skip


def merged_book(rows: Sequence[Sequence[Any]], merged: Sequence[str] = ()) -> bytes:
    """A workbook with some of its cells merged."""
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    for place in merged:
        made.active.merge_cells(place)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_headings_in_several_rows_are_read_as_they_stand(layout: str) -> None:
    rows, merged, expected = LAYOUTS[layout]
    cells = figuresheets.tables(merged_book(rows, merged), "表.xlsx").cells
    told = {
        (one.figure.key, one.year): (one.text, one.unit) for one in cells if plain(one.place) == "柏庄镇" and one.figure
    }
    assert told == expected


def test_years_as_columns_are_of_the_whole_place_and_growth_is_no_figure() -> None:
    rows = [
        ["指标", "计量单位", "代码", "2025年", "2026年", "2026年比2025年增长（%）"],
        ["农药使用量", "千克", "01", "10", "9", "-10"],
    ]
    found = figuresheets.tables(merged_book(rows), "表.xlsx")
    assert [(one.place, one.year, one.text, one.unit) for one in found.cells] == [
        ("合计", "2025", "10", "千克"),
        ("合计", "2026", "9", "千克"),
    ]
    assert {"代码", "2026年比2025年增长（%）"} <= set(found.left)


def test_what_a_table_says_wrongly(client: Client, made: Any) -> None:
    entered(client, made, "agriculture")
    rows = [
        ["2025年"],
        ["镇街", "化肥使用量（斤）", "化肥利用率（%）", "规模养殖场数"],
        ["柏庄镇", "300", "41", "二十"],
        ["东湖镇", "300", "", "3.5"],
        ["军庄镇", "", "", "3.5"],
    ]
    page = client.get(drop(client, rows)).content.decode()
    for said in ("单位“斤”无法换算", "由区县统一测定", "“二十”不是数字", "没有找到镇街“东湖镇”", "不是整数"):
        assert said in page, said
    assert not TownFigure.objects.exists()


def test_a_table_that_can_be_read_two_ways_is_not_guessed(client: Client, made: Any) -> None:
    entered(client, made, "agriculture")
    rows = [
        ["2025年"],
        ["镇街", "化肥利用率", "农药使用量（吨）"],
        ["青禾区", "0.43", ""],
        ["柏庄镇", "", "1.5"],
        ["柏庄镇", "", "1.6"],
    ]
    page = client.get(drop(client, rows)).content.decode()
    assert "像是小数：单位是 %，43% 请填写 43" in page
    assert page.count("出现了两次") == 2
    assert (
        "年度 1900 不对"
        in client.get(drop(client, [["1900年"], ["镇街", "农药使用量"], ["柏庄镇", "1"]])).content.decode()
    )
    client.post(f"{drop(client, [['2025年'], ['镇街', '农药使用量'], ['柏庄镇', '２３．５']])}/accept", {})
    assert figure(made, "柏庄镇", "pesticide_t").value == Decimal("23.5")


def test_a_past_day_shows_what_was_told_by_then(client: Client, made: Any) -> None:
    say(made, 2025, {"柏庄镇": {"pesticide_t": "7.125"}}, at=AT)
    entered(client, made, "agriculture")
    url = "/farmland/inputs?year=2025"
    assert "7.125" in client.get(url).content.decode()
    assert "7.125" not in client.get(f"{url}&on=2026-01-31").content.decode()


def test_who_may_say_what(made: Any) -> None:
    division = made.towns["柏庄镇"].division
    told = Reported(2025, division, "film_t", Decimal(3), "department")
    with pytest.raises(InputRefused, match="佐证"):
        figures.report(told, by=made.actor("agriculture"), at=AT)
    say(made, 2025, {"柏庄镇": {"film_t": "3"}})
    with pytest.raises(InputRefused, match="更正请写明原因"):
        figures.report(
            Reported(2025, division, "film_t", Decimal(4), "department", "表"), by=made.actor("agriculture"), at=AT
        )
    other = Reported(2025, made.towns["军庄镇"].division, "film_t", Decimal(3), "department", "表")
    with pytest.raises(Exception, match="登记投入品"):
        figures.report(other, by=made.actor("town"), at=AT)


FULL = {
    "柏庄镇": {
        "crops_mu": "1000",
        "green_control_mu": "800",
        "film_t": "10",
        "film_recovered_t": "9",
        "fertiliser_t": "100",
    },
    "军庄镇": {
        "crops_mu": "3000",
        "green_control_mu": "2200",
        "film_t": "30",
        "film_recovered_t": "31",
        "fertiliser_t": "200",
    },
}
LAST = {"柏庄镇": {"fertiliser_t": "110"}, "军庄镇": {"fertiliser_t": "190"}}


def test_indicators_of_the_plans(made: Any) -> None:
    say(made, 2025, FULL)
    at_least = subject(made, "=", "75")
    answer = ask(made, "green_control_cover", at_least)
    assert (answer.outcome, answer.numerator, answer.denominator, answer.unit) == (D, 3000, 4000, "亩")
    assert [(row.name, row.counts, row.amount) for row in answer.rows] == [
        ("军庄镇", True, 3000),
        ("柏庄镇", True, 1000),
    ] or [(row.name, row.counts) for row in answer.rows] == [("柏庄镇", True), ("军庄镇", True)]
    assert ask(made, "green_control_cover", subject(made, ">=", "75.1")).outcome is N
    assert "大于“农膜使用量”" not in str(ask(made, "film_recovery", subject(made)).reason)
    assert ask(made, "film_recovery", subject(made)).outcome is D  # 40 of 40; which town is odd is asked apart
    zero = subject(made, "text", name="主要农作物化肥使用量", target_text="零增长")
    answer = ask(made, "fertiliser_zero_growth", zero)
    assert answer.outcome is C and "没有上年" in str(answer.reason)
    say(made, 2024, LAST)
    assert ask(made, "fertiliser_zero_growth", zero).outcome is D  # 300 and 300: no growth
    task = subject(made)
    assert ask(made, "fertiliser_zero_growth", task).outcome is D
    assert ask(made, "fertiliser_less", task).outcome is N, "减量 asks for less: no growth is not enough"
    assert ask(made, "fertiliser_less", subject(made, "text", name="化肥使用量", target_text="负增长")).outcome is N
    figures.report(
        Reported(2025, made.towns["军庄镇"].division, "fertiliser_t", Decimal(201), "department", "表"),
        by=made.actor("agriculture"), at=LATER, why="复核",
    )  # fmt: skip
    assert ask(made, "fertiliser_zero_growth", zero).outcome is N
    assert ask(made, "fertiliser_zero_growth", zero, known_on=date(2026, 5, 1)).outcome is D  # as was known in May
    figures.report(
        Reported(2025, made.towns["军庄镇"].division, "fertiliser_t", Decimal(194), "department", "表"),
        by=made.actor("agriculture"), at=LATER, why="复核",
    )  # fmt: skip
    assert ask(made, "fertiliser_less", task).outcome is D  # 294 of 300: two in a hundred less
    for wanted, of, outcome in (("2", "较上年下降", D), ("2.1", "较上年下降", N), ("2", "较2020年下降", C)):
        less = subject(made, ">=", wanted, name="化肥使用量", target_text=f"{of}{wanted}%以上")
        assert ask(made, "fertiliser_less", less).outcome is outcome, (wanted, of)
    assert ask(made, "manure_use", subject(made, ">=", "95")).outcome is C
    assert ask(made, "green_control_cover", at_least, who="town").outcome is C


def test_a_town_that_did_not_report_is_named(made: Any) -> None:
    say(made, 2025, {"柏庄镇": {"manure_t": "100", "manure_used_t": "99"}, "军庄镇": {"manure_t": "50"}})
    answer = ask(made, "manure_use", subject(made, ">=", "95"))
    assert answer.outcome is C and "军庄镇" in str(answer.reason)
    say(made, 2025, {"": {"manure_used_t": "148"}})  # the bureau gives the whole
    answer = ask(made, "manure_use", subject(made, ">=", "95"))
    assert (answer.outcome, answer.numerator, answer.denominator) == (D, 148, 150)


def test_what_a_town_owes_stands_on_one_page(client: Client, made: Any) -> None:
    say(made, 2024, {"柏庄镇": {"film_t": "3"}, "军庄镇": {"film_t": "3"}})
    say(made, 2025, {"柏庄镇": {"film_t": "9"}, "军庄镇": {"film_t": "3"}})
    entered(client, made, "town")
    row = TownReturn.objects.get(year=2025, division=made.towns["柏庄镇"].division)
    page = client.get(f"/kit/r/farm_returns/{row.uid}").content.decode()
    assert "9 与上年的 3 相差一倍以上" in page and "待说明 1 项" in page
    assert "2025" in client.get("/kit/r/farm_returns/").content.decode()


@pytest.mark.parametrize(
    ("clause", "indicator", "name"),
    [
        ("主要农作物绿色防控及统防统治覆盖率分别达到75%和54%", "主要农作物统防统治覆盖率", "unified_control_cover"),
        ("主要农作物测土配方施肥技术覆盖率保持在98%以上", "主要农作物测土配方施肥技术覆盖率", "soil_test_cover"),
        ("化肥利用率达到42%以上", "化肥利用率", "fertiliser_use"),
        ("畜禽粪污综合利用率保持在95%以上", "畜禽粪污综合利用率", "manure_use"),
        ("规模养殖畜禽粪便综合利用率达到75%以上", "规模养殖畜禽粪便综合利用率", "large_manure_use"),
        ("到2020年市级城市污泥无害化处理率达到90%", "城市污泥无害化处理率", "sludge_treatment"),
    ],
)
def test_a_rate_a_clause_prints_is_a_target_and_its_indicator_finds_the_measure(
    clause: str, indicator: str, name: str
) -> None:
    """A task's measure asks for all: 75 % is for the indicator to reach."""
    assert offered(clause) == ["plans.targets_reached"]
    assert [measure for measure, _why in proposed.fitting(Indicator(name=indicator))] == [f"farmland.{name}"]


@pytest.mark.parametrize(
    ("clause", "name"),
    [
        ("到2020年，全区主要农作物化肥、农药使用量实现零增长", "pesticide_zero_growth"),
        ("力争实现废弃农膜全面回收利用", "film_recovery"),
        ("督促规模以上养殖场全部配套粪污处理设施", "facility_cover"),
        ("规模养殖场粪污处理设施配套率保持100%", "facility_cover"),
        ("有机肥养分还田率达到市级要求", "rates_as_asked"),
    ],
)
def test_what_plans_name_finds_its_measure(clause: str, name: str) -> None:
    assert f"farmland.{name}" in offered(clause)


def test_the_number_of_certified_products_is_offered_to_the_indicator_of_that_name() -> None:
    found = proposed.fitting(Indicator(name="全市“三品一标”农产品"))
    assert [measure for measure, _why in found] == ["farmland.certified_products"]


class TestFigures(RegisterPromises):
    collection = "farm_figures"
    changes: Mapping[str, str] = {"value": "5"}  # type: ignore[misc]

    def addresses(self, keys: Sequence[str]) -> Iterator[str]:
        """What was told is put aside for another figure, its history stands on its page."""
        return (url for url in super().addresses(keys) if not url.endswith("/history"))

    def fill(self, world: Any) -> Sequence[str]:
        say(world, 2025, {"柏庄镇": {"film_t": "3"}, "军庄镇": {"film_t": "4"}})
        return [str(row.uid) for row in TownFigure.objects.order_by("pk")]

    def more(self, world: Any, count: int) -> None:
        for year in range(2024, 2024 - count, -1):
            say(world, year, {"柏庄镇": {"film_t": "3"}})
