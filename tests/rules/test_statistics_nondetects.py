"""Means and quantiles with non-detects: published answers, refusals, remarks, invariants and another library."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats
from statsmodels.imputation import ros

import soilrules
from rules.nondetect_samples import cases, estimate, meets, sample_of
from soilrules.messages import LANGUAGES, catalogue
from soilrules.statistics import (
    CannotEstimate,
    CensoredSample,
    Distribution,
    Plotting,
    Substitute,
    Tail,
    arithmetic,
    kaplan_meier,
    maximum_likelihood,
    regression_on_order,
    substitute,
)
from soilrules.statistics.regression_on_order import fill_in

PUBLISHED = [
    pytest.param(case, answer, id=f"{case['name'][:24]}-{answer['by']}-{answer['convention']}")
    for case in cases("nondetects_published")
    for answer in case["expect"]
]
BOUNDS = cases("nondetects_bounds")
concentrations = st.integers(1, 400).map(lambda number: number / 8)


@st.composite
def samples(draw: st.DrawFn, *, detects: int = 3) -> CensoredSample:
    """A few results, detected and not, with at least `detects` different detects."""
    found = draw(st.lists(concentrations, min_size=detects, max_size=12, unique=True))
    limits = draw(st.lists(concentrations, max_size=10))
    order = draw(st.permutations(range(len(found) + len(limits))))
    flags = np.array([False] * len(found) + [True] * len(limits))
    return CensoredSample(np.array(found + limits)[order], flags[order])


@pytest.mark.parametrize(("case", "answer"), PUBLISHED)
def test_published_answers_are_met(case: dict[str, Any], answer: dict[str, Any]) -> None:
    sample = sample_of(case["results"])
    found = estimate(sample, answer["by"], answer["convention"])
    computed = {
        "mean": found.mean,
        "sd": found.sd,
        "se_mean": found.se_mean,
        "median": found.median,
        "sd_over_mean": found.sd / found.mean,
        "se_mean_times_root_n": (found.se_mean or 0) * np.sqrt(found.n),
    }

    assert found.n_censored == case["n_censored"]
    for name in computed.keys() & answer.keys():
        assert meets(computed[name], answer[name]), (name, computed[name], answer[name])
    for probability, printed in answer.get("quantiles", {}).items():
        assert meets(found.quantiles[probability], printed)
    if printed_values := answer.get("filled"):
        filled = np.sort(fill_in(sample.values, sample.censored, Plotting(answer["convention"])))
        cut_off = answer.get("cut_off", False)
        for value, printed in zip(filled, printed_values, strict=True):
            assert meets(value, printed, cut_off=cut_off), (value, printed)


def ask(case: dict[str, Any]) -> None:
    """Make the sample of a case, with its own flags where it has some, and estimate by what it asks for."""
    sample = sample_of(case["results"])
    if "flags" in case:
        sample = CensoredSample(sample.values, case["flags"])
    estimate(sample, *case["ask"].split("/"))


@pytest.mark.parametrize("case", BOUNDS["refused"], ids=lambda case: case["name"])
def test_what_cannot_be_estimated_is_refused_with_its_reason(case: dict[str, Any]) -> None:
    with pytest.raises(CannotEstimate) as refusal:
        ask(case)

    assert refusal.value.message.id == case["because"]
    for language in LANGUAGES:
        assert "{" not in refusal.value.sentence(language)
    assert str(refusal.value) == refusal.value.sentence("en")


@pytest.mark.parametrize("case", BOUNDS["remarked"], ids=lambda case: case["name"])
def test_an_estimate_carries_its_caveats_and_its_names(case: dict[str, Any]) -> None:
    sample = sample_of(case["results"])
    method, convention = case["ask"].split("/")
    found = estimate(sample, method, convention)

    assert [remark.id for remark in found.caveats] == case["caveats"]
    assert (found.method, found.convention, found.n) == (method, convention, sample.n)
    assert found.versions["soilrules"] == soilrules.__version__
    assert found.versions.keys() == {"soilrules", "numpy", "scipy"}
    assert all("{" not in remark.sentence(language) for remark in found.caveats for language in LANGUAGES)


def test_every_refusal_remark_method_and_convention_has_a_case_and_a_sentence() -> None:
    seen = {case["because"] for case in BOUNDS["refused"]}
    seen |= {remark for case in BOUNDS["remarked"] for remark in case["caveats"]}
    seen |= {name for case in BOUNDS["remarked"] for name in case["ask"].split("/")}
    seen |= {
        name
        for case in cases("nondetects_published")
        for one in case["expect"]
        for name in (one["by"], one["convention"])
    }
    seen |= {"arithmetic", "complete", "detects_only", "no_maximum"}

    assert seen == set(catalogue("statistics")["nondetects"])
    for names in (Tail, Plotting, Distribution, Substitute):
        assert set(names) <= seen


def test_an_unknown_convention_is_an_error() -> None:
    with pytest.raises(ValueError, match="nearest"):
        kaplan_meier(sample_of("1 2 3"), tail="nearest")  # type: ignore[arg-type]


def test_the_tail_has_no_default() -> None:
    with pytest.raises(TypeError):
        kaplan_meier(sample_of("1 2 3"))  # type: ignore[call-arg]


def test_a_sample_cannot_be_changed_and_takes_its_own_copy() -> None:
    values = np.array([1.0, 2.0])
    sample = CensoredSample(values)
    values[0] = 9

    assert sample.values[0] == 1
    with pytest.raises(ValueError, match="read-only"):
        sample.values[0] = 9


def test_quantiles_below_the_smallest_detect_are_unknown() -> None:
    found = kaplan_meier(sample_of("<1 <1 2 3"), tail=Tail.SMALLEST_LIMIT)

    assert (found.quantiles[0.25], found.median, found.quantiles[0.75]) == (None, None, 2.0)
    assert found.mean == 1.75


def test_one_detect_has_a_mean_and_no_standard_error() -> None:
    found = kaplan_meier(sample_of("<1 5"), tail=Tail.SMALLEST_DETECT)

    assert (found.mean, found.se_mean) == (5, None)


def test_maximum_likelihood_without_nondetects_is_that_of_scipy() -> None:
    values = np.array([0.3, 0.9, 1.1, 2.0, 4.5, 0.7])
    shape, _, scale = stats.gamma.fit(values, floc=0)
    logs = np.log(values)

    assert maximum_likelihood(CensoredSample(values), distribution=Distribution.GAMMA).sd == pytest.approx(
        np.sqrt(shape) * scale, rel=1e-5
    )
    assert maximum_likelihood(CensoredSample(values), distribution=Distribution.LOGNORMAL).median == pytest.approx(
        np.exp(logs.mean()), rel=1e-6
    )
    found = maximum_likelihood(CensoredSample(values), distribution=Distribution.NORMAL)
    assert found.se_mean == pytest.approx(values.std() / np.sqrt(6), rel=1e-5)


@settings(max_examples=40, deadline=None)
@given(samples())
def test_regression_on_order_agrees_with_statsmodels(sample: CensoredSample) -> None:
    frame = pd.DataFrame({"value": sample.values, "censored": sample.censored})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = ros.impute_ros("value", "censored", df=frame, max_fraction_censored=1.0)

    ours = fill_in(sample.values, sample.censored, Plotting.HELSEL_COHN)
    np.testing.assert_allclose(np.sort(ours), np.sort(theirs), rtol=1e-9)


@settings(max_examples=40, deadline=None)
@given(samples(detects=1), st.sampled_from(Tail))
def test_kaplan_meier_lies_where_it_must(sample: CensoredSample, tail: Tail) -> None:
    found = kaplan_meier(sample, tail=tail)
    lowest = kaplan_meier(sample, tail=Tail.SMALLEST_LIMIT).mean

    assert substitute(sample, by=Substitute.ZERO).mean <= found.mean + 1e-9
    assert lowest <= substitute(sample, by=Substitute.LIMIT).mean + 1e-9
    assert lowest <= kaplan_meier(sample, tail=Tail.SMALLEST_DETECT).mean + 1e-9
    known = [value for value in found.quantiles.values() if value is not None]
    assert known == sorted(known)


@settings(max_examples=30, deadline=None)
@given(st.lists(concentrations, min_size=2, max_size=20), st.sampled_from(Tail))
def test_without_nondetects_kaplan_meier_is_the_arithmetic_mean(values: list[float], tail: Tail) -> None:
    sample = CensoredSample(values)
    plain, curve = arithmetic(sample), kaplan_meier(sample, tail=tail)

    assert curve.mean == pytest.approx(plain.mean)
    assert curve.se_mean == pytest.approx(plain.se_mean, abs=1e-9)
    assert curve.sd == pytest.approx(plain.sd * np.sqrt(1 - 1 / sample.n), abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(samples(), st.sampled_from([1e-6, 1000.0]))
def test_the_unit_and_the_order_of_the_results_do_not_matter(sample: CensoredSample, factor: float) -> None:
    other = CensoredSample(sample.values[::-1] * factor, sample.censored[::-1])
    for ask in ("kaplan_meier/smallest_limit", "regression_on_order/blom", "substitution/half_limit"):
        one, two = (estimate(each, *ask.split("/")) for each in (sample, other))
        assert two.mean == pytest.approx(one.mean * factor)
        assert two.sd == pytest.approx(one.sd * factor, rel=1e-9, abs=1e-9 * factor)


def test_likelihood_does_not_mind_the_unit() -> None:
    sample = sample_of("<2 3 5 <4 8 13")
    for distribution in Distribution:
        one = maximum_likelihood(sample, distribution=distribution)
        two = maximum_likelihood(CensoredSample(sample.values * 1e-9, sample.censored), distribution=distribution)
        assert two.mean == pytest.approx(one.mean * 1e-9, rel=1e-6)
        assert two.se_mean == pytest.approx(one.se_mean * 1e-9, rel=1e-5)


def test_a_search_that_finds_no_maximum_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optimize, "minimize", lambda *_, **__: optimize.OptimizeResult(success=False))
    with pytest.raises(CannotEstimate, match="found no maximum"):
        maximum_likelihood(sample_of("<1 2 3 4"), distribution=Distribution.GAMMA)


def test_regression_without_nondetects_is_the_arithmetic_mean() -> None:
    sample = sample_of("2 3 5 8")

    assert regression_on_order(sample).mean == arithmetic(sample).mean
