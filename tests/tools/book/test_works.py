"""Works are told in words, without LaTeX."""

from pybtex.database import parse_file

import hubanalysis as hub
from tools.book.works import FILE, cited, listed, listed_html


def test_no_work_keeps_latex():
    keys = list(parse_file(str(FILE)).entries)
    told = "".join(map(cited, keys)) + "".join(listed(keys)).replace(r"\_", "_")
    assert len(keys) > 50
    assert not set("{}\\") & set(told)


def test_works_are_listed_once_and_by_name():
    names = ["Rotnes2017", "Abadie2021", "Rotnes2017"]
    assert [work.split()[0] for work in listed(names)] == ["Abadie,", "Røtnes,"]


def test_a_work_without_a_year_says_so(tmp_path):
    file = tmp_path / "own.bib"
    file.write_text("@book{a, author={Ann {\\O}lsen}, title={On}, publisher={P}}")
    assert cited("a", file) == "Ølsen (n.d.)"
    assert "n.d." in listed(["a"], file)[0]


def test_the_list_of_evaluations_names_a_work_as_sentences_do():
    works = hub.load("evidence/evaluations").drop_duplicates("key")
    known = works[works["key"].isin(parse_file(str(FILE)).entries)]
    assert len(known) > 45
    assert [cited(key) for key in known["key"]] == list(known["work"])


def test_works_stand_by_the_surname_they_are_set_with():
    keys = list(parse_file(str(FILE)).entries)
    works = listed_html(keys)
    assert set(works) == set(keys)
    names = [work.partition("</b>")[0].removeprefix("<b>") for work in works.values()]
    letters = [name.casefold()[0].replace("ø", "o") for name in names]
    assert letters == sorted(letters)
    assert not any("<span" in work for work in works.values())


def test_a_day_says_its_year_once():
    [work] = listed(["allan-clusters"])
    assert work.endswith("Article, 8 September 2021.")
