"""A built site gets all that its chapters need to run, or stays as it was."""

import gzip
import json
import zipfile

import pytest

from tests.tools.live.test_chapters import PAGE, SOURCE
from tools.book.chapters import ROOT
from tools.live import assemble as module
from tools.live.assemble import assemble
from tools.live.fetch import CORE, LiveError

LOCK = {
    "packages": {
        "numpy": {"depends": [], "file_name": "numpy-1.whl", "sha256": "1"},
        "blas": {"depends": [], "file_name": "blas-1.zip", "sha256": "3"},
        "other": {"depends": [], "file_name": "other.whl", "sha256": "2"},
    }
}
NEEDED = ("blas", "numpy")
TOOLS = '<div class="page-tools"><!-- live --></div>'


def archive(path, **files):
    with zipfile.ZipFile(path, "w") as members:
        for name, text in files.items():
            members.writestr(name.replace("__", "/").replace("_", "."), text)
    return path


@pytest.fixture
def book(tmp_path, monkeypatch):
    """A repository of one chapter, its built site, and Pyodide in a cache."""
    root, site, cache = tmp_path / "root", tmp_path / "html", tmp_path / "cache"
    for folder in (root / "chapters", site / "chapters", cache):
        folder.mkdir(parents=True)
    (root / "chapters" / "one.md").write_text(SOURCE)
    (site / "index.html").write_text("first")
    (site / "chapters" / "one.html").write_text(TOOLS + PAGE)
    for name in CORE:
        (cache / name).write_bytes(name.encode())
    archive(cache / "numpy-1.whl", numpy__core_so="library", numpy__core_pyi="types")
    archive(cache / "blas-1.zip", libblas_so="linked")
    (cache / "pyodide-lock.json").write_text(json.dumps(LOCK))

    def wheel(root, folder):
        return archive(folder / "hubanalysis-1.whl", hubanalysis__one_py="ours")

    for name, value in {
        "chapters": lambda root: [root / "chapters" / "one.md"],
        "fetch": lambda cache: cache,
        "packages_of": lambda cache: {n: LOCK["packages"][n] for n in NEEDED},
        "build_wheel": wheel,
    }.items():
        monkeypatch.setattr(module, name, value)
    return root, site, cache


def content(folder):
    return {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_page_gets_one_button_however_often_it_is_made(book):
    root, site, cache = book
    for _ in range(2):
        assemble(site, root, cache)
    page = (site / "chapters" / "one.html").read_text()
    assert page.count("<button") == 1
    assert 'data-chapter="one"' in page
    assert page.endswith(PAGE)


def test_everything_that_a_chapter_loads_is_there(book):
    root, site, cache = book
    live = assemble(site, root, cache)
    manifest = json.loads((live / "live.json").read_text())
    there = {p.name: p.stat().st_size for p in (live / "python").iterdir()}
    assert manifest["sizes"] == there
    assert json.loads((live / "chapters" / "one.json").read_text())["numbers"]
    for name in ("button.js", "notebook.js", "worker.js", "kernel.py", "live.css"):
        assert (live / name).is_file()


def test_the_core_lies_compressed_and_the_lock_sends_nobody_elsewhere(book):
    root, site, cache = book
    python = assemble(site, root, cache) / "python"
    packed = python / "pyodide.asm.wasm.gz"
    assert gzip.decompress(packed.read_bytes()) == b"pyodide.asm.wasm"
    assert not (python / "pyodide.asm.wasm").exists()
    assert json.loads((python / "pyodide-lock.json").read_text())["packages"] == {}


def test_files_of_packages_lie_one_after_another_where_python_looks_for_them(book):
    root, site, cache = book
    python = assemble(site, root, cache) / "python"
    index = json.loads((python / "packages.json").read_text())
    whole = gzip.decompress((python / "packages.gz").read_bytes())
    found, at = {}, 0
    for path, size in index:
        found[path] = whole[at : at + size]
        at += size
    assert at == len(whole)
    assert found == {
        "/usr/lib/libblas.so": b"linked",
        "/lib/python3.12/site-packages/numpy/core.so": b"library",
        "/lib/python3.12/site-packages/hubanalysis/one.py": b"ours",
    }


def test_another_content_has_another_name_in_a_readers_cache(book):
    root, site, cache = book
    builds = []
    for text in ("one", "one", "two"):
        archive(cache / "numpy-1.whl", numpy__core_so=text)
        live = assemble(site, root, cache)
        builds.append(json.loads((live / "live.json").read_text())["build"])
    assert builds[0] == builds[1] != builds[2]


@pytest.mark.parametrize("step", ["fetch", "build_wheel"])
def test_what_fails_changes_nothing(book, monkeypatch, step):
    root, site, cache = book
    assemble(site, root, cache)
    before = content(site)

    def fail(*_):
        raise LiveError("no network")

    monkeypatch.setattr(module, step, fail)
    with pytest.raises(LiveError, match="no network"):
        assemble(site, root, cache)
    assert content(site) == before
    assert not (site.parent / "live-unfinished").exists()


def test_a_page_older_than_its_chapter_is_refused_and_left(book):
    root, site, cache = book
    before = content(site)
    (root / "chapters" / "one.md").write_text(SOURCE.replace("rise = 3", "rise = 4"))
    with pytest.raises(LiveError, match="Run make book first"):
        assemble(site, root, cache)
    assert content(site) == before


def test_without_a_book_it_says_what_to_do(tmp_path):
    with pytest.raises(LiveError, match="run make book first"):
        assemble(tmp_path / "html")


def test_the_frame_of_the_book_has_a_place_for_the_button(book):
    frame = (ROOT / "tools" / "book" / "templates" / "tools.html").read_text("utf8")
    assert frame.count("<!-- live -->") == 1
    root, site, cache = book
    (site / "chapters" / "one.html").write_text(PAGE)
    with pytest.raises(LiveError, match="No page has a place"):
        assemble(site, root, cache)
