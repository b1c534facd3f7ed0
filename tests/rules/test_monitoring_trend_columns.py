"""Trends by columns are those of the row-by-row test, series by series; bad rows are refused with their place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soilrules.statistics.readings import Observation, Reading
from soilrules.statistics.rule_data import evaluation_rules
from soilrules.statistics.trend import RULE, TrendTest, mann_kendall
from soilrules.statistics.trend_columns import BATCH, TRENDS, trend_columns

FIRST = date(2012, 3, 1)
Row = tuple[str | None, date | None, float | None, bool, float | None]
readings = st.builds(
    lambda number, detected: Reading(Decimal(number) / 10, detected),
    st.integers(1, 12),
    st.sampled_from([True] * 4 + [False]),
)
several = st.lists(st.lists(st.tuples(st.integers(1, 400), readings), min_size=1, max_size=14), min_size=1, max_size=6)


def batch(rows: Sequence[Row]) -> pa.RecordBatch:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(BATCH)
    arrays = [pa.array(list(column)).cast(field.type) for column, field in zip(columns, BATCH, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=BATCH)


def rows_of(name: str, series: Sequence[Observation]) -> list[Row]:
    return [
        (name, one.on, float(one.reading.value) if one.reading.detected else None, not one.reading.detected,
         None if one.reading.detected else float(one.reading.value))
        for one in series
    ]  # fmt: skip


def series_of(steps: Sequence[tuple[int, Reading]]) -> list[Observation]:
    day, found = FIRST, []
    for gap, reading in steps:
        day += timedelta(gap)
        found.append(Observation(day, reading))
    return found


def by_row(name: str, answer: TrendTest) -> dict[str, Any]:
    return {
        "series": name,
        "n": answer.n,
        "not_detected": answer.not_detected,
        "outcome": str(answer.outcome),
        "message": answer.message.id,
        "s": answer.s,
        "variance_of_s": answer.variance_of_s,
        "z": answer.z,
        "p": answer.p,
        "p_method": answer.p_method or None,
        "tau": answer.tau,
        "slope_least": answer.slope and answer.slope.least,
        "slope_greatest": answer.slope and answer.slope.greatest,
    }


@given(several, st.randoms(use_true_random=False))
@settings(max_examples=120, deadline=None)
def test_every_series_is_judged_as_by_itself(given_steps: list[list[tuple[int, Reading]]], chance: Any) -> None:
    series = {f"P{number}": series_of(steps) for number, steps in enumerate(given_steps)}
    rows = [row for name, one in series.items() for row in rows_of(name, one)]
    chance.shuffle(rows)

    found = {row["series"]: row for row in trend_columns(batch(rows)).to_pylist()}

    assert list(found) == list(dict.fromkeys(row[0] for row in rows))
    for name, one in series.items():
        expected = by_row(name, mann_kendall(one))
        assert list(found[name]) == list(expected)
        assert {
            key: pytest.approx(value, rel=1e-12, abs=1e-12)
            for key, value in expected.items()
            if isinstance(value, float)
        } == {key: found[name][key] for key, value in expected.items() if isinstance(value, float)}
        assert {key: value for key, value in found[name].items() if not isinstance(value, float)} == {
            key: value for key, value in expected.items() if not isinstance(value, float)
        }


def test_many_short_and_long_series_are_taken_in_parts() -> None:
    rising = [Reading(Decimal(number)) for number in range(1, 60)]
    series = {f"P{number}": series_of([(30, one) for one in rising[: 5 + number % 55]]) for number in range(400)}
    found = trend_columns(batch([row for name, one in series.items() for row in rows_of(name, one)]))

    assert found.num_rows == 400
    assert set(found["outcome"].to_pylist()) == {"rising"}
    assert found["tau"].to_pylist() == pytest.approx([1.0] * 400)


def test_no_row_is_no_trend() -> None:
    assert trend_columns(batch([])).schema == TRENDS
    assert trend_columns(batch([])).num_rows == 0


def test_a_rule_switched_off_judges_no_series() -> None:
    rules = {RULE: evaluation_rules("trend")[RULE].switched_off()}
    rows = rows_of("P1", series_of([(365, Reading(Decimal(number))) for number in range(1, 9)]))

    (row,) = trend_columns(batch(rows), rules=rules).to_pylist()
    assert (row["outcome"], row["message"], row["s"], row["slope_least"]) == ("unknown", "switched_off", None, None)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("P1", FIRST, 0.0, False, None), "the value of row 1 is 0: expected a number above 0"),
        (("P1", FIRST, None, False, None), "the value of row 1 is nan"),
        (("P1", FIRST, None, True, None), "the detection limit of row 1 is nan"),
        (("P1", FIRST + timedelta(1), 2.0, False, None), "two values of 2012-03-02 in the series P1"),
        ((None, FIRST, 2.0, False, None), "row 1 has no series"),
        (("P1", None, 2.0, False, None), "row 1 has no on"),
    ],
)
def test_a_row_that_is_no_result_is_refused(row: Row, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        trend_columns(batch([("P1", FIRST + timedelta(1), 1.0, False, None), row]))
