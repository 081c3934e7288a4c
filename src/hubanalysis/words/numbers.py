"""Numbers as a reader gets them: effects, percents, p values, amounts in a sentence.

A minus is a minus sign and not a hyphen, thousands stand apart, and nothing reads as
minus zero.
"""

from __future__ import annotations

from numbers import Real

import numpy as np

from hubanalysis.words.refusals import check_kind, check_option


def number_text(value: float, digits: int = 0, sign: bool = False) -> str:
    """Write a number for a sentence.

    Parameters
    ----------
    value : float
    digits : int
        Decimals.
    sign : bool
        Whether a gain gets a plus.

    Returns
    -------
    str

    Examples
    --------
    >>> number_text(-1234.5, 1), number_text(-0.04, 1), number_text(7, sign=True)
    ('−1,234.5', '0.0', '+7')
    """
    _require_number(value, "number_text")
    text = f"{value:{'+' if sign else ''},.{digits}f}"
    return text.replace("-", "−") if text.strip("+-0.,") else text.lstrip("+-")


def _require_number(value: object, who: str) -> None:
    check_kind(value, Real, who, "Give one number at a time.")


def percent_text(log_points: float, digits: int = 0, sign: bool = False) -> str:
    """Write an effect on a log scale as percent for a sentence, without the sign %.

    Parameters
    ----------
    log_points : float
    digits : int
        Decimals.
    sign : bool
        Whether a gain gets a plus.

    Returns
    -------
    str

    Examples
    --------
    >>> percent_text(0.0931), percent_text(-0.105, 1)
    ('10', '−10.0')
    """
    _require_number(log_points, "percent_text")
    return number_text(100 * np.expm1(log_points), digits, sign)


def effect_text(value: float, scale: str = "log", digits: int | None = None) -> str:
    """Write an effect for a table: with its sign, in percent if the outcome is in logs.

    Parameters
    ----------
    value : float
        The effect, in units of the outcome; infinite if no size can be detected. One
        that is missing is a dash.
    scale : {"log", "asinh", "none"}
        Scale of the outcome.
    digits : int, optional
        Decimals of a percentage; by default none, one below five percent, two below
        a tenth of a percent.

    Returns
    -------
    str

    Examples
    --------
    >>> effect_text(0.0931), effect_text(-0.0204)
    ('+10%', '−2.0%')
    >>> effect_text(-1.5, scale="none"), effect_text(116311.0, scale="none")
    ('−1.5', '+116,000')
    """
    _require_number(value, "effect_text")
    check_option("scale", scale, ("log", "asinh", "none"))
    if np.isnan(value):
        return "–"
    if np.isinf(value):
        return "no size is enough"
    if scale != "log":
        text = f"{value:+,.3g}"
        if "e" in text and abs(value) >= 1:  # no power of ten in a sentence
            text = f"{float(f'{value:.3g}'):+,.0f}"
        return text.replace("-", "−")
    digits = _digits(value) if digits is None else digits
    return f"{percent_text(value, digits, sign=True)}%"


def _digits(log_points: float) -> int:
    """Decimals of a percentage: none, one below five, two below a tenth."""
    size = abs(100 * np.expm1(log_points))
    return 0 if size >= 5 else 1 if size >= 0.1 or size == 0 else 2


def pair_text(value: float, other: float, scale: str = "log") -> tuple[str, str]:
    """Write two effects that are read beside each other, to one precision.

    Parameters
    ----------
    value, other : float
    scale : {"log", "asinh", "none"}

    Returns
    -------
    tuple of str
        With as many decimals as it takes that rounding neither hides nor makes a
        difference; the same text twice where they differ by less than a tenth of a
        percent.

    Examples
    --------
    >>> pair_text(0.06305, 0.06285), pair_text(-0.0519, -0.0503)
    (('+6.5%', '+6.5%'), ('−5.1%', '−4.9%'))
    >>> pair_text(0.0931, 0.139), pair_text(-0.0726, -0.0367)
    (('+10%', '+15%'), ('−7.0%', '−3.6%'))
    """
    texts = effect_text(value, scale), effect_text(other, scale)
    if scale != "log" or not np.isfinite([value, other]).all():
        return texts
    digits = max(_digits(value), _digits(other))
    gap = abs(100 * (np.expm1(value) - np.expm1(other)))
    digits = max(digits, int(gap < 1 and texts[0] != texts[1]))
    return effect_text(value, scale, digits), effect_text(other, scale, digits)


def decimals(*values: float) -> str:
    """Format for numbers of one table: four decimals, if they show them.

    Where the largest is too small for that, more, so that it keeps four digits; fewer
    where it is in the millions.

    Parameters
    ----------
    *values : float
        What is told in one unit; what is not finite does not count.

    Returns
    -------
    str
        As in ``f"{value:{decimals(value)}}"``.

    Examples
    --------
    >>> decimals(0.8, 0.00004), decimals(2e-5, 4e-6), decimals(3e-9), decimals(2e8)
    ('.4f', '.8f', '.3e', '.0f')
    """
    size = np.abs(values)
    size = size[np.isfinite(size) & (size > 0)].max(initial=0.0)
    if size == 0 or 0.001 <= size < 1e6:
        return ".4f"
    if size >= 1e6:
        return ".0f"
    # Longer rows of zeros cannot be read.
    return f".{3 - int(np.floor(np.log10(size)))}f" if size >= 1e-6 else ".3e"


def p_text(p_value: float) -> str:
    """Write a p value: two decimals, more where two would read as 0.05 or as zero.

    Parameters
    ----------
    p_value : float

    Returns
    -------
    str

    Examples
    --------
    >>> p_text(0.037), p_text(0.052), p_text(0.0004), p_text(0.00004)
    ('0.04', '0.052', '0.0004', '0.00004')
    """
    _require_number(p_value, "p_text")
    if 0 < p_value < 0.00005:
        places = 1 - int(np.floor(np.log10(p_value)))
        return f"{p_value:.{places}f}".rstrip("0")
    if p_value < 0.005:
        return f"{p_value:.4f}"
    told = f"{p_value:.2f}"
    # On which side of the usual line it lies must be seen.
    return f"{p_value:.3f}" if told == "0.05" and round(p_value, 9) != 0.05 else told
