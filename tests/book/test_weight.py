"""What pages weigh. How long they take is measured by tools.pages.measure."""

import gzip

import pytest

from tools.pages.weigh import site_weight, weight


def test_a_page_and_all_that_it_loads_are_light(page, site):
    assert weight(site / page.address) < 500_000


def test_the_site_is_light(site):
    assert site_weight(site) < 10_000_000


@pytest.mark.parametrize("kind", ["*.map", "*.ttf", "*fontawesome*", "*mathjax*"])
def test_the_site_holds_nothing_that_no_page_needs(site, kind):
    assert list(site.rglob(kind)) == []


def test_scripts_wait_and_styles_come_at_once(page):
    scripts = page.html.select("script[src]")
    assert scripts
    assert all(s.has_attr("defer") or s.get("type") == "module" for s in scripts)
    assert len(page.html.select("link[rel=stylesheet]")) == 1


def test_what_there_is_to_try_brings_little_data(page):
    data = "".join(s.text for s in page.html.select(".hub-try > script"))
    assert len(gzip.compress(data.encode())) < 60_000
