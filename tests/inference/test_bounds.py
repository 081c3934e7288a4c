"""Bounds under limits on the difference in trends."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats

import hubanalysis as hub
from hubanalysis.inference.bounds import breakdown, honest_bounds
from tests.estimators.staggered import panel_of
from tests.inference.studies import Study, ends, random_study, study


def test_honest_bounds_want_a_universal_base():
    panel = panel_of(4, units=80)
    paths = [
        hub.group_time_att(panel, base_period=base, draws=0).aggregate("dynamic")
        for base in ("universal", "varying")
    ]
    low, high = hub.honest_bounds(paths[0], m=1).loc[0, ["lower", "upper"]]
    assert low < paths[0].path.loc[0, "effect"] < high
    with pytest.raises(ValueError, match='base_period="universal"'):
        hub.honest_bounds(paths[1])


RESTRICTIONS = ("relative_magnitudes", "smoothness")


LARGEST_M = {"relative_magnitudes": 2.0, "smoothness": 0.1}


studies = st.builds(
    random_study, st.integers(0, 10**6), st.integers(1, 6), st.integers(1, 5)
)


few = settings(max_examples=25, deadline=None)


@few
@given(studies, st.sampled_from(RESTRICTIONS), st.floats(-12, 12))
def test_scaling_the_outcome_scales_the_interval(es, restriction, power):
    c = 10.0**power
    m = np.array([0, 0.5, 1]) * LARGEST_M[restriction]
    plain = ends(honest_bounds(es, restriction, m, "average"))
    scaled = Study(es.path * c, es.covariance * c**2)
    m = m * c if restriction == "smoothness" else m
    assert_allclose(
        ends(honest_bounds(scaled, restriction, m, "average")), c * plain, rtol=1e-6
    )
    limit = breakdown(es, restriction, "average")
    of_m = c if restriction == "smoothness" else 1.0
    assert_allclose(breakdown(scaled, restriction, "average"), of_m * limit, rtol=1e-5)


@few
@given(studies, st.sampled_from(RESTRICTIONS))
def test_changing_every_sign_mirrors_the_interval(es, restriction):
    m = LARGEST_M[restriction]
    lower, upper = ends(honest_bounds(es, restriction, m))[0]
    mirrored = Study(-es.path, es.covariance)
    assert_allclose(
        ends(honest_bounds(mirrored, restriction, m))[0], [-upper, -lower], atol=1e-8
    )


@few
@given(studies)
def test_at_ratio_zero_the_interval_is_the_ordinary_one(es):
    frame = honest_bounds(es, m=0, event_time="average")
    assert_allclose(ends(frame)[0], frame.attrs["original"], rtol=1e-6, atol=1e-9)


@few
@given(studies)
def test_relative_magnitudes_hold_the_set_identified_by_the_estimates(es):
    steps = np.abs(np.diff(es.path.loc[:-1, "effect"])).max()
    for k in es.path.index[es.path.index >= 0]:
        m = np.array([0.5, 2])
        frame = honest_bounds(es, m=m, event_time=k)
        reach = m * steps * (k + 1)
        assert (frame["lower"] <= es.path.loc[k, "effect"] - reach + 1e-9).all()
        assert (frame["upper"] >= es.path.loc[k, "effect"] + reach - 1e-9).all()


@few
@given(studies)
def test_relative_magnitudes_are_nested_in_m(es):
    frame = honest_bounds(es, m=(0, 0.1, 0.5, 1, 1.5, 2, 4))
    assert (np.diff(frame["lower"]) <= 1e-9).all()
    assert (np.diff(frame["upper"]) >= -1e-9).all()


@few
@given(studies)
def test_smoothness_intervals_lengthen_with_m_and_outreach_the_least_bias(es):
    frame = honest_bounds(es, "smoothness", m=(0, 0.01, 0.02, 0.1, 1))
    length = (frame["upper"] - frame["lower"]).to_numpy()
    assert (np.diff(length) > 0).all()
    assert (length >= 2 * frame["m"]).all()


@few
@given(studies, st.floats(-10, 10))
def test_a_linear_difference_in_trends_does_not_move_the_smoothness_interval(es, slope):
    tilted = Study(es.path.copy(), es.covariance)
    tilted.path["effect"] += slope * (tilted.path.index + 1)
    m = (0, 0.05)
    assert_allclose(
        ends(honest_bounds(tilted, "smoothness", m)),
        ends(honest_bounds(es, "smoothness", m)),
        atol=1e-7,
    )


@few
@given(studies, st.sampled_from(RESTRICTIONS), st.sampled_from([0, "average"]))
def test_zero_leaves_the_interval_at_the_breakdown_value(es, restriction, event_time):
    es.path.loc[0:, "effect"] += 1.5
    value = breakdown(es, restriction, event_time)
    if np.isnan(value):
        frame = honest_bounds(es, restriction, 0, event_time)
        assert (frame["lower"] <= 0).all()
        assert (frame["upper"] >= 0).all()
        return
    before, after = honest_bounds(
        es, restriction, (value, value * (1 + 3e-6)), event_time
    ).itertuples(index=False)
    assert before.lower > 0 or before.upper < 0
    assert after.lower <= 0 <= after.upper


def test_no_finding_has_no_breakdown_value():
    es = study([0.1, 0.2, 0.05], 0.04 * np.eye(3), 2)
    assert np.isnan(breakdown(es))
    assert np.isnan(breakdown(es, "smoothness"))


def test_weights_that_name_one_event_time_ask_for_that_event_time():
    es = random_study(3, 3, 3)
    for restriction in RESTRICTIONS:
        one = honest_bounds(es, restriction, 0.1, 2)
        assert_allclose(ends(honest_bounds(es, restriction, 0.1, {2: 1.0})), ends(one))
        thirds = dict.fromkeys(range(3), 1 / 3)
        assert_allclose(
            ends(honest_bounds(es, restriction, 0.1, thirds)),
            ends(honest_bounds(es, restriction, 0.1, "average")),
        )


def test_a_higher_level_gives_a_longer_interval():
    es = random_study(4, 4, 2)
    for restriction in RESTRICTIONS:
        low = ends(honest_bounds(es, restriction, 0.1, level=0.9))[0]
        high = ends(honest_bounds(es, restriction, 0.1, level=0.99))[0]
        assert high[0] < low[0] < low[1] < high[1]


def test_the_frame_says_what_it_holds():
    es = study([0.0, 1.0], 0.01 * np.eye(2), 1)
    frame = honest_bounds(es, m=(1, 2), level=0.9)
    assert list(frame.columns) == ["m", "lower", "upper"]
    assert frame["m"].tolist() == [1, 2]
    assert frame.attrs["restriction"] == "relative_magnitudes"
    assert frame.attrs["level"] == 0.9
    assert_allclose(frame.attrs["original"], stats.norm.interval(0.9, 1, 0.1))


def test_flat_pre_trends_are_no_obstacle():
    es = study([0, 0, 0, 1.0, 1.0], 0.01 * np.eye(5), 3)
    assert np.isfinite(ends(honest_bounds(es))).all()


def test_a_singular_covariance_is_no_obstacle():
    sigma = np.outer([1, 2, 3, 4], [1, 2, 3, 4]) * 0.001
    es = study([0.1, 0.1, 1.0, 1.0], sigma, 2)
    for restriction in RESTRICTIONS:
        frame = honest_bounds(es, restriction, (0, 0.5))
        assert np.isfinite(ends(frame)).all()


def test_twelve_periods_on_either_side_take_no_time():
    es = random_study(0, 12, 12)
    assert np.isfinite(ends(honest_bounds(es, event_time="average"))).all()
    assert np.isfinite(ends(honest_bounds(es, "smoothness", 0.1, "average"))).all()


GOOD = study([0.1, 0.2, 1.0, 2.0], 0.01 * np.eye(4), 2)


def effect(event_time, value):
    """The study with another effect at one event time."""
    path = GOOD.path.copy()
    path.loc[event_time, "effect"] = value
    return Study(path, GOOD.covariance)


def covaries(row, column, value):
    """The study with another entry of its covariance."""
    covariance = GOOD.covariance.copy()
    covariance.loc[row, column] = value
    return Study(GOOD.path, covariance)


def renamed(old, new, path=GOOD.path):
    """The study with one event time called otherwise."""
    covariance = GOOD.covariance.rename({old: new}).rename(columns={old: new})
    return Study(path, covariance)


ASKED = {
    "event time before treatment": ({"event_time": -2}, "0, 1, or"),
    "event time too late": ({"event_time": 7}, "no effect at event time 7"),
    "a word for an event time": ({"event_time": "mean"}, '"average"'),
    "true for an event time": ({"event_time": True}, "not True"),
    "true for one that is weighted": ({"event_time": {True: 1.0}}, "not {True"),
    "true for a weight": (
        {"event_time": {0: True}},
        "weight of event time 0 must be a finite number, not True",
    ),
    "a word for a weight": ({"event_time": {0: "a"}}, "finite number, not 'a'"),
    "weights without end": ({"event_time": {0: np.inf}}, "finite number, not inf"),
    "no m": ({"m": []}, "at least one number"),
    "weights on no period": ({"event_time": {5: 1.0}}, "event time 5"),
    "weights of nothing": ({"event_time": {0: 0.0}}, "are all 0"),
    "negative m": ({"m": (1, -0.5)}, "from 0 on"),
    "missing m": ({"m": np.nan}, "finite"),
    "true for an m": ({"m": True}, "finite number, not True"),
    "true among numbers": ({"m": [0.5, False]}, "finite number, not False"),
    "restriction misspelt": (
        {"restriction": "relative_magnitude"},
        "Did you mean 'relative_magnitudes'",
    ),
    "level in per cent": ({"level": 95}, "between 0 and 1"),
}
STUDIES = {
    "no pre-period": (study([1.0, 2.0], np.eye(2), 0), "two pre-periods"),
    "no post-period": (study([1.0, 2.0], np.eye(2), 2), "nothing is treated"),
    "missing effect": (effect(-2, np.nan), "missing at event times -2"),
    "missing variance": (covaries(1, 1, np.nan), "missing at event times 1"),
    "missing covariance": (covaries(1, 0, np.nan), "off the diagonal"),
    "asymmetric covariance": (covaries(0, 1, 0.005), "not symmetric"),
    "negative variance": (covaries(0, 0, -0.01), "positive semidefinite"),
    "no variance": (covaries(0, 0, 0.0), "variance 0"),
    "a variance that rounding made": (
        Study(GOOD.path, 1e-32 * GOOD.covariance),
        "what rounding makes",
    ),
    "other rows than columns": (
        Study(GOOD.path, GOOD.covariance.rename(columns={1: 2})),
        "the same ones",
    ),
    "an event time twice": (
        Study(pd.concat([GOOD.path, GOOD.path.loc[[0]]]), GOOD.covariance),
        "once",
    ),
    "covariance of another study": (
        Study(GOOD.path.drop(index=1), GOOD.covariance),
        "event times 1, which the path lacks",
    ),
    "path longer than covariance": (
        Study(GOOD.path, GOOD.covariance.drop(index=1, columns=1)),
        "-1, 1",
    ),
    "no reference": (Study(GOOD.path.drop(index=-1), GOOD.covariance), "none"),
    "an earlier reference": (renamed(-2, -1), "reference=-1"),
    "a reference that is not 0": (effect(-1, 0.1), "must be 0"),
    "a hole in event time": (
        renamed(-3, -5, GOOD.path.rename({-3: -5})),
        "-4, -3 are missing",
    ),
}
REFUSED = {name: (GOOD, *asked) for name, asked in ASKED.items()} | {
    name: (es, {}, says) for name, (es, says) in STUDIES.items()
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_refused_by_name(case):
    es, options, says = REFUSED[case]
    with pytest.raises(ValueError, match=says):
        honest_bounds(es, **options)
    if "m" not in options:
        with pytest.raises(ValueError, match=says):
            breakdown(es, **options)


def test_one_or_two_treated_clusters_bound_nothing():
    panel = hub.simulate_panel(units=20, periods=8, treated=2, start=5, seed=0)
    for bound in (honest_bounds, breakdown):
        with pytest.raises(ValueError, match=r"no bound.*2 treated.*fewer than 3"):
            bound(hub.event_study(panel))


def dynamic(panel):
    found = hub.group_time_att(panel, base_period="universal", draws=0)
    return found.aggregate("dynamic")


def cut(estimate, first, last):
    """The same study, of these event times only."""
    kept = [k for k in estimate.covariance.index if first <= k <= last]
    path = estimate.path.loc[first:last]
    return Study(path, estimate.covariance.loc[kept, kept])


@pytest.mark.parametrize("restriction", RESTRICTIONS)
@pytest.mark.parametrize("event_time", [0, "average"])
def test_with_several_dates_event_times_that_not_all_have_are_left_out(
    restriction, event_time
):
    panel = hub.simulate_panel(units=40, periods=10, treated=20, start=[5, 8], seed=1)
    found, options = dynamic(panel), (restriction, 0.5, event_time)
    # From 1 on for those that start in 5, up to 10 for those that start in 8.
    bounds = honest_bounds(found, *options)
    assert bounds.attrs["event_times"] == (-4, 2)
    assert bounds.columns.name == "event times −4 to 2"
    assert_allclose(ends(bounds), ends(honest_bounds(cut(found, -4, 2), *options)))
    whole = honest_bounds(found, *options, shared=False)
    assert whole.attrs["event_times"] == (-7, 5)
    assert whole.columns.name is None
    bare = Study(found.path, found.covariance)
    assert_allclose(ends(whole), ends(honest_bounds(bare, *options)))
    assert np.isnan(breakdown(found)) or breakdown(found) >= 0


def test_a_wild_early_cohort_does_not_widen_what_is_known_of_all():
    panel = hub.simulate_panel(units=40, periods=10, treated=20, start=[5, 8], seed=1)
    frame = panel.frame.copy()
    late = [u for u, first in panel.first_treated.items() if first == 8]
    # Only those that start in 8 are seen more than four periods before.
    frame.loc[late, [1, 2]] += 50.0
    wild = panel.with_frame(frame)
    before, after = (ends(honest_bounds(dynamic(p), m=1)) for p in (panel, wild))
    assert_allclose(before, after)
    loose = ends(honest_bounds(dynamic(wild), m=1, shared=False))
    assert np.ptp(loose) > 10 * np.ptp(after)


def test_one_date_uses_every_event_time():
    panel = hub.simulate_panel(units=30, periods=8, treated=10, start=5, seed=0)
    bounds = honest_bounds(hub.event_study(panel))
    assert bounds.attrs["event_times"] == (-4, 3)
    assert bounds.columns.name is None


def test_a_unit_that_is_first_seen_late_shortens_what_all_share():
    panel = hub.simulate_panel(units=40, periods=10, treated=20, start=[5, 8], seed=1)
    frame = panel.frame.copy()
    first = next(u for u, start in panel.first_treated.items() if start == 5)
    frame.loc[first, [1, 2]] = np.nan
    found = honest_bounds(dynamic(panel.with_frame(frame)))
    assert found.attrs["event_times"] == (-2, 2)


def test_what_has_no_path_is_named_by_its_estimator_or_its_kind():
    panel = hub.simulate_panel(units=10, periods=8, treated=4, start=5, seed=0)
    for what, told in (
        (hub.group_time_average(panel), "group_time_att"),
        (3, "an int"),
    ):
        with pytest.raises(hub.HubError, match=f"and {told}.* has none"):
            honest_bounds(what)


BOUNDS = (honest_bounds, breakdown)


def yearly(first, last, start, **options):
    """A panel of years, of forty units."""
    options = {"units": 40, "treated": 20, "factors": 0, "seed": 3} | options
    start = np.subtract(start, first - 1).tolist()
    panel = hub.simulate_panel(periods=last - first + 1, start=start, **options)
    frame = panel.frame.set_axis(range(first, last + 1), axis=1)
    starts = {u: s + first - 1 for u, s in panel.first_treated.items()}
    return hub.Panel.from_wide(frame, starts, "y")


def drifting(slope, noise=1e-3):
    """Years in which the treated drift away by as much in each, and gain nothing."""
    panel = yearly(2000, 2009, 2005, noise=noise)
    treated = np.isin(panel.units, panel.treated)
    path = slope * np.outer(treated, np.arange(10))
    return panel.with_frame(0 * panel.frame + path + noise * draws(panel))


def draws(panel):
    return np.random.default_rng(0).normal(size=panel.values.shape)


@pytest.mark.parametrize("ask", [hub.event_study, None])
@pytest.mark.parametrize(
    ("out", "reach"),
    [([], 0.5), ([2001], 0.5), ([2004], 1.0), ([2005, 2006], 1.5), ([2003, 2004], 1.5)],
)
def test_a_drift_goes_on_for_as_long_as_a_step_is(out, reach, ask):
    # By the next period the drift has gone as far as that step is long, before
    # treatment or after it: as much to either side fits.
    panel = drifting(0.5).without_periods(out)
    if 2005 in out:
        panel = panel.treat(dict.fromkeys(panel.first_treated, 2007))
    bound = honest_bounds((ask or dynamic)(panel), m=1)
    assert ends(bound)[0] == pytest.approx((0.0, 2 * reach), abs=0.02)


@pytest.mark.parametrize("out", [2001, 2004, 2006, 2008])
def test_smoothness_takes_equal_steps_and_says_so(out):
    panel = yearly(2000, 2009, 2005)
    with pytest.raises(hub.HubError, match=r"no bound to be had here.*unequal steps"):
        honest_bounds(hub.event_study(panel.without_periods([out])), "smoothness")


def test_years_left_out_at_either_end_cost_nothing():
    panel = yearly(2000, 2009, 2005).without_periods([2000, 2009])
    assert honest_bounds(hub.event_study(panel)).attrs["event_times"] == (-4, 3)


@given(st.integers(1, 12))
@settings(max_examples=5, deadline=None)
def test_every_nth_year_is_bounded_as_every_year(n):
    panel = yearly(2000, 2009, 2005)
    frame = panel.frame.set_axis(1900 + n * np.arange(10), axis=1)
    starts = dict.fromkeys(panel.first_treated, 1900 + 5 * n)
    sparse = hub.Panel.from_wide(frame, starts, "y")
    one, other = (ends(honest_bounds(hub.event_study(p))) for p in (panel, sparse))
    assert_allclose(one, other)


def test_with_several_dates_only_steps_that_are_used_must_be_those_of_all():
    panel = yearly(2000, 2013, [2003, 2012], noise=0.3)
    # Event times -3 to 1 are shared: 2000 to 2004, and 2009 to 2013.
    for out, used in ((2001, 1), (2005, 0), (2007, 0), (2008, 0), (2010, 1)):
        found = dynamic(panel.without_periods([out]))
        gap = rf"from event time .* {out - 1} to {out + 1} and from"
        for shared in (True, False):
            if used:
                with pytest.raises(hub.HubError, match=gap):
                    honest_bounds(found, shared=shared)
            else:
                assert np.isfinite(ends(honest_bounds(found, shared=shared))).all()


def test_what_follows_the_start_of_the_last_control_is_not_used():
    panel = yearly(2000, 2013, [2005, 2009], treated=39, noise=0.3)
    panel = panel.drop(panel.donors)

    def of(out):
        found = hub.group_time_att(
            panel.without_periods(out), "not_yet_treated", base_period="universal",
            draws=0,
        )  # fmt: skip
        return found.aggregate("dynamic")

    plain = ends(honest_bounds(of([])))
    assert_allclose(ends(honest_bounds(of([2010]))), plain)
    assert np.isfinite(ends(honest_bounds(of([2010]), "smoothness"))).all()
    with pytest.raises(hub.HubError, match="unequal steps"):
        honest_bounds(of([2007]), "smoothness")


def test_dates_of_one_step_after_another_are_no_bound_either():
    panel = yearly(2000, 2012, [2004, 2010], treated=24)
    # Every year before 2007, every second one from then on.
    kept = panel.without_periods([2008, 2010, 2012]).treat(
        {u: 2004 if s == 2004 else 2011 for u, s in panel.first_treated.items()}
    )
    with pytest.raises(hub.HubError, match="unequal steps"):
        honest_bounds(dynamic(kept))
