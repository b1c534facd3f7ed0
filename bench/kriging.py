"""Measure ordinary kriging beside PyKrige with the same model and the same neighbourhood, and hold it to R gstat's figures.

`python bench/kriging.py [--nearest N]` kriges the 155 points of meuse to its grid of 3,103 cells, and 1,000 made-up points
to 250,000 cells, from all points and from the N nearest; asserts that estimates and variances are PyKrige's, and for meuse
R gstat's; and prints the ratio to every way PyKrige can do it. The exit code is 1 where a limit is missed. One process, one
core, process time, the best of several rounds.

PyKrige has three ways: `loop` over the cells in Python; `C`, the same loop compiled; `vectorized`, its default, which takes eleven
gigabytes for the large task and knows no neighbourhood. The limit of 20 holds against `loop`. Against `C` it holds where all
points count; with the nearest ones, where the search for them alone takes as long as half of what the compiled loop takes,
and on the small grid of meuse, the limit is not to be slower. From many points to many cells PyKrige is timed on every tenth
cell and scaled.

meuse is Dutch and belongs to a GPL package: apt-get install r-cran-sp.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyreadr
import yaml
from pykrige.ok import OrdinaryKriging

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from soilrules.geostat import EVERYTHING, Kind, Model, Neighbourhood, Points, Scale, krige, points_of  # noqa: E402

TIMES_PYKRIGE = 20.0  # at least
TIMES_FASTEST = 1.0  # at least, where a compiled peer is hard to beat
TIMES_DEFAULT = 10.0  # at least, all points and many cells
EQUAL = 1e-6
SHIPPED = Path("/usr/lib/R/site-library/sp/data")
PUBLISHED = ROOT / "tests" / "cases" / "geostat" / "published.yaml"
POINTS, SIDE, EXTENT_M, SAMPLE, SEED = 1_000, 500, 10_000.0, 10, 20261122
ROUNDS = {"own": 9, "vectorized": 5, "loop": 3, "C": 5}


@dataclass(frozen=True)
class Task:
    """Points to krige, where to, and PyKrige's ways to do the same; the limit of each way that has one."""

    title: str
    points: Points
    targets: np.ndarray
    model: Model
    hood: Neighbourhood
    limits: dict[str, float]
    sample: int = 1


def meuse() -> tuple[Points, np.ndarray]:
    """The logarithms of zinc and the grid."""
    if not (SHIPPED / "meuse.rda").is_file():
        sys.exit("The data set meuse is not here. As root, run: apt-get install --no-install-recommends r-cran-sp")
    frame = pyreadr.read_r(str(SHIPPED / "meuse.rda"))["meuse"]
    grid = pyreadr.read_r(str(SHIPPED / "meuse.grid.rda"))["meuse.grid"]
    return points_of(frame[["x", "y"]], frame["zinc"], scale=Scale.LOG), grid[["x", "y"]].to_numpy()


def made_up() -> tuple[Points, np.ndarray]:
    """Many points with waves and noise, and a fine grid over them."""
    random = np.random.default_rng(SEED)
    places = random.uniform(0, EXTENT_M, (POINTS, 2)) + 500_000
    values = 5 + np.sin(places[:, 0] / 1500) + np.cos(places[:, 1] / 2000) + random.normal(0, 0.1, POINTS)
    line = 500_000 + (np.arange(SIDE) + 0.5) * EXTENT_M / SIDE
    return points_of(places, values), np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)


def seconds(rounds: int, act: Callable[[], object]) -> float:
    """Process time of the fastest round."""
    best = float("inf")
    for _ in range(rounds):
        begin = time.process_time()
        act()
        best = min(best, time.process_time() - begin)
    return best


