"""Credit codes: what is only writing, what is wrong and where, and that no single slip passes."""

from __future__ import annotations

import doctest
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from soilrules.enterprises import credit_code
from soilrules.enterprises.credit_code import ALPHABET, LENGTH, Fault, body_digit, check, check_digit, registered_at
from soilrules.messages import LANGUAGES, catalogue

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).resolve().parents[1] / "cases" / "enterprises_firms" / "credit_codes.yaml").read_text("utf-8")
)
BODIES = st.text(ALPHABET, min_size=8, max_size=8).map(lambda body: body + body_digit(body))
CODES = st.tuples(st.sampled_from("159Y"), st.sampled_from("123"), st.sampled_from(["110108", "510100"]), BODIES).map(
    lambda parts: "".join(parts) + check_digit("".join(parts))
)


def typed(case: dict[str, Any]) -> str:
    text: str = case["typed"]
    return text + check_digit(text) if case.get("append_check") else text


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_is_typed(case: dict[str, Any]) -> None:
    found = check(typed(case))
    messages = [*(one.message for one in found.problems), *found.hints]

    assert [one.fault for one in found.problems] == case["faults"]
    assert found.valid == (not case["faults"])
    assert found.given == typed(case)
    assert found.code == case.get("code", found.code)
    assert case.get("proposes") in (None, *found.proposals[:1])
    assert case.get("hints", []) == [one.id for one in found.hints] or found.problems
    assert case.get("says") in (None, *(one.id for one in messages))
    assert all("{" not in one.sentence(language) for one in messages for language in LANGUAGES)


def test_every_fault_and_sentence_occurs() -> None:
    found = [check(typed(case)) for case in CASES]
    said = {one.id for finding in found for one in (*(two.message for two in finding.problems), *finding.hints)}

    assert {one.fault for finding in found for one in finding.problems} == set(Fault)
    assert said | {"registered"} == set(catalogue("enterprises")["credit_code"])


def test_where_it_was_registered() -> None:
    parts = check("91110000600037341L").parts

    assert parts and parts.division == "110000"
    assert "110000（北京市）" in registered_at(parts).sentence()
    assert "not be where it works" in registered_at(parts).sentence("en")


def test_examples_run() -> None:
    assert not doctest.testmod(credit_code).failed


@given(CODES)
def test_a_right_code_passes_without_a_hint(code: str) -> None:
    found = check(code.lower())

    assert found.valid and found.code == code
    assert not found.hints


@given(CODES, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_no_single_wrong_character_passes(code: str, place: int, other: str) -> None:
    found = check(code[:place] + other + code[place + 1 :])

    assert found.valid == (other == code[place])


@given(CODES, st.integers(0, LENGTH - 2))
def test_neighbours_exchanged_never_pass_and_are_proposed_back(code: str, place: int) -> None:
    slip = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    found = check(slip)

    assert found.valid == (slip == code)
    assert found.valid or code in found.proposals


@given(st.text(max_size=30))
def test_any_text_has_an_answer_and_every_proposal_is_right(text: str) -> None:
    found = check(text)

    assert all(check(one).valid for one in found.proposals)
    assert all(
        "{" not in one.message.sentence(language) for one in found.problems for language in LANGUAGES if "{" not in text
    )
