"""Signs that results are wrong: by case at every edge, on made-up batches of many rows, and against a loop."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import yaml

from soilrules.messages import LANGUAGES, catalogue
from soilrules.monitoring.dated import switched_off
from soilrules.monitoring.plausibility import BATCH, Finding, former_medians, plausibility_rules, signs

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).resolve().parents[1] / "cases" / "monitoring" / "plausibility.yaml").read_text("utf-8")
)
DAY = date(2026, 9, 1)
Row = tuple[str, str, str, str, float | None]


def batch(rows: list[Row]) -> pa.RecordBatch:
    """Rows of sample, analyte, printed result, unit and former median as the rules take them."""
    columns = {
        "sample": [row[0] for row in rows],
        "analyte": [row[1] for row in rows],
        "value": [None if row[2].startswith("<") else float(row[2]) for row in rows],
        "unit": [row[3] or None for row in rows],
        "censored": [row[2].startswith("<") for row in rows],
        "printed": [row[2] for row in rows],
        "former": [row[4] for row in rows],
    }
    arrays = [pa.array(columns[field.name]).cast(field.type) for field in BATCH]
    return pa.RecordBatch.from_arrays(arrays, schema=BATCH)


def rows_of(case: dict[str, Any]) -> list[Row]:
    rows = [(str(row[0]), row[1], row[2], row[3], row[4]) for row in case.get("rows", [])]
    for one in case.get("many", []):
        former = one["former"] or [None] * len(one["results"])
        rows += [
            (f"S{number}", one["analyte"], result, one["unit"], former[number])
            for number, result in enumerate(one["results"])
        ]
    return rows


def found_in(case: dict[str, Any]) -> tuple[Finding, ...]:
    off = case.get("switched_off", [])
    rules = {name: switched_off(rule) if name in off else rule for name, rule in plausibility_rules().items()}
    return signs(batch(rows_of(case)), DAY, rules=rules)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_signs(case: dict[str, Any]) -> None:
    found = found_in(case)

    assert [[one.rule.id.removeprefix("plausibility."), list(one.rows)] for one in found] == case["found"]
    assert all("{" not in one.message.sentence(language) for one in found for language in LANGUAGES)
    assert all(one.row == one.rows[0] for one in found)
    if "says" in case:
        assert {one.message.id for one in found} == {case["says"]}


def digits(seed: int, *, of: str, count: int) -> list[Row]:
    random = np.random.default_rng(seed)
    ends = random.choice(list(of), count)
    return [
        (f"S{number}", "zinc", f"{random.integers(40, 90)}.{end}", "mg/kg", None) for number, end in enumerate(ends)
    ]


@pytest.mark.parametrize(
    ("of", "count", "expected"),
    [
        ("0123456789", 400, []),
        ("0055123456789", 400, []),  # the commonest digit stays below the share
        ("05", 400, ["plausibility.digits"]),
        ("0000123456789", 400, ["plausibility.digits"]),
        ("05", 50, ["plausibility.digits"]),
        ("05", 49, []),
    ],
)
def test_digits(of: str, count: int, expected: list[str]) -> None:
    found = signs(batch(digits(7, of=of, count=count)), DAY)

    assert [one.rule.id for one in found] == expected
    assert all(len(one.rows) == count for one in found)


def test_one_significant_digit_or_no_printed_text_says_nothing_of_digits() -> None:
    rows = [(f"S{number}", "zinc", f"0.00{5 - number % 2}", "mg/kg", None) for number in range(100)]
    silent = batch(digits(7, of="05", count=100))
    silent = silent.set_column(5, "printed", pa.nulls(100, pa.string()))

    assert signs(batch(rows), DAY) == signs(silent, DAY) == ()


def test_every_sentence_is_said_somewhere() -> None:
    said = {one.message.id for case in CASES for one in found_in(case)}
    said |= {one.message.id for one in signs(batch(digits(7, of="05", count=100)), DAY)}

    assert said == set(catalogue("monitoring")["plausibility"])


def test_no_row_and_no_rule_of_the_day_find_nothing() -> None:
    assert signs(batch([]), DAY) == ()
    assert signs(batch([("S1", "ph", "15", "", None)]), date(2004, 12, 8)) == ()


def test_former_medians_are_those_of_a_loop() -> None:
    random = np.random.default_rng(11)
    count = 500
    history: dict[str, list[Any]] = {
        "point": random.choice(["P1", "P2", "P3", "P4"], count).tolist(),
        "analyte": random.choice(["cadmium", "lead", "ph"], count).tolist(),
        "value": random.lognormal(0, 1, count).tolist(),
        "unit": random.choice(["mg/kg", "µg/kg", "ppm"], count).tolist(),
        "censored": (random.random(count) < 0.45).tolist(),
    }
    asked = {**{name: column[:60] for name, column in history.items()}, "value": [1.0] * 60}
    medians = former_medians(pa.RecordBatch.from_pydict(history), pa.RecordBatch.from_pydict(asked)).to_pylist()

    factor = {"mg/kg": 1.0, "µg/kg": 0.001}
    for row, median in enumerate(medians):
        readable = asked["unit"][row] in factor
        alike = [
            other
            for other in range(count)
            if (history["point"][other], history["analyte"][other]) == (asked["point"][row], asked["analyte"][row])
            and (history["unit"][other] in factor) == readable
        ]
        told = [
            history["value"][other] * factor[history["unit"][other]]
            for other in alike
            if not history["censored"][other] and readable
        ]
        if 2 * len(told) > len(alike):
            assert median == pytest.approx(np.median(told))
        else:
            assert median is None


def test_a_point_without_history_has_no_former_median() -> None:
    rows = {"point": ["P1"], "analyte": ["lead"], "value": [3.0], "unit": ["mg/kg"], "censored": [False]}
    asked = {**rows, "point": ["P2"]}

    assert former_medians(pa.RecordBatch.from_pydict(rows), pa.RecordBatch.from_pydict(asked)).to_pylist() == [None]
