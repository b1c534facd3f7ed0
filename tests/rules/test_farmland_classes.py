"""Classes of units: the table of cases, what no rule set may do, and columns that answer as units one by one do."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from soilrules.farmland import columns
from soilrules.farmland.produce import Excess, Samples, excess, joint
from soilrules.farmland.rulesets import Grade, Ruleset, read_rulesets, rulesets, with_severe, without_majority
from soilrules.farmland.soil import PointGrade, element_soil
from soilrules.farmland.units import UnitClass, classify
from soilrules.strict import BadRuleData

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "farmland" / "classes.yaml").read_text("utf-8"))
GUIDE = rulesets()["guide2019"]
ROMAN = {"Ⅰ": Grade.ONE, "Ⅱ": Grade.TWO, "Ⅲ": Grade.THREE, "?": None}
SETS = {"guide": GUIDE, "no majority": without_majority(GUIDE), "severe strict": with_severe(GUIDE, Grade.THREE)}


def points_of(text: str) -> list[PointGrade]:
    """Ⅰ Ⅰ Ⅱ as points P1, P2, P3; Ⅰ*4 is four of them."""
    grades = [
        ROMAN[word[0]] for part in text.split() for word in [part] * (int(part[2:]) if "*" in part else 1)
    ]  # fmt: skip
    return [PointGrade(f"P{at}", grade) for at, grade in enumerate(grades, start=1)]


def pairs_of(words: Any) -> frozenset[frozenset[str]] | None:
    return None if words == "unknown" else frozenset(frozenset(pair.split("-")) for pair in words or [])


@pytest.mark.parametrize("case", CASES["soil"], ids=lambda case: case["says"])
def test_the_points_of_a_unit(case: Mapping[str, Any]) -> None:
    ruleset = SETS[case.get("ruleset", "guide")]
    found = element_soil(points_of(case["points"]), pairs_of(case.get("adjoin")), ruleset)
    assert (found.grade, found.reason) == (ROMAN[case["grade"]], case["reason"])
    assert list(found.apart) == case.get("apart", [])
    for language in ("zh", "en"):
        assert found.message.sentence(language)


@pytest.mark.parametrize("case", CASES["joint"], ids=lambda case: case["says"])
def test_soil_and_produce_together(case: Mapping[str, Any]) -> None:
    within, light, severe, *unknown = case["samples"]
    found = joint(
        ROMAN[case["soil"]] or Grade.ONE, Samples(within, light, severe, *unknown), SETS[case.get("ruleset", "guide")]
    )  # fmt: skip
    assert (found.grade, found.reason) == (ROMAN[case["grade"]], case["reason"])
    for language in ("zh", "en"):
        assert found.message.sentence(language)


@pytest.mark.parametrize(
    ("ratio", "said"),
    [("0", "within"), ("1", "within"), ("1.0001", "light"), ("2", "light"), ("2.0001", "severe")],
)
def test_the_limit_itself_is_not_exceeded(ratio: str, said: str) -> None:
    assert excess(Decimal(ratio), GUIDE) is Excess(said)


def test_a_ratio_below_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match=r"-0\.1.*Check value and unit"):
        excess(Decimal("-0.1"), GUIDE)


@pytest.mark.parametrize("case", CASES["units"], ids=lambda case: case["says"])
def test_the_class_of_a_unit(case: Mapping[str, Any]) -> None:
    points = {slug: points_of(case.get(slug, "Ⅰ*3")) for slug in (*GUIDE.elements, *GUIDE.beside)}
    produce = {slug: Samples(*counts) for slug, counts in case.get("produce", {}).items()}
    found = classify(points, produce, frozenset(), GUIDE)
    assert (found.farmland_class, list(found.controlling)) == (case["class"], case.get("controlling", []))
    assert list(found.open) == case.get("open", [])
    for language in ("zh", "en"):
        assert found.message.sentence(language) and all(one.sentences(language) for one in found.elements)


grades = st.sampled_from([Grade.ONE, Grade.TWO, Grade.THREE, None])
tallies = st.tuples(*[st.integers(0, 6)] * 4)


@given(soil=st.sampled_from(list(Grade)), counts=tallies)
def test_what_no_produce_can_do(soil: Grade, counts: tuple[int, int, int, int]) -> None:
    found = joint(soil, Samples(*counts), GUIDE)
    assert not (soil is Grade.THREE and found.grade is Grade.ONE)
    assert found.grade is soil or sum(counts[:3]) >= 3
    assert found.grade <= soil


@given(copper=st.lists(grades, max_size=6), others=st.lists(st.sampled_from([Grade.ONE, Grade.TWO]), min_size=1))
def test_copper_never_yields_strict_control(copper: list[Grade | None], others: list[Grade]) -> None:
    points = {slug: [PointGrade(f"P{at}", one) for at, one in enumerate(others)] for slug in GUIDE.elements}
    beside = {slug: [PointGrade(f"P{at}", one) for at, one in enumerate(copper)] for slug in GUIDE.beside}
    with_metals, without = (classify(some, {}, frozenset(), GUIDE) for some in (points | beside, points))
    assert with_metals.grade is without.grade is not Grade.THREE


@st.composite
def campaigns(draw: st.DrawFn) -> tuple[list[Any], list[Any], Any]:
    """A few units: points with a grade for each element or none, samples, and which points adjoin."""
    units = draw(st.integers(1, 3))
    cell = st.sampled_from([-1, 0, 1, 1, 1, 1, 2, 3])
    points = draw(
        st.lists(st.tuples(st.integers(0, units - 1), st.tuples(*[cell] * 5)), min_size=1, max_size=24)
    )  # fmt: skip
    sample = st.tuples(st.integers(0, units - 1), st.integers(0, 4), st.integers(0, 3))
    samples = draw(st.lists(sample, max_size=30))
    together = [
        (a, b) for a, b in product(range(len(points)), repeat=2) if a < b and points[a][0] == points[b][0]
    ]  # fmt: skip
    adjoining = draw(st.none() | (st.lists(st.sampled_from(together), unique=True) if together else st.just([])))
    return points, samples, adjoining


@settings(max_examples=150)
@given(campaign=campaigns(), name=st.sampled_from(list(SETS)))
def test_columns_answer_as_units_do(campaign: tuple[list[Any], list[Any], Any], name: str) -> None:
    points, samples, adjoining = campaign
    ruleset, units = SETS[name], 3
    unit = np.array([one for one, _ in points], np.int32)
    table = np.array([row for _, row in points], np.int8)
    pairs = None if adjoining is None else np.array(adjoining, np.int32).reshape(-1, 2)
    tested = np.array(samples, np.int32).reshape(-1, 3)
    found = columns.classify_columns(
        units,
        columns.PointColumns(unit, table, pairs),
        columns.SampleColumns(tested[:, 0], tested[:, 1], tested[:, 2].astype(np.int8)),
        ruleset,
    )
    for at in range(units):
        one = _one_by_one(at, points, samples, adjoining, ruleset)
        assert found.worst[at] == (one.grade or 0)
        assert [found.grades[at, e] for e in range(5)] == [element.grade or 0 for element in one.elements]
        assert [columns.REASONS[found.reasons[at, e]] for e in range(5)] == [e.soil.reason for e in one.elements]
        assert [e for e in range(5) if found.controlling[at, e]] == [
            ruleset.elements.index(slug) for slug in one.controlling
        ]
        drawn = {f"P{row}" for row in np.flatnonzero(found.apart.any(axis=1)) if unit[row] == at}
        assert drawn == set(one.apart)


def _one_by_one(at: int, points: list[Any], samples: list[Any], adjoining: Any, ruleset: Ruleset) -> UnitClass:
    rows = [(row, grades) for row, (unit, grades) in enumerate(points) if unit == at]
    by_element = {
        slug: [PointGrade(f"P{row}", Grade(g[e]) if g[e] else None) for row, g in rows if g[e] >= 0]
        for e, slug in enumerate(ruleset.elements)
    }
    counts = {
        slug: Samples(*(samples.count((at, e, k)) for k in (1, 2, 3, 0))) for e, slug in enumerate(ruleset.elements)
    }  # fmt: skip
    pairs = None if adjoining is None else frozenset(frozenset((f"P{a}", f"P{b}")) for a, b in adjoining)
    return classify(by_element, counts, pairs, ruleset)


@pytest.mark.parametrize("case", CASES["bad_data"], ids=lambda case: case["says"])
def test_a_rule_set_that_cannot_be_trusted(case: Mapping[str, Any], tmp_path: Path) -> None:
    text = (Path(columns.__file__).parents[1] / "data" / "farmland" / "rulesets.yaml").read_text("utf-8")
    assert case["replace"] in text
    file = tmp_path / "rulesets.yaml"
    file.write_text(text.replace(case["replace"], case["by"], 1), "utf-8")
    with pytest.raises(BadRuleData, match=case["error"]):
        read_rulesets(file)
