"""A laboratory checks its file, sends it and sees what became of it: never a point, a place, or anything of others."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from exchange_world import secret_of
from intake_world import AT, codes_of, csv_file, rows_of, taken, workbook
from monitoring_world import Network, county

from conftest import _person
from soildesk.cli import main
from soildesk.core.models import FileUse, RoleGrant
from soildesk.monitoring.models import Batch, BatchFinding, Result
from soildesk.monitoring.services import batches

API = "/api/v1/results/"


@pytest.fixture
def net(world: Any, monkeypatch: pytest.MonkeyPatch) -> Network:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    made = county(world)
    world.people["rival"] = _person("rival", RoleGrant.Role.LABORATORY, world.district)
    return made


def browser(world: Any, who: str) -> Client:
    return world.browser(who)


def post(client: Client, url: str, path: Path, **data: Any) -> Any:
    with path.open("rb") as file:
        return client.post(url, {**data, "file": file})


def by_program(world: Any, who: str, act: str, path: Path, **data: Any) -> Any:
    headers = {"Authorization": f"Bearer {secret_of(world, who, scope='write')}"}
    with path.open("rb") as file:
        return Client().post(API + act, {**data, "file": file}, headers=headers)


def test_a_check_keeps_nothing(world: Any, net: Network, tmp_path: Path) -> None:
    rows = rows_of(codes_of(net))
    rows[0][2] = "-1"
    before = FileUse.objects.count()
    assert browser(world, "laboratory").get("/")["Location"] == "/monitoring/sent/", (
        "a laboratory begins with what it sends"
    )
    page = post(browser(world, "laboratory"), "/monitoring/check/", csv_file(tmp_path / "a.csv", rows)).content.decode()
    assert "有错误，请改正后再报送" in page
    assert not Batch.objects.exists()
    assert not BatchFinding.objects.exists()
    assert FileUse.objects.count() == before
    good = post(
        browser(world, "laboratory"), "/monitoring/check/", workbook(tmp_path / "a.xlsx", rows_of(["任意编号"]))
    )
    assert "没有错误" in good.content.decode() or "没有发现问题" in good.content.decode()  # no campaign, so no orphan
    wrong = tmp_path / "b.csv"
    wrong.write_text("你好", "utf-8")
    assert post(browser(world, "laboratory"), "/monitoring/check/", wrong).status_code == 422


def test_the_template_is_what_the_check_wants(world: Any, net: Network, tmp_path: Path) -> None:
    answer = browser(world, "laboratory").get("/monitoring/check/template.xlsx")
    assert answer.content.startswith(b"PK")


def test_a_check_by_rest(world: Any, net: Network, tmp_path: Path) -> None:
    rows = rows_of(["A1"])
    rows[0][2] = "0"
    path = csv_file(tmp_path / "a.csv", rows)
    told = by_program(world, "laboratory", "check", path)
    assert told.status_code == 200, told.content.decode()
    (zero,) = [one for one in told.json()["findings"] if one["rule"] == "zero"]
    assert (zero["row"], zero["column"], zero["severity"]) == (2, "检测值", "error")
    assert (told.json()["rows"], told.json()["errors"]) == (5, 1)
    assert not Batch.objects.exists()
    assert post(Client(), API + "check", path).status_code == 401
    read_only = {"Authorization": f"Bearer {secret_of(world, 'laboratory')}"}
    with path.open("rb") as file:
        assert Client().post(API + "check", {"file": file}, headers=read_only).status_code == 403
    assert by_program(world, "reader", "check", path).status_code == 403


def test_a_file_is_sent_and_followed(world: Any, net: Network, tmp_path: Path) -> None:
    client = browser(world, "laboratory")
    path = csv_file(tmp_path / "a.csv", rows_of(codes_of(net)))
    answer = post(client, "/monitoring/sent/", path, campaign=net.campaign.number, no_secrets="on")
    batch = Batch.objects.get()
    assert answer["Location"] == f"/monitoring/sent/{batch.uid}/"
    assert batch.receipt in client.get("/monitoring/sent/").content.decode()
    assert client.get(f"/monitoring/batches/{batch.uid}/findings.xlsx").status_code == 200
    batches.send_back(batch, "缺质控数据", by=world.actor("officer"), at=AT)
    assert "缺质控数据" in client.get(answer["Location"]).content.decode()


def test_a_file_is_sent_by_rest(world: Any, net: Network, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", rows_of(codes_of(net)))
    refused = by_program(world, "laboratory", "send", path, campaign=net.campaign.number)
    assert (refused.status_code, refused.json()["code"]) == (422, "monitoring.batch.secrets")
    said = {"campaign": net.campaign.number, "no_secrets": "true", "report_number": "JC-1"}
    told = by_program(world, "laboratory", "send", path, **said)
    assert told.status_code == 201, told.content.decode()
    batch = Batch.objects.get()
    assert (told.json()["batch"], told.json()["state"], told.json()["rows"]) == (batch.receipt, "checked", 35)
    headers = {"Authorization": f"Bearer {secret_of(world, 'laboratory')}"}
    assert Client().get(API + f"sent/{batch.receipt}", headers=headers).json()["rows"] == 35
    assert Client().get(API + "sent/NOTHING", headers=headers).status_code == 404


def without_receipts(text: str) -> str:
    """What is said, but for names of one's own batches, tokens of forms and moments."""
    text = re.sub(
        r"[0-9a-f]{8}-[0-9a-f-]{27}|<time.*?</time>|sessionid[^;]*", "", text
    )  # first: a key may end in ten digits
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken":"[^"]*"|[0-9A-F]{10}', "", text)


def answers(world: Any, net: Network, who: str, folder: Path) -> list[tuple[int, str]]:
    """Everything a laboratory can ask, and the answers: codes of its own, codes tried out, the same file as another's."""
    client = browser(world, who)
    told = []
    codes = codes_of(net)
    for name, rows in (
        ("same", rows_of(codes)),
        ("part", rows_of(codes[:2])),
        ("tried", rows_of(["26001-AAAAA", codes[3]])),
    ):
        path = csv_file(folder / f"{name}.csv", rows)
        answer = post(client, "/monitoring/sent/", path, campaign=net.campaign.number, no_secrets="on")
        told.append((answer.status_code, ""))
        page = client.get(answer["Location"])
        told.append((page.status_code, page.content.decode()))
        said = {"campaign": net.campaign.number, "no_secrets": "true"}
        sent = by_program(world, who, "send", path, **said)
        told.append((sent.status_code, json.dumps({**sent.json(), "batch": ""}, ensure_ascii=False)))
    for url in ("/monitoring/sent/", "/monitoring/check/", "/", "/kit/r/batches/", "/kit/r/results/", "/monitoring/findings/",
                "/api/v1/collections", "/api/v1/results", "/api/v1/batches", "/kit/r/points/", "/kit/r/campaigns/"):  # fmt: skip
        answer = client.get(url)
        told.append((answer.status_code, answer.content.decode()))
    return [(status, without_receipts(text)) for status, text in told]


def test_a_laboratory_cannot_infer_batches_of_others(world: Any, net: Network, tmp_path: Path) -> None:
    """What a laboratory is told is the same whether or not another has sent the same file, and had it accepted."""
    alone = answers(world, net, "rival", tmp_path)
    for batch in Batch.objects.all():
        batch.results.all().delete()
        batch.delete()
    other = taken(world, net, csv_file(tmp_path / "same.csv", rows_of(codes_of(net))), who="laboratory")
    batches.accept(other, by=world.actor("officer"), at=AT, reason="测试")
    beside = answers(world, net, "rival", tmp_path)
    for at, (one, two) in enumerate(zip(alone, beside, strict=True)):
        assert one == two, f"answer {at} differs"


def test_no_point_no_place_no_parallel_is_told(world: Any, net: Network, tmp_path: Path) -> None:
    told = " ".join(text for _status, text in answers(world, net, "laboratory", tmp_path))
    for point in net.points.values():
        assert point.name not in told
        assert point.point.number not in told
        assert f"{point.geometry.x:.3f}" not in told
    assert "不在采样任务中" not in told
    assert "密码平行样" not in told.replace("密码平行样不会写进清单", "")
    assert "batch.missing" not in told


def test_what_another_sent_is_not_there(world: Any, net: Network, tmp_path: Path) -> None:
    batch = taken(world, net, csv_file(tmp_path / "a.csv", rows_of(codes_of(net))), who="laboratory")
    client = browser(world, "rival")
    for url in (f"/monitoring/sent/{batch.uid}/", f"/monitoring/batches/{batch.uid}/findings.xlsx"):
        assert client.get(url).status_code == 404, url
    for act in ("accept", "flag", "return", "report", "compare", "give-up", "resume"):
        assert client.post(f"/monitoring/batches/{batch.uid}/{act}/").status_code in (403, 404), act
    assert client.get(f"/kit/r/batches/{batch.uid}").status_code == 403
    headers = {"Authorization": f"Bearer {secret_of(world, 'rival')}"}
    assert Client().get(API + f"sent/{batch.receipt}", headers=headers).status_code == 404


def test_the_command(world: Any, net: Network, tmp_path: Path, capsys: Any) -> None:
    path = csv_file(tmp_path / "a.csv", rows_of(codes_of(net)))
    wanted = ["results", "import", str(path), "--campaign", net.campaign.number, "--as", "officer", "--json"]
    assert main(wanted) == 0
    told = json.loads(capsys.readouterr().out)
    batch = Batch.objects.get()
    assert (told["batch"], told["state"], told["rows"], told["errors"], told["warnings"]) == (
        batch.number, "checked", 35, 0, batch.warnings,
    )  # fmt: skip
    assert isinstance(told["findings"], list)
    assert main([*wanted, "--accept", "--reason", "报告后补"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["again"], told["state"]) == (True, "flagged")
    assert Result.objects.accepted().count() == 35


def test_the_command_says_errors(world: Any, net: Network, tmp_path: Path, capsys: Any) -> None:
    path = csv_file(tmp_path / "a.csv", rows_of(["没有", *codes_of(net)]))
    asked = ["results", "import", str(path), "--as", "officer", "--campaign"]
    assert main([*asked, net.campaign.number, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["ok"], told["state"], told["errors"] > 0) == (False, "checked", True)
    assert main([*asked, net.campaign.number, "--secrets"]) == 1
    assert "涉密" in capsys.readouterr().err
    assert main([*asked, "没有", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "monitoring.batch.no_campaign"
    assert main(["results", "import", "没有.csv", "--campaign", "x", "--as", "officer"]) == 1
