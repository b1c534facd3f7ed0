"""How often the upper limit that the table chooses lies above the true mean: python bench/upper_limit_coverage.py [samples].

Every distribution has the mean 1. With a share of non-detects each result gets one of three limits around that quantile.
About 0.1 s a sample, nearly all of it the simulated test of the gamma fit.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import numpy as np
from numpy.random import Generator

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from soilrules.statistics import CensoredSample, Tail, choose_upper_limit

SIZES = (8, 15, 30, 60)
SHAPES = (("normal", 0.3), ("gamma", 4), ("gamma", 1), ("gamma", 0.5), *(("lognormal", sd) for sd in (0.5, 1, 1.5, 2)))


def draw(rng: Generator, name: str, shape: float, n: int) -> np.ndarray:
    """`n` values of a distribution of mean 1."""
    if name == "normal":
        return np.maximum(rng.normal(1, shape, n), 1e-3)
    if name == "gamma":
        return rng.gamma(shape, 1 / shape, n) + 1e-12
    return rng.lognormal(-(shape**2) / 2, shape, n)


def sample(rng: Generator, name: str, shape: float, *, n: int, censored: float) -> CensoredSample:
    """One sample, a share of it not detected."""
    values = draw(rng, name, shape, n)
    if not censored:
        return CensoredSample(values)
    limits = np.quantile(draw(rng, name, shape, 4000), censored) * rng.choice([0.6, 1.0, 1.3], n)
    return CensoredSample(np.maximum(values, limits), values < limits)


def main(samples: int) -> None:
    """Coverage, how many samples got a limit, and the rows that decided."""
    for censored in (0.0, 0.3):
        rng = np.random.default_rng(11)
        for name, shape in SHAPES:
            for n in SIZES:
                choices = [
                    choose_upper_limit(
                        sample(rng, name, shape, n=n, censored=censored), tail=Tail.SMALLEST_DETECT, seed=seed
                    )
                    for seed in range(samples)
                ]
                limits = [one.limit.value for one in choices if one.limit]
                rows = dict(Counter(one.rule for one in choices).most_common(4))
                share = sum(limit >= 1 for limit in limits) / max(len(limits), 1)
                sys.stdout.write(f"{censored} {name} {shape} n={n}: {share:.3f} of {len(limits)} {rows}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
