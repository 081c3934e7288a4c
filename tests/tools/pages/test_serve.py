"""Pages are served on this machine as their host serves them."""

import gzip
from urllib.request import Request, urlopen

from tools.pages.serve import serve


def test_a_folder_is_served(tmp_path):
    (tmp_path / "page.html").write_text("words")
    with serve(tmp_path) as root:
        assert root.startswith("http://127.0.0.1:")
        assert urlopen(f"{root}/page.html").read() == b"words"


def test_text_travels_compressed_where_that_is_understood(tmp_path):
    (tmp_path / "index.html").write_text("words " * 100)
    with serve(tmp_path) as root:
        answer = urlopen(Request(f"{root}/", headers={"Accept-Encoding": "gzip"}))
        content = answer.read()
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(content) < 100
    assert gzip.decompress(content) == b"words " * 100
