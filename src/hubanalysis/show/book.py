"""What a chapter calls: numbers into its sentences, files and remarks beside them."""

from __future__ import annotations

from html import escape
from pathlib import Path

import numpy as np
import pandas as pd

from hubanalysis.cases.battery import Battery
from hubanalysis.cases.case import Case
from hubanalysis.show.tables import A_BATTERY, A_CASE
from hubanalysis.words.numbers import number_text, p_text, percent_text
from hubanalysis.words.refusals import HubError, check_kind

# The kind of output in which MyST-NB looks for what a sentence asks for.
KEPT = "application/papermill.record/"


def say(group: str = "", battery: Battery | None = None, /, **numbers: object) -> None:
    """Keep numbers under names by which the chapter's sentences ask for them.

    A sentence asks for one with MyST's role ``glue:text``. In a notebook nothing is
    shown.

    Parameters
    ----------
    group : str
        Put before each name: ``say("tech", rise=3)`` keeps ``tech_rise``.
    battery : Battery, optional
        Keep its standard numbers too, as `battery_numbers` has them.
    **numbers
        A text, or a number that is to be written as Python would write it.

    Raises
    ------
    ValueError
        If there is a battery but no group to name its numbers by.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> hub.say(rise=hub.percent_text(0.0931))
    """
    if battery is not None:
        if not group:
            raise HubError('name the group, as in hub.say("tech", battery).')
        numbers = battery_numbers(battery) | numbers
    try:
        from IPython import get_ipython
        from IPython.display import display
    except ImportError:
        return
    if get_ipython() is None:  # a plain Python has no sentences to fill
        return
    for name, value in numbers.items():
        name = f"{group}_{name}" if group else name
        if isinstance(value, np.generic):  # or a page would read np.int64(9)
            value = value.item()
        display(
            {f"{KEPT}text/plain": repr(value)},
            raw=True,
            metadata={"scrapbook": {"name": name, "mime_prefix": KEPT}},
        )


def battery_numbers(battery: Battery) -> dict[str, str]:
    """Word the numbers of a battery that sentences ask for most.

    Parameters
    ----------
    battery : Battery

    Returns
    -------
    dict of str to str
        `att` (from the lot's centre), `computed` (as the estimator reports it), `low`,
        `high` (of the interval), `p`, `rank`, `of` (assignments), `gain` and `loss`
        (how many in a hundred gain or lose as much), `mde`, `treated`, `donors` for the
        estimator that decides; and all but the interval of each estimator after its
        name, as in `did_att`. `rule_mde` is what all that are heard would find. Effects
        on a log scale are in percent; with one decimal more under a name that ends in
        `_1`, as in `att_1`.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=20, periods=8, treated=5, start=5,
    ...                            effect=9.0, seed=0)
    >>> battery = hub.Battery("mine", "y", hub.OutcomePlan(main="did"), panel)
    >>> numbers = hub.battery_numbers(battery)
    >>> numbers["p"] == numbers["did_p"], numbers["treated"]
    (True, '5')
    """
    check_kind(battery, Battery, "battery_numbers", A_BATTERY)
    word = percent_text if battery.plan.transform == "log" else number_text
    low, high = battery.interval

    def both(name: str, value: float) -> dict[str, str]:
        if np.isinf(value):
            return dict.fromkeys((name, f"{name}_1"), "−∞" if value < 0 else "∞")
        return {name: word(value), f"{name}_1": word(value, 1)}

    numbers = both("low", low) | both("high", high)
    numbers |= both("rule_mde", battery.power.mde)
    numbers["treated"] = str(len(battery.panel.treated))
    numbers["donors"] = str(len(battery.panel.donors))
    for name in battery.names:
        test = battery.tests.loc[name]
        own = both("att", test.effect) | both("computed", test.att)
        own |= both("mde", battery.powers[name].mde)
        own |= {
            "p": p_text(test.p_value),
            "rank": number_text(test.extreme),
            "of": number_text(test.assignments),
            "gain": number_text(100 * test.p_gain),
            "loss": number_text(100 * test.p_loss),
        }
        numbers |= {f"{name}_{key}": text for key, text in own.items()}
        if name == battery.estimator.name:
            numbers |= own
    return numbers


def mark_choices(case: Case) -> None:
    """Say that what follows was written for the plan, where the choices are others.

    A chapter calls it at its top and before every part that reads numbers. For the
    plan as it was filed nothing is shown.

    Parameters
    ----------
    case : Case

    Examples
    --------
    >>> import hubanalysis as hub
    >>> case = hub.Case.open("norwegian-tourism-cluster")
    >>> hub.mark_choices(case)
    >>> hub.mark_choices(case.change(drop=["Oslo"]))
    Your choices: Oslo left out. The figures and tables below follow them; the sentences
    were written for the plan.
    """
    check_kind(case, Case, "mark_choices", A_CASE)
    if case.choices:
        print(
            f"Your choices: {'; '.join(case.choices)}. The figures and tables below "
            "follow them; the sentences were written for the plan."
        )


class Offer:
    """A file that a chapter made, to be opened from its page.

    Parameters
    ----------
    path : str or pathlib.Path
        A file of text. It is written beside the pages by its name.
    words : str
        What the link says.

    Attributes
    ----------
    path : pathlib.Path
    words : str

    Examples
    --------
    >>> import hubanalysis as hub
    >>> hub.Offer("report.html", "The report")
    The report: report.html
    """

    def __init__(self, path: str | Path, words: str) -> None:
        self.path, self.words = Path(path), words

    def __repr__(self) -> str:
        """Say where it is."""
        return f"{self.words}: {self.path.name}"

    def _repr_mimebundle_(self, **_: object) -> tuple[dict, dict]:
        name = escape(self.path.name)
        html = f'<p class="hub-file" data-file="{name}">{escape(self.words)}</p>'
        kept = {"file": self.path.name, "content": self.path.read_text("utf8")}
        return {"text/html": html, "text/plain": repr(self)}, {"hubanalysis": kept}


def show_in_full() -> None:
    """Let pandas show long texts in full, as a chapter's tables need.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> hub.show_in_full()
    """
    pd.set_option("display.max_colwidth", None)