def peer(task: Task, way: str) -> tuple[float, float]:
    """PyKrige's seconds for all cells by one of its ways, and the largest difference from ours."""
    model = task.model
    parameters = {"psill": model.partial_sill, "range": model.range_m, "nugget": model.nugget}
    kriging = OrdinaryKriging(
        *task.points.places.T, task.points.scaled, variogram_model="spherical", variogram_parameters=parameters
    )
    targets = task.targets[:: task.sample]

    def act() -> tuple[np.ndarray, np.ndarray]:
        return kriging.execute("points", *targets.T, backend=way, n_closest_points=task.hood.nearest)

    own = krige(task.points, targets, model, task.hood)
    estimate, variance = act()
    apart = max(np.abs(estimate - own.estimate).max(), np.abs(variance - own.variance).max())
    return seconds(ROUNDS[way] if task.sample == 1 else 1, act) * task.sample, float(apart)


def measure(task: Task) -> bool:
    """Print what one task takes; whether a limit is missed."""
    own = seconds(
        ROUNDS["own"] if task.sample == 1 else 2, lambda: krige(task.points, task.targets, task.model, task.hood)
    )
    sys.stdout.write(f"{task.title}: {own * 1e3:,.1f} ms\n")
    missed = False
    for way, limit in task.limits.items():
        theirs, apart = peer(task, way)
        scaled = f", timed on every {task.sample}th cell" if task.sample > 1 else ""
        missed |= theirs / own < limit or apart > EQUAL
        sys.stdout.write(
            f"    PyKrige {way:10} {theirs * 1e3:9,.1f} ms{scaled}: {theirs / own:.1f} times as fast (at least {limit:g}); "
            f"estimates and variances differ by {apart:.1e} at most (at most {EQUAL:g})\n"
        )
    return missed


def differs_from_gstat(points: Points, targets: np.ndarray, model: Model) -> bool:
    """Whether a printed figure of R gstat is missed."""
    (case,) = [
        one
        for one in yaml.safe_load(PUBLISHED.read_text("utf-8"))["kriging"]
        if one["data"] == "meuse zinc log"
        and one["model"][0] == "spherical"
        and not one.keys() & {"nearest", "within_m"}
    ]
    found = krige(points, targets, model)
    pairs = [
        *zip((found.estimate[0], found.variance[0]), case["first"], strict=True),
        *zip((found.estimate.min(), found.estimate.max()), case["range"], strict=True),
        *zip((found.estimate.sum(), found.variance.sum()), case["sums"], strict=True),
    ]
    missed = [
        printed
        for value, printed in pairs
        if round(Decimal(float(value)), -Decimal(printed).as_tuple().exponent) != Decimal(printed)
    ]  # type: ignore[operator]
    sys.stdout.write(
        f"R gstat  {len(pairs) - len(missed)} of {len(pairs)} printed figures met to the last digit: "
        f"{', '.join(printed for _, printed in pairs)}\n"
    )
    return bool(missed)


def main() -> int:
    """Print every measure; 1 where one misses its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nearest", type=int, default=16)
    nearest = Neighbourhood(parser.parse_args().nearest)
    points, grid = meuse()
    many, fine = made_up()
    shipped, smooth = Model(Kind.SPHERICAL, 0.05066, 0.59061, 897.0), Model(Kind.SPHERICAL, 0.05, 0.6, 3_000.0)
    missed = differs_from_gstat(points, grid, shipped)
    all_ways = {"loop": TIMES_PYKRIGE, "vectorized": TIMES_FASTEST, "C": TIMES_FASTEST}
    for task in (
        Task(f"meuse, {points.n} points to {len(grid):,} cells", points, grid, shipped, EVERYTHING, all_ways),
        Task(
            f"{many.n:,} points to {len(fine):,} cells, from all points", many, fine, smooth, EVERYTHING,
            all_ways | {"C": TIMES_PYKRIGE, "vectorized": TIMES_DEFAULT}, SAMPLE,
        ),
        Task(f"the same from the {nearest.nearest} nearest, in a loop", many, fine, smooth, nearest, {"loop": TIMES_PYKRIGE}, SAMPLE),
        Task(f"the same from the {nearest.nearest} nearest, compiled", many, fine, smooth, nearest, {"C": TIMES_FASTEST}),
    ):  # fmt: skip
        missed |= measure(task)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
