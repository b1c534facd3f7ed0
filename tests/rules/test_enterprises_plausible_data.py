"""Hints in filed data: each with enough results and with one too few, honest data left alone, no word of accusation."""

from __future__ import annotations

from datetime import date, timedelta
from math import floor, log10
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from soilrules.enterprises.plausible_data import FILED, Hints, hints, plausible_rules
from soilrules.messages import LANGUAGES, catalogue
from soilrules.monitoring.dated import switched_off

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).resolve().parents[1] / "cases" / "enterprises_firms" / "plausible_data.yaml").read_text("utf-8")
)
FILED_ON = date(2026, 9, 1)
Row = tuple[str | None, date, str, str, float | None, str | None, bool, float | None]


def batch(rows: list[Row]) -> pa.RecordBatch:
    columns = zip(*rows, strict=True)
    return pa.RecordBatch.from_arrays(
        [pa.array(one, field.type.value_type if pa.types.is_dictionary(field.type) else field.type).cast(field.type)
         for one, field in zip(columns, FILED, strict=True)], schema=FILED,
    )  # fmt: skip


def rows_of(case: dict[str, Any]) -> list[Row]:
    found: list[Row] = []
    for point, series in case["results"].items():
        for analyte, printed in series.items():
            for place, one in enumerate(map(str, printed)):
                if one != "-":
                    day = date(2020, 3, 1) + timedelta(days=180 * place)
                    value, censored = float(one.removeprefix("<")), one.startswith("<")
                    found.append((point, day, analyte, "mg/kg", value, one, censored, case.get("limit")))
    return found


def looked(case: dict[str, Any]) -> Hints:
    return hints(batch(rows_of(case)), FILED_ON)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_hints(case: dict[str, Any]) -> None:
    found = looked(case)

    assert [one.message.id for one in found.hints] == case["hints"]
    assert found.comparisons == case.get("compared", found.comparisons)
    assert all(one.p < found.threshold and one.rows and one.n for one in found.hints)
    assert all("{" not in one.message.sentence(language) for one in found.hints for language in LANGUAGES)


def test_last_digits_need_a_hundred_results() -> None:
    """Three figures, one digit far too often: told from a hundred results on."""

    def of(count: int) -> Hints:
        printed = [
            f"{10 + place * 0.37:.1f}"[:-1] + ("7" if place % 2 else str(place // 2 % 10)) for place in range(count)
        ]
        return hints(
            batch([(f"P{k}", FILED_ON, "lead", "mg/kg", float(t), t, False, None) for k, t in enumerate(printed)]),
            FILED_ON,
        )

    assert "digits" not in {one.message.id for one in of(99).hints}
    found = {one.message.id: one for one in of(100).hints}
    assert found["digits"].n == 100 and "7" in found["digits"].message.params["digit"]
    assert all("{" not in found["digits"].message.sentence(language) for language in LANGUAGES)


def test_every_sign_occurs_and_no_sentence_accuses() -> None:
    words = catalogue("enterprises")["plausible"]

    assert {one.message.id for case in CASES for one in looked(case).hints} | {"digits"} == set(words)
    assert set(words) == {key.removeprefix("plausible.") for key in plausible_rules()} - {"together"}
    assert all("请人工核对" in one["zh"] and "please check" in one["en"] for one in words.values())
    assert not any(word in one["zh"] for one in words.values() for word in ("造假", "伪造", "篡改", "虚假", "弄虚作假"))


def test_a_rule_switched_off_says_nothing() -> None:
    rules = {key: switched_off(rule) for key, rule in plausible_rules().items()}
    series = {**plausible_rules(), "plausible.series": rules["plausible.series"]}

    assert hints(batch(rows_of(CASES[0])), FILED_ON, rules=rules) == Hints((), 0, 0.0)
    assert not hints(batch(rows_of(CASES[0])), FILED_ON, rules=series).hints
    assert hints(batch(rows_of(CASES[0]))[:0], FILED_ON) == Hints((), 0, 0.0)
    assert not hints(batch(rows_of(CASES[0])), date(2018, 12, 31)).hints


def test_the_rows_of_a_hint_are_those_that_agree() -> None:
    rows = rows_of(CASES[0])
    found = looked(CASES[0]).hints[0]

    assert sorted(found.rows) == list(range(12))
    assert {rows[row][0] for row in found.rows} == {"W1", "W2"}


def test_what_cannot_be_read_is_left_out() -> None:
    odd: list[Row] = [
        (None, FILED_ON, "lead", "mg/kg", 1.0, "1.0", False, None), ("P", FILED_ON, "lead", "mg/kg", None, None, False, 5.0),
        ("P", FILED_ON, "lead", "mg/kg", 0.0, "0", False, 0.0), ("P", FILED_ON, "lead", "mg/kg", 3.0, "about 3", False, 3.0),
    ]  # fmt: skip

    assert hints(batch(odd), FILED_ON) == Hints((), 0, 0.01)


def printed(value: float, figures: int) -> str:
    decimals = figures - 1 - floor(log10(value))
    return f"{round(value, decimals):.{max(decimals, 0)}f}"


def honest(seed: int, *, figures: int, apart: float) -> list[Row]:
    """Lognormal contents that vary by time and by the precision of a method; `apart` is how unlike the wells are."""
    draw = np.random.default_rng(seed)
    usual = np.exp(draw.normal(2, 1.5, 8))
    wells = usual * np.exp(draw.normal(0, apart, (5, 8)))
    values = wells[:, None, :] * np.exp(draw.normal(0, 0.05, (5, 8, 8)))
    return [
        (f"W{well}", date(2020, 1, 1) + timedelta(days=90 * time), f"a{analyte}", "mg/kg",
         float(text := printed(values[well, time, analyte], figures)), text, False, float(2 * usual[analyte]))
        for well in range(5) for time in range(8) for analyte in range(8)
    ]  # fmt: skip


@pytest.mark.parametrize(("figures", "apart"), [(3, 0.5), (3, 0.0), (2, 0.5), (2, 0.0), (4, 0.0)])
def test_honest_data_are_left_alone(figures: int, apart: float) -> None:
    told = [hints(batch(honest(seed, figures=figures, apart=apart)), FILED_ON).hints for seed in range(12)]

    assert sum(map(bool, told)) <= 1


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(12)), st.integers(0, 5))
def test_no_order_of_rows_changes_what_is_found(order: list[int], which: int) -> None:
    rows = rows_of(CASES[which])
    shuffled = [rows[place] for place in order if place < len(rows)]
    mixed, plain = hints(batch(shuffled), FILED_ON), hints(batch(rows), FILED_ON)

    assert mixed.comparisons == plain.comparisons
    assert sorted(one.p for one in mixed.hints) == pytest.approx(sorted(one.p for one in plain.hints))
