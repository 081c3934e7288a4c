"""Pages ask for their letters at once, and folds are called by what they say."""

from pathlib import Path

from tools.book.chapters import ROOT
from tools.book.letters import LETTERS, name_folds, preload


def test_the_upright_letters_are_asked_for_in_the_head():
    context = {"pathto": lambda path, _: f"../{path}", "metatags": "<meta>"}
    preload(None, "a", "page.html", context, None)
    assert context["metatags"].startswith("<meta>")
    assert f'href="../{LETTERS}" as="font"' in context["metatags"]


def test_the_letters_are_there_and_light():
    files = sorted((ROOT / "assets" / "fonts").glob("*.woff2"))
    assert Path(LETTERS).name in {path.name for path in files}
    assert sum(path.stat().st_size for path in files) < 60_000


def test_a_fold_has_no_name_but_the_word_on_it():
    context = {"body": '<summary aria-label="Toggle hidden content"><p>code</p>'}
    name_folds(None, "a", "page.html", context, None)
    assert context["body"] == "<summary><p>code</p>"
