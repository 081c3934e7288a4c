"""The nested choice of the importance of predictors."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hubanalysis as hub
from hubanalysis.estimators.predictor_weights import nested_weights
from hubanalysis.estimators.weights import simplex_weights

fast = settings(max_examples=10, deadline=None, derandomize=True)


@pytest.fixture(scope="module")
def california():
    table = hub.load("validation/prop99")
    return hub.Panel.from_long(
        table, "state", "year", "packs_per_head", {"California": 1989}
    )


def test_all_lags_as_predictors_fit_as_well_as_the_outcomes_themselves(california):
    lags = california.frame[list(range(1970, 1989))]
    nested = hub.synthetic_control(california, predictors=lags)
    plain = hub.synthetic_control(california)
    assert nested.pre_rmspe == pytest.approx(plain.pre_rmspe, rel=1e-6)
    assert nested.predictor_weights.sum() == pytest.approx(1)
    assert list(nested.predictor_weights.index) == list(lags.columns)


def mean(table, unit, column, first, last):
    years = table[table["year"].between(first, last)]
    return years.groupby(unit)[column].mean()


def test_the_basque_country_is_catalonia_and_madrid():
    """Abadie and Gardeazabal (2003), with the predictors of the Synth package."""
    table = hub.load("validation/basque").query("region_number != 1")
    levels = ["illiterate", "primary_school", "some_high_school", "high_school"]
    school = mean(table, "region", [*levels, "beyond_high_school"], 1964, 1969)
    school["high_school"] += school.pop("beyond_high_school")
    traits = 100 * school.div(school.sum(axis=1), axis=0)
    traits["investment"] = mean(table, "region", "investment_share", 1964, 1969)
    traits["gdp"] = mean(table, "region", "gdp_per_head", 1960, 1969)
    for share in [c for c in table if c.startswith("share_")]:
        traits[share] = mean(table, "region", share, 1961, 1969)
    traits["density"] = mean(table, "region", "population_density", 1969, 1969)
    panel = hub.Panel.from_long(
        table[table["year"] >= 1960],
        "region",
        "year",
        "gdp_per_head",
        {"Basque Country (Pais Vasco)": 1970},
    )
    estimate = hub.synthetic_control(panel, predictors=traits)
    weights = estimate.unit_weights.round(3)
    assert weights[weights > 0].to_dict() == {
        "Cataluna": 0.851,
        "Madrid (Comunidad De)": 0.149,
    }
    # Synth prints a mean squared gap of .00886.
    assert estimate.pre_rmspe**2 <= 0.008865


def test_west_germany_is_five_countries():
    """Abadie, Diamond and Hainmueller (2015), importances from the 1980s."""
    table = hub.load("validation/german_reunification")

    def traits(first, last, schooling, invest):
        of = {
            "gdp": ("gdp_per_head", first, last),
            "trade": ("trade_openness", first, last),
            "inflation": ("inflation", first, last),
            "industry": ("industry_share", first, last),
            "schooling": ("schooling", *schooling),
            "investment": (invest, 1980, 1980),
        }
        return pd.DataFrame({k: mean(table, "country", *v) for k, v in of.items()})

    panel = hub.Panel.from_long(
        table, "country", "year", "gdp_per_head", {"West Germany": 1990}
    )
    pool, own = panel.donors, "West Germany"
    gdp = panel.frame[list(range(1981, 1991))]
    x = traits(1971, 1980, (1970, 1975), "invest70")
    _, v = nested_weights(
        x.loc[pool].to_numpy().T,
        x.loc[own].to_numpy(),
        gdp.loc[pool].to_numpy().T,
        gdp.loc[own].to_numpy(),
    )
    x = traits(1981, 1990, (1980, 1985), "invest80")
    x = x / x.std() * np.sqrt(v)
    w = simplex_weights(x.loc[pool].to_numpy().T, x.loc[own].to_numpy())
    found = dict(zip(pool, w))
    printed = {
        "Austria": 0.42,
        "USA": 0.22,
        "Japan": 0.16,
        "Switzerland": 0.11,
        "Netherlands": 0.09,
    }
    for country, weight in found.items():
        assert weight == pytest.approx(printed.get(country, 0.0), abs=0.01)


def test_predictors_that_many_mixes_match_leave_the_choice_to_the_outcomes(california):
    lags = california.frame[[1975, 1988]]
    one, two = (
        hub.synthetic_control(california, predictors=x)
        for x in (lags, lags.assign(again=lags[1975] + lags[1988]))
    )
    for estimate in (one, two):
        assert np.allclose(estimate.balance["treated"], estimate.balance["synthetic"])
    # The best mix among those that match the two years exactly.
    before = california.frame[list(range(1970, 1989))]
    strict = before.mul(np.where(before.columns.isin([1975, 1988]), 1e4, 1.0))
    pool = strict.drop(index="California")
    w = simplex_weights(pool.to_numpy().T, strict.loc["California"].to_numpy())
    gap = before.loc["California"] - w @ before.loc[pool.index]
    assert one.pre_rmspe == pytest.approx(np.sqrt(np.mean(gap**2)), rel=1e-3)
    assert two.pre_rmspe == pytest.approx(one.pre_rmspe, rel=1e-3)


@fast
@given(st.integers(0, 999))
def test_units_of_measurement_and_order_do_not_matter(seed):
    panel = hub.simulate_panel(units=9, periods=9, treated=1, start=7, seed=seed)
    lags = panel.frame[[1, 3, 5]]
    order = np.random.default_rng(seed).permutation(9)
    one = hub.synthetic_control(panel, predictors=lags)
    for other in (
        hub.synthetic_control(panel.take(order), predictors=lags),
        hub.synthetic_control(panel, predictors=lags * [1024.0, 1.0, 0.5] + 4.0),
        hub.synthetic_control(panel.with_frame(panel.frame * 1024.0), predictors=lags),
    ):
        assert other.pre_rmspe <= 1024 * one.pre_rmspe * 1.1
    assert one.unit_weights.sum() == pytest.approx(1)


def test_no_importances_fit_better_than_the_outcomes_and_few_fit_worse(california):
    three = california.frame[[1975, 1980, 1988]]
    nested = hub.synthetic_control(california, predictors=three)
    plain = hub.synthetic_control(california)
    assert nested.pre_rmspe >= plain.pre_rmspe - 1e-9
    rng = np.random.default_rng(0)
    x = (three / three.std()).to_numpy()
    is_treated = california.units == "California"
    y = california.values[:, :19]
    for _ in range(300):
        v = np.sqrt(rng.dirichlet(np.ones(3) * 0.5))
        w = simplex_weights(v[:, None] * x[~is_treated].T, v * x[is_treated][0])
        gap = y[is_treated][0] - w @ y[~is_treated]
        assert nested.pre_rmspe <= np.sqrt(np.mean(gap**2)) + 1e-3


def test_the_choice_is_the_same_every_time(california):
    three = california.frame[[1975, 1980, 1988]]
    one, two = (
        hub.synthetic_control(california, predictors=three).unit_weights for _ in "ab"
    )
    assert one.equals(two)
