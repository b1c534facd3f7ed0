"""Measure the probabilistic risk run: 85 substances, 10,000 draws, all pathways, against looping the scalar functions.

`python bench/risk_mc.py` prints both times and their ratio; the exit code is 1 where it is below its limit or where the
two do not give the same answers. The loop is timed on a sample of the draws and scaled. One process, one core.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

import numpy as np  # noqa: E402

from soilrules.risk import Case, Concentrations  # noqa: E402
from soilrules.risk.distributions import Array, LogNormal, Triangular, TruncatedNormal, Uniform  # noqa: E402
from soilrules.risk.model import control_values, slopes  # noqa: E402
from soilrules.risk.parameters import derive, given  # noqa: E402
from soilrules.risk.pathways import PATHWAYS, Medium  # noqa: E402
from soilrules.risk.substances import property_values, refusal, substances  # noqa: E402
from soilrules.risk.uncertainty import BY_PATHWAY, TOTALS, Draws, Sampling, Uncertain, run  # noqa: E402

SUBSTANCES, DRAWS, LOOPED, REPEATS = 85, 10_000, 40, 3
TIMES_FASTER = 200.0  # at least
CONCENTRATION = 1.0
WHY = "bench"
UNCERTAIN = {
    "BWa": Uncertain(TruncatedNormal(61.8, 10, 30, 120), WHY),
    "BWc": Uncertain(TruncatedNormal(19.2, 4, 8, 40), WHY),
    "OSIRc": Uncertain(LogNormal(100, 1.8), WHY),
    "fom": Uncertain(Triangular(5, 15, 40), WHY),
    "Pws": Uncertain(Uniform(0.1, 0.25), WHY),
    "dP": Uncertain(Uniform(0, 40), WHY),
    "Uair": Uncertain(Uniform(100, 300), WHY),
}


def chosen() -> list[str]:
    """The first 85 substances of the table that can be assessed, the volatile ones first: they have all pathways."""
    slugs = [slug for slug in substances() if refusal(slug) is None]
    return sorted(slugs, key=lambda slug: not substances()[slug].volatile)[:SUBSTANCES]


def loop(case: Case, draws: Draws, slugs: list[str]) -> dict[str, Array]:
    """The same quantities for the first draws, one substance and one draw at a time."""
    found = {quantity: np.full((len(slugs), LOOPED), np.nan) for quantity in (*TOTALS, *BY_PATHWAY)}
    base = given(case.chosen_set, land_class=case.land_class, overrides=case.overrides)
    for row, slug in enumerate(slugs):
        properties = property_values(substances()[slug])
        for draw in range(LOOPED):
            p = derive(base | {name: float(column[draw]) for name, column in draws.inputs.items()})
            each = slopes(p, properties, land_class=case.land_class)
            control = control_values(p, properties, each)
            for effect, per_unit in (("risk", each.risk), ("hq", each.hq)):
                parts = [float(per_unit[one.name]) * CONCENTRATION for one in PATHWAYS]
                for one, part in zip(PATHWAYS, parts, strict=True):
                    found[f"{effect}.{one.name}"][row, draw] = part
                known = [part for part in parts if part == part]
                found[f"{effect}.total"][row, draw] = sum(known) if known else np.nan
            for name in (name for name in TOTALS if "." not in name):
                found[name][row, draw] = float(getattr(control, name))
    return found


def seconds(begin: float) -> float:
    """Process time since `begin`."""
    return time.process_time() - begin


def main() -> int:
    """Print both times; 1 where the ratio is below its limit or the answers differ."""
    slugs = chosen()
    case = Case(1, tuple(Concentrations(slug, **dict.fromkeys(map(str, Medium), CONCENTRATION)) for slug in slugs))
    sampling = Sampling(DRAWS, seed=20261122, quantities=(*TOTALS, *BY_PATHWAY))
    columns = float("inf")
    for _ in range(REPEATS):
        begin = time.process_time()
        draws = run(case, UNCERTAIN, sampling)
        columns = min(columns, seconds(begin))
    begin = time.process_time()
    singly = loop(case, draws, slugs)
    looped = seconds(begin) * DRAWS / LOOPED
    same = all(
        np.allclose(draws.outputs[name][:, :LOOPED], singly[name], rtol=1e-9, atol=0, equal_nan=True) for name in singly
    )
    sys.stdout.write(
        f"{len(slugs)} substances x {DRAWS:,} draws x {len(PATHWAYS)} pathways, cancer and other effects, control values\n"
        f"columns {columns:.2f} s; loop {looped:.0f} s (timed on {LOOPED} draws, scaled)\n"
        f"{looped / columns:.0f} times faster (limit {TIMES_FASTER:g}); answers {'the same' if same else 'DIFFER'}\n"
    )
    return int(looped / columns < TIMES_FASTER or not same)


if __name__ == "__main__":
    sys.exit(main())
