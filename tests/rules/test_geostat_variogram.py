"""Points, variograms and fits: the answers of R gstat, and the refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rules.geostat_data import CASES, EASTS, MADE_UP, NORTHS, VALUES, data, meets
from soilrules.geostat import (
    CannotInterpolate,
    Estimator,
    Experimental,
    Kind,
    Model,
    Scale,
    choose,
    experimental,
    fit,
    points_of,
    points_with_non_detects,
)
from soilrules.geostat import variogram as variogram_module
from soilrules.statistics import CensoredSample, Substitute

PLACES = np.column_stack([EASTS, NORTHS])


def sampled(model: Model, *, pairs: int = 200, cutoff: float = 1500.0) -> Experimental:
    """A variogram exactly as the model says."""
    distances = (np.arange(15) + 0.5) * cutoff / 15
    return Experimental(np.full(15, pairs), distances, model.semivariance(distances), cutoff, 15, Estimator.MATHERON)


@pytest.mark.parametrize("case", CASES["variograms"], ids=lambda one: f"{one['data']}-{one['estimator']}")
def test_the_experimental_variogram_is_gstats(case: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    points, _ = data(case["data"])
    monkeypatch.setattr(variogram_module, "ROWS_AT_ONCE", 40)
    found = experimental(
        points, estimator=case["estimator"], cutoff_m=case.get("cutoff"), lags=case.get("lags", variogram_module.LAGS)
    )

    assert found.pairs.tolist() == case["pairs"]
    for value, printed in zip(found.distance_m, case["distances"], strict=False):
        assert meets(value, printed)
    for value, printed in zip(found.semivariance, case["semivariances"], strict=False):
        assert meets(value, printed)


@pytest.mark.parametrize("case", CASES["fits"], ids=lambda one: one["kind"])
def test_a_fit_is_at_least_as_good_as_gstats(case: dict[str, Any]) -> None:
    points, _ = data(case["data"])
    found = fit(experimental(points), case["kind"], smoothness=case.get("smoothness", 0.5))

    assert found.weighted_squares <= case["weighted_squares"] * (1 + 1e-9)
    assert found.model.nugget == pytest.approx(case["nugget"], rel=case["within"], abs=1e-9)
    assert found.model.partial_sill == pytest.approx(case["partial_sill"], rel=case["within"])
    assert found.model.range_m == pytest.approx(case["range"], rel=case["within"])
    assert 0.95 < found.explained < 1


def test_the_best_shape_is_chosen_and_its_rivals_named() -> None:
    found = choose(experimental(data("meuse zinc log")[0]))

    assert found.model.kind is Kind.SPHERICAL
    assert {kind for kind, _ in found.rivals} == {Kind.EXPONENTIAL, Kind.GAUSSIAN}
    assert all(squares > found.weighted_squares for _, squares in found.rivals)


@pytest.mark.parametrize("kind", Kind)
def test_a_fit_finds_the_model_a_variogram_was_made_from(kind: Kind) -> None:
    model = Model(kind, 0.1, 0.9, 300, 1.5)
    found = fit(sampled(model), kind, smoothness=1.5)

    assert found.model.nugget == pytest.approx(0.1, rel=1e-4)
    assert found.model.range_m == pytest.approx(300, rel=1e-4)
    assert found.explained == pytest.approx(1)


@pytest.mark.parametrize("kind", Kind)
def test_a_model_begins_at_nothing_and_reaches_its_sill(kind: Kind) -> None:
    model = Model(kind, 0.1, 0.9, 300, 1.5)
    gammas = model.semivariance(np.array([0.0, 1e-6, model.effective_range_m, 1e5]))

    assert gammas[0] == 0 and gammas[1] == pytest.approx(0.1, abs=1e-6)
    assert gammas[2] == pytest.approx(1.0 if kind is Kind.SPHERICAL else 0.1 + 0.95 * 0.9)
    assert gammas[3] == pytest.approx(1)
    with pytest.raises(ValueError, match="range and smoothness above 0"):
        Model(kind, 0.1, 0.9, 0)


def test_half_smooth_matern_is_exponential() -> None:
    distances = np.linspace(0, 900, 50)
    assert Model(Kind.MATERN, 0.1, 0.9, 200, 0.5).semivariance(distances) == pytest.approx(
        Model(Kind.EXPONENTIAL, 0.1, 0.9, 200).semivariance(distances)
    )


def test_few_pairs_leave_the_variogram_unknown() -> None:
    with pytest.raises(CannotInterpolate, match=r"Only 0 of 15 lags have 30 pairs \(21 pairs in all\), fewer than 5"):
        fit(experimental(MADE_UP))


def test_thin_and_few_are_remarked() -> None:
    found = sampled(Model(Kind.SPHERICAL, 0.1, 0.9, 300), pairs=40)
    found.pairs[:3] = 12
    ids = {one.id for one in fit(found).remarks}

    assert ids == {"thin_lags", "few_pairs"}


def test_no_structure_and_no_sill_are_unknown() -> None:
    flat = sampled(Model(Kind.SPHERICAL, 1.0, 0.0, 300))
    rising = sampled(Model(Kind.SPHERICAL, 0.0, 1.0, 10_000))
    for look in (fit, choose):
        with pytest.raises(CannotInterpolate, match="flat from the nearest distance"):
            look(flat)
        with pytest.raises(CannotInterpolate, match="no sill within 1500 m"):
            look(rising)
    late = fit(sampled(Model(Kind.SPHERICAL, 0.0, 1.0, 1_800)))
    assert [one.id for one in late.remarks] == ["late_sill"]


def test_a_gaussian_without_nugget_is_not_chosen() -> None:
    gaussian = sampled(Model(Kind.GAUSSIAN, 0.0, 1.0, 400))

    assert choose(gaussian).model.kind is not Kind.GAUSSIAN
    with pytest.raises(CannotInterpolate, match="cannot be solved reliably"):
        choose(gaussian, (Kind.GAUSSIAN,))


def test_an_outlier_moves_cressie_less() -> None:
    random = np.random.default_rng(3)
    places, values = random.uniform(0, 1000, (80, 2)) + 5e5, random.normal(10, 1, 80)
    spoilt = np.where(np.arange(80) == 7, 40.0, values)
    moved = {}
    for estimator in Estimator:
        plain, outlying = (experimental(points_of(places, one), estimator=estimator) for one in (values, spoilt))
        moved[estimator] = (outlying.semivariance / plain.semivariance).mean()

    assert moved[Estimator.CRESSIE] < 0.3 * moved[Estimator.MATHERON]


def test_results_of_one_place_are_averaged_and_said() -> None:
    twice = np.concatenate([PLACES, PLACES[:2]])
    found = points_of(twice, np.concatenate([VALUES, [0.51, 0.52]]))

    assert found.n == 12 and found.n_given == 14
    assert sorted(set(found.values) - set(VALUES)) == pytest.approx([0.41, 0.47])
    assert found.remarks[0].sentence("en") == "14 results lie at 12 places; at 2 of them several results were averaged."


def test_the_order_of_the_results_does_not_matter_to_the_last_bit() -> None:
    random = np.random.default_rng(6)
    places, values = np.repeat(PLACES, 7, axis=0), random.uniform(0.1, 0.9, 84)
    for _ in range(20):
        order = random.permutation(84)
        assert np.array_equal(points_of(places[order], values[order]).values, points_of(places, values).values)


def test_non_detects_count_as_asked_and_are_named() -> None:
    sample = CensoredSample(VALUES, VALUES < 0.4)
    for by, share in ((Substitute.HALF_LIMIT, 0.5), (Substitute.LIMIT, 1.0)):
        found = points_with_non_detects(PLACES, sample, by=by, scale=Scale.LOG)
        assert sorted(found.values) == pytest.approx(sorted(np.where(VALUES < 0.4, VALUES * share, VALUES)))
        assert (found.n_substituted, found.substituted_by) == (2, by)
        assert "2 of 12 results are non-detects" in found.remarks[-1].sentence("en")
    with pytest.raises(CannotInterpolate, match="has no logarithm"):
        points_with_non_detects(PLACES, sample, by=Substitute.ZERO, scale=Scale.LOG)


@pytest.mark.parametrize(
    ("places", "values", "said"),
    [
        (PLACES[:9], VALUES[:9], "Only 9 different places, fewer than 10"),
        (np.repeat(PLACES[:6], 2, axis=0), VALUES, "Only 6 different places"),
        (PLACES, np.full(12, 0.3), "All 12 points have the content 0.3"),
        (PLACES, VALUES[:-1], "12 places but 11 contents"),
        (PLACES[:, 0], VALUES, "give a pair for each point"),
        (np.where(np.arange(24).reshape(12, 2) == 5, np.nan, PLACES), VALUES, r"Point 3 \(500260.0, nan\)"),
        (PLACES, np.where(np.arange(12) == 4, np.inf, VALUES), "Point 5"),
        (PLACES / 1e5 + [110, 10], VALUES, "look like degrees"),
        (np.zeros((0, 2)), [], "Only 0 different places"),
    ],
)
def test_what_is_no_ground_for_a_surface_is_refused(places: Any, values: Any, said: str) -> None:
    with pytest.raises(CannotInterpolate, match=said):
        points_of(places, values)
