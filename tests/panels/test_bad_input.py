"""What people really pass: a right answer, or a sentence of ours with a way out.

How a column or a table is read by itself, and what of it is refused, is in
test_reading.py and test_checks.py.
"""

import datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hubanalysis as hub
from tests.panels.tables import long, panel, starting

TABLE = long()


def monthly(df):
    return df.assign(year=pd.PeriodIndex([f"{y}-01" for y in df["year"]], freq="M"))


def dated(df):
    return df.assign(year=pd.to_datetime(df["year"].astype(str)))


def with_unit(old, new, rows=None):
    """The table in which a unit is called otherwise, in all rows or in some."""
    df = long()
    mask = df["unit"] == old
    if rows is not None:
        mask &= df["year"].isin(rows)
    return df.assign(unit=df["unit"].astype(object).mask(mask, new))


def column(name, change):
    df = long()
    return df.assign(**{name: change(df[name])})


def treated_in(unit, years):
    df = long()
    return df.assign(first=((df["unit"] == unit) & df["year"].isin(years)))


# What is taken, and means the same as the plain table with u0 treated from 2003.
TAKEN = {
    "a dict of columns": lambda: panel(TABLE.to_dict("list")),
    "units of string": lambda: panel(column("unit", lambda c: c.astype("string"))),
    "units of object": lambda: panel(column("unit", lambda c: c.astype(object))),
    "units of category": lambda: panel(column("unit", lambda c: c.astype("category"))),
    "units with trailing spaces": lambda: panel(with_unit("u0", "u0 ")),
    "trailing spaces in some rows": lambda: panel(with_unit("u0", "u0 ", [2001])),
    "trailing spaces in a date's unit": lambda: panel(first={"u0 ": 2003}),
    "years of Int64": lambda: panel(column("year", lambda c: c.astype("Int64"))),
    "years of int32": lambda: panel(column("year", lambda c: c.astype("int32"))),
    "years of float": lambda: panel(column("year", lambda c: c.astype(float))),
    "years of category": lambda: panel(column("year", lambda c: c.astype("category"))),
    "an outcome of Float64": lambda: panel(column("y", lambda c: c.astype("Float64"))),
    "an outcome of float32": lambda: panel(column("y", lambda c: c.astype("float32"))),
    "rows in another order": lambda: panel(TABLE.sample(frac=1, random_state=0)),
    "an index of its own": lambda: panel(TABLE.set_axis(range(100, 124))),
    "an index with doubles": lambda: panel(TABLE.set_axis([0] * len(TABLE))),
    "infinity for never": lambda: panel(first={"u0": 2003, "u1": np.inf}),
    "nothing for never": lambda: panel(first={"u0": 2003, "u1": None}),
    "NaN for never": lambda: panel(first={"u0": 2003, "u1": np.nan}),
    "pandas.NA for never": lambda: panel(first={"u0": 2003, "u1": pd.NA}),
    "pandas.NaT for never": lambda: panel(first={"u0": 2003, "u1": pd.NaT}),
    "a series of dates": lambda: panel(first=pd.Series({"u0": 2003})),
    "a date of float": lambda: panel(first={"u0": 2003.0}),
    "a date of numpy": lambda: panel(first={"u0": np.int16(2003)}),
    "a date of Decimal": lambda: panel(first={"u0": Decimal(2003)}),
    "a column of dates": lambda: panel(starting(u0=2003), "first"),
    "a column of dates with 0": lambda: panel(starting(u0=2003).fillna(0), "first"),
    "a column of dates with inf": lambda: panel(
        starting(u0=2003).fillna(np.inf), "first"
    ),
    "a column of Int64 dates": lambda: panel(
        starting(u0=2003).astype({"first": "Int64"}), "first"
    ),
    "a column of true and false": lambda: panel(
        treated_in("u0", range(2003, 2006)), "first"
    ),
    "a column of boolean": lambda: panel(
        treated_in("u0", range(2003, 2006)).astype({"first": "boolean"}), "first"
    ),
    "a column of 0 and 1": lambda: panel(
        treated_in("u0", range(2003, 2006)).astype({"first": int}), "first"
    ),
}


@pytest.mark.parametrize("name", TAKEN)
def test_what_can_only_mean_one_thing_is_taken(name):
    made, plain = TAKEN[name](), panel()
    assert made.first_treated == plain.first_treated
    assert list(made.units) == list(plain.units)
    assert list(made.periods) == list(plain.periods)
    np.testing.assert_allclose(made.values, plain.values, rtol=1e-6)


def test_accents_are_one_however_they_are_written():
    composed, apart = "Is\u00e8re", "Ise\u0300re"
    assert composed != apart
    made = panel(with_unit("u1", apart))
    assert composed in made.units
    for name in (composed, apart):
        assert len(made.drop([name]).units) == 3
        assert made.treat({name: 2002}).treated == [composed]


