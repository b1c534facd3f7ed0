"""`soildesk results check`: the contract of its JSON, its exit codes, its text; in a process of its own, without a desk."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from soildesk.cli import main
from soildesk.monitoring import reading
from soildesk.monitoring.labtemplate import workbook
from soilrules.labcheck import current

ROOT = Path(__file__).parents[2]
HEAD = "样品编号,分析项目,检测值,单位,检出限,采样日期,分析日期\n"
GOOD = "S001,镉,0.35,mg/kg,0.01,2026-09-01,2026-09-08\nS001,铅,<0.1,mg/kg,0.1,2026-09-01,2026-09-08\n"
BAD = "S001,镉,0.35,mg/kg,0.01,2026-09-01,2026-09-08\nS002,镉,-1,mg/kg,0.01,2026-09-01,2026-08-08\n"


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch):
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-22")


def written(tmp_path: Path, text: str, encoding: str = "utf-8", name: str = "结果.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def run(capsys, *words: object, expect: int) -> tuple[dict[str, Any], str]:
    code = main(["results", "check", *(str(word) for word in words), "--json"])
    said = capsys.readouterr()
    assert code == expect, said.err
    return json.loads(said.out), said.err


def places(found: dict[str, Any], severity: str) -> set[tuple[int, str, str]]:
    return {(one["row"], one["column"], one["rule"]) for one in found["findings"] if one["severity"] == severity}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_the_minimal_file_has_no_error_and_says_that_soil_is_assumed(capsys, tmp_path, encoding):
    found, err = run(capsys, written(tmp_path, HEAD + GOOD, encoding), expect=0)

    assert err == ""
    assert places(found, "error") == set()
    assert (1, "介质", "medium_assumed") in places(found, "info")
    assert places(found, "warning") == set()
    assert (1, "CMA", "advised_column") in places(found, "info")
    assert found["summary"]["samples"] == 1


def test_errors_are_told_with_row_and_column_and_end_with_1(capsys, tmp_path):
    found, err = run(capsys, written(tmp_path, HEAD + GOOD + BAD), expect=1)

    assert set(found["findings"][0]) == {"row", "column", "rule", "severity", "message"}
    assert places(found, "error") == {
        (4, "样品编号", "duplicate"),
        (5, "检测值", "negative"),
        (5, "分析日期", "date_order"),
    }
    assert "第2行" in next(one["message"] for one in found["findings"] if one["rule"] == "duplicate")
    assert "3 处错误" in err


def test_the_text_names_severity_rule_row_and_what_to_do(capsys, tmp_path):
    assert main(["results", "check", str(written(tmp_path, HEAD + BAD))]) == 1
    said = capsys.readouterr()

    assert "【错误】日期先后颠倒：1 处" in said.out
    assert "【提示】没有介质，按土壤检查：1 处" in said.out
    assert "请改正错误后再报送" in said.out


def test_a_day_after_on_is_an_error(capsys, tmp_path):
    path = written(tmp_path, HEAD + GOOD)

    found, _ = run(capsys, path, "--on", "2026-09-07", expect=1)

    assert {one[1:] for one in places(found, "error")} == {("分析日期", "future_date")}


def test_a_sample_of_no_task_is_an_error(capsys, tmp_path):
    tasks = written(tmp_path, "SOO1\nS002\n", name="样品.txt")

    found, _ = run(capsys, written(tmp_path, HEAD + GOOD), "--samples", tasks, expect=1)

    assert {one[2] for one in places(found, "error")} == {"orphan"}
    assert "SOO1" in found["findings"][2]["message"]


@pytest.mark.parametrize(
    ("name", "data"),
    [("空.csv", b""), ("图.xlsx", b"\x89PNG\r\n\x1a\n" + b"0" * 99), ("坏.xlsx", b"PK\x03\x04" + b"\0" * 99), ("诗.csv", "床前明月光\n疑是地上霜\n".encode())],
)  # fmt: skip
def test_what_is_no_table_is_one_finding_of_the_whole_file_and_says_what_to_do(capsys, tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)

    found, err = run(capsys, path, expect=1)

    assert [(one["row"], one["rule"], one["severity"]) for one in found["findings"]] == [(1, "unreadable", "error")]
    assert name in found["findings"][0]["message"]
    assert "请" in err


def test_a_file_that_is_not_there_ends_with_2(capsys, tmp_path):
    with pytest.raises(SystemExit) as ended:
        main(["results", "check", str(tmp_path / "没有.csv")])

    assert ended.value.code == 2
    assert "没有.csv" in capsys.readouterr().err


def test_a_full_disk_is_not_blamed_on_the_file(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "CHILD", tmp_path / "none.py")
    monkeypatch.setattr(reading, "LITTLE", 1 << 60)  # more than is free anywhere
    path = written(tmp_path, HEAD + GOOD)

    assert main(["results", "check", str(path), "--json"]) == 1

    said = capsys.readouterr()
    assert json.loads(said.out)["error"]["code"] == "results.no_space"
    assert "磁盘空间不足" in said.err


def test_it_runs_where_there_is_no_desk(tmp_path):
    home = tmp_path / "nowhere"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src"), "SOILDESK_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-m", "soildesk.cli", "results", "check", str(written(tmp_path, HEAD + GOOD)), "--json"],
        capture_output=True, env=environment, cwd=tmp_path, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["findings"]
    assert not home.exists()


def test_ten_thousand_findings_of_a_rule_are_given_and_all_are_counted(capsys, tmp_path):
    rows = "".join(f"S{at:05d},镉,-1,mg/kg,0.01,2026-09-01,2026-09-08\n" for at in range(10_050))

    found, _ = run(capsys, written(tmp_path, HEAD + rows), expect=1)

    assert sum(one["rule"] == "negative" for one in found["findings"]) == 10_000 == found["summary"]["kept"]
    assert found["summary"]["counts"]["negative"] == 10_050


def test_a_filled_in_template_has_no_error(capsys, tmp_path):
    path = tmp_path / "模板.xlsx"
    assert main(["results", "template", str(path)]) == 0
    capsys.readouterr()
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    for at, column in enumerate(current().columns, 1):
        assert page.cell(1, at).value == column.heading
        number = column.kind in ("number", "result")
        page.cell(2, at).value = float(column.example) if number else column.example
    book.save(path)

    found, _ = run(capsys, path, expect=0)

    assert places(found, "error") == places(found, "warning") == set()
    assert found["summary"]["results"] == 1


def test_the_template_offers_units_and_media(tmp_path):
    (tmp_path / "t.xlsx").write_bytes(workbook(current()))
    page = openpyxl.load_workbook(tmp_path / "t.xlsx").worksheets[0]

    offered = " ".join(str(one.formula1) for one in page.data_validations.dataValidation)
    assert "mg/kg" in offered
    assert "地下水" in offered
    assert "必填" in page["A1"].comment.text
