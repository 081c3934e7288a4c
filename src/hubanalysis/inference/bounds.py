r"""Bounds on an effect when trends are not quite parallel (Rambachan and Roth 2023).

An event study estimates :math:`\beta = \tau + \delta`: effects, which are zero
before treatment, plus a difference in trends, zero in the reference period. A
restriction limits what the difference may be after treatment, given what it was
before; a robust interval covers the effect whatever the difference within it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.special import ndtri

from hubanalysis.estimators.estimate import Estimate
from hubanalysis.estimators.weights import ROUNDING
from hubanalysis.inference.bands import Band
from hubanalysis.inference.robust_intervals import INTERVALS, Problem
from hubanalysis.inference.search import edge
from hubanalysis.panels.panel import Panel
from hubanalysis.panels.reading import as_list
from hubanalysis.panels.reshape import steps
from hubanalysis.words.refusals import (
    HubError,
    check_coverage,
    check_flag,
    check_number,
    check_option,
    is_label,
    kind_of,
)

# `breakdown` is found to this share of itself.
TOLERANCE = 1e-6


def honest_bounds(
    event_study: Estimate,
    restriction: str = "relative_magnitudes",
    m: float | Sequence[float] = (0.5, 1, 1.5, 2),
    event_time: int | str | Mapping[int, float] = 0,
    level: float = 0.95,
    shared: bool = True,
) -> pd.DataFrame:
    r"""Confidence intervals that allow for a difference in trends.

    With :math:`\delta_t` the difference in trends, :math:`t = 0` the reference and
    :math:`t = 1` the first treated period, the restrictions are

    * ``"relative_magnitudes"``: :math:`|\delta_{t+1} - \delta_t| \le \bar M \max_{s<0}
      |\delta_{s+1} - \delta_s|` for all :math:`t \ge 0`. No change from one period
      to the next, by unit of time, is more than `m` times the largest before treatment.
      The interval is the union, over the period s and the sign of that largest change,
      of the sets not rejected by the hybrid of the conditional and the least favourable
      test of Andrews, Roth and Pakes, whose first stage has a tenth of the size.
    * ``"smoothness"``: :math:`|(\delta_{t+1} - \delta_t) - (\delta_t - \delta_{t-1})|
      \le M` for all t. The slope changes by no more than `m` from one period to the
      next, in units of the outcome; at 0 the difference is a straight line. The
      interval is the shortest of fixed length around a linear estimator.

    Parameters
    ----------
    event_study : Estimate
        With `path` (column `effect`, indexed by event time, reference -1 included) and
        `covariance` (without the reference). Event times must be consecutive. Where the
        panel's periods behind them stand at unequal steps of time, as when a year was
        left out, a change counts by its length; that takes relative magnitudes, and
        steps that are alike for all dates of treatment.
    restriction : {"relative_magnitudes", "smoothness"}
        What the difference in trends may do.
    m : float or sequence of float
        Values of :math:`\bar M` (a ratio, `Mbar` in other packages) or M (units of the
        outcome); not negative.
    event_time : int, "average" or mapping
        Which effect: of one event time, the mean over all event times from 0 on, or
        a weighted sum, given as weights by event time.
    level : float
        Coverage, from 0.5 to below 1.
    shared : bool
        With several dates of adoption, use only event times at which every treated
        unit is seen. At others the mix of units changes, which moves the path without
        any drift; False takes all of them.

    Returns
    -------
    pandas.DataFrame
        Columns `m`, `lower`, `upper`, a row for each value of `m`. In `attrs`:
        `original`, the interval under parallel trends; `estimate`, its centre;
        `restriction`, `event_time`, `level` and `event_times`, the first and the last
        one used. Where others were left out, the columns are named for those used. If
        the set of effects not rejected has a gap, the interval covers the gap.

    Raises
    ------
    ValueError
        If the covariance is clustered by unit with fewer than three treated or
        untreated units: it is far too small, so that a bound from it bounds nothing.
        If nothing varies, or periods stand at unequal steps of time and the
        restriction is smoothness or the steps are not those of all dates.
        If the event time is not one from 0 on, no coefficient precedes the reference,
        the reference is not -1, event times are not consecutive, the covariance does
        not fit the path or is no covariance, a number is missing, `m` is negative or
        the restriction is unknown.

    References
    ----------
    Rambachan, A. and Roth, J. (2023). A more credible approach to parallel trends.
    Review of Economic Studies 90(5), 2555-2591. Restrictions: section 2.4; hybrid
    test: section 3; intervals of fixed length: section 4.

    Andrews, I., Roth, J. and Pakes, A. (2023). Inference for linear conditional moment
    inequalities. Review of Economic Studies 90(6), 2763-2791.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=40, periods=8, treated=20, start=5,
    ...                            effect=3.0, seed=0)
    >>> study = hub.event_study(panel)
    >>> honest_bounds(study, m=(0, 1)).round(2)
         m  lower  upper
    0  0.0   1.79   4.03
    1  1.0   0.57   4.67
    """
    times, left = _event_times(event_study, shared)
    problem, unit = _problem(event_study, times, restriction, event_time, level)
    asked = as_list(m)
    for one in asked:
        check_number(m=one)
    if not asked:
        raise HubError("m must hold at least one number, such as 1.")
    values = np.array(asked, dtype=float)
    if (values < 0).any():
        raise HubError(f"m must hold numbers from 0 on; it is {m!r}.")
    interval = INTERVALS[restriction]
    of_m = 1.0 if restriction == "relative_magnitudes" else unit
    ends = [interval(problem, value / of_m) for value in values]
    frame = unit * pd.DataFrame(ends, columns=["lower", "upper"], dtype=float)
    frame.insert(0, "m", values)
    estimate, half = unit * problem.estimate, ndtri(0.5 + level / 2) * unit * problem.se
    frame.attrs = {
        "estimate": estimate,
        "original": (estimate - half, estimate + half),
        "restriction": restriction,
        "event_time": event_time,
        "level": level,
        "event_times": (min(times), max(times)),
    }
    return frame.rename_axis(columns=_span(times)) if left else frame


def breakdown(
    event_study: Estimate,
    restriction: str = "relative_magnitudes",
    event_time: int | str | Mapping[int, float] = 0,
    level: float = 0.95,
    shared: bool = True,
) -> float:
    """Largest `m` up to which the interval of `honest_bounds` excludes zero.

    Parameters
    ----------
    event_study, restriction, event_time, level, shared
        As in `honest_bounds`.

    Returns
    -------
    float
        To one part in a million, from below: the interval excludes zero at this value.
        Missing (nan) if it holds zero even at 0, so that there is no finding to lose.
        An interval of fixed length shifts its centre as m grows and may lose zero
        again; the first loss counts, looked for at m = 1/64, 1/32, ... of a natural
        unit (1 for a ratio, the standard error for a change of slope).

    Raises
    ------
    ValueError
        As `honest_bounds`.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=40, periods=8, treated=20, start=5,
    ...                            effect=3.0, seed=0)
    >>> study = hub.event_study(panel)
    >>> limit = breakdown(study)
    >>> bool(honest_bounds(study, m=limit)["lower"].iloc[0] > 0)
    True
    """
    times, _ = _event_times(event_study, shared)
    problem, unit = _problem(event_study, times, restriction, event_time, level)
    interval = INTERVALS[restriction]

    def survives(m: float) -> bool:
        lower, upper = interval(problem, m)
        return lower > 0 or upper < 0

    if not survives(0.0):
        return float("nan")
    # Both intervals grow without limit in m, so doubling ends.
    first, of_m = 1.0, 1.0
    if restriction != "relative_magnitudes":
        first, of_m = problem.se, unit
    points = (first / 64 * 2.0**k for k in itertools.count())
    # A hundred halvings reach the tolerance from any start.
    return of_m * edge(lambda m: not survives(m), 0.0, points, 100, TOLERANCE)[0]


def _problem(
    event_study: Estimate,
    times: list[int],
    restriction: str,
    event_time: int | str | Mapping[int, float],
    level: float,
) -> tuple[Problem, float]:
    """Check what was given and lay it out as arrays, in this unit of the outcome.

    The unit is near the standard error, so that no tolerance depends on what the
    outcome is measured in; a power of two costs no digits.
    """
    check_option("restriction", restriction, INTERVALS)
    check_coverage(level)
    effect, covariance = event_study.path["effect"], event_study.covariance
    n_pre = sum(k < 0 for k in times)
    if not n_pre:
        raise HubError(
            "No coefficient precedes the reference period -1, so nothing says how far "
            "trends may differ. Use an event study with at least two pre-periods, or "
            "shared=False if not all treated units are seen as early."
        )
    weights = _weights(event_time, times[n_pre:])
    beta = effect.loc[times].to_numpy(float)
    sigma = covariance.loc[times, times].to_numpy(float)
    known = np.isfinite(beta) & np.isfinite(np.diag(sigma))
    if not known.all() or not np.isfinite(sigma).all():
        raise HubError(
            "The effect or its covariance is missing at event times "
            f"{_list(np.array(times)[~known]) or 'off the diagonal'}. Leave such "
            "periods out of the event study."
        )
    largest = np.abs(sigma).max()
    if not np.allclose(sigma, sigma.T, rtol=0, atol=1e-8 * largest):
        raise HubError(
            "The covariance is not symmetric, so it is no covariance. Pass the one "
            "that event_study gives."
        )
    sigma = (sigma + sigma.T) / 2
    smallest = np.linalg.eigvalsh(sigma)[0]
    if smallest < -1e-8 * largest:
        raise HubError(
            "The covariance is not positive semidefinite (smallest eigenvalue "
            f"{smallest:.3g}). Take it from one fit of all event times, not from one "
            "fit for each."
        )
    lengths = _lengths(getattr(event_study, "panel", None), times)
    if restriction == "smoothness" and (lengths > 1).any():
        raise HubError(
            "there is no bound to be had here: the periods stand at unequal steps of "
            "time, over which a slope is not the change from one to the next. Ask "
            'restriction="relative_magnitudes", which counts time.'
        )
    problem = Problem(beta, sigma, n_pre, weights, level, lengths)
    if not problem.se > ROUNDING * np.abs(beta).max():
        raise HubError(
            f"The effect at event time {event_time!r} has variance 0, or what rounding "
            "makes of it, so there is no interval to widen. Check the covariance."
        )
    unit = float(2.0 ** np.round(np.log2(problem.se)))
    scaled = problem._replace(beta=beta / unit, sigma=sigma / unit**2)
    return scaled, unit


def _event_times(event_study: Estimate | Band, shared: bool) -> tuple[list[int], bool]:
    """Event times to use, in order, and whether others were left out.

    Path and covariance must fit each other.
    """
    check_flag(shared=shared)
    if not hasattr(event_study, "path") or isinstance(event_study, Band):
        raise HubError(
            f"bounds are for effects by event time with their covariance, and "
            f"{_what(event_study)} has none. Ask hub.event_study(panel), or "
            'hub.group_time_att(panel, base_period="universal").aggregate("dynamic").'
        )
    if why := getattr(event_study, "no_interval", ""):
        raise HubError(f"there is no bound to be had here: {why}.")
    effect, covariance = event_study.path["effect"].sort_index(), event_study.covariance
    path, rows = effect.index, covariance.index
    if not (path.is_unique and rows.is_unique and set(rows) == set(covariance.columns)):
        raise HubError(
            "Path and covariance must name each event time once, and the covariance's "
            "rows and columns the same ones."
        )
    if foreign := sorted(set(rows) - set(path)):
        raise HubError(
            f"The covariance has event times {_list(foreign)}, which the path lacks."
        )
    reference = [k for k in path if k not in rows]
    if reference != [-1]:
        raise HubError(
            "Effects must be measured from event time -1, the last period before "
            "treatment, which alone is in the path and not in the covariance; here "
            f"that is {_list(reference) or 'none'}. {_measured_from(event_study)}"
        )
    if abs(effect.loc[-1]) > 1e-12 * effect.abs().max():
        raise HubError(
            f"The effect at the reference, event time -1, is {effect.loc[-1]:.4g} and "
            "must be 0. Measure all effects from event time -1."
        )
    if gaps := sorted(set(range(int(path[0]), int(path[-1]) + 1)) - set(path)):
        raise HubError(
            f"Event times must be consecutive; {_list(gaps)} are missing. Keep the "
            "unbroken stretch around event time 0."
        )
    times = [int(k) for k in path if k != -1]
    panel = getattr(event_study, "panel", None)
    if not shared or panel is None or len(panel.cohorts) < 2:
        return times, False
    first, last = _seen_by_all(panel)
    kept = [k for k in times if first <= k <= last]
    return kept, len(kept) < len(times)


def _what(given: object) -> str:
    return given.estimator if isinstance(given, Estimate) else kind_of(given)


def _measured_from(event_study: object) -> str:
    """How to have effects measured from event time -1."""
    name = getattr(event_study, "estimator", "")
    if name.startswith("group_time_att"):
        way = 'Ask group_time_att with base_period="universal"'
    elif name == "event_study":
        way = "Ask event_study with reference=-1"
    else:
        way = (
            "Ask event_study with reference=-1, or group_time_att with "
            'base_period="universal"'
        )
    return f"{way}; if treatment was anticipated, backdate the panel first."


def _seen_by_all(panel: Panel) -> tuple[int, int]:
    """First and last event time at which every treated unit is seen."""
    # Without a unit that is never treated, the last to start serve until they do.
    end = panel.starts.max()
    treated = panel.starts < end
    seen, starts = ~np.isnan(panel.values[treated, :end]), panel.starts[treated]
    last = seen.shape[1] - 1 - seen[:, ::-1].argmax(axis=1)
    return int((seen.argmax(axis=1) - starts).max()), int((last - starts).min())


def _lengths(panel: Panel | None, times: list[int]) -> np.ndarray:
    """Time from each event time to the next, in units of the shortest, (n_times,)."""
    path = sorted([*times, -1])
    if panel is None:
        return np.ones(len(times))
    end, length = int(panel.starts.max()), steps(panel.periods)
    starts = np.unique(panel.starts[panel.starts < end]).tolist()
    found: list[int] = []
    for k in path[:-1]:
        places = [start + k for start in starts if 0 <= start + k < end - 1]
        took = {int(length[at]): at for at in places} or {1: 0}
        if len(took) > 1:
            told = [
                f"{panel.periods[at]} to {panel.periods[at + 1]}"
                for at in (took[max(took)], took[min(took)])
            ]
            raise HubError(
                "there is no bound to be had here: periods stand at unequal steps of "
                f"time, from event time {k} to {k + 1} those from "
                f"{' and from '.join(told)}, so that no one drift is common to all."
            )
        found += took
    return np.array(found) / min(found)


def _span(times: list[int]) -> str:
    return f"event times {min(times)} to {max(times)}".replace("-", "−")


def _weights(
    event_time: int | str | Mapping[int, float], post: list[int]
) -> np.ndarray:
    """Weights of the effect asked for over the post-periods."""
    if not post:
        raise HubError(
            "The path has no event time from 0 on: nothing is treated. "
            "Widen the window."
        )
    if isinstance(event_time, str) and event_time == "average":
        return np.full(len(post), 1 / len(post))
    asked = event_time if isinstance(event_time, Mapping) else [event_time]
    if not all(is_label(k) and not isinstance(k, bool) for k in asked):
        raise HubError(
            f'event_time must be one event time, "average", or weights by event '
            f"time, as in {{0: 0.5, 1: 0.5}}, not {event_time!r}."
        )
    wanted = event_time if isinstance(event_time, Mapping) else {event_time: 1.0}
    for k, weight in wanted.items():
        check_number(**{f"the weight of event time {k}": weight})
    if unknown := [k for k in wanted if k not in post]:
        raise HubError(
            f"There is no effect at event time {_list(unknown)}. Choose from "
            f'{_list(post)}, or "average".'
        )
    weights = np.array([wanted.get(k, 0.0) for k in post], dtype=float)
    if not weights.any():
        raise HubError(f"The weights {dict(wanted)} are all 0.")
    return weights


def _list(items: Iterable) -> str:
    return ", ".join(str(k) for k in items)
