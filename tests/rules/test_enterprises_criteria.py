"""Proposals for the list of key units: each criterion met and not, each fact unknown, each day on both sides."""

from __future__ import annotations

import doctest
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from soilrules.enterprises import criteria
from soilrules.enterprises.criteria import (
    FACTS,
    Proposal,
    UnitFacts,
    Verdict,
    criteria_rules,
    leaving_rules,
    propose,
)
from soilrules.messages import LANGUAGES, catalogue
from soilrules.monitoring.dated import switched_off

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).resolve().parents[1] / "cases" / "enterprises_firms" / "criteria.yaml").read_text("utf-8")
)
NAMES = {"industry", "trades", "permit_level", "state", *FACTS}


def answered(case: dict[str, Any]) -> Proposal:
    unit = UnitFacts(listed=case.get("listed", False), **{name: case[name] for name in NAMES & case.keys()})
    off = case.get("switched_off", [])
    entering = {name: switched_off(rule) if name in off else rule for name, rule in criteria_rules().items()}
    leaving = {name: switched_off(rule) if name in off else rule for name, rule in leaving_rules().items()}
    return propose(unit, case["day"], criteria=entering, leaving=leaving)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_proposal(case: dict[str, Any]) -> None:
    found = answered(case)

    assert found.verdict == case["verdict"]
    assert [one.rule.id for one in found.findings if one.met] == case["met"]
    assert list(found.missing) == case.get("missing", [])
    assert found.message.id == case.get("says", found.message.id)
    assert found.mark == case.get("mark", found.mark)
    messages = [found.message, *(one.message for one in found.findings)]
    assert all("{" not in one.sentence(language) for one in messages for language in LANGUAGES)


def test_every_rule_verdict_and_sentence_occurs() -> None:
    found = [answered(case) for case in CASES]
    said = {one.message.id for proposal in found for one in proposal.findings} | {one.message.id for one in found}

    assert {one.rule.id for proposal in found for one in proposal.findings if one.met} == {
        *criteria_rules(), *leaving_rules()
    }  # fmt: skip
    assert {one.verdict for one in found} == set(Verdict)
    assert said == set(catalogue("enterprises")["criteria"])


def test_examples_run() -> None:
    assert not doctest.testmod(criteria).failed


@given(
    st.sampled_from([None, "3212", "3360", "4710"]),
    st.fixed_dictionaries({name: st.sampled_from([None, True, False]) for name in FACTS}),
    st.booleans(),
    st.sampled_from(FACTS),
    st.booleans(),
)
def test_learning_a_fact_changes_only_what_was_open(
    industry: str | None, facts: dict[str, bool | None], listed: bool, learned: str, answer: bool
) -> None:
    unit = UnitFacts(listed=listed, industry=industry, **{**facts, learned: None})  # type: ignore[arg-type]
    before = propose(unit, date(2025, 1, 1)).verdict
    after = propose(replace(unit, **{learned: answer}), date(2025, 1, 1)).verdict  # type: ignore[arg-type]

    assert before in (Verdict.CANNOT_SAY, after)
