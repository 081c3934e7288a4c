"""Results print as a short table of facts."""

import pandas as pd

from hubanalysis.words.facts import Facts, html_table

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
