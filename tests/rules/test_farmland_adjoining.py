"""Which points adjoin: neighbours on a grid and a line, never across units, points at one place, nothing for nobody."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soilrules.farmland.adjoining import adjoining


def pairs(places: Sequence[tuple[float, float]], unit: list[int] | None = None) -> list[list[int]]:
    units = np.array(unit if unit is not None else [0] * len(places), np.int32)
    return adjoining(np.array(places, float).reshape(-1, 2), units).tolist()  # type: ignore[no-any-return]


def test_on_a_line_only_neighbours_adjoin() -> None:
    assert pairs([(0, 0), (10, 10), (5, 5), (20, 20)]) == [[0, 2], [1, 2], [1, 3]]


def test_a_point_between_parts_two() -> None:
    cross = [(0, 0), (10, 0), (-10, 0), (0, 10), (0, -10)]
    found = pairs(cross)
    assert [1, 2] not in found
    assert [3, 4] not in found
    assert all([0, at] in found for at in range(1, 5))


def test_units_do_not_join() -> None:
    square = [(0, 0), (1, 0), (0, 1), (1.1, 1.1)]
    assert pairs(square, [0, 0, 1, 1]) == [[0, 1], [2, 3]]


def test_points_at_one_place_adjoin_with_what_adjoins_it() -> None:
    assert pairs([(0, 0), (0, 0), (1, 0)]) == [[0, 1], [0, 2], [1, 2]]


@pytest.mark.parametrize("places", [[], [(1.0, 1.0)]])
def test_nobody_adjoins_nobody(places: list[tuple[float, float]]) -> None:
    assert pairs(places) == []


def test_a_point_without_a_place_is_refused() -> None:
    with pytest.raises(ValueError, match="Check points without a place"):
        pairs([(0, 0), (float("nan"), 1)])


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=2, max_size=25))
def test_every_point_adjoins_its_nearest(places: list[tuple[int, int]]) -> None:
    found = {frozenset(pair) for pair in pairs([(float(x), float(y)) for x, y in places])}
    at = np.array(places, float)
    for row in range(len(at)):
        away = np.hypot(*(at - at[row]).T)
        away[row] = np.inf
        nearest = np.flatnonzero(away == away.min())
        assert any(frozenset((row, int(other))) in found for other in nearest)
