"""Where a question is refused, the strip says what was counted when."""

from datetime import date
from xml.etree import ElementTree

import hubanalysis as hub
from hubanalysis.cases.plan import Counted, Refused
from hubanalysis.show.strip import strip

GAP = Refused(
    "Did closing it do harm?",
    ("nobody counted",),
    (
        Counted("by county", date(2000, 1, 1), date(2018, 6, 30)),
        Counted("by region", date(2020, 1, 1)),
    ),
    {"closes": date(2019, 10, 31), "pandemic": date(2020, 3, 12)},
)


def test_it_tells_in_words_what_it_draws():
    root = ElementTree.fromstring(strip(GAP, 330))
    assert root.get("aria-label") == (
        "Counted were by county from January 2000 to June 2018; by region from January "
        "2020 on. Beside them: closes in October 2019; pandemic in March 2020."
    )
    words = [e.text for e in root if e.tag.endswith("text")]
    assert words == ["closes", "pandemic", "by county", "by region"]


def test_years_without_figures_are_a_dotted_line_and_the_rest_is_in_proportion():
    root = ElementTree.fromstring(strip(GAP, 640))
    bars = [e for e in root if e.tag.endswith("rect")]
    ends = [(float(b.get("x")), float(b.get("width"))) for b in bars]
    gap = [e for e in root if "stroke-dasharray" in e.get("style")]
    assert len(gap) == 1
    left, right = float(gap[0].get("x1")), float(gap[0].get("x2"))
    assert left >= sum(ends[0])
    assert right <= ends[1][0]
    year = (right - left) / 1.5
    assert abs(ends[1][1] / year - 4) < 0.2


def test_nothing_is_drawn_where_the_plan_says_nothing():
    assert strip(Refused("Why?", ("because",)), 640) == ""


def test_the_book_has_two_and_draws_them_for_a_phone_as_well():
    for case, question in (
        ("norwegian-tourism-cluster", "closure"),
        ("yozma", "venture_capital"),
    ):
        refused = hub.Case.open(case).plan.refused[question]
        for length in (640, 330):
            assert strip(refused, length).startswith("<svg")
