"""Many assignments at once where cells are missing, or units count by a weight.

Each function does what the estimator of its name does, for many ways to deal out the
same dates, as `Estimator.weighed` asks. Unit effects are taken out by each unit's own
mean, and period effects by the equations that are left: what a unit adds to these hangs
on its own date alone, so each date costs one matrix product over units.
"""

from __future__ import annotations

import numpy as np

from hubanalysis.words.refusals import HubError


def did_weighed(
    values: np.ndarray, starts: np.ndarray, weight: np.ndarray
) -> np.ndarray:
    """`did`: what net treatment explains of net outcomes."""
    cells, tables = _cells(values, weight)
    here = np.arange(values.shape[1])
    normal, right = _equations(cells, tables)
    periods = _solved(normal[None], right[None], 0)[0]
    net = tables - periods
    net = net - _mean(cells, net)[:, None]
    below, above = np.zeros(len(starts)), np.zeros((len(starts), tables.shape[2]))
    spare = np.zeros((len(starts), len(here)))
    for g in np.unique(starts[0][starts[0] < len(here)]):
        on = cells * (here >= g)
        size, of = on.sum(axis=1), _per(on.sum(axis=1), cells.sum(axis=1))
        chosen = (starts == g).astype(float)
        above += chosen @ np.einsum("it,itk->ik", on, net)
        below += chosen @ (size - of * size)
        spare += chosen @ (on - of[:, None] * cells)
    lever = _solved(normal[None], spare.T[None], 0)[0].T
    below = below - (spare * lever).sum(axis=1)
    return _back(values, above, below)


def event_study_weighed(
    values: np.ndarray, starts: np.ndarray, weight: np.ndarray, reference: int = -1
) -> np.ndarray:
    """`event_study` with one date: the treated and the others, each by themselves."""
    cells, tables = _cells(values, weight)
    here, start = np.arange(values.shape[1]), int(starts.min())
    dated = starts < len(here)
    paths = []
    for chosen in (dated.astype(float), (~dated).astype(float)):
        normal, right = _added(chosen, *_own_equations(cells, tables))
        unseen = np.einsum("lti->lt", np.abs(normal)) == 0
        paths.append((_solved(normal, right, start + reference), unseen))
    (treated, lacking), (others, _) = paths
    after = ((here >= start) & ~lacking).astype(float)
    gaps = np.einsum("lt,ltk->lk", after, treated - others)
    return _back(values, gaps, after.sum(axis=1))


def imputation_weighed(
    values: np.ndarray, starts: np.ndarray, weight: np.ndarray
) -> np.ndarray:
    """`imputation`: observed less imputed, from cells that are not treated yet."""
    cells, tables = _cells(values, weight)
    here = np.arange(values.shape[1])
    deals, n_tables = len(starts), tables.shape[2]
    normal = np.zeros((deals, len(here), len(here)))
    right = np.zeros((deals, len(here), n_tables))
    own, lever = np.zeros((deals, n_tables)), np.zeros((deals, len(here)))
    mass = np.zeros(deals)
    for g in np.unique(starts[0]):
        chosen = (starts == g).astype(float)
        free, on = cells * (here < g), cells * (here >= g)
        size = on.sum(axis=1)
        mean = _mean(free, tables)
        added = _added(chosen, *_own_equations(free, tables))
        normal, right = normal + added[0], right + added[1]
        own += chosen @ (np.einsum("it,itk->ik", on, tables) - size[:, None] * mean)
        lever += chosen @ (on - size[:, None] * _share(free))
        mass += chosen @ size
    periods = _solved(normal, right, 0)
    total = own - np.einsum("lt,ltk->lk", lever, periods)
    return _back(values, total, mass)


def group_time_weighed(
    values: np.ndarray, starts: np.ndarray, weight: np.ndarray
) -> np.ndarray:
    """`group_time_average`: changes since each date's last period before."""
    cells, tables = _cells(values, weight)
    n_periods = values.shape[1]
    never = (starts == n_periods).astype(float)
    mass, total = np.zeros(len(starts)), np.zeros((len(starts), tables.shape[2]))
    for g in np.unique(starts[0][starts[0] < n_periods]):
        chosen = (starts == g).astype(float)
        for t in range(g, n_periods):
            both = cells[:, t] * (cells[:, g - 1] > 0)
            change = both[:, None] * (tables[:, t] - tables[:, g - 1])
            with np.errstate(divide="ignore", invalid="ignore"):
                treated, others = (
                    (some @ change) / (some @ both)[:, None] for some in (chosen, never)
                )
            size = chosen @ weight
            total = total + size[:, None] * (treated - others)
            mass = mass + size
    return _back(values, total, mass)


def _cells(values: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How much each cell counts, and outcomes (n_units, n_periods, n_tables)."""
    tables = values.reshape(*values.shape[:2], -1)
    seen = ~np.isnan(tables[:, :, 0])
    return seen * weight[:, None], np.where(np.isnan(tables), 0.0, tables)


def _back(values: np.ndarray, total: np.ndarray, mass: np.ndarray) -> np.ndarray:
    """One estimate for each assignment and table, or for each assignment."""
    with np.errstate(divide="ignore", invalid="ignore"):
        estimates = total / mass[:, None]
    if not np.isfinite(estimates).all():
        raise HubError(
            "figures are missing where they would be needed: in some of the ways in "
            "which treatment could have fallen there is nothing to compare. Leave out "
            "the units with the fewest figures, or shorten the window."
        )
    return estimates.reshape(len(estimates), *values.shape[2:])


def _per(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """A ratio, zero where there is nothing."""
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _share(cells: np.ndarray) -> np.ndarray:
    return _per(cells, np.broadcast_to(cells.sum(axis=1, keepdims=True), cells.shape))


def _mean(cells: np.ndarray, tables: np.ndarray) -> np.ndarray:
    """Mean of each unit over cells that count, (n_units, n_tables)."""
    return np.einsum("it,itk->ik", _share(cells), tables)


def _own_equations(
    cells: np.ndarray, tables: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """What each unit adds to the equations of period effects, its own mean out."""
    spread = np.einsum("it,ts->its", cells, np.eye(cells.shape[1]))
    normal = spread - np.einsum("it,is->its", cells, _share(cells))
    net = tables - _mean(cells, tables)[:, None]
    return normal, cells[:, :, None] * net


def _equations(cells: np.ndarray, tables: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    normal, right = _own_equations(cells, tables)
    return normal.sum(axis=0), right.sum(axis=0)


def _added(
    chosen: np.ndarray, normal: np.ndarray, right: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Equations of many sets of units, `chosen` of shape (n_sets, n_units)."""
    return np.tensordot(chosen, normal, 1), np.tensordot(chosen, right, 1)


def _solved(normal: np.ndarray, right: np.ndarray, base: int) -> np.ndarray:
    """Period effects from that of a base period, zero where no cell counts."""
    normal = normal.copy()
    every = np.arange(normal.shape[1])
    # Columns of the equations add up to nothing: one more fixes the base at zero.
    normal[:, every, every] += (every == base) + (normal[:, every, every] == 0)
    try:
        return np.linalg.solve(normal, right)
    except np.linalg.LinAlgError:
        return np.full(right.shape, np.nan)
