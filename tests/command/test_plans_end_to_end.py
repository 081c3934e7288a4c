"""What a plan can ask for, from a table to its verdict by the command alone."""

import json

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub
from tests.cases.ours import own_words
from tests.command.own import say

YEARS = range(2010, 2020)
NAMES = [f"T{i:02d}" for i in range(24)]
TRUTH = 0.4
TAKES = '["event_study", "imputation"]'


def towns(waves=False):
    """Twenty-four towns of which eight win; jobs and people, two regions, two sizes."""
    rng = np.random.default_rng(4)
    rows = []
    for i, name in enumerate(NAMES):
        start = 0 if i >= 8 else 2018 if waves and i % 2 else 2016
        people = float(1000 * rng.integers(5, 90))
        path = np.cumsum(rng.normal(0, 0.03, len(YEARS)))
        for year, drift in zip(YEARS, path):
            rate = 0.4 * np.exp(drift + TRUTH * (0 < start <= year))
            rows.append(
                (name, year, start or "", people * rate, people, "ab"[i % 2], people)
            )
    head = ["town", "year", "won", "jobs", "people", "region", "size"]
    return pd.DataFrame(rows, columns=head)


@pytest.fixture
def ask(tmp_path, few_draws):
    """Write a folder of the command's own, change its plan, and run it."""

    def asked(table, *words, **changes):
        path = tmp_path / "towns.csv"
        table.to_csv(path, index=False)
        folder = tmp_path / "towns"
        say("new", folder, "--from", path, "--outcome", "jobs", "--treated", "won",
            code=0)  # fmt: skip
        plan = folder / "plan.toml"
        text = own_words(plan.read_text("utf8"))
        for key, value in changes.items():
            lines = [li for li in text.splitlines() if not li.startswith(f"{key} =")]
            text = "\n".join([*lines, f"{key} = {value}", ""])
        plan.write_text(text + "\n".join(words), "utf8")
        return folder, json.loads(say("run", folder, "--json", code=0))

    return asked


def is_seen(told):
    low, high = told["interval"]
    assert low < TRUTH < high
    assert told["p_value"] <= 0.05
    assert 0 < told["mde"] < TRUTH
    assert told["conclusion"] == "effect seen"
    assert told["estimate"] == pytest.approx(TRUTH, abs=0.1)


def test_one_date(ask):
    _, told = ask(towns())
    is_seen(told)


def test_several_dates(ask):
    _, told = ask(towns(waves=True))
    is_seen(told)
    assert told["estimator"] == "group-time average"


def test_a_rate_with_its_denominator(ask):
    folder, told = ask(towns(), share_of='"people"')
    is_seen(told)
    levels = hub.Case.from_folder(folder).levels().values
    assert levels.max() < 2


def test_groups_within_which_treatment_could_have_fallen(ask):
    folder, told = ask(towns(), strata='{ table = "outcomes", column = "region" }')
    is_seen(told)
    battery = hub.Case.from_folder(folder).battery()
    in_a = np.array([battery.strata[u] == "a" for u in battery.panel.units])
    never = len(battery.panel.periods)
    assert ((battery.lot.starts < never)[:, in_a].sum(axis=1) == 4).all()


def test_weights_move_the_answer_towards_who_counts_most(ask):
    table = towns()
    wins = table["won"] != ""
    heavy = table.loc[wins, "town"].unique()[:4]
    table["size"] = np.where(table["town"].isin(heavy), 60, 1)
    # Those that count most gain nothing, half of all.
    none = table["town"].isin(heavy) & (table["year"] >= 2016)
    table.loc[none, "jobs"] /= np.exp(TRUTH)
    folder, told = ask(table, main='"did"', also=TAKES, weights='"size"')
    assert told["estimate"] == pytest.approx(0, abs=0.1)
    alike = hub.did(hub.Case.from_folder(folder).panel().plain())
    assert alike.att == pytest.approx(TRUTH / 2, abs=0.1)


def test_several_outcomes(ask):
    more = '\n[outcomes.people]\nrole = "contrast"\ntable = "outcomes"\nunit = "town"\n'
    more += 'period = "year"\nvalue = "people + year"\nfirst_treated = "won"\n'
    more += 'main = "did"\ntransform = "log"\n'
    folder, told = ask(towns(), more)
    assert told["outcome"] == "jobs"
    both = json.loads(
        say("run", folder, "--json", "--outcome", "jobs", "--outcome", "people", code=0)
    )
    assert [one["outcome"] for one in both] == ["jobs", "people"]
    assert abs(both[1]["estimate"]) < 0.01


def with_holes(waves=False):
    table = towns(waves)
    rng = np.random.default_rng(1)
    out = rng.random(len(table)) < 0.05
    # Blank cells and absent rows are holes alike.
    table.loc[out, "jobs"] = np.nan
    return table.drop(table.index[(rng.random(len(table)) < 0.03)])


def test_figures_with_holes(ask):
    folder, told = ask(with_holes(), main='"did"', also=TAKES, balanced="false")
    is_seen(told)
    panel = hub.Case.from_folder(folder).panel()
    assert not panel.is_balanced
    notes = hub.Case.from_folder(folder).battery().notes
    assert any("figures are missing" in note for note in notes)


def test_figures_with_holes_and_several_dates(ask):
    _, told = ask(
        with_holes(waves=True), main='"imputation"', also='["did"]', balanced="false"
    )
    is_seen(told)


def test_methods_that_take_no_holes_are_refused_by_name(ask):
    with pytest.raises(AssertionError, match=r"synthetic_did cannot be asked.*holes"):
        ask(with_holes(), balanced="false")


def test_methods_that_take_no_weights_are_refused_by_name(ask):
    with pytest.raises(AssertionError, match=r"synthetic_did cannot be asked.*weights"):
        ask(towns(), weights='"size"')


def test_holes_are_refused_as_long_as_the_plan_does_not_allow_them(ask):
    with pytest.raises(AssertionError, match=r"is missing for.*balanced = false"):
        ask(with_holes())


def test_a_report_of_figures_with_holes_can_be_written(ask, tmp_path):
    folder, _ = ask(with_holes(), main='"did"', also=TAKES, balanced="false")
    page = tmp_path / "r.html"
    said = say("report", folder, "-o", page, "--no-notebook-run", code=0)
    assert said.endswith("The notebook beside it has not been run.\n")
    assert "figures are missing" in page.read_text("utf8")
