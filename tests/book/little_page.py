"""A small page with things to try, in the book's own styles and scripts: no build."""

import shutil

from tools.book.chapters import ROOT
from tools.book.to_try import scripts as scripts_of

SHEETS = ("tokens", "type", "book", "figures", "try", "card", "tables", "print")

ONERROR = "document.documentElement.classList.add('no-try')"  # as in the layout


def html_of(shown):
    return shown._repr_mimebundle_()[0]["text/html"]


def write_page(folder, shown, name="index"):
    """Write one page and, beside it, what it asks for."""
    body = "\n".join(map(html_of, shown))
    for part in (*(f"{sheet}.css" for sheet in SHEETS), "fonts", "try"):
        source, target = ROOT / "assets" / part, folder / part
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        else:
            shutil.copy(source, target)
    sheets = "".join(f'<link rel="stylesheet" href="{s}.css">' for s in SHEETS)
    scripts = "".join(
        f'<script defer src="try/{name}.js" onerror="{ONERROR}"></script>'
        for name in scripts_of(body)
    )
    (folder / f"{name}.html").write_text(
        '<!DOCTYPE html><html lang="en" data-theme="light"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>To try</title>{sheets}{scripts}</head><body><main>"
        '<article class="bd-article" style="max-width: 728px; margin: 20px auto; '
        f'padding: 0 16px"><h1>To try</h1>{body}<p>After it.</p></article></main>'
        "</body></html>",
        "utf8",
    )
