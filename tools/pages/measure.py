"""Measure how fast built pages are on a slow phone: a table, not a test.

Run as ``python -m tools.pages.measure``. A slow mobile network (1.6 Mbit/s, 150 ms to
and fro, as Lighthouse's "slow 4G") and a processor four times slower than this one's.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser

from tools.book.chapters import ROOT
from tools.pages.browser import chromium
from tools.pages.serve import serve
from tools.pages.weigh import site_weight

NETWORK = {
    "offline": False,
    "latency": 150,  # ms
    "downloadThroughput": 1.6e6 / 8,  # bytes a second
    "uploadThroughput": 0.75e6 / 8,
}
SLOWER = 4
# Interactive: scripts have run, and no task that blocks for over 50 ms is left.
TIMES = """
new Promise(done => {
  const busy = [];
  new PerformanceObserver(list => busy.push(...list.getEntries()))
    .observe({ type: "longtask", buffered: true });
  setTimeout(() => {
    const [page] = performance.getEntriesByType("navigation");
    const painted = performance.getEntriesByName("first-contentful-paint")[0];
    const free = Math.max(0, ...busy.map(task => task.startTime + task.duration));
    done([painted.startTime, Math.max(page.domContentLoadedEventEnd, free)]);
  }, 500);
})
"""


@dataclass(frozen=True)
class Measured:
    """What one load of a page took: seconds, bytes as they travelled, requests."""

    page: str
    painted: float
    interactive: float
    size: int
    requests: int


def measure(browser: Browser, root: str, page: str) -> Measured:
    """Load a page with an empty cache on a slow phone."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, is_mobile=True
    )
    tab = context.new_page()
    wire = context.new_cdp_session(tab)
    sizes: list[int] = []
    wire.on("Network.loadingFinished", lambda e: sizes.append(e["encodedDataLength"]))
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", NETWORK)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    tab.goto(f"{root}/{page}", wait_until="load", timeout=60_000)
    painted, interactive = (time / 1000 for time in tab.evaluate(TIMES))
    context.close()
    return Measured(page, painted, interactive, int(sum(sizes)), len(sizes))


def main() -> None:
    """Measure all pages of the site and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--site", type=Path, default=ROOT / "_build" / "html")
    site = parser.parse_args().site
    pages = [site / "index.html", *sorted(site.glob("chapters/**/*.html"))]
    moved = 'http-equiv="refresh"'
    pages = [page for page in pages if moved not in page.read_text("utf8")]
    print(f"{'page':<44}{'paint':>8}{'inter.':>8}{'kB':>7}{'files':>7}")
    with serve(site) as root, chromium() as browser:
        for page in pages:
            done = measure(browser, root, page.relative_to(site).as_posix())
            print(
                f"{done.page:<44}{done.painted:>7.2f}s{done.interactive:>7.2f}s"
                f"{done.size / 1000:>7.0f}{done.requests:>7}",
                flush=True,
            )
    print(f"The site without PDFs and downloads: {site_weight(site) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
