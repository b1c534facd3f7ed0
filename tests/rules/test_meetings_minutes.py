"""Minutes read: cases, and that every span says what it stands for, whatever the text."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from soilrules.plantext.draft import Span
from soilrules.supervision.clauses import SURE, Clause, Head, drafted, fixed_day
from soilrules.supervision.minutes import read_minutes

UNITS = ("区农业农村局", "区财政局", "区自然资源局", "区住建局", "区环委办", "区生态环境局", "白鹭镇")
CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "supervision" / "minutes.yaml").read_text("utf-8"))
WORDS = st.sampled_from(
    [
        *UNITS,
        "由",
        "牵头",
        "配合，",
        "会同",
        "于12月1日前",
        "完成。",
        "\n",
        "（一）",
        "二是",
        "会议议定：",
        "；",
        "报",
        "参会单位：",
        "各镇街",
    ]
)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_cases(case: dict[str, Any]) -> None:
    found = read_minutes(case["text"], UNITS, 2026)
    assert [_told(case["text"], one, wanted[1]) for one, wanted in zip(found, case["expect"], strict=True)] == case[
        "expect"
    ]


def _told(text: str, one: Clause, begin: str) -> list[Any]:
    words = one.text.of(text)
    day = next((term.last for term in one.deadlines if term.last), None)
    units = [[unit.name, unit.role.value] for unit in one.units]
    return [one.number, words[: len(begin)], units, day, one.sure < SURE]


def test_the_heading_stands_over_its_decisions() -> None:
    text = "会议议定：\n一、关于经费\n（一）区财政局于12月1日前落实。\n"
    assert read_minutes(text, UNITS, 2026)[0].section == ("一、关于经费",)


@given(st.lists(WORDS, max_size=30).map("".join))
def test_every_span_says_what_it_stands_for(text: str) -> None:
    found = read_minutes(text, UNITS, 2026)
    assert found == sorted(found, key=lambda one: one.text)
    for one in found:
        assert one.units
        assert "\n" not in one.text.of(text).strip()
        assert all(unit.span.of(text) == unit.name for unit in one.units)
        assert all(one.text.start <= unit.span.start and unit.span.end <= one.text.end for unit in one.units)
        assert all(text[term.start : term.end] == term.text for term in one.deadlines)
        assert any(unit.role.value != "support" for unit in one.units)


def test_clauses_become_a_draft_with_their_characters() -> None:
    text = "1. 修复（时限：2026年12月10日）"
    due = fixed_day("2026年12月10日", 9, date(2026, 12, 10))
    assert text[due.start : due.end] == due.text
    head = Head("交办", "交办〔2026〕1号", "区环委办", date(2026, 11, 20), date(2027, 12, 31))
    draft = drafted(text, head, [Clause(Span(3, len(text)), (), (due,), "1")])
    assert (draft.period, draft.year, draft.tasks[0].text.spans) == (
        (date(2026, 11, 20), date(2027, 12, 31)), 2026, (Span(3, len(text)),),
    )  # fmt: skip
    assert draft.tasks[0].deadlines[0].last == date(2026, 12, 10)
