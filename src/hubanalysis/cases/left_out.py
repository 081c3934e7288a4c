"""How far an answer moves as units are left out one at a time."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from hubanalysis.words.numbers import effect_text, p_text, pair_text


class LeftOut(NamedTuple):
    """How far the answer moves as units are left out one at a time.

    Attributes
    ----------
    estimate, p_value, mde : tuple of float
        Smallest and largest.
    tested, all : int
        How many of all were tested anew, those first without which the estimate moves
        most.
    """

    estimate: tuple[float, float]
    p_value: tuple[float, float]
    mde: tuple[float, float]
    tested: int = 0
    all: int = 0

    @classmethod
    def of(cls, table: pd.DataFrame, role: str) -> LeftOut | None:
        """Take them from `hub.leave_one_out`; None if no such unit was left out."""
        part = table.loc[table["role"] == role, ["att", "p_value", "mde"]]
        if part.empty:
            return None
        estimate, p_value, mde = zip(part.min().tolist(), part.max().tolist())
        tested = int(part["p_value"].notna().sum())
        return cls(estimate, p_value, mde, tested, len(part))

    def told(self, scale: str, many: bool) -> str:
        """Say it in words.

        Parameters
        ----------
        scale : str
            Of the outcome.
        many : bool
            Whether the whole answer has a larger lot than those without a unit.

        Examples
        --------
        >>> LeftOut((0.01, 0.03), (0.2, 0.4), (0.1, 0.12)).told("log", many=False)
        '+1.0% to +3.0% as computed; p from 0.20 to 0.40; detectable from +11% to +13%'
        """
        text = f"{' to '.join(pair_text(*self.estimate, scale))} as computed"
        if np.isfinite(self.p_value).all():
            first, last = map(p_text, self.p_value)
            few = self.tested < self.all
            most = f"those {self.tested} that move it most" * few
            which = ", ".join(filter(None, (most, "smaller lots" * many)))
            text += f"; p from {first} to {last}{f' ({which})' if which else ''}"
        if np.isfinite(self.mde).all():
            least, most = (effect_text(size, scale) for size in self.mde)
            text += f"; detectable from {least} to {most}"
        return text
