"""A page weighs what it makes a reader load."""

import gzip

from tools.pages.weigh import loaded, site_weight, weight


def test_a_page_weighs_all_that_it_loads_once(tmp_path):
    files = {
        "page.html": '<link rel="stylesheet" href="a.css">'
        '<link rel="next" href="b.html">'
        '<script src="c.js"></script><img src="d.png"><img src="d.png">',
        "a.css": "a{b:url(e.woff2);c:url(data:x)}",
        "b.html": "not loaded",
        "c.js": "code",
        "d.png": "picture",
        "e.woff2": "letters",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    page = (tmp_path / "page.html").resolve()
    names = {path.name for path in loaded(page)}
    assert names == {"page.html", "a.css", "c.js", "d.png", "e.woff2"}
    zipped = sum(
        len(gzip.compress(files[name].encode()))
        for name in ("page.html", "a.css", "c.js")
    )
    assert weight(page) == zipped + len("picture") + len("letters")


def test_what_only_some_readers_want_stands_apart(tmp_path):
    (tmp_path / "pdf").mkdir()
    (tmp_path / "pdf" / "book.pdf").write_text("long")
    (tmp_path / "page.html").write_text("four")
    assert site_weight(tmp_path) == 4
