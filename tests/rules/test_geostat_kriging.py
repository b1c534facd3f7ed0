"""Kriging and inverse distance: the answers of R gstat, and what must hold of any data."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.geostat_data import CASES, MADE_UP, TARGETS, data, hood_of, meets, model_of, shipped
from soilrules.geostat import (
    EVERYTHING,
    CannotInterpolate,
    Kind,
    Model,
    Neighbourhood,
    by_folds,
    inverse_distance,
    inverse_distance_with,
    krige,
    kriging_with,
    leave_one_out,
    leave_one_out_inverse_distance,
    points_of,
    whole_systems,
)
from soilrules.geostat import kriging as kriging_module

SPHERICAL = Model(Kind.SPHERICAL, nugget=0.02, partial_sill=0.08, range_m=300)
CORNER = np.array([500_000.0, 3_000_000.0])
MODELS = [
    SPHERICAL,
    Model(Kind.EXPONENTIAL, 0.0, 0.1, 120),
    Model(Kind.GAUSSIAN, 0.01, 0.1, 90),
    Model(Kind.MATERN, 0.0, 0.1, 80, 1.5),
]
HOODS = [EVERYTHING, Neighbourhood(5), Neighbourhood(within_m=200), Neighbourhood(4, 180.0)]


def named(cases: list[dict[str, Any]]) -> list[Any]:
    return [pytest.param(one, id=f"{one['data']}-{number}") for number, one in enumerate(cases)]


@pytest.mark.parametrize("case", named(CASES["kriging"]))
def test_kriging_answers_as_gstat(case: dict[str, Any]) -> None:
    points, targets = data(case["data"])
    found = krige(points, targets, model_of(case["model"]), hood_of(case))
    both = (found.estimate, found.variance)

    assert int(np.isnan(found.estimate).sum()) == case["missing"]
    for place, at in (("first", 0), ("last", -1)):
        for values, printed in zip(both, case.get(place, ()), strict=False):
            assert meets(values[at], printed), (place, values[at], printed)
    for values, printed in zip(both, case.get("sums", ()), strict=False):
        assert meets(float(np.nansum(values)), printed)
    if "range" in case:
        assert meets(np.nanmin(found.estimate), case["range"][0]) and meets(np.nanmax(found.estimate), case["range"][1])


@pytest.mark.parametrize("case", named(CASES["inverse_distance"]))
def test_inverse_distance_answers_as_gstat(case: dict[str, Any]) -> None:
    points, targets = data(case["data"])
    found = inverse_distance(points, targets, power=case["power"], hood=hood_of(case))

    assert meets(found[0], case["first"]) and meets(found[-1], case["last"])
    assert meets(float(found.sum()), case["sum"]) or case["data"] == "made up"


@pytest.mark.parametrize("case", named(CASES["validation"]))
def test_cross_validation_answers_as_gstat(case: dict[str, Any]) -> None:
    points, _ = data(case["data"])
    if case["model"] == "inverse_distance":
        found = leave_one_out_inverse_distance(points, hood=hood_of(case))
    else:
        found = leave_one_out(points, model_of(case["model"]), hood_of(case))

    assert found.n == found.folds == points.n
    assert meets(found.mean_error, case["mean_error"])
    assert meets(found.rmse, case["rmse"]) and meets(found.correlation, case["correlation"])
    assert meets(found.msdr, case["msdr"]) if "msdr" in case else found.msdr is None


@pytest.mark.parametrize("case", [pytest.param(one, id=one["analyte"]) for one in CASES["hold_out"]])
def test_points_kept_back_are_met_as_by_gstat(case: dict[str, Any]) -> None:
    frames = shipped("gstat", "jura")
    known, kept = frames["jura.pred"], frames["jura.val"]
    points = points_of(known[["Xloc", "Yloc"]].to_numpy() * 1000 + 1e5, known[case["analyte"]])
    found = krige(points, kept[["Xloc", "Yloc"]].to_numpy() * 1000 + 1e5, model_of(case["model"]))
    errors = found.estimate - kept[case["analyte"]].to_numpy()

    assert errors.mean() == pytest.approx(float(case["mean_error"]), rel=1e-7)
    assert np.sqrt((errors**2).mean()) == pytest.approx(float(case["rmse"]), rel=1e-7)
    assert (errors**2 / found.variance).mean() == pytest.approx(float(case["msdr"]), rel=1e-7)


@pytest.mark.parametrize("hood", HOODS, ids=str)
@pytest.mark.parametrize("model", MODELS, ids=lambda one: one.kind)
def test_a_measured_place_has_its_value_and_no_variance(model: Model, hood: Neighbourhood) -> None:
    found = krige(MADE_UP, MADE_UP.places, model, hood)

    assert found.estimate == pytest.approx(MADE_UP.values, abs=1e-9)
    assert found.variance == pytest.approx(np.zeros(MADE_UP.n), abs=1e-9)
    assert (found.variance >= 0).all()


@settings(max_examples=25)
@given(
    st.integers(0, 10_000),
    st.sampled_from(MODELS),
    st.sampled_from(HOODS),
    st.floats(-50, 50),
    st.tuples(st.integers(-400_000, 400_000), st.integers(-900_000, 900_000)),
)
def test_shifts_and_order_do_not_matter(
    seed: int, model: Model, hood: Neighbourhood, more: float, moved: tuple[int, int]
) -> None:
    random = np.random.default_rng(seed)
    places = random.uniform(0, 600, (25, 2)) + CORNER
    values = random.normal(size=25)
    targets = random.uniform(-50, 650, (40, 2)) + CORNER
    found = krige(points_of(places, values), targets, model, hood)
    order = random.permutation(25)
    again = krige(points_of(places[order], values[order]), targets, model, hood)
    shifted = krige(points_of(places + moved, values + more), targets + moved, model, hood)

    assert np.array_equal(found.estimate, again.estimate, equal_nan=True)
    assert np.array_equal(found.variance, again.variance, equal_nan=True)
    assert shifted.estimate == pytest.approx(found.estimate + more, abs=1e-6, nan_ok=True)  # so the weights sum to one
    assert shifted.variance == pytest.approx(found.variance, abs=1e-6, nan_ok=True)
    assert (np.nan_to_num(found.variance) >= 0).all()


@pytest.mark.parametrize("model", MODELS, ids=lambda one: one.kind)
def test_all_points_give_the_same_in_one_system_and_in_many(model: Model) -> None:
    together = krige(MADE_UP, TARGETS, model)
    one_by_one = krige(MADE_UP, TARGETS, model, Neighbourhood(within_m=1e7))

    for name in ("estimate", "variance", "multiplier", "neighbours"):
        assert getattr(one_by_one, name) == pytest.approx(getattr(together, name), abs=1e-10)


@pytest.mark.parametrize("model", MODELS, ids=lambda one: one.kind)
@pytest.mark.parametrize("hood", HOODS, ids=str)
def test_many_targets_are_taken_in_parts(model: Model, hood: Neighbourhood, monkeypatch: pytest.MonkeyPatch) -> None:
    targets = np.random.default_rng(1).uniform(-400, 900, (300, 2)) + CORNER
    whole = krige(MADE_UP, targets, model, hood)
    monkeypatch.setattr(whole_systems, "COVARIANCES_AT_ONCE", 100)
    monkeypatch.setattr(whole_systems, "TARGETS_IN_BLOCK", 10)
    monkeypatch.setattr(kriging_module, "TARGETS_SEARCHED", 70)
    parts = krige(MADE_UP, targets, model, hood)

    assert parts.estimate == pytest.approx(whole.estimate, abs=1e-12, nan_ok=True)
    assert parts.variance == pytest.approx(whole.variance, abs=1e-12, nan_ok=True)


@pytest.mark.parametrize("targets", [TARGETS[:0], TARGETS[:1], np.repeat(TARGETS[:1], 600, axis=0)], ids=len)
def test_no_target_one_and_many_at_one_place(targets: np.ndarray) -> None:
    for hood in HOODS:
        found = krige(MADE_UP, targets, SPHERICAL, hood)
        assert len(found.estimate) == len(targets) and np.isfinite(found.estimate).all()


def test_far_from_all_points_the_variance_is_above_the_sill() -> None:
    assert krige(MADE_UP, TARGETS[-1:] + 5_000, SPHERICAL).variance[0] > SPHERICAL.sill


def test_a_nearly_singular_system_is_refused() -> None:
    places = np.column_stack([np.linspace(0, 20, 40) + 500_000, np.full(40, 3_000_000.0)])
    points = points_of(places, np.arange(40.0))
    with pytest.raises(CannotInterpolate, match="cannot be solved reliably"):
        krige(points, places[:5] + 0.3, Model(Kind.GAUSSIAN, 0.0, 1.0, 5_000))


def test_too_many_points_in_one_system_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kriging_module, "MOST_TOGETHER", 11)
    with pytest.raises(CannotInterpolate, match="12 points in one system are more than 11"):
        krige(MADE_UP, TARGETS, SPHERICAL)


@pytest.mark.parametrize("hood", [EVERYTHING, Neighbourhood(5)], ids=str)
def test_one_fold_for_each_point_is_leaving_one_out(hood: Neighbourhood) -> None:
    folds = by_folds(MADE_UP, kriging_with(SPHERICAL, hood), folds=MADE_UP.n)
    one_out = leave_one_out(MADE_UP, SPHERICAL, hood)

    assert folds.estimates == pytest.approx(one_out.estimates)
    assert folds.variances == pytest.approx(one_out.variances)
    assert folds.rmse == pytest.approx(one_out.rmse)


def test_folds_of_inverse_distance_have_no_variance() -> None:
    found = by_folds(MADE_UP, inverse_distance_with(), folds=4)

    assert found.folds == 4 and found.msdr is None and np.isfinite(found.estimates).all()
    with pytest.raises(ValueError, match="expected 2 to 12"):
        by_folds(MADE_UP, inverse_distance_with(), folds=13)


def test_inverse_distance_stays_between_the_values_and_bears_any_power() -> None:
    for power in (0.5, 2.0, 60.0):
        found = inverse_distance(MADE_UP, TARGETS, power=power)
        assert (found >= MADE_UP.values.min()).all() and (found <= MADE_UP.values.max()).all()
    assert np.isnan(inverse_distance(MADE_UP, TARGETS, hood=Neighbourhood(within_m=100))[-1])
