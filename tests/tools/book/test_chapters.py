"""Which pages there are, and the hash of what they are made from."""

import pytest

from tools.book.chapters import CELL_INPUTS, fingerprint, pages


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


def test_the_table_of_contents_may_not_name_a_page_that_is_missing(tmp_path):
    contents = "format: jb-book\nroot: here\nchapters: [{file: gone}]\n"
    (tmp_path / "_toc.yml").write_text(contents)
    (tmp_path / "here.md").touch()
    with pytest.raises(FileNotFoundError, match=r"gone\.md"):
        pages(tmp_path)


def test_pages_come_in_reading_order():
    names = [path.name for path in pages()]
    assert names[0] == "intro.md"
    assert names[-1] == "references.md"
