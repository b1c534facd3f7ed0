"""The pages of a round of 调度: open, fill in, sign, send back, close, rank; what others never see; the files."""

from __future__ import annotations

import dataclasses
import html
import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from docx import Document

from desk.conftest import kept, made_world
from desk.rounds_world import DUE, FREE, ON, OPENED, Rounds, morning
from soildesk.core.models import Division
from soildesk.kit import word as kit_word
from soildesk.kit.letters import store
from soildesk.kit.letters.store import Upload
from soildesk.supervision import roundpapers
from soildesk.supervision.models import DispatchRound, DispatchSheet
from soildesk.supervision.queries import rounds as seen
from soildesk.supervision.queries.sheets import NUMBERS
from soildesk.supervision.services import sheets

DAY = timedelta(days=1)
AFTER = DUE + DAY


@pytest.fixture(scope="module")
def shared(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rounds]:
    """One round for all tests of the file: agriculture has signed with a dangerous word, the others not."""
    with django_db_blocker.unblock(), kept(tmp_path_factory.mktemp("rounds")):
        made = Rounds(made_world())
        made.one = made.open()  # type: ignore[attr-defined]
        made.sign(made.one, "agriculture", help="=HYPERLINK(1)")  # type: ignore[attr-defined]
        yield made


@pytest.fixture
def made(shared: Rounds, db: None, monkeypatch: pytest.MonkeyPatch) -> Rounds:
    monkeypatch.setenv("SOILDESK_TODAY", AFTER.isoformat())
    return shared


@pytest.fixture
def one(made: Rounds) -> DispatchRound:
    return DispatchRound.objects.get(pk=made.one.pk)  # type: ignore[attr-defined]


def client(made: Rounds, name: str) -> Client:
    return made.world.browser(name)


def record(collection: str, row: Any) -> str:
    return reverse("kit:record", args=[collection, str(row.uid)])


def at(name: str, row: Any) -> str:
    return reverse(f"supervision:{name}", args=[row.uid])


def text(found: Client, url: str) -> str:
    response = found.get(url)
    assert response.status_code == 200, url
    return str(response.content.decode())


def test_the_office_sees_who_is_late_and_what_comes_next(made: Rounds, one: DispatchRound) -> None:
    page = text(client(made, "officer"), record("dispatch_rounds", one))
    late = one.sheets.count() - 1
    for words in (f"{late} 个单位逾期", f"1/{late + 1} 已签报", "结束调度", "排名", "各单位汇总", "区农业农村局"):
        assert words in page
    assert "填报本单位调度表" not in page
    listed = text(client(made, "officer"), reverse("kit:collection", args=["dispatch_rounds"]))
    assert "青禾区2026年第四季度调度" in listed and f"1 / {late + 1}" in listed


def test_a_unit_sees_its_own_sheet_and_the_way_to_fill_it(made: Rounds, one: DispatchRound) -> None:
    town = client(made, "town")
    page = text(town, record("dispatch_rounds", one))
    own = made.sheet(one, "town")
    assert at("sheet_fill", own) in page and "您只能查看本单位的调度表" in page
    assert "区农业农村局" not in page
    assert "结束调度" not in page and "Excel" not in page, "the rest is for the office"
    assert f"1/{one.sheets.count()} 已签报" in page, "how far all are is no secret"
    other = made.sheet(one, "agriculture")
    assert town.get(record("dispatch_sheets", other)).status_code == 404
    for name in ("sheet_fill", "sheet_return"):
        assert town.get(at(name, other)).status_code in (403, 404)
    assert town.post(at("sheet_read", other)).status_code == 404
    assert town.get(at("round_ranking", one)).status_code == 404, "published when it is closed"
    assert town.get(at("round_word", one)).status_code == 404
    for name in ("round_close", "round_open"):
        args = [] if name == "round_open" else [one.uid]
        assert town.get(reverse(f"supervision:{name}", args=args)).status_code == 403
    stranger = client(made, "stranger")
    assert stranger.get(record("dispatch_rounds", one)).status_code == 404
    assert stranger.get(at("round_rows", one) + "?what=tasks").status_code == 404


def read_of(page: str) -> dict[str, str]:
    """What a form says of itself when it was opened."""
    found = re.search(r'name="read" value="([^"]*)"', page)
    assert found
    return {"read": html.unescape(found[1])}


