"""What must be said beside a verdict, so that it is not taken for more than it is."""

from __future__ import annotations

import numpy as np

from hubanalysis.cases.measured import Measured
from hubanalysis.cases.verdict import Verdict
from hubanalysis.words.facts import sentence_case
from hubanalysis.words.refusals import listed

ALONE = " To judge {} by itself, put the others into the plan's leave_out_periods."


def reading_of(verdict: Verdict, measured: Measured) -> str:
    """Say of a yardstick what the figures can say of it.

    Parameters
    ----------
    verdict : Verdict
    measured : Measured
        One of ``verdict.measured``.

    Returns
    -------
    str
        *ruled out*, *outside*, *exceeded* (the effects that fit are all larger),
        *fits*, *fits, too small to find*, or *cannot be judged* where no size of effect
        can be rejected.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> from hubanalysis.cases.reserves import reading_of
    >>> verdict = hub.Case.open("k-semiconductor-belt").verdict()
    >>> reading_of(verdict, verdict.measured[0])
    'cannot be judged'
    """
    low, high = verdict.interval or (-np.inf, np.inf)
    if np.isinf([low, high]).all():
        return "cannot be judged"
    effect = measured.effect
    if 0 < effect < low or high < effect < 0:
        return "exceeded"
    return measured.reading


def reserves(verdict: Verdict) -> tuple[str, ...]:
    """Say what a verdict hangs on, where its own card shows that it might be otherwise.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> reserves(hub.Case.open("yozma").verdict("venture_capital"))
    ()
    """
    told = []
    out = [m for m in verdict.measured if reading_of(verdict, m) == "ruled out"]
    if verdict.drift is not None:
        low, high = verdict.drift
        for reading in ("ruled out", "exceeded"):
            which = listed(
                f"{m.yardstick.kind} {verdict.amount(m.effect)}"
                for m in verdict.measured
                if reading_of(verdict, m) == reading and low <= m.effect <= high
            )
            if which:
                told.append(
                    f"{which}: {reading} if the paths would have run alike, and not if "
                    f"they drift as they did before, when {verdict.amount(low)} to "
                    f"{verdict.amount(high)} fits."
                )
        if verdict.conclusion == "effect seen" and low <= 0 <= high:
            told.append(
                "That it is not zero holds if the paths would have run alike, and not "
                f"if they drift as they did before, when {verdict.amount(low)} to "
                f"{verdict.amount(high)} fits."
            )
    if verdict.lead and (
        warning := verdict.lead.warning(verdict.scale, verdict.estimator)
    ):
        told.append(f"{warning}.")
    periods = verdict.averaged
    if len(periods) > 1:
        span = f"the mean of {len(periods)} periods, {periods[0]} to {periods[-1]}"
        for m in verdict.measured:
            what = f"{m.yardstick.kind} {verdict.amount(m.effect)}"
            if m.yardstick.by is not None:
                told.append(
                    f"{what} is for {m.yardstick.by}, and the range is of {span}: it "
                    "is set beside that mean, which decides nothing about its end."
                    f"{ALONE.format(m.yardstick.by) * (m.yardstick.by in periods)}"
                )
            elif m.yardstick.kind == "promised" and m in out:
                told.append(
                    f"{what} is set beside {span}. Nobody wrote down by when it was "
                    "promised; if for the last of them, this does not rule it out."
                )
    return tuple(map(sentence_case, told))
