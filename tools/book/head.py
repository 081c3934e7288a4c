"""What a page says of itself to those who find, share and cite it."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from bs4 import BeautifulSoup
from sphinx.application import Sphinx

from tools.book.chapters import ROOT
from tools.book.frame import identity
from tools.book.identity import CITATION
from tools.book.source import draws
from tools.release import RELEASE

SITE_BRANCH = "gh-pages"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
LONGEST = 200  # characters of a description


@dataclass(frozen=True)
class About:
    """What the templates ``metadata``, ``tools`` and ``cite`` show."""

    title: str
    book: str
    authors: list[str]
    description: str
    url: str
    card: str
    notebook: str | None
    slides: str | None
    colab: str
    binder: str
    edit: str
    issue: str
    linked_data: str

    @property
    def _of_book(self) -> str:
        return "" if self.title == self.book else f"In {self.book.rstrip('.')}, "

    @property
    def cite_as(self) -> str:
        """The page as a reference, but for its address."""
        build = identity()
        title = self.title if self.title.endswith(("?", ".")) else f"{self.title}."
        return (
            f"{' and '.join(self.authors)} ({build.year}). {title} {self._of_book}"
            f"version {build.release} of {build.date}."
        )

    @property
    def bibtex(self) -> str:
        """The page as an entry for BibTeX."""
        build = identity()
        key = f"hubanalysis-{build.year}-{PurePosixPath(self.card).stem}"
        return (
            f"@incollection{{{key},\n"
            f"  author = {{{{{' and '.join(self.authors)}}}}},\n"
            f"  title = {{{self.title}}},\n"
            f"  booktitle = {{{self.book}}},\n"
            f"  year = {{{build.year}}},\n"
            f"  note = {{Version {build.release} of {build.date}}},\n"
            f"  url = {{{self.url}}}\n}}"
        )


def description(body: str) -> str:
    """Take the first paragraph of a page, cut between words where it is long."""
    article = BeautifulSoup(body, "html.parser")
    words = [p.get_text(" ") for p in article.select("section > p")]
    text = next((w for w in words if len(w) > 60), words[0] if words else "")
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r" (?=[,.;:!?)’])", "", text).removeprefix("In brief. ")
    if len(text) <= LONGEST:
        return text
    cut = text[:LONGEST]
    sentence = max(cut.rfind(mark) for mark in (". ", "? "))
    return cut[: sentence + 1] if sentence > 80 else cut[: cut.rfind(" ")] + " …"


def describe(app: Sphinx, pagename, templatename, context, doctree) -> None:
    """Tell the template what the page is, if it is one of the book's own."""
    if doctree is None:
        context["about"] = None
        return
    options, root = app.config.html_theme_options, app.config.root_doc
    repository, branch = options["repository_url"], options["repository_branch"]
    short = repository.removeprefix("https://github.com/")
    name = PurePosixPath(pagename).name
    is_notebook = "kernelspec" in app.env.metadata[pagename]
    notebook = f"notebooks/{name}.ipynb"
    title = html.unescape(re.sub("<.*?>", "", context["title"]))
    url = app.config.html_baseurl + app.builder.get_target_uri(pagename)
    url = url.removesuffix("index.html")
    said = description(context["body"])
    launch = options["launch_buttons"]
    context["about"] = About(
        title=title,
        book=CITATION["title"],
        authors=[author["name"] for author in CITATION["authors"]],
        description=said,
        url=url,
        card=f"{app.config.html_baseurl}cards/{name}.png",
        notebook=notebook if is_notebook else None,
        slides=f"slides/{name}.html" if draws(ROOT / f"{pagename}.md") else None,
        colab=f"{launch['colab_url']}/github/{short}/blob/{SITE_BRANCH}/{notebook}",
        binder=f"{launch['binderhub_url']}/v2/gh/{short}/{RELEASE}"
        f"?urlpath=lab/tree/{notebook}",
        edit=f"{repository}/edit/{branch}/{pagename}.md",
        issue=f"{repository}/issues/new?template=mistake.yml",
        linked_data=linked_data(
            title, said, url, pagename == root, f"{repository}/tree/{RELEASE}"
        ),
    )


def linked_data(title: str, said: str, url: str, whole: bool, source: str) -> str:
    """Describe a page, and the data of its case, in the words of schema.org."""
    build = identity()
    authors = [
        {"@type": "Organization", "name": a["name"]} for a in CITATION["authors"]
    ]
    page = {
        "@type": ["LearningResource", "Book" if whole else "Chapter"],
        "name": title,
        "description": said,
        "url": url,
        "inLanguage": "en",
        "author": authors,
        "license": LICENCE,
        "isAccessibleForFree": True,
        "version": build.release,
        "dateModified": build.date,
        "learningResourceType": "textbook" if whole else "chapter with exercises",
        "keywords": CITATION["keywords"],
    }
    if not whole:
        page["isPartOf"] = {
            "@type": "Book", "name": CITATION["title"], "url": CITATION["url"],
        }  # fmt: skip
    graph = [page]
    case = PurePosixPath(url).stem
    package = ROOT / "data" / case / "datapackage.json"
    if not whole and package.is_file():
        graph.append(_dataset(json.loads(package.read_text("utf8")), authors, source))
    text = {"@context": "https://schema.org", "@graph": graph}
    # A "<" would let a description end the script that holds it.
    return json.dumps(text, ensure_ascii=False).replace("<", "\\u003c")


def _dataset(package: dict, authors: list[dict], source: str) -> dict:
    folder = f"{source}/data/{package['name']}"
    # Some terms have no address; then their words stand here, and never the book's own.
    licences = [
        x.get("path") or {"@type": "CreativeWork", "name": x.get("title") or x["name"]}
        for x in package["licenses"]
    ]
    sources = [s for r in package["resources"] for s in r.get("sources", [])]
    return {
        "@type": "Dataset",
        "name": package["title"],
        "description": package["description"],
        "url": folder,
        "version": package["version"],
        "creator": authors,
        "license": licences[0] if len(licences) == 1 else licences,
        "keywords": package.get("keywords", []),
        "isAccessibleForFree": True,
        "isBasedOn": list(dict.fromkeys(s["path"] for s in sources if "path" in s)),
        "distribution": [
            {
                "@type": "DataDownload",
                "name": resource["title"],
                "encodingFormat": resource["mediatype"],
                "contentUrl": f"{folder}/{resource['path']}".replace("/tree/", "/raw/"),
            }
            for resource in package["resources"]
        ],
    }
