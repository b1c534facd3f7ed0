"""Upper confidence limits of the mean: published answers, the table of choice, scipy as a second opinion."""

from __future__ import annotations

from functools import partial
from importlib.resources import files
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from rules.nondetect_samples import cases, estimate, meets, sample_of
from soilrules.messages import LANGUAGES, catalogue
from soilrules.statistics import (
    Bootstrap,
    CannotEstimate,
    CensoredSample,
    Distribution,
    Estimate,
    Tail,
    UpperLimit,
    anderson_darling_gamma,
    arithmetic,
    bootstrap,
    chebyshev,
    choose_upper_limit,
    fits,
    gamma_adjusted,
    gamma_approximate,
    kaplan_meier,
    limit_choice,
    maximum_likelihood,
    normal_approximation,
    regression_on_order,
    shapiro_wilk,
    student_t,
)
from soilrules.statistics.confidence import gamma_shape
from soilrules.statistics.resampling import accelerated
from soilrules.strict import BadRuleData

PUBLISHED = [
    pytest.param(case, answer, id=f"{case['name'][:20]}-{answer['limit']}-{answer['from']}")
    for case in cases("confidence_published")
    for answer in case["expect"]
]
CHOICES = cases("confidence_choice")
FORMULAS = {
    "student_t": student_t,
    "chebyshev": chebyshev,
    "normal_approximation": normal_approximation,
    "gamma_approximate": gamma_approximate,
    "gamma_adjusted": gamma_adjusted,
}
PYRENE = sample_of(cases("nondetects_published")[0]["results"])


def limit_of(sample: CensoredSample, base: Estimate, answer: dict[str, Any]) -> float:
    """The limit a published answer names, or the shape on the way to it."""
    if answer["limit"] == "gamma_shape":
        return gamma_shape(base, bias_corrected=answer["bias_corrected"])
    confidence = answer["confidence"]
    if answer.get("wrong_sign"):
        return bca_of_the_wrong_sign(sample, base, confidence)
    if kind := answer["limit"].partition("bootstrap_")[2]:
        return bootstrap(sample, base, seed=1, kind=Bootstrap(kind), confidence=confidence).value
    options = {name: answer[name] for name in ("bias_corrected",) if name in answer}
    return FORMULAS[answer["limit"]](base, confidence=confidence, **options).value


def bca_of_the_wrong_sign(sample: CensoredSample, base: Estimate, confidence: float) -> float:
    """BCa with the acceleration subtracted, as EnvStats computes it against its own documentation."""
    rng = np.random.default_rng(1)

    def mean_of(places: Any) -> float:
        resample = CensoredSample(sample.values[places], sample.censored[places])
        return estimate(resample, base.method, base.convention).mean

    means = np.array([mean_of(rng.integers(sample.n, size=sample.n)) for _ in range(2000)])
    without_one = np.array([mean_of(np.delete(np.arange(sample.n), place)) for place in range(sample.n)])
    return float(np.quantile(means, accelerated(means, base.mean, -without_one, confidence)))


@pytest.mark.parametrize(("case", "answer"), PUBLISHED)
def test_published_limits_are_met(case: dict[str, Any], answer: dict[str, Any]) -> None:
    sample = sample_of(case["results"])
    value = limit_of(sample, estimate(sample, *answer["from"].split("/")), answer)

    if "value" in answer:
        assert meets(value, answer["value"]), value
    else:
        assert value == pytest.approx(float(answer["near"]), rel=0.03)


@pytest.mark.parametrize("case", CHOICES, ids=lambda case: case["name"])
def test_the_table_chooses(case: dict[str, Any]) -> None:
    results = case["results"] if "results" in case else " ".join([case["repeat"]] * case["times"])
    found = choose_upper_limit(sample_of(results), tail=Tail.SMALLEST_DETECT, seed=1)

    assert found.rule == case["rule"]
    assert (found.limit.method if found.limit else "none") == case["take"]
    if found.limit:
        assert found.limit.confidence == case["confidence"]
        assert found.limit.value > found.limit.estimate.mean
        assert found.convention == found.limit.convention
        assert len(found.fits) == 3
    assert found.seed == 1
    assert all("{" not in found.reason.sentence(language) for language in LANGUAGES)


