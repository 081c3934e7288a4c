"""The scripts that build, check and publish the book."""

import nbformat
import pytest

from tools.chapters import CELL_INPUTS, code_cells, fingerprint, pages
from tools.check_cells import findings, fix
from tools.execute import ChapterError, execute, open_cache, set_up_kernels
from tools.notebooks import plain_markdown, to_notebook
from tools.student import without_solutions, write_student_edition

HEADER = """\
---
jupytext:
  text_representation:
    format_name: myst
kernelspec:
  display_name: Python 3
  name: python3
---

# Title
"""

SOLVED = (
    HEADER
    + """
```{exercise-start}
:label: one
```
Ask.
```{exercise-end}
```

````{solution-start} one
:class: dropdown
````
The secret in words.

```{code-cell}
secret = 1
```
````{solution-end}
````

```{solution} two
A secret more.
```

Afterwards.
"""
)


@pytest.fixture
def repository(tmp_path):
    """A small repository with every kind of input."""
    for name in ("data/one/table.csv", "src/library/module.py", "requirements.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("before")
    return tmp_path


def chapter(folder, body, name="case.md"):
    path = folder / name
    path.write_text(HEADER + body)
    return path


@pytest.mark.parametrize(
    "changed", ["data/one/table.csv", "src/library/module.py", "requirements.txt"]
)
def test_a_change_in_data_library_or_lock_changes_the_key(repository, changed):
    before = fingerprint(CELL_INPUTS, repository)
    assert fingerprint(CELL_INPUTS, repository) == before
    (repository / changed).write_text("after")
    assert fingerprint(CELL_INPUTS, repository) != before


def test_a_new_a_renamed_and_a_deleted_file_change_the_key(repository):
    table = repository / "data/one/table.csv"
    keys = [fingerprint(CELL_INPUTS, repository)]
    (repository / "data/one/more.csv").write_text("")
    keys.append(fingerprint(CELL_INPUTS, repository))
    table.rename(table.with_name("other.csv"))
    keys.append(fingerprint(CELL_INPUTS, repository))
    (repository / "data/one/more.csv").unlink()
    keys.append(fingerprint(CELL_INPUTS, repository))
    assert len(set(keys)) == 4


def test_compiled_python_does_not_change_the_key(repository):
    before = fingerprint(CELL_INPUTS, repository)
    compiled = repository / "src/library/__pycache__/module.pyc"
    compiled.parent.mkdir()
    compiled.write_text("")
    assert fingerprint(CELL_INPUTS, repository) == before


def test_the_cache_is_emptied_when_data_change(repository):
    folder = repository / "cache"
    open_cache(folder, repository)
    (folder / "kept").touch()
    open_cache(folder, repository)
    assert (folder / "kept").exists()
    (repository / "data/one/table.csv").write_text("after")
    open_cache(folder, repository)
    assert not (folder / "kept").exists()


def test_cells_are_found_with_their_lines():
    text = (
        "```{code-cell} ipython3\n---\ntags: [a]\n---\nx = 1\n```\n"
        "````\n```{code-cell}\nnot = 'a cell'\n```\n````\n"
        ":::{note}\nWords.\n:::\n"
        "```{code-cell}\n:tags: [b]\n:mystnb:\n:  image: 1\n\ny = 2\nz = 3\n```\n"
    )
    cells = list(code_cells(text))
    assert [(cell.line, cell.source) for cell in cells] == [
        (5, "x = 1"),
        (20, "y = 2\nz = 3"),
    ]


def test_the_table_of_contents_may_not_name_a_page_that_is_missing(tmp_path):
    (tmp_path / "_toc.yml").write_text("root: here\nchapters: [{file: gone}]\n")
    (tmp_path / "here.md").touch()
    with pytest.raises(FileNotFoundError, match=r"gone\.md"):
        pages(tmp_path)


class TestExecution:
    @pytest.fixture(autouse=True)
    def _kernels(self, tmp_path, monkeypatch):
        # Put back whatever set_up_kernels changes.
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        others = ("IPYTHONDIR", "MPLCONFIGDIR", "PYTHONHASHSEED", "SOURCE_DATE_EPOCH")
        for name in (*names, *others, "MPLBACKEND"):
            monkeypatch.setenv(name, "1")
        set_up_kernels(tmp_path / "kernels")

    def run(self, folder, *bodies):
        paths = [chapter(folder, b, f"case-{n}.md") for n, b in enumerate(bodies)]
        return execute(paths, open_cache(folder / "cache", folder))

    def test_a_cell_that_raises_is_reported_with_chapter_line_and_traceback(
        self, tmp_path
    ):
        with pytest.raises(ExceptionGroup) as caught:
            self.run(
                tmp_path,
                "\n```{code-cell}\n:tags: [hide-input]\n\nx = 1\nx / 0\n```\n",
                "\n```{code-cell}\nimport warnings\n\nwarnings.warn('odd')\n```\n",
            )
        errors = sorted(caught.value.exceptions, key=lambda error: error.path.name)
        assert all(isinstance(error, ChapterError) for error in errors)
        raised, warned = errors
        first_line = HEADER.count("\n") + 1
        assert raised.path.name == "case-0.md"
        assert raised.line == first_line + 5
        assert raised.reason == "ZeroDivisionError: division by zero"
        assert "Traceback" in str(raised)
        assert warned.line == first_line + 2
        assert "stderr" in warned.reason
        assert "odd" in str(warned)

    def test_a_chapter_is_executed_once(self, tmp_path):
        body = "\n```{code-cell}\n1 + 1\n```\n"
        assert self.run(tmp_path, body)[0].seconds > 0
        again = self.run(tmp_path, body)[0]
        assert again.seconds == 0
        assert again.notebook.cells[-1].outputs[0].data["text/plain"] == "2"


class TestStudentEdition:
    def test_it_has_no_solutions(self, tmp_path):
        path = chapter(tmp_path, SOLVED.removeprefix(HEADER))
        written = write_student_edition([path], tmp_path / "student")
        assert [file.suffix for file in written] == [".md", ".ipynb"]
        for file in written:
            text = file.read_text()
            assert "secret" not in text
            assert "olution" not in text
            assert "Ask." in text
            assert "Afterwards." in text

    @pytest.mark.parametrize("cut", ["````{solution-end}\n````\n"])
    def test_a_solution_that_is_not_closed_is_refused(self, cut):
        with pytest.raises(ValueError, match="no solution-end"):
            without_solutions(SOLVED.replace(cut, ""))


class TestPublishedNotebooks:
    def test_directives_and_roles_become_plain_markdown(self):
        text = (
            "(label)=\n# Title\n\n:::{admonition} In brief\n:class: verdict-card\n\n"
            "It is {glue:text}`att:.1f` {math}`x`.\n:::\n\n"
            "```{math}\n:label: sum\na + b\n```\n[there](other.md)\n"
        )
        plain = plain_markdown(text, {"att": "1.234"}, "chapters/case")
        assert "> **In brief**" in plain
        assert "> It is 1.2 $x$." in plain
        assert "$$\na + b\n$$" in plain
        assert "/chapters/other.html)" in plain
        assert "{" not in plain
        assert "(label)=" not in plain

    def test_they_start_by_fetching_the_library_on_colab_and_hold_no_outputs(self):
        source = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")])
        notebook = to_notebook(source)
        nbformat.validate(notebook)
        assert "google.colab" in notebook.cells[0].source
        assert not any(cell.outputs for cell in notebook.cells)


class TestStyleOfCells:
    BODY = "\n```{code-cell}\nx = 1\nx\n```\n\n```{code-cell}\n\ny = [1,2]\nfoo\n```\n"

    def test_findings_are_lines_of_the_chapter(self, tmp_path):
        path = chapter(tmp_path, self.BODY)
        lint, style = sorted(findings([path]), key=lambda text: "formatted" in text)
        assert lint.startswith(f"{path}:20:1: F821")
        assert style.startswith(f"{path}:19: this cell is not formatted")

    def test_fixing_changes_nothing_but_the_cells(self, tmp_path):
        path = chapter(tmp_path, self.BODY)
        assert fix([path]) == 1
        assert path.read_text() == HEADER + self.BODY.replace("[1,2]", "[1, 2]")
        assert fix([path]) == 0
