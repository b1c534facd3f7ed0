"""Whole tables judged: every case by rows and problems, the stream against the judgement of single results."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from soilrules.evaluation import Choices, Evaluation, reading, shipped
from soilrules.evaluation.samples import Sample
from soilrules.labtables import NO_VALUE, read_table
from soilrules.messages import LANGUAGES, catalogue
from soilrules.standards import provinces
from soilrules.standards.judge import judge
from soilrules.standards.names import resolve
from soilrules.standards.rulings import Cause
from soilrules.verdict import Mark, Outcome

CASES = Path(__file__).parents[1] / "cases" / "evaluation"
DAY = date(2026, 11, 22)
FIXED = ("sample", "analyte", "value", "unit", "verdict", "screening", "control", "factor", "basis", "mark", "reason")
UNKNOWN_OF_ROWS = (*Cause, *NO_VALUE, "date_unread", "date_ambiguous")


def cases() -> list[Any]:
    found = [
        (path.stem, case) for path in sorted(CASES.glob("*.yaml")) for case in yaml.safe_load(path.read_text())["cases"]
    ]
    return [pytest.param(case, id=f"{stem}: {case['name']}") for stem, case in found]


def choices(given: dict[str, Any]) -> Choices:
    chosen = dict(given)
    if "ph" in chosen:
        chosen["ph"] = Decimal(chosen["ph"])
    return Choices(**{"on": DAY, **chosen})


def evaluated(table: str | bytes, *, language: str = "zh", **given: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    data = table.encode() if isinstance(table, str) else table
    evaluation = Evaluation(read_table(data, name="表.csv"), shipped(), choices(given), language=language)
    rows = list(evaluation.rows())
    return rows, evaluation.summary()


@pytest.mark.parametrize("case", cases())
def test_case(case: dict[str, Any]) -> None:
    rows, summary = evaluated(case["table"], **case.get("choices", {}))

    assert len(rows) == len(case["rows"]), [(row["analyte"], row["reason"]) for row in rows]
    for row, expected in zip(rows, case["rows"], strict=True):
        says = expected.pop("says", "")
        assert {name: row[name] for name in expected} == expected, row["reason"]
        assert says in row["reason"]
        assert tuple(row)[: len(FIXED)] == FIXED
        assert (row["verdict"] == "unknown") == (row["cause"] is not None)
    told = "\n".join(problem["sentence"] for problem in summary["problems"])
    assert [one for one in case.get("problems", ()) if one not in told] == []
    assert [one for one in case.get("no_problems", ()) if one in told] == []
    assert {name: summary[name] for name in case.get("summary", ())} == case.get("summary", {})
    if "gravest" in case:
        assert [one["sample"] for one in summary["gravest_samples"]] == case["gravest"]
    if "classes" in case:
        assert {one["sample"]: one["class"] for one in summary["gravest_samples"]} == case["classes"]


def test_every_outcome_occurs_in_the_cases() -> None:
    expected = {row.get("verdict") for one in cases() for row in one.values[0]["rows"]}

    assert expected >= set(map(str, Outcome))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_case_is_worded_in_both_languages_alike(language: str) -> None:
    for one in cases():
        case = one.values[0]
        rows, _ = evaluated(case["table"], language=language, **case.get("choices", {}))
        assert [row["verdict"] for row in rows if "verdict" in row] == [
            row["verdict"] for row in evaluated(case["table"], **case.get("choices", {}))[0]
        ]
        assert not any(
            chr(0xFDD0) <= sign <= chr(0xFDEF) for row in rows for sign in json.dumps(row, ensure_ascii=False)
        )


# The stream against the judgement of each record by itself.

VALUES = st.sampled_from(
    [
        "0.3",
        "0.301",
        "0.4",
        "1.5",
        "1.51",
        "20",
        "20.01",
        "0",
        "<0.3",
        "<0.31",
        "ND",
        ">4",
        "/",
        "0.02L",
        "无",
        "-1",
        "0.5J",
    ]
)
NAMES = st.sampled_from(
    [
        "镉",
        "砷",
        "总铬",
        "六价铬",
        "锌",
        "苯并[a]芘",
        "滴滴涕",
        "间二甲苯",
        "pH",
        "苯",
        "隔",
        "As2O3",
        "总硬度",
        "嗅和味",
        "阴离子表面活性剂",
    ]
)
CELL = st.tuples(
    NAMES,
    VALUES,
    st.sampled_from(["mg/kg", "µg/kg", "mg/L", "", "ppm"]),
    st.sampled_from(["5.5", "5.51", "6.5", "7.51", "15", ""]),
    st.sampled_from(["水田", "旱地", "水旱轮作", "林地", ""]),
    st.sampled_from(["2026-09-01", "2026-09-02", "2018-07-31", "九月", ""]),
)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(CELL, min_size=1, max_size=25),
    family=st.sampled_from(["gb15618", "gb36600", "gbt14848", "gb2762", "gb5084"]),
    ph=st.sampled_from([None, "6"]),
)
def test_the_stream_says_what_single_judgement_says(rows: list[tuple[str, ...]], family: str, ph: str | None) -> None:
    table = "样品,项目,结果,单位,pH,用地类型,采样日期\n" + "\n".join(
        f"S{at % 3},{','.join(row)}" for at, row in enumerate(rows)
    )
    given = {"standard": family, "crop": "稻谷", "water_use": "水作", **({"ph": ph} if ph else {})}
    try:
        opened = read_table(table.encode(), name="x.csv")
    except ValueError:
        return
    told, _ = evaluated(table, **given)
    records = [one for batch in opened.batches() for one in reading.filled(batch, choices(given)).to_pylist()]
    told = [row for row in told if row["row"] is not None]
    assert len(told) == len(records)
    for record, row in zip(records, told, strict=True):
        named = resolve(record["analyte"] or "", shipped().national(family))
        undated = record["problem"] in ("date_unread", "date_ambiguous") and family == "gb2762"
        if record["problem"] in NO_VALUE and row["cause"] == record["problem"] or undated or named.cause:
            assert row["verdict"] == "unknown"
            continue
        around = reading.circumstances(record, family, choices(given))
        result = reading.result(record, named.slug)
        verdict = judge(shipped(), family, result, around, level="III")
        assert (row["verdict"], row["cause"]) == (verdict.outcome, verdict.cause)
        assert row["reason"].startswith(verdict.sentence("zh")), record
        assert row["basis"] == (verdict.basis or verdict.standard or None)
        assert row["class"] == (verdict.quality_class or None)
        assert row["factor"] == (None if verdict.factor is None else pytest.approx(float(verdict.factor), rel=1e-5))


def test_a_ph_that_is_none_is_told_itself_and_not_the_one_of_its_sample() -> None:
    table = "样品,项目,结果,单位,pH\n" + "\n".join(f"S{at},pH,{value},,5.5" for at, value in enumerate((20, 21, 14.01)))
    told, _ = evaluated(table, standard="gb5084", water_use="水作")
    reasons = [row["reason"] for row in told if row["row"] is not None]
    for value, reason in zip((20, 21, 14.01), reasons, strict=True):
        assert reason.startswith(f"pH {value} 不是有效的 pH"), reason


def test_samples_by_columns_are_the_samples_row_by_row() -> None:
    lines = [f"S{at % 7},镉,{at / 50},mg/kg,{5 + at % 4},水田" for at in range(200)] + [
        "S9,镉,ND,mg/kg,6,水田",
        ",镉,9,mg/kg,6,水田",
    ]
    rows, summary = evaluated("样品,项目,结果,单位,pH,用地类型\n" + "\n".join(lines))
    samples: dict[str, Sample] = {}
    for row in rows:
        samples.setdefault(row["sample"] or "", Sample()).add(row)

    assert summary["samples"] == len(samples)
    shown = {one["sample"] or "": one for one in summary["gravest_samples"]}
    for name, sample in samples.items():
        assert shown[name]["verdict"] == sample.outcome
        assert shown[name]["governing"] == sample.governing
        assert shown[name]["factor"] == (None if sample.factor < 0 else pytest.approx(sample.factor))
        assert sum(shown[name]["counts"].values()) == sample.rows


def test_the_limits_used_are_told_with_where_they_were_read() -> None:
    _, summary = evaluated(
        "样品,项目,结果,单位,pH,用地类型\nS1,镉,0.1,mg/kg,5,水田\nS2,镉,0.1,mg/kg,5,水田\nS3,锌,1,mg/kg,5,水田\n"
    )

    told = [(one["analyte"], one["level"], one["limit"], one["results"], one["mark"]) for one in summary["limits"]]
    assert told == [("cadmium", "screening", "0.3", 2, "double-sourced"), ("zinc", "screening", "200", 1, "double-sourced"), ("cadmium", "control", "1.5", 2, "double-sourced")]  # fmt: skip
    assert {code for one in summary["limits"] for code in one["sources"]} == set(summary["sources"])


# Provinces.


@pytest.mark.parametrize("text", ["江西", "江西省", "Jiangxi", "JIANG XI", "36", "360000", " 江西 "])
def test_a_province_by_its_names_and_codes(text: str) -> None:
    assert provinces.division_of(text) == "36"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("360102", "360102"),
        ("360100", "3601"),
        ("陕西", "61"),
        ("Shanxi", "14"),
        ("内蒙古", "15"),
        ("360102001", "360102001"),
    ],
)
def test_finer_codes_and_names_alike(text: str, code: str) -> None:
    assert provinces.division_of(text) == code


@pytest.mark.parametrize("text", ["", "江", "00", "99", "3", "3601020", "Jiangxi Sheng x"])
def test_no_province(text: str) -> None:
    with pytest.raises(KeyError):
        provinces.division_of(text)


def test_there_are_31_provinces_and_every_local_standard_lies_in_one() -> None:
    assert len(provinces.provinces()) == 31
    for one in provinces.known():
        assert one.division[:2] in provinces.provinces()
        assert set(one.families) <= set(shipped().families)


def test_a_pass_says_which_local_table_is_not_held() -> None:
    table = "样品,项目,结果,单位\nB1,砷,20,mg/kg\nB2,砷,21,mg/kg\n"
    rows, summary = evaluated(table, standard="gb36600", land_class="1", division="36")

    assert "DB36/1282-2020" in rows[0]["note"] and "--limits" in rows[0]["note"]
    assert rows[1]["note"] is None
    assert summary["notes"] == [rows[0]["note"]]
    assert evaluated(table, standard="gb36600", land_class="1", division="37")[1]["notes"] == []
    assert "DB4403" not in evaluated(table, standard="gb36600", division="440100")[0][0]["reason"]


def test_a_local_standard_that_is_held_is_not_told_as_missing() -> None:
    from soilrules.standards.loader import read_edition
    from soilrules.strict import parse_yaml

    text = (Path(__file__).parents[2] / "examples" / "standards" / "db99-36600.yaml").read_text("utf-8")
    entered = text.replace('division: "99"', 'division: "36"').replace(
        "DB99/T 2-2026", "DB 36/1282—2020".replace("—", "-")
    )
    library = shipped().with_editions([read_edition(parse_yaml(entered, "x"), "x")])

    assert provinces.not_held(library, "36") == ()
    assert [one.standard for one in provinces.not_held(shipped(), "36")] == ["DB36/1282-2020"]


# The catalogue of sentences.


def test_every_sentence_stands_in_both_languages() -> None:
    for group in catalogue("evaluation").values():
        assert all(set(texts) == set(LANGUAGES) and all(texts.values()) for texts in group.values())


def test_every_cause_has_a_name_and_a_next_step() -> None:
    for group in ("causes", "next"):
        assert set(catalogue("evaluation")[group]) == set(map(str, UNKNOWN_OF_ROWS))


def test_every_outcome_mark_level_and_choice_has_its_word() -> None:
    said = catalogue("evaluation")
    assert set(said["outcomes"]) == set(map(str, Outcome))
    assert set(said["marks"]) == set(map(str, Mark))
    assert set(said["levels"]) == {level for one in shipped().editions for level in one.levels}
    assert set(said["choices"]) == set(Choices.__dataclass_fields__)


def test_a_factor_just_above_one_and_one_in_thousands_are_said_as_single_judgement_says_them() -> None:
    table = "样品,项目,结果,单位,pH,用地类型\nS1,镉,0.301,mg/kg,5.5,水田\nS2,铅,400000,mg/kg,5.5,水田\n"
    told, _ = evaluated(table, standard="gb15618")
    said = [row["reason"] for row in told if row["row"] is not None]
    assert "的 1.003 倍" in said[0]
    assert "e+" not in said[1] and "倍" in said[1]
