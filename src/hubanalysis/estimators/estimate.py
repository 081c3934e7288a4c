"""The noun every estimator returns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from hubanalysis.panels.panel import Panel
from hubanalysis.words.facts import html_table
from hubanalysis.words.framed import FramedAtLevel, terms, with_errors
from hubanalysis.words.numbers import decimals
from hubanalysis.words.refusals import check_coverage, listed


@dataclass(frozen=True, eq=False, repr=False)
class Estimate(FramedAtLevel):
    """An average effect of treatment on the treated, and how it came about.

    What an estimator cannot give is absent: asking for it raises an
    `AttributeError` that says why, so ``hasattr(estimate, "se")`` tells.

    Attributes
    ----------
    estimator : str
        Name of the estimator.
    att : float
        Average effect on the treated, in units of the outcome; over what it is the
        average the estimator says. With one date and no hole that is treated units and
        periods; an event study counts each event time the same.
    panel : Panel
        What it was estimated on.
    notes : tuple of str
        Warnings that change how the result must be read.

    Examples
    --------
    An estimator of your own is a function that returns one:

    >>> import hubanalysis as hub
    >>> def last_gap(panel):
    ...     gap = panel.frame.loc[panel.treated].mean()
    ...     gap = gap - panel.frame.loc[panel.donors].mean()
    ...     return hub.Estimate("last_gap", float(gap.iloc[-1]), panel)
    >>> panel = hub.simulate_panel(units=9, periods=8, treated=2, start=6, seed=0)
    >>> hub.randomization_test(panel, last_gap).exact
    True
    """

    estimator: str
    att: float
    panel: Panel
    notes: tuple[str, ...] = ()
    parts: dict = field(default_factory=dict)

    def _part(self, name: str) -> Any:
        part = self.parts.get(name)
        if part is None or isinstance(part, str):
            why = part or f"{self.estimator} does not produce it"
            raise AttributeError(f"no {name} here: {why}")
        return part() if callable(part) else part

    @property
    def se(self) -> float:
        """Standard error of `att`."""
        return self._part("se")

    @property
    def df(self) -> float:
        """Degrees of freedom of the t distribution behind `interval`."""
        return self.parts.get("df", np.inf)

    @property
    def path(self) -> pd.DataFrame:
        """By event time: observed, counterfactual, effect, and se if there is one.

        Event time 0 is the first treated period. With one date of adoption the
        column `period` gives the calendar period.
        """
        return self._part("path")

    @property
    def unit_weights(self) -> pd.Series | pd.DataFrame:
        """Weight of each donor; one column per treated unit or cohort if several."""
        return self._part("unit_weights")

    @property
    def time_weights(self) -> pd.Series | pd.DataFrame:
        """Weight of each period before treatment; one column per cohort if several."""
        return self._part("time_weights")

    @property
    def predictor_weights(self) -> pd.Series | pd.DataFrame:
        """Importance of each predictor; one column per treated unit if several."""
        return self._part("predictor_weights")

    @property
    def balance(self) -> pd.DataFrame:
        """Predictors of the treated, of their synthetic control, and of all donors."""
        return self._part("balance")

    @property
    def covariance(self) -> pd.DataFrame:
        """Covariance of the effects in `path`, event time by event time."""
        return self._part("covariance")

    @property
    def pre_rmspe(self) -> float:
        """Root mean square of the effects in `path` before treatment."""
        effect = self.path["effect"]
        return rms(effect[effect.index < 0])

    @property
    def post_rmspe(self) -> float:
        """Root mean square of the effects in `path` from treatment on."""
        effect = self.path["effect"]
        return rms(effect[effect.index >= 0])

    @property
    def no_interval(self) -> str:
        """Why the standard error gives no interval; empty if it does."""
        return self.parts.get("interval") or ""

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Confidence interval for `att` from its standard error.

        Parameters
        ----------
        level : float
            Coverage, from 0.5 to below 1.

        Returns
        -------
        tuple of float
            Lower and upper end, in units of the outcome.

        Raises
        ------
        AttributeError
            If the estimator gives no standard error, or one that is clustered by unit
            with fewer than three treated or untreated units.

        Examples
        --------
        >>> import hubanalysis as hub
        >>> panel = hub.simulate_panel(units=30, periods=6, treated=10, start=3, seed=0)
        >>> low, high = hub.did(panel).interval()
        >>> low < hub.did(panel).att < high
        True
        """
        check_coverage(level)
        if self.no_interval:
            raise AttributeError(f"no interval here: {self.no_interval}")
        half = float(special.stdtrit(self.df, 0.5 + level / 2)) * self.se
        return self.att - half, self.att + half

    def summary(self) -> pd.DataFrame:
        """Return the result as a short table: one row per fact, one column `value`."""
        panel = self.panel
        dates = [str(start) for start in panel.cohorts]
        spread: tuple[float, ...] = ()
        if hasattr(self, "se") and not self.no_interval:
            spread = self.se, *self.interval()
        told = decimals(self.att, *spread)
        facts = {
            "outcome": panel.outcome,
            "treated": f"{listed(panel.treated)}, from {listed(dates)}",
            "donors": str(len(panel.donors)),
            "periods": f"{panel.periods[0]} to {panel.periods[-1]}",
            "att": f"{self.att:{told}}",
        }
        if spread:
            error, low, high = spread
            facts["standard error"] = f"{error:{told}}"
            facts["95% interval"] = f"{low:{told}} to {high:{told}}"
        for number, note in enumerate(self.notes, start=1):
            facts[f"note {number}"] = note
        name = self.estimator.replace("_", " ")
        return pd.DataFrame({"value": facts}).rename_axis(name)

    def to_frame(self, level: float = 0.95) -> pd.DataFrame:
        """Lay it out with one row per term, as tables of regressions are.

        Parameters
        ----------
        level : float
            Coverage of the interval.

        Returns
        -------
        pandas.DataFrame
            `term` (att, and the effects of `path` by its index), `estimate`,
            `std_error`, `p_value`, `lower` and `upper`; missing where there is none.

        Examples
        --------
        >>> import hubanalysis as hub
        >>> panel = hub.simulate_panel(units=20, periods=5, treated=8, start=4, seed=0)
        >>> hub.event_study(panel).to_frame()["term"].tolist()
        ['att', '-3', '-2', '-1', '0', '1']
        """
        check_coverage(level)
        names, effects, errors = ["att"], [self.att], [getattr(self, "se", np.nan)]
        path = getattr(self, "path", None)
        if path is not None and "se" in path:
            names += list(path.index)
            effects += list(path["effect"])
            errors += list(path["se"])
        table = terms(names, effects, std_error=errors)
        return table if self.no_interval else with_errors(table, self.df, level)

    def __getstate__(self) -> dict:
        """What is pickled: the parts themselves, not how they are worked out."""
        parts = {k: v() if callable(v) else v for k, v in self.parts.items()}
        return self.__dict__ | {"parts": parts}

    def __repr__(self) -> str:
        """Print as a short, stable table."""
        rows = self.summary()["value"]
        width = max(len(key) for key in rows.index)
        lines = [self.estimator, *(f"  {k:<{width}}  {v}" for k, v in rows.items())]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return html_table(self.summary())


def rms(x: np.ndarray | pd.Series) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(np.square(x))))
