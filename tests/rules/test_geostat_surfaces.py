"""A surface from first to last: what it carries, what it masks, what it says, what it refuses; and its sentences."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter
from typing import Any

import numpy as np
import pytest

import soilrules
from rules.geostat_data import EASTS, MADE_UP, NORTHS, VALUES, shipped
from soilrules.geostat import (
    Grid,
    Kind,
    Kriged,
    Method,
    Model,
    Outcome,
    Scale,
    Surface,
    Wanted,
    beyond,
    contents,
    grid_over,
    krige,
    medians,
    nearest_m,
    points_of,
    probability_above,
    surface,
)
from soilrules.messages import LANGUAGES, catalogue
from soilrules.statistics import CensoredSample, Substitute

ROOM = catalogue("geostat")
CODE = "\n".join(path.read_text("utf-8") for path in (Path(soilrules.__file__).parent / "geostat").glob("*.py"))
ZONE = 4547
CORNER = np.array([500_000.0, 3_000_000.0])
PLACES = np.column_stack([EASTS, NORTHS])
GRID = grid_over((499_000, 2_999_000, 501_500, 3_001_500), cell=50, epsg=ZONE)


def field(n: int = 150, seed: int = 4, extent: float = 2_000.0) -> tuple[np.ndarray, CensoredSample]:
    """Log-normal contents that vary smoothly, with a nugget."""
    random = np.random.default_rng(seed)
    places = random.uniform(0, extent, (n, 2)) + CORNER
    model = Model(Kind.SPHERICAL, 0.05, 0.6, 700)
    apart = np.linalg.norm(places[:, None] - places[None], axis=2)
    logs = 3 + np.linalg.cholesky(model.covariance(apart)) @ random.normal(size=n)
    return places, CensoredSample(np.exp(logs))


AREA = grid_over((499_500, 2_999_500, 502_500, 3_002_500), cell=100, epsg=ZONE)
PLACES_OF_FIELD, FIELD = field()
WHOLE = surface(PLACES_OF_FIELD, FIELD, AREA, Wanted(limit=30.0))


def ids(found: Surface) -> list[str]:
    return [one.id for one in found.remarks]


def test_a_surface_carries_what_an_official_needs() -> None:
    assert WHOLE.outcome is Outcome.MAPPED and WHOLE.reason is None
    assert WHOLE.points is not None and WHOLE.points.n == 150
    assert WHOLE.fit is not None and len(WHOLE.fit.experimental.pairs) == 15 and WHOLE.fit.model.sill > 0
    assert WHOLE.validation is not None and WHOLE.validation.n == 150 and WHOLE.validation.correlation > 0.5
    assert WHOLE.reach_m == WHOLE.fit.model.effective_range_m
    assert set(WHOLE.versions) == {"soilrules", "numpy", "scipy"}
    assert {"stationary", "log_normal_mean", "normal_errors_log", "same_variogram", "masked"} <= set(ids(WHOLE))
    for values in (WHOLE.contents, WHOLE.medians, WHOLE.variance, WHOLE.probability):
        assert values is not None and values.shape == AREA.shape


def test_nothing_is_drawn_beyond_the_reach() -> None:
    for reach in (60.0, 300.0):
        found = surface(PLACES_OF_FIELD, FIELD, AREA, Wanted(reach_m=reach))
        far = np.array([np.hypot(*(PLACES_OF_FIELD - one).T).min() > reach for one in AREA.centres()])
        assert found.contents is not None and 0 < far.sum() < far.size
        assert np.array_equal(np.isnan(found.contents).ravel(), far)
        assert beyond(found.points, AREA.centres(), reach).tolist() == far.tolist()
    assert nearest_m(MADE_UP, MADE_UP.places[:3] + np.array([3.0, 4.0])).tolist() == pytest.approx([5.0] * 3)


def test_probabilities_follow_the_normal_distribution() -> None:
    kriged = Kriged(
        np.array([2.0, 2.0, 2.0, 3.0, np.nan]), np.array([1.0, 4.0, 0.0, 0.0, np.nan]), np.zeros(5), np.ones(5, int)
    )

    assert probability_above(2.0, kriged, Scale.RAW) == pytest.approx([0.5, 0.5, 0.0, 1.0, np.nan], nan_ok=True)
    assert probability_above(4.0, kriged, Scale.RAW)[:2] == pytest.approx([0.0227501, 0.1586553], abs=1e-7)
    assert probability_above(np.exp(1.0), kriged, Scale.LOG)[0] == pytest.approx(0.8413447, abs=1e-7)
    with pytest.raises(ValueError, match="expected a content above 0"):
        probability_above(0.0, kriged, Scale.LOG)


def test_means_of_log_normal_contents_are_unbiased() -> None:
    model = Model(Kind.EXPONENTIAL, 0.1, 0.9, 150)
    targets = MADE_UP.places[:4] + np.array([60.0, 45.0])
    kriged = krige(MADE_UP, targets, model)
    weights = np.array([krige(points_of(MADE_UP.places, one), targets, model).estimate for one in np.eye(12)])
    apart = np.linalg.norm(MADE_UP.places[:, None] - MADE_UP.places[None], axis=2)
    spread = np.einsum("it,ij,jt->t", weights, model.covariance(apart), weights)  # the variance of the estimates
    logs = Kriged(np.zeros(4), kriged.variance, kriged.multiplier, kriged.neighbours)
    mean, plain = (back(logs, Scale.LOG) * np.exp(spread / 2) for back in (contents, medians))

    assert mean == pytest.approx(np.full(4, np.exp(model.sill / 2)))  # the mean of a log-normal whose logs have mean 0
    assert (plain < 0.85 * mean).all()


def test_the_raw_scale_needs_no_way_back() -> None:
    found = surface(PLACES_OF_FIELD, FIELD, AREA, Wanted(scale=Scale.RAW, limit=30.0))

    assert found.contents is found.contents and np.array_equal(found.contents, found.medians, equal_nan=True)
    assert "normal_errors_raw" in ids(found) and "log_normal_mean" not in ids(found)


def test_inverse_distance_says_what_it_cannot() -> None:
    found = surface(PLACES_OF_FIELD, FIELD, AREA, Wanted(Method.INVERSE_DISTANCE, limit=30.0))

    assert found.outcome is Outcome.MAPPED and found.medians is not None
    assert found.contents is None and found.variance is None and found.probability is None
    assert found.validation is not None and found.validation.msdr is None
    assert {"inverse_distance", "medians_only", "no_probability", "masked"} <= set(ids(found))


@pytest.mark.parametrize(
    ("places", "sample", "wanted", "reason"),
    [
        (PLACES[:6], CensoredSample(VALUES[:6]), Wanted(), "too_few_points"),
        (PLACES, CensoredSample(np.full(12, 2.0)), Wanted(), "all_equal"),
        (PLACES, CensoredSample(VALUES), Wanted(), "too_few_pairs"),
        (PLACES, CensoredSample(VALUES), Wanted(Method.INVERSE_DISTANCE), "no_reach"),
        (PLACES, CensoredSample(VALUES, VALUES < 0.4), Wanted(), "non_detects"),
        (PLACES / 1e5, CensoredSample(VALUES), Wanted(), "degrees"),
    ],
)
def test_unknown_is_an_outcome_with_a_reason(places: Any, sample: CensoredSample, wanted: Wanted, reason: str) -> None:
    found = surface(places, sample, GRID, wanted)

    assert found.outcome is Outcome.UNKNOWN and found.contents is None
    assert found.reason is not None and found.reason.id == reason
    assert all(found.reason.sentence(language) for language in LANGUAGES)


def test_noise_is_unknown_or_said_to_be_no_better_than_the_mean() -> None:
    random = np.random.default_rng(11)
    sample = CensoredSample(np.exp(random.normal(size=150)))
    found = surface(PLACES_OF_FIELD, sample, AREA)
    by_distance = surface(PLACES_OF_FIELD, sample, AREA, Wanted(Method.INVERSE_DISTANCE, reach_m=500))

    assert found.outcome is Outcome.UNKNOWN or "no_better_than_the_mean" in ids(found)
    assert "no_better_than_the_mean" in ids(by_distance)


def test_substitution_and_averaging_go_with_the_surface() -> None:
    flags = FIELD.values < np.quantile(FIELD.values, 0.1)
    sample = CensoredSample(np.append(FIELD.values, 20.0), np.append(flags, False))
    places = np.vstack([PLACES_OF_FIELD, PLACES_OF_FIELD[:1]])
    found = surface(places, sample, AREA, Wanted(substitute=Substitute.HALF_LIMIT))

    assert found.points is not None
    assert (found.points.n, found.points.n_given, found.points.n_substituted) == (150, 151, 15)
    assert ids(found)[:2] == ["averaged", "substituted_half_limit"]


def test_a_grid_in_degrees_is_no_ground_for_distances() -> None:
    with pytest.raises(ValueError, match="expected a projected system"):
        surface(PLACES, CensoredSample(VALUES), Grid(112, 30, 0.01, 10, 10, 4490))


def test_a_grid_covers_its_bounds_and_counts_from_the_north_west() -> None:
    grid = grid_over((101.0, 203.0, 149.0, 261.0), cell=20, epsg=ZONE)

    assert (grid.west, grid.north, grid.columns, grid.rows) == (100, 280, 3, 4)
    assert grid.centres()[0].tolist() == [110, 270] and grid.centres()[-1].tolist() == [150, 210]
    with pytest.raises(ValueError, match="4000000"):
        grid_over((0, 0, 1e6, 1e6), cell=100, epsg=ZONE)


def test_meuse_is_mapped_as_its_authors_do() -> None:
    frame = shipped("sp", "meuse")["meuse"]
    grid = grid_over((178_400, 329_600, 181_600, 333_800), cell=40, epsg=ZONE)
    found = surface(frame[["x", "y"]], CensoredSample(frame["zinc"]), grid, Wanted(limit=720.0))

    assert found.fit is not None and found.fit.model.range_m == pytest.approx(897, abs=0.1)
    assert found.validation is not None and found.validation.rmse == pytest.approx(0.3918, abs=1e-4)
    assert found.probability is not None and np.nanmax(found.probability) > 0.95


def test_the_example_of_the_reference_page_runs() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "reference" / "geostatistics.md"
    code = page.read_text("utf-8").split("```python\n")[1].split("```")[0]
    names: dict[str, Any] = {}
    exec(code, names)

    assert names["found"].outcome is Outcome.MAPPED


def params(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("group", sorted(ROOM))
def test_both_languages_with_the_same_params(group: str) -> None:
    for message_id, texts in ROOM[group].items():
        assert set(texts) == set(LANGUAGES), message_id
        assert params(texts["zh"]) == params(texts["en"]), message_id
        assert not re.search(r"[\u4e00-\u9fff]", texts["en"]), message_id


def test_every_sentence_is_used_and_every_id_has_one() -> None:
    made = {f"substituted_{one}" for one in Substitute} | {f"kriging_{one}" for one in Kind}
    made |= {f"normal_errors_{one}" for one in Scale}
    said = {message_id for group in ROOM.values() for message_id in group}

    assert {one for one in said if f'"{one}"' not in CODE} == made
    assert set(re.findall(r'CannotInterpolate\(\s*"(\w+)"', CODE)) == set(ROOM["refused"])


def test_every_remark_can_be_said() -> None:
    for one in WHOLE.remarks:
        assert all(one.sentence(language) for language in LANGUAGES)
