"""What the frame shows."""

from types import SimpleNamespace

from tools.book.frame import sections
from tools.book.icons import PATHS, icon
from tools.book.numbering import by_chapter


def test_headings_stand_without_the_title_of_the_page():
    toc = (
        '<ul>\n<li><a href="#">Title</a><ul><li><a href="#a">A</a></li></ul></li></ul>'
    )
    assert sections(toc) == '<ul><li><a href="#a">A</a></li></ul>'


def test_a_page_without_headings_has_no_contents():
    assert sections('<ul>\n<li><a href="#">Title</a></li></ul>') == ""
    assert sections("") == ""


def test_icons_are_not_read_aloud():
    assert all('aria-hidden="true"' in icon(name) for name in PATHS)


def test_numbers_begin_anew_in_each_chapter():
    env = SimpleNamespace(
        toc_fignumbers={
            "one": {"figure": {"b": (4,), "a": (3,)}, "exercise": {"x": (9,)}},
            "two": {"figure": {"c": (5,)}},
        }
    )
    assert by_chapter(None, env) == []
    assert env.toc_fignumbers == {
        "one": {"figure": {"a": (1,), "b": (2,)}, "exercise": {"x": (1,)}},
        "two": {"figure": {"c": (1,)}},
    }
