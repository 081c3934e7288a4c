"""Make JupyterLab open ``.md`` chapters as notebooks.

Run as ``python -m tools.lab_settings``. Writes into the running environment only,
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
    plugin = {"@jupyterlab/docmanager-extension:plugin": {"defaultViewers": VIEWERS}}
    (folder / "overrides.json").write_text(json.dumps(plugin, indent=2) + "\n", "utf8")


if __name__ == "__main__":
    main()
