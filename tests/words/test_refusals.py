"""A refusal says what is wrong and what would be right."""

import numpy as np
import pytest

from hubanalysis.words import refusals
from hubanalysis.words.refusals import HubError, check_count, is_label


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (
            lambda: refusals.check_name("Olso", ["Oslo", "Bergen"], "unit"),
            r"no unit 'Olso'\. Did you mean 'Oslo'\?",
        ),
        (
            lambda: refusals.check_name("x", ["Oslo", "Bergen"], "unit"),
            r"no unit 'x'\. There are: Oslo, Bergen\.",
        ),
        (
            lambda: refusals.check_option("how", "summ", ("sum", "mean")),
            r"how must be one of sum, mean, not 'summ'\. Did you mean 'sum'\?",
        ),
        (lambda: refusals.check_share(level=1.0), "level must lie between 0 and 1"),
        (lambda: refusals.check_share(power="x"), "power must lie between 0 and 1"),
        (lambda: refusals.check_draws(0), "draws must be a whole number of at least 1"),
        (lambda: refusals.check_draws(2.5), "whole number"),
        (lambda: refusals.check_draws(True), "whole number"),
        (lambda: refusals.check_seed(False), "seed must be a whole number"),
        (lambda: refusals.check_number(effect=True), "effect must be a finite number"),
        (lambda: refusals.check_number(effect=10**400), "must be a finite number"),
        (lambda: refusals.check_share(level=10**400), "between 0 and 1"),
        (lambda: refusals.check_option("how", np.eye(2), ("sum",)), "must be one of"),
        (lambda: refusals.check_flag(bar="no"), "bar must be True or False, not 'no'"),
    ],
)
def test_a_fault_is_named_with_the_way_out(act, message):
    with pytest.raises(ValueError, match=message):
        act()


def test_what_is_right_passes():
    refusals.check_name("Oslo", ["Oslo"], "unit")
    refusals.check_option("how", "sum", ("sum", "mean"))
    refusals.check_share(level=0.95)
    refusals.check_draws(np.int64(9))


def test_the_nearest_is_returned_as_it_is_and_not_as_text():
    assert refusals.nearest("2003", [2003, 1999]) == 2003
    assert refusals.nearest("zebra", ["Oslo"]) is None


def test_labels_are_written_as_one_would_type_them():
    assert refusals.quoted(np.int64(2003)) == "2003"
    assert refusals.quoted("Oslo") == "'Oslo'"


def test_long_lists_are_cut_and_counted():
    assert refusals.listed(range(7)) == "0, 1, 2, 3, 4 and 2 more"
    mask = np.array([[False, True], [True, False]])
    assert refusals.listed_cells(mask, ["A", "B"], [1, 2]) == "A in 2, B in 1"


@pytest.mark.parametrize("bad", [-1, 0.5, None, "2", float("inf"), float("nan"), True])
def test_a_count_is_a_whole_number(bad):
    with pytest.raises(HubError, match="periods must be a whole number, 0 or more"):
        check_count("periods", bad)


def test_a_refusal_is_a_value_error_of_our_own():
    assert issubclass(HubError, ValueError)
    assert check_count("periods", 2.0) == 2
    assert is_label("Oslo")
    assert not is_label(["Oslo"])
