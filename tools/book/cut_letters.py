"""Cut the book's letters out of Source Sans 3.

Run as ``python -m tools.book.cut_letters FOLDER``, where FOLDER is ``files/`` of
the npm package @fontsource-variable/source-sans-3 (5.3.1).
What is cut may not carry the reserved name, so it is called Hub Sans. Reading and
writing woff2 needs the package brotli.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

from tools.book.chapters import ROOT

PAGES = ROOT / "assets" / "fonts"
FIGURES = ROOT / "src" / "hubanalysis" / "show" / "fonts"
FAMILY = "Hub Sans"
# Latin-1, and the dashes, quotes, minus and other signs of our sentences.
LETTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    *map(ord, "ıŒœ\u2009–—‘’‚“”„•…′″€−"),
]


def cut(source: Path, target: Path, style: str, weights: object, bold: bool) -> None:
    """Cut one font: a range of weights for pages, a single one for matplotlib."""
    font = TTFont(source, recalcTimestamp=False)
    pages = target.suffix == ".woff2"
    options = Options(hinting=False, name_IDs=["*"], notdef_outline=True)
    options.layout_features = ["kern", "liga", "mark", "ccmp", "locl"][
        : 5 if pages else 1
    ]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=LETTERS)
    subsetter.subset(font)
    font = instantiateVariableFont(font, {"wght": weights})
    names = {1: FAMILY, 2: style, 3: f"{FAMILY} {style}", 4: f"{FAMILY} {style}"}
    names[6] = f"{FAMILY}-{style}".replace(" ", "")
    for record in list(font["name"].names):
        if record.nameID in names:
            record.string = names[record.nameID]
        elif record.nameID not in (0, 5, 13, 14) and record.nameID < 256:
            font["name"].names.remove(record)
    if not pages:
        font["OS/2"].usWeightClass = 700 if bold else 400
    font.flavor = "woff2" if pages else None
    font.save(target)
    print(f"{target.relative_to(ROOT)}: {target.stat().st_size:,} bytes")


def main() -> None:
    """Cut all four."""
    files = Path(sys.argv[1])
    upright = files / "source-sans-3-latin-wght-normal.woff2"
    italic = files / "source-sans-3-latin-wght-italic.woff2"
    cut(upright, PAGES / "hub-sans.woff2", "Regular", (400, 400, 700), False)
    cut(italic, PAGES / "hub-sans-italic.woff2", "Italic", (400, 400, 700), False)
    cut(upright, FIGURES / "HubSans-Regular.ttf", "Regular", 400, False)
    cut(upright, FIGURES / "HubSans-SemiBold.ttf", "SemiBold", 640, True)


if __name__ == "__main__":
    main()
