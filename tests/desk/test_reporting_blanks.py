"""Blank forms nobody has seen: a column of units, columns of targets, rows that print whom they are about."""

from __future__ import annotations

from typing import Any

import pytest

from soildesk.reporting.services import blanks, labelling


def sheet_of(*rows: tuple[Any, ...]) -> list[dict[str, Any]]:
    """A sheet as it is read from a form."""
    return [
        {
            "name": "表", "kind": "xlsx", "rows": len(rows), "columns": len(rows[0]), "whole": True, "lost": False,
            "cells": [
                {"cell": f"{'ABCDEFGH'[column]}{line}", "row": line, "column": column + 1, "text": str(text or ""), "rows": 1, "columns": 1}
                for line, row in enumerate(rows, 1) for column, text in enumerate(row)
            ],
        }
    ]  # fmt: skip


FIELDS = {"figure:rate:text": "受污染耕地安全利用率", "own:place": "地区名称", "own:today": "填表日期"}


def test_a_unit_says_nothing_and_a_target_is_no_value() -> None:
    form = sheet_of(
        ("指标", "计量单位", "年度任务数", "本季度", "年初以来", "备注"),
        ("受污染耕地安全利用率", "%", "", "", "", ""),
    )
    assert labelling.proposed(form, FIELDS, {}) == {"表!E2": "figure:rate:text"}
    assert labelling.labels(form)["表!C2"] == "受污染耕地安全利用率 · 年度任务数"


@pytest.mark.parametrize(
    ("words", "name"),
    [("地区", "own:place"), ("地区生产总值", ""), ("填报时间", "own:today"), ("填报时间要求", "")],
)
def test_other_words_for_a_field_stand_alone(words: str, name: str) -> None:
    assert labelling.proposed(sheet_of((words, "")), FIELDS, {}).get("表!B1", "") == name


def test_names_that_are_printed_are_told_from_running_numbers() -> None:
    form = sheet_of(
        ("序号", "地块", "单位", "状态"), ("1", "甲", "块", ""), ("2", "乙", "块", ""), ("合计", "", "", "")
    )
    assert labelling.printed(form, {"sheet": "表", "first_row": 2, "last_row": 3}) == {"B": {2: "甲", 3: "乙"}}
    assert labelling.printed(form, {"sheet": "别的", "first_row": 2, "last_row": 3}) == {}


class Row:
    def __init__(self, **values: Any) -> None:
        self.values = values


def test_a_row_goes_beside_its_own_name_whatever_the_order() -> None:
    rows = [Row(name="乙"), Row(name="甲"), Row(name="丁"), Row(name="丁"), Row(name="戊")]
    placed, left = blanks._beside(rows, "name", {5: "甲", 6: "乙", 7: "丙", 8: "丁"})
    assert {line: row.values["name"] for line, row in placed.items()} == {5: "甲", 6: "乙"}
    assert left == [
        "表上印着、没有记录的：丙。",
        "表上印着、有多条记录的，请人工填写：丁。",
        "有记录、表上没有印的：戊。",
    ]
