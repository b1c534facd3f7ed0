"""Grain of a lot from harvest to its end, and tests owed before a harvest."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from soilrules.farmland.grain import Lot, Part, balance, odd_yield
from soilrules.farmland.harvests import OwedState, ProduceTest, Season, owed_tests

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "farmland" / "grain.yaml").read_text("utf-8"))
SOWN, HARVEST = date(2026, 4, 20), date(2026, 9, 20)
RICE = Season("GD-1", "水稻", SOWN, HARVEST)


def tonnes(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["says"])
def test_the_balance_of_a_lot(case: Mapping[str, Any]) -> None:
    parts = dict(zip(Part, map(tonnes, case["parts"]), strict=True))
    covered = {Part(part): Decimal(one) for part, one in case.get("covered", {}).items()}
    found = balance(
        Lot(
            tonnes(case["harvest"]),
            parts,
            locked=case.get("locked", False),
            covered=covered,
            mixed=Decimal(case.get("mixed", 0)),
            bare_loss=Decimal(case.get("bare_loss", 0)),
        ),
        HARVEST,
    )
    assert found.unexplained == tonnes(case["unexplained"])
    assert [(kind.value, amount) for kind, amount in found.findings] == [
        (kind, tonnes(amount)) for kind, amount in case["findings"]
    ]
    assert found.closed is (not case["findings"])
    for language in ("zh", "en"):
        assert all(message.sentence(language) for message in found.messages())


@pytest.mark.parametrize(
    ("lot", "why"),
    [
        (Lot(Decimal(-1), {}, locked=False, covered={}), "harvest: -1 t is below 0"),
        (Lot(Decimal(1), {Part.KEPT: Decimal(1)}, locked=True, covered={Part.KEPT: Decimal(2)}), "kept: 2 t replaced"),
        (Lot(Decimal(1), {Part.KEPT: None}, locked=True, covered={Part.KEPT: Decimal(1)}), "None t there"),
    ],
    ids=["negative", "more covered than there", "covered of nothing reported"],
)
def test_an_impossible_lot_is_refused(lot: Lot, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        balance(lot, HARVEST)


amounts = st.decimals(0, 1000, places=3)


@given(parts=st.tuples(*[amounts] * 5), missing=amounts)
def test_nothing_is_lost(parts: tuple[Decimal, ...], missing: Decimal) -> None:
    lot = Lot(sum(parts) + missing, dict(zip(Part, parts, strict=True)), locked=False, covered={})
    assert balance(lot, HARVEST).unexplained == missing


@pytest.mark.parametrize(
    ("tests", "on", "state"),
    [
        ([], HARVEST - timedelta(days=1), OwedState.DUE),
        ([], HARVEST, OwedState.OVERDUE),
        ([(SOWN, SOWN)], SOWN, OwedState.DONE),
        ([(SOWN - timedelta(days=1), SOWN)], HARVEST, OwedState.OVERDUE),
        ([(HARVEST - timedelta(days=1), HARVEST - timedelta(days=1))], HARVEST, OwedState.DONE),
        ([(HARVEST - timedelta(days=1), HARVEST)], HARVEST, OwedState.OVERDUE),
        ([(SOWN, None)], HARVEST - timedelta(days=1), OwedState.DUE),
        ([(SOWN, HARVEST - timedelta(days=1))], HARVEST - timedelta(days=2), OwedState.DUE),
    ],
    ids=["last day", "harvest day", "first day", "before sowing", "known the day before", "known too late", "no result", "not known yet"],
)  # fmt: skip
def test_a_test_before_the_harvest(tests: list[tuple[date, date | None]], on: date, state: OwedState) -> None:
    taken = [ProduceTest("GD-1", "水稻", sampled, result) for sampled, result in tests]
    (owed,) = owed_tests([RICE], taken, on)
    assert (owed.state, owed.due) == (state, HARVEST - timedelta(days=1))


def test_every_season_owes_its_own() -> None:
    second = Season("GD-1", "水稻", date(2026, 9, 21), date(2026, 12, 20))
    done = ProduceTest("GD-1", "水稻", date(2026, 9, 1), date(2026, 9, 5))
    other = ProduceTest("GD-1", "小麦", date(2026, 10, 1), date(2026, 10, 2))
    states = [one.state for one in owed_tests([RICE, second], [done, other], date(2026, 12, 20))]
    assert states == [OwedState.DONE, OwedState.OVERDUE]


@pytest.mark.parametrize("season", [Season("GD-1", "水稻", None, HARVEST), Season("GD-1", "水稻", SOWN, None)])
def test_a_season_without_days_is_not_in_time(season: Season) -> None:
    assert owed_tests([season], [], SOWN)[0].state is OwedState.CANNOT_SAY


@pytest.mark.parametrize(
    ("harvest", "groups", "odd"),
    [
        ("0.75", ("rice",), None),  # 50 kg of each of 15 mu
        ("0.749", ("rice",), "49.93"),
        ("22.5", ("wheat_flour", "wheat"), None),
        ("22.501", ("maize",), "1500.07"),
        ("200", ("leafy_vegetables",), None),
        ("200", (), None),
        (None, ("rice",), None),
    ],
)
def test_a_harvest_nobody_believes_is_asked_about(
    harvest: str | None, groups: tuple[str, ...], odd: str | None
) -> None:
    found = odd_yield(tonnes(harvest), Decimal(10_000), groups, HARVEST)
    assert (found and found.quantize(Decimal("0.01"))) == tonnes(odd)


def test_ground_without_an_area_says_nothing_of_its_harvest() -> None:
    assert odd_yield(Decimal(1), Decimal(0), ("rice",), HARVEST) is None
