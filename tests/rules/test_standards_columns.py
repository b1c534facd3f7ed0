"""Whole columns are judged as single results are: the same verdict, the same cause, the same limits, row for row."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soilrules import analytes, units
from soilrules.standards import uses
from soilrules.standards.columns import BATCH, ColumnJudge
from soilrules.standards.judge import Result, judge
from soilrules.standards.library import Library, shipped
from soilrules.standards.loader import read_edition
from soilrules.standards.names import resolve
from soilrules.standards.rulings import Cause, Circumstances
from soilrules.strict import load_yaml

CASES = Path(__file__).resolve().parents[1] / "cases" / "standards"
ON = date(2026, 11, 22)
FAMILIES = ("gb15618", "gb36600", "gbt14848", "gb5084", "gb2762")
NAMES = ("滴滴涕", "As2O3", "有效态镉", "unobtainium", "", None, "Cd", "总砷", "7439-92-1", "六价铬", "total chromium")
UNITS = ("mg/kg", "µg/kg", "ng/kg", "%", "mg/kg（鲜重）", "mg/L", "µg/L", "无量纲", "个/L", "Bq/L", "ppm", "", None)
USES: dict[str, tuple[str, ...]] = {
    "gb15618": ("水田", "paddy", "orchard", "水浇地", "水旱轮作", "0101", "林地", "不明"),
    "gb36600": ("第一类用地", "class_2", "A33", "G1", "工业用地", "月球", "待定"),
    "gbt14848": ("随便",),
    "gb5084": ("水田作物", "旱作", "vegetable_b", "蔬菜", "花卉"),
    "gb2762": ("水稻", "芹菜", "大米", "茶叶", "玉米", "花生", "月饼"),
}
DAYS = ("1990-01-01", "2018-04-30", "2018-08-01", "2021-06-30", "2023-06-29", "2023-06-30", "2026-09-01", "2026-09-02")
PHS = tuple(
    near for edge in (0.0, 5.5, 6.0, 6.5, 7.5, 14.0) for near in (edge, np.nextafter(edge, -99), np.nextafter(edge, 99))
)
ODD = (0.0, -0.0, -1.0, 5e-324, 1e300, math.inf, -math.inf, math.nan, None)
Row = dict[str, Any]


@cache
def library() -> Library:
    return shipped().with_editions([read_edition(load_yaml(CASES / "province_99.yaml"), "province_99.yaml")])


@cache
def limit_numbers(family: str) -> tuple[float, ...]:
    """Every number a table of the standard prints, in the units results come in, with its two neighbours."""
    editions = [one for one in library().editions if one.family == family]
    printed = {limit.upper for one in editions for limit in one.limits if limit.bound.upper is not None}
    scaled = sorted({float(number * factor) for number in printed for factor in (1, 1000, Decimal("0.0001"))})
    return tuple(float(near) for one in scaled for near in (one, np.nextafter(one, -1), np.nextafter(one, math.inf)))


@cache
def rows_of(family: str) -> st.SearchStrategy[Row]:
    limited = sorted({slug for one in library().editions if one.family == family for slug in one.by_analyte})
    others = st.sampled_from([*NAMES, *analytes.all_analytes()])
    numbers = st.one_of(st.sampled_from(limit_numbers(family)), st.sampled_from(ODD), st.floats(0, 10, width=32))
    days = st.sampled_from([*map(date.fromisoformat, DAYS), None, date(2027, 1, 1), date(2029, 1, 1)])
    ph = st.one_of(st.sampled_from([*map(float, PHS), 15.0, -1.0, math.nan, math.inf, None]), st.floats(3, 10))
    return st.fixed_dictionaries(
        {
            "analyte": st.one_of(st.sampled_from(limited), others),
            "value": numbers,
            "unit": st.one_of(st.sampled_from(["mg/kg", "mg/L", "µg/L"]), st.sampled_from(UNITS)),
            "censored": st.sampled_from([False, False, True, None]),
            "detection_limit": numbers,
            "ph": ph,
            "land": st.sampled_from([*USES[family], *library().national(family)[0].uses, "", None]),
            "date": days,
        }
    )


def number(cell: float | None) -> Decimal | None:
    return None if cell is None or math.isnan(cell) else Decimal(repr(cell))


def result_of(row: Row, slug: str) -> Result:
    printed = row["unit"] or ""
    unit = units.parse(printed)
    return Result(
        slug,
        number(row["value"]),
        unit,
        bool(row["censored"]),
        number(row["detection_limit"]),
        printed_unit="" if unit else printed,
    )


def around_of(row: Row, family: str, division: str) -> Circumstances:
    land = uses.resolve(family, row["land"]) if row["land"] else None
    return Circumstances(row["date"] or ON, land, number(row["ph"]), division)


def by_row(row: Row, family: str, division: str, level: str) -> tuple[str, str | None]:
    """The verdict and cause of one row, by the row-by-row judgement."""
    around = around_of(row, family, division)
    named = resolve(row["analyte"] or "", library().national(family))
    if library().edition(family, around.on) is None:
        return "unknown", Cause.NOT_IN_FORCE
    if named.cause:
        return "unknown", named.cause
    verdict = judge(library(), family, result_of(row, named.slug), around, level=level)
    return verdict.outcome, verdict.cause


def batch_of(rows: list[Row]) -> pa.RecordBatch:
    plain = pa.RecordBatch.from_pylist(rows, schema=pa.schema([(one.name, _plain(one.type)) for one in BATCH]))
    return plain.cast(BATCH)


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def by_columns(judging: ColumnJudge, rows: list[Row]) -> list[tuple[str, str | None]]:
    found = judging.judge(batch_of(rows))
    return list(zip(found.column("verdict").to_pylist(), found.column("cause").to_pylist(), strict=True))


@pytest.mark.parametrize("family", FAMILIES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_columns_agree_with_rows(family: str, data: st.DataObject) -> None:
    rows = data.draw(st.lists(rows_of(family), min_size=1, max_size=25))
    division = data.draw(st.sampled_from(["", "990101"]))
    level = data.draw(st.sampled_from(["", "I", "IV"])) if family == "gbt14848" else ""
    judging = ColumnJudge(library(), family, on=ON, level=level, division=division)

    assert by_columns(judging, rows) == [by_row(row, family, division, level) for row in rows]
