"""A reader's own choices in place of the plan's, said wherever they matter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from hubanalysis.cases.plan import OutcomePlan, Plan
from hubanalysis.estimators.estimate import Estimate
from hubanalysis.panels.panel import Panel
from hubanalysis.words.refusals import HubError, check_name, listed

OWN = "left out by choice"


def changed(
    plan: Plan,
    outcome: str | None = None,
    drop: Iterable[str] = (),
    window: tuple[int, int] | None = None,
    first_treated: Mapping[str, int] | None = None,
    main: str | Callable[[Panel], Estimate] | None = None,
) -> tuple[Plan, tuple[str, ...]]:
    """Change a plan, and say in words what is no longer as it was filed.

    Parameters
    ----------
    plan : Plan
    outcome : str, optional
        The outcome that decides from now on, and that the rest is about.
    drop : iterable of str
        Units left out.
    window : tuple of int, optional
        First and last period.
    first_treated : mapping of str to int, optional
        First treated period by unit.
    main : str or callable, optional
        The estimator that decides, in place of the plan's, or of its contest.

    Returns
    -------
    tuple
        The new plan, and a sentence per choice that differs.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> plan = hub.Case.open("norwegian-tourism-cluster").plan
    >>> changed(plan, drop=["Oslo"])[1]
    ('Oslo left out',)
    """
    said, chosen = [], outcome or plan.primary
    check_name(chosen, list(plan.outcomes), "outcome")
    filed = own = plan.outcomes[chosen]
    if chosen != plan.primary:
        said.append(f"the outcome is {filed.title or chosen}")
    if units := [drop] if isinstance(drop, str) else list(drop):
        own = _without(own, units)
        said.append(f"{listed(units, most=len(units))} left out")
    if window is not None and window != filed.window:
        if not (isinstance(window, tuple | list) and len(window) == 2):
            raise HubError(f"window must be a first and last period, not {window!r}.")
        first, last = window
        own = replace(
            own,
            window=(first, last),
            placebo_periods=tuple(p for p in own.placebo_periods if first < p <= last),
        )
        said.append(f"periods from {first} to {last}")
    if first_treated is not None and first_treated != filed.first_treated:
        # A design test pretends a date of those who were treated by the plan.
        own = replace(own, first_treated=dict(first_treated), design_tests=())
        dates = ", ".join(f"{unit} from {p}" for unit, p in first_treated.items())
        said.append(f"treated: {dates}")
    if main is not None:
        own = _decided_by(own, main)
        if own.main.name != filed.main.name or filed.contest:
            said.append(f"{own.main.label} decides")
    outcomes = dict(plan.outcomes)
    if chosen != plan.primary:
        outcomes[plan.primary] = replace(outcomes[plan.primary], role="secondary")
    outcomes[chosen] = replace(own, role="primary")
    # A yardstick stays with the outcome that it was filed for.
    yardsticks = tuple(
        replace(y, outcome=y.outcome or plan.primary) for y in plan.yardsticks
    )
    return replace(plan, outcomes=outcomes, yardsticks=yardsticks), tuple(said)


def _without(plan: OutcomePlan, units: list[str]) -> OutcomePlan:
    """Leave units out, of the variants too, which would name what is not there."""
    variants = {}
    for name, variant in plan.variants.items():
        drop, keep = (
            units_ and tuple(u for u in units_ if u not in units)
            for units_ in (variant.drop, variant.keep)
        )
        if drop or keep or variant.window:
            variants[name] = replace(variant, drop=drop or None, keep=keep or None)
    dates = plan.first_treated
    if not isinstance(dates, str):
        dates = {unit: date for unit, date in dates.items() if unit not in units}
    return replace(
        plan,
        leave_out_units={**plan.leave_out_units, **dict.fromkeys(units, OWN)},
        first_treated=dates,
        variants=variants,
    )


def _decided_by(plan: OutcomePlan, main: Any) -> OutcomePlan:
    """Let an estimator decide; the one that did so is shown beside it."""
    first = replace(plan, main=main, also=(), contest=False).main
    rest = [e for e in plan.estimators if e.name != first.name]
    return replace(plan, main=first, also=tuple(rest), contest=False)