def test_every_row_of_the_table_is_chosen_by_some_case() -> None:
    assert {case["rule"] for case in CHOICES} == {row.id for row in limit_choice.rules()}


def test_every_sentence_on_confidence_is_used_and_none_is_missing() -> None:
    refusals = {
        "not_for_shapiro_wilk", "no_standard_error", "outside_grice_bain", "cannot_resample",
        "not_for_bootstrap", "all_equal",
    }  # fmt: skip

    assert {row.id for row in limit_choice.rules()} | refusals | {"resamples_left_out"} == set(
        catalogue("statistics")["confidence"]
    )


@pytest.mark.parametrize(
    ("because", "attempt"),
    [
        ("no_standard_error", lambda: student_t(kaplan_meier(sample_of("<1 5"), tail=Tail.SMALLEST_DETECT))),
        ("no_standard_error", lambda: chebyshev(arithmetic(sample_of("5")))),
        ("outside_grice_bain", lambda: gamma_adjusted(arithmetic(sample_of("1 2 3 4")))),
        ("outside_grice_bain", lambda: gamma_adjusted(arithmetic(sample_of("1 2 3 4 5")), confidence=0.99)),
        ("all_equal", lambda: gamma_approximate(arithmetic(sample_of("5 5 5 5")))),
        ("cannot_resample", lambda: bootstrap(sample_of("5 5 5"), arithmetic(sample_of("5 5 5")), seed=1)),
        ("not_for_bootstrap", lambda: bootstrap(PYRENE, normal_mean(PYRENE), seed=1)),
        ("not_for_shapiro_wilk", lambda: shapiro_wilk(PYRENE, distribution=Distribution.GAMMA)),
        ("not_for_shapiro_wilk", lambda: shapiro_wilk(many(5001), distribution=Distribution.NORMAL)),
        ("too_few_detects", lambda: anderson_darling_gamma(sample_of("<1 2 3"), seed=1)),
    ],
)
def test_what_has_no_limit_is_refused_with_its_reason(because: str, attempt: Any) -> None:
    with pytest.raises(CannotEstimate) as refusal:
        attempt()

    assert refusal.value.message.id == because
    assert all("{" not in refusal.value.sentence(language) for language in LANGUAGES)


def normal_mean(sample: CensoredSample) -> Estimate:
    return maximum_likelihood(sample, distribution=Distribution.NORMAL)


def many(n: int) -> CensoredSample:
    return CensoredSample(np.arange(1.0, n + 1))


def test_most_resamples_without_a_detect_give_no_limit() -> None:
    sample = sample_of("<1 <1 <1 <1 <1 <1 <1 2 3 4")
    base = regression_on_order(sample)
    few = CensoredSample(sample.values, [*[True] * 8, False, False])

    with pytest.raises(CannotEstimate, match="resamples are usable"):
        bootstrap(few, base, seed=1)
    left_out = bootstrap(sample, base, seed=1).caveats[-1]
    assert left_out.id == "resamples_left_out"
    assert int(left_out.params["count"]) > 100


def test_the_bca_limit_is_that_of_scipy_to_the_last_digit() -> None:
    values = PYRENE.detects
    theirs = stats.bootstrap(
        (values,), np.mean, method="BCa", alternative="less", n_resamples=2000, rng=np.random.default_rng(7)
    )
    sample = CensoredSample(values)

    assert bootstrap(sample, arithmetic(sample), seed=7).value == pytest.approx(
        theirs.confidence_interval.high, rel=1e-12
    )


def test_the_bca_limit_with_nondetects_is_that_of_scipy_over_places() -> None:
    base = kaplan_meier(PYRENE, tail=Tail.SMALLEST_LIMIT)

    def mean_of(places: Any) -> float:
        resample = CensoredSample(PYRENE.values[places], PYRENE.censored[places])
        return kaplan_meier(resample, tail=Tail.SMALLEST_LIMIT).mean

    theirs = stats.bootstrap(
        (np.arange(PYRENE.n),), mean_of, method="BCa", alternative="less", vectorized=False, n_resamples=500,
        rng=np.random.default_rng(7),
    )  # fmt: skip

    ours = bootstrap(PYRENE, base, seed=7, resamples=500)
    assert ours.value == pytest.approx(theirs.confidence_interval.high, rel=1e-12)
    assert (ours.method, ours.convention, ours.seed) == ("bootstrap_bca", "kaplan_meier/smallest_limit", 7)


