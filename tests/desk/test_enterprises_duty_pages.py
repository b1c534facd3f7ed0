"""Pages of duties: the matrix, one duty, one card, dated facts, and the letters to firms that have not done theirs."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from docx import Document

from desk.enterprise_world import Firms
from soildesk.cli import main
from soildesk.enterprises.models import Happening
from soildesk.enterprises.pages import reminders
from soildesk.enterprises.services import happenings
from soildesk.enterprises.services.happenings import Told
from soilrules.enterprises.dutyrules import duty_rules
from soilrules.enterprises.facts import EventKind

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
Kind = EventKind


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Firms:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Firms(world)


@pytest.fixture
def browser(made: Firms) -> Callable[[str], Client]:
    """Who looks."""

    return made.world.browser


@pytest.fixture
def plant(made: Firms) -> Any:
    firm = made.firm("青禾电镀有限公司", since=date(2020, 1, 1))
    made.listed(firm, "soil_key", date(2024, 3, 20))
    happenings.record(firm, Told(Kind.TOXIC_REPORT_FILED, date(2026, 3, 15)), by=made.officer, at=AT)
    return firm


def card_of(firm: Any) -> str:
    return reverse("enterprises:duty_card", args=[firm.enterprise.uid])


def test_every_duty_has_a_name() -> None:
    from soildesk.enterprises.dutywords import DUTIES
    from soildesk.enterprises.eventwords import WORDS

    assert {rule.duty for rule in duty_rules()} <= set(DUTIES)
    assert set(WORDS) == set(EventKind)


def test_the_matrix_leads_to_the_card(made: Firms, plant: Any, browser: Any) -> None:
    desk = browser("officer")
    page = desk.get(reverse("enterprises:duties")).content.decode()
    assert "青禾电镀有限公司" in page
    assert "逾期" in page and "无法判断" in page
    assert f"{card_of(plant)}?year=2026&amp;on=2026-11-20#toxic_report" in page
    assert "青禾电镀有限公司" not in desk.get(reverse("enterprises:duties") + "?q=别的公司").content.decode()
    early = desk.get(reverse("enterprises:duties") + "?on=2023-06-30").content.decode()
    assert "没有这样的单位" in early
    sheet = openpyxl.load_workbook(BytesIO(desk.get(reverse("enterprises:duties") + "?export=xlsx").content)).active
    assert any("青禾电镀有限公司" in [cell.value for cell in row] for row in sheet.iter_rows())


def test_one_duty_tells_reason_basis_and_proof(made: Firms, plant: Any, browser: Any) -> None:
    desk = browser("officer")
    page = desk.get(reverse("enterprises:duty", args=["toxic_report"])).content.decode()
    assert "已完成" in page and "中华人民共和国土壤污染防治法" in page
    assert "现为 《中华人民共和国生态环境法典》" in page
    assert f"{card_of(plant)}#h-{Happening.objects.get().uid}" in page
    assert desk.get(reverse("enterprises:duty", args=["nothing"])).status_code == 404
    sheet = desk.get(reverse("enterprises:duty", args=["toxic_report"]) + "?export=xlsx")
    assert openpyxl.load_workbook(BytesIO(sheet.content)).active.max_row >= 3


def test_the_card_has_drawing_lines_and_facts(made: Firms, plant: Any, browser: Any) -> None:
    page = browser("officer").get(card_of(plant)).content.decode()
    for word in (
        "2026年义务清单",
        "<svg",
        "土壤和地下水污染隐患排查（首次）",
        "发生时才有的义务",
        "报告有毒有害物质排放",
        "登记事项",
    ):
        assert word in page
    assert "K-" not in page
    assert browser("reader").get(card_of(plant)).status_code == 200


def test_years_gone_by_still_owed_are_said(made: Firms, plant: Any, browser: Any) -> None:
    page = browser("officer").get(card_of(plant)).content.decode()
    assert "往年未完成" in page
    assert "?year=2025" in page


def test_strangers_and_firms_see_no_card(made: Firms, plant: Any, browser: Any) -> None:
    assert browser("stranger").get(card_of(plant)).status_code == 404
    made.representative(plant)
    for url in (card_of(plant), reverse("enterprises:duties"), reverse("enterprises:duty_reminders")):
        assert browser("firm").get(url).status_code == 403


def test_a_fact_shows_what_it_changes_before_it_is_kept(made: Firms, plant: Any, browser: Any) -> None:
    desk, url = browser("officer"), reverse("enterprises:happening_add", args=[plant.enterprise.uid])
    said = {"kind": "anomaly", "on": "2026-07-01", "subject": "GW-03"}
    looked = desk.post(url, {**said, "look": "1"})
    assert looked.status_code == 200
    assert "新增：异常后第一次加密监测 GW-03" in looked.content.decode()
    assert Happening.objects.count() == 1
    assert desk.post(url, said).status_code == 302
    assert Happening.objects.count() == 2
    again = desk.post(url, said)
    assert again.status_code == 422
    assert "已经登记过" in again.content.decode()
    back = reverse("enterprises:happening_back", args=[Happening.objects.get(kind="anomaly").uid])
    assert desk.get(back).status_code == 200
    assert desk.post(back, {"reason": "登错了单位"}).status_code == 302
    assert Happening.objects.filter(superseded_at=None).count() == 1


def test_letters_to_those_who_have_not(made: Firms, plant: Any, browser: Any) -> None:
    other = made.firm("第二化工厂", since=date(2020, 1, 1))
    made.listed(other, "soil_key", date(2024, 3, 20))
    desk = browser("officer")
    page = desk.get(reverse("enterprises:duty_reminders")).content.decode()
    assert "2 家单位" in page and "第二化工厂" in page
    sheet = desk.get(reverse("enterprises:duty_reminders") + "?export=xlsx")
    told = [cell.value for row in openpyxl.load_workbook(BytesIO(sheet.content)).active.iter_rows() for cell in row]
    assert {"青禾电镀有限公司", "第二化工厂", "2025"} <= set(told)  # years gone by too
    letters = _words(desk.get(reverse("enterprises:duty_letters")))
    assert letters.count("提醒函") == 2
    assert "青禾电镀有限公司：" in letters and "首次" in letters
    one = _words(desk.get(reverse("enterprises:duty_letters") + f"?unit={plant.enterprise.uid}"))
    assert "第二化工厂" not in one
    table = _words(desk.get(reverse("enterprises:duty_letters") + "?form=table&duty=hazard_inspection"))
    assert "2家单位的2项" in table
    assert desk.get(reverse("enterprises:duty_letters") + "?unit=nobody").status_code == 404


def _words(answer: Any) -> str:
    document = Document(BytesIO(answer.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def test_many_firms_are_told_by_pages_and_cost_no_more_queries(
    made: Firms, plant: Any, browser: Any, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    monkeypatch.setattr(reminders, "PAGE", 3)
    for number in range(8):
        made.listed(made.firm(f"第{number}化工厂", since=date(2020, 1, 1)), "soil_key", date(2024, 3, 20))
    desk, url = browser("officer"), reverse("enterprises:duty_reminders")
    desk.get(url)
    with django_assert_max_num_queries(20):
        page = desk.get(url).content.decode()
    assert "9 家单位" in page and "第 1 页，共 3 页" in page
    assert page.count("提醒函</a></h2>") == 3
    with django_assert_max_num_queries(20):
        assert len(Document(BytesIO(desk.get(reverse("enterprises:duty_letters")).content)).tables) == 9


def test_no_letter_is_written_of_a_day_to_come(made: Firms, plant: Any, browser: Any) -> None:
    client = browser("officer")
    told = client.get(reverse("enterprises:duty_reminders") + "?on=2030-01-01").content.decode()
    assert "这是将来的一天" in told
    assert "letters.docx" not in told
    letter = Document(BytesIO(client.get(reverse("enterprises:duty_letters") + "?on=2030-01-01").content))
    assert "截至2026年11月20日" in "".join(one.text for one in letter.paragraphs)
    assert "这是将来的一天" in client.get(card_of(plant) + "?on=2030-01-01").content.decode()
    assert "这是将来的一天" not in client.get(card_of(plant)).content.decode()


def test_a_letter_names_the_law_of_today_beside_the_law_of_the_day(made: Firms, plant: Any, browser: Any) -> None:
    letter = Document(BytesIO(browser("officer").get(reverse("enterprises:duty_letters")).content))
    rows = [[cell.text for cell in row.cells] for table in letter.tables for row in table.rows]
    hazard = next(row for row in rows if "隐患排查" in row[1])
    assert "土壤污染防治法" in hazard[4]
    assert "现为《中华人民共和国生态环境法典》" in hazard[4]
    assert hazard[2] == "自2024-03-20"


def test_the_command_says_what_it_does_not_find_and_what_is_to_come(made: Firms, plant: Any, capsys: Any) -> None:
    asked = ["duties", "status", "--as", "officer", "--year", "2026"]
    assert main([*asked, "--unit", "没有这家", "--json"]) == 1
    out = capsys.readouterr()
    assert json.loads(out.out)["error"]["code"] == "duties.unit"
    assert "没有这家" in out.err
    assert main([*asked, "--unit", "电镀", "--on", "2030-01-01"]) == 0
    assert "将来的一天" in capsys.readouterr().out
    assert main([*asked, "--unit", "电镀"]) == 0
    assert "将来的一天" not in capsys.readouterr().out
    assert main(["enterprises", "list", "--as", "officer", "--on", "2030-01-01"]) == 0
    assert "将来的一天" in capsys.readouterr().out


def test_the_register_of_facts(made: Firms, plant: Any, browser: Any) -> None:
    desk = browser("officer")
    page = desk.get(reverse("kit:collection", args=["happenings"])).content.decode()
    assert "报告有毒有害物质排放" in page
    assert desk.get(reverse("kit:collection_template", args=["happenings"])).status_code == 200
