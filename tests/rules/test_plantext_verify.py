"""Every field points at its characters, and one changed character makes exactly the fields on it stale."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from soilrules.plantext import read, verify
from soilrules.plantext.draft import Span
from soilrules.plantext.verification import fields_of

CASES = Path(__file__).resolve().parents[1] / "cases" / "plantext"
TEXTS = {
    name: (CASES / f"{name}.txt").read_text("utf-8")
    for name in ("label_lines", "regular_table", "traditional", "wrapped_lines", "square_brackets")
}
DRAFTS = {name: read(text) for name, text in TEXTS.items()}


@given(st.sampled_from(sorted(TEXTS)), st.integers(min_value=0), st.sampled_from("甲。（9 \n"))
@settings(max_examples=150, deadline=None)
def test_one_changed_character(name: str, place: int, char: str) -> None:
    text, draft = TEXTS[name], DRAFTS[name]
    at = place % len(text)
    changed = text[:at] + char + text[at + 1 :]
    expected = [
        path
        for path, spans in fields_of(draft)
        if char != text[at] and any(span.start <= at < span.end for span in spans)
    ]
    assert [stale.path for stale in verify(draft, changed)] == expected


@given(st.sampled_from(sorted(TEXTS)), st.integers(min_value=0), st.text(alphabet="甲乙丙", min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_words_that_moved_are_found_again(name: str, place: int, words: str) -> None:
    text, draft = TEXTS[name], DRAFTS[name]
    at = place % len(text)
    changed = text[:at] + words + text[at:]
    for stale in verify(draft, changed):
        if stale.moved_to:
            assert "\n".join(span.of(changed) for span in stale.moved_to) == stale.was


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_fields_read_what_they_say(name: str) -> None:
    draft = DRAFTS[name]
    assert verify(draft, TEXTS[name]) == ()
    for task in draft.tasks:
        for unit in task.units:
            assert unit.name.value == "".join(span.of(draft.text) for span in unit.name.spans)
        for term in task.deadlines:
            printed = "".join(Span(term.start, term.end).of(draft.text).split())
            assert printed == "".join(term.text.split())
        assert task.line == draft.text.count("\n", 0, task.text.spans[0].start) + 1


PIECES = (
    "一、",
    "（一）",
    "1.",
    "第一条",
    "附件1",
    "\n",
    "\t",
    "|",
    "（",
    "）",
    "【责任单位】",
    "市水利局",
    "各镇（街道）",
    "牵头",
    "配合",
    "负责",
    "，",
    "、",
    "。",
    "：",
    "责任单位：",
    "完成时限：",
    "序号",
    "工作任务",
    "2021年",
    "6月底前",
    "长期",
    "到2020年",
    "率",
    "达到",
    "95%",
    "以上",
    "和",
    "分别",
    "以下均需",
    "落实",
    "不再列出",
    "目标",
    "工作方案",
    "开展监测",
    "3个",
    " ",
    "每年",
    "十四五",
    "期间",
    "/",
    "零增长",
)


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
@example("市水利局3个，3个")  # one counted name before two amounts
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_and_every_field_lies_in_it(text: str) -> None:
    draft = read(text)
    assert verify(draft, text) == ()
    for _, spans in fields_of(draft):
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
    for task in draft.tasks:
        assert task.text.spans
