"""A small client for headless Chromium, to look at built pages and to test them."""

from __future__ import annotations

import base64
import contextlib
import functools
import http.server
import itertools
import json
import shutil
import subprocess
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import websocket

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # No page may reach past this machine, and none of our tests should.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    "--remote-debugging-port=0",
    "--remote-allow-origins=*",
)


def find_chromium() -> str | None:
    """Return the path of a Chromium or Chrome, None if there is none."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    return next(filter(None, map(shutil.which, names)), None)


class Browser:
    """One tab of a headless Chromium.

    Attributes
    ----------
    requests : list of str
        Addresses that the page asked for since the last `open`.
    failures : list of str
        Those of them that were not there, and errors in the page's scripts.
    """

    def __init__(self) -> None:
        program = find_chromium()
        if program is None:
            raise FileNotFoundError("Chromium is needed: apt-get install chromium")
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._process = subprocess.Popen(
            [program, *FLAGS, f"--user-data-dir={self._profile.name}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.requests: list[str] = []
        self.failures: list[str] = []
        self._ids = itertools.count(1)
        self._socket = websocket.create_connection(self._tab(), timeout=60)
        for domain in ("Page", "Network", "Runtime"):
            self.call(f"{domain}.enable")

    def _tab(self) -> str:
        port_file = Path(self._profile.name) / "DevToolsActivePort"
        for _ in range(300):
            with contextlib.suppress(OSError, ValueError, StopIteration):
                port = int(port_file.read_text().splitlines()[0])
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/json") as reply:
                    tabs = json.load(reply)
                tab = next(tab for tab in tabs if tab["type"] == "page")
                return tab["webSocketDebuggerUrl"]
            time.sleep(0.1)
        raise TimeoutError("Chromium did not start")

    def __enter__(self) -> Browser:
        """Give the browser, ready for use."""
        return self

    def __exit__(self, *_: object) -> None:
        """End Chromium and remove its profile."""
        self._socket.close()
        self._process.terminate()
        self._process.wait(20)
        self._profile.cleanup()

    def call(self, method: str, **parameters: object) -> dict[str, Any]:
        """Call a method of the DevTools protocol and return its result."""
        number = next(self._ids)
        self._socket.send(
            json.dumps({"id": number, "method": method, "params": parameters})
        )
        while True:
            message = json.loads(self._socket.recv())
            if message.get("id") == number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']['message']}")
                return message["result"]
            self._note(message.get("method"), message.get("params", {}))

    def _note(self, event: str | None, parameters: dict[str, Any]) -> None:
        if event == "Network.requestWillBeSent":
            self.requests.append(parameters["request"]["url"])
        elif event == "Network.responseReceived":
            response = parameters["response"]
            if response["status"] >= 400:
                self.failures.append(f"{response['status']} {response['url']}")
        elif event == "Runtime.exceptionThrown":
            details = parameters["exceptionDetails"]
            self.failures.append(details.get("exception", details)["description"])

    def resize(self, width: int, height: int = 900) -> None:
        """Set the size of the window in CSS pixels; below 500 it acts as a phone."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 500,
        )

    def open(self, address: str, timeout: float = 60) -> None:
        """Load a page and wait until its scripts, fonts and formulas are done."""
        self.requests.clear()
        self.failures.clear()
        self.call("Page.navigate", url=address)
        until = time.monotonic() + timeout
        ready = """
            document.readyState === "complete" && document.fonts.status === "loaded"
            && location.href !== "about:blank"
        """
        while not self.run(ready):
            if time.monotonic() > until:
                raise TimeoutError(f"{address} did not load in {timeout} s")
            time.sleep(0.05)
        self.run("window.MathJax?.startup?.promise?.then(() => true) ?? true")

    def run(self, script: str) -> Any:
        """Evaluate JavaScript in the page and return its value."""
        answer = self.call(
            "Runtime.evaluate",
            expression=script,
            returnByValue=True,
            awaitPromise=True,
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"]["exception"]["description"])
        return answer["result"].get("value")

    def screenshot(self, path: Path, whole: bool = True) -> Path:
        """Save a picture of the page, the whole of it unless told otherwise."""
        answer = self.call(
            "Page.captureScreenshot", format="png", captureBeyondViewport=whole
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(answer["data"]))
        return path

    def pdf(self, path: Path) -> Path:
        """Print the page to PDF."""
        answer = self.call(
            "Page.printToPDF", printBackground=True, preferCSSPageSize=True
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(answer["data"]))
        return path


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine and give the address of its root."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
