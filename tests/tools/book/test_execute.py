"""Chapters are executed, located when they fail, and kept."""

import pytest

from tests.tools.book.sources import HEADER, chapter
from tools.book import execute as module
from tools.book.execute import execute, open_cache, set_up_kernels
from tools.book.source import ChapterError


def test_the_cache_is_emptied_when_data_change(repository):
    folder = repository / "cache"
    open_cache(folder, repository)
    (folder / "kept").touch()
    open_cache(folder, repository)
    assert (folder / "kept").exists()
    (repository / "data/one/table.csv").write_text("after")
    open_cache(folder, repository)
    assert not (folder / "kept").exists()


@pytest.fixture(autouse=True)
def _kernels(tmp_path, monkeypatch):
    # Put back whatever set_up_kernels changes.
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    others = ("IPYTHONDIR", "MPLCONFIGDIR", "PYTHONHASHSEED", "SOURCE_DATE_EPOCH")
    for name in (*names, *others, "MPLBACKEND", "TQDM_DISABLE"):
        monkeypatch.setenv(name, "1")
    set_up_kernels(tmp_path / "kernels")


def run(folder, *bodies):
    paths = [chapter(folder, b, f"case-{n}.md") for n, b in enumerate(bodies)]
    return execute(paths, open_cache(folder / "cache", folder))


def test_a_cell_that_raises_is_reported_with_chapter_line_and_traceback(tmp_path):
    with pytest.raises(ExceptionGroup) as caught:
        run(
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


def test_a_chapter_is_executed_once(tmp_path, capsys):
    body = "\n```{code-cell}\n1 + 1\n```\n"
    run(tmp_path, body)
    assert "unchanged" not in capsys.readouterr().out
    [again] = run(tmp_path, body)
    assert "unchanged" in capsys.readouterr().out
    assert again.notebook.cells[-1].outputs[0].data["text/plain"] == "2"


def test_a_cell_that_does_not_end_is_reported_with_its_line(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "CELL_TIMEOUT", 1)
    cells = ("1", "import time\ntime.sleep(60)", "2")
    body = "".join(f"\n```{{code-cell}}\n{cell}\n```\n" for cell in cells)
    with pytest.raises(ExceptionGroup) as caught:
        run(tmp_path, body)
    [error] = caught.value.exceptions
    assert error.reason == "no answer in 1 s"
    assert error.line == HEADER.count("\n") + 8
