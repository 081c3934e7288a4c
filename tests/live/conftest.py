"""The built site with ``live/``, a browser, and a table of what it took.

Run with ``make test-live`` after ``make book`` and ``make live``; for one chapter with
``make test-live CHAPTERS=yozma``. `tools.live.measured` keeps the table.
"""

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from gzip import compress
from pathlib import Path
from urllib.parse import urlsplit

import pandas as pd
import psutil
import pytest

from tools.book.chapters import ROOT
from tools.book.source import chapters
from tools.pages.browser import chromium
from tools.pages.serve import COMPRESSED, serve

ASKED = os.environ.get("CHAPTERS", "").split()
SITE = Path(os.environ.get("BOOK_SITE", ROOT / "_build" / "html"))
# The first page has no code to change, and no button.
NAMES = [path.stem for path in chapters() if path.stem != "intro"]
NAMES = [name for name in NAMES if not ASKED or name in ASKED]
TOOK = pytest.StashKey[list]()


@dataclass
class Took:
    """What a chapter took, the first time (cold) and the second (warm).

    Seconds until Python is ready and until the last cell has run, on the clock and of
    all processors together; megabytes; the largest difference of a number in its text
    from the book's; how many others waited for the processors meanwhile.
    """

    chapter: str
    cells: int
    numbers: int
    not_here: int
    difference: float
    cold_ready: float
    cold_ready_cpu: float
    cold_done: float
    cold_done_cpu: float
    warm_ready: float
    warm_ready_cpu: float
    cold_mb: float
    warm_mb: float
    load: float


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


class Processor:
    """Seconds that the browser's processes have had."""

    def __init__(self):
        self._had = {}

    @property
    def seconds(self):
        for process in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):  # it has ended meanwhile
                if "chrom" in process.name():
                    self._had[process.pid] = sum(process.cpu_times()[:2])
        return sum(self._had.values())


@pytest.fixture(scope="session")
def processor(browser):
    return Processor()


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
    if rows := [asdict(row) for row in config.stash.get(TOOK, [])]:
        table = pd.DataFrame(rows).set_index("chapter").round(1)
        terminalreporter.write_line(f"\n{table.to_string()}")
        kept = SITE / "live" / "took.json"
        known = json.loads(kept.read_text("utf8")) if kept.is_file() else []
        fresh = {row["chapter"] for row in rows}
        rows = [row for row in known if row["chapter"] not in fresh] + rows
        kept.write_text(json.dumps(rows), "utf8")
