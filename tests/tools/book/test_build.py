"""The build wants the Jupyter Book that the lock names."""

import re

import pytest

from tools.book import build
from tools.book.chapters import ROOT


def test_the_lock_holds_the_first_jupyter_book():
    # A newer theme resolves to 0.6.5, silently.
    lock = (ROOT / "requirements.txt").read_text("utf8")
    assert re.search(r"^jupyter-book==1\.", lock, re.M)


@pytest.mark.parametrize("found", ["0.6.5", "2.1.0", "10.0"])
def test_it_refuses_any_other(monkeypatch, tmp_path, found):
    monkeypatch.setattr(build, "version", lambda name: found)
    with pytest.raises(SystemExit, match=rf"needs jupyter-book 1\.x, and {found} is"):
        build.build(output=tmp_path)


def test_it_does_nothing_when_nothing_has_changed(tmp_path, capsys):
    site = tmp_path / "html"
    site.mkdir()
    (site / "index.html").touch()
    (site / ".inputs").write_text(build.inputs_of())
    assert build.build(output=tmp_path) == site / "index.html"
    assert "Nothing has changed" in capsys.readouterr().out
