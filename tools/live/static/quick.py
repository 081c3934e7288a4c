"""Start sooner: compile modules once.

Half of a start goes into compiling some 1,200 modules. What comes of it is noted as it
arises, handed to the page, which keeps it beside the files that it belongs to, and
taken from there the next time.
"""

from __future__ import annotations

import gc
import marshal
from importlib.machinery import SourceFileLoader
from types import CodeType
from typing import Any
from zipimport import zipimporter

_known: dict[str, bytes] = {}


def know(kept: bytes | None = None) -> None:
    """Note what is compiled from now on, and take what was kept for it.

    Parameters
    ----------
    kept : bytes, optional
        What `noted` returned under the same files.
    """
    gc.disable()  # what is imported stays; `settle` ends it
    _known.update(marshal.loads(kept) if kept else {})
    for loader in (SourceFileLoader, zipimporter):
        loader.get_code = _noting(loader.get_code)  # type: ignore[method-assign]


def settle() -> None:
    """Take what has been imported for good, and look after the rest again."""
    gc.freeze()
    gc.enable()


def noted() -> bytes:
    """Return what was compiled, for `know`."""
    return marshal.dumps(_known)


def _noting(compiled: Any) -> Any:
    def get_code(loader: Any, name: str) -> CodeType | None:
        if name in _known:
            return marshal.loads(_known[name])
        code = compiled(loader, name)
        if code is not None and name != "__main__":
            _known[name] = marshal.dumps(code)
        return code

    return get_code