def test_two_browsers_on_one_sheet_lose_nothing_of_either(made: Rounds, one: DispatchRound) -> None:
    """Boxes one of them wrote are put together, boxes both wrote are laid beside each other; nobody signs what is unread."""
    sheet, url = made.sheet(one, "town"), at("sheet_fill", made.sheet(one, "town"))
    mine, theirs = client(made, "town"), client(made, "town")

    def kept() -> dict[str, str]:
        sheet.refresh_from_db()
        return {name: sheet.words.get(name, "") for name in FREE}

    first = read_of(text(mine, url))
    assert theirs.post(url, {"problems": "对方写的", "save": "1", **first}).status_code == 302
    merged = mine.post(url, {"following": "我写的", "save": "1", **first}, follow=True).content.decode()
    assert kept() == {"problems": "对方写的", "following": "我写的", "help": ""}
    assert "别人写的 1 栏已一并保留" in merged

    opened = read_of(text(mine, url))
    assert theirs.post(url, {**kept(), "problems": "对方改的", "save": "1", **opened}).status_code == 302
    clash = mine.post(url, {**kept(), "problems": "我改的", "help": "无", "save": "1", **opened})
    page = clash.content.decode()
    assert clash.status_code == 409 and "1 栏两人都写了" in page
    assert "对方改的" in page and "我改的" in page and ">无</textarea>" in page, "what I typed stands, theirs beside it"
    assert kept()["problems"] == "对方改的", "nothing is written while both wrote in it"
    again = mine.post(url, {**kept(), "problems": "对方改的；我改的", "help": "无", "save": "1", **read_of(page)})
    assert again.status_code == 302 and kept()["problems"] == "对方改的；我改的"

    opened, before = read_of(text(mine, url)), kept()
    assert theirs.post(url, {**before, "help": "请市局协调", "save": "1", **opened}).status_code == 302
    words = {f"word-{task['uid']}": "已落实。" for task in sheet.records["tasks"] if task["unbound"]}
    unread = mine.post(url, {**before, **words, "sign": "1", **opened})
    assert (
        unread.status_code == 409
        and "请市局协调" in unread.content.decode()
        and "看过后再签报" in unread.content.decode()
    )
    assert sheet.signings.count() == 0
    seen = {**before, **words, "help": "请市局协调", "sign": "1", **read_of(unread.content.decode())}
    assert mine.post(url, seen).status_code == 302
    late = theirs.post(url, {**before, "problems": "晚到的一段", "save": "1", **opened})
    assert late.status_code == 422 and "晚到的一段" in late.content.decode(), (
        "signed meanwhile: what was typed still stands"
    )


@pytest.mark.parametrize("read", ["", "x", "[1]", "{}"])
def test_a_form_that_does_not_say_what_it_read_overwrites_nothing(made: Rounds, one: DispatchRound, read: str) -> None:
    sheet, url, mine = (
        made.sheet(one, "town"),
        at("sheet_fill", made.sheet(one, "town")),
        client(made, "town"),
    )
    assert mine.post(url, {"problems": "先写的", "save": "1"}).status_code == 302
    assert mine.post(url, {"problems": "后写的", "save": "1", "read": read}).status_code == 409
    assert mine.post(url, {"problems": "", "help": "无", "save": "1", "read": read}).status_code == 302
    sheet.refresh_from_db()
    assert (sheet.words["problems"], sheet.words["help"]) == ("先写的", "无")


def test_from_the_sheet_to_the_signature_by_pages(made: Rounds, one: DispatchRound) -> None:
    town, sheet = client(made, "town"), made.sheet(one, "town")
    page = text(town, at("sheet_fill", sheet))
    assert "不用再填" in page and "（三）" in page
    refused = town.post(at("sheet_fill", sheet), {**FREE, "sign": "1"})
    assert refused.status_code == 422
    assert "各写一句" in refused.content.decode() and FREE["problems"] in refused.content.decode(), (
        "what was typed stays"
    )
    saved = town.post(at("sheet_fill", sheet), {"problems": "先存一半", "save": "1"})
    assert saved.status_code == 302 and "先存一半" in text(town, at("sheet_fill", sheet))
    words = {f"word-{task['uid']}": "已落实。" for task in sheet.records["tasks"] if task["unbound"]}
    read = read_of(text(town, at("sheet_fill", sheet)))
    assert town.post(at("sheet_fill", sheet), {**FREE, **words, **read, "sign": "1"}).status_code == 302
    page = text(town, record("dispatch_sheets", sheet))
    for word in ("已签报", "逾期签报", "SHA-256", FREE["problems"], "已落实。"):
        assert word in page
    shown = town.get(at("sheet_fill", sheet))
    assert shown.status_code == 409 and "已签报" in shown.content.decode(), "what is signed offers no form"
    again = town.post(at("sheet_fill", sheet), {**FREE, **words, "sign": "1"})
    assert again.status_code == 422 and "请办公室先退回" in again.content.decode()


