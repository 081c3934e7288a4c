"""Slides show each figure with its finding, and nothing of a solution."""

import re

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_output

import hubanalysis as hub
from hubanalysis.show.widget import KINDS, Widget
from tests.tools.book.sources import HEADER, pretend_executed
from tools.book.editions import EditionError
from tools.teach import slides as module
from tools.teach.slides import main, page, slides, write
from tools.teach.steps import LOOK, ask, can_be_drawn, cards, marked, missing

TEXT = """
**In brief.** It rises by {glue:text}`rise` percent.

```{code-cell}
drawn
```

The line goes up.

## Later

Look at {numref}`fig-rise` once more.

## Key ideas

- Look first.

## Exercises

```{exercise-start} Count
:label: one
```
**(rerun, 5 minutes)** Ask.
```{exercise-end}
```

````{solution-start} one
````

```{code-cell}
secret
```

The secret.
````{solution-end}
````
"""


def output_of(figure):
    data, metadata = figure._repr_mimebundle_()
    return new_output("display_data", data, metadata=metadata)


@pytest.fixture
def chapter():
    done = pretend_executed(HEADER + TEXT)
    drawn, secret = (c for c in done.notebook.cells if c.cell_type == "code")
    names = [o for o in drawn.outputs if "scrapbook" in o.get("metadata", {})]
    words = {"source": "an office", "data": hub.load("evidence/programmes")}
    for cell, title, name in (
        (drawn, "It rises & stays", "fig-rise"),
        (secret, "The secret", "fig-secret"),
    ):
        figure = hub.Figure(lambda ax: ax.plot([1, 3]), title, "By year.", "A line.",
                            name, **words)  # fmt: skip
        cell.outputs = [output_of(figure)]
    drawn.outputs += names
    return done


def test_there_is_a_slide_for_each_figure_between_title_and_key_ideas(chapter):
    shown = slides(chapter)
    assert [slide.title for slide in shown] == [
        "Title",
        "It rises & stays.",
        "Key ideas",
    ]
    assert "By year." in shown[1].body
    assert "Source: an office" in shown[1].body
    assert shown[1].body.count("<svg") == 1
    assert "It rises by 7 percent" in shown[0].notes


def test_notes_begin_with_what_to_ask_and_to_say(chapter):
    assert slides(chapter)[1].notes == (
        "<p><strong>Ask:</strong> What does one mark stand for, and which one "
        "surprises you? Take two answers, then show what it says.</p>\n"
        "<p><strong>Say:</strong> Look at Figure 1 once more.</p>\n"
        "<p>The line goes up.</p>"
    )


def without_text(chapter, *texts):
    for cell in chapter.notebook.cells:
        for text in texts:
            cell.source = cell.source.replace(text, "")
    return chapter


def test_where_no_text_is_on_a_figure_its_notes_say_what_is_to_be_seen(chapter):
    told = "The line goes up.", "Look at {numref}`fig-rise` once more."
    notes = slides(without_text(chapter, *told))[1].notes
    assert "<strong>Say:</strong> A line." in notes
    assert "It rises by 7 percent" not in notes


def test_what_leads_on_to_the_next_is_in_no_notes(chapter):
    for cell in chapter.notebook.cells:
        cell.source = cell.source.replace("goes up.", "goes up.\n\nNow try:")
    assert "Now try" not in page("T", slides(chapter))


TWO_LINES = (
    '<path d="M 0 0" style="fill: none; stroke: var(--hub-teal, #14606e); '
    'stroke-width: 2.5"/>'
    '<path d="M 1 1" style="fill: none; stroke-dasharray: 1.5,4; stroke: '
    'var(--hub-amber-line, #c77a0a); stroke-width: 2.5"/>'
    '<text style="font-weight: 640; fill: var(--hub-amber, #9a5b00)">the mix</text>'
    '<text style="font-weight: 640; fill: var(--hub-teal, #14606e)">the town</text>'
    '<text style="font-weight: 640; fill: var(--hub-teal, #14606e)">30 in 100</text>'
)


