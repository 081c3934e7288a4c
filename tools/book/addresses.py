"""Where pages are found: the landing page at the root, and what leads there."""

from __future__ import annotations

from html import escape
from pathlib import Path
from urllib.parse import urlparse

from sphinx.application import Sphinx

from tools.book.frame import BUILD_PAGE, identity

REDIRECT = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<link rel="canonical" href="{canonical}">
<meta name="robots" content="noindex">
<meta http-equiv="refresh" content="0; url={target}">
</head>
<body><main>
<h1>{title}</h1>
<p><a href="{target}">This page has moved.</a></p>
</main></body>
</html>
"""

# Shown at any depth below the root, so it needs no other file; the letters have their
# whole address, and where they do not come others serve.
NOT_FOUND = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>Not found - {title}</title>
<style>
@font-face {{
  font-family: "Hub Sans"; font-weight: 400 700;
  src: url("{root}_static/fonts/hub-sans.woff2") format("woff2");
}}
:root {{ color-scheme: light dark; }}
body {{
  font: 1.125rem/1.55 "Hub Sans", system-ui, sans-serif;
  color: light-dark(#1b2428, #e8edee); background: light-dark(#fbfaf7, #11171a);
  max-width: 34rem; margin: 12vh auto; padding: 0 1rem;
}}
h1 {{ font-size: 2.25rem; font-weight: 640; line-height: 1.2; }}
a {{ color: light-dark(#14606e, #6cc5d2); }}
</style>
</head>
<body><main>
<h1>There is no page at this address.</h1>
<p>It may have moved. <a href="{root}">{title}</a> has the contents of the book, and
<a href="{root}search.html">the search</a> looks through all of it.</p>
</main></body>
</html>
"""


def root_first(app: Sphinx) -> None:
    """Write the first page at the root of the site, and let all links lead there."""
    builder = app.builder
    if builder.name != "html":
        return
    uri, filename = builder.get_target_uri, builder.get_outfilename

    def get_target_uri(docname: str, typ: str | None = None) -> str:
        return "index.html" if docname == app.config.root_doc else uri(docname, typ)

    def get_outfilename(pagename: str) -> str:
        at_root = pagename == app.config.root_doc
        return filename("index" if at_root else pagename)

    builder.get_target_uri = get_target_uri
    builder.get_outfilename = get_outfilename


def write_addresses(app: Sphinx, error: Exception | None) -> None:
    """Write redirects, the page for what is not found, sitemap and robots.txt."""
    if error or app.builder.name != "html":
        return
    site, base = Path(app.outdir), app.config.html_baseurl
    title = app.config.html_title or app.config.project
    # The landing page had the name of its source, and the search still knows it so.
    old = app.config.root_doc
    up = "../" * old.count("/")
    redirect = REDIRECT.format(
        title=escape(title), canonical=base, target=f"{up}index.html"
    )
    (site / f"{old}.html").write_text(redirect, "utf8")
    root = urlparse(base).path
    page = NOT_FOUND.format(title=escape(title), root=root)
    (site / "404.html").write_text(page, "utf8")
    urls = [
        base + app.builder.get_target_uri(name).removesuffix("index.html")
        for name in sorted(app.env.found_docs)
        if name != BUILD_PAGE
    ]
    lines = [
        f"<url><loc>{u}</loc><lastmod>{identity().date}</lastmod></url>" for u in urls
    ]
    (site / "sitemap.xml").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        + "\n".join(lines)
        + "\n</urlset>\n",
        "utf8",
    )
    robots = f"User-agent: *\nAllow: /\n\nSitemap: {base}sitemap.xml\n"
    (site / "robots.txt").write_text(robots, "utf8")
