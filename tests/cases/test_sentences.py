"""A sentence of the draft is known with the word before it and without."""

import pytest

from hubanalysis.cases.sentences import TO_WRITE, is_drafted, to_write


def texts(value):
    if isinstance(value, str):
        yield value
    for item in value.values() if isinstance(value, dict) else value:
        if not isinstance(value, str):
            yield from texts(item)


DRAFTED = [t for t in texts(to_write("jobs", [2016, 2018], True)) if t != "promised"]


@pytest.mark.parametrize("text", DRAFTED)
def test_it_is_still_the_drafts(text):
    assert text.startswith(TO_WRITE)
    assert is_drafted(text)
    assert is_drafted(text.removeprefix(f"{TO_WRITE} ").capitalize())


def test_ones_own_are_not():
    for text in ("Did the programme raise jobs?", "the motorway opened", "a tenth"):
        assert not is_drafted(text)


def test_all_starts_are_named():
    assert "2016 to 2018" in to_write("jobs", [2016, 2018], True)["estimand"]
    assert "in 2016," in to_write("jobs", [2016], True)["estimand"]
