"""Ridge-augmented synthetic control: what the mix of donors misses is made good."""

from __future__ import annotations

import numpy as np

from hubanalysis.estimators.estimate import Estimate
from hubanalysis.estimators.estimator import Runs, declare
from hubanalysis.estimators.exact_fits import many_mixes_note
from hubanalysis.estimators.lockstep import weights_without
from hubanalysis.estimators.paths import event_path, labelled_weights
from hubanalysis.panels.panel import Panel
from hubanalysis.words.refusals import HubError, check_number, listed

# Penalties that are tried: so many, from the largest squared singular value of the
# donors' outcomes down to this share of it, as the authors' package does.
TRIED, SMALLEST = 21, 1e-8
# Negative weights from here on, in all, are worth a note.
BEYOND = 0.1
# Keeps donors that are all alike from dividing by nothing.
TINY = np.finfo(float).tiny


def _many(
    panel: Panel, sets: np.ndarray, start: int, penalty: float | None = None
) -> Runs:
    """Run `augmented_synthetic_control` on many sets, as `Estimator.many` asks."""
    n, m = len(panel.units), np.shape(sets)[1]
    treated = np.zeros((len(sets), n), dtype=bool)
    np.put_along_axis(treated, np.asarray(sets), True, axis=1)
    loads = np.zeros((len(sets), n))
    # Levels of periods cancel; taken out first, they cost no digits.
    values = panel.values - panel.values.mean(axis=0)
    for unit in np.flatnonzero(treated.any(axis=0)).tolist():
        hit = np.flatnonzero(treated[:, unit])
        weights, _ = _weights(values[:, :start], unit, treated[hit], penalty)
        loads[hit] -= weights / m
        loads[hit, unit] += 1 / m
    return Runs(loads @ values, loads)


@declare(
    "augmented synthetic control",
    many=_many,
    shared=("penalty",),
    moves=False,
    levels=True,
)
def augmented_synthetic_control(panel: Panel, penalty: float | None = None) -> Estimate:
    r"""Correct synthetic control by what its donors miss before treatment.

    Ben-Michael, Feller and Rothstein (2021), with ridge regression as the model of the
    outcome (ridge ASCM). Where no mix of donors follows the treated unit before
    treatment, a regression of donors' outcomes on their earlier ones tells what the
    miss does to the estimate. With outcomes :math:`x_i` before treatment, less the
    donors' mean, and the weights :math:`w` of `synthetic_control`, this comes to
    weights

    .. math:: w_i + (x_1 - \sum_j w_j x_j)' (\sum_j x_j x_j' + \lambda I)^{-1} x_i,

    which add up to one and fit better, but can be negative: they go beyond the donors
    as far as :math:`\lambda` lets them. Large, it leaves synthetic control; at 0, the
    fit is perfect if there are more donors than periods.

    Parameters
    ----------
    panel : Panel
        Balanced. Donors are the never-treated units, of which there are at least two;
        at least three periods before treatment. Several treated units are fitted one by
        one, and their effects averaged by event time.
    penalty : float, optional
        :math:`\lambda`, in squared units of the outcome. By default it is
        cross-validated for each treated unit: periods before treatment are left out
        one at a time and predicted by weights from the others. Taken is the largest
        whose squared error is within one standard error of the least.

    Returns
    -------
    Estimate
        With `path` and `unit_weights`, and the penalties in ``parts["penalty"]``; no
        standard error.

    Raises
    ------
    HubError
        If there are fewer than two donors or, without a penalty, three periods before
        treatment, or the penalty is negative.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=12, periods=20, treated=1, start=15,
    ...                            effect=3.0, noise=0.1, seed=1)
    >>> augmented = hub.augmented_synthetic_control(panel)
    >>> augmented.pre_rmspe < hub.synthetic_control(panel).pre_rmspe
    True
    """
    panel.require_treated()
    panel.require_donors()
    panel.require_balanced("augmented_synthetic_control")
    if penalty is not None:
        check_number(penalty=penalty)
        if penalty < 0:
            raise HubError(f"penalty must be a number from 0 on, not {penalty!r}.")
    starts = panel.starts
    treated = starts < len(panel.periods)
    rows, pool = np.flatnonzero(treated), np.flatnonzero(~treated)
    least = 1 if penalty is not None else 3
    if len(pool) < 2 or starts.min() < least:
        raise HubError(
            f"augmented_synthetic_control needs at least two donors and {least} "
            f"period(s) before treatment; there are {len(pool)} and {starts.min()}. "
            "Widen the window, or ask synthetic_control."
        )
    weights = np.empty((len(pool), len(rows)))
    effects = np.empty((len(rows), len(panel.periods)))
    penalties = np.empty(len(rows))
    values = panel.values - panel.values.mean(axis=0)
    itself = np.arange(len(pool) + 1)[None] == 0
    for j, i in enumerate(rows.tolist()):
        # Without the other treated, who cost time and change nothing.
        before = values[np.append(i, pool), : starts[i]]
        found, taken = _weights(before, 0, itself, penalty)
        weights[:, j], penalties[j] = found[0, 1:], taken[0]
        effects[j] = values[i] - weights[:, j] @ values[pool]
    names = panel.units[rows]
    parts = {
        "path": lambda: event_path(panel, rows, effects),
        "unit_weights": labelled_weights(weights, panel.units[pool], names),
        "penalty": dict(zip(names, penalties.tolist())),
        "se": "judge augmented synthetic control by placebo_in_space",
        "covariance": "augmented synthetic control has no covariance",
        "time_weights": "every period before treatment counts the same",
    }
    notes: tuple[str, ...] = ()
    below = np.minimum(weights, 0.0).sum(axis=0)
    if below.min() < -BEYOND:
        told = [f"{u} ({x:.2f})" for u, x in zip(names, below) if x < -BEYOND]
        notes = (
            f"donors with negative weights stand behind {listed(told)}: the comparison "
            "goes beyond what any mix of donors did",
        )
    means = np.array([e[s:].mean() for e, s in zip(effects, starts[rows])])
    notes += many_mixes_note(panel, weights, means)
    att = float(means.mean())
    return Estimate("augmented_synthetic_control", att, panel, notes, parts)


