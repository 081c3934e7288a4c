"""Pages are served on this machine."""

from urllib.request import urlopen

from tools.pages.serve import serve


def test_a_folder_is_served(tmp_path):
    (tmp_path / "page.html").write_text("words")
    with serve(tmp_path) as root:
        assert root.startswith("http://127.0.0.1:")
        assert urlopen(f"{root}/page.html").read() == b"words"
