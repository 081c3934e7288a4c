"""The search for importances of predictors: a problem with many local optima."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize

from hubanalysis.estimators.weights import simplex_weights

# The least important predictor counts at least this much of the most important. The
# problem has kinks that a search can stop at, so some starts go through a narrower
# range first, where there are fewer of them.
LEAST = 1e-6
NARROW = 1e-4
# Weight of the outcomes in the inner problem, squared far below any predictor's: it
# decides only between donor weights that match the predictors equally well.
TIES = 1e-5
# How far donor weights may be from solving the inner problem, as a share of its
# height, while both are searched together; and with how many steps, over how many
# donors.
SLACK, STEPS, MOST_DONORS = (0.1, 0.01), 40, 20
# Keeps a perfect match from dividing by nothing.
TINY = np.finfo(float).tiny


class Search:
    """Importances and the donor weights that follow from them.

    Parameters
    ----------
    predictors : numpy.ndarray of shape (n_predictors, n_donors + 1)
        The target's in the last column, each of the same spread.
    outcomes : numpy.ndarray of shape (n_periods, n_donors + 1)
        Before treatment.

    Attributes
    ----------
    best : float
        The fit of the best importances so far.
    logs : numpy.ndarray of shape (n_predictors,)
        Logarithms of these.
    done : bool
        Whether they fit as well as weights that are chosen for the outcomes alone,
        which no importances can beat.
    """

    def __init__(self, predictors: np.ndarray, outcomes: np.ndarray) -> None:
        self.x_gaps = predictors[:, :-1] - predictors[:, -1:]
        self.y_gaps = outcomes[:, :-1] - outcomes[:, -1:]
        self.plain = simplex_weights(self.y_gaps, np.zeros(len(outcomes)))
        self.ideal = float(np.mean((self.y_gaps @ self.plain) ** 2))
        self.logs = np.zeros(len(predictors))
        self.best = np.inf
        self.used = np.zeros(len(self.plain))
        self.fit(self.logs)

    @property
    def done(self) -> bool:
        """See above."""
        return self.best <= self.ideal * (1 + 1e-9) + 1e-12

    def weights(self, logs: np.ndarray) -> np.ndarray:
        """Donor weights, given logarithms of importances."""
        system = inner_rows(np.exp(logs - logs.max()), self.x_gaps, self.y_gaps)
        return simplex_weights(system, np.zeros(len(system)))

    def fit(self, logs: np.ndarray) -> tuple[float, np.ndarray]:
        """Mean squared gap in the outcome, and its gradient; the best are kept."""
        v = np.exp(logs - logs.max())
        system = inner_rows(v, self.x_gaps, self.y_gaps)
        w = simplex_weights(system, np.zeros(len(system)))
        gap = self.y_gaps @ w
        height = float(np.mean(gap**2))
        used = w > 0
        self.used += used
        if height < self.best:
            self.best, self.logs = height, logs - logs.max()
        # Moving v by dv moves w among the used donors by dw, sum dw = 0, with
        # D'D dw = -D' d(system' system w): differences D from the last used donor.
        steps = system[:, used]
        steps = steps[:, :-1] - steps[:, -1:]
        slope = 2 / len(gap) * (self.y_gaps[:, used].T @ gap)
        inverse = np.linalg.pinv(steps, rcond=1e-9)
        adjoint = inverse @ (inverse.T @ (slope[:-1] - slope[-1]))
        moved = self.x_gaps[:, used]
        moved = (moved[:, :-1] - moved[:, -1:]) @ adjoint
        return height, -v * moved * (self.x_gaps @ w)

    def descend(self, logs: np.ndarray, *floors: float) -> None:
        """Follow the gradient from here, with none of them under each floor in turn."""
        for floor in floors:
            if self.done:
                return
            logs = np.maximum(logs - logs.max(), np.log(floor))
            found = minimize(
                self.fit,
                logs,
                jac=True,
                method="L-BFGS-B",
                bounds=[(np.log(floor), 0.0)] * len(logs),
                options={"maxiter": 200, "ftol": 1e-10, "gtol": 1e-10},
            )
            logs = found.x

    def relax(self, logs: np.ndarray) -> None:
        r"""Search importances and donor weights together, then descend.

        Weights w solve the inner problem just if no donor j would improve on them:
        :math:`\sum_k v_k a_k x_{kj} \ge \sum_k v_k a_k^2` with gaps :math:`x_j` of the
        donors and :math:`a = \sum_j w_j x_j`. The fit in the outcome is minimised over
        both under these conditions, which are smooth, so that a donor can enter without
        a kink; from the weights that fit best whatever the predictors say, with a
        little slack that is taken back in steps.
        """
        if self.done:
            return
        often = np.argsort(-self.used - 1e9 * (self.plain > 0), kind="stable")
        some = np.sort(often[:MOST_DONORS])
        x, y = self.x_gaps[:, some], self.y_gaps[:, some]
        n, k = len(some), len(x)
        w = self.plain[some] / self.plain[some].sum()

        def height(z: np.ndarray) -> tuple[float, np.ndarray]:
            gap = y @ z[:n]
            slope = 2 / len(y) * (y.T @ gap)
            size = self.ideal or 1.0
            return np.mean(gap**2) / size, np.append(slope / size, np.zeros(k))

        def spare(z: np.ndarray, slack: float) -> np.ndarray:
            v, a = np.exp(z[n:]), x @ z[:n]
            return (v * a) @ x / (v @ a**2 + TINY) - 1 + slack

        def spare_slope(z: np.ndarray, _: float) -> np.ndarray:
            v, a = np.exp(z[n:]), x @ z[:n]
            each, total = (v * a) @ x, v @ a**2 + TINY
            by_w = (x.T * v) @ x / total - np.outer(each, 2 * each) / total**2
            by_v = (v * a) * x.T / total - np.outer(each, v * a**2) / total**2
            return np.hstack([by_w, by_v])

        one = np.append(np.ones(n), np.zeros(k))[None]
        total = {"type": "eq", "fun": lambda z: one @ z - 1, "jac": lambda z: one}
        solved = {"type": "ineq", "fun": spare, "jac": spare_slope}
        for slack in SLACK:
            found = minimize(
                height,
                np.append(w, np.maximum(logs - logs.max(), np.log(LEAST))),
                jac=True,
                method="SLSQP",
                bounds=[(0.0, 1.0)] * n + [(np.log(LEAST), 0.0)] * k,
                constraints=[total, solved | {"args": (slack,)}],
                options={"maxiter": STEPS, "ftol": 1e-8},
            ).x
            if not np.isfinite(found).all():
                break
            w, logs = found[:n], found[n:]
        self.descend(logs, LEAST)


def inner_rows(v: np.ndarray, x_gaps: np.ndarray, y_gaps: np.ndarray) -> np.ndarray:
    """Rows of the inner problem: predictors by importance, then the outcomes."""
    return np.vstack([np.sqrt(v)[:, None] * x_gaps, TIES * y_gaps])
