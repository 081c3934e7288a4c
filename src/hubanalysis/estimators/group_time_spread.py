"""How far effects by group and period may be off: errors, covariance, bands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy import sparse, special

from hubanalysis.estimators.weights import ROUNDING

# Numbers held at once while bootstrapping: 32 MB, in few but large products.
CHUNK = 4_000_000


@dataclass(frozen=True, eq=False, repr=False)
class Spread:
    """Who moves which effect, in the form that all averages of effects share.

    A unit's influence on every cell is a row of a small basis (its cohort's block:
    units x q) times a sparse map (q x n_cells). Standard errors, bootstrap and
    aggregates all go through the map, so nothing of size units x cells is needed. A
    `loading` is a map of this kind for averages of cells: (q, n_averages).

    Attributes
    ----------
    blocks : list of tuple of numpy.ndarray
        Of each block, whose rows it holds, and its basis.
    link : scipy.sparse.csc_array of shape (q, n_cells)
        The map.
    ones : numpy.ndarray of shape (n_cohorts,)
        Where in the map an influence that is the same for a whole cohort goes.
    names : pandas.Index
        Units, or clusters, behind the rows of all blocks.
    n_units : int
        Units of the panel.
    size : float
        Its largest figure.
    draws, seed, level
        Of the bootstrap.
    alone : bool
        Whether some group is one unit, so that no band can be had.
    too_few : str, optional
        Why clustered errors give no interval, if they do not.
    single : bool
        Whether each group, and those it is compared with, is one unit (or cluster),
        which leaves nothing over to learn an error from.
    """

    blocks: list[tuple[np.ndarray, np.ndarray]]
    link: sparse.csc_array
    ones: np.ndarray
    names: pd.Index
    n_units: int
    size: float
    draws: int
    seed: int
    level: float
    alone: bool
    too_few: str | None
    single: bool = False

    def _parts(self) -> Iterator[tuple[np.ndarray, np.ndarray, slice]]:
        """Each block's units, their basis, and its place among the map's rows."""
        at = 0
        for rows, basis in self.blocks:
            yield rows, basis, slice(at, at + basis.shape[1])
            at += basis.shape[1]

    def influence(self) -> np.ndarray:
        """Influence on each cell, a row per name and a column per cell."""
        values = np.empty((len(self.names), self.link.shape[1]))
        for rows, basis, here in self._parts():
            values[rows] = basis @ self.link[here].toarray()
        return values

    def errors(self, loading: np.ndarray | sparse.csc_array) -> np.ndarray:
        """Standard errors, one for each column of `loading`."""
        square, loading = np.zeros(loading.shape[1]), sparse.csr_array(loading)
        for _, basis, here in self._parts():
            part = loading[here].tocsc()
            # Most cells concern few cohorts, so most of a block's columns are empty.
            live, step = np.flatnonzero(np.diff(part.indptr)), CHUNK // len(basis) + 1
            for a in range(0, len(live), step):
                some = live[a : a + step]
                square[some] += np.square(basis @ part[:, some].toarray()).sum(axis=0)
        found = np.sqrt(square) / self.n_units
        # Rounding alone is no error.
        if self.single:
            largest = max(np.abs(basis).max() for _, basis in self.blocks)
            found[found <= 1e-9 * largest] = np.nan
        if (found <= ROUNDING * self.size).all():
            found[:] = np.nan
        return found

    def covariance(self, loading: np.ndarray) -> np.ndarray:
        """Covariance of the averages in the columns of `loading`."""
        total = np.zeros((loading.shape[1],) * 2)
        for _, basis, here in self._parts():
            score = basis @ loading[here]
            total += score.T @ score
        return total / self.n_units**2

    @cached_property
    def boot(self) -> np.ndarray:
        """Draws x q: the basis under random signs, drawn once for all aggregates."""
        rng = np.random.default_rng(self.seed)
        n = len(self.names)
        width = 8 * -(-n // 64)  # whole words, so that chunks do not change the draws
        out = np.empty((self.draws, self.link.shape[0]))
        step = max(16, CHUNK // n)
        for a in range(0, self.draws, step):
            b = min(a + step, self.draws)
            raw = np.frombuffer(rng.bytes((b - a) * width), np.uint8)
            bits = np.unpackbits(raw.reshape(b - a, width), axis=1, count=n)
            ones, first = bits.astype(float), 0
            for rows, basis, here in self._parts():
                np.matmul(ones[:, first : first + len(rows)], basis, out=out[a:b, here])
                first += len(rows)
        # Signs are twice the bits less one.
        total = [basis.sum(axis=0) for _, basis, _ in self._parts()]
        return 2.0 * out - np.concatenate(total)

    def band(
        self, effect: np.ndarray, loading: np.ndarray | sparse.csc_array
    ) -> dict[str, np.ndarray]:
        """Simultaneous lower and upper ends (algorithm 1: sup-t, scaled by IQR)."""
        if self.draws == 0 or self.alone or self.too_few:
            return {}
        sampled = np.asarray(self.boot @ loading).T / self.n_units
        sampled = np.ascontiguousarray(sampled)
        low, high = (int(np.ceil(q * self.draws)) - 1 for q in (0.25, 0.75))
        ranked = np.partition(sampled, [low, high], axis=1)
        scale = (ranked[:, high] - ranked[:, low]) / (2 * special.ndtri(0.75))
        if scale.max() <= ROUNDING * self.size:
            return {}
        live = scale > 1e-9 * scale.max()
        half = np.where(np.isnan(effect), np.nan, 0.0)
        if live.any():
            worst = np.max(np.abs(sampled[live]) / scale[live, None], axis=0)
            place = int(np.ceil(self.level * self.draws)) - 1
            half = half + np.where(live, np.partition(worst, place)[place] * scale, 0)
        return {"lower": effect - half, "upper": effect + half}
