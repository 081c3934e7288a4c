"""Results laid out as a table to work on: a row per term, as tables of regressions."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy import special

from hubanalysis.words.refusals import check_count

TERMS = ("term", "estimate", "std_error", "p_value", "lower", "upper")


class Framed:
    """A result that becomes a data frame, and so a table in LaTeX."""

    def to_frame(self) -> pd.DataFrame:
        """Lay it out as a table."""
        raise NotImplementedError

    def to_latex(self, digits: int = 3) -> str:
        """Write `to_frame` as a LaTeX table; this takes Jinja2.

        Parameters
        ----------
        digits : int
            Decimals.
        """
        return _latex(self.to_frame(), digits)


class FramedAtLevel:
    """A result whose interval can be asked for at any level."""

    def to_frame(self, level: float = 0.95) -> pd.DataFrame:
        """Lay it out as a table, with the interval at this level."""
        raise NotImplementedError

    def to_latex(self, level: float = 0.95, digits: int = 3) -> str:
        """Write `to_frame` as a LaTeX table; this takes Jinja2.

        Parameters
        ----------
        level : float
            Coverage of the interval.
        digits : int
            Decimals.
        """
        return _latex(self.to_frame(level), digits)


def terms(names: Iterable, estimates: object, **known: object) -> pd.DataFrame:
    """Lay out estimates one to a row: the same columns for every kind of result.

    Parameters
    ----------
    names : iterable
        What each row is about.
    estimates : float or array of shape (n_names,)
    **known
        Any of `std_error`, `p_value`, `lower`, `upper`, of the same shape; missing
        where there is none.

    Examples
    --------
    >>> terms(["att"], 1.5, std_error=0.5)
      term  estimate  std_error  p_value  lower  upper
    0  att       1.5        0.5      NaN    NaN    NaN
    """
    table = pd.DataFrame({"term": [str(name) for name in names]})
    given = {"estimate": estimates} | known
    for column in TERMS[1:]:
        table[column] = np.asarray(given.get(column, np.nan), dtype=float)
    return table


def with_errors(table: pd.DataFrame, df: float, level: float) -> pd.DataFrame:
    """Add what standard errors say: p of no effect, and intervals by t.

    Parameters
    ----------
    table : pandas.DataFrame
        As from `terms`.
    df : float
        Degrees of freedom; infinite for the normal distribution.
    level : float
        Coverage.

    Examples
    --------
    >>> with_errors(terms(["att"], 1.0, std_error=0.5), np.inf, 0.95).round(2)
      term  estimate  std_error  p_value  lower  upper
    0  att       1.0        0.5     0.05   0.02   1.98
    """
    estimate, error = table["estimate"], table["std_error"]
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.abs(estimate / error)
    half = float(special.stdtrit(df, 0.5 + level / 2)) * error
    return table.assign(
        p_value=2 * special.stdtr(df, -t), lower=estimate - half, upper=estimate + half
    )


def _latex(table: pd.DataFrame, digits: int) -> str:
    digits = check_count("digits", digits)
    return table.to_latex(index=False, na_rep="", float_format=f"%.{digits}f")
