"""Claims, published evaluations and costs agree with the book they serve."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def claims():
    return hub.load("evidence/claims")


@pytest.fixture(scope="module")
def evaluations():
    return hub.load("evidence/evaluations")


@pytest.fixture(scope="module")
def keys():
    text = (ROOT / "references.bib").read_text(encoding="utf-8")
    return set(re.findall(r"^@\w+\{([^,]+),", text, flags=re.M))


def test_all_four_texts_have_their_claims_in_the_ledger(claims, keys):
    counts = claims["source"].value_counts()
    assert len(claims) >= 45
    assert counts.min() >= 8
    assert len(counts) == 4
    assert set(counts.index) <= keys


def test_a_verdict_is_computed_from_a_case_or_says_what_it_rests_on(claims):
    computed = claims["verdict"] == "computed"
    assert claims.loc[computed, "test"].notna().all()
    assert claims.loc[computed, "because"].isna().all()
    assert claims.loc[~computed, "because"].notna().all()
    tested = claims["verdict"].isin(["supported", "contradicted"])
    assert claims.loc[tested, "test"].notna().all()


def test_cases_and_outcomes_of_the_ledger_exist(claims):
    named = claims.dropna(subset=["case"])
    for name, outcome in set(zip(named["case"], named["outcome"])):
        plan = hub.Case.open(name).plan
        assert outcome in plan.outcomes or outcome in plan.refused


def test_a_refused_question_is_not_testable_in_the_ledger(claims):
    named = claims.dropna(subset=["case"])
    refused = [
        outcome in hub.Case.open(name).plan.refused
        for name, outcome in zip(named["case"], named["outcome"])
    ]
    assert (named.loc[refused, "verdict"] == "not testable").all()


@pytest.mark.parametrize("table", ["claims", "programmes"])
def test_chapters_and_cases_that_are_named_are_there(table):
    frame = hub.load(f"evidence/{table}")
    column = "chapter" if table == "claims" else "case"
    for name in frame[column].unique():
        assert (ROOT / "chapters" / f"{name}.md").exists()


def test_counted_facts_of_the_ledger_are_those_of_the_figures(claims):
    basis = claims.set_index("claim_id")["because"]
    finalists = hub.load("build-back-better/bbbrc_finalists")
    awards = finalists.loc[finalists["winner"], "award"].sum()
    assert f"{awards:.0f} million" in basis["yu-12"]
    paid = hub.load("build-back-better/tech_hubs")["award_2024"].sum()
    assert f"{paid:.0f} million" in basis["yu-14"]
    zones = hub.load("hangzhou-pilot-zone/pilot_zones").set_index("city")
    assert len(zones) == 18
    assert f"{zones.loc['Hangzhou', 'date_letter']:%d %B %Y}" in basis["yu-24"]
    sums = {
        name: hub.load(f"specialisation/{name}").query("year == 2019")
        for name in ("exports", "exports_world")
    }
    korea = sums["exports"].query("iso3 == 'KOR'").set_index("product")["value"]
    world = sums["exports_world"].set_index("product")["value"]
    quotient = korea["MAMTOTIC"] / korea["TO"] / (world["MAMTOTIC"] / world["TO"])
    assert quotient == pytest.approx(4, abs=0.7)
    assert "about four" in basis["rangen-15"]
    large = sums["exports"].pivot(index="iso3", columns="product", values="value")
    large = large[large["TO"] > 20e9].dropna(subset=["MAMTOTIC"])
    share = large["MAMTOTIC"] / large["TO"]
    assert (share >= share["KOR"]).sum() == 6
    assert "the sixth among larger exporters" in basis["rangen-15"]


def test_only_checked_works_are_used_and_all_of_these_can_be_cited(evaluations, keys):
    used = evaluations[~evaluations["doubtful"]]
    assert set(used["key"]) <= keys
    assert len(used["key"].unique()) > 45
    assert evaluations["doubtful"].any()


def test_no_chapter_cites_a_work_that_the_evidence_calls_doubtful(evaluations):
    doubtful = set(evaluations.loc[evaluations["doubtful"], "key"])
    for chapter in (ROOT / "chapters").glob("*.md"):
        cited = re.findall(r"{cite:\w+}`([^`]+)`", chapter.read_text(encoding="utf-8"))
        assert not doubtful & set(",".join(cited).split(",")), chapter.name


def test_an_interval_holds_its_estimate_and_comes_from_a_table(evaluations):
    printed = evaluations.dropna(subset=["low"])
    assert (printed["low"] <= printed["estimate"]).all()
    assert (printed["estimate"] <= printed["high"]).all()
    assert (printed["read"] == "table").all()
    assert printed["key"].unique().tolist() == ["AIPZcarbon2025"]


def test_an_effect_says_its_unit_and_whether_it_is_level_or_growth(evaluations):
    seen = evaluations.dropna(subset=["estimate"])
    assert seen["unit"].notna().all()
    assert seen["form"].notna().all()
    share = seen[seen["unit"] == "share"]["estimate"]
    assert share.between(-1, 2).all()
    sign = seen["sign"]
    assert (seen.loc[sign == "gain", "estimate"] > 0).all()
    assert (seen.loc[sign == "loss", "estimate"] < 0).all()


def test_grades_follow_the_design(evaluations):
    design = evaluations["design"].str.lower()
    grade = evaluations["maryland"]
    strong = design.str.contains("discontinuity") | (design == "instrument")
    assert (grade[strong] == 4).all()
    middle = design.str.contains("difference-in-differences|synthetic control")
    assert (grade[middle] == 3).all()
    assert grade[design.str.contains("not stated|method not seen")].isna().all()
    assert (grade[design == "no counterfactual"] == 1).all()


def test_both_signs_and_nothing_are_among_the_effects(evaluations):
    assert {"gain", "loss", "none"} <= set(evaluations["sign"])


def test_yardsticks_of_the_cases_are_among_the_evaluations(evaluations):
    values = evaluations.dropna(subset=["estimate"])
    for name in hub.datasets().index:
        if not (ROOT / "data" / name / "plan.toml").exists():
            continue
        for mark in hub.Case.open(name).plan.yardsticks:
            if mark.kind == "comparable":
                beside = values[values["case"] == name]["estimate"]
                assert (beside - mark.value).abs().min() == pytest.approx(0)


def test_costs_are_those_of_the_plans():
    costs = hub.load("evidence/programmes").set_index("programme_id")
    facts = {name: hub.Case.open(name).plan.facts for name in costs["case"]}
    assert costs["case"].is_unique

    def of(case, fact):
        return facts[case][fact].value

    expected = pd.Series(
        {
            "nce-tourism": 10 * of("norwegian-tourism-cluster", "cluster_money"),
            "yozma": of("yozma", "yozma_money"),
            "k-belt": 1e12 * of("k-semiconductor-belt", "investment"),
            "challenge": of("build-back-better", "awards"),
        }
    )
    assert (costs.loc[expected.index, "cost"] == expected).all()
    jobs = of("build-back-better", "jobs")
    assert costs.loc["challenge", "claimed"] == jobs
    # What is announced per job has both from one announcement.
    facts = facts["k-semiconductor-belt"]
    assert costs.loc["k-belt", "claimed"] == facts["jobs"].value
    assert facts["jobs"].source == facts["investment"].source
    assert facts["jobs"].source in costs.loc["k-belt", "source"]


@pytest.fixture(scope="module")
def sights():
    return hub.load("evidence/sights")


def test_every_finding_that_is_used_has_a_panel_or_a_reason(evaluations, sights):
    used = evaluations.loc[~evaluations["doubtful"], "evaluation_id"]
    assert set(sights["evaluation_id"]) == set(used)
    none = sights["likeness"] == "none"
    assert sights.loc[none, ["case", "outcome"]].isna().all(axis=None)
    for name, outcome in sights.loc[~none, ["case", "outcome"]].to_numpy():
        assert outcome in hub.Case.open(name).plan.outcomes


def test_a_finding_that_a_plan_names_as_yardstick_is_marked_so(evaluations, sights):
    rows = sights.merge(evaluations, on="evaluation_id", suffixes=("", "_of"))
    planned = rows[rows["likeness"] == "plan"]
    found = set()
    for row in planned.itertuples():
        marks = hub.Case.open(row.case).plan.yardsticks_of(row.outcome)
        # The plan may count a finding in its own outcome, and says what parts the two.
        size = row.estimate if np.isnan(row.as_ours) else row.as_ours
        found |= {
            row.evaluation_id
            for mark in marks
            if mark.kind == "comparable" and mark.value == pytest.approx(size)
            if mark.unlike == row.unlike
        }
    assert found == set(planned["evaluation_id"])
    # And no finding with a size is set beside a panel by hindsight alone.
    near = rows[rows["likeness"] == "near"]
    assert near["estimate"].isna().all()


def test_a_standard_is_judged_by_a_file_that_is_there():
    standards = hub.load("evidence/standards")
    for file in standards["evidence"].unique():
        assert (ROOT / file).exists(), file
    counts = standards.groupby("standard")["number"].agg(["max", "size"])
    assert (counts["max"] == counts["size"]).all()
    assert {"met", "in part", "not met"} == set(standards["status"])
