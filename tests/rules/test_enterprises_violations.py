"""Violations: which ranges are laid before a person on which days, and that the directions are those of the amounts."""

from __future__ import annotations

import doctest
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from soilrules.enterprises import violations as room
from soilrules.enterprises.violations import Direction, Grade, Violation, Whom, ranges_for, shown_by, violations
from soilrules.messages import LANGUAGES, catalogue

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).resolve().parents[1] / "cases" / "enterprises_firms" / "violations.yaml").read_text("utf-8")
)
CODE = date(2026, 8, 15)
DAYS = st.dates(date(2019, 1, 1), date(2030, 1, 1))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_ranges(case: dict[str, Any]) -> None:
    kind = violations()[case["violation"]]
    found = ranges_for(kind, case["act"], case["decided"], act_began_on=case.get("began"))

    assert [one.law.key for one in found.penalties] == case["laws"]
    assert found.needs_choice == case["choose"]
    assert found.message.id == case["says"]
    assert all("{" not in found.message.sentence(language) for language in LANGUAGES)


def test_every_sentence_occurs() -> None:
    assert {case["says"] for case in CASES} == set(catalogue("enterprises")["violations"])


@pytest.mark.parametrize(
    ("name", "law", "whom", "grade", "amounts"),
    [
        ("false_monitoring_data", "old", Whom.UNIT, Grade.ORDINARY, ("2", "20")),
        ("false_monitoring_data", "old", Whom.UNIT, Grade.SERIOUS, ("20", "200")),
        ("false_monitoring_data", "new", Whom.UNIT, Grade.ORDINARY, ("10", "100")),
        ("false_monitoring_data", "new", Whom.PERSON, Grade.ORDINARY, ("5", "20")),
        ("no_toxic_report", "old", Whom.UNIT, Grade.ORDINARY, ("2", "20")),
        ("no_toxic_report", "new", Whom.UNIT, Grade.REFUSAL, ("2", "10")),
        ("no_toxic_report", "new", Whom.UNIT, Grade.ORDINARY, None),
        ("tailings_no_monitoring", "old", Whom.UNIT, Grade.SERIOUS, None),
        ("tailings_no_monitoring", "new", Whom.UNIT, Grade.SERIOUS, ("20", "200")),
        ("refuses_inspection", "new", Whom.UNIT, Grade.ORDINARY, ("5", "20")),
        ("false_report", "new", Whom.UNIT, Grade.SERIOUS, ("50", "200")),
        ("remediation_not_filed", "old", Whom.UNIT, Grade.REFUSAL, ("1", "5")),
        ("remediation_not_filed", "new", Whom.UNIT, Grade.REFUSAL, ("2", "10")),
        ("demolition_not_filed", "new", Whom.UNIT, Grade.REFUSAL, ("1", "5")),
        ("no_self_monitoring", "new", Whom.UNIT, Grade.REFUSAL, None),
    ],
)  # fmt: skip
def test_amounts(name: str, law: str, whom: Whom, grade: Grade, amounts: tuple[str, str] | None) -> None:
    penalty = getattr(violations()[name], law)
    fine = penalty.fine(whom, grade)

    assert (None if fine is None else (fine.low, fine.high)) == (amounts and tuple(map(Decimal, amounts)))


@pytest.mark.parametrize("kind", violations().values(), ids=lambda kind: kind.id)
def test_direction_agrees_with_the_amounts(kind: Violation) -> None:
    """Same amounts where it says so; an amount that moved one way is never called the other."""
    assert (kind.old is None) == (kind.direction is Direction.NEW)
    if kind.old is None or kind.new is None:
        return
    pairs = [(kind.old.fine(whom, grade), kind.new.fine(whom, grade)) for whom in Whom for grade in Grade]
    if kind.direction is Direction.SAME:
        assert all((a and (a.low, a.high)) == (b and (b.low, b.high)) for a, b in pairs)
    if kind.direction is Direction.HEAVIER:
        assert all(a is None or (b and b.low >= a.low and b.high >= a.high) for a, b in pairs)  # type: ignore[operator]
    if kind.direction is Direction.LIGHTER:
        assert all(a is None or b is None or b.high <= a.high for a, b in pairs)  # type: ignore[operator]


def test_every_kind_says_what_shows_it_and_every_law_is_cited() -> None:
    for kind in violations().values():
        assert kind in shown_by(kind.shown_by)
        assert all(one.citation.startswith(one.law.zh) and one.fines for one in (kind.old, kind.new) if one)
    assert shown_by("nothing of the kind") == ()


@pytest.mark.parametrize(
    ("act", "decided", "began"), [(CODE, date(2026, 8, 14), None), (CODE, CODE, date(2026, 8, 16))]
)
def test_days_that_cannot_follow_each_other_are_refused(act: date, decided: date, began: date | None) -> None:
    with pytest.raises(ValueError, match="expected each day not before"):
        ranges_for(violations()["no_survey"], act, decided, act_began_on=began)


@given(st.sampled_from(list(violations().values())), DAYS, DAYS)
def test_a_person_chooses_exactly_when_the_laws_differ(kind: Violation, one: date, other: date) -> None:
    act, decided = sorted((one, other))

    assert ranges_for(kind, act, decided).needs_choice == (act < CODE <= decided)


def test_examples_run() -> None:
    assert not doctest.testmod(room).failed
