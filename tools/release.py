"""Which release this is, and where it is fetched from.

With nothing but the standard library: the labs' environment lacks what the book needs.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

_FILE = Path(__file__).resolve().parents[1] / "pyproject.toml"
VERSION: str = tomllib.loads(_FILE.read_text("utf8"))["project"]["version"]
# The tag: what Colab and Binder install is what the pages show.
RELEASE = f"v{VERSION}"
REPOSITORY = "https://github.com/hubanalysis/hubanalysis"
# The wheel that the release attaches: it needs no git, which Windows may lack.
WHEEL = f"hubanalysis-{VERSION}-py3-none-any.whl"
SOURCE = f"hubanalysis @ {REPOSITORY}/releases/download/{RELEASE}/{WHEEL}"
