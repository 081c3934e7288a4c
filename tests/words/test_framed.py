"""Results become tables with the same columns, and the same tables in LaTeX."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from hubanalysis.words.framed import (
    TERMS,
    Framed,
    FramedAtLevel,
    terms,
    with_errors,
)
from hubanalysis.words.refusals import HubError


class Two(Framed):
    def to_frame(self):
        return terms(["a", "b"], [1.23456, 2.0], lower=[0.0, -np.inf])


class Wide(FramedAtLevel):
    def to_frame(self, level=0.95):
        return terms(["a"], 0.0, lower=-level, upper=level)


def test_columns_are_the_same_whatever_is_known():
    table = Two().to_frame()
    assert list(table) == list(TERMS)
    assert table["term"].tolist() == ["a", "b"]
    assert table[["std_error", "p_value", "upper"]].isna().all(axis=None)


def test_labels_become_text_and_an_index_of_the_estimates_does_not_matter():
    effects = pd.Series([1.0, 2.0], index=[-1, 0])
    table = terms(effects.index, effects)
    assert table["term"].tolist() == ["-1", "0"]
    assert table["estimate"].tolist() == [1.0, 2.0]


def test_errors_give_p_and_intervals_of_students_t():
    row = with_errors(terms(["a"], 1.0, std_error=0.4), 7, 0.9).iloc[0]
    assert row["p_value"] == pytest.approx(2 * stats.t.sf(1 / 0.4, 7))
    ends = stats.t.interval(0.9, 7, loc=1.0, scale=0.4)
    assert (row["lower"], row["upper"]) == pytest.approx(ends)


def test_without_an_error_there_is_no_interval():
    row = with_errors(terms(["a"], 1.0), np.inf, 0.95).iloc[0]
    assert row[["p_value", "lower", "upper"]].isna().all()


def test_latex_has_a_line_for_each_row_and_nothing_where_nothing_is_known():
    text = Two().to_latex(digits=2)
    assert text.count(r"\\") == 3
    assert r"a & 1.23 &  &  & 0.00 &  \\" in text


def test_latex_takes_the_level_of_the_interval():
    assert "-0.80 & 0.80" in Wide().to_latex(0.8, digits=2)


def test_decimals_in_words_are_refused():
    for laid in (Two(), Wide()):
        with pytest.raises(HubError, match="digits must be a whole number"):
            laid.to_latex(digits="two")