def _weights(
    before: np.ndarray, unit: int, barred: np.ndarray, penalty: float | None
) -> tuple[np.ndarray, np.ndarray]:
    """Weights of all units for one, with some barred: (n_problems, n_units); penalties.

    `before` has shape (n_units, n_periods); `barred` holds the unit itself.
    """
    open_ = ~barred
    mean = open_ @ before / open_.sum(axis=1)[:, None]
    # Per problem: outcomes less the donors' mean, those of no donor at zero.
    x = (before - mean[:, None]) * open_[..., None]
    gram = np.swapaxes(x, 1, 2) @ x
    plain = _plain(before, unit, barred)
    if penalty is None:
        taken = _cross_validated(before, unit, barred, gram)
    else:
        taken = np.full(len(barred), float(penalty))
    missed = before[unit] - plain @ before
    size, turn = np.linalg.eigh(gram)
    # At a penalty of 0, directions in which donors do not differ are left alone.
    damped = np.where(
        size > 1e-12 * size[:, -1:], 1 / np.maximum(size + taken[:, None], TINY), 0.0
    )
    along = np.einsum("pt,ptk->pk", missed, turn) * damped
    slope = np.einsum("ptk,pk->pt", turn, along)
    return plain + np.einsum("pnt,pt->pn", x, slope), taken


def _plain(before: np.ndarray, unit: int, barred: np.ndarray) -> np.ndarray:
    """Weights of `synthetic_control`, for one unit with some barred."""
    others = np.arange(len(before)) != unit
    weights = np.zeros(barred.shape)
    weights[:, others] = weights_without(
        before[others].T, before[unit], barred[:, others]
    )
    return weights


def _cross_validated(
    before: np.ndarray, unit: int, barred: np.ndarray, gram: np.ndarray
) -> np.ndarray:
    """Largest penalty whose error in periods left out is near the least, per problem.

    `gram` are the inner products of periods over donors, less their means.
    """
    n_periods = before.shape[1]
    largest = np.linalg.eigvalsh(gram)[:, -1]
    grid = largest[:, None] * SMALLEST ** np.linspace(0.0, 1.0, TRIED)
    errors = np.empty((n_periods, *grid.shape))
    for t in range(n_periods):
        rest = np.arange(n_periods) != t
        weights = _plain(before[:, rest], unit, barred)
        missed = before[unit] - weights @ before
        size, turn = np.linalg.eigh(gram[:, rest][:, :, rest])
        beside = np.einsum("pt,ptk->pk", gram[:, rest, t], turn)
        along = np.einsum("pt,ptk->pk", missed[:, rest], turn) * beside
        ridge = np.maximum(size, 0.0)[:, None] + np.maximum(grid, TINY)[..., None]
        errors[t] = missed[:, t, None] - (along[:, None] / ridge).sum(axis=2)
    squares = errors**2
    mean = squares.mean(axis=0)
    spread = squares.std(axis=0, ddof=1) / np.sqrt(n_periods)
    best = mean.argmin(axis=1)[:, None]
    allowed = np.take_along_axis(mean + spread, best, axis=1)
    return grid[np.arange(len(grid)), (mean <= allowed).argmax(axis=1)]
