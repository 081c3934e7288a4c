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
        The file or folder to write. If anything fails, it stays as it was. A folder is
        replaced by a folder only, with all that is in it.

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
    own = secrets.token_hex(4)
    beside = path.with_name(f".{path.name}.{own}{path.suffix}")
    old = path.with_name(f".{path.name}.{own}.old")
    try:
        yield beside
        if beside.is_dir() and path.is_dir():
            os.replace(path, old)
        os.replace(beside, path)
    except OSError as error:
        raise HubError(
            f"{path} cannot be written ({error.strerror or error}). Name another file, "
            "in a folder that is there and yours."
        ) from error
    finally:
        if old.is_dir() and not path.exists():
            os.replace(old, path)
        for left in (old, beside):
            if left.is_dir():
                shutil.rmtree(left)
        if beside.is_file():
            beside.unlink()