def test_the_same_seed_gives_the_same_limit_and_another_another() -> None:
    base = kaplan_meier(PYRENE, tail=Tail.SMALLEST_DETECT)
    again = partial(bootstrap, PYRENE, base, resamples=200)

    assert again(seed=1).value == again(seed=1).value != again(seed=2).value


def test_the_fits_state_statistic_p_and_what_they_looked_at() -> None:
    normal, gamma, lognormal = fits(PYRENE, seed=3)

    assert [test.distribution for test in (normal, gamma, lognormal)] == list(Distribution)
    assert (normal.statistic, normal.p) == pytest.approx(tuple(stats.shapiro(PYRENE.detects)))
    assert (lognormal.statistic, lognormal.p) == pytest.approx(tuple(stats.shapiro(np.log(PYRENE.detects))))
    assert gamma.statistic == pytest.approx(anderson_darling_by_hand(PYRENE.detects), rel=1e-4)
    assert gamma.p == 0.001  # the smallest a simulation of 999 can give
    assert {test.convention for test in (normal, gamma, lognormal)} == {"detects_only"}
    assert (gamma.seed, normal.seed, gamma.level) == (3, None, 0.05)
    assert not any(test.holds for test in (normal, gamma, lognormal))


def anderson_darling_by_hand(values: Any) -> float:
    """The statistic from its definition, with the fitted gamma."""
    shape, _, scale = stats.gamma.fit(values, floc=0)
    below = stats.gamma.cdf(np.sort(values), shape, scale=scale)
    weights = 2 * np.arange(1, values.size + 1) - 1
    return float(-values.size - np.mean(weights * (np.log(below) + np.log1p(-below[::-1]))))


def test_a_gamma_sample_is_not_rejected() -> None:
    quantiles = stats.gamma.ppf((np.arange(40) + 0.5) / 40, 1.5)

    assert anderson_darling_gamma(CensoredSample(quantiles), seed=1).p > 0.9


def test_grice_and_bain_is_interpolated_over_one_by_n_beyond_its_table() -> None:
    limits = [gamma_adjusted(spread(n)).value - gamma_approximate(spread(n)).value for n in (10, 20, 40, 80, 4000)]

    assert limits == sorted(limits, reverse=True)
    assert limits[-1] > 0


def spread(n: int) -> Estimate:
    return arithmetic(CensoredSample(np.linspace(1, 2, n)))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(1, 99).map(float), min_size=5, max_size=15, unique=True),
    st.sampled_from(sorted(FORMULAS)),
    st.sampled_from([1e-6, 1e4]),
)
def test_a_limit_lies_above_the_mean_and_moves_with_the_unit(values: list[float], name: str, factor: float) -> None:
    limit: UpperLimit = FORMULAS[name](arithmetic(CensoredSample(values)))
    other = FORMULAS[name](arithmetic(CensoredSample(np.array(values) * factor)))

    assert limit.value > limit.estimate.mean
    assert other.value == pytest.approx(limit.value * factor)
    assert chebyshev(limit.estimate).value > student_t(limit.estimate).value


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda rows: rows.pop(), "holds always"),
        (lambda rows: rows[0].update(why="x"), "unknown key why"),
        (lambda rows: rows[0].update(take="land_h"), "take is 'land_h'"),
        (lambda rows: rows[0].update(confidence="0.95"), "take is 'refuse'"),
        (lambda rows: rows[0]["when"].update(skewness={}), "unknown key skewness"),
        (lambda rows: rows[0]["when"].update(n={"below": 8}), "number in quotes"),
    ],
)
def test_a_table_that_cannot_be_trusted_is_refused(
    change: Any, says: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = yaml.safe_load(
        (files("soilrules") / "data" / "statistics" / "upper_limit_choice.yaml").read_text(encoding="utf-8")
    )
    change(table["rules"])
    (tmp_path / "table.yaml").write_text(yaml.safe_dump(table), encoding="utf-8")
    monkeypatch.setattr(limit_choice, "TABLE", tmp_path / "table.yaml")

    with pytest.raises(BadRuleData, match=says):
        limit_choice.rules.__wrapped__()
