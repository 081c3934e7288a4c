"""Names of places: made alike where they are, pointed out where they may be."""

import pandas as pd
import pytest

from hubanalysis.cases.own_places import places


def column(*cells, name="c"):
    return pd.Series(list(cells), name=name, dtype=object)


@pytest.mark.parametrize(
    ("one", "other"), [("Isère", "Isere"), ("Oslo", "oslo"), ("New York", "NewYork")]
)
def test_names_that_are_nearly_alike_are_pointed_out_and_not_merged(one, other):
    found = places(column(one, one, other))
    assert found.values.tolist() == [one, one, other]
    assert found.warnings[0].found == (other,)


def test_accents_and_spaces_are_made_alike():
    found = places(column("Ise\u0300re", "Isère "))
    assert found.values.nunique() == 1
    assert not found.warnings


def test_a_code_that_lost_its_zero_is_pointed_out():
    found = places(column("12001", "12003", "9007", "13001"))
    assert found.warnings[0].found == ("9007",)


def test_numbers_that_only_count_have_lost_nothing():
    assert not places(column(*map(str, range(995, 1010)))).warnings


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Оslo", "two alphabets"),  # with a Cyrillic O
        ("Αthens", "two alphabets"),  # with a Greek A
        ("FÃ¸rde", "garbled"),
    ],
)
def test_letters_that_are_not_what_they_seem_are_pointed_out(name, says):
    (warning,) = places(column("Bergen", name)).warnings
    assert says in str(warning)
    assert warning.lines == (1,)


@pytest.mark.parametrize(
    "name", ["Førde", "São Paulo", "Αθήνα", "Москва", "東京", "Østre Ålen 2", "Isère"]
)
def test_letters_of_one_alphabet_are_names(name):
    assert not places(column("Bergen", name)).warnings