@pytest.mark.parametrize("kind", [monthly, dated])
def test_months_and_days_are_periods(kind):
    made = panel(kind(TABLE), {"u0": "2003-01"})
    assert made.start == 3
    assert hub.did(made).att == pytest.approx(hub.did(panel()).att)


def test_dates_of_python_are_days():
    df = column("year", lambda c: [datetime.date(y, 1, 1) for y in c])
    assert panel(df, {"u0": datetime.date(2003, 1, 1)}).start == 3


def test_tables_of_polars_are_taken():
    polars = pytest.importorskip("polars")
    assert panel(polars.DataFrame(TABLE.to_dict("list"))).frame.equals(panel().frame)


def test_arrow_columns_are_taken():
    pytest.importorskip("pyarrow")
    kinds = {
        "unit": "string[pyarrow]",
        "year": "int64[pyarrow]",
        "y": "double[pyarrow]",
    }
    np.testing.assert_allclose(panel(TABLE.astype(kinds)).values, panel().values)


def covered(**more):
    df = long(6).assign(size=lambda d: d["unit"].str[1].astype(int), people=2.0)
    return panel(df, **({"covariates": "size"} | more))


# What is refused, and a piece of the sentence.
REFUSED = {
    "units in the index": (lambda: panel(TABLE.set_index("unit")), "reset_index"),
    "a list for a column": (
        lambda: hub.Panel.from_long(TABLE, ["unit"], "year", "y", {"u0": 2003}),
        "no column",
    ),
    "names in two cases": (
        lambda: panel(with_unit("u1", "U1", [2004, 2005])),
        "capitals only",
    ),
    "half years": (lambda: panel(column("year", lambda c: c + 0.5)), "float64"),
    "years of Boolean": (
        lambda: panel(column("year", lambda c: c > 2002)),
        "type bool",
    ),
    "years of complex": (
        lambda: panel(column("year", lambda c: c + 0j)),
        "type complex",
    ),
    "a missing year": (
        lambda: panel(column("year", lambda c: c.astype("Int64").mask(c == 2002))),
        "'year' is missing",
    ),
    "an outcome of days": (
        lambda: panel(column("y", lambda c: pd.to_datetime("2000-01-01"))),
        "not a number",
    ),
    "a date between years in a mapping": (
        lambda: panel(first={"u0": 2003.5}),
        "2003.5 is not a period",
    ),
    "minus infinity for a date": (lambda: panel(first={"u0": -np.inf}), "not a period"),
    "a blank for never": (
        lambda: panel(starting(u0="2003").fillna({"first": ""}), "first"),
        "holds '' for u1.*empty",
    ),
    "a complex date": (lambda: panel(starting(u0=2003 + 1j), "first"), "complex"),
    "a set of units": (lambda: panel(first={"u0"}), "must say when"),
    "no dates": (lambda: panel(first=7), "must say when"),
    "a strange unit": (lambda: panel().drop([["u0"]]), "no unit"),
    "a missing unit": (lambda: panel().keep([None]), "no unit"),
    "infinite window": (lambda: panel().window(2001, np.inf), "not a period"),
    "a missing window": (lambda: panel().window(None, 2003), "not a period"),
    "a name for a function": (lambda: panel().transform("log"), "function.*numpy.log"),
    "a number for a panel": (lambda: panel().minus(3), "Panel, not an int"),
    "a DataFrame for a panel": (
        lambda: hub.did(TABLE),
        "did takes a Panel, not a pandas DataFrame.*from_long",
    ),
    "an estimate for a panel": (lambda: hub.did(hub.did(panel())), "Pass its panel"),
    "the class for a panel": (lambda: hub.synthetic_did(hub.Panel), "not a type"),
    "several effects for one": (
        lambda: hub.placebo_in_space(panel(long(8)), hub.group_time_att),
        "group_time_average",
    ),
    "an estimate for an estimator": (
        lambda: hub.randomization_test(panel(), hub.did(panel())),
        "pass hub.did",
    ),
    "a covariate that changes": (lambda: covered(covariates="y"), "changes over time"),
    "a weight that changes": (lambda: covered(weights="y"), "changes over time"),
    "a weight of nothing": (
        lambda: panel(long().assign(w=0.0), weights="w"),
        "not a positive number",
    ),
    "covariates for weights fitted to outcomes": (
        lambda: hub.synthetic_control(covered()),
        "does not take the panel's covariates .size.*plain",
    ),
    "weights for weights fitted to outcomes": (
        lambda: hub.synthetic_did(covered(covariates=None, weights="people")),
        "does not take the panel's weights .people",
    ),
    "weights for Bacon": (
        lambda: hub.bacon_decomposition(covered(covariates=None, weights="people")),
        "does not take the panel's weights",
    ),
    "covariates in a pool": (lambda: covered().pool(["u1", "u2"], "both"), "pool does"),
    "a covariate nobody has": (lambda: hub.did(covered(), ["sise"]), "mean 'size'"),
    "covariates of none": (lambda: hub.did(panel(), ["size"]), "no covariates"),
    "a covariate that tells who is treated": (
        lambda: hub.did(
            panel(
                long(6).assign(who=lambda d: (d["unit"] == "u0").astype(float)),
                covariates="who",
            )
        ),
        "do not tell treated apart",
    ),
    "a varying covariate for Callaway and Sant'Anna": (
        lambda: hub.group_time_att(
            panel(long(6).assign(z=lambda d: d["y"] ** 2), varying="z")
        ),
        "value before treatment",
    ),
    "a hole in a covariate": (
        lambda: panel(long().assign(z=lambda d: d["y"].mask(d["y"] > 11)), varying="z"),
        "covariate 'z' is missing or infinite for u",
    ),
    "errors of a strange kind": (
        lambda: hub.did(panel(), errors="robust"),
        "errors must",
    ),
    "clusters of some": (lambda: hub.did(panel(), clusters={"u0": 1}), "no cluster"),
    "one cluster": (
        lambda: hub.did(panel(), clusters=dict.fromkeys(panel().units, 1)),
        "all units lie in one cluster",
    ),
    "a name for clusters": (
        lambda: hub.did(panel(), clusters="state"),
        "unit: cluster",
    ),
    "half a period of anticipation": (
        lambda: hub.imputation(panel(), anticipation=0.5),
        "whole number",
    ),
    "anticipation of everything": (
        lambda: hub.group_time_att(panel(), anticipation=3),
        "no group has a period",
    ),
    "holes that leave no control": (
        lambda: hub.did(
            panel(long().query("unit == 'u0' or year < 2003"), balanced=False)
        ),
        "do not tell treated apart",
    ),
    "strata that are lists": (
        lambda: hub.randomization_test(
            panel(), hub.did, strata={u: [1] for u in panel().units}
        ),
        "no single value",
    ),
    "an event plot without errors": (
        lambda: hub.event_plot(
            hub.did(hub.simulate_panel(units=8, periods=8, treated=4, start=5, seed=0))
        ),
        "no standard errors to draw",
    ),
    "survey rows without dates": (
        lambda: hub.CrossSections.from_long(TABLE, "year", "y", "law"),
        "no column 'law'",
    ),
    "a survey for a panel": (
        lambda: hub.did(
            hub.CrossSections.from_long(starting(u0=2003), "year", "y", "first")
        ),
        "not a CrossSections",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_done_is_refused_by_name(name):
    act, message = REFUSED[name]
    with pytest.raises(hub.HubError, match=message):
        act()


def test_equal_strata_are_one_however_they_are_written():
    made = panel(long(6), {"u0": 2003, "u1": 2003})
    whole = hub.randomization_test(made, hub.did)
    mixed = dict(zip(made.units, [1, 1.0, 1, 1.0, 1, 1.0]))
    assert len(hub.randomization_test(made, hub.did, mixed).estimates) == len(
        whole.estimates
    )


def is_ours(refusal):
    """Whether it is a sentence of this library's, raised by it."""
    place = refusal.__traceback__
    while place.tb_next:
        place = place.tb_next
    here = "hubanalysis" in place.tb_frame.f_code.co_filename
    return here and str(refusal)[-1] in ".?)"


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 2010),
    st.floats(),
    st.text(max_size=3),
    st.sampled_from([pd.NA, pd.NaT, 2003.5, "u0", 1j, Decimal(2), ["u0"]]),
)
ESTIMATORS = [
    hub.did,
    hub.event_study,
    hub.imputation,
    hub.group_time_average,
    hub.synthetic_control,
    hub.augmented_synthetic_control,
    hub.synthetic_did,
]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["unit", "year", "y", "first", "z"]),
                  st.integers(0, 23), CELLS),
        max_size=3,
    ),
    st.one_of(CELLS, st.just("first"), st.dictionaries(st.sampled_from(
        ["u0", "u1 ", "zz", 3]), CELLS, max_size=2)),
    st.booleans(),
    st.sampled_from(ESTIMATORS),
)  # fmt: skip
def test_whatever_is_passed_gives_an_answer_or_a_sentence(edits, first, balanced, ask):
    df = long().assign(first=np.nan, z=1.0)
    for name, row, value in edits:
        cells = df[name].astype(object).tolist()
        cells[row] = value
        df[name] = pd.Series(cells).infer_objects()
    options = {"balanced": balanced, "weights": "z"}
    try:
        made = hub.Panel.from_long(df, "unit", "year", "y", first, **options)
        answer, refusal = ask(made.plain()).att, None
    except ValueError as error:
        answer, refusal = 0.0, error
    assert np.isfinite(answer)
    assert refusal is None or is_ours(refusal)
