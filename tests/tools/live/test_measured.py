"""What chapters took is kept row by row and shown."""

import json

import pandas as pd

from tests.live.conftest import Took
from tools.live.measured import MARKS, as_markdown, keep, show


def row(chapter, ready):
    return vars(Took(chapter, 9, 12, 0, 0.0, ready, 9, 30, 20, 6, 5, 48.1, 0.1, 2))


def test_a_chapter_that_was_not_run_keeps_its_row(tmp_path):
    took, results = tmp_path / "took.json", tmp_path / "live.csv"
    took.write_text(json.dumps([row("yozma", 20), row("hubs", 18)]))
    keep(took, results)
    took.write_text(json.dumps([row("hubs", 17)]))
    table = keep(took, results)
    assert table["cold_ready"].to_dict() == {"hubs": 17, "yozma": 20}
    assert list(pd.read_csv(results)["cold_ready"]) == [17, 20]


def test_the_table_is_shown_between_its_marks(tmp_path):
    table = pd.DataFrame([row("yozma", 20)]).set_index("chapter")
    page = tmp_path / "README.md"
    page.write_text(f"before\n{MARKS[0]}\nstale\n{MARKS[1]}\nafter\n")
    show(table, page)
    text = page.read_text()
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert as_markdown(table) in text
    assert "stale" not in text
    lines = as_markdown(table).splitlines()
    assert len({line.count("|") for line in lines}) == 1
