"""Every field points at its characters, and one changed character makes exactly the fields on it stale."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soilrules.plantext import read, verify
from soilrules.plantext.draft import Span
from soilrules.plantext.verification import fields_of

CASES = Path(__file__).resolve().parents[1] / "cases" / "plantext"
TEXTS = {name: (CASES / f"{name}.txt").read_text("utf-8")
         for name in ("label_lines", "regular_table", "traditional", "wrapped_lines", "square_brackets")}
DRAFTS = {name: read(text) for name, text in TEXTS.items()}


@given(st.sampled_from(sorted(TEXTS)), st.integers(min_value=0), st.sampled_from("甲。（9 \n"))
@settings(max_examples=150, deadline=None)
def test_one_changed_character(name: str, place: int, char: str) -> None:
    text, draft = TEXTS[name], DRAFTS[name]
    at = place % len(text)
    changed = text[:at] + char + text[at + 1:]
    expected = [path for path, spans in fields_of(draft) if char != text[at] and any(span.start <= at < span.end for span in spans)]
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
