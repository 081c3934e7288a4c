"""A table to sift is the table, with what it may be sifted by."""

import pandas as pd
import pytest

import hubanalysis as hub

FRAME = pd.DataFrame({"kind": ["fact", "cause"]}, index=["One", "Two"])


def made(**words):
    return hub.sift(hub.table(FRAME, "Two claims.", **words), ["kind"], "claims")


def test_the_element_stands_within_the_fold_around_the_table():
    html = made(fold="Both").figure._repr_html_()
    live = made(fold="Both")._repr_mimebundle_()[0]["text/html"]
    assert live.index("<summary>") < live.index("<hub-sift") < live.index("<table")
    assert live.index("</hub-sift>") < live.index("</details>")
    table = html[html.index("<table") : html.index("</table>")]
    assert table in live


def test_without_a_name_in_the_chapter_there_is_no_python():
    assert made().code == ""


def test_a_column_that_is_not_there_is_refused():
    with pytest.raises(hub.HubError, match="no column 'kinds'"):
        hub.sift(hub.table(FRAME, "Two claims."), ["kinds"], "claims")
