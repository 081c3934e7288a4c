"""Every public name has its place on a page of the library's reference."""

import re
from pathlib import Path

import hubanalysis as hub

ROOT = Path(__file__).parents[2]
LIST = ROOT / "chapters" / "api.md"
PAGES = sorted((ROOT / "chapters" / "api").glob("*.md"))
NAME = re.compile(r"^\.\. (?:auto\w+|py:data):: (\w+)$", flags=re.M)
DOCUMENTED = [name for page in PAGES for name in NAME.findall(page.read_text("utf8"))]


def page_of(name):
    """The page for a name: that of the room in which it is defined."""
    thing = getattr(hub, name)
    module = getattr(thing, "__module__", "") if callable(thing) else ""
    room = module.removeprefix("hubanalysis.").partition(".")[0]
    return f"chapters/api/{room or '<room>'}.md"


def test_each_public_name_is_on_a_page():
    lost = sorted(set(hub.__all__) - set(DOCUMENTED))
    told = [f"write `.. autofunction:: {n}` into {page_of(n)}" for n in lost]
    assert not lost, "\n".join(["", *told])


def test_a_page_lists_public_names_only_and_each_once():
    strange = sorted(set(DOCUMENTED) - set(hub.__all__))
    assert not strange, (
        f"import {strange} in src/hubanalysis/__init__.py and add to __all__"
    )
    twice = sorted({n for n in DOCUMENTED if DOCUMENTED.count(n) > 1})
    assert not twice, f"{twice} stand on more than one page of chapters/api"


def test_the_first_page_lists_each_of_them_under_its_title():
    listed = re.findall(r"^- \[(.+?)\]\(api/(\w+)\.md\)", LIST.read_text("utf8"), re.M)
    titles = {page.stem: page.read_text("utf8").split("\n")[0][2:] for page in PAGES}
    assert {stem: title for title, stem in listed} == titles
    contents = re.findall(r"chapters/api/(\w+)", (ROOT / "_toc.yml").read_text("utf8"))
    assert [stem for _, stem in listed] == contents
