"""What `honest_bounds` and `breakdown` promise."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats
from scipy.optimize import linprog

from hubanalysis import drift
from hubanalysis.inference.bounds import breakdown, honest_bounds

RESTRICTIONS = ("relative_magnitudes", "smoothness")
LARGEST_M = {"relative_magnitudes": 2.0, "smoothness": 0.1}


@dataclass
class Study:
    """What the bounds use of an `Estimate`."""

    path: pd.DataFrame
    covariance: pd.DataFrame


def study(beta, sigma, n_pre) -> Study:
    n_post = len(beta) - n_pre
    times = [*range(-n_pre - 1, -1), *range(n_post)]
    path = pd.DataFrame({"effect": np.asarray(beta, float)}, index=times)
    path.loc[-1] = 0.0
    return Study(path.sort_index(), pd.DataFrame(sigma, index=times, columns=times))


def random_arrays(seed, n_pre, n_post):
    rng = np.random.default_rng(seed)
    n = n_pre + n_post
    root = rng.normal(size=(n, n + 3))
    return rng.normal(scale=0.2, size=n), 0.01 * root @ root.T / (n + 3)


def random_study(seed, n_pre, n_post) -> Study:
    return study(*random_arrays(seed, n_pre, n_post), n_pre)


def ends(frame) -> np.ndarray:
    return frame[["lower", "upper"]].to_numpy()


studies = st.builds(
    random_study, st.integers(0, 10**6), st.integers(1, 6), st.integers(1, 5)
)
few = settings(max_examples=25, deadline=None, derandomize=True)


# What holds for any event study


@few
@given(studies, st.sampled_from(RESTRICTIONS), st.floats(0.001, 1000))
def test_scaling_the_outcome_scales_the_interval(es, restriction, c):
    m = np.array([0, 0.5, 1]) * LARGEST_M[restriction]
    plain = ends(honest_bounds(es, restriction, m, "average"))
    scaled = Study(es.path * c, es.covariance * c**2)
    m = m * c if restriction == "smoothness" else m
    assert_allclose(
        ends(honest_bounds(scaled, restriction, m, "average")), c * plain, rtol=1e-6
    )


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


# The hybrid test under relative magnitudes


def polyhedron(n_pre, n, s, m_bar):
    """Rows A of A delta <= 0, written from the definition."""
    change = np.delete(np.diff(np.eye(n + 1), axis=0), n_pre, axis=1)
    return np.vstack([change[n_pre:], -change[n_pre:]]) - m_bar * change[s]


def reduced(sigma, n_pre, s, weights, m_bar):
    change = np.delete(np.diff(np.eye(len(sigma) + 1), axis=0), n_pre, axis=1)
    return drift._dual_vertices(change @ sigma @ change.T, n_pre, s, weights, m_bar)


@pytest.mark.parametrize("seed", range(40))
def test_the_dual_vertices_give_the_value_of_the_linear_programme(seed):
    rng = np.random.default_rng(seed)
    # With one post-period there is no nuisance parameter; the extra vertices are then
    # averages of the first two.
    n_pre, n_post = int(rng.integers(1, 6)), int(rng.integers(1, 6))
    beta, sigma = random_arrays(seed, n_pre, n_post)
    s, m_bar = int(rng.integers(n_pre)), rng.choice([0, 0.5, 1, 2])
    weights = rng.normal(size=n_post) if seed % 2 else np.eye(n_post)[seed % n_post]
    theta = rng.normal(scale=0.2)

    a = polyhedron(n_pre, n_pre + n_post, s, m_bar)
    sd = np.sqrt(np.diag(a @ sigma @ a.T))
    primal = linprog(
        np.r_[1, np.zeros(n_post)],
        A_ub=np.c_[-sd, -a[:, n_pre:]],
        b_ub=-a @ beta,
        A_eq=np.r_[0, weights][None],
        b_eq=[theta],
        bounds=[(None, None)] * (n_post + 1),
    )
    vertices, _ = reduced(sigma, n_pre, s, weights, m_bar)
    before = np.r_[beta[:n_pre], 0.0]
    data = np.array([before[s + 1] - before[s], weights @ beta[n_pre:] - theta])
    assert (vertices @ data).max() == pytest.approx(primal.fun, abs=1e-8)


def test_the_first_stage_has_its_size():
    for seed in range(5):
        _, sigma = random_arrays(seed, 3, 3)
        vertices, covariance = reduced(sigma, 3, 1, np.ones(3) / 3, 1.0)
        critical = drift._least_favourable(vertices, covariance, 0.005)
        rng = np.random.default_rng(seed)
        draws = rng.multivariate_normal([0, 0], covariance, size=400_000)
        share = ((draws @ vertices.T).max(axis=1) > critical).mean()
        assert share == pytest.approx(0.005, abs=4 * np.sqrt(0.005 / 400_000))


def test_the_critical_value_is_exact_to_a_millionth(monkeypatch):
    for seed in range(5):
        _, sigma = random_arrays(seed, 4, 2)
        case = reduced(sigma, 4, 0, np.array([1.0, 0.0]), 2.0)
        coarse = drift._least_favourable(*case, 0.005)
        with monkeypatch.context() as patch:
            patch.setattr(drift, "DIRECTIONS", 2**17)
            fine = drift._least_favourable(*case, 0.005)
        assert coarse == pytest.approx(fine, rel=1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_no_effect_outside_the_interval_passes_and_those_at_its_ends_do(seed):
    n_pre, n_post, m_bar = 3, 3, 1.0
    beta, sigma = random_arrays(seed, n_pre, n_post)
    weights = np.eye(n_post)[seed % n_post]
    problem = drift.Problem(beta, sigma, n_pre, weights, 0.95)
    lower, upper = drift._relative_magnitudes(problem, m_bar)
    width = upper - lower
    nudge = 1e-6 * width
    theta = np.r_[
        np.linspace(lower - 3 * width, lower - nudge, 2000),
        np.linspace(upper + nudge, upper + 3 * width, 2000),
        lower + nudge,
        upper - nudge,
    ]
    passed = np.zeros(len(theta), bool)
    before = np.diff(np.r_[beta[:n_pre], 0.0])
    for s in range(n_pre):
        vertices, covariance = reduced(sigma, n_pre, s, weights, m_bar)
        critical = drift._least_favourable(vertices, covariance, 0.005)
        cross = vertices @ covariance @ vertices.T
        for sign in (1, -1):
            gap = sign * (problem.estimate - theta)
            p = drift._p_value(
                gap, sign * before[s] * vertices[:, 0], vertices[:, 1], cross, critical
            )
            passed |= p >= (0.05 - 0.005) / (1 - 0.005)
    assert not passed[:-2].any()
    assert passed[-2:].all()


def test_relative_magnitudes_cover_where_the_restriction_just_holds():
    # A difference in trends that rises by one a period from the first pre-period on.
    delta = np.array([-2.0, -1.0, 1.0, 2.0])
    sigma = 0.05 * (np.eye(4) + 1)
    rng = np.random.default_rng(0)
    draws = rng.multivariate_normal(delta, sigma, size=400)
    covered = [
        lower <= 0 <= upper
        for beta in draws
        for lower, upper in ends(honest_bounds(study(beta, sigma, 2), m=1))
    ]
    assert np.mean(covered) >= 0.95 - 3 * np.sqrt(0.05 * 0.95 / 400)


# Intervals of fixed length under smoothness


def test_one_pre_and_one_post_period_give_a_closed_form():
    beta, sigma = np.array([0.3, 1.0]), np.array([[0.04, 0.01], [0.01, 0.09]])
    sd = np.sqrt(0.04 + 0.09 + 2 * 0.01)
    for m in (0, 0.1, 1):
        # The quantile of |N(b, 1)| is the root of a noncentral chi-squared one.
        half = sd * np.sqrt(stats.ncx2.ppf(0.95, 1, (m / sd) ** 2 + 1e-300))
        frame = honest_bounds(study(beta, sigma, 1), "smoothness", m)
        assert_allclose(ends(frame)[0], [1.3 - half, 1.3 + half], rtol=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_at_m_zero_smoothness_is_generalised_least_squares_on_a_line(seed):
    n_pre, n_post = 4, 3
    beta, sigma = random_arrays(seed, n_pre, n_post)
    trend = np.r_[-n_pre:0, 1 : n_post + 1]
    effects = np.vstack([np.zeros((n_pre, n_post)), np.eye(n_post)])
    x = np.column_stack([trend, effects])
    precision = np.linalg.inv(sigma)
    variance = np.linalg.inv(x.T @ precision @ x)
    fitted = variance @ x.T @ precision @ beta
    frame = honest_bounds(study(beta, sigma, n_pre), "smoothness", 0, 1)
    expected = stats.norm.interval(0.95, fitted[2], np.sqrt(variance[2, 2]))
    assert_allclose(ends(frame)[0], expected, rtol=1e-8)


@pytest.mark.parametrize("seed", range(10))
def test_the_worst_bias_is_the_linear_programmes_and_no_weights_do_better(seed):
    n_pre, n_post, m = 4, 3, [0.0, 0.01, 0.05, 0.2, 1.0][seed % 5]
    beta, sigma = random_arrays(seed, n_pre, n_post)
    effect = np.eye(n_post)[seed % n_post]
    problem = drift.Problem(beta, sigma, n_pre, effect, 0.95)
    weights, half = drift._fixed_length(problem, m)
    n = n_pre + n_post
    bend = np.delete(np.diff(np.eye(n + 1), n=2, axis=0), n_pre, axis=1)

    def length(v):
        worst = linprog(
            -v,
            A_ub=np.vstack([bend, -bend]),
            b_ub=np.ones(2 * len(bend)),
            bounds=[(None, None)] * n,
        )
        sd = np.sqrt(v @ sigma @ v)
        return sd * np.sqrt(stats.ncx2.ppf(0.95, 1, (m * worst.fun / sd) ** 2 + 1e-300))

    assert length(weights) == pytest.approx(half, rel=1e-8)
    rng = np.random.default_rng(seed)
    distance = np.arange(n_pre, 0, -1)
    for size in (1e-3, 1e-2, 0.1):
        for _ in range(5):
            move = rng.normal(scale=size, size=n_pre)
            move -= distance * (distance @ move) / (distance @ distance)
            assert length(weights + np.r_[move, np.zeros(n_post)]) >= half * (1 - 1e-9)


# What is refused


def change(attribute, edit):
    es = study([0.1, 0.2, 1.0, 2.0], 0.01 * np.eye(4), 2)
    setattr(es, attribute, edit(getattr(es, attribute).copy()))
    return es


def put(frame, row, column, value):
    frame.loc[row, column] = value
    return frame


GOOD = study([0.1, 0.2, 1.0, 2.0], 0.01 * np.eye(4), 2)
REFUSED = {
    "event time before treatment": (GOOD, {"event_time": -2}, "0, 1, or"),
    "event time too late": (GOOD, {"event_time": 7}, "no effect at event time 7"),
    "a word for an event time": (GOOD, {"event_time": "mean"}, '"average"'),
    "weights on no period": (GOOD, {"event_time": {5: 1.0}}, "event time 5"),
    "weights of nothing": (GOOD, {"event_time": {0: 0.0}}, "not all 0"),
    "negative m": (GOOD, {"m": (1, -0.5)}, "from 0 on"),
    "missing m": (GOOD, {"m": np.nan}, "finite"),
    "restriction misspelt": (
        GOOD,
        {"restriction": "relative_magnitude"},
        "Did you mean 'relative_magnitudes'",
    ),
    "level in per cent": (GOOD, {"level": 95}, "between 0.5 and 1"),
    "no pre-period": (study([1.0, 2.0], np.eye(2), 0), {}, "two pre-periods"),
    "no post-period": (study([1.0, 2.0], np.eye(2), 2), {}, "nothing is treated"),
    "missing effect": (
        change("path", lambda f: put(f, -2, "effect", np.nan)),
        {},
        "missing at event times -2",
    ),
    "missing variance": (
        change("covariance", lambda f: put(f, 1, 1, np.nan)),
        {},
        "missing at event times 1",
    ),
    "missing covariance": (
        change("covariance", lambda f: put(f, 1, 0, np.nan)),
        {},
        "off the diagonal",
    ),
    "asymmetric covariance": (
        change("covariance", lambda f: put(f, 0, 1, 0.005)),
        {},
        "not symmetric",
    ),
    "negative variance": (
        change("covariance", lambda f: put(f, 0, 0, -0.01)),
        {},
        "positive semidefinite",
    ),
    "no variance": (
        change("covariance", lambda f: put(f, 0, 0, 0.0)),
        {},
        "variance 0",
    ),
    "other rows than columns": (
        change("covariance", lambda f: f.rename(columns={1: 2})),
        {},
        "the same ones",
    ),
    "an event time twice": (
        change("path", lambda f: pd.concat([f, f.loc[[0]]])),
        {},
        "once",
    ),
    "covariance of another study": (
        change("path", lambda f: f.drop(index=1)),
        {},
        r"event times 1, which the path lacks",
    ),
    "path longer than covariance": (
        change("covariance", lambda f: f.drop(index=1, columns=1)),
        {},
        "-1, 1",
    ),
    "no reference": (change("path", lambda f: f.drop(index=-1)), {}, "none"),
    "an earlier reference": (
        Study(GOOD.path, GOOD.covariance.rename({-2: -1}).rename(columns={-2: -1})),
        {},
        "reference=-1",
    ),
    "a reference that is not 0": (
        change("path", lambda f: put(f, -1, "effect", 0.1)),
        {},
        "must be 0",
    ),
    "a hole in event time": (
        Study(
            GOOD.path.rename({-3: -5}),
            GOOD.covariance.rename({-3: -5}).rename(columns={-3: -5}),
        ),
        {},
        "-4, -3 are missing",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_refused_by_name(case):
    es, options, says = REFUSED[case]
    with pytest.raises(ValueError, match=says):
        honest_bounds(es, **options)
    if "m" not in options:
        with pytest.raises(ValueError, match=says):
            breakdown(es, **options)
