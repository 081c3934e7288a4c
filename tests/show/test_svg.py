"""The SVG of a page takes its colours, shares no ids, and is the same every time."""

import re
from xml.etree import ElementTree

import pytest

import hubanalysis as hub
from hubanalysis.show.palette import TOKENS
from hubanalysis.show.svg import file_svg, page_svg


def drawn(colour=None, alt="A line & a dot."):
    def draw(ax):
        ax.plot([0, 1, 2], [0, 2, 1], "o-", color=colour or hub.COLOURS["treated"])
        hub.label_point(ax, "here", (1, 2), "treated")
        ax.set_xlabel("years")

    return page_svg(hub.Figure(draw).drawn(), "fig-a", alt, "hub-wide")


def test_every_colour_is_a_variable_of_the_page_with_the_light_one_to_fall_back_on():
    svg = drawn()
    assert "var(--hub-teal, #14606e)" in svg
    bare = re.sub(r"var\(--hub-([a-z-]+), (#\w{6})\)", "", svg)
    assert not re.search(r"(fill|stroke): (#|rgb|black|white)", bare)
    named = set(re.findall(r"var\(--hub-([a-z-]+), (#\w{6})\)", svg))
    assert all(TOKENS[name] == colour for name, colour in named)


def test_a_colour_that_no_page_can_replace_is_refused():
    with pytest.raises(ValueError, match=r"colour #ff0000.*hub\.COLOURS"):
        drawn("#ff0000")


def test_words_stay_words_in_the_letters_of_the_page():
    root = ElementTree.fromstring(drawn())
    texts = root.findall(".//{http://www.w3.org/2000/svg}text")
    assert {"here", "years"} <= {text.text for text in texts}
    assert "font-family" not in "".join(text.attrib["style"] for text in texts)
    assert "--hub-font" in root.attrib["style"]
    # matplotlib 3.8 tells all of a font in one.
    size = re.compile(r"(?:font-size: |font: (?:\w+ )*)([\d.]+)px")
    sizes = [float(size.search(t.attrib["style"])[1]) for t in texts]
    assert min(sizes) >= 12


def test_it_says_what_is_to_be_seen_and_how_large_it_is():
    root = ElementTree.fromstring(drawn())
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == "A line & a dot."
    size = root.attrib["width"], root.attrib["height"]
    assert root.attrib["viewBox"] == f"0 0 {size[0]} {size[1]}" == "0 0 728 360"


def test_two_drawings_are_the_same_to_the_byte():
    assert drawn() == drawn()


def test_ids_carry_the_name_of_the_figure_and_all_that_is_referred_to_is_there():
    svg = drawn()
    ids = re.findall(r'id="([^"]+)"', svg)
    assert len(ids) == len(set(ids))
    assert all(name.startswith("fig-a-") for name in ids)
    assert set(re.findall(r'(?:href="|url\()#([^")]+)', svg)) == set(ids)


def test_nothing_of_it_reaches_beyond_it():
    assert not re.search(
        r"<style|<metadata|https?://(?!www\.w3\.org/2000/svg)", drawn()
    )


def test_as_a_file_it_has_plain_colours_and_a_ground():
    svg = file_svg(drawn())
    assert "var(" not in svg
    assert f'fill="{TOKENS["paper"]}"' in svg
    ElementTree.fromstring(svg)
