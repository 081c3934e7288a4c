"""One group against its controls where every period sees other people."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hubanalysis.estimators.group_time_cells import (
    TRIM,
    NotEstimableError,
    Where,
    propensity,
)
from hubanalysis.panels.cross_sections import CrossSections

# An average, and the influence of each observation on it.
Average = tuple[float, np.ndarray]


def section_cells(
    sections: CrossSections,
    cohort: np.ndarray,
    where: Where,
    controls: np.ndarray,
    design: pd.DataFrame,
    method: str,
) -> tuple[np.ndarray, np.ndarray, dict[int, str]]:
    """Cells one by one, as `adjusted_cells` does it for a panel."""
    own, t, base = where
    n, x, count = len(cohort), design.to_numpy(), sections.weight
    att, influence, why = np.full(len(t), np.nan), np.zeros((n, len(t))), {}
    if x.shape[1] == 1:
        method = "outcome_regression"
    for k in range(len(t)):
        if t[k] == base[k]:
            att[k] = 0.0
            continue
        inside = controls[k][cohort] | (cohort == own[k])
        inside &= (sections.when == t[k]) | (sections.when == base[k])
        try:
            att[k], score = _four_groups(
                sections.values[inside],
                # Before treatment the later period may be the one to measure from.
                sections.when[inside] == t[k],
                cohort[inside] == own[k],
                x[inside],
                count[inside],
                method,
            )
        except NotEstimableError as reason:
            why[k] = str(reason)
            continue
        influence[inside, k] = score * (n / inside.sum())
    return att, influence, why


def _four_groups(
    y: np.ndarray,
    after: np.ndarray,
    treated: np.ndarray,
    x: np.ndarray,
    count: np.ndarray,
    method: str,
) -> Average:
    """Effect from the treated and the others, after and before.

    Sant'Anna and Zhao (2020), section 2.2: equation 2.2 (weighting), 2.3 (regression)
    and, doubly robust, 3.4, whose last terms use the treated of both periods.
    """
    n = len(y)
    arms = {(d, s): (treated == d) & (after == s) for d in (1, 0) for s in (1, 0)}
    for (d, _), arm in arms.items():
        if not arm.any():
            who = "the group" if d else "its controls"
            raise NotEstimableError(f"nobody in {who} is seen in one of both periods")

    def fit(d: int, s: int) -> tuple[np.ndarray, np.ndarray]:
        """Fitted outcomes of all, and each one's influence on the coefficients."""
        arm = arms[d, s]
        if np.linalg.matrix_rank(x[arm]) < x.shape[1]:
            who = "members" if d else "controls"
            raise NotEstimableError(
                f"its {arm.sum()} {who} of one period cannot tell the covariates apart"
            )
        counted = x * (count * arm)[:, None]
        inverse = np.linalg.inv(counted.T @ x)
        fitted = x @ (inverse @ (counted.T @ y))
        return fitted, n * counted * (y - fitted)[:, None] @ inverse

    def average(
        weight: np.ndarray,
        z: np.ndarray,
        slopes: tuple = (),
        logit: np.ndarray | None = None,
    ) -> Average:
        """Weighted mean of z, and its influence through fits and odds."""
        total = weight.sum()
        mean = float(weight @ z / total)
        pull = weight * (z - mean) / total
        score = n * pull
        for sign, coefficients in slopes:
            score = score + sign * (coefficients @ (weight @ x / total))
        if logit is not None:
            score = score + n * (logit @ (pull @ x))
        return mean, score

    group = {s: count * arms[1, s] for s in (1, 0)}
    if method == "outcome_regression":
        (late, late_score), (early, early_score) = fit(0, 1), fit(0, 0)
        change = average(
            count * treated, late - early, ((1, late_score), (-1, early_score))
        )
        return _combined([(1, average(group[1], y)), (-1, average(group[0], y)),
                          (-1, change)])  # fmt: skip

    chance, logit = propensity(treated, x, count)
    odds = count * np.where(treated | (chance >= TRIM), 0.0, chance / (1 - chance))
    if method == "ipw":
        return _combined(
            [
                (sign * side, average(weight, y, (), influence))
                for s, sign in ((1, 1), (0, -1))
                for side, weight, influence in (
                    (1, group[s], None),
                    (-1, odds * arms[0, s], logit),
                )
            ]
        )
    terms = []
    for s, sign in ((1, 1), (0, -1)):
        (outside, slope), (inside, own) = fit(0, s), fit(1, s)
        left = ((-1, slope),)
        terms += [
            (sign, average(group[s], y - outside, left)),
            (-sign, average(odds * arms[0, s], y - outside, left, logit)),
        ]
        gap, both = inside - outside, ((1, own), (-1, slope))
        terms += [
            (sign, average(count * treated, gap, both)),
            (-sign, average(group[s], gap, both)),
        ]
    return _combined(terms)


def _combined(terms: list[tuple[int, Average]]) -> Average:
    """Averages added up with their signs."""
    effect = sum(sign * mean for sign, (mean, _) in terms)
    return effect, np.sum([sign * score for sign, (_, score) in terms], axis=0)
