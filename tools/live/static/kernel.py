"""Run the cells of a chapter in a browser's Python, and say what came out.

A cell's outputs are told one by one to `tell`, as they arise, each a dictionary:
``{"html": ...}``, with ``"file"`` and ``"content"`` where it offers one, ``{"text":
...}``, ``{"number": ..., "name": ...}`` for a gap in a sentence, ``{"error": ...,
"trace": ...}``, ``{"doing": ...}`` for a long computation.

It runs in plain Python as well, which its tests do.
"""

from __future__ import annotations

import ast
import base64
import contextlib
import importlib.util
import io
import json
import linecache
import re
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import ModuleType

KEPT = "application/papermill.record/text/plain"
# What the chapters import and a browser's Python does not have.
ABSENT = ("statsmodels", "linearmodels")
tell: Callable[[dict], None] = print


class NotHere(Exception):
    """Something that this Python does not have."""


class Absent:
    """Stands for a name of a package that is not here, until it is used."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, part: str) -> Absent:
        """Stand for whatever is asked of it."""
        if part.startswith("__"):
            raise AttributeError(part)
        return Absent(f"{self._name}.{part}")

    def __call__(self, *_: object, **__: object) -> None:
        """Say that it cannot be used here."""
        raise NotHere(
            f"{self._name} is not part of the Python that runs in a browser. What the "
            "book found stays on the page; to run this cell, download the notebook."
        )


def show(value: object) -> None:
    """Tell of a value as a notebook shows it: by its HTML, or else its text."""
    if value is None:
        return
    if bundle := getattr(value, "_repr_mimebundle_", None):
        data = bundle()
        data, about = data if isinstance(data, tuple) else (data, {})
        if "text/html" in data:
            kept = about.get("hubanalysis", {})
            offered = kept if "content" in kept else {}
            return tell({"html": data["text/html"], **offered})
    for kind in ("_repr_html_", "_repr_svg_"):
        if (html := getattr(value, kind, lambda: None)()) is not None:
            return tell({"html": html})
    if callable(png := getattr(value, "_repr_png_", None)) and (picture := png()):
        return tell({"html": _image(picture)})
    tell({"text": repr(value)})


def display(*values: object, metadata: dict | None = None, **options: object) -> None:
    """Stand for IPython's function of this name."""
    name = (metadata or {}).get("scrapbook", {}).get("name")
    for value in values:
        if name and isinstance(value, dict) and KEPT in value:
            tell({"name": name, "number": _as_said(value[KEPT])})
        elif options.get("raw") and isinstance(value, dict):
            html, text = value.get("text/html"), value.get("text/plain", "")
            tell({"html": html} if html else {"text": text})
        else:
            show(value)


def _as_said(text: str) -> str:
    """Take a text that was kept as Python writes it out of its quotes."""
    return ast.literal_eval(text) if text[:1] in "'\"" else text


def run(source: str, name: str, space: dict) -> bool:
    """Run a cell in a namespace; say whether all went well.

    Parameters
    ----------
    source : str
        Of the cell. The value of an expression at its end is shown.
    name : str
        By which an error refers to the cell.
    space : dict
        Where its names live.
    """
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)
    printed = _Printed()
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            body = ast.parse(source, name).body
            last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
            _bind_absent(body, space)
            exec(compile(ast.Module(body, []), name, "exec"), space)
            if last is not None:
                value = eval(compile(ast.Expression(last.value), name, "eval"), space)
                if not source.rstrip().endswith(";"):
                    show(value)
            _show_open_figures()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        _tell_error(error, name)
        return False
    finally:
        printed.flush()
    return True


def _bind_absent(body: list[ast.stmt], space: dict) -> None:
    """Take imports of absent packages out of a cell and bind their names."""
    for statement in list(body):
        if isinstance(statement, ast.Import):
            for alias in list(statement.names):
                if alias.name.split(".")[0] in ABSENT and _missing(alias.name):
                    top = alias.name if alias.asname else alias.name.split(".")[0]
                    space[alias.asname or top] = Absent(top)
                    statement.names.remove(alias)
            if not statement.names:
                body.remove(statement)
        elif isinstance(statement, ast.ImportFrom):
            module = statement.module or ""
            if module.split(".")[0] in ABSENT and _missing(module):
                for alias in statement.names:
                    where = f"{module}.{alias.name}"
                    space[alias.asname or alias.name] = Absent(where)
                body.remove(statement)


def _missing(module: str) -> bool:
    try:
        __import__(module.split(".")[0])
    except ImportError:
        return True
    return False


class _Printed(io.TextIOBase):
    """Tells of what is printed, line by line."""

    def __init__(self) -> None:
        self.kept = ""

    def write(self, text: str) -> int:
        self.kept += text
        if "\n" in text:
            lines, _, self.kept = self.kept.rpartition("\n")
            tell({"printed": f"{lines}\n"})
        return len(text)

    def flush(self) -> None:
        if self.kept:
            tell({"printed": self.kept})
            self.kept = ""


