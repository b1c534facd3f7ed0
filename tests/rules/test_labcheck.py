"""The check of a laboratory's file: one pass, the same findings however the file is cut, severities row by row."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labfiles import GOOD, HEAD, TODAY, changed, csv

from soilrules import analytes
from soilrules.labcheck import CHECKED, Asked, Severity, check, current, exchange, rules, words
from soilrules.labcheck.repeats import Seen
from soilrules.labtables import LabTableRefused, delimited, headings
from soilrules.messages import catalogue


def test_batches_carry_the_worst_severity_of_each_row() -> None:
    checked = check(csv(changed(3, 检测值="-1", 方法="HJ 700-2014")), Asked(on=TODAY))
    (batch,) = checked.batches()

    assert batch.schema == CHECKED
    assert batch.column("severity").to_pylist() == [0, Severity.ERROR, 0, 0, 0]
    assert batch.column("slug").to_pylist() == ["cadmium", "lead", "cadmium", "lead", "cadmium"]
    assert batch.column("analysed").to_pylist() == [date(2026, 9, 8)] * 5
    assert set(batch.column("medium_key").to_pylist()) == {"soil"}
    assert checked.worst is Severity.ERROR


def test_the_pass_is_made_once_and_findings_need_no_batches() -> None:
    checked = check(csv([HEAD, *GOOD, GOOD[0]]), Asked(on=TODAY))

    assert [one.rule for one in checked.findings] == ["duplicate"]
    assert list(checked.batches()) == []
    assert checked.summary()["samples"] == 3


def test_the_summary_says_what_the_file_holds() -> None:
    summary = check(csv([HEAD, *GOOD]), Asked(on=TODAY)).summary("en")

    assert (summary["results"], summary["samples"], summary["media"], summary["batches"]) == (5, 3, ["soil"], ["B1"])
    assert summary["analytes"] == ["铅", "镉"]
    assert summary["days"] == {"date": ["2026-09-01", "2026-09-02"], "analysed": ["2026-09-08", "2026-09-08"]}


def test_a_file_that_is_cut_into_pieces_gives_the_same_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [[f"TR{at:03d}", *GOOD[0][1:]] for at in range(200)]
    rows += [rows[3], ["TROO7", *GOOD[0][1:]], ["TR500", "镉", "350", "μg/kg", "10", *GOOD[0][5:]]]
    rows += [["TR150", *GOOD[0][1:5], "2026-09-03", *GOOD[0][6:]]]
    data = csv([HEAD, *rows])
    whole = check(data, Asked(on=TODAY)).findings

    monkeypatch.setattr(delimited, "_BLOCK", 1_000)

    assert check(data, Asked(on=TODAY)).findings == whole
    assert {(one.rule, one.row) for one in whole} == {("duplicate", 202), ("id_alike", 203), ("two_units", 204), ("sample_days", 205)}  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.integers(0, 30), max_size=20), max_size=12))
def test_what_was_seen_before_is_found_in_any_cut(pieces: list[list[int]]) -> None:
    seen, first, place = Seen(), dict[int, int](), 0
    for piece in pieces:
        places = np.arange(place, place + len(piece), dtype=np.int64)
        found = seen.add(np.array(piece, np.uint64), places).tolist()
        assert found == [first[key] if key in first or first.setdefault(key, at) != at else -1 for key, at in zip(piece, places.tolist(), strict=True)]  # fmt: skip
        place += len(piece)


ODD = ["", " ", "S1", "s1", "镉", "Cd", "怪", "pH", "0", "-1", "<0.01", "ND", "1e400", "３", "mg/kg", "mg/L", "ppm", "46266", "2026-09-01", "2027年1月1日", "#N/A", "=1", "土壤", "水", "/", "未检", "R", "9" * 70]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.sampled_from(ODD), min_size=11, max_size=12), min_size=1, max_size=8), st.booleans())
def test_whatever_stands_in_the_cells_is_told_and_breaks_nothing(rows: list[list[str]], wide: bool) -> None:
    head = ["样品编号", "采样日期", "镉(mg/kg)", "铅", "镉检出限", "Cd", "分析日期", "介质", "pH", "限定符", "CMA"]
    try:
        checked = check(csv([head if wide else HEAD, *rows]), Asked(on=TODAY, tasks=["S1"]))
        batches = list(checked.batches())
    except LabTableRefused:
        return
    for batch in batches:
        batch.validate(full=True)
    for one in checked.findings:
        assert one.message.sentence("zh") and one.message.sentence("en")
        assert one.row >= 1
    assert sum(checked.counts.values()) == len(checked.findings)


def test_findings_are_capped_and_counted() -> None:
    rows = [[f"TR{at:03d}", "镉", "-1", *GOOD[0][3:]] for at in range(30)]

    checked = check(csv([HEAD, *rows]), Asked(on=TODAY, most=10))

    assert len(checked.findings) == 10
    assert checked.counts == {"negative": 30}
    assert checked.summary()["severities"] == {"error": 30, "warning": 0, "info": 0}


def test_without_a_day_nothing_lies_in_the_future() -> None:
    assert check(csv(changed(3, 分析日期="2027-01-08"))).counts == {}


def test_a_medium_of_the_caller_serves_a_file_without_one() -> None:
    rows = [HEAD[:7], ["W1", "镉", "0.35", "μg/L", "0.05", "2026-09-01", "2026-09-08"]]

    assert "unit_medium" in check(csv(rows), Asked(on=TODAY)).counts
    assert check(csv(rows), Asked(on=TODAY, medium="地下水")).counts == {"advised_column": 1}


def test_holding_times_go_by_analyte_medium_and_method_and_are_silent_where_unknown() -> None:
    def days(slug: str, medium: str, method: str = "") -> int | None:
        found = words.holding(slug, medium, method)
        return found.days if found else None

    assert (days("mercury", "soil"), days("lead", "soil"), days("benzene", "soil")) == (28, 180, 7)
    assert days("methyl_mercury", "soil") == 180  # its own row is switched off
    assert days("lead", "air") is None
    assert days("ph", "soil") is None


def test_the_strictest_screening_value_is_that_in_force() -> None:
    found = words.lowest_limit("cadmium", "soil", TODAY)

    assert found is not None
    assert (float(found.value), found.basis.partition(" ")[0]) == (0.3, "GB")
    assert words.lowest_limit("cadmium", "air", TODAY) is None


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n", "床前明月光\n".encode()])
def test_what_is_no_table_is_refused(data: bytes) -> None:
    with pytest.raises(LabTableRefused):
        check(data, name="x.csv")


def test_a_path_is_read_as_its_bytes_are(tmp_path: Path) -> None:
    path = tmp_path / "结果.csv"
    path.write_bytes(csv(changed(3, 检测值="-1")))

    assert check(path, Asked(on=TODAY)).counts == {"negative": 1}


def test_the_data_hang_together() -> None:
    assert set(rules()) | {"merged_value"} >= set(catalogue("labcheck")["findings"])
    own = set(rules()) - set(catalogue("labcheck")["findings"])
    assert own <= set(catalogue("labtables")["records"]) | {"formula_stored", "open_quote"}
    assert len({one.heading for one in current().columns}) == len(current().columns)
    assert [one.heading for one in current().columns][:7] == HEAD[:7]
    for row in words._holding_rows():
        assert row.row.get("analyte") in {None, *analytes.all_analytes()}
    for medium in words.media().values():
        assert words.medium_key(medium.zh) == medium.key


def test_headings_of_the_format_are_known_to_the_reader_of_tables() -> None:
    """Else a column of them could be taken for a sample or a result."""
    assert [name for name in exchange.own_names() if headings.parse(name).role is None] == []
