"""Whatever a laboratory writes, in any notation, in a text or a workbook: the same meaning comes out, or a problem."""

from __future__ import annotations

import io
import math
from typing import Any

import numpy as np
import openpyxl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from soilrules.labtables import NO_VALUE, LabTableRefused, notation, read_table
from soilrules.labtables.coded import Coded, Vocabulary
from soilrules.labtables.results import read as read_column

NUMBERS = st.decimals("0.0001", "99999", places=4).map(lambda number: f"{number.normalize():f}")
DETECTED = ["{0}", " {0} ", "{0}mg/kg", "{0} mg/kg", "{0}J", "{0}*", "{0}±0.1", "+{0}", "{0}e0", "{0}×10^0"]
BELOW = ["<{0}", "＜{0}", "< {0}", "≤{0}", "{0}L", "{0}U", "ND({0})", "nd<{0}", "未检出(<{0})", "小于{0}", "<{0}mg/kg"]


def records(text: str | bytes) -> list[dict[str, Any]]:
    return [record for batch in read_table(text).batches() for record in batch.to_pylist()]


@given(NUMBERS, st.sampled_from(DETECTED))
def test_a_detected_result_in_any_notation(number: str, form: str) -> None:
    found = notation.read(form.format(number))

    assert math.isclose(found.value or 0, float(number))
    assert not found.censored
    assert found.problem is None


@given(NUMBERS, st.sampled_from(BELOW))
def test_a_result_below_its_limit_in_any_notation(number: str, form: str) -> None:
    found = notation.read(form.format(number))

    assert (found.value, found.censored, found.problem) == (None, True, None)
    assert math.isclose(found.limit or 0, float(number))


@given(st.text(max_size=12))
@example("1e400")
@example("ND<")
@example("١٢")
def test_no_text_is_two_things_at_once(text: str) -> None:
    found = notation.read(text)

    said = [found.value is not None, found.censored, found.more_than is not None, found.problem in NO_VALUE]
    assert sum(said) == 1
    assert all(number is None or (math.isfinite(number) and number >= 0) for number in found[:1] + found[2:4])


@given(st.lists(st.one_of(NUMBERS, st.sampled_from(["5.", ".5", "1E2", "1e-3", "ND", "-1", "+3", "1e999", "<2", "x"]))))
def test_a_column_reads_as_its_cells_do(cells: list[str]) -> None:
    words = list(dict.fromkeys(cells))
    codes = np.array([words.index(cell) for cell in cells] + [-1], np.int32)

    column = read_column(Coded(codes, words), Vocabulary(), Vocabulary(), comma_decimal=False)

    for at, cell in enumerate(cells):
        one = notation.read(cell)
        assert bool(column.censored[at]) == one.censored
        assert np.array_equal([column.value[at], column.limit[at]], [_nan(one.value), _nan(one.limit)], equal_nan=True)
        assert (column.problem[at] >= 0) == (one.problem is not None)


def _nan(number: float | None) -> float:
    return math.nan if number is None else number


TABLE = st.lists(
    st.tuples(NUMBERS, st.sampled_from([None, *DETECTED, *BELOW]), NUMBERS, st.sampled_from(DETECTED + BELOW)),
    min_size=1, max_size=8,
)  # fmt: skip


def _cell(number: str, form: str | None) -> str:
    return "" if form is None else form.format(number)


@settings(max_examples=30, deadline=None)
@given(TABLE)
def test_long_and_wide_text_and_workbook_say_the_same(rows: list[tuple[str, str | None, str, str]]) -> None:
    wide = [["样品编号", "镉(mg/kg)", "砷(mg/kg)"]]
    long = [["样品编号", "检测项目", "检测结果", "单位"]]
    for at, (cadmium, form, arsenic, other) in enumerate(rows):
        wide.append([f"S{at}", _cell(cadmium, form), _cell(arsenic, other)])
        long += [[f"S{at}", "镉", _cell(cadmium, form), "mg/kg"], [f"S{at}", "砷", _cell(arsenic, other), "mg/kg"]]

    read = [[_meaning(one) for one in records(table)] for table in map(_text, (wide, long))]
    read += [[_meaning(one) for one in records(table)] for table in map(_workbook, (wide, long))]

    assert read[0] == read[1] == read[2] == read[3]
    assert len(read[0]) == 2 * len(rows)


def _meaning(record: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(
        record[name] for name in ("sample", "analyte", "value", "censored", "detection_limit", "unit", "problem")
    )


def _text(rows: list[list[str]]) -> str:
    return "\n".join("\t".join(row) for row in rows) + "\n"


def _workbook(rows: list[list[str]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _outcome(data: str | bytes) -> list[dict[str, Any]] | str:
    """The records, or the sentence of the refusal."""
    try:
        return records(data)
    except LabTableRefused as refusal:
        return refusal.sentence("zh") + refusal.sentence("en")


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=100), st.text('\n\n,,\t;"<>ND未检出镉砷样品编号单位pH0123.-/=±# ', max_size=200)))
def test_any_text_is_read_or_refused(text: str) -> None:
    for header in ("", "样品编号,镉(mg/kg),pH\n", "样品编号,检测项目,检测结果\n"):
        found = _outcome((header + text).encode("utf-8", "replace"))

        assert found or header
        if not isinstance(found, str):
            assert all(one["value"] is None or not one["censored"] for one in found)
            assert [one["row"] for one in found] == sorted(one["row"] for one in found)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for head in (b"", b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"sample,Cd mg/kg\n"):
        assert isinstance(_outcome(head + data), list | str)
