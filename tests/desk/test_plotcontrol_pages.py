"""Pages of plots under control: what is missing and the way to it, every act by its form, the round made for a telephone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from desk.land_world import square
from desk.oversight_world import PICTURE
from desk.plot_world import Plots, noon
from soildesk.oversight.models import Problem
from soildesk.plots.models import ControlRound, ControlYear, ControlZone, PlotEvent, PlotVersion
from soildesk.plots.services import control, controlrounds
from soildesk.plots.services.control import Terms
from soildesk.plots.services.events import Document
from soilrules.plots.control import Found

pytestmark = [pytest.mark.django_db]
DAY = "2026-11-19"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")


@pytest.fixture
def waiting(world: Any) -> PlotVersion:
    made = Plots(world)
    return made.to(made.plot("原青禾农药厂地块", square(0, 0), developed=False), "S3")


@pytest.fixture
def client(world: Any) -> Client:
    return signed_in(world, "officer")


def signed_in(world: Any, who: str) -> Client:
    return world.browser(who)


def paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("批复.txt", "示例文件，纯属虚构。\n".encode())


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def record_url(collection: str, uid: Any) -> str:
    return reverse("kit:record", args=[collection, str(uid)])


def test_a_plot_that_waits_is_led_from_step_to_step(client: Client, waiting: PlotVersion) -> None:
    uid = waiting.plot.uid
    here = record_url("plots", uid)
    assert "还没有提出管控区域" in page(client, here)
    assert "原青禾农药厂地块" in page(client, reverse("plots:control"))
    said = {"on": "2026-03-02", "measures": "围挡", "ground": "", "crs": ""}
    assert client.post(reverse("plots:control_propose", args=[uid]), said).status_code == 302
    approve = reverse("plots:control_approve", args=[uid])
    assert approve in page(client, here)
    refused = client.post(approve, {"on": "2026-04-01", "authority": "青禾区人民政府", "number": "青政文〔2026〕12号"})
    assert refused.status_code == 422
    said = {"on": "2026-04-01", "authority": "青禾区人民政府", "number": "青政文〔2026〕12号", "file": paper()}
    assert client.post(approve, said).status_code == 302
    for name in ("announce", "sign"):
        url = reverse(f"plots:control_{name}", args=[uid])
        assert url in page(client, here)
        assert client.post(url, {"on": "2026-04-05", "file": paper()}).status_code == 302
    zone = ControlZone.objects.get(superseded_at=None, until=None)
    shown = page(client, record_url("control_zones", zone.uid))
    assert "已公告并设置标识" in shown
    assert shown.count("批复.txt") >= 3
    assert client.post(reverse("plots:control_end", args=[uid]), {"on": DAY, "reason": "已移出"}).status_code == 302


def test_a_year_is_opened_for_all_that_wait_and_done_by_forms(client: Client, waiting: PlotVersion) -> None:
    url = reverse("plots:control_open_year")
    assert "原青禾农药厂地块" in page(client, url)
    assert client.post(url, {"year": 2026, "due": "2026-04-30"}).status_code == 422
    assert [client.post(url, {"year": year}).status_code for year in (2019, 2090)] == [422, 422]
    assert client.post(url, {"year": 2026, "due": "2026-04-30", "basis": "方案正文"}).status_code == 302
    row = ControlYear.objects.get()
    here = record_url("control_years", row.uid)
    assert "已超过时限" in page(client, here)
    assert "已逾期，应于" in page(client, reverse("plots:control"))
    assert client.post(reverse("plots:control_file", args=[row.uid]), {"on": DAY, "file": paper()}).status_code == 302
    monitored = reverse("plots:control_monitored", args=[row.uid])
    assert client.post(monitored, {"medium": "soil", "on": DAY}).status_code == 422
    assert client.post(monitored, {"medium": "soil", "on": DAY, "file": paper()}).status_code == 302
    shown = page(client, here)
    assert "逾期报送" in shown
    assert "土壤监测报告" in shown


def test_a_round_from_the_telephone_is_decided_at_the_desk(world: Any, client: Client, waiting: PlotVersion) -> None:
    field = signed_in(world, "town")
    url = reverse("plots:control_round", args=[waiting.plot.uid])
    assert url in page(field, reverse("plots:control_rounds"))
    page(field, url)
    assert field.post(url, {"on": DAY}).status_code == 422
    photo = SimpleUploadedFile("棚房.png", PICTURE, "image/png")
    said = {
        "on": DAY,
        "unrelated_building": "1",
        "spread": "1",
        "sign_intact": "0",
        "photo-spot": photo,
        "note": "东侧棚房",
    }
    assert field.post(url, said).status_code == 302
    one, problem = ControlRound.objects.get(), Problem.objects.get()
    assert (one.in_use, one.sign_intact) == (None, False)
    here = record_url("control_rounds", one.uid)
    assert "巡查发现的问题尚未处置" in page(client, reverse("plots:control"))
    confirm = reverse("plots:control_confirm", args=[one.uid, "building"])
    assert confirm not in page(field, here)
    assert confirm in page(client, here)
    assert "地块登记范围（当日还没有管控区域）" in page(client, here)
    assert "到当日没有登记过标识，属于尚未设置" in page(client, here)
    assert problem.number in page(client, record_url("plots", waiting.plot.uid))
    said = {"authority": "青禾区生态环境局", "level": "county", "document": "", "note": ""}
    assert client.post(confirm, said).status_code == 302
    assert PlotEvent.objects.filter(kind="violation_found", superseded_at=None).count() == 1
    assert "违规未整改" in page(client, record_url("plots", waiting.plot.uid))
    measure = reverse("plots:control_stop", args=[one.uid])
    assert field.post(measure, {"on": DAY, "measure": "筑坝"}).status_code == 302
    assert "筑坝" in page(client, here)
    assert client.get(reverse("plots:control_confirm", args=[one.uid, "nonsense"])).status_code == 404


def test_lists_stand_and_strangers_see_nothing(world: Any, client: Client, waiting: PlotVersion) -> None:
    made = Plots(world)
    control.open_year([waiting.plot], Terms(2026), by=made.officer, at=noon(date(2026, 2, 20)))
    control.propose(waiting.plot, "围挡", date(2026, 3, 2), by=made.officer, at=noon(date(2026, 3, 2)))
    for name in ("control_zones", "control_years", "control_rounds"):
        shown = page(client, reverse("kit:collection", args=[name]))
        assert (waiting.plot.number in shown) is (name != "control_rounds")
    stranger = signed_in(world, "stranger")
    row = ControlYear.objects.get()
    for url in (
        reverse("plots:control_file", args=[row.uid]),
        reverse("plots:control_propose", args=[waiting.plot.uid]),
    ):
        assert stranger.get(url).status_code in (403, 404)


def test_today_tells_what_is_owed_and_where(client: Client, waiting: PlotVersion, world: Any) -> None:
    made = Plots(world)
    terms = Terms(2026, date(2026, 4, 30), "方案正文", {"soil": date(2027, 3, 1)}, "方案正文")
    row = control.open_year([waiting.plot], terms, by=made.officer, at=noon(date(2026, 2, 20)))[0]
    shown = page(client, "/")
    assert "报送 2026 年度管控计划：原青禾农药厂地块" in shown
    assert "2026 年管控区域地下水监测" in shown
    assert "2026 年管控区域土壤监测" not in shown
    assert record_url("control_years", row.uid) in shown


def test_a_plot_nobody_knows_to_be_developed_is_not_opened_with_the_others(
    client: Client, waiting: PlotVersion, world: Any
) -> None:
    made = Plots(world)
    made.to(made.plot("不清楚地块", square(4, 0)), "S3")
    assert "不清楚地块" in page(client, reverse("plots:control"))
    assert client.post(reverse("plots:control_open_year"), {"year": 2026}).status_code == 302
    assert [one.plot_id for one in ControlYear.objects.all()] == [waiting.plot_id]


def stops(client: Client, url: str, sentence: str) -> None:
    """A form that is not open says why instead of asking anything."""
    answer = client.get(url)
    assert answer.status_code == 409, url
    assert sentence in answer.content.decode()


def test_a_form_that_is_not_open_says_why_before_anything_is_filled_in(
    client: Client, waiting: PlotVersion, world: Any
) -> None:
    uid, by, at = waiting.plot.uid, world.actor("officer"), noon(date(2026, 4, 2))
    forms = {
        name: reverse(f"plots:control_{name}", args=[uid]) for name in ("propose", "approve", "announce", "sign", "end")
    }
    for name in ("approve", "announce", "sign", "end"):
        stops(client, forms[name], "请先在地块页面“提出管控区域”")
    zone = control.propose(waiting.plot, "围挡", date(2026, 3, 2), by=by, at=at)
    for name in ("announce", "sign"):
        stops(client, forms[name], "还没有经政府批准")
    for name in ("propose", "approve", "end"):
        page(client, forms[name])
    approval = control.Approval(date(2026, 4, 1), "青政文〔2026〕12号", "青禾区人民政府")
    zone = control.approve(zone, approval, Document("批复.txt", b"x"), by=by, at=at)
    stops(client, forms["propose"], "已于 2026-04-01 批准")
    stops(client, forms["approve"], "已经登记为 2026-04-01 批准")
    for name in ("announce", "sign", "end"):
        page(client, forms[name])
    town = signed_in(world, "town")
    assert {name: town.get(url).status_code for name, url in forms.items()} == {
        "propose": 403, "approve": 403, "announce": 403, "sign": 200, "end": 403,
    }  # fmt: skip
    control.end_zone(zone, date(2026, 5, 1), "已移出", by=by, at=at)
    stops(client, forms["announce"], "已经终止")
    answer = client.post(forms["announce"], {"on": DAY, "file": paper()})
    assert (answer.status_code, "已经终止" in answer.content.decode()) == (409, True)


def test_a_year_filed_and_a_round_decided_are_not_asked_again(client: Client, waiting: PlotVersion, world: Any) -> None:
    by, at = world.actor("officer"), noon(date(2026, 4, 2))
    (row,) = control.open_year([waiting.plot], Terms(2026), by=by, at=at)
    control.file_plan(row, date(2026, 4, 1), "", Document("计划.txt", b"x"), by=by, at=at)
    stops(client, reverse("plots:control_file", args=[row.uid]), "已于 2026-04-01 报送")
    page(client, reverse("plots:control_monitored", args=[row.uid]))
    seen = controlrounds.Seen(on=date(2026, 4, 1), unrelated_building=True, note="东侧棚房")
    one = controlrounds.record(waiting.plot, seen, by=by, at=at)

    def form(name: str, *more: str) -> str:
        return reverse(f"plots:control_{name}", args=[one.uid, *more])

    stops(client, form("stop"), "没有发现污染扩散")
    stops(client, form("confirm", "spread"), "没有发现这种情形")
    page(client, form("confirm", "building"))
    decided = controlrounds.Decided("青禾区生态环境局", "county")
    controlrounds.confirm(one, Found.BUILDING, decided, by=by, at=at)
    stops(client, form("confirm", "building"), "已经核定")
    for name in ("set_aside", "round_back"):
        stops(client, form(name), "请先在地块页面撤销该事项")
