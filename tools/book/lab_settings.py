"""Make JupyterLab open ``.md`` chapters as notebooks.

Run as ``python -m tools.book.lab_settings``. Writes into the running environment only,
never into the user's own settings.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

VIEWERS = {"markdown": "Jupytext Notebook", "myst": "Jupytext Notebook"}


def main() -> None:
    """Write the setting."""
    folder = Path(sys.prefix) / "share" / "jupyter" / "lab" / "settings"
    folder.mkdir(parents=True, exist_ok=True)
    settings = {
        "@jupyterlab/docmanager-extension:plugin": {"defaultViewers": VIEWERS},
        # No news and no version check: working on the book needs no network.
        "@jupyterlab/apputils-extension:notification": {
            "checkForUpdates": False,
            "fetchNews": "false",
        },
    }
    text = json.dumps(settings, indent=2) + "\n"
    (folder / "overrides.json").write_text(text, "utf8")


if __name__ == "__main__":
    main()
