"""The same question under other defensible choices: donors, windows, estimators."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from hubanalysis.estimators.estimate import Estimate
from hubanalysis.estimators.estimator import estimator as named
from hubanalysis.inference.assignments import count_deals, each, strata_of
from hubanalysis.inference.lot import randomization_test
from hubanalysis.inference.power import power_of_lot
from hubanalysis.panels.panel import Panel, require_panel
from hubanalysis.panels.reading import as_list, as_period
from hubanalysis.words.refusals import (
    HubError,
    check_count,
    check_kind,
    check_size,
)

# How the choices of a specification curve are written.
_NAMED = {
    "estimators": "Name them, as in {'DiD': hub.did}.",
    "donors": "Name each pool, as in {'neighbours': ['Oslo', 'Bergen']}.",
    "windows": "Name each, as in {'late': (2005, 2012)}.",
}


def leave_one_out(
    panel: Panel,
    estimator: Callable[[Panel], Estimate],
    strata: Mapping | None = None,
    draws: int = 299,
    seed: int = 0,
    level: float = 0.05,
    tested: int = 30,
) -> pd.DataFrame:
    """Answer again without each donor in turn, and without each treated unit.

    An estimate that stays may hang on one unit all the same: without it p and the
    detectable effect may be others. So each sample is tested on its own lot.

    Parameters
    ----------
    panel : Panel
        At least two donors.
    estimator : callable
        Takes a Panel, returns an Estimate.
    strata, seed
        As in `randomization_test`.
    draws : int
        Most assignments of each lot; 0 for estimates only.
    level : float
        Of the test for which `mde` is told, the share of false alarms.
    tested : int
        Of the donors, and of the treated, as many are tested, those first without
        which the estimate changes most.

    Returns
    -------
    pandas.DataFrame
        By unit left out, donors before treated and largest change first: its `role`,
        `att` without it, `change` from the full estimate, its `weight` there (averaged
        over treated units or cohorts; missing where there is none), and `p_value` and
        `mde` of the exact test without it (missing where it is not tested: the panel
        has holes and the estimator no quick way with them, or there is only one way
        left to deal out treatment).

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=8, periods=12, treated=2, start=9, seed=0)
    >>> table = hub.leave_one_out(panel, hub.synthetic_did)
    >>> table["role"].value_counts().to_dict()
    {'donor': 6, 'treated': 2}
    """
    require_panel(panel, "leave_one_out")
    panel.require_donors()
    if len(panel.donors) < 2:
        raise HubError(
            "leaving out the only donor leaves none to compare with. Add donors."
        )
    check_size(level)
    tested = check_count("tested", tested)
    draws = check_count("draws", draws)
    strata_of(panel, strata)
    chosen = named(estimator)
    full = chosen(panel)
    weights = getattr(full, "unit_weights", None)
    if isinstance(weights, pd.DataFrame):
        weights = weights.mean(axis=1)
    groups = {"donor": panel.donors}
    if len(panel.treated) > 1:
        groups["treated"] = panel.treated
    tables, quick = [], chosen.on(panel).without
    for role, units in groups.items():
        if quick is not None:
            atts = quick(panel.values, panel.starts)[panel.units.get_indexer(units)]
        else:
            atts = each(lambda unit: chosen.att(_left(panel, unit)), units, role)
        table = pd.DataFrame({"att": atts}, index=pd.Index(units, name="left_out"))
        table.insert(0, "role", role)
        table["change"] = table["att"] - full.att
        tables.append(
            table.sort_values("change", key=abs, ascending=False, kind="stable")
        )
    table = pd.concat(tables)
    table["weight"] = np.nan if weights is None else weights.reindex(table.index)
    table[["p_value", "mde"]] = np.nan
    if draws and tested and (panel.is_balanced or chosen.on(panel).deals is not None):

        def test(unit: Hashable) -> tuple[float, float]:
            rest = _left(panel, unit)
            if count_deals(rest.starts, strata_of(rest, _without(strata, unit))) < 2:
                return np.nan, np.nan
            lot = randomization_test(rest, chosen, _without(strata, unit), draws, seed)
            return lot.p_value, power_of_lot(lot, level=level).mde

        some = table.groupby("role", sort=False).head(tested).index
        table.loc[some, ["p_value", "mde"]] = each(test, some, "lots")
    return table


def _left(panel: Panel, unit: Hashable) -> Panel:
    """All but one unit, by position: to check tables takes longer than to estimate."""
    return panel.take(np.flatnonzero(panel.units != unit))


def _without(strata: Mapping | None, unit: Hashable) -> dict | None:
    if strata is None:
        return None
    return {u: label for u, label in strata.items() if u != unit}


def specification_curve(
    panel: Panel,
    estimators: Mapping[str, Callable[[Panel], Estimate]],
    donors: Mapping[str, Iterable] | None = None,
    windows: Mapping[str, tuple] | None = None,
) -> pd.DataFrame:
    """Estimate under every combination of estimator, donor pool and window.

    Simonsohn, Simmons and Nelson (2020): what a result owes to choices shows when
    all reasonable ones are made. `joblib.parallel_config` spreads the work over
    cores, or with a Dask backend over machines.

    Parameters
    ----------
    panel : Panel
    estimators : mapping of str to callable
        Each takes a Panel and returns an Estimate.
    donors : mapping of str to iterable, optional
        Untreated units to keep; all by default.
    windows : mapping of str to (first, last), optional
        Periods to keep; all by default.

    Returns
    -------
    pandas.DataFrame
        One row per specification, smallest `att` first: `estimator`, `donors`,
        `window`, `att`, `se` (missing where there is none) and `refused`, the
        reason where an estimator would not have the panel (empty otherwise).

    Raises
    ------
    ValueError
        If there is no estimator, or a donor does not exist.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=12, periods=12, treated=1, start=9, seed=0)
    >>> table = hub.specification_curve(
    ...     panel,
    ...     {"DiD": hub.did, "SC": hub.synthetic_control},
    ...     windows={"all": (1, 12), "late": (4, 12)},
    ... )
    >>> len(table), table["att"].is_monotonic_increasing
    (4, True)
    """
    require_panel(panel, "specification_curve")
    for what, given in zip(_NAMED, (estimators, donors, windows)):
        if given is not None or what == "estimators":
            whose = f"{what} of specification_curve"
            check_kind(given, Mapping, whose, _NAMED[what])
            if not given:
                raise HubError(f"{whose} are empty. {_NAMED[what]}")
    chosen = {name: named(function) for name, function in estimators.items()}
    pools = {"all": panel.donors} if donors is None else dict(donors)
    spans = windows or {"all": (panel.periods[0], panel.periods[-1])}
    pools = {name: [*panel.treated, *as_list(pool)] for name, pool in pools.items()}
    for name, span in spans.items():
        if not (isinstance(span, Sequence) and len(span) == 2):
            raise HubError(
                f"window {name!r} must be a first and a last period, as in (2005, "
                f"2012), not {span!r}."
            )
        for period in span:
            as_period(panel.periods, period)
    for pool in pools.values():
        panel.keep(pool)  # refuses a donor that does not exist, before any work

    def run(choice: tuple[str, str, str]) -> dict:
        name, pool, span = choice
        row = {"estimator": name, "donors": pool, "window": span}
        try:
            estimate = chosen[name](panel.keep(pools[pool]).window(*spans[span]))
        except ValueError as error:
            return row | {"att": np.nan, "se": np.nan, "refused": str(error)}
        return row | {
            "att": estimate.att,
            "se": getattr(estimate, "se", np.nan),
            "refused": "",
        }

    choices = list(itertools.product(estimators, pools, spans))
    table = pd.DataFrame(each(run, choices, "specifications"))
    return table.sort_values("att", kind="stable", ignore_index=True)
