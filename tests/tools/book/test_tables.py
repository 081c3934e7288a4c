"""Every table of a page gets what a reader of any kind needs."""

import pandas as pd
from bs4 import BeautifulSoup

import hubanalysis as hub
from tools.book.tables import lay, mend_tables

HEADING = '<h2>Estimates<a class="headerlink" href="#e">#</a></h2>'
FRAME = pd.DataFrame(
    {"effect": [-0.25, float("nan")], "firm": ["a", "b"]},
    index=pd.Index(["west", "east"], name="side"),
)


def tables(body):
    return BeautifulSoup(mend_tables(body), "html.parser").find_all("table")


def test_the_names_of_an_index_are_no_row_of_their_own():
    (table,) = tables(FRAME.to_html())
    (row,) = table.thead.find_all("tr")
    assert [head.text for head in row.find_all("th")] == ["side", "effect", "firm"]


def test_every_header_says_what_it_heads_and_an_empty_one_is_none():
    wide = FRAME.rename_axis(None)
    wide.columns = pd.MultiIndex.from_tuples([("a", "x"), ("a", "y")])
    for frame in (FRAME, wide, wide.T):
        (table,) = tables(frame.to_html())
        heads = table.find_all("th")
        assert heads
        assert all(head.text.strip() and head.get("scope") for head in heads)


def test_numbers_stand_to_the_right_with_true_minus_signs_and_dashes_for_none():
    (table,) = tables(FRAME.to_html())
    assert [cell.text for cell in table.select("td.num")] == ["\u22120.25", "\u2013"]
    assert [cell.text for cell in table.select("td.text")] == ["a", "b"]


def test_a_plain_table_is_called_by_its_heading_and_all_are_numbered():
    ours = hub.table(FRAME, "The west lost.")._repr_html_()
    first, second = tables(HEADING + FRAME.to_html() + ours)
    assert first.caption.text == "Table 1. Estimates"
    assert second.caption.text == "Table 2. The west lost."


def test_plain_tables_are_told_apart_by_exercise_or_by_number():
    exercise = (
        '<p class="admonition-title"><span class="caption-number">Exercise 4 </span> '
        "(Defend a <em>pool</em>)</p>"
    )
    plain, ours = FRAME.to_html(), hub.table(FRAME, "The west lost.")._repr_html_()
    found = tables(HEADING + plain + ours + plain + exercise + plain)
    assert [table.caption.text for table in found] == [
        "Table 1. Estimates, 1 of 2",
        "Table 2. The west lost.",
        "Table 3. Estimates, 2 of 2",
        "Table 4. Defend a pool",
    ]


def test_each_stands_in_a_box_that_a_keyboard_can_scroll():
    soup = BeautifulSoup(mend_tables(FRAME.to_html() * 2), "html.parser")
    boxes = soup.select("div.hub-scroll[role=region][tabindex]")
    names = [box["aria-labelledby"] for box in boxes]
    assert len(set(names)) == 2
    assert all(soup.find(id=name).name == "caption" for name in names)


def test_what_is_no_table_stays_as_it_is():
    body = "<p>1 < 2 &amp; so on</p>"
    assert mend_tables(body) == body
    context = {"body": body}
    lay(None, "page", "", context, None)
    assert context == {"body": body}


def test_an_interval_breaks_before_its_end_if_anywhere():
    spans = ["−19% to +13%", "2010 to 2017", "up to 4 of them", "−2% (−9% to +5%)"]
    (table,) = tables(pd.DataFrame({"fits": spans}).to_html())
    held = [cell.text for cell in table.select("td.range")]
    assert held == ["−19%\u00a0to +13%", "2010\u00a0to 2017"]
    assert table.select("tbody td")[3].text == "−2% (−9%\u00a0to\u00a0+5%)"


def test_rows_of_many_words_can_be_stacked_and_name_their_cells():
    short = pd.DataFrame({"why": ["so"], "did": ["none"]}, ["a change"])
    long = short.assign(why="because of " * 12)
    few, many = tables(short.to_html() + long.rename_axis("change").to_html())
    assert "wordy" not in few["class"]
    assert "wordy" in many["class"]
    assert [cell["data-head"] for cell in many.select("tbody td")] == ["why", "did"]


def test_where_first_cells_repeat_the_second_names_a_stacked_row():
    frame = pd.DataFrame({"list": ["one"] * 4, "item": list("abcd"), "why": "so " * 40})
    (table,) = tables(frame.set_index("list").to_html())
    assert "grouped" in table["class"]
    assert [cell.text for cell in table.select("td.name")] == list("abcd")


def test_a_group_names_each_of_its_rows():
    keys = pd.MultiIndex.from_product(
        [["rival"], ["what", "bias"]], names=["of", "key"]
    )
    frame = pd.DataFrame({"says": "What is said. " * 9}, index=keys)
    (table,) = tables(frame.to_html())
    assert [th.text for th in table.select("tbody th")] == [
        *("rival", "what"),
        *("rival", "bias"),
    ]
    assert table.select("[rowspan]") == []
    assert len(table.select("th.again > span")) == 1


def test_long_lists_can_be_folded_row_by_row_without_a_word_in_their_cells():
    frame = pd.DataFrame({name: ["words " * 6] * 20 for name in "abcd"}).rename_axis(
        "n"
    )
    long, short = tables(frame.to_html() + frame[:5].to_html())
    assert len(long.select("tbody tr > th:first-child > details.more")) == 20
    assert long.th.text == "n"
    assert long.select_one("tbody th").text == "0"
    assert short.select("details") == []


def test_a_folded_row_is_named_and_shows_what_it_answers():
    cells = {name: ["words " * 6] * 20 for name in ("what", "found", "a", "b")}
    (table,) = tables(pd.DataFrame(cells).rename_axis("n").to_html())
    row = table.select("tbody tr")[3]
    assert [cell["data-head"] for cell in row.select(".told")] == ["found"]
    named = row.summary["aria-label"]
    assert named == f"More of 3: {('words ' * 6).strip()}"


def test_a_written_table_of_words_has_names_for_its_rows():
    cells = "".join(f"<td>{'word ' * 12}</td>" for _ in range(3))
    heads = "<thead><tr><th>a</th><th>b</th><th>c</th></tr></thead>"
    (table,) = tables(f"<table>{heads}<tbody><tr>{cells}</tr></tbody></table>")
    assert [th["scope"] for th in table.select("tbody th")] == ["row"]


def test_days_and_counts_stay_on_their_line_and_few_columns_have_room():
    told = ["22 May 2019", "14 of 15", "one of the 22 May 2019"]
    (table,) = tables(pd.DataFrame({"said": told}, ["x" * 50, "b", "c"]).to_html())
    cells = [cell.text for cell in table.select("tbody td")]
    assert cells == ["22\u00a0May\u00a02019", "14\u00a0of\u00a015", told[2]]
    assert {"few", "pair"} <= set(table["class"])


def test_names_have_true_minus_signs_and_zero_has_none():
    frame = pd.DataFrame({"gap": [-0.00001, -0.5]}, index=[-6, "event time -3"])
    (table,) = tables(frame.to_html(float_format="%.2f"))
    assert [head.text for head in table.select("tbody th")] == ["−6", "event time −3"]
    assert [cell.text for cell in table.select("tbody td")] == ["0.00", "−0.50"]


def test_what_stands_in_backticks_is_code():
    says = "Ask with `what` and `bias`."
    (table,) = tables(pd.DataFrame({"says": [says]}).to_html())
    assert [code.text for code in table.select("td code")] == ["what", "bias"]
    assert table.select_one("tbody td").text == says.replace("`", "")