def test_sent_back_by_pages(made: Rounds, one: DispatchRound) -> None:
    officer, sheet = client(made, "officer"), made.sheet(one, "agriculture")
    url = at("sheet_return", sheet)
    assert officer.post(url, {"why": ""}).status_code == 422
    assert officer.post(url, {"why": "缺数字", "due": ON.isoformat()}).status_code == 422
    assert officer.post(url, {"why": "缺数字", "due": ""}).status_code == 302
    page = text(client(made, "agriculture"), at("sheet_fill", sheet))
    assert "办公室退回" in page and "缺数字" in page


def test_opened_by_the_page_once(made: Rounds, one: DispatchRound) -> None:
    officer, url = client(made, "officer"), reverse("supervision:round_open")
    page = text(officer, url)
    assert made.plan.title in page and "没有综合得分" in page
    said = {
        "period": "2026Q4",
        "plans": [str(made.plan.uid)],
        "on": ON.isoformat(),
        "due": AFTER.isoformat(),
        "items": [],
    }
    twice = officer.post(url, said)
    assert twice.status_code == 422 and one.number in twice.content.decode()
    assert officer.post(url, {**said, "period": "2026-11", "due": ""}).status_code == 422
    opened = officer.post(url, {**said, "period": "2026-11"})
    assert opened.status_code == 302
    assert DispatchRound.objects.get(period="2026-11").items == []


def test_closed_by_the_page_and_then_published_to_the_units(made: Rounds, one: DispatchRound) -> None:
    officer, url = client(made, "officer"), at("round_close", one)
    assert "未报" in text(officer, url)
    assert officer.post(url, {"note": ""}).status_code == 422
    assert officer.post(url, {"note": "通报点名"}).status_code == 302
    page = text(client(made, "town"), at("round_ranking", one))
    assert "到期方案任务办结率" in page and "K-low" in page and "没有综合得分" in page
    assert "通报点名" in text(client(made, "town"), record("dispatch_rounds", one))


def test_every_number_opens_to_as_many_rows(made: Rounds, one: DispatchRound) -> None:
    officer = client(made, "officer")
    context = officer.get(record("dispatch_rounds", one)).context
    for told in context["lines"]:
        for _title, n, url, _name in told["numbers"]:
            assert len(officer.get(url).context["rows"]) == n, url
    for n, url in context["totals"]:
        assert len(officer.get(url).context["rows"]) == n, url
    assert officer.get(at("round_rows", one) + "?what=handsomeness").status_code == 404


def test_the_ranking_speaks_the_language_of_the_page(made: Rounds, one: DispatchRound) -> None:
    made.world.people["officer"].language = "en"
    made.world.people["officer"].save()
    try:
        officer = client(made, "officer")
        items = officer.get(at("round_ranking", one)).context["items"]
        words = [item[key] for item in items for key in ("title", "formula")]
        words += [group["title"] for item in items for group in item["groups"]]
        words += [row["told"] for item in items for group in item["groups"] for row in group["rows"]]
        assert words and all(each.isascii() for each in words), words
        asked = officer.get(reverse("supervision:round_open")).context["form"]
        assert all(label.isascii() for _key, label in asked.fields["items"].choices)
    finally:
        made.world.people["officer"].language = "zh-hans"
        made.world.people["officer"].save()


def test_every_number_of_the_ranking_opens_to_its_cases(made: Rounds, one: DispatchRound) -> None:
    officer = client(made, "officer")
    items = officer.get(at("round_ranking", one)).context["items"]
    assert {item["id"] for item in items} == set(one.items)
    found = 0
    for item in items:
        for group in item["groups"]:
            for row in group["rows"]:
                page = officer.get(row["url"])
                good = [case for case in page.context["cases"] if case["good"]]
                assert len(page.context["cases"]) >= row["cases"]
                if row["good"] is not None and item["id"] != "farmland_in_safe_use":
                    assert str(len(good)) == row["good"]
                    found += 1
    assert found
    assert officer.get(at("round_cases", one) + "?item=duties_on_time&unit=x").status_code == 404


