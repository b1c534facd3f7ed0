"""Pages of plots: the life with what is missing, an event by its form, a notice and its plots, lists of any day, the command."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from desk.land_world import square
from desk.plot_world import FIRST, Plots, noon
from soildesk.cli import main
from soildesk.plots.models import ListNotice, Membership, PlotEvent, WrittenNotice
from soildesk.plots.queries import lists, stages
from soildesk.plots.queries.plots import standing
from soildesk.plots.refusals import EventRefused
from soildesk.plots.register.plots import PLOTS
from soildesk.plots.services import notices

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Plots:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Plots(world)


def browser(made: Plots, who: str = "officer") -> Client:
    return made.world.browser(who)


def text(answer: Any) -> str:
    return answer.content.decode()


def test_the_record_page_says_where_the_plot_is_and_what_is_missing(made: Plots) -> None:
    plot = made.to(made.plot("原农药厂地块", square(0, 0)), "S5")
    page = text(browser(made).get(reverse("kit:record", args=["plots", str(plot.plot.uid)])))
    for wanted in ("现在：治理与修复", "life-drawing", "修复方案备案", "还缺：", "依据：《", "污染地块名录"):
        assert wanted in page, wanted
    earlier = text(browser(made).get(reverse("kit:record", args=["plots", str(plot.plot.uid)]) + f"?on={FIRST}"))
    assert "现在：疑似" in earlier


def test_a_planned_use_is_told_once_on_the_page_and_as_a_code_in_files(made: Plots) -> None:
    plot = made.plot("原农药厂地块", square(0, 0), use_system="gbt21010_2017", use_planned="0701")
    page = text(browser(made).get(reverse("kit:record", args=["plots", str(plot.plot.uid)])))
    assert page.count("0701") == 1
    assert "planned_use" in {one.key for one in PLOTS.columns}


def test_an_event_is_written_down_by_its_form_and_taken_back(made: Plots) -> None:
    plot = made.plot("原农药厂地块", square(0, 0))
    client, uid = browser(made), plot.plot.uid
    assert "列入疑似污染地块名单" in text(client.get(reverse("plots:events", args=[uid])))
    url = reverse("plots:event_new", args=[uid, "suspected_listed"])
    assert "文号" in text(client.get(url))
    facts = {
        "on": "2026-03-02",
        "authority": "青禾区生态环境局",
        "level": "county",
        "document": "青环〔2026〕3号",
        "note": "化工厂旧址",
        "seen": "0",
    }
    refused = client.post(url, facts)
    assert refused.status_code == 422 and "附上公告或者决定文件" in text(refused) and "依据" in text(refused)
    paper = SimpleUploadedFile("公告.txt", "公告".encode())
    assert client.post(url, {**facts, "file": paper}).status_code == 302
    event = PlotEvent.objects.get()
    assert (event.data["reason"], stages.of(plot.plot).lists_on(date(2026, 3, 2))) == ("化工厂旧址", ["suspected"])
    stale = client.post(url, {**facts, "file": SimpleUploadedFile("公告.txt", "公告".encode())})
    assert "刚才有人登记" in text(stale)
    assert client.post(reverse("plots:event_back", args=[event.uid]), {"reason": "误登"}).status_code == 302
    assert not Membership.objects.filter(superseded_at=None).exists()
    assert browser(made, "stranger").get(url).status_code == 404


def test_survey_results_are_entered_by_their_form(made: Plots) -> None:
    plot = made.to(made.plot("原农药厂地块", square(0, 0)), "S1")
    url = reverse("plots:event_new", args=[plot.plot.uid, "preliminary_within"])
    facts = {
        "on": "2026-04-01", "authority": "青禾区生态环境局", "level": "county", "document": "", "note": "",
        "report": "初步调查报告（2026-03）", "column": "first", "exceeds": "0", "density": "meets", "ecology_opinion": "passed",
        "resources_opinion": "passed", "filed_on": "2026-04-02",
    }  # fmt: skip
    assert client_refuses(made, url, {**facts, "exceeds": "", "file": opinion()}, "检测结果均不超过筛选值")
    assert client_refuses(made, url, facts, "附上评审意见或者备案文书")
    early = {**facts, "filed_on": "2026-02-02", "file": opinion()}
    assert client_refuses(made, url, early, "备案日期 2026-02-02 早于 2026-02-03 的“初步调查启动”")
    assert browser(made).post(url, {**facts, "file": opinion()}).status_code == 302
    assert stages.of(plot.plot).stage_on(date(2026, 4, 1)).exit == "survey"


def opinion() -> SimpleUploadedFile:
    return SimpleUploadedFile("评审意见.txt", "示例".encode())


def client_refuses(made: Plots, url: str, facts: Mapping[str, Any], why: str) -> bool:
    answer = browser(made).post(url, facts)
    return answer.status_code == 422 and why in text(answer)


def test_a_notice_moves_plots_only_with_its_paper(made: Plots) -> None:
    first, second = made.plot("甲地块", square(0, 0)), made.plot("乙地块", square(1, 0), code="G2")
    notice = made.notice("suspected", FIRST, paper=False)
    client, url = browser(made), reverse("plots:list_move", args=[notice.uid])
    said = {"act": "in", "plots": f"{first.plot.number}\nG2\n", "reason": "关闭化工企业"}
    assert "附上公告或者决定文件" in text(client.post(url, said))
    paper = SimpleUploadedFile("公告.txt", "公告".encode())
    assert client.post(reverse("plots:list_file", args=[notice.uid]), {"file": paper}).status_code == 302
    assert client.post(url, said).status_code == 302
    assert Membership.objects.filter(superseded_at=None, notice=notice).count() == 2
    page = text(client.get(reverse("kit:record", args=["plot_notices", str(notice.uid)])))
    assert "甲地块" in page and "关闭化工企业" in page
    again = text(client.post(url, said))
    assert "目前不在疑似名单" in again
    assert f"第 1 行“{first.plot.number}”" in again and "第 2 行“G2”" in again
    third = made.plot("丙地块", square(2, 0))
    twice = text(client.post(url, {**said, "plots": f"丙地块\n\n{third.plot.number}\n没有的地块"}))
    assert "与第 1 行是同一个地块" in twice and "第 4 行“没有的地块”" in twice
    assert second.plot.number


def test_a_lower_level_registers_and_does_not_decide(made: Plots) -> None:
    url = reverse("kit:collection_add", args=["plot_notices"])
    facts = {
        "list_key": "roster", "number": "青环〔2026〕9号", "title": "名录", "authority": "青禾区生态环境局", "level": "county",
        "decided_on": "2026-03-01",
    }  # fmt: skip
    answer = browser(made).post(url, facts)
    assert "由省级确定" in text(answer) and not ListNotice.objects.exists()


def test_a_list_of_a_past_day_on_screen_paper_and_for_the_public(made: Plots) -> None:
    plot = made.to(made.plot("原农药厂地块", square(0, 0), holder="佟兰芝"), "S5")
    made.listed(plot, "roster", date(2026, 3, 20), reason="内部原因")
    client, url = browser(made), reverse("plots:list", args=["roster"])
    assert "原农药厂地块" in text(client.get(url))
    assert "原农药厂地块" not in text(client.get(f"{url}?on=2026-03-19"))
    assert "原农药厂地块" not in text(client.get(f"{url}?known_on=2026-03-19"))
    assert client.get(reverse("plots:list_pdf", args=["roster"])).content.startswith(b"%PDF")
    assert "风险管控和修复名录" in text(client.get(reverse("plots:lists")))
    public = text(Client().get(reverse("plots:list_public", args=["990101", "roster"])))
    assert "原农药厂地块" in public and "佟兰芝" not in public and "内部原因" not in public
    assert "示例数据：青禾区是虚构的地方" in public and "top-menu" not in public
    assert Client().get(reverse("plots:list_public", args=["990101", "suspected"])).status_code == 404
    assert client.get(reverse("plots:list", args=["no_such"])).status_code == 404


def test_a_list_is_told_of_no_day_to_come_and_of_no_other_word(made: Plots) -> None:
    client = browser(made)
    for name in ("list", "list_pdf"):
        url = reverse(f"plots:{name}", args=["roster"])
        for query, why in (
            ("on=2027-01-01", "还没有到"), ("on=abc", "不是日期"), ("known_on=2027-01-01", "还没有到"),
        ):  # fmt: skip
            answer = client.get(f"{url}?{query}")
            assert answer.status_code == 422 and why in text(answer), query
    made.listed(made.to(made.plot("甲地块", square(0, 0)), "S5"), "roster", date(2026, 3, 20))
    open_pages = (reverse("plots:list_public", args=["990101", "roster"]), reverse("plots:lists"))
    for url in open_pages:
        answer = client.get(f"{url}?on=2027-01-01")
        assert answer.status_code == 422 and "还没有到" in text(answer) and "甲地块" not in text(answer), url


def test_what_came_on_a_list_or_left_it_stands_in_today_for_thirty_days(made: Plots) -> None:
    plot = made.to(made.plot("原农药厂地块", square(0, 0)), "S5")
    entered = date(2026, 9, 1)
    made.listed(plot, "roster", entered)
    month = timedelta(days=30)
    for until, seen in ((entered, True), (entered + month, True), (entered + month + timedelta(days=1), False)):
        found = lists.moves(made.officer, until - month, until)
        assert (
            ("原农药厂地块", "roster", entered, True) in [(o.name, o.list_key, o.on, o.entered) for o in found]
        ) is seen
    assert lists.moves(made.world.actor("stranger"), entered, entered) == []
    left = date(2026, 11, 11)
    Membership.objects.filter(plot=plot.plot, list_key="roster").update(until=left)
    assert [(one.on, one.entered) for one in lists.moves(made.officer, entered, left)] == [
        (left, False),
        (entered, True),
    ]
    page = text(browser(made).get(reverse("home:today")))
    assert "30日内列入、移出名单名录" in page and "原农药厂地块：移出建设用地土壤污染风险管控和修复名录" in page


def test_a_town_reads_its_part_and_is_told_so(made: Plots) -> None:
    for at, town in enumerate(("柏庄镇", "城关街道")):
        made.listed(made.plot(f"{town}地块", square(at, 0), town=town), "suspected", FIRST)
    bare = made.notice("roster", FIRST, paper=False, published_on=None)
    town = browser(made, "town")
    page = text(town.get(reverse("plots:list", args=["suspected"])))
    assert "柏庄镇地块" in page and "城关街道地块" not in page
    assert "只列柏庄镇范围内的地块，不是整份名单" in page
    assert "不是整份名单" not in text(browser(made).get(reverse("plots:list", args=["suspected"])))
    notices = text(town.get(reverse("kit:collection", args=["plot_notices"])))
    assert "第1批" in notices and bare.number not in notices  # what was published, and that alone


def test_the_public_is_told_how_many_are_not_shown(made: Plots) -> None:
    made.listed(made.to(made.plot("甲地块", square(0, 0)), "S5"), "roster", date(2026, 3, 20))
    other = made.to(made.plot("乙地块", square(1, 0)), "S5")
    made.event(other, "roster_listed", date(2026, 3, 21))
    public = text(Client().get(reverse("plots:list_public", args=["990101", "roster"])))
    assert "另有 1 个地块在名录上" in public and "乙地块" not in public


def test_a_written_notice_runs_from_its_receipt_and_ends_with_the_survey(made: Plots) -> None:
    plot = made.to(made.plot("原农药厂地块", square(0, 0)), "S0")
    client = browser(made)
    url = reverse("plots:notice_new", args=[plot.plot.uid])
    said = {"kind": "preliminary", "number": "青环通〔2026〕1号", "recipient": "某公司", "sent_on": "2026-03-01"}
    assert client.post(url, said).status_code == 302
    notice = WrittenNotice.objects.get()
    assert (notice.due, PlotEvent.objects.filter(kind="notice_served").count()) == (None, 0)
    record = reverse("kit:record", args=["written_notices", str(notice.uid)])
    assert "待送达" in text(client.get(record))
    assert client.post(reverse("plots:notice_received", args=[notice.uid]), {"on": "2026-03-05"}).status_code == 302
    notice.refresh_from_db()
    assert notice.due == date(2026, 9, 5)
    assert "已超过时限" in text(client.get(record))
    letter = client.get(reverse("plots:notice_letter", args=[notice.uid]))
    assert letter.content.startswith(b"PK")
    assert client.get(reverse("plots:notice_letter_pdf", args=[notice.uid])).content.startswith(b"%PDF")
    made.event(plot, "preliminary_exceeds", date(2026, 9, 1))
    notice.refresh_from_db()
    assert notice.done_on == date(2026, 9, 1)
    assert "请先从最晚的事项撤起" not in text(client.get(record))
    assert client.post(reverse("plots:notice_withdraw", args=[notice.uid]), {"reason": "对象错误"}).status_code == 302
    assert not PlotEvent.objects.filter(kind="notice_served", superseded_at=None).exists()


def test_the_command_lists_plots_of_a_day(made: Plots, capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    monkeypatch.setenv("SOILDESK_USER", "officer")
    plot = made.to(made.plot("原农药厂地块", square(0, 0), code="G1", use_planned="R2"), "removed")
    made.to(made.plot("粮库地块", square(1, 0)), "S0")
    assert main(["plots", "list", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["code"], row["stage"], row["planned_use"]) for row in rows] == [
        ("G1", "removed", "R2"),
        ("", "S0", ""),
    ]
    assert rows[0]["released_on"] == str(stages.of(plot.plot).stage_on(date(2026, 11, 20)).since)
    assert main(["plots", "list", "--on", "2026-02-06", "--list", "roster", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert main(["plots", "list", "--list", "suspected"]) == 0
    assert "共 2 个地块" in capsys.readouterr().out


def test_the_layer_carries_the_contract(made: Plots, capsys: Any, monkeypatch: Any, tmp_path: Any) -> None:
    monkeypatch.setenv("SOILDESK_USER", "officer")
    made.to(made.plot("原农药厂地块", square(0, 0), code="G1", use_planned="R2"), "S3")
    out = tmp_path / "plots.geojson"
    assert main(["gis", "export", "plots", "--out", str(out)]) == 0
    said = json.loads(out.read_text("utf-8"))["features"][0]["properties"]
    told = {name: said[name] for name in ("code", "name", "stage", "lists", "released_on", "planned_use")}
    assert told == {
        "code": "G1", "name": "原农药厂地块", "stage": "S3", "lists": "suspected;polluted", "released_on": None, "planned_use": "R2",
    }  # fmt: skip


def test_what_happened_before_a_plot_was_entered_can_be_told_after_its_first_day_is_put_right(made: Plots) -> None:
    plot = made.plot("甲地块", square(0, 0), since=date(2026, 3, 1))
    uid = plot.plot.uid
    with pytest.raises(EventRefused, match="更正起始日期"):
        made.event(plot, "survey_required", date(2025, 5, 6))
    client, url = browser(made), reverse("plots:begin", args=[uid])
    assert url in client.get(reverse("kit:record", args=["plots", str(uid)])).content.decode()
    for day, why in (("2026-03-01", "只能改为更早的日期"), ("1900-01-01", "请核对年份")):
        answer = client.post(url, {"on": day, "reason": "补登"})
        assert why in answer.content.decode(), day
    assert client.post(url, {"on": "2025-05-01", "reason": "补登以前的事项"}).status_code == 302
    made.event(plot, "survey_required", date(2025, 5, 6))
    assert [one.version.name for one in standing(made.officer, date(2025, 5, 6))] == ["甲地块"]
    assert browser(made, "reader").post(url, {"on": "2025-04-01", "reason": "x"}).status_code == 403


def test_forms_of_what_was_settled_say_so_when_opened_by_their_address(made: Plots) -> None:
    farm = made.to(made.plot("原农药厂地块", square(0, 0)), "S2")
    first, last = farm.plot.events.order_by("on").first(), farm.plot.events.order_by("-on").first()
    client = browser(made)
    opened = client.get(reverse("plots:event_back", args=[first.uid]))
    assert opened.status_code == 409
    assert "请先从最晚的事项撤起" in opened.content.decode()
    assert client.get(reverse("plots:event_back", args=[last.uid])).status_code == 200
    said = {"kind": "detailed", "number": "青环通〔2026〕9号", "recipient": "储备中心", "sent_on": date(2026, 3, 1)}
    notice = notices.serve(
        farm.plot, {**said, "received_on": date(2026, 3, 2)}, by=made.officer, at=noon(date(2026, 3, 2))
    )
    opened = client.get(reverse("plots:notice_received", args=[notice.uid]))
    assert (opened.status_code, "已经登记为 2026-03-02 送达" in opened.content.decode()) == (409, True)
    notices.withdraw(notice, "写错", by=made.officer, at=noon(date(2026, 3, 3)))
    assert client.get(reverse("plots:notice_withdraw", args=[notice.uid])).status_code == 409
