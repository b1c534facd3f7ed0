"""The command does what the pages do, with the same refusals."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from django.db import OperationalError

from soildesk import cli
from soildesk.cli import main
from soildesk.plans.models import Plan

CASES = Path(__file__).parents[1] / "cases" / "plans"
SMALL = CASES / "small_plan.txt"


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch):
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    monkeypatch.setenv("SOILDESK_USER", "officer")


def run(capsys, *words: object, expect: int = 0):
    """Run a command with --json; its exit code is checked, its data and its sentence are returned."""
    code = main([*(str(word) for word in words), "--json"])
    said = capsys.readouterr()
    assert code == expect, said.err
    return json.loads(said.out), said.err


def test_reading_needs_no_desk_and_prints_the_ledger(capsys):
    ledger, _err = run(capsys, "plan", "read", SMALL)
    assert ledger["doc_number"] == "青环委办〔2026〕4号" and len(ledger["tasks"]) == 4
    first = ledger["tasks"][0]
    assert (first["lead"], first["support"], first["deadline"]) == (["区生态环境局"], ["区科工信局"], "2026-10-31")
    assert main(["plan", "read", str(SMALL)]) == 0
    assert "区生态环境局" in capsys.readouterr().out


def test_a_news_article_is_refused_with_the_reason_and_json(capsys, tmp_path):
    news = tmp_path / "新闻.txt"
    news.write_text("本报讯 近日，我区召开土壤污染防治推进会，总结前一阶段工作。会议指出，要提高认识。\n", "utf-8")
    ledger, err = run(capsys, "plan", "read", news, expect=1)
    assert ledger["tasks"] == [] and "没有读出任务" in err


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("空.txt", b"", "空"), ("图.png", b"\x89PNG\r\n\x1a\n" + b"0" * 64, "图"), ("没有.txt", None, "没有.txt")],
)
def test_bad_files_get_one_sentence(capsys, tmp_path, name, content, words):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    assert main(["plan", "read", str(path)]) == 1
    said = capsys.readouterr()
    assert words in said.err and "Traceback" not in said.err and said.out == ""


def test_usage_is_exit_code_2(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["plan", "fly"])
    assert stop.value.code == 2


def test_from_import_to_report(capsys, world, tmp_path, monkeypatch):
    taken, _err = run(capsys, "plan", "import", SMALL)
    assert (taken["stage"], taken["tasks"]) == ("review", 4)
    refused, err = run(capsys, "plan", "import", SMALL, expect=1)
    assert refused["error"]["code"] == "plans.already_imported" and "已经导入过" in err
    run(capsys, "plan", "publish", taken["id"], expect=1)
    accepted, _err = run(capsys, "plan", "accept", taken["id"], "--all")
    assert accepted == {"accepted": 4}
    run(capsys, "plan", "publish", taken["id"], expect=1)
    monkeypatch.setenv("SOILDESK_USER", "issuer")
    published, _err = run(capsys, "plan", "publish", taken["id"])
    assert (published["stage"], published["phase"]) == ("published", "in_force")
    monkeypatch.setenv("SOILDESK_USER", "agriculture")
    late, _err = run(capsys, "task", "list", "--state", "overdue")
    farmland = next(row for row in late if row["number"] == "（三）")
    run(capsys, "task", "receive", farmland["id"])
    evidence = tmp_path / "方案.txt"
    evidence.write_text("安全利用方案", "utf-8")
    said, _err = run(
        capsys, "task", "report", farmland["id"], "--text", "已印发", "--done", "--period", "m0", "--file", evidence
    )
    assert said["state"] == "under_way"
    shown, _err = run(capsys, "task", "show", farmland["id"])
    assert {"reported", "received", "published"} <= {event["kind"] for event in shown["history"]}
    own, _err = run(capsys, "task", "mine")
    assert own["department"] == "区农业农村局" and own["overdue"] == []


def test_review_by_command(capsys, world):
    taken, _err = run(capsys, "plan", "import", SMALL)
    plan = Plan.objects.get(uid=taken["id"])
    ids = [str(uid) for uid in plan.tasks.values_list("uid", flat=True)]
    fixed, _err = run(capsys, "plan", "correct", ids[0], "--deadline", "9月底前", "--support", "区应急局、区财政局")
    assert fixed["deadline_text"] == "9月底前"
    cut, _err = run(capsys, "plan", "split", ids[2], "--before", "12月20日前")
    assert len(cut["parts"]) == 2
    run(capsys, "plan", "split", ids[0], "--before", "原文没有的字", expect=1)
    run(capsys, "plan", "merge", ids[0], ids[1])
    left_out, _err = run(capsys, "plan", "reject", ids[3], "--why", "不属于本区职责")
    assert left_out["status"] == "rejected"
    shown, _err = run(capsys, "plan", "show", taken["id"])
    assert shown["open"]["tasks"] == 3
    conflicts, _err = run(capsys, "plan", "conflicts", taken["id"])
    due = next(row for row in conflicts if row["kind"] == "due_before_issue")
    refused, _err = run(
        capsys, "plan", "settle", taken["id"], due["conflict"], "--choose", "noted", "--ground", "已办", expect=1
    )
    assert refused["error"]["code"] == "core.not_allowed", "an officer does not decide for the issuing office"
    settled, _err = run(
        capsys,
        "plan",
        "settle",
        taken["id"],
        due["conflict"],
        "--choose",
        "noted",
        "--ground",
        "已办",
        "--as",
        "issuer",
    )
    assert settled["choice"] == "noted"


def test_exports_and_lists(capsys, world, tmp_path):
    taken, _err = run(capsys, "plan", "import", SMALL)
    for extension in ("xlsx", "docx", "json"):
        out = tmp_path / f"台账.{extension}"
        run(capsys, "plan", "export", taken["id"][-8:], "--format", extension, "--out", out)
        assert out.stat().st_size > 1000
    listed, _err = run(capsys, "plan", "list")
    assert [row["id"] for row in listed] == [taken["id"]]
    unknown, err = run(capsys, "plan", "show", "ffffffff", expect=1)
    assert unknown["error"]["code"] == "cli.not_found" and "soildesk plan list" in err


def test_who_acts_must_be_said_outside_a_demo_home(capsys, world, monkeypatch):
    monkeypatch.delenv("SOILDESK_USER")
    refused, err = run(capsys, "plan", "list", expect=1)
    assert refused["error"]["code"] == "cli.no_user" and "--as" in err
    nobody, _err = run(capsys, "plan", "list", "--as", "nobody", expect=1)
    assert nobody["error"]["code"] == "cli.unknown_user"
    assert run(capsys, "plan", "list", "--as", "stranger")[0] == []


def test_a_port_that_somebody_listens_at_is_refused(capsys, world):
    with socket.create_server(("127.0.0.1", 0), reuse_port=True) as busy:
        port = busy.getsockname()[1]
        assert main(["serve", "--port", str(port)]) == 1
    said = capsys.readouterr().err
    assert str(port) in said and "--port" in said


EDITIONS = (("10月底前", "9月20日前"), ("建立隐患排查台账", "健全隐患排查台账"))


def test_a_new_edition_and_an_abolition_by_command(capsys, world, tmp_path, monkeypatch):
    first, _err = run(capsys, "plan", "import", SMALL)
    refused, err = run(capsys, "plan", "successors", first["id"], expect=1)
    assert refused["error"]["code"] == "cli.no_edition" and "不是另一份方案的新版本" in err
    run(capsys, "plan", "accept", first["id"], "--all")
    run(capsys, "plan", "publish", first["id"], "--as", "issuer")
    text = SMALL.read_text("utf-8")
    for old, new in EDITIONS:
        text = text.replace(old, new)
    path = tmp_path / "修订.txt"
    path.write_text(text, "utf-8")
    taken, _err = run(capsys, "plan", "import", path)
    (row,) = run(capsys, "plan", "successors", taken["id"])[0]
    assert (row["number"], row["old_number"], row["said"], row["old_state"]) == ("（一）", "（一）", "", "overdue")
    run(capsys, "plan", "accept", taken["id"], "--all")
    refused, err = run(capsys, "plan", "publish", taken["id"], "--as", "issuer", expect=1)
    assert refused["error"]["code"] == "plans.successors_unsaid" and "是不是同一项" in err
    (row,) = run(capsys, "plan", "successors", taken["id"], "--no", row["id"])[0]
    assert (row["said"], row["old"]) == ("denied", None)
    run(capsys, "plan", "successors", taken["id"], "--confirm", row["id"], expect=1)
    old = Plan.objects.get(uid=first["id"]).tasks.get(number="（一）")
    (row,) = run(capsys, "plan", "successors", taken["id"], "--confirm", f"{row['id']}={old.uid}")[0]
    assert row["said"] == "confirmed"
    run(capsys, "plan", "publish", taken["id"], "--as", "issuer")
    said = ["--number", "青环委办〔2026〕18号", "--why", "机构调整", "--as", "issuer"]
    paper = tmp_path / "废止.txt"
    _data, err = run(capsys, "plan", "abolish", taken["id"], *said, "--paper", paper, expect=1)
    assert "找不到废止文件" in err
    paper.write_text("自即日起废止。", "utf-8")
    _data, err = run(capsys, "plan", "abolish", taken["id"], *said, "--paper", paper, "--on", "11月20日", expect=1)
    assert "“11月20日”不是日期" in err
    _data, err = run(capsys, "plan", "abolish", taken["id"], *said, "--paper", paper, "--on", "2026-12-01", expect=1)
    assert "晚于今天" in err
    ended, _err = run(capsys, "plan", "abolish", taken["id"], *said, "--paper", paper)
    assert (ended["stage"], ended["ended"]) == ("closed", 4)


CIRCULAR = (
    "关于做好2026年全区农用地土壤污染防治工作的通知\n各镇：\n一、工作任务\n（一）制定计划。4月30日前制定年度计划。\n"
    "（二）动态调整类别。10月底前完成类别调整。\n青禾区农业农村局\n2026年3月2日\n"
)


def test_a_circular_without_units_is_taken_in_and_what_is_undecided_is_told_at_its_publication(
    capsys, world, tmp_path, monkeypatch
):
    path = tmp_path / "通知.txt"
    path.write_text(CIRCULAR, "utf-8")
    assert main(["plan", "read", str(path)]) == 0
    assert "没有写明单位、未列为任务的条款 2 段" in capsys.readouterr().out
    assert main(["plan", "import", str(path)]) == 0
    said = capsys.readouterr().out
    assert "没有写明单位的条款 2 段，请决定是否列为任务" in said and "没有找到任务" in said
    plan = Plan.objects.get(title__contains="农用地土壤污染防治")
    run(capsys, "plan", "clauses", plan.uid, "--take", "0")
    run(capsys, "plan", "accept", plan.uid, "--all")
    monkeypatch.setenv("SOILDESK_USER", "issuer")
    assert main(["plan", "publish", str(plan.uid)]) == 0
    assert "发布时还没有定的：没有写明单位的条款 1 段（不分办、不提醒）。" in capsys.readouterr().out


@pytest.mark.parametrize(
    "told",
    ["no such table: core_person", "no such column: plans_plan.abolished_on", 'column "abolished_on" does not exist'],
)
def test_a_store_older_than_the_program_is_told_what_to_run(told: str) -> None:
    assert "soildesk setup" in str(cli._sentence_of(OperationalError(told)))
    assert cli._sentence_of(OperationalError("disk I/O error")) is None
