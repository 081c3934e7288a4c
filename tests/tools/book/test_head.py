"""What a page says of itself."""

import json

import pytest

from tools.book.head import LONGEST, description, linked_data


def paragraph(text):
    return f"<section><h1>Title</h1><p>{text}</p></section>"


def test_a_description_is_the_first_paragraph():
    text = "In 1993 Israel put a hundred million dollars into <b>venture</b> capital."
    assert description(paragraph(text)) == (
        "In 1993 Israel put a hundred million dollars into venture capital."
    )


@pytest.mark.parametrize("text", ["A sentence of the book. " * 40, "word " * 200])
def test_a_long_one_is_cut_between_words(text):
    said = description(paragraph(text))
    assert len(said) <= LONGEST + 2
    assert said.endswith(("book.", "word …"))


def test_a_page_without_words_has_no_description():
    assert description("<h1>Title</h1>") == ""


def test_linked_data_cannot_end_their_script():
    text = linked_data("T", "</script>", "https://x/a.html", False, "s")
    assert "<" not in text
    assert json.loads(text)["@graph"][0]["description"] == "</script>"


def test_the_figures_of_a_case_are_a_dataset():
    graph = json.loads(linked_data("T", "d", "https://x/yozma.html", False, "s"))
    assert [thing["@type"] for thing in graph["@graph"]][1] == "Dataset"
    whole = json.loads(linked_data("T", "d", "https://x/", True, "s"))
    assert whole["@graph"][0]["@type"] == ["LearningResource", "Book"]


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("hangzhou-pilot-zone", "Official statistics of China, carried as facts"),
        ("build-back-better", "Facts, carried with their citation"),
        ("specialisation", "(c) WTO: excerpts with acknowledgement"),
    ],
)
def test_a_licence_without_an_address_is_told_in_its_words(case, words):
    graph = json.loads(linked_data("T", "d", f"https://x/{case}.html", False, "s"))
    told = graph["@graph"][1]["license"]
    told = told if isinstance(told, list) else [told]
    assert any(isinstance(x, dict) and x["name"].startswith(words) for x in told)
