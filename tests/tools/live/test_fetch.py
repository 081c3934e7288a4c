"""What is fetched is what the lock names, or nothing."""

import base64
import hashlib
import io
import json
import tarfile

import pytest

from tools.live import fetch as module
from tools.live.fetch import CORE, LiveError, closure, fetch, fetch_core

CONTENT = {"numpy-1.whl": b"numbers", "blas-1.zip": b"linear algebra"}
SHA = {name: hashlib.sha256(text).hexdigest() for name, text in CONTENT.items()}
LOCK = {
    "packages": {
        "numpy": {
            "depends": ["blas"],
            "file_name": "numpy-1.whl",
            "sha256": SHA["numpy-1.whl"],
        },
        "blas": {
            "depends": [],
            "file_name": "blas-1.zip",
            "sha256": SHA["blas-1.zip"],
        },
        "unused": {"depends": [], "file_name": "unused.whl", "sha256": "0"},
    }
}


def archive_of_core():
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w:gz") as archive:
        for name in CORE:
            text = json.dumps(LOCK) if name.endswith(".json") else name
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text.encode()))
    return whole.getvalue()


def integrity_of(content):
    digest = hashlib.sha512(content).digest()
    return f"sha512-{base64.b64encode(digest).decode()}"


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """A cache whose core is there already, and that needs numpy only."""
    core = archive_of_core()
    (tmp_path / f"pyodide-{module.VERSION}.tgz").write_bytes(core)
    monkeypatch.setattr(fetch_core, "__defaults__", (integrity_of(core),))
    monkeypatch.setattr(module, "NEEDED", ("numpy",))
    monkeypatch.setattr(module, "_download", lambda *_: None)
    return tmp_path


def bringing(content):
    def source(names, folder):
        source.asked.append(names)
        for name in names:
            if name in content:
                (folder / name).write_bytes(content[name])

    source.asked = []
    return source


def nothing_half_written(cache):
    known = {*CORE, *CONTENT, f"pyodide-{module.VERSION}.tgz"}
    return {path.name for path in cache.iterdir()} <= known


def test_a_package_brings_what_it_depends_on_and_no_more(cache):
    fetch(cache, (bringing(CONTENT),))
    assert {n: (cache / n).read_bytes() for n in CONTENT} == CONTENT
    assert not (cache / "unused.whl").exists()


def test_what_is_there_is_not_fetched_again(cache):
    fetch(cache, (bringing(CONTENT),))
    again = bringing(CONTENT)
    fetch(cache, (again,))
    assert again.asked == []


def test_a_file_that_was_spoilt_in_the_cache_is_fetched_again(cache):
    fetch(cache, (bringing(CONTENT),))
    (cache / "numpy-1.whl").write_bytes(b"spoilt")
    again = bringing(CONTENT)
    fetch(cache, (again,))
    assert again.asked == [["numpy-1.whl"]]
    assert (cache / "numpy-1.whl").read_bytes() == CONTENT["numpy-1.whl"]


@pytest.mark.parametrize("sent", [b"half a pack", b""])
def test_a_wrong_or_halved_file_is_refused_and_not_kept(cache, sent):
    with pytest.raises(LiveError, match=r"numpy-1\.whl is not the file"):
        fetch(cache, (bringing(CONTENT | {"numpy-1.whl": sent}),))
    assert not (cache / "numpy-1.whl").exists()
    assert nothing_half_written(cache)


def test_what_one_source_lacks_another_brings(cache):
    part = bringing({"blas-1.zip": CONTENT["blas-1.zip"]})
    rest = bringing(CONTENT)
    fetch(cache, (part, rest))
    assert rest.asked == [["numpy-1.whl"]]


def test_without_a_network_it_says_so_and_leaves_nothing(cache):
    def offline(names, folder):
        (folder / names[0]).write_bytes(b"the first ha")
        raise LiveError("no network")

    with pytest.raises(LiveError, match=r"(?s)2 of 2 packages are missing.*no network"):
        fetch(cache, (offline,))
    assert nothing_half_written(cache)


def test_an_archive_of_another_hash_is_refused(tmp_path, monkeypatch):
    def npm(command, folder, failed):
        (folder / f"pyodide-{module.VERSION}.tgz").write_bytes(b"another")

    monkeypatch.setattr(module, "_run", npm)
    with pytest.raises(LiveError, match="cut short or changed"):
        fetch_core(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_machine_without_npm_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LiveError, match="there is no npm on this machine"):
        fetch_core(tmp_path)


def test_a_package_that_pyodide_lacks_is_named():
    with pytest.raises(LiveError, match="no package statsmodel"):
        closure({}, ("statsmodels",))


def test_what_is_plain_python_comes_from_pypi_by_our_own_hash(cache, monkeypatch):
    sent = {"plain-1.2-py3-none-any.whl": b"plain"}
    sha = hashlib.sha256(b"plain").hexdigest()
    plain = {"plain": ("plain-1.2-py3-none-any.whl", sha, ("numpy",))}
    monkeypatch.setattr(module, "PLAIN", plain)
    monkeypatch.setattr(module, "NEEDED", ("plain",))

    def pip(asked, folder):
        assert asked == ["plain==1.2"]
        for name, content in sent.items():
            (folder / name).write_bytes(content)

    monkeypatch.setattr(module, "_download", pip)
    sources = (module.from_pypi, bringing(CONTENT))
    fetch(cache, sources)
    assert (cache / "plain-1.2-py3-none-any.whl").read_bytes() == b"plain"
    assert (cache / "numpy-1.whl").exists()

    (cache / "plain-1.2-py3-none-any.whl").unlink()
    sent["plain-1.2-py3-none-any.whl"] = b"another"
    with pytest.raises(LiveError, match="is not the file"):
        fetch(cache, sources)
