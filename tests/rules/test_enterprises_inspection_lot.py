"""The lot: the same seed gives the same order, nobody else's presence changes it, and weight is chance."""

from __future__ import annotations

import doctest
from datetime import date
from decimal import Decimal
from hashlib import sha256
from math import log
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from soilrules.enterprises import inspection_lot
from soilrules.enterprises.inspection_lot import draw, weigh, weight_rule
from soilrules.messages import LANGUAGES, catalogue
from soilrules.monitoring.dated import switched_off

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).resolve().parents[1] / "cases" / "enterprises_firms" / "lots.yaml").read_text("utf-8")
)
NOW = date(2026, 1, 5)
UNITS = st.dictionaries(
    st.text("ABCDEFGH0123456789", min_size=1, max_size=6), st.decimals("0.1", "9", places=1), min_size=1, max_size=12
)
SEEDS = st.text(min_size=1, max_size=12).filter(str.strip)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_lot_drawn_once_comes_out_so_for_ever(case: dict[str, Any]) -> None:
    weights = {unit: Decimal(weight) for unit, weight in case["weights"].items()}
    lot = draw(weights, case["n"], case["seed"])

    assert [one.unit for one in lot.order] == case["order"]
    assert lot.drawn == tuple(case["order"][: case["n"]])
    assert all("{" not in lot.message.sentence(language) for language in LANGUAGES)


@given(UNITS, SEEDS, st.data())
def test_the_order_is_the_seed_and_the_weights_alone(
    weights: dict[str, Decimal], seed: str, data: st.DataObject
) -> None:
    n = data.draw(st.integers(0, len(weights)))
    shuffled = dict(data.draw(st.permutations(list(weights.items()))))
    lot = draw(weights, n, seed)

    assert draw(shuffled, n, seed).order == lot.order
    assert len(lot.drawn) == n and [one.place for one in lot.order] == list(range(1, len(weights) + 1))
    assert {one.unit: one.weight for one in lot.order} == weights
    assert draw(weights, len(weights), seed).drawn[:n] == lot.drawn


@given(UNITS, SEEDS, st.data())
def test_one_unit_less_leaves_the_order_of_the_others(
    weights: dict[str, Decimal], seed: str, data: st.DataObject
) -> None:
    gone = data.draw(st.sampled_from(sorted(weights)))
    rest = {unit: weight for unit, weight in weights.items() if unit != gone}

    assert [one.unit for one in draw(rest, 0, seed).order] == [
        one.unit for one in draw(weights, 0, seed).order if one.unit != gone
    ]


@given(UNITS, SEEDS, st.data())
def test_more_weight_never_puts_a_unit_later(weights: dict[str, Decimal], seed: str, data: st.DataObject) -> None:
    unit = data.draw(st.sampled_from(sorted(weights)))
    before, after = (
        next(one.place for one in draw(given_weights, 0, seed).order if one.unit == unit)
        for given_weights in (weights, {**weights, unit: weights[unit] * 2})
    )

    assert after <= before


@given(UNITS, SEEDS)
def test_anybody_can_draw_again_from_what_is_published(weights: dict[str, Decimal], seed: str) -> None:
    lot = draw(weights, 0, seed)
    turns = []
    for one in lot.order:
        assert one.ticket == sha256((seed + "\n" + one.unit).encode()).hexdigest()
        turns.append(-log((int(one.ticket, 16) + 1) / (2**256 + 1)) / float(one.weight))

    assert all(one <= other + 1e-9 for one, other in zip(turns, turns[1:], strict=False))


def test_twice_the_weight_is_twice_the_chance_to_be_first() -> None:
    weights = {"heavy": Decimal(2), "light": Decimal(1)}
    first = [draw(weights, 1, f"seed {number}").drawn[0] for number in range(3000)]

    assert 0.63 < first.count("heavy") / len(first) < 0.70  # two thirds, four standard errors apart


@pytest.mark.parametrize(
    ("weights", "n", "seed", "wrong"),
    [
        ({"A": Decimal(1)}, 1, " ", "seed is blank"), ({"A": Decimal(1)}, 2, "s", "2 of 1 units"),
        ({"A": Decimal(1)}, -1, "s", "-1 of 1 units"), ({"A": Decimal(0)}, 0, "s", "A: the weight is not above 0"),
        ({"A": Decimal("NaN")}, 0, "s", "not above 0"), ({"A": Decimal(-1)}, 0, "s", "not above 0"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn(weights: dict[str, Decimal], n: int, seed: str, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        draw(weights, n, seed)


def test_nobody_to_draw_from() -> None:
    assert draw({}, 0, "s").order == ()


def test_a_weight_says_what_raised_it_and_what_nobody_knows() -> None:
    found = weigh({"soil_key": True, "abnormal_monitoring": True, "complaint": False, "open_hazard": None}, NOW)

    assert found.value == 4
    assert found.reasons == ("soil_key", "abnormal_monitoring")
    assert "open_hazard" in found.unknown and "complaint" not in found.unknown and "near_sensitive" in found.unknown
    assert "监测异常" in found.message.sentence() and "K-low" in found.message.sentence("en")


@pytest.mark.parametrize("fact", [name for name in weight_rule().numbers if name != "base"])
def test_every_fact_raises_the_weight_and_has_words(fact: str) -> None:
    found = weigh({fact: True}, NOW)

    assert found.value == weight_rule().numbers["base"] + weight_rule().numbers[fact] > weigh({}, NOW).value
    assert all("{" not in found.message.sentence(language) for language in LANGUAGES)
    assert set(catalogue("enterprises")["lot_facts"]) == set(weight_rule().numbers) - {"base"}


def test_weights_before_their_day_or_switched_off_are_alike() -> None:
    assert weigh({"soil_key": True}, date(2018, 12, 31)).value == 1
    assert weigh({"soil_key": True}, date(2019, 1, 1)).value == 2
    off = weigh({"soil_key": True}, NOW, rule=switched_off(weight_rule()))
    assert (off.value, off.message.id) == (1, "no_weights")


def test_a_fact_nobody_weighs_is_refused() -> None:
    with pytest.raises(ValueError, match="colour: no weight is held; expected some of soil_key"):
        weigh({"colour": True}, NOW)


def test_examples_run() -> None:
    assert not doctest.testmod(inspection_lot).failed
