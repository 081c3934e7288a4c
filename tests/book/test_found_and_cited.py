"""What search engines, social networks and reference managers read on a page."""

import json
import re
from xml.etree import ElementTree

from bs4 import BeautifulSoup
from PIL import Image

from tests.book.conftest import NAMES, address_of
from tools.book.chapters import ROOT
from tools.release import RELEASE

BASE = "https://hubanalysis.github.io/hubanalysis/"


def _said(page, name):
    found = page.html.select(f'meta[name="{name}"], meta[property="{name}"]')
    assert len(found) == 1, name
    return found[0]["content"]


def _url(address):
    return BASE + address.removesuffix("index.html")


def test_a_page_describes_itself_in_a_sentence_or_two(page):
    description = _said(page, "description")
    assert 25 < len(description) <= 210
    assert _said(page, "og:description") == description
    assert not re.search(r"\s{2}|[<>]", description)


def test_a_shared_link_shows_a_title_and_a_picture(page, site):
    title = page.html.h1.get_text().removesuffix("#")
    assert _said(page, "og:title") == title
    assert _said(page, "og:url") == _url(page.address)
    card = _said(page, "og:image").removeprefix(BASE)
    assert Image.open(site / card).size == (1200, 630)


def test_a_page_can_be_cited(page):
    assert _said(page, "citation_title") == _said(page, "og:title")
    assert _said(page, "citation_author")
    assert re.fullmatch(r"\d{4}/\d\d/\d\d", _said(page, "citation_publication_date"))
    cited = page.html.select_one(".cite-this-page")
    assert _url(page.address) in cited.p.get_text()
    assert "@incollection{" in cited.pre.get_text()


def test_a_page_says_its_version_and_day(page):
    footer = page.html.select_one("footer.site-footer").get_text()
    assert f"Version {RELEASE.removeprefix('v')}" in footer
    assert re.search(r"\d{4}-\d\d-\d\d", footer)


def test_linked_data_name_the_chapter_and_its_figures(page):
    script = page.html.select_one('script[type="application/ld+json"]')
    graph = json.loads(script.string)["@graph"]
    assert "LearningResource" in graph[0]["@type"]
    assert graph[0]["url"] == _url(page.address)
    case = ROOT / "data" / page.name.rpartition("/")[2] / "datapackage.json"
    if case.is_file():
        (data,) = (thing for thing in graph if thing["@type"] == "Dataset")
        assert 50 <= len(data["description"]) <= 5000
        assert data["distribution"]


def test_a_chapter_ends_with_the_works_that_it_cites(page):
    if page.name.endswith("/references"):
        return
    cited = {a["href"] for a in page.content.select('a[href*="references.html#"]')}
    listed = page.content.select("section#references ul.works > li")
    if page.content.select_one("section#references"):
        assert len(listed) == len(cited)


def test_figures_and_exercises_count_by_chapter(page):
    for words in ("figcaption .caption-number", ".exercise .caption-number"):
        numbers = [
            int(re.search(r"\d+", number.get_text())[0])
            for number in page.content.select(words)
        ]
        assert numbers == list(range(1, len(numbers) + 1))


def test_a_link_to_an_exercise_says_its_number(page):
    for exercise in page.content.select(".exercise[id]"):
        number = exercise.select_one(".caption-number").get_text().strip()
        for title in page.content.select(f'a[href="#{exercise["id"]}"]'):
            assert number in title.get_text()


def test_the_map_of_the_site_names_every_page(site):
    tree = ElementTree.parse(site / "sitemap.xml")
    named = {element.text for element in tree.iter() if element.tag.endswith("loc")}
    wanted = {_url(address_of(name)) for name in NAMES if "this-build" not in name}
    assert named == wanted
    robots = (site / "robots.txt").read_text("utf8")
    assert f"Sitemap: {BASE}sitemap.xml" in robots


def test_the_landing_page_stands_at_the_root(site):
    landing = BeautifulSoup((site / "index.html").read_text("utf8"), "html.parser")
    assert landing.select_one("article.bd-article h1")
    assert not landing.select("meta[http-equiv]")


def test_its_old_address_leads_there(site):
    old = site / f"{NAMES[0]}.html"
    html = BeautifulSoup(old.read_text("utf8"), "html.parser")
    refresh = html.select_one("meta[http-equiv=refresh]")["content"]
    target = old.parent / refresh.partition("url=")[2]
    assert target.resolve() == (site / "index.html").resolve()


def test_what_is_not_found_leads_to_the_root(site):
    html = BeautifulSoup((site / "404.html").read_text("utf8"), "html.parser")
    assert {a["href"] for a in html.select("a")} >= {"/hubanalysis/"}
    assert not html.select("link, script[src], img")
