"""What varies together: published figures, what must hold of any loadings, and the refusals."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from rules.geostat_data import CASES, meets, shipped
from soilrules.geostat import CannotInterpolate, correlations, loadings
from soilrules.geostat.sources import varimax

CASE = CASES["loadings"]


def two_sources(n: int = 60) -> dict[str, np.ndarray]:
    """Five analytes of two independent sources."""
    random = np.random.default_rng(2)
    one, other = random.normal(size=(2, n))
    noise = random.normal(scale=0.3, size=(5, n))
    return {
        name: np.exp(source + each)
        for name, source, each in zip("abcde", (one, one, one, other, other), noise, strict=True)
    }


def test_jura_loads_as_in_r() -> None:
    frame = shipped("gstat", "jura")["jura.pred"]
    contents = {name: frame[name].to_numpy() for name in CASE["analytes"]}
    found, related = loadings(contents), correlations(contents)

    assert found.n == 259 and found.loadings.shape == (7, 2)
    for row, printed in zip(found.loadings, CASE["loadings"], strict=True):
        assert all(meets(value, each) for value, each in zip(row, printed, strict=True))
    for values, printed in ((found.eigenvalues, CASE["eigenvalues"]), (found.explained, CASE["explained"])):
        assert all(meets(value, each) for value, each in zip(values, printed, strict=False))
    for pair, printed in CASE["spearman"].items():
        one, other = (CASE["analytes"].index(name) for name in pair.split())
        assert meets(related.rho[one, other], printed) and related.n[one, other] == 259


def test_two_sources_are_told_apart_and_the_caveat_goes_along() -> None:
    found = loadings(two_sources())

    assert found.loadings.shape == (5, 2)
    assert (found.loadings[:3, 0] > 0.9).all() and (found.loadings[3:, 1] > 0.9).all()
    assert (abs(found.loadings[3:, 0]) < 0.3).all()
    assert found.communality == pytest.approx((found.loadings**2).sum(axis=1))
    assert found.eigenvalues.sum() == pytest.approx(5)
    assert "prove no source" in found.remarks[0].sentence("en")


def test_turning_keeps_lengths_and_all_components_keep_everything() -> None:
    raw = np.random.default_rng(8).normal(size=(6, 3))
    turned = varimax(raw)

    assert turned @ turned.T == pytest.approx(raw @ raw.T)
    assert loadings(two_sources(), components=5).communality == pytest.approx(np.ones(5))
    assert varimax(raw[:, :1]) == pytest.approx(raw[:, :1])


def test_units_do_not_matter() -> None:
    contents = two_sources()
    thousandfold = {name: values * 1000 for name, values in contents.items()}

    assert loadings(thousandfold).loadings == pytest.approx(loadings(contents).loadings)


def test_a_correlation_says_from_how_many() -> None:
    contents = two_sources(20)
    contents["a"][:13] = np.nan
    contents["b"][-5:] = np.nan
    found = correlations(contents)

    assert found.n[0, 0] == 7 and found.n[0, 1] == found.n[1, 0] == 2 and found.n[0, 2] == 7
    assert np.isnan(found.rho[0, 1])
    expected = stats.spearmanr(contents["c"], contents["d"])
    assert found.rho[2, 3] == found.rho[3, 2] == pytest.approx(expected.statistic)
    assert found.p[2, 3] == pytest.approx(expected.pvalue)


def test_incomplete_and_few_samples_are_said() -> None:
    contents = two_sources(22)
    contents["a"][:2] = np.nan
    remarks = loadings(contents).remarks

    assert [one.id for one in remarks] == ["no_proof", "logs", "few_samples"]
    assert "20 complete samples, 2 incomplete ones left out" in remarks[1].sentence("en")


def without(contents: dict[str, np.ndarray], name: str, value: float, where: slice) -> dict[str, np.ndarray]:
    return contents | {name: np.where(np.isin(np.arange(60), np.arange(60)[where]), value, contents[name])}


@pytest.mark.parametrize(
    ("contents", "said"),
    [
        (without(two_sources(), "b", np.nan, slice(0, 56)), "b has 4 results, fewer than 5"),
        (without(two_sources(), "b", 2.0, slice(0, 60)), "All contents of b are 2"),
        (without(two_sources(), "c", 0.0, slice(4, 5)), "c has a content 0"),
        ({"a": np.arange(1, 20)}, "at least two are needed"),
        ({name: values[:5] for name, values in two_sources().items()}, "Only 5 samples have all 5 analytes"),
    ],
)
def test_what_gives_no_loadings_is_refused(contents: dict[str, np.ndarray], said: str) -> None:
    with pytest.raises(CannotInterpolate, match=said):
        loadings(contents)


def test_callers_mistakes_are_errors() -> None:
    with pytest.raises(ValueError, match="different lengths"):
        correlations({"a": np.arange(9), "b": np.arange(8)})
    with pytest.raises(ValueError, match="expected 1 to 5"):
        loadings(two_sources(), components=6)
