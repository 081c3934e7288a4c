"""Which column is what is found out, or asked."""

import pytest

from hubanalysis.cases.begin import sheet_of
from hubanalysis.cases.own_guess import guess
from hubanalysis.words.refusals import HubError

NOTHING = {"unit": "", "period": "", "outcome": ""}


def of(**columns):
    return guess(sheet_of(columns), NOTHING)[0]


PLACES = ["Oslo"] * 3 + ["Hamar"] * 3
YEARS = [2018, 2019, 2020] * 2
JOBS = [1301.0, 1310.5, 1299.0, 807.0, 820.5, 811.0]


@pytest.mark.parametrize("name", ["ID", "region", "size"])
def test_what_never_changes_in_a_place_is_no_outcome(name):
    keys = [9001.5] * 3 + [9002.5] * 3
    found = of(**{name: keys, "place": PLACES, "year": YEARS, "jobs": JOBS})
    assert found == {"unit": "place", "period": "year", "outcome": "jobs"}


def test_of_several_figures_nobody_else_can_say_which_is_meant():
    with pytest.raises(HubError, match="'jobs', 'pay' hold figures"):
        of(place=PLACES, year=YEARS, jobs=JOBS, pay=JOBS[::-1])


def test_numbers_of_rows_are_no_outcome():
    found = of(place=PLACES, n=[*range(1, 7)], year=YEARS, jobs=JOBS)
    assert found["outcome"] == "jobs"


def test_whole_numbers_that_look_like_years_are_no_periods():
    jobs = [1301, 1310, 1299, 1807, 1820, 1811]
    assert of(place=PLACES, jobs=jobs, year=YEARS)["period"] == "year"
    assert of(place=PLACES, jobs=jobs, when=YEARS)["period"] == "when"


def test_a_year_within_words_is_pointed_out():
    with pytest.raises(HubError, match="'when' holds 'Year 2018': leave the year"):
        of(place=PLACES, when=[f"Year {y}" for y in YEARS], jobs=JOBS)