def test_the_files_say_what_the_page_says_and_run_nothing(made: Rounds, one: DispatchRound) -> None:
    officer = client(made, "officer")
    book = openpyxl.load_workbook(BytesIO(officer.get(at("round_excel", one)).content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    (dangerous,) = [cell for cell in cells if str(cell.value).startswith("=HYPERLINK")]
    assert dangerous.data_type == "s"
    assert {"区农业农村局", "青禾区农业农村局"} & {str(cell.value) for cell in cells}
    document = Document(BytesIO(officer.get(at("round_word", one)).content))
    words = "\n".join(each.text for each in document.paragraphs)
    assert "青禾区2026年第四季度调度汇总" in words and "K-low" in words
    told, totals = seen.told(one, AFTER), document.tables[0].rows[-1]
    assert [cell.text for cell in totals.cells][3:] == [told["numbers"][name] for name in NUMBERS]
    assert len(told["differences"]) == len({(each["task"], each["says"]) for each in told["differences"]})
    assert any("未报" in cell.text or "待填报" in cell.text for table in document.tables for cell in table._cells)


def test_an_offices_own_template_is_filled(made: Rounds, one: DispatchRound) -> None:
    document = kit_word.a4()
    for line in (
        "{{ place }}{{ period_words }}：{{ signed }}/{{ units }}",
        "{%p for row in late %}",
        "逾期：{{ row.unit }}",
        "{%p endfor %}",
    ):
        kit_word.paragraph(document, line)
    office, by = made.world.departments["ecology"], made.by("officer", AFTER)
    upload = Upload("汇总.docx", kit_word.saved(document))
    store.store(roundpapers.PURPOSE, upload, office, by=by, at=morning(AFTER))
    made_by_it = Document(BytesIO(client(made, "officer").get(at("round_word", one)).content))
    words = [each.text for each in made_by_it.paragraphs if each.text]
    told = seen.told(one, AFTER)
    assert words[0] == f"青禾区2026年第四季度：1/{told['units']}"
    assert len(words) == 1 + len(told["late"])


def test_a_template_that_fails_on_the_records_of_a_round_is_told_in_words(made: Rounds, one: DispatchRound) -> None:
    document = kit_word.a4()
    digits = len(seen.told(one, AFTER)["units"])
    kit_word.paragraph(document, f"{{{{ 1 / (units|length - {digits}) }}}}")
    office, by = made.world.departments["ecology"], made.by("officer", AFTER)
    sample = {**roundpapers.PURPOSE.sample(), "units": "一二三四五六七"}
    purpose = dataclasses.replace(roundpapers.PURPOSE, sample=lambda: sample)
    store.store(purpose, Upload("汇总.docx", kit_word.saved(document)), office, by=by, at=morning(AFTER))
    page = client(made, "officer").get(at("round_word", one), follow=True)
    assert page.redirect_chain and "不能填写" in page.content.decode()


def test_a_sheet_that_was_changed_behind_says_so(made: Rounds, one: DispatchRound) -> None:
    sheet = made.sheet(one, "agriculture")
    signing = sheet.signings.get()
    signing.snapshot["words"]["help"] = "无"
    signing.save()
    assert "内容与校验值不符" in text(client(made, "officer"), record("dispatch_sheets", sheet))


def test_today_shows_what_is_to_be_filled_in(made: Rounds, one: DispatchRound) -> None:
    page = text(client(made, "town"), "/")
    assert "调度表待填报" in page and record("dispatch_sheets", made.sheet(one, "town")) in page
    assert "调度表待填报" not in text(client(made, "agriculture"), "/")


def test_a_district_government_is_like_other_districts(made: Rounds) -> None:
    from soildesk.supervision.queries.ranking import group_of

    city = Division.objects.get(code="9901").path
    world = made.world
    assert group_of(world.departments["government"], city) == "district"
    assert group_of(world.departments["government"], world.district.path) is None
    assert group_of(world.towns["柏庄镇"], world.district.path) == "town"
    assert group_of(world.departments["housing"], world.district.path) == "department"


def test_the_history_of_a_sheet_is_told(made: Rounds, one: DispatchRound) -> None:
    sheet = made.sheet(one, "town")
    sheets.read_again(sheet, by=made.by("town", AFTER), at=morning(AFTER))
    assert "重新取数" in text(client(made, "town"), record("dispatch_sheets", sheet))
    assert DispatchSheet.objects.get(pk=sheet.pk).read_at == morning(AFTER)
    assert OPENED < AFTER
