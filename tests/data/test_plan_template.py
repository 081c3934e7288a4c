"""The template's figures are made as it says, and hold the effect put into them."""

import numpy as np

import hubanalysis as hub
from hubanalysis.cases import battery
from tests.cases.ours import written


def test_the_template_finds_the_effect_that_was_put_into_it(tmp_path, monkeypatch):
    # A lot of a few hundred says as much as one of thousands, and sooner.
    monkeypatch.setattr(battery, "FEWER", 399)
    monkeypatch.setattr(battery, "SOME", 0)
    folder = written(hub.Case.new(tmp_path / "ours").folder)
    verdict = hub.Case.from_folder(folder).verdict()
    low, high = verdict.interval
    assert low < np.log(1.1) < high
    assert verdict.conclusion == "effect seen"


def test_plain_did_is_fooled_by_the_jury_of_the_template():
    plain = hub.did(hub.Case.open("plan-template").panel()).att
    assert 1.8 < np.expm1(plain) / 0.1 < 2.2


def test_the_figures_of_the_template_are_those_of_the_simulation():
    made = hub.simulate_panel(
        units=60,
        periods=12,
        treated=20,
        start=8,
        effect=np.log(1.1),
        noise=0.05,
        factors=1,
        selection=0.2,
        seed=7,
    )
    # Levels of firms and years are pulled together, so that jobs look like jobs.
    y = made.frame
    y = y.sub(0.8 * y.mean(axis=1), axis=0).sub(0.95 * y.mean(axis=0))
    jobs = (800 * np.exp(y)).round().to_numpy()
    drift = 0.02 * np.tile(np.arange(12), 60)
    prices = np.random.default_rng(8).normal(drift, 0.05).reshape(60, 12)
    table = hub.load("plan-template/outcomes")
    assert np.array_equal(table["jobs"].to_numpy().reshape(60, 12), jobs)
    revenue = table["revenue"].to_numpy().reshape(60, 12)
    assert np.allclose(revenue, jobs * 0.2 * np.exp(prices), atol=0.0051)
    won = table.groupby("applicant")["first_award"].first().notna().to_numpy()
    assert np.array_equal(won, made.starts < 12)
