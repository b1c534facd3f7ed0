"""Risk under uncertainty: the same seed gives the same draws, percentiles hold what they promise, bars point the right way."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import soilrules
from soilrules.risk import CaseError, Concentrations, assess, every_substance
from soilrules.risk.case import Case
from soilrules.risk.distributions import (
    Discrete,
    LogNormal,
    Triangular,
    TruncatedNormal,
    Uniform,
    read_distribution,
)
from soilrules.risk.sensitivity import rank_correlation, tornado
from soilrules.risk.uncertainty import (
    BY_PATHWAY,
    TOTALS,
    Sampler,
    Sampling,
    Uncertain,
    percentile,
    run,
)

BENZENE = Case(1, (Concentrations("benzene", 1.0, 1.0, 0.01), Concentrations("copper", 100.0), Concentrations("lead")))
WEIGHT = Uncertain(TruncatedNormal(61.8, 10, 30, 120), "survey")
UNCERTAIN = {
    "BWa": WEIGHT,
    "fom": Uncertain(Triangular(5, 15, 40), "12 samples"),
    "OSIRc": Uncertain(Discrete((100, 200), (1, 3)), "two studies"),
    "benzene.surface_mg_kg": Uncertain(LogNormal(1.0, 2.0), "20 samples"),
    "benzene.H": Uncertain(Uniform(0.2, 0.25), "range of handbooks"),
}
SPREAD = [
    (Uniform(2, 4), stats.uniform(2, 2)),
    (Triangular(0, 1, 4), stats.triang(0.25, 0, 4)),
    (TruncatedNormal(1, 2, 0, 3), stats.truncnorm(-0.5, 1, 1, 2)),
    (LogNormal(3, 2), stats.lognorm(np.log(2), scale=3)),
]


@pytest.mark.parametrize("sampler", list(Sampler))
def test_the_same_seed_gives_the_same_draws_and_another_seed_others(sampler: Sampler) -> None:
    first, again, other = (run(BENZENE, UNCERTAIN, Sampling(200, seed, sampler)) for seed in (7, 7, 8))
    for quantity in TOTALS:
        np.testing.assert_array_equal(first.outputs[quantity], again.outputs[quantity])
    assert not np.array_equal(first.of("benzene", "control"), other.of("benzene", "control"))
    assert (first.sampling.seed, first.sampling.sampler, first.sampling.n) == (7, sampler, 200)
    assert first.version == soilrules.__version__
    assert first.reasons["BWa"] == "survey"


@pytest.mark.parametrize("excluded", [(), ("drinking_groundwater", "indoor_vapour_subsurface")])
def test_a_draw_is_what_the_case_with_its_values_gives(excluded: tuple[str, ...]) -> None:
    case = replace(BENZENE, excluded=dict.fromkeys(excluded, "not at this site"))
    draws = run(case, {"BWa": WEIGHT}, Sampling(5, 1, Sampler.MONTE_CARLO, (*TOTALS, *BY_PATHWAY)))
    for at, weight in enumerate(draws.inputs["BWa"]):
        alone = run(case, {"BWa": Uncertain(Discrete((float(weight),), (1,)), "x")}, Sampling(1, 1, quantities=TOTALS))
        assert alone.of("benzene", "hq.total")[0] == pytest.approx(draws.of("benzene", "hq.total")[at], rel=1e-12)
    certain = run(
        case, {"BWa": Uncertain(Discrete((61.8,), (1,)), "x")}, Sampling(3, 1, quantities=BY_PATHWAY + TOTALS)
    )
    result = assess(case).substances["benzene"]
    for name, value in result.risk.items():
        drawn = certain.of("benzene", f"risk.{name}")
        assert np.isnan(drawn).all() if name in excluded else drawn[0] == pytest.approx(value, rel=1e-12)
    assert certain.of("benzene", "risk.total")[1] == pytest.approx(result.total("risk"), rel=1e-12)
    for name in ("rcvs", "hcvs", "control", "rcvg", "hcvg", "groundwater_control"):
        assert certain.of("benzene", name)[2] == pytest.approx(result.controls[name], rel=1e-12)


def test_what_the_model_cannot_say_has_no_percentiles_and_a_refused_substance_no_draws() -> None:
    draws = run(BENZENE, UNCERTAIN, Sampling(50, 1))
    assert draws.slugs == ("benzene", "copper")
    for quantity in ("rcvs", "risk.total"):
        assert np.isnan(draws.of("copper", quantity)).all()
        assert draws.percentiles("copper", quantity) == ()
    assert len(draws.percentiles("copper", "hcvs")) == 5


def test_a_run_says_how_it_was_made_and_is_json() -> None:
    found = json.loads(json.dumps(run(BENZENE, UNCERTAIN, Sampling(50, 1)).as_json(), allow_nan=False))
    assert {key: found[key] for key in ("sampler", "n", "seed", "generator", "version")} == {
        "sampler": "latin_hypercube",
        "n": 50,
        "seed": 1,
        "generator": "numpy PCG64",
        "version": soilrules.__version__,
    }
    assert found["uncertain"]["fom"] == "12 samples"
    assert [one["percent"] for one in found["substances"]["benzene"]["control"]] == [5, 25, 50, 75, 95]
    assert found["substances"]["copper"]["rcvs"] == []


def test_the_pieces_worked_on_at_once_leave_no_seam() -> None:
    case = Case(2, every_substance())
    wide = run(case, {"BWa": WEIGHT, "fom": UNCERTAIN["fom"]}, Sampling(700, 3))
    narrow = run(Case(2, (Concentrations("benzene"),)), {"BWa": WEIGHT, "fom": UNCERTAIN["fom"]}, Sampling(700, 3))
    np.testing.assert_allclose(wide.of("benzene", "control"), narrow.of("benzene", "control"), rtol=1e-12)


def test_a_latin_hypercube_has_one_draw_in_every_slice() -> None:
    draws = run(BENZENE, {"fom": Uncertain(Uniform(10, 20), "x")}, Sampling(100, 1))
    assert sorted(np.floor((draws.inputs["fom"] - 10) * 10).astype(int)) == list(range(100))


@pytest.mark.parametrize(("ours", "theirs"), SPREAD)
def test_distributions_have_their_quantiles(ours: Uniform, theirs: stats.rv_frozen) -> None:
    shares = np.array([0.0001, 0.05, 0.5, 0.9, 0.9999])
    np.testing.assert_allclose(ours.quantiles(shares), theirs.ppf(shares), rtol=1e-12)


def test_a_discrete_value_comes_as_often_as_its_weight_says() -> None:
    drawn = Discrete((300, 100, 200), (1, 2, 1)).quantiles((np.arange(1000) + 0.5) / 1000)
    assert [int((drawn == value).sum()) for value in (100, 200, 300)] == [500, 250, 250]


def test_the_bounds_of_a_percentile_hold_it_as_often_as_they_promise() -> None:
    generator = np.random.Generator(np.random.PCG64(5))
    held = 0
    for _ in range(400):
        found = percentile(np.sort(generator.random(300)), 95)
        held += found.low is not None and found.high is not None and found.low <= 0.95 <= found.high
    assert held / 400 == pytest.approx(0.95, abs=0.035)


def test_too_few_draws_cannot_bound_a_high_percentile() -> None:
    found = percentile(np.arange(1.0, 21.0), 99)
    assert found.high is None
    assert found.low is not None


@settings(max_examples=30, deadline=None)
@given(st.integers(30, 400), st.floats(1, 99))
def test_a_percentile_lies_between_its_bounds(n: int, percent: float) -> None:
    found = percentile(np.sort(np.random.Generator(np.random.PCG64(n)).random(n)), percent)
    assert (found.low is None or found.low <= found.value) and (found.high is None or found.value <= found.high)


def test_a_tornado_leaves_excluded_pathways_out() -> None:
    case = replace(BENZENE, excluded={"drinking_groundwater": "tap water"})
    water = {"GWCRa": Uncertain(Uniform(0.5, 2.0), "x"), "OSIRa": Uncertain(Uniform(50, 150), "x")}
    bars = {bar.name: bar for bar in tornado(case, water, run(case, water, Sampling(50, 1)), slug="benzene", quantity="risk.total")}  # fmt: skip
    assert bars["GWCRa"].width == 0
    assert bars["OSIRa"].width > 0


def test_the_tornado_points_the_right_way_and_leaves_out_other_substances() -> None:
    uncertain = {**UNCERTAIN, "copper.surface_mg_kg": Uncertain(Uniform(1, 2), "x")}
    draws = run(BENZENE, uncertain, Sampling(2000, 4))
    bars = {bar.name: bar for bar in tornado(BENZENE, uncertain, draws, slug="benzene", quantity="control")}
    assert "copper.surface_mg_kg" not in bars
    assert [bar.width for bar in bars.values()] == sorted((bar.width for bar in bars.values()), reverse=True)
    assert bars["fom"].high > bars["fom"].low
    assert bars["fom"].rank_correlation is not None
    assert bars["fom"].rank_correlation > 0.5
    assert bars["benzene.H"].high < bars["benzene.H"].low
    assert bars["benzene.surface_mg_kg"].width == 0
    assert tornado(BENZENE, uncertain, draws, slug="copper", quantity="rcvs") == ()


def test_a_quantity_proportional_to_a_parameter_has_the_sensitivity_ratio_one() -> None:
    uncertain = {"ACR": Uncertain(Uniform(1e-6, 1e-5), "x")}
    (bar,) = tornado(BENZENE, uncertain, run(BENZENE, uncertain, Sampling(10, 1)), slug="benzene", quantity="rcvs")
    assert bar.sensitivity_ratio == pytest.approx(1.0)
    assert bar.rank_correlation == pytest.approx(1.0)


def test_rank_correlation_with_ties_is_spearmans() -> None:
    left, right = np.array([1.0, 2, 2, 3, 5, 8]), np.array([2.0, 1, 4, 4, 6, 5])
    assert rank_correlation(left, right) == pytest.approx(float(stats.spearmanr(left, right).statistic))
    assert rank_correlation(np.ones(6), right) is None
    assert rank_correlation(left, np.array([np.nan, 1, 4, 4, 6, 5])) is None


@pytest.mark.parametrize(
    ("uncertain", "sampling", "message"),
    [
        ({}, Sampling(10, 1), "nothing_to_draw"),
        ({"BWa": WEIGHT}, Sampling(0, 1), "nothing_to_draw"),
        ({"BWa": WEIGHT}, Sampling(9, 1, quantities=("contrl",)), "unknown_quantity_nearest"),
        ({"BWa": Uncertain(Uniform(1, 2), " ")}, Sampling(9, 1), "because_missing"),
        ({"BWA": WEIGHT}, Sampling(9, 1), "unknown_parameter_nearest"),
        ({"benzene.h": WEIGHT}, Sampling(9, 1), "unknown_name_nearest"),
        ({"toluene.H": WEIGHT}, Sampling(9, 1), "unknown_name_nearest"),
        ({"PIAF": Uncertain(Uniform(0.5, 1.5), "x")}, Sampling(99, 1), "out_of_range"),
        ({"benzene.H": Uncertain(Uniform(-1, 1), "x")}, Sampling(99, 1), "below_zero"),
        ({"Pws": Uncertain(Uniform(0.2, 0.5), "x")}, Sampling(99, 1), "too_much_water"),
    ],
)
def test_a_run_that_cannot_be_made_says_why(uncertain: dict[str, Uncertain], sampling: Sampling, message: str) -> None:
    with pytest.raises(CaseError) as error:
        run(BENZENE, uncertain, sampling)
    assert error.value.message.id == message


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"kind": "uniform", "low": 2, "high": 2}, "low_high"),
        ({"kind": "uniform", "low": "2", "high": 3}, "no_figure"),
        ({"kind": "uniform", "low": 2}, "no_figure"),
        ({"kind": "uniform", "low": [2], "high": 3}, "no_figure"),
        ({"kind": "discrete", "values": 1, "weights": [1]}, "no_figure"),
        ({"kind": "uniform", "low": 2, "high": 3, "hihg": 4}, "unknown_key_nearest"),
        ({"kind": "triangular", "low": 1, "mode": 0, "high": 2}, "mode_outside"),
        ({"kind": "lognormal", "geometric_mean": 1, "gsd": 1}, "gsd"),
        ({"kind": "lognormal", "geometric_mean": 0, "gsd": 2}, "not_positive"),
        ({"kind": "truncated_normal", "mean": 1, "sd": 0, "low": 0, "high": 2}, "not_positive"),
        ({"kind": "discrete", "values": [1, 2], "weights": [1]}, "weights"),
        ({"kind": "discrete", "values": [1], "weights": [0]}, "weights"),
        ({"kind": "unifrom"}, "unknown_distribution_nearest"),
        ({"kind": "??"}, "unknown_distribution"),
    ],
)
def test_a_distribution_that_is_none_says_why(data: dict[str, object], message: str) -> None:
    with pytest.raises(CaseError) as error:
        read_distribution(data, place="uncertain.BWa")
    assert error.value.message.id == message


def test_distributions_are_read_from_plain_data() -> None:
    assert read_distribution({"kind": "uniform", "low": 1, "high": 2, "because": "x"}, place="") == Uniform(1, 2)
    assert read_distribution({"kind": "discrete", "values": [1, 2], "weights": [1, 1]}, place="") == Discrete(
        (1, 2), (1, 1)
    )
