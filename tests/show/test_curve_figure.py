"""Estimates of a specification curve stand in the row of every choice they made."""

import numpy as np
import pandas as pd
import pytest

from hubanalysis.show.curve_figure import curve_plot

CURVE = pd.DataFrame(
    {
        "how": ["a", "a", "b", "b"],
        "when": ["all", "late", "all", "late"],
        "who": "all",
        "att": [0.1, 0.2, -0.1, np.nan],
        "planned": [True, False, False, False],
    }
)
CHOICES = ["how", "when", "who"]


def dots(figure):
    """Heights and widths of all dots by the name of their row."""
    ax = figure.drawn().axes[0]
    names = {
        round(y, 6): label.get_text()
        for y, label in zip(ax.get_yticks(), ax.get_yticklabels())
    }
    found = {}
    for line in ax.lines[1:]:
        ring = line.get_markerfacecolor() == "none"
        for x, y in zip(*line.get_data()):
            found.setdefault((names[round(float(y), 6)], ring), []).append(float(x))
    return found


def test_each_estimate_stands_in_the_rows_of_its_choices():
    found = dots(curve_plot(CURVE, CHOICES, "effect"))
    assert found["a", False] == [0.1, 0.2]
    assert found["b", False] == [-0.1]
    assert found["all", False] == [0.1, -0.1]
    assert found["late", False] == [0.2]
    # A choice in which all are alike takes no row.
    assert len({row for row, _ in found}) == 4


def test_the_planned_one_is_ringed_in_each_of_its_rows():
    found = dots(curve_plot(CURVE, CHOICES, "effect"))
    assert {row for row, ring in found if ring} == {"a", "all"}


def test_the_planned_option_stands_first_of_each_choice():
    curve = CURVE.assign(planned=[False, False, True, False])
    ax = curve_plot(curve, CHOICES, "effect").drawn().axes[0]
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == ["b", "a", "all", "late"]
    # Rows go down the page.
    assert (np.diff(ax.get_yticks()) < 0).all()


def test_logs_turn_to_percent():
    found = dots(curve_plot(CURVE, CHOICES, "effect", percent=True))
    assert found["b", False] == pytest.approx([100 * np.expm1(-0.1)])


def test_a_curve_of_one_choice_has_its_row():
    one = CURVE.iloc[[0]]
    assert dots(curve_plot(one, CHOICES, "effect"))["a", True] == [0.1]


@pytest.mark.parametrize(
    ("curve", "says"),
    [(CURVE.drop(columns="planned"), "planned"), (CURVE.iloc[[3]], "no combination")],
)
def test_what_cannot_be_drawn_is_refused(curve, says):
    with pytest.raises(ValueError, match=says):
        curve_plot(curve, CHOICES, "effect")