def answers(drawing):
    soup = BeautifulSoup(drawing, "html.parser")
    return [(tag.name, tag.text) for tag in soup.select(".answer")]


def test_the_second_line_its_name_and_what_was_counted_are_the_answer():
    assert can_be_drawn(TWO_LINES)
    assert answers(marked(TWO_LINES)) == [
        ("path", ""),
        ("text", "the mix"),
        ("text", "30 in 100"),
    ]


def test_a_drawing_of_one_line_hides_only_what_was_counted():
    one = TWO_LINES.replace("stroke-dasharray: 1.5,4; ", "")
    assert not can_be_drawn(one)
    assert answers(marked(one)) == [("text", "30 in 100")]


def test_a_figure_of_the_library_with_its_counterfactual_can_be_drawn(chapter):
    path = pd.DataFrame({"town": [1.0, 2.0, 4.0], "mix": [1.0, 2.0, 3.0]})

    def draw(ax):
        hub.draw_lines(ax, path, {"town": "treated", "mix": "other"})

    figure = hub.Figure(draw, "It leaves its mix", "By year.", "Two lines.",
                        "fig-two", source="Made up", data=path)  # fmt: skip
    [cell, _] = (c for c in chapter.notebook.cells if c.cell_type == "code")
    cell.outputs += [output_of(figure)]
    slide = slides(chapter)[2]
    assert (slide.sheet, slide.first) == ("draw", "Draw the line that is missing: mix.")
    assert ("text", "mix") in answers(slide.body)
    assert f"<strong>Ask:</strong> {slide.first} Where does it run?" in slide.notes


def test_each_sheet_names_the_line_to_draw_in_full():
    two = TWO_LINES.replace("the mix<", "other towns,<")
    two += re.search("<text.*?other towns,</text>", two)[0].replace(
        "other towns,", "at its level"
    )
    wanted = "Draw the line that is missing: other towns, at its level."
    assert missing(two) == wanted != missing(TWO_LINES)


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("A map of counties with a dot for each.", "in common"),
        ("Map of China with a dot for each city.", "in common"),
        ("Four estimates, each with a wide bar that holds zero.", "hold zero"),
        ("Three rising curves of power.", "at what cost"),
        ("12 labelled rows from -21 to 39.", "Which row stands apart"),
        ("Estimates for all ways to deal the prizes.", "Guess before you count"),
        ("Lines from 2005 to 2024.", "When do the lines part"),
        ("Three pairs of squares.", "What does one mark stand for"),
    ],
)
def test_what_is_asked_of_a_drawing_is_of_its_kind(words, asked):
    assert asked in ask(words)


def test_a_card_is_asked_before_it_is_answered(chapter):
    card = hub.card(hub.Case.open("yozma"), "venture_capital")
    [cell, _] = (c for c in chapter.notebook.cells if c.cell_type == "code")
    cell.outputs += [new_output("display_data", {"text/html": card.html()})]
    slide = slides(chapter)[2]
    assert slide.title == slide.first == card.verdict.question
    assert card.sentence in slide.body
    assert card.reasons[0] in slide.body
    assert "<details" not in slide.body
    assert BeautifulSoup(slide.body, "html.parser").find()["class"][0] == "answer"


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("closure", "what would have had to be"),
        ("k-semiconductor-belt", "How many places are there?"),
        ("hangzhou-pilot-zone", "Read the interval aloud"),
    ],
)
def test_only_of_a_card_with_an_interval_it_is_read_aloud(chapter, name, asked):
    refused = name == "closure"
    case = hub.Case.open("norwegian-tourism-cluster" if refused else name)
    card = hub.card(case, name if refused else None)
    [cell, _] = (c for c in chapter.notebook.cells if c.cell_type == "code")
    cell.outputs += [new_output("display_data", {"text/html": card.html()})]
    notes = slides(chapter)[2].notes
    assert asked in notes
    ends = np.isfinite(card.verdict.interval or np.inf).all()
    assert ("Read the interval" in notes) == ("Which of the marks" in notes) == ends


