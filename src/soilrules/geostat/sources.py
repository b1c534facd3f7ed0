"""Which analytes vary together: Spearman correlations, and loadings of rotated principal components.

Hints at sources, no proof; the caveat goes with every result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import scipy
from numpy.typing import ArrayLike

from soilrules.geostat.errors import CannotInterpolate, message
from soilrules.geostat.points import Floats, Whole
from soilrules.messages import Message
from soilrules.statistics.results import software

LEAST_SAMPLES = 5
KAISER = 1.0
"""Components are kept while they explain more than one standardised analyte does (Kaiser 1960)."""
TURNS, STILL = 1_000, 1e-15


@dataclass(frozen=True, slots=True, eq=False)
class Correlations:
    """Spearman's ρ of each pair, shape (analytes, analytes), from the `n` samples that have both; NaN below five or where one
    does not vary. `p` is two-sided, from Student's t."""

    analytes: tuple[str, ...]
    rho: Floats
    p: Floats
    n: Whole
    remarks: tuple[Message, ...]
    versions: Mapping[str, str] = field(default_factory=software)


@dataclass(frozen=True, slots=True, eq=False)
class Loadings:
    """Correlations of each analyte with each component, shape (analytes, components), after varimax; `explained` is each
    component's share of the whole variance, `communality` each analyte's share in the components kept. `n` counts the
    samples with every analyte."""

    analytes: tuple[str, ...]
    loadings: Floats
    explained: Floats
    communality: Floats
    eigenvalues: Floats
    n: int
    remarks: tuple[Message, ...]
    versions: Mapping[str, str] = field(default_factory=software)


def correlations(contents: Mapping[str, ArrayLike]) -> Correlations:
    """Of analytes with one content for each sample, NaN where it was not measured."""
    names, table = _table(contents)
    size = len(names)
    rho, p, n = np.full((size, size), np.nan), np.full((size, size), np.nan), np.zeros((size, size), np.intp)
    for one in range(size):
        for other in range(one, size):
            both = np.isfinite(table[:, one]) & np.isfinite(table[:, other])
            n[one, other] = n[other, one] = both.sum()
            pair = table[both][:, [one, other]]
            if len(pair) >= LEAST_SAMPLES and np.ptp(pair, axis=0).min() > 0:
                found = scipy.stats.spearmanr(pair[:, 0], pair[:, 1])
                rho[one, other] = rho[other, one] = found.statistic
                p[one, other] = p[other, one] = found.pvalue
    return Correlations(names, rho, p, n, (message("sources", "no_proof"), message("sources", "neighbours_alike")))


def loadings(contents: Mapping[str, ArrayLike], *, components: int | None = None) -> Loadings:
    """Principal components of the standardised logarithms, rotated by varimax with Kaiser's normalisation, the strongest
    first, the sum of each not below 0. `components`: how many to keep; by default those with an eigenvalue above 1."""
    names, table = _table(contents)
    logs = _complete_logs(names, table)
    values, vectors = np.linalg.eigh(np.corrcoef(logs, rowvar=False))
    values, vectors = values[::-1].clip(min=0.0), vectors[:, ::-1]
    kept = components or max(1, int((values > KAISER).sum()))
    if not 1 <= kept <= len(names):
        raise ValueError(f"{kept} components of {len(names)} analytes: expected 1 to {len(names)}.")
    rotated = varimax(vectors[:, :kept] * np.sqrt(values[:kept]))
    rotated = rotated[:, np.argsort(-(rotated**2).sum(axis=0), kind="stable")]
    rotated = rotated * np.where(rotated.sum(axis=0) < 0, -1.0, 1.0)
    squares = rotated**2
    left_out = len(table) - len(logs)
    remarks = [message("sources", "no_proof"), message("sources", "logs", n=len(logs), left_out=left_out)]
    if len(logs) < 5 * len(names):
        remarks.append(message("sources", "few_samples", n=len(logs), analytes=len(names)))
    return Loadings(
        names, rotated, squares.sum(axis=0) / len(names), squares.sum(axis=1), values, len(logs), tuple(remarks)
    )


def varimax(unrotated: Floats) -> Floats:
    """Kaiser's rotation (1958) that makes each column's squares as different as can be."""
    lengths = np.sqrt((unrotated**2).sum(axis=1, keepdims=True))
    scaled = unrotated / np.where(lengths > 0, lengths, 1.0)
    turn, before = np.eye(scaled.shape[1]), 0.0
    for _ in range(TURNS):
        turned = scaled @ turn
        left, strengths, right = np.linalg.svd(scaled.T @ (turned**3 - turned * (turned**2).mean(axis=0)))
        turn = left @ right
        if strengths.sum() < before * (1 + STILL):
            break
        before = float(strengths.sum())
    return np.asarray(unrotated @ turn)


def _table(contents: Mapping[str, ArrayLike]) -> tuple[tuple[str, ...], Floats]:
    names = tuple(contents)
    columns = [np.asarray(contents[name], dtype=np.float64) for name in names]
    if len(names) < 2:
        raise CannotInterpolate("too_few_analytes", analytes=len(names))
    if len({column.shape for column in columns}) > 1 or columns[0].ndim != 1:
        raise ValueError("contents of different lengths: expected one for each sample, NaN where it was not measured.")
    for name, column in zip(names, columns, strict=True):
        if (measured := int(np.isfinite(column).sum())) < LEAST_SAMPLES:
            raise CannotInterpolate("too_few_samples", analyte=name, n=measured, least=LEAST_SAMPLES)
    return names, np.column_stack(columns)


def _complete_logs(names: tuple[str, ...], table: Floats) -> Floats:
    whole = table[np.isfinite(table).all(axis=1)]
    if len(whole) < max(LEAST_SAMPLES, len(names) + 1):
        raise CannotInterpolate(
            "too_few_complete", n=len(whole), least=max(LEAST_SAMPLES, len(names) + 1), analytes=len(names)
        )
    for name, column in zip(names, whole.T, strict=True):
        if (column <= 0).any():
            raise CannotInterpolate("no_logarithm_of", analyte=name, value=f"{column.min():g}")
        if np.ptp(column) == 0:
            raise CannotInterpolate("analyte_all_equal", analyte=name, value=f"{column[0]:g}")
    return np.log(whole)
