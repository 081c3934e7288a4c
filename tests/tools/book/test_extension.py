"""What the book asks of Sphinx beyond the theme's own options."""

from types import SimpleNamespace

from tools.book.extension import drop_thebe


def test_scripts_that_the_book_does_not_use_are_left_out():
    kept = SimpleNamespace(filename="theme.js", attributes={})
    thebe = SimpleNamespace(filename="sphinx-thebe.js", attributes={})
    inline = SimpleNamespace(filename=None, attributes={"body": "const THEBE = 1"})
    context = {"script_files": [kept, thebe, inline]}
    drop_thebe(None, "page", "", context, None)
    assert context["script_files"] == [kept]