def test_a_lot_is_dealt_as_cards_if_they_go_on_a_sheet(chapter):
    estimates = pd.DataFrame({"estimate": [0.52, -1.0, 0.0]})
    sheet = BeautifulSoup(cards(estimates.to_csv(), "By town."), "html.parser")
    assert [li.text for li in sheet.find_all("li")] == [
        "+0.5 1",
        "\u22121.0 2",
        "0.0 3",
    ]
    assert "number 1 is the real one" in sheet.text
    many = pd.concat(21 * [estimates], ignore_index=True)
    assert cards(many.to_csv(), "By town.") == ""
    assert cards(estimates.assign(low=0.0).to_csv(), "By town.") == ""


def test_a_thing_to_try_is_shown_as_it_stands_still(chapter):
    [cell, _] = (c for c in chapter.notebook.cells if c.cell_type == "code")
    words = {"source": "Made up", "data": pd.DataFrame({"town": [1.0, 2.0]})}
    figure = hub.Figure(lambda ax: ax.plot([1, 3]), "It can be moved", "By year.",
                        "A line.", "fig-moved", **words)  # fmt: skip
    widget = Widget(KINDS[0], figure, {"years": [1, 2]})
    cell.outputs += [output_of(figure), output_of(widget)]
    shown = slides(chapter)
    assert [slide.title for slide in shown[2:4]] == 2 * ["It can be moved."]
    assert shown[2].body == shown[3].body
    assert shown[2].first == LOOK


def test_nothing_of_a_solution_is_shown(chapter):
    assert "secret" not in page("T", slides(chapter)).casefold()


def test_a_page_is_sound_and_asks_no_host(chapter):
    text = page("T", slides(chapter))
    soup = BeautifulSoup(text, "html.parser")
    assert len(soup.find_all("section")) == 3
    assert len(soup.find_all("h1")) == 1
    assert not soup.find_all(["link", "img", "iframe"])
    [script] = soup.find_all("script")
    assert not script.attrs
    assert "http" not in script.text
    assert not re.search(r"url\((?!#)|@import", text)
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))
    assert [svg["role"] for svg in soup.find_all("svg")] == ["img"]


def test_the_command_refuses_a_chapter_that_is_none_in_a_sentence(
    tmp_path, monkeypatch
):
    words = ["no-chapter", "--output", str(tmp_path / "out")]
    monkeypatch.setattr("sys.argv", ["slides", *words])
    with pytest.raises(SystemExit, match="There is no chapter 'no-chapter'"):
        main()
    assert list(tmp_path.iterdir()) == []


def no_chromium():
    raise FileNotFoundError("Chromium is needed: apt-get install chromium")


def test_without_chromium_there_are_slides_and_a_sentence(
    chapter, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(module, "named", lambda names: names)
    monkeypatch.setattr(module, "executed", lambda paths: [chapter])
    monkeypatch.setattr(module, "chromium", no_chromium)
    monkeypatch.setattr(
        "sys.argv", ["slides", "case", "--output", str(tmp_path / "out")]
    )
    main()
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["case.html"]
    assert "no PDF beside the slides. Chromium is needed" in capsys.readouterr().out


def test_all_are_written_or_none(chapter, tmp_path):
    [once] = write([chapter], tmp_path / "out")
    [twice] = write([chapter], tmp_path / "again")
    assert once.read_bytes() == twice.read_bytes()
    plain = pretend_executed(HEADER + "```{code-cell}\n1\n```\n")
    with pytest.raises(EditionError, match="'case' has no figures"):
        write([plain], tmp_path / "out")
    assert once.is_file()
    assert {path.name for path in tmp_path.iterdir()} == {"out", "again"}
