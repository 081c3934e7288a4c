"""The sentences in which something is refused: what is wrong, and the way out."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from numbers import Integral, Real
from typing import Any, TypeGuard

import numpy as np
import pandas as pd


class HubError(ValueError):
    """What was asked for cannot be done; the message says why, and the way out.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> try:
    ...     hub.did("figures.csv")
    ... except hub.HubError as error:
    ...     print(str(error).partition(". ")[0])
    did takes a Panel, not a str
    """


def absent(package: str, what: str) -> HubError:
    """Make the refusal of what a package does that is not installed.

    A browser's Python lacks some packages of our own list, and does the rest.

    Examples
    --------
    >>> print(absent("linearmodels", "a regression with holes"))
    a regression with holes needs linearmodels, which is not installed here. A browser's
    Python does not have it: run this on a computer, after "pip install linearmodels".
    """
    return HubError(
        f"{what} needs {package}, which is not installed here. A browser's Python does "
        f'not have it: run this on a computer, after "pip install {package}".'
    )


def check_name(name: object, known: Iterable, what: str) -> None:
    """Refuse a name that is not known, with the nearest one that is."""
    if is_label(name) and name in known:
        return
    near = nearest(name, known)
    hint = f" Did you mean {quoted(near)}?" if near is not None else ""
    hint = hint or f" There are: {listed(known)}."
    raise HubError(f"there is no {what} {quoted(name)}.{hint}")


def check_option(what: str, value: object, options: Iterable) -> None:
    """Refuse a value of an argument that takes one of a few."""
    if not (isinstance(value, str) and value in options):
        near = nearest(value, options, cutoff=0.4)
        hint = f" Did you mean {near!r}?" if near is not None else ""
        raise HubError(
            f"{what} must be one of {', '.join(options)}, not {value!r}.{hint}"
        )


def check_share(**shares: object) -> None:
    """Refuse a level or a power that does not lie between 0 and 1."""
    for name, share in shares.items():
        if not 0 < _number(share) < 1:
            raise HubError(f"{name} must lie between 0 and 1, not {share!r}.")


def check_size(level: Any) -> None:
    """Refuse a level of a test that is none, or is an interval's coverage.

    Both are called level: that of an interval is how often it holds, 0.95, and that of
    a test how often it is a false alarm, 0.05.
    """
    check_share(level=level)
    if float(level) > 0.5:
        raise HubError(
            f"level is the test's here, the share of false alarms, such as 0.05, and "
            f"not an interval's coverage: {level!r} is too large. Did you mean "
            f"{1 - float(level):.3g}?"
        )


def check_coverage(level: Any) -> None:
    """Refuse a level of an interval that is none, or is a test's share of errors."""
    check_share(level=level)
    if float(level) < 0.5:
        raise HubError(
            f"level is an interval's coverage here, such as 0.95, and must lie between "
            f"0.5 and 1: {level!r} is too small. Did you mean "
            f"{1 - float(level):.3g}?"
        )


def check_flag(**flags: object) -> None:
    """Refuse what is neither true nor false where one of the two is asked for."""
    for name, flag in flags.items():
        if not isinstance(flag, bool | np.bool_):
            raise HubError(f"{name} must be True or False, not {flag!r}.")


def check_seed(seed: object) -> None:
    """Refuse a seed that is no whole number: the same seed must give the same draws."""
    if not (_is_whole(seed) and int(seed) >= 0):
        raise HubError(f"seed must be a whole number, 0 or more, not {seed!r}.")


def check_number(**numbers: object) -> None:
    """Refuse what is no finite number."""
    for name, number in numbers.items():
        if not np.isfinite(_number(number)):
            raise HubError(f"{name} must be a finite number, not {number!r}.")


def check_kind(
    given: object, kind: type | tuple[type, ...], who: str, way: str
) -> None:
    """Refuse what is of another kind, on behalf of `who`, with the way to one."""
    if not isinstance(given, kind):
        kinds = kind if isinstance(kind, tuple) else (kind,)
        plain: dict[type, str] = {Mapping: "mapping", Real: "number"}
        wanted = " or ".join(_a(plain.get(one, one.__name__)) for one in kinds)
        raise HubError(f"{who} takes {wanted}, not {kind_of(given)}. {way}")


def kind_of(given: object) -> str:
    """Say what something is: a pandas DataFrame, a str, None."""
    if given is None:
        return "None"
    room, name = type(given).__module__.partition(".")[0], type(given).__name__
    return f"a {room} {name}" if room in ("pandas", "polars", "numpy") else _a(name)


def _a(name: str) -> str:
    return f"{'an' if name[0] in 'AEIOUaeiou' else 'a'} {name}"


def check_draws(draws: object, what: str = "draws") -> None:
    """Refuse a number of draws, or of something else, that is none."""
    if not (_is_whole(draws) and int(draws) >= 1):
        raise HubError(f"{what} must be a whole number of at least 1, not {draws!r}.")


def check_count(what: str, value: object) -> int:
    """Refuse a number of periods, or of something else, that is not 0, 1, 2 ...."""
    number = _number(value)
    if not (number >= 0 and number.is_integer()):
        raise HubError(f"{what} must be a whole number, 0 or more, not {value!r}.")
    return int(number)


def _number(value: object) -> float:
    """Return a number as it is; nan for what is none, True and False among it."""
    if isinstance(value, bool) or not isinstance(value, Real):
        return float("nan")
    try:
        return float(value)
    except OverflowError:
        return float("inf")


def _is_whole(value: object) -> TypeGuard[Integral]:
    return isinstance(value, Integral) and not isinstance(value, bool)


def is_label(name: object) -> bool:
    """Whether something can name a unit, a column or a stratum: one value, no list."""
    try:
        hash(name)
    except TypeError:
        return False
    return name is not pd.NA


def nearest(name: object, known: Iterable, cutoff: float = 0.6) -> object:
    """Return the known name that is spelt most like this one; None if none is."""
    texts = {str(k): k for k in known}
    near = difflib.get_close_matches(str(name), list(texts), n=1, cutoff=cutoff)
    return texts[near[0]] if near else None


def quoted(label: object) -> str:
    """Write a label as a reader would type it: 2003, 'Oslo', '2003-01-01'."""
    if isinstance(label, np.generic):
        label = label.item()
    return repr(label if isinstance(label, int | float) else str(label))


def listed(names: Iterable, most: int = 5) -> str:
    """Join names, the first few of a long list.

    Examples
    --------
    >>> listed("abcdefg", most=3)
    'a, b, c and 4 more'
    """
    names = [str(n) for n in names]
    tail = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + tail


def listed_cells(mask: np.ndarray, units: pd.Index, periods: pd.Index) -> str:
    """Name the cells of a mask of shape (n_units, n_periods): Oslo in 2009, ..."""
    rows, columns = np.nonzero(mask)
    return listed([f"{units[i]} in {periods[j]}" for i, j in zip(rows, columns)])
