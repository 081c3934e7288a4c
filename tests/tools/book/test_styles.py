"""One style sheet, and nothing in it that no page needs."""

from pathlib import Path

import pytest

from tools.book.styles import clear, moved, slim


@pytest.mark.parametrize(
    ("css", "kept"),
    [
        (".a{x:1}.b{x:2}", ".a{x:1}"),
        (".a .b,.a>p{x:1}", ".a>p{x:1}"),
        ("p:not(.b){x:1}", "p:not(.b){x:1}"),
        (":is(.a,.b) p{x:1}", ":is(.a,.b) p{x:1}"),
        ("#b{x:1}", ""),
        ("@media print{.b{x:1}}", ""),
        ("@media print{.a{x:1}.b{x:2}}", "@media print{.a{x:1}}"),
        ("@keyframes k{0%{x:1}}", "@keyframes k{0%{x:1}}"),
        ('a{b:url("data:x,.b")}', 'a{b:url("data:x,.b")}'),
    ],
)
def test_rules_for_what_is_on_no_page_go(css, kept):
    assert slim(css, {"a"}) == kept


@pytest.mark.parametrize(
    ("address", "new"),
    [
        ("../fonts/a.woff2", "fonts/a.woff2"),
        ("a.png", "styles/a.png"),
        ("data:x", "data:x"),
        ("#clip", "#clip"),
    ],
)
def test_addresses_follow_a_sheet_that_moves(address, new):
    css = moved(f"a{{b:url({address})}}", Path("_static/styles"))
    assert css == f"a{{b:url({new})}}"


def test_files_that_nothing_names_go(tmp_path):
    static = tmp_path / "_static"
    static.mkdir()
    (tmp_path / "page.html").write_text('<script src="_static/a.js"></script>')
    (static / "a.js").write_text('fetch("data.json")')
    for name in ("data.json", "unused.js", "theme.html", "LICENSE-font"):
        (static / name).write_text("unused.js")
    clear(tmp_path)
    left = {path.name for path in static.iterdir()}
    assert left == {"a.js", "data.json", "LICENSE-font"}


def test_paper_never_gets_the_dark_themes_colours_of_code():
    dark = 'html[data-theme="dark"] .highlight .k{color: #fff}'
    light = dark.replace("dark", "light")
    assert slim(dark + light, {"highlight", "k"}) == f"@media screen{{{dark}}}{light}"
