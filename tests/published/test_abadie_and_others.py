"""Synthetic control as printed for the Basque Country and for West Germany.

Abadie and Gardeazabal (2003) in the encoding of the Synth package; Abadie, Diamond and
Hainmueller (2015). The weights that Abadie, Diamond and Hainmueller (2010) print for
California cannot be had from the data here, which lack their predictors.
"""

import pandas as pd
import pytest

import hubanalysis as hub
from tests.published.synthetic import basque_country, mean


@pytest.fixture(scope="module")
def basque():
    return basque_country(spain=False)


# Where a search from equal importances ends: an optimum among its neighbours.
NEARBY = {
    **{"illiterate": 2.96e-2, "primary_school": 2.36e-2, "some_high_school": 3.4e-3},
    **{"high_school": 8.5e-4, "investment": 9.8e-3, "gdp": 1.08e-3, "density": 0.451},
    **{"share_agriculture": 8.56e-2, "share_energy": 1.39e-2, "share_industry": 0.223},
    **{"share_construction": 1.1e-3, "share_market_services": 0.154},
    **{"share_other_services": 2.85e-3},
}


def test_the_basque_country_is_catalonia_and_madrid_where_all_predictors_count(basque):
    panel, traits = basque
    estimate = hub.synthetic_control(
        panel, predictors=traits, importance=pd.Series(NEARBY)
    )
    weights = estimate.unit_weights
    printed = {"Cataluna": 0.851, "Madrid (Comunidad De)": 0.149}
    for region, weight in weights.items():
        assert weight == pytest.approx(printed.get(region, 0.0), abs=0.002)
    # Synth prints a mean squared gap of .00886.
    assert estimate.pre_rmspe**2 == pytest.approx(0.00886, abs=2e-5)


def test_west_germany_is_five_countries_with_importances_from_the_years_before():
    """Abadie, Diamond and Hainmueller (2015): chosen on the 1970s, to fit the 1980s."""
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
    eighties = panel.treat({"West Germany": 1991}).window(1981, 2003)
    chosen = hub.synthetic_control(
        eighties, predictors=traits(1971, 1980, (1970, 1975), "invest70")
    )
    estimate = hub.synthetic_control(
        panel,
        predictors=traits(1981, 1990, (1980, 1985), "invest80"),
        importance=chosen.predictor_weights,
    )
    printed = {
        "Austria": 0.42,
        "USA": 0.22,
        "Japan": 0.16,
        "Switzerland": 0.11,
        "Netherlands": 0.09,
    }
    for country, weight in estimate.unit_weights.items():
        assert weight == pytest.approx(printed.get(country, 0.0), abs=0.01)
    # The printed effect; another search for importances lands near it, not on it.
    assert estimate.att == pytest.approx(-1555, abs=40)
