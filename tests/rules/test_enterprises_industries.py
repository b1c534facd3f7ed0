"""Industries: what is typed, what is kept though unknown, and what is one of the industries that lists name."""

from __future__ import annotations

import doctest
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from soilrules.enterprises import industries
from soilrules.enterprises.industries import classification, key_industries, read
from soilrules.messages import LANGUAGES, catalogue

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).resolve().parents[1] / "cases" / "enterprises_firms" / "industries.yaml").read_text("utf-8")
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_is_typed(case: dict[str, Any]) -> None:
    found = read(case["typed"])

    assert found.valid == ("refused" not in case)
    assert [one.id for one in found.problems] == ([case["refused"]] if "refused" in case else [])
    assert [one.id for one in found.hints] == case.get("says", [])
    assert (found.code, found.name) == (case.get("code", ""), case.get("is", ""))
    assert list(found.proposals) == case.get("proposes", [])
    if "keys" in case:
        assert key_industries(found.code) == case["keys"]
    assert all("{" not in one.sentence(name) for one in (*found.problems, *found.hints) for name in LANGUAGES)


def test_every_sentence_and_industry_occurs() -> None:
    found = [read(case["typed"]) for case in CASES]
    said = {one.id for finding in found for one in (*finding.problems, *finding.hints)}

    assert said == set(catalogue("enterprises")["industries"])
    assert {key for case in CASES for key in case.get("keys", {})} == set(classification().key_industries)


def test_the_tables_hold_together() -> None:
    known = classification()

    assert {code for code in known.names if len(code) == 2} == {f"{number:02}" for number in range(1, 98)}
    assert all(code[:3] in known.names for code in known.names if len(code) == 4)
    assert all(any(code.startswith(b) for code in known.names) for k in known.key_industries.values() for b in k.codes)
    assert [one.letter for one in known.sections] == list("ABCDEFGHIJKLMNOPQRST")
    assert all(one.last < two.first for one, two in zip(known.sections, known.sections[1:], strict=False))


def test_examples_run() -> None:
    assert not doctest.testmod(industries).failed


@given(st.from_regex(r"\A(0[1-9]|[1-8][0-9]|9[0-7])[0-9]{0,2}\Z"))
def test_any_code_of_the_right_form_is_kept(code: str) -> None:
    found = read(code)

    assert found.valid and found.code == code
    assert found.path


@given(st.text(max_size=12))
def test_any_text_has_an_answer(text: str) -> None:
    found = read(text)

    assert found.valid != bool(found.problems)
    assert found.valid == bool(found.code)
