"""The built site with ``live/``, a browser, and a table of what it took.

Run with ``make test-live`` after ``make book`` and ``make live``.
"""

import json
import os
from dataclasses import asdict, dataclass
from gzip import compress
from pathlib import Path
from urllib.parse import urlsplit

import pandas as pd
import pytest

from tools.book.chapters import ROOT
from tools.book.source import chapters
from tools.pages.browser import chromium
from tools.pages.serve import COMPRESSED, serve

SITE = Path(os.environ.get("BOOK_SITE", ROOT / "_build" / "html"))
# The first page has no code to change, and no button.
NAMES = [path.stem for path in chapters() if path.stem != "intro"]
TOOK = pytest.StashKey[list]()


@dataclass
class Took:
    """Seconds until Python is ready and until the last cell has run; megabytes."""

    chapter: str
    cells: int
    numbers: int
    not_here: int
    cold_ready: float
    cold_done: float
    warm_ready: float
    cold_mb: float
    warm_mb: float


@pytest.fixture(scope="session")
def site():
    if not (SITE / "live" / "live.json").is_file():
        pytest.fail(f"Nothing runs in {SITE}: run make book and make live first.")
    return SITE


@pytest.fixture(scope="session")
def address(site):
    with serve(site) as root:
        yield root


@pytest.fixture(scope="session")
def browser():
    with chromium() as opened:
        yield opened


class Traffic:
    """What a context asked for: the hosts, and the bytes on the way."""

    def __init__(self, context, site):
        self.site, self.addresses = site, []
        context.on("request", lambda request: self.addresses.append(request.url))

    @property
    def hosts(self):
        web = (urlsplit(a) for a in self.addresses)
        return {a.netloc for a in web if a.scheme not in ("blob", "data")}

    @property
    def megabytes(self):
        return sum(self._size(urlsplit(a).path) for a in self.addresses) / 1e6

    def _size(self, path):
        file = self.site / path.lstrip("/")
        if not file.is_file():
            return 0
        content = file.read_bytes()
        return len(compress(content) if file.suffix in COMPRESSED else content)


@pytest.fixture
def reader(browser, site):
    """Someone's browser, empty at first, and what it asks for."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    with context:
        yield context, Traffic(context, site)


@pytest.fixture
def took(request):
    return request.config.stash.setdefault(TOOK, []).append


def pytest_terminal_summary(terminalreporter, config):
    if rows := config.stash.get(TOOK, None):
        table = pd.DataFrame(map(asdict, rows)).set_index("chapter").round(1)
        load = ", ".join(f"{x:.1f}" for x in os.getloadavg())
        terminalreporter.write_line(f"\n{table.to_string()}\n(load {load})")
        (SITE / "live" / "took.json").write_text(json.dumps([*map(asdict, rows)]))
