"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hubanalysis.words.refusals import HubError


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """Give a file (or folder) beside another, which then takes the other's place.

    Parameters
    ----------
    path : pathlib.Path
        The file to write. If anything fails, it stays as it was.

    Raises
    ------
    HubError
        If nothing can be written there.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "report.html"
    >>> with replaced(path) as beside:
    ...     _ = beside.write_text("whole")
    >>> path.read_text(), len(list(path.parent.iterdir()))
    ('whole', 1)
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}{path.suffix}")
    try:
        yield beside
        os.replace(beside, path)
    except OSError as error:
        raise HubError(
            f"{path} cannot be written ({error.strerror or error}). Name another file, "
            "in a folder that is there and yours."
        ) from error
    finally:
        if beside.is_dir():
            shutil.rmtree(beside)
        beside.unlink(missing_ok=True)