def _tell_error(error: BaseException, name: str) -> None:
    kind = type(error).__name__
    if _for_want_of_a_package(error):
        kind = "NotHere"
    elif isinstance(error, MemoryError):  # NumPy has one of its own
        kind = "MemoryError"
    first = next(
        (f for f in traceback.extract_tb(error.__traceback__) if f.filename == name),
        None,
    )
    line = getattr(error, "lineno", None) or (first.lineno if first else None)
    frames = [
        frame
        for frame in traceback.format_exception(error)
        if __file__ not in frame or "Traceback" in frame
    ]
    tell(
        {
            "error": str(error) or kind,
            "kind": kind,
            "line": line,
            "trace": "".join(frames),
        }
    )


def _for_want_of_a_package(error: BaseException | None) -> bool:
    """Say whether the library refused what an absent package would have done."""
    while error is not None:
        if isinstance(error, ModuleNotFoundError):
            return (error.name or "").partition(".")[0] in ABSENT
        error = error.__cause__
    return False


def _show_open_figures() -> None:
    """Show what was drawn with matplotlib and not closed."""
    if (pyplot := sys.modules.get("matplotlib.pyplot")) is None:
        return
    for number in pyplot.get_fignums():
        drawn = io.BytesIO()
        pyplot.figure(number).savefig(drawn, format="png", bbox_inches="tight")
        tell({"html": _image(drawn.getvalue())})
    pyplot.close("all")


def _image(png: bytes) -> str:
    address = f"data:image/png;base64,{base64.b64encode(png).decode()}"
    return f'<img alt="A drawing without a description" src="{address}">'


def tqdm(items: Iterable, total: int = 0, desc: str = "", **_: object) -> Iterator:
    """Stand for the progress bar of this name: the page shows how far it is."""
    for done, item in enumerate(items):
        tell({"doing": desc, "done": done, "of": total})
        yield item


class _Shell:
    """Stands for IPython's shell: it is there, but matplotlib hooks nothing on it."""

    def __bool__(self) -> bool:
        """Seem absent to those who ask for a shell with events."""
        return False


def settle() -> None:
    """Put stand-ins where IPython and tqdm would be, for what needs little of them."""
    ipython, shown, bars = (ModuleType(n) for n in ("IPython", "display", "tqdm"))
    ipython.get_ipython = _Shell
    ipython.version_info = (8, 24)  # matplotlib asks
    ipython.display = shown
    shown.display = display
    for kind, method in (
        ("HTML", "_repr_html_"), ("SVG", "_repr_svg_"), ("Markdown", "__repr__"),
    ):  # fmt: skip
        setattr(shown, kind, _shown_as(kind, method))
    bars.tqdm = tqdm
    sys.modules |= {"IPython": ipython, "IPython.display": shown, "tqdm": bars}


def _shown_as(kind: str, method: str) -> type:
    def keep(self: object, data: str) -> None:
        self.data = data

    return type(kind, (), {"__init__": keep, method: lambda self: self.data})


def know_fonts(folder: Path) -> None:
    """Tell matplotlib of the fonts that it carries, or it would read them all first.

    This is the file that Pyodide's matplotlib keeps in its own folder.
    """
    source = Path(matplotlib_folder(), "font_manager.py").read_text("utf8")
    version = ast.literal_eval(re.search(r"__version__ = (.+)", source)[1])
    fonts = [
        ("DejaVuSans", "DejaVu Sans", "normal", 400),
        ("DejaVuSans-Bold", "DejaVu Sans", "normal", 700),
        ("DejaVuSans-Oblique", "DejaVu Sans", "oblique", 400),
        ("DejaVuSansMono", "DejaVu Sans Mono", "normal", 400),
        ("DejaVuSansDisplay", "DejaVu Sans Display", "normal", 400),
        ("STIXGeneral", "STIXGeneral", "normal", 400),
        ("cmr10", "cmr10", "normal", 400),
    ]
    listed = [
        {
            "__class__": "FontEntry",
            "fname": f"fonts/ttf/{file}.ttf",
            "name": name,
            "style": style,
            "variant": "normal",
            "weight": weight,
            "stretch": "normal",
            "size": "scalable",
        }
        for file, name, style, weight in fonts
    ]
    known = {
        "__class__": "FontManager",
        "_version": version,
        "_FontManager__default_weight": "normal",
        "default_size": None,
        "defaultFamily": {"ttf": "DejaVu Sans", "afm": "Helvetica"},
        "afmlist": [],
        "ttflist": listed,
    }
    Path(folder, "fontlist.json").write_text(json.dumps(known), "utf8")


def matplotlib_folder() -> Path:
    """Find matplotlib without importing it."""
    return Path(importlib.util.find_spec("matplotlib").origin).parent


def serve(post: Callable[[str], None]) -> Callable[[str, str], bool]:
    """Start a namespace whose cells tell the page, in JSON, what comes out."""
    global tell
    settle()
    know_fonts(matplotlib_folder())
    space: dict = {"__name__": "__main__", "display": display}

    def tell_page(said: dict) -> None:
        post(json.dumps(said))

    tell = tell_page
    return lambda source, name: run(source, name, space)
