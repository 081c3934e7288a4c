"""The outcome before anyone was treated: all that may be seen before results."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from hubanalysis.cases.case import Case
from hubanalysis.panels.panel import Panel
from hubanalysis.words.refusals import HubError


@dataclass(frozen=True)
class History:
    """What an outcome was before a programme began.

    Attributes
    ----------
    panel : Panel
        On the plan's scale, up to the last period before the first start; nobody is
        treated in it.
    hubs, refused : list
        Units that are or will be treated, and the others.
    first : int or None
        The first treated period; none where the plan names no date yet.
    last : int
        The last period of the figures.
    dates : dict
        First treated period by unit.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> found = history(hub.Case.open("k-semiconductor-belt"), "chips")
    >>> found.hubs, found.first, int(found.panel.periods[-1])
    (['South Korea'], 2022, 2020)
    """

    panel: Panel
    hubs: list
    refused: list
    first: int | None
    last: int
    dates: dict

    @property
    def over(self) -> bool:
        """Whether there are figures from the programme's time."""
        return self.first is not None and self.last >= self.first

    def hash(self, until: int | None = None) -> str:
        """SHA-256 of the figures, units by periods up to one, at twelve digits."""
        frame = self.panel.frame
        if until is not None:
            frame = frame.loc[:, frame.columns <= until]
        return sha256(frame.to_csv(float_format="%.12g", lineterminator="\n"))

    def unit_hashes(self, until: int | None = None) -> dict[str, str]:
        """Sixteen digits of the SHA-256 of each unit's figures, as `hash` of all."""
        frame = self.panel.frame
        if until is not None:
            frame = frame.loc[:, frame.columns <= until]
        return {
            str(unit): sha256(
                row.to_csv(float_format="%.12g", header=False, lineterminator="\n")
            )[:16]
            for unit, row in frame.iterrows()
        }

    @property
    def starts(self) -> dict[str, int]:
        """First treated period by unit, as it can be written down."""
        return {str(unit): int(start) for unit, start in self.dates.items()}

    @property
    def assigned(self) -> str:
        """SHA-256 of who is treated from when on; empty as long as nobody is."""
        lines = sorted(f"{unit} {int(start)}" for unit, start in self.dates.items())
        return sha256("\n".join(lines)) if lines else ""


def sha256(text: str) -> str:
    """By which a text is known again."""
    return hashlib.sha256(text.encode()).hexdigest()


def history(case: Case, outcome: str | None = None) -> History:
    """Take from a case what was known of an outcome before anyone was treated.

    Parameters
    ----------
    case : Case
    outcome : str, optional
        The primary one by default.

    Raises
    ------
    ValueError
        If there is no such outcome, or fewer than two periods before the start.
    """
    outcome = outcome or case.primary
    dates = case.first_dates(outcome)
    plans = {n: replace(o, first_treated={}) for n, o in case.outcomes.items()}
    bare = replace(case, plan=replace(case.plan, outcomes=plans))
    panel = bare.panel(outcome)
    first, last = min(dates.values(), default=None), int(panel.periods[-1])
    if first is not None:
        before = panel.periods[panel.periods < first]
        if len(before) < 2:
            raise HubError(
                f"outcome {outcome!r}: the figures hold {len(before)} period(s) before "
                f"{first}, when the programme begins. Add earlier ones, two at least."
            )
        panel = panel.window(before[0], before[-1])
    units = panel.units.tolist()
    hubs = [u for u in units if u in dates]
    return History(
        panel, hubs, [u for u in units if u not in dates], first, last, dates
    )
