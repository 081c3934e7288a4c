"""Results print as a short table of facts."""

import json

import numpy as np
import pandas as pd

from hubanalysis.words.facts import Facts, aloud, html_table, plain, sentence_case

SENTENCE = " ".join(["a sentence"] * 20)


class Told(Facts):
    def summary(self):
        return pd.DataFrame({"value": {"effect": "1.0", "note": SENTENCE}})


def test_a_result_prints_its_facts_one_to_a_line():
    effect, note = repr(Told()).splitlines()
    assert effect.split() == ["effect", "1.0"]
    assert note.startswith("note")


def test_a_page_shows_sentences_in_full():
    assert SENTENCE in html_table(Told().summary())
    assert Told()._repr_html_() == html_table(Told().summary())


def test_a_page_says_first_what_was_found():
    facts = pd.DataFrame({"value": {"outcome": "jobs", "rank": "1", "p value": "0.04"}})
    told = "<caption><strong>lot of jobs: p value 0.04</strong></caption>"
    assert told in html_table(facts.rename_axis("lot"))
    assert "<strong>DiD: loss −3<" in html_table(
        pd.DataFrame({"value": {"loss": "-3"}}).rename_axis("did")
    )


def test_signs_are_read_as_words_and_a_sentence_ends_once():
    assert aloud("+2% to −1%") == "plus 2 percent to minus 1 percent."
    assert aloud("Did it?") == "Did it?"


def test_a_text_gets_its_capital_and_keeps_the_others():
    assert sentence_case("the US") == "The US"
    assert sentence_case("") == ""


def test_what_json_cannot_write_becomes_null_or_text():
    told = plain(
        {"a": (1.5, float("nan")), "b": np.int64(3), "c": None, "d": pd.Timestamp(0)}
    )
    assert json.loads(json.dumps(told, allow_nan=False)) == {
        "a": [1.5, None],
        "b": 3,
        "c": None,
        "d": "1970-01-01 00:00:00",
    }
    assert plain([True, np.inf, np.float64(2.0)]) == [True, None, 2.0]
    assert plain(pd.Period("2009", "Y")) == "2009"


def test_tables_and_arrays_become_what_json_knows():
    table = pd.DataFrame({"y": [1.5, np.nan]}, index=["a", "b"])
    assert plain({1: table, "years": np.arange(2)}) == {
        "1": [{"y": 1.5}, {"y": None}],
        "years": [0, 1],
    }
