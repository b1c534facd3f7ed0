"""Laboratory tables as text: cases an expert can read, and the words they rest on."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from soilrules.labtables import SCHEMA, LabTableRefused, notation, read_table
from soilrules.labtables import dates as lab_dates
from soilrules.labtables import headings as lab_headings
from soilrules.labtables.schema import PROBLEMS
from soilrules.messages import LANGUAGES, catalogue

CASES = Path(__file__).resolve().parent.parent / "cases" / "labtables"
TABLES = yaml.safe_load((CASES / "tables.yaml").read_text("utf-8"))
NOTATIONS = yaml.safe_load((CASES / "notations.yaml").read_text("utf-8"))
REFUSALS = yaml.safe_load((CASES / "refusals.yaml").read_text("utf-8"))
ONLY_IN_WORKBOOKS = {
    "tables_not_read",
    "merged_value",
    "format_below",
    "format_percent",
    "struck_out",
    "sheets_not_read",
    "formulas_used",
    "dates_as_text",
}  # test_labtables_files.py
ONLY_IN_LONG_FILES = {"more_duplicates"}


def records(table: Any) -> list[dict[str, Any]]:
    """All records of a table, each batch checked against the schema."""
    found: list[dict[str, Any]] = []
    for batch in table.batches():
        batch.validate(full=True)
        assert batch.schema.equals(SCHEMA)
        found += batch.to_pylist()
    return found


@pytest.mark.parametrize("case", TABLES, ids=lambda case: case["name"])
def test_table(case: dict[str, Any]) -> None:
    table = read_table(case["table"], name="case.csv")

    found = records(table)

    assert table.layout.shape == case.get("shape", table.layout.shape)
    assert [
        {name: record[name] for name in wanted} for record, wanted in zip(found, case["records"], strict=False)
    ] == (case["records"])
    assert len(found) == len(case["records"])
    assert {problem.id for problem in table.problems} == set(case.get("problems", []))
    assert [name for name in table.layout.ignored if name not in table.layout.twice] == case.get("ignored", [])


@pytest.mark.parametrize("case", NOTATIONS["values"], ids=lambda case: case["text"] or "blank")
def test_value(case: dict[str, Any]) -> None:
    wanted = {name: case.get(name) for name in notation.Reading._fields} | {"censored": case.get("censored", False)}

    assert notation.read(case["text"])._asdict() == wanted


@pytest.mark.parametrize("case", NOTATIONS["dates"], ids=lambda case: case["text"])
def test_date(case: dict[str, Any]) -> None:
    assert lab_dates.read(case["text"]) == (case.get("day"), case.get("problem"))


@pytest.mark.parametrize("case", NOTATIONS["headings"], ids=lambda case: case["text"])
def test_heading(case: dict[str, Any]) -> None:
    found = lab_headings.parse(case["text"])

    assert (found.role, found.analyte, found.unit) == (case.get("role"), case.get("analyte"), case.get("unit"))


@pytest.mark.parametrize("case", REFUSALS, ids=lambda case: case["name"])
def test_refused(case: dict[str, Any]) -> None:
    data = bytes.fromhex(case["bytes"]) if "bytes" in case else case["text"].encode()

    with pytest.raises(LabTableRefused) as refusal:
        read_table(data, name="结果.csv")

    assert refusal.value.message.id == case["refused"]
    assert all("结果.csv" in refusal.value.sentence(language) for language in LANGUAGES)


def test_every_problem_of_a_record_occurs_in_a_case() -> None:
    shown = {one for case in TABLES for one in case.get("problems", [])}
    sentences = catalogue("labtables")

    assert set(PROBLEMS) == set(sentences["records"])
    assert shown == {*sentences["records"], *sentences["problems"]} - ONLY_IN_WORKBOOKS - ONLY_IN_LONG_FILES


def test_every_sentence_is_in_both_languages_with_the_same_params() -> None:
    import string

    for group in catalogue("labtables").values():
        for sentences in group.values():
            assert set(sentences) == set(LANGUAGES)
            named = [{name for _, name, _, _ in string.Formatter().parse(one) if name} for one in sentences.values()]
            assert named[0] == named[1], sentences


def test_every_problem_found_can_be_said() -> None:
    for case in TABLES:
        table = read_table(case["table"], name="case.csv")
        for record in records(table):
            if message := table.message(record):
                assert str(record["row"]) in message.sentence("zh")
        assert all(problem.message.sentence(language) for problem in table.problems for language in LANGUAGES)


def test_a_ph_of_15_names_row_column_and_expectation() -> None:
    table = read_table("样品编号,镉(mg/kg),土壤pH\nS1,0.3,6\nS2,0.3,15\n")

    (problem,) = [one for record in records(table) if (one := table.message(record)) and record["analyte"] == "镉"]

    assert problem.sentence("en").startswith("Row 3, 土壤pH: pH “15” is not within 0 to 14")


def test_roles_are_told_by_heading() -> None:
    layout = read_table("样品编号,土壤pH,镉(mg/kg),电话\nS1,6.5,0.3,1\n").layout

    assert layout.by_column == {"样品编号": "sample", "土壤pH": "result: pH", "镉(mg/kg)": "result: 镉"}
    assert (layout.header_rows, layout.units, layout.encoding, layout.delimiter) == ((1,), ("mg/kg",), "utf-8", ",")


def test_every_word_stands_for_one_role() -> None:
    assert {lab_headings.parse(name).role for role in lab_headings.roles() for name in role.names} == {
        role.id for role in lab_headings.roles()
    }
    for role in lab_headings.roles():
        assert {lab_headings.parse(name).role for name in role.names} == {role.id}


def test_records_may_be_read_again() -> None:
    table = read_table("样品编号,镉(mg/kg)\nS1,0.3\nS1,0.3\n")

    assert records(table) == records(table)
    assert [problem.id for problem in table.problems] == ["duplicate_rows"]
    assert table.problems[0].message.params["rows"] == "2、3"
    assert date(2026, 9, 1) == lab_dates.read("2026-09-01")[0]


def test_the_reference_lists_every_heading() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "lab-tables.md").read_text("utf-8")

    for role in lab_headings.roles():
        assert f"| `{role.id}` | {role.zh} | {'、'.join(role.names)} |" in page, role.id
