"""Editions are written whole or not at all, and run where only the library is."""

import os
import re
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.tools.book.sources import pretend_executed
from tools.book.chapters import ROOT
from tools.book.editions import EditionError, executed, named, write_editions
from tools.book.notebooks import EDITIONS, to_notebook
from tools.book.source import Chapter, chapters


def chapter(text, name="case"):
    notebook = new_notebook(cells=[new_markdown_cell(text), new_code_cell("1 + 1")])
    return Chapter(ROOT / "chapters" / f"{name}.md", notebook, [])


def test_there_is_a_folder_for_each_edition(tmp_path):
    written = write_editions([chapter("# Title")], tmp_path / "out")
    assert [path.parent.name for path in written] == ["reader", "student", "instructor"]
    assert all(nbformat.read(path, 4) for path in written)


def test_a_chapter_that_fails_leaves_the_old_ones_as_they_are(tmp_path):
    write_editions([chapter("# Old")], tmp_path / "out")
    with pytest.raises(EditionError, match=r"new\.md: no cell says the number 'gone'"):
        write_editions(
            [chapter("# New"), chapter("{glue:text}`gone`", "new")], tmp_path / "out"
        )
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert "# Old" in (tmp_path / "out" / "reader" / "case.ipynb").read_text("utf8")


def test_two_runs_write_the_same_bytes(tmp_path):
    once = write_editions([chapter("# Title")], tmp_path / "once")
    twice = write_editions([chapter("# Title")], tmp_path / "twice")
    assert [p.read_bytes() for p in once] == [p.read_bytes() for p in twice]


def test_chapters_are_found_by_name_and_others_are_refused():
    [path] = named(["how-to-tell", "how-to-tell"])
    assert path.stem == "how-to-tell"
    assert len(named([])) > 10
    with pytest.raises(EditionError, match=r"no chapter 'oslo'.*norwegian-tourism"):
        named(["hubs", "oslo"])


def test_a_chapter_that_is_broken_is_refused_with_its_line(tmp_path):
    broken = tmp_path / "broken.md"
    broken.write_text(
        "---\njupytext:\n  text_representation:\n    format_name: myst\n"
        "kernelspec:\n  display_name: Python 3\n  name: python3\n---\n\n# Title\n\n"
        "```{code-cell}\n1 / 0\n```\n"
    )
    with pytest.raises(EditionError, match=r"broken\.md:13: ZeroDivisionError"):
        executed([broken], tmp_path / "build")


MYST = re.compile(
    r"\{[a-z:-]+\}`|^\s*(`{3,}|:{3,})\{|^\([\w-]+\)=$|\]\([\w-]+\.md", re.M
)


@pytest.mark.parametrize("path", chapters(), ids=lambda p: p.stem)
def test_no_myst_is_left_in_any_edition_of_any_chapter(path):
    done = pretend_executed(path.read_text("utf8"), path)
    for edition in EDITIONS:
        notebook = to_notebook(done.notebook, edition, f"chapters/{path.stem}")
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                assert not MYST.search(cell.source), cell.source


@pytest.fixture(scope="module")
def shortest(tmp_path_factory):
    """The editions of the chapter that runs fastest."""
    folder = tmp_path_factory.mktemp("editions")
    done = executed(named(["hubs"]), folder)
    return write_editions(done, folder / "out")


def test_an_edition_runs_in_an_empty_folder(shortest, tmp_path):
    """All chapters, with the wheel alone: the job *editions* of the workflow."""
    for path in shortest:
        folder = tmp_path / path.parent.name
        folder.mkdir()
        notebook = nbformat.read(path, 4)
        NotebookClient(
            notebook, resources={"metadata": {"path": str(folder)}}
        ).execute()
        said = [o for c in notebook.cells for o in c.get("outputs", [])]
        assert said
        assert not any(o.get("name") == "stderr" for o in said)
        assert not list(folder.iterdir())


def test_the_command_refuses_an_unknown_chapter_in_one_sentence(tmp_path):
    run = subprocess.run(
        [sys.executable, "-m", "tools.book.editions", "oslo"],
        cwd=ROOT, env=os.environ, capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 1
    assert "There is no chapter 'oslo'" in run.stderr
    assert "Traceback" not in run.stderr
