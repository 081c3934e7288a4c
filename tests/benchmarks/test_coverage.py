"""What `benchmarks/` writes is whole, is what the pages show, and is not stale."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub
from benchmarks import coverage
from hubanalysis.estimators.regression import SMALL_GROUP

ROOT = Path(__file__).parents[2]


KEY = ["kind", "world", "method", "how", "units", "periods", "treated"]


@pytest.fixture(scope="module")
def rates():
    return hub.load("validation/coverage")


def test_the_table_has_the_rows_that_the_script_would_write(rates):
    few = coverage.table(runs=2)
    assert list(few.columns) == list(rates.columns)
    # Two studies may all be refused by one method; the table never has fewer rows.
    asked, written = (set(map(tuple, t[KEY].to_numpy())) for t in (few, rates))
    assert asked <= written
    assert {key[:3] for key in asked} == {key[:3] for key in written}
    runs = {s.runs for s in coverage.STUDIES}
    assert set(rates.query("kind == 'coverage'")["runs"]) <= runs


def test_panels_of_a_case_have_its_shape_and_are_dealt_out_by_lot():
    case = coverage.CITIES
    one, two, again = (case.draw(seed) for seed in (1, 2, 1))
    for drawn in (one, two):
        assert sorted(drawn.starts) == sorted(case.panel.starts)
        dated = [case.strata[unit] for unit in drawn.treated]
        assert sorted(dated) == sorted(case.strata[u] for u in case.panel.treated)
    assert set(one.treated) != set(two.treated)
    np.testing.assert_array_equal(one.values, again.values)


def test_changes_remember_the_one_before_as_those_of_the_case_do():
    case = coverage.CITIES
    memory, _ = case.memory
    changes = np.diff(case.draw(0).values[:, 1:], axis=1)
    early, late = changes[:, :-1].ravel(), changes[:, 1:].ravel()
    assert changes.std() == pytest.approx(1, abs=0.1)
    assert np.corrcoef(early, late)[0, 1] == pytest.approx(memory, abs=0.05)


def test_the_same_seeds_give_the_same_answers():
    study = next(s for s in coverage.STUDIES if s.ask is coverage.weighted)
    assert study.answers(3) == study.answers(3)
    again = [coverage.rows_of(study, 20) for _ in range(2)]
    assert again[0] == again[1]


def test_an_interval_that_is_always_too_short_is_found_out():
    def blind(panel, seed, strata):
        point = hub.did(coverage.affected(panel)).att
        return {("coverage", "a point", "no width"): coverage.holds((point, point))}

    shape = coverage.shape(8, 4, 4, 3)
    row = coverage.rows_of(coverage.Study(blind, 20, "", shape), 20)[0]
    assert row["share"] == 0
    assert row["lower"] == 0
    assert row["upper"] < 0.2


def test_a_study_that_the_fit_bar_refuses_promises_no_detectable_effect(monkeypatch):
    study = next(s for s in coverage.STUDIES if s.ask.__name__ == "did by lot")
    assert {kind for kind, *_ in study.answers(0)} == {"size", "coverage", "power"}
    lot = coverage.hub.randomization_test

    def barred(*args, **options):
        found = lot(*args, **options)
        found.barred[0] = True
        return found

    monkeypatch.setattr(coverage.hub, "randomization_test", barred)
    answers = study.answers(0)
    assert {kind for kind, *_ in answers} == {"size", "coverage"}
    assert [answers[key] for key in answers if key[0] == "size"] == [False]


def test_shares_lie_within_their_bounds(rates):
    assert rates["share"].between(0, 1).all()
    assert (rates["lower"] <= rates["share"]).all()
    assert (rates["share"] <= rates["upper"]).all()


def test_intervals_as_assumed_hold_the_truth_93_to_97_in_100_or_more(rates):
    own = rates.query("kind == 'coverage' and world == 'as assumed'")
    assert len(own) > 15
    # Too short is a fault. Too wide is one only where nothing forces it: an interval
    # for the worst case is wide in every other.
    assert (own["share"] >= 0.93).all()
    wide = own[own["share"] > 0.97]
    wide = wide[~wide["how"].str.startswith("prediction interval")]
    assert set(wide["method"]) <= {"honest bounds"}


def test_the_one_test_keeps_its_promises_on_the_shape_of_every_case(rates):
    lots = rates[rates["how"].str.contains("by lot|planted")]
    lots = lots[~lots["how"].str.contains("band")]
    lots = lots[~lots["world"].str.contains(coverage.NOISY)]
    by_kind = {kind: rows.set_index("world") for kind, rows in lots.groupby("kind")}
    cases = set(coverage.ONE_DATE) | set(coverage.DATES)
    assert set(by_kind["size"].index) == set(by_kind["coverage"].index) == cases
    # Twelve countries can reject nothing, and nothing is too large to fit.
    assert cases - set(by_kind["power"].index) == {"Korea"}
    assert (by_kind["size"].loc["Korea", "share"] == 0).all()
    # A share may miss what is promised by chance, not by more.
    assert (by_kind["size"]["lower"] <= 0.05).all()
    assert (by_kind["coverage"]["upper"] >= 0.95).all()
    assert (by_kind["power"]["upper"] >= 0.78).all()
    assert (by_kind["power"]["lower"] <= 0.90).all()


def test_the_one_test_is_asked_of_every_estimator_that_a_plan_may_name(rates):
    asked = set(rates.loc[rates["how"] == "test by lot", "method"])
    known = {known.label for known in coverage.hub.ESTIMATORS.values()}
    assert asked == known, (
        "benchmarks/coverage.py: a Study of its test by lot, then run"
    )


def test_the_interval_at_ninety_percent_holds_ninety_where_it_is_printed(rates):
    found = rates[rates["kind"] == "coverage at 90%"]
    assert set(found["world"]) == {"Korea", "Yozma"}
    # Shares of few places come in steps: one in twelve is less than a tenth.
    steps = 1 - np.floor(0.1 * found["units"]) / found["units"]
    assert ((found["lower"] <= steps) & (found["upper"] >= steps)).all()


def test_treated_that_move_twice_as_far_are_taken_for_an_effect_where_they_are_few(
    rates,
):
    noisy = rates[rates["world"].str.contains(coverage.NOISY)].set_index("world")
    assert set(noisy["kind"]) == {"size"}
    few = noisy.loc[
        [f"{name}, {coverage.NOISY}" for name in ("Western Norway", "Yozma")]
    ]
    many = noisy.loc[f"Build Back Better, {coverage.NOISY}"]
    assert few["lower"].min() > many["upper"].max() > 0.05


def test_the_band_by_lot_holds_on_every_shape_and_the_bootstraps_does_not(rates):
    bands = rates[rates["how"].str.startswith("all event times")]
    lot = bands[bands["how"].str.endswith("by lot")]
    assert set(lot["world"]) == {
        *(set(coverage.ONE_DATE) - {"Korea"}),
        *coverage.DATES,
        coverage.AS_ASSUMED,
    }
    assert (lot["upper"] >= 0.95).all()
    usual = bands[bands["how"].str.endswith("bootstrap band")].set_index("world")
    assert (usual.loc[list(coverage.DATES), "upper"] < 0.90).all()


def test_the_librarys_note_on_small_groups_is_where_bands_fall_below_ninety(rates):
    small = rates.query("world == @coverage.SMALL and kind == 'coverage'")
    size = small["how"].str.extract(r"(\d+)$")[0].astype(int)
    assert (small[size < SMALL_GROUP]["upper"] < 0.90).all()
    assert (small[size >= SMALL_GROUP]["upper"] >= 0.90).all()


def test_the_librarys_note_on_short_kernels_is_what_long_memories_do_to_them(rates):
    kernel = rates[rates["world"] == coverage.KERNEL]
    assert set(kernel["periods"]) == set(coverage.LENGTHS)
    memory = kernel["how"].str.extract(r"memory (\S+)$")[0].astype(float)
    short = kernel["how"].str.startswith("Driscoll-Kraay")
    by_memory = kernel[short].groupby(memory)
    lowest, highest = by_memory["upper"].min(), by_memory["upper"].max()
    # The more is remembered the less they hold, however long the panel is.
    assert highest[0.9] < lowest[0.5] < 0.95
    assert (kernel[~short]["upper"] >= 0.95).all()


def test_every_interval_and_test_of_the_library_is_among_them(rates):
    asked = set(rates["method"])
    assert asked >= {
        *("difference-in-differences", "detrended DiD", "event study"),
        *("group-time ATT", "imputation", "wild cluster bootstrap"),
        *("synthetic control", "synthetic DiD", "honest bounds"),
        "group-time average",
    }
    for how in (
        "band by lot",
        "bootstrap band",
        "jackknife",
        "conformal",
        "prediction",
    ):
        assert rates["how"].str.contains(how).any()


@pytest.fixture(scope="module")
def speed():
    path = ROOT / "benchmarks" / "results" / "speed.csv"
    return pd.read_csv(path).set_index("what")


def test_the_page_shows_the_table_of_times(speed):
    page = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    table = page.split("<!-- speed -->")[1].split("<!-- end of speed -->")[0]
    rows = re.findall(r"^\| (.+?) \| \S+ \| .* \| ([\d.,]+) \| (\d+) \|$", table, re.M)
    shown = {what: float(ratio.replace(",", "")) for what, ratio, _ in rows}
    measured = speed[speed["ratio"].notna()]
    assert list(shown) == list(measured.index)
    np.testing.assert_allclose(list(shown.values()), measured["ratio"], atol=0.06)


@pytest.mark.parametrize(
    "what",
    [
        *(
            "group-time ATTs, 1000 draws, 10,000 x 20",
            "group-time ATTs, 1000 draws, 500",
        ),
        *("synthetic control and 38 placebos", "synthetic DiD, all 38 placebos"),
        *("nested V, three lags", "honest bounds", "wild cluster bootstrap"),
    ],
)
def test_every_promise_of_speed_is_measured_or_says_why_not(speed, what):
    rows = speed[speed.index.str.startswith(what)]
    assert len(rows)
    assert (rows["ratio"].notna() | rows["note"].notna()).all()


def test_ratios_that_do_not_hang_on_the_machine_are_what_was_promised(speed):
    # Group-time effects and the wild bootstrap are close enough for a busy machine
    # to decide; the table shows what was asked beside what was found.
    far = speed[speed["asked"] >= 5].dropna(subset="ratio")
    assert (far["ratio"] >= far["asked"]).all(), far


def test_the_times_of_whole_lots_are_shown_beside_what_was_asked():
    lots = pd.read_csv(ROOT / "benchmarks" / "results" / "speed_lot.csv")
    page = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    table = page.split("<!-- lots -->")[1].split("<!-- end of lots -->")[0]
    shown = [line.split("|") for line in table.strip().splitlines()[2:]]
    assert [cells[1].strip() for cells in shown] == list(lots["what"])
    np.testing.assert_allclose([float(c[7]) for c in shown], lots["all"], atol=0.006)
    assert list(lots["asked"].dropna()) == [1, 1, 5, 3, 3, 10]
    assert "at a load of" in lots["what"].iloc[-1]


def test_the_whole_rule_is_asked_as_a_chapter_applies_it():
    study = next(s for s in coverage.STUDIES if s.ask is coverage.whole_rule)
    for seed in range(3):
        answers = {how: told for (_, _, how), told in study.answers(seed).items()}
        found = answers["detectable effect of the rule"]
        assert answers["detectable effect of the rule, and no alarm"] == (
            found and not answers["alarm at the pretended date"]
        )
        # What all see and no alarm forbids is what a card calls seen.
        assert answers["seen by the whole rule"] == (
            answers["seen by all that are heard, alarm or not"]
            and not answers["alarm at the pretended date"]
        )


@pytest.mark.parametrize("effect", [3.0, -3.0])
def test_all_see_an_effect_on_its_own_side_alone(effect):
    panel = hub.simulate_panel(
        units=24, periods=12, treated=2, start=9, effect=effect, noise=0.1, seed=0
    )
    plan = hub.OutcomePlan(main="did", also=("synthetic_did",), contest=True)
    battery = coverage.Contested("", "", plan, panel)
    assert coverage.all_see(battery, effect)
    assert not coverage.all_see(battery, -effect)
