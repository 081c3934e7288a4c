"""Two builds are compared file by file."""

from tools.book.reproduce import hashes


def test_every_file_counts_but_those_that_may_differ(tmp_path):
    (tmp_path / "chapters").mkdir()
    (tmp_path / "chapters" / "one.html").write_text("a")
    (tmp_path / ".buildinfo").write_text("b")
    before = hashes(tmp_path)
    assert list(before) == ["chapters/one.html"]
    (tmp_path / "chapters" / "one.html").write_text("c")
    assert hashes(tmp_path) != before
