"""A laboratory's report in Word comes in as its workbook would: read in the limited process, checked, all of it or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
import pytest
from intake_world import HEAD, codes_of, rows_of, taken
from monitoring_world import Network, county

pytestmark = pytest.mark.store


@pytest.fixture
def net(world: Any, monkeypatch: pytest.MonkeyPatch) -> Network:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return county(world)


def report(path: Path, rows: list[list[str]], head: tuple[str, ...] = HEAD) -> Path:
    """A report whose table is cut in two by a page."""
    out = docx.Document()
    out.add_paragraph("检测报告")
    for lines in ([list(head), *rows[:10]], rows[10:]):
        out.add_paragraph("检测结果")
        table = out.add_table(len(lines), len(head))
        for at, line in enumerate(lines):
            for column, text in enumerate(line):
                table.cell(at, column).text = text
    out.save(str(path))
    return path


def test_a_report_in_word_becomes_a_checked_batch(world: Any, net: Network, tmp_path: Path) -> None:
    rows = rows_of(codes_of(net))
    batch = taken(world, net, report(tmp_path / "报告.docx", rows))

    assert (batch.state, batch.rows, batch.samples, batch.errors) == ("checked", len(rows), 7, 0), list(
        batch.findings.values_list("rule", "zh")
    )
    mercury = batch.results.get(sample=net.tasks["paddy"].code, analyte="mercury")
    assert (mercury.value, mercury.censored, mercury.detection_limit, mercury.printed) == (None, True, 0.002, "<0.002")
    last = batch.results.get(sample=rows[-1][0], analyte="chromium")
    assert (last.row, last.value) == (2000 + len(rows) - 10, 61.0)


def test_one_error_in_its_second_table_keeps_all_of_it_out(world: Any, net: Network, tmp_path: Path) -> None:
    rows = rows_of(codes_of(net))
    rows[-1][2] = "微量"
    batch = taken(world, net, report(tmp_path / "报告.docx", rows))

    wrong = batch.findings.get(severity="error")
    assert (wrong.rule, wrong.row) == ("not_a_number", 2000 + len(rows) - 10)
    assert "表2第" in wrong.zh
