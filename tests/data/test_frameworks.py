"""The frameworks of the sources, and every case scored on all of them by one rule."""

import re
from pathlib import Path

import pytest

import hubanalysis as hub

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def scores():
    return hub.load("frameworks/scores")


@pytest.fixture(scope="module")
def items():
    lists = [
        hub.load(f"frameworks/{name}") for name in ("checklist", "characteristics")
    ]
    return {item for table in lists for item in table["item"]}


def test_every_case_of_the_book_is_scored_on_every_item(scores, items):
    cases = {path.parent.name for path in (ROOT / "data").glob("*/plan.toml")}
    cases.discard("plan-template")
    scored = scores.groupby("case")["item"].agg(set)
    assert set(scored.index) == cases
    assert all(found == items for found in scored)
    assert not scores.duplicated(["case", "item"]).any()


def test_a_score_that_is_known_has_evidence_and_a_source_that_exists(scores):
    assert set(scores["score"]) == {"yes", "partly", "no", "not known"}
    known = scores[scores["score"] != "not known"]
    assert known["evidence"].notna().all()
    bib = (ROOT / "references.bib").read_text(encoding="utf-8")
    keys = set(re.findall(r"^@\w+\{([^,]+),", bib, flags=re.M))
    assert set(known["source"]) <= keys | {"chapter", "strengths"}


def test_a_part_in_national_growth_is_scored_by_one_rule(scores):
    # By an effect that could be told, never by a share: and none could.
    growth = scores[scores["item"] == "national_growth"]
    assert (growth["score"] == "not known").all()
    assert growth["evidence"].str.contains("no effect").all()


def test_profiles_name_cases_of_the_book(scores):
    named = " ".join(hub.load("frameworks/profiles")["cases"].dropna()).split()
    assert set(named) == set(scores["case"])
