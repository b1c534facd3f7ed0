"""Put farmland units into classes by columns, against the same rules unit by unit in a loop.

`python bench/classify.py [--points N] [--units N]` prints the times, the ratio and the time per point at two sizes; the exit
code is 1 where a limit is missed. First both must give every unit the same grades, class, controlling elements and points
to be drawn out. The loop is given its points already grouped by unit; the columns are given them as they come.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from soilrules.farmland.columns import PointColumns, SampleColumns, UnitColumns, classify_columns  # noqa: E402
from soilrules.farmland.produce import Samples  # noqa: E402
from soilrules.farmland.rulesets import Grade, rulesets  # noqa: E402
from soilrules.farmland.soil import Pairs, PointGrade  # noqa: E402
from soilrules.farmland.units import UnitClass, classify  # noqa: E402

TIMES_LOOP = 30.0  # at least
FLAT = 2.0  # time per point at full size over that at a tenth, at most
POINTS, UNITS = 1_000_000, 50_000
ROUNDS = 3
GUIDE = rulesets()["guide2019"]
GRADES = (None, Grade.ONE, Grade.TWO, Grade.THREE)


@dataclass(frozen=True, slots=True)
class Campaign:
    """Made-up grades of points and samples, and how the loop is given them."""

    units: int
    points: PointColumns
    samples: SampleColumns


def made_up(points: int, units: int) -> Campaign:
    """Mostly clean ground, some units with a pollutant all over, one point in a thousand nobody can judge."""
    random = np.random.default_rng(20261122)
    unit = random.integers(0, units, points, dtype=np.int32)
    level = random.choice([1, 1, 1, 1, 2, 3], (units, len(GUIDE.elements)))
    grades = np.where(random.random((points, len(GUIDE.elements))) < 0.95, level[unit], 1).astype(np.int8)
    grades[random.random(grades.shape) < 0.0002] = 0
    first = random.integers(0, points, points // 2, dtype=np.int32)
    order = np.argsort(unit, kind="stable").astype(np.int32)
    pairs = np.stack([order[:-1], order[1:]], axis=1)[first % (points - 1)]
    adjoining = pairs[unit[pairs[:, 0]] == unit[pairs[:, 1]]]
    tested = points // 5
    samples = SampleColumns(
        random.integers(0, units, tested, dtype=np.int32),
        random.integers(0, len(GUIDE.elements), tested, dtype=np.int32),
        random.choice([0, 1, 1, 1, 1, 1, 1, 2, 3], tested).astype(np.int8),
    )
    return Campaign(units, PointColumns(unit, grades, adjoining), samples)


def grouped(campaign: Campaign) -> list[tuple[dict[str, list[PointGrade]], dict[str, Samples], Pairs]]:
    """The same, unit by unit, as the rules take them."""
    points: list[dict[str, list[PointGrade]]] = [
        {slug: [] for slug in GUIDE.elements} for _unit in range(campaign.units)
    ]
    for row, (unit, grades) in enumerate(
        zip(campaign.points.unit.tolist(), campaign.points.grades.tolist(), strict=True)
    ):
        for slug, grade in zip(GUIDE.elements, grades, strict=True):
            points[unit][slug].append(PointGrade(f"P{row}", GRADES[grade]))
    counts: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    samples = campaign.samples
    for unit, element, excess in zip(
        samples.unit.tolist(), samples.element.tolist(), samples.excess.tolist(), strict=True
    ):
        counts[unit, element][excess] += 1
    produce: list[dict[str, Samples]] = [{} for _unit in range(campaign.units)]
    for (unit, element), (unknown, within, light, severe) in counts.items():
        produce[unit][GUIDE.elements[element]] = Samples(within, light, severe, unknown)
    adjoining: list[set[frozenset[str]]] = [set() for _unit in range(campaign.units)]
    assert campaign.points.adjoining is not None
    for first, second in campaign.points.adjoining.tolist():
        adjoining[int(campaign.points.unit[first])].add(frozenset((f"P{first}", f"P{second}")))
    return list(zip(points, produce, map(frozenset, adjoining), strict=True))


def agree(found: UnitColumns, looped: list[UnitClass], campaign: Campaign) -> None:
    """Both say the same of every unit."""
    assert found.worst.tolist() == [one.grade or 0 for one in looped], "classes differ"
    assert found.grades.tolist() == [[element.grade or 0 for element in one.elements] for one in looped]
    told = [[slug in one.controlling for slug in GUIDE.elements] for one in looped]
    assert found.controlling.tolist() == told, "controlling elements differ"
    drawn = {f"P{row}" for row in np.flatnonzero(found.apart.any(axis=1)).tolist()}
    assert drawn == {point for one in looped for point in one.apart}, "points to be drawn out differ"


def seconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The best of some rounds."""
    best = float("inf")
    for _round in range(rounds):
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return best


def by_columns(campaign: Campaign) -> float:
    """Seconds the columns take."""
    return seconds(lambda: classify_columns(campaign.units, campaign.points, campaign.samples, GUIDE))


def main() -> int:
    """Print ratio and flatness; 1 where one misses its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=POINTS)
    parser.add_argument("--units", type=int, default=UNITS)
    asked = parser.parse_args()
    campaign = made_up(asked.points, asked.units)
    units = grouped(campaign)
    looped = [classify(points, produce, adjoining, GUIDE) for points, produce, adjoining in units]
    agree(classify_columns(campaign.units, campaign.points, campaign.samples, GUIDE), looped, campaign)
    own = by_columns(campaign)
    loop = seconds(lambda: [classify(points, produce, pairs, GUIDE) for points, produce, pairs in units], 1)
    small = by_columns(made_up(asked.points // 10, asked.units // 10))
    flat = (own / asked.points) / (small / (asked.points // 10))
    sys.stdout.write(
        f"{asked.points:,} points in {asked.units:,} units: columns {own:.3f} s, loop {loop:.2f} s: {loop / own:.0f} times "
        f"as fast (at least {TIMES_LOOP:g})\nper point {own / asked.points * 1e6:.3f} µs, {flat:.2f} times that of a tenth "
        f"of the points (at most {FLAT:g})\n"
    )
    return int(loop / own < TIMES_LOOP or flat > FLAT)


if __name__ == "__main__":
    sys.exit(main())
