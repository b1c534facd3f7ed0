"""Whole columns are judged as single results are: the same verdict, the same cause, the same limits, row for row."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from standards_cases import ON, library

from soilrules import analytes, units
from soilrules.intervals import Interval
from soilrules.standards import arrow, columns, combinations, uses
from soilrules.standards.columns import BATCH, ColumnJudge
from soilrules.standards.judge import judge
from soilrules.standards.library import Library
from soilrules.standards.names import resolve
from soilrules.standards.results import Result
from soilrules.standards.rulings import Cause, Circumstances, find

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
def limit_numbers(family: str, analyte: str | None) -> tuple[float, ...]:
    """Every number the tables of the standard print for an analyte, in three units, each with its two neighbours."""
    editions = [one for one in library().editions if one.family == family]
    limits = [limit for one in editions for level in one.by_analyte.get(analyte or "", {}).values() for limit in level]
    printed = {limit.upper for limit in limits if limit.bound.upper is not None}
    printed |= {edge for limit in limits if (band := limit.bound.within) for edge in (band.low, band.high) if edge}
    scaled = sorted({float(number * factor) for number in printed for factor in (1, 1000, Decimal("0.0001"))})
    return tuple(float(near) for one in scaled for near in (one, np.nextafter(one, -1), np.nextafter(one, math.inf)))


@cache
def limited(family: str) -> tuple[str, ...]:
    return tuple(sorted({slug for one in library().editions if one.family == family for slug in one.by_analyte}))


def choices(family: str, analyte: str | None) -> dict[str, list[Any]]:
    """What the cells of a row may hold: mostly what can be judged, at its very limits, and everything odd."""
    edition = library().national(family)[0]
    numbers = [*limit_numbers(family, analyte) * 3, *ODD, 0.01, 3.0]
    return {
        "value": numbers,
        "unit": [*[edition.unit.symbol] * 20, "µg/L", *UNITS],
        "censored": [False, False, True, None],
        "detection_limit": numbers,
        "ph": [*map(float, PHS), 15.0, -1.0, math.nan, math.inf, None],
        "land": [*[*edition.uses] * 4, *USES[family], "", None],
        "date": [*map(date.fromisoformat, DAYS), None, date(2026, 12, 31), date(2027, 1, 1), date(2029, 1, 1)],
    }


@st.composite
def rows_of(draw: st.DrawFn, family: str) -> Row:
    names = [*NAMES, *sorted(analytes.all_analytes())]
    analyte = draw(
        st.one_of(st.sampled_from(limited(family)), st.sampled_from(limited(family)), st.sampled_from(names))
    )
    cells = {name: draw(st.sampled_from(values)) for name, values in choices(family, analyte).items()}
    return {"analyte": analyte, **cells}


def random_rows(family: str, count: int) -> list[Row]:
    """Many such rows at once."""
    rng = random.Random(family)
    known = [*limited(family) * 3, *NAMES * 2, *sorted(analytes.all_analytes())]
    return [
        {"analyte": name, **{cell: rng.choice(values) for cell, values in choices(family, name).items()}}
        for name in rng.choices(known, k=count)
    ]


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
    level = data.draw(st.sampled_from(["", "I", "IV", "V"])) if family == "gbt14848" else ""
    judging = ColumnJudge(library(), family, on=ON, level=level, division=division)

    assert by_columns(judging, rows) == [by_row(row, family, division, level) for row in rows]


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("division", ["", "990101"])
def test_many_rows_agree(family: str, division: str) -> None:
    rows = random_rows(family, 3000)
    wanted = [by_row(row, family, division, "") for row in rows]

    assert by_columns(ColumnJudge(library(), family, on=ON, division=division), rows) == wanted
    causes = {cause for _, cause in wanted if cause}
    assert {"name_unknown", "no_limit", "unit_missing", "unit_unknown", "value_missing", "value_invalid"} <= causes
    assert {"detection_limit_missing", "detection_limit_above", "unit_of_other_medium", "not_in_force"} <= causes


@pytest.mark.parametrize("family", FAMILIES)
def test_what_was_applied_is_what_the_row_by_row_judgement_finds(family: str) -> None:
    rows = random_rows(family, 400)
    judging = ColumnJudge(library(), family, on=ON, division="990101")

    for row, number in zip(rows, judging.judge(batch_of(rows)).column("place").to_pylist(), strict=True):
        place, around = judging.places[number], around_of(row, family, "990101")
        if place.named.cause is None and place.ruling.edition is not None:
            ruling = find(library(), family, place.analyte, around)
            assert (place.ruling.limits, place.ruling.cause) == (ruling.limits, ruling.cause)
            assert place.ruling.edition is ruling.edition


@pytest.mark.parametrize("family", FAMILIES)
def test_how_the_rows_are_cut_and_coded_changes_nothing(family: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = random_rows(family, 600)
    whole = by_columns(ColumnJudge(library(), family, on=ON), rows)

    monkeypatch.setattr(columns, "_CHUNK", 7)
    assert by_columns(ColumnJudge(library(), family, on=ON), rows) == whole
    monkeypatch.setattr(combinations, "_DENSE", 0)
    assert by_columns(ColumnJudge(library(), family, on=ON), rows) == whole


def test_a_judge_may_be_used_again_and_a_batch_may_be_a_slice() -> None:
    rows = random_rows("gb15618", 300)
    judging, batch = ColumnJudge(library(), "gb15618", on=ON), batch_of(rows)
    whole = judging.judge(batch)
    known = len(judging.places)

    assert judging.judge(batch).equals(whole)
    assert judging.judge(batch.slice(101, 99)).to_pylist() == whole.slice(101, 99).to_pylist()
    assert len(judging.places) == known


def test_plain_strings_small_codes_and_further_columns_are_read() -> None:
    rows = [{**row, "analyte": f"{row['analyte']}"} for row in random_rows("gb15618", 200)]
    names = [f"没有的{number}" for number in range(126)]  # with a null, more words than an int8 counts
    rows += [{**rows[0], "analyte": name} for name in names] + [{**rows[0], "analyte": None}]
    plain = pa.RecordBatch.from_pylist(rows, schema=pa.schema([(one.name, _plain(one.type)) for one in BATCH]))
    small = plain.append_column("sample", pa.array(range(len(rows)))).set_column(
        0, "analyte", plain.column("analyte").dictionary_encode().cast(pa.dictionary(pa.int16(), pa.string()))
    )

    wanted = ColumnJudge(library(), "gb15618", on=ON).judge(batch_of(rows)).select(["verdict", "cause"])
    for batch in (plain, small):
        assert ColumnJudge(library(), "gb15618", on=ON).judge(batch).select(["verdict", "cause"]).equals(wanted)


def test_an_int8_dictionary_that_is_full_takes_a_null() -> None:
    words = [f"没有的{number}" for number in range(128)]
    column = pa.DictionaryArray.from_arrays(pa.array([0, 127, None], pa.int8()), [*words])
    codes, known = arrow.words(column)

    assert [known[code] for code in codes] == [words[0], words[127], None]


@pytest.mark.parametrize("family", FAMILIES)
def test_no_rows(family: str) -> None:
    assert ColumnJudge(library(), family, on=ON).judge(batch_of([])).num_rows == 0


def test_a_standard_without_uses_needs_no_column_of_land() -> None:
    batch = batch_of(random_rows("gbt14848", 50))

    wanted = ColumnJudge(library(), "gbt14848", on=ON).judge(batch)
    assert ColumnJudge(library(), "gbt14848", on=ON).judge(batch.drop_columns("land")).equals(wanted)


def test_an_unknown_family() -> None:
    with pytest.raises(KeyError):
        ColumnJudge(library(), "gb9999", on=ON)


def test_an_edge_of_ph_that_belongs_to_the_band_above_is_refused() -> None:
    """The kernel compares pH with > only, so such a table must not come near it."""
    edition = library().national("gb15618")[0]
    odd = tuple(
        replace(limit, ph=Interval(limit.ph.low, True, limit.ph.high, False)) if limit.ph else limit
        for limit in edition.limits
    )

    with pytest.raises(ValueError, match="band above"):
        ColumnJudge(Library((replace(edition, limits=odd),)), "gb15618", on=ON)


def test_the_verdict_is_coded_in_a_dictionary_and_the_cause_is_null_where_something_is_said() -> None:
    found = ColumnJudge(library(), "gb15618", on=ON).judge(batch_of(random_rows("gb15618", 200)))
    said = np.array([verdict != "unknown" for verdict in found.column("verdict").to_pylist()])

    assert found.column("verdict").dictionary.to_pylist()[-1] == "unknown"
    assert found.column("cause").is_null().to_numpy(zero_copy_only=False).tolist() == said.tolist()
