"""Reports plans name, made by pages and by the command; docs/coverage.csv points here.

The plans themselves are in force in the made-up district; what they name is made of its records, or kept with its way.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import date
from pathlib import Path
from typing import Any

import judging_world
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from desk.conftest import World, kept, made_world
from desk.oversight_world import Desk
from desk.test_reporting_letters import text_of
from fronts.county import put_in_force
from soildesk import cli
from soildesk.core.models import Duty, Person, RoleGrant
from soildesk.monitoring.services import judging
from soildesk.reporting.models import ReportCopy, ReportDue
from soilrules.reports import report_kinds


@pytest.fixture(scope="module")
def standing(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """The district with two plans as published in force; each test undoes what it did."""
    with (
        django_db_blocker.unblock(),
        kept(tmp_path_factory.mktemp("named_reports")),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("SOILDESK_TODAY", "2026-11-20")
        world = made_world()
        for name in ("001", "004"):
            put_in_force(name, "990101", "officer", "issuer")
        yield world


@pytest.fixture
def world(standing: World, db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return standing


@pytest.fixture
def client(world: World) -> Client:
    return world.browser("officer")


def command(kind: str, out: Path, *more: str) -> dict[str, Any]:
    """What `soildesk report make` answers; the file is written."""
    said = io.StringIO()
    with redirect_stdout(said):
        assert (
            cli.main(["report", "make", kind, "--year", "2026", "--out", str(out), "--as", "officer", "--json", *more])
            == 0
        )
    found: dict[str, Any] = json.loads(said.getvalue())
    return found


def figure(found: dict[str, Any], name: str) -> dict[str, Any]:
    """One figure of an answer."""
    (one,) = [each for each in found["figures"] if each["id"] == name]
    return dict(one)


def test_the_self_assessment_tells_every_target_and_task(world: World, tmp_path: Path) -> None:
    found = command("self_assessment", tmp_path / "自评估.docx")

    everything = figure(found, "tasks.all")
    states = ("done", "under_way", "not_started", "standing", "overdue", "pending", "unrecorded")
    assert int(everything["value"]) == len(everything["rows"]) > 100
    assert sum(int(figure(found, f"tasks.{state}")["value"]) for state in states) == int(everything["value"])
    held = {one["id"]: one["rows"] for one in found["tables"]}
    assert held["tasks.ledger"] == int(everything["value"]) and held["indicators.targets"] > 3
    unbound = [gap for gap in found["gaps"] if gap["id"] == "indicators.targets"]
    assert len(unbound) == held["indicators.targets"], "no target of these plans has a measure yet"
    words = text_of((tmp_path / "自评估.docx").read_bytes())
    assert "目标完成情况" in words and f"共有任务{everything['value']}项" in words


def test_the_years_progress_is_reported_from_the_same_records(world: World, tmp_path: Path) -> None:
    Desk(world).problem("堆场未覆盖", unit="agriculture", due=date(2026, 11, 15))
    found = command("annual", tmp_path / "年度.xlsx", "--keep")

    assert found["number"] == ReportCopy.objects.get().number and found["on"] == "2026-11-20"
    assert figure(found, "oversight.late_problems")["value"] == "1"
    assert (tmp_path / "年度.xlsx").read_bytes().startswith(b"PK")
    assert [gap for gap in found["gaps"] if gap["id"] == "farmland.safe_use_rate"]


def test_the_progress_of_remediation_goes_to_the_government(world: World, client: Client, tmp_path: Path) -> None:
    said = {
        "title": "土壤污染治理与修复工作进展", "form": "remediation", "receiver": "青禾区人民政府", "period": "2026", "due": "2026-12-31",
        "unit": world.departments["ecology"].pk, "basis": "方案：每年11-12月份向区政府报告",
    }  # fmt: skip
    assert client.post(reverse("reporting:add_due"), said).status_code == 302
    due = ReportDue.objects.get()
    asked = {"kind": "remediation", "place": "990101", "period": "2026", "due": str(due.uid)}
    assert client.post(reverse("reporting:make"), asked).status_code == 302
    copy = ReportCopy.objects.get(due=due)
    told = {one["id"] for one in copy.snapshot["figures"].values()}
    assert {"plots.on_roster", "plots.on_polluted", "plots.surveys_done"} <= told
    assert command("remediation", tmp_path / "进展.docx")["title"] == copy.title


def test_a_plan_somebody_wrote_is_filed_with_its_receipt(world: World, client: Client) -> None:
    said = {
        "title": "宣传教育工作方案", "receiver": "区委宣传部", "period": "2026", "due": "", "basis": "方案：及时报送区委宣传部备案",
        "unit": world.departments["ecology"].pk,
    }  # fmt: skip
    assert client.post(reverse("reporting:add_due"), said).status_code == 302
    due = ReportDue.objects.get()
    bring = reverse("reporting:bring", args=[due.uid])
    assert client.post(bring, {"file": SimpleUploadedFile("方案.pdf", b"")}).status_code == 422
    assert client.post(bring, {"file": SimpleUploadedFile("方案.pdf", b"%PDF-1.4 plan")}).status_code == 302
    copy = ReportCopy.objects.get()
    act = lambda name: reverse("reporting:copy_act", args=[copy.uid, name])  # noqa: E731
    assert client.post(act("remake")).status_code == 422
    assert client.post(act("send"), {"to": "区委宣传部", "on": "2026-11-20"}).status_code == 422
    issuer = Client()
    issuer.force_login(world.people["issuer"], backend="django.contrib.auth.backends.ModelBackend")
    assert issuer.post(act("sign"), {}).status_code == 302
    assert client.post(act("send"), {"to": "区委宣传部", "on": "2026-11-20"}).status_code == 302
    assert client.post(act("receive"), {"number": "宣收3号", "on": "2026-11-20"}).status_code == 302
    page = client.get(reverse("kit:record", args=["reports", copy.uid])).content.decode()
    assert "方案.pdf" in page and "宣收3号" in page
    (duty,) = Duty.objects.for_subject(due)
    assert duty.done_on == date(2026, 11, 20)


def test_the_command_refuses_what_it_cannot_do(world: World, tmp_path: Path, capsys: Any) -> None:
    start = ["report", "make"]
    wrong = (
        ["weekly", "--year", "2026", "--out", str(tmp_path / "a.docx")],
        ["annual", "--year", "2027", "--out", str(tmp_path / "a.docx")],
        ["annual", "--year", "2026", "--out", str(tmp_path / "a.pdf")],
        ["annual", "--year", "2026", "--out", str(tmp_path / "none" / "a.docx")],
        ["annual", "--year", "2026", "--quarter", "2", "--out", str(tmp_path / "a.docx")],
        ["annual", "--year", "2026", "--place", "123456", "--out", str(tmp_path / "a.docx")],
    )
    said = ("可选", "还没有开始", ".docx 或 .xlsx", "没有文件夹", "按年报", "123456")
    for more, words in zip(wrong, said, strict=True):
        assert cli.main([*start, *more, "--as", "officer"]) == 1
        assert words in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
    assert cli.main(["report", "list", "--as", "officer", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["kinds"]) == 10


def soil_of_a_year(world: World) -> None:
    """Soil points of 2026, judged: one over, two within, one nobody can judge; one point without results."""
    of = judging_world.campaign(world)
    values = {"N1": {"cadmium": 2.5, "ph": 6.0}, "N2": {"cadmium": 0.1, "ph": 6.0}, "N3": {"cadmium": 0.5}}
    held = {judging_world.point(world, name, use="paddy"): value for name, value in values.items()}
    held[judging_world.point(world, "N4", use="other")] = {"cadmium": 0.1, "ph": 6.0}
    judging_world.point(world, "N5", use="other")
    judging_world.results(world, of, held)
    judging.judge(of, "accepted", by=world.actor("officer"), at=world.at)


def test_the_state_of_the_soil_is_released_with_day_and_place(world: World, client: Client, tmp_path: Path) -> None:
    soil_of_a_year(world)
    said = {
        "title": "土壤环境质量状况公报", "form": "bulletin", "receiver": "社会公众", "period": "2026", "due": "",
        "unit": world.departments["ecology"].pk, "basis": "方案：定期公布本行政区域土壤环境质量状况",
    }  # fmt: skip
    assert client.post(reverse("reporting:add_due"), said).status_code == 302
    due = ReportDue.objects.get()
    asked = {"kind": "bulletin", "place": "990101", "period": "2026", "due": str(due.uid)}
    assert client.post(reverse("reporting:make"), asked).status_code == 302
    copy = ReportCopy.objects.get()
    act = lambda name: reverse("reporting:copy_act", args=[copy.uid, name])  # noqa: E731
    issuer = world.browser("issuer")
    page = issuer.get(act("sign")).content.decode()
    assert "未定为可公开" in page and "2026年例行监测" in page, "who signs is told whose results are not for the public"
    assert issuer.post(act("sign"), {"document": "青环〔2026〕50号"}).status_code == 302
    assert "登记发布" in client.get(reverse("kit:record", args=["reports", copy.uid])).content.decode()
    place = "青禾区政府网 http://qinghe.example/soil"
    assert client.post(act("send"), {"to": "社会公众", "on": "2026-11-20"}).status_code == 422
    assert client.post(act("release"), {"where": place, "on": "2026-11-20", "review": " "}).status_code == 422
    assert client.post(act("release"), {"where": place, "on": "2026-11-19", "review": "青环审3号"}).status_code == 422
    assert client.post(act("release"), {"where": place, "on": "2026-11-20", "review": "青环审3号"}).status_code == 302
    copy.refresh_from_db()
    assert copy.sent_to == f"{place}（公开审查：青环审3号）" and copy.sent_on == date(2026, 11, 20)
    (duty,) = Duty.objects.for_subject(due)
    assert duty.done_on == date(2026, 11, 20)
    page = client.get(reverse("kit:record", args=["reports", copy.uid])).content.decode()
    assert "已发布" in page and "登记发布凭证" in page and "登记公报发布" in page and "已报送" not in page

    words = text_of(client.get(reverse("reporting:copy_word", args=[copy.uid])).content)
    assert "土壤监测点位5个" in words and "有检测结果的4个" in words and "0%～100%" not in words
    assert "N1" not in words and "2026年例行监测" not in words, "no point is named, nor what was weighed inside"
    made = command("bulletin", tmp_path / "公报.xlsx")
    assert [gap["what"] for gap in made["gaps"] if gap["id"] == "soil.by_use"] == ["1 个土壤监测点位当年的状况"]


def test_the_parts_of_the_bulletin_make_up_its_whole(world: World, tmp_path: Path) -> None:
    soil_of_a_year(world)
    command("bulletin", tmp_path / "公报.docx", "--keep")
    told = ReportCopy.objects.get().snapshot
    rate = told["figures"]["monitoring.points_over_limit"]
    assert (rate["numerator"], rate["denominator"]) == ("1", "4") and told["figures"]["soil.points_unjudged"][
        "value"
    ] == "1"
    rows = [row["values"] for row in told["tables"]["soil.by_use"]["rows"]]
    whole = [sum(int(row[key]) for row in rows) for key in ("points", "over", "open")]
    assert whole == [4, 1, 1] and [row["rate"] for row in rows] == ["0%", "33.33%～66.67%"]
    (cadmium,) = [row["values"] for row in told["tables"]["soil.by_analyte"]["rows"]]
    assert (cadmium["analyte"], cadmium["points"], cadmium["rate"]) == ("镉", "4", "25%～50%")
    before = command("bulletin", tmp_path / "去年.docx", "--year", "2025")
    assert {gap["id"] for gap in before["gaps"]} >= {"soil.points_with_results", "soil.by_use", "soil.by_analyte"}


def test_a_city_releases_the_state_of_its_soil(world: World) -> None:
    soil_of_a_year(world)
    named = {"002-061", "004-148", "004-149"}
    assert {one.form for one in report_kinds().values() if named & set(one.named)} == {"bulletin"}
    world.people["city"] = Person.objects.create(
        username="city", name="city", department=world.departments["city_ecology"]
    )
    RoleGrant.objects.create(person=world.people["city"], role=RoleGrant.Role.OFFICER, division=world.city)
    asked = {"kind": "bulletin", "place": world.city.code, "period": "2026"}
    assert world.browser("city").post(reverse("reporting:make"), asked).status_code == 302
    told = ReportCopy.objects.get(place=world.city).snapshot
    assert told["place"] == "云泽市" and told["figures"]["soil.points_with_results"]["value"] == "4"
    assert world.browser("officer").post(reverse("reporting:make"), asked).status_code == 422
