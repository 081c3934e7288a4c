"""What is called with something it does not take says so, in a sentence of ours."""

import inspect

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub
from tests import results

PANEL = hub.simulate_panel(units=8, periods=6, treated=3, start=4, seed=1)
WRONG = {
    "nothing": None,
    "a number": 3,
    "text": "text",
    "a wide table": PANEL.frame,
    "a long table": PANEL.frame.stack().rename("y").reset_index(),
    "a panel": PANEL,
    "an estimate": hub.event_study(PANEL),
    "a list": [1],
    "a dict": {},
    "a function": str,
    "an array": np.eye(3),
    "a series": pd.Series([1.0, 2.0]),
    "a date": pd.Timestamp("2000-01-01"),
    "nothing known": pd.NA,
    "not a number": np.nan,
    "no end": np.inf,
    "less than nothing": -1,
    "zero": 0,
    "a share": 0.3,
    "yes": True,
    "a complex number": 1j,
}
# They make something of any name and value.
ANYTHING = {"figure", "say"}
DOORS = [
    name
    for name in hub.__all__
    if inspect.isfunction(function := getattr(hub, name))
    and name not in ANYTHING
    # What draws on axes is for those who have some.
    and next(iter(inspect.signature(function).parameters), "") not in ("ax", "axis")
]


def needed(function):
    """How many arguments it must be given."""
    given = inspect.signature(function).parameters.values()
    return sum(p.default is p.empty and p.kind is not p.VAR_KEYWORD for p in given)


def answered(call):
    """Whether a call gives an answer or a refusal of ours; else what it raises."""
    try:
        call()
    except hub.HubError:
        pass
    except Exception as error:
        # What a result does not have is absent, and says why.
        return str(error).startswith("no ") or repr(error)
    return True


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", DOORS)
def test_a_wrong_thing_is_refused_in_a_sentence(name):
    function, foreign = getattr(hub, name), {}
    for what, wrong in WRONG.items():
        for rest in (wrong, PANEL):
            arguments = [wrong, *[rest] * (needed(function) - 1)][: needed(function)]
            found = answered(lambda given=arguments: function(*given))
            if found is not True:
                foreign[what] = found
    assert foreign == {}


# Valid calls, small ones; then each argument in turn is something else.
ONE = hub.simulate_panel(units=8, periods=8, treated=1, start=8, seed=1)
FEW = {"panel": PANEL, "estimator": hub.did}
STUDY = {"event_study": hub.event_study(PANEL)}
CALLS = {
    "augmented_synthetic_control": {"panel": ONE},
    "bacon_decomposition": {"panel": PANEL},
    "breakdown": STUDY,
    "conformal_interval": {"panel": ONE},
    "contest": {"panel": ONE, "estimators": [hub.did, hub.imputation]}
    | {"draws": 9, "redraws": 3},
    "detrended_did": {"panel": PANEL},
    "did": {"panel": PANEL},
    "event_study": {"panel": PANEL},
    "group_time_att": {"panel": PANEL, "draws": 9},
    "group_time_average": {"panel": PANEL},
    "honest_bounds": STUDY,
    "imputation": {"panel": PANEL},
    "jackknife": {"panel": PANEL},
    "leave_one_out": FEW | {"draws": 9, "tested": 1},
    "minimum_detectable_effect": FEW | {"draws": 29},
    "one_at_a_time": {"outcomes": {"a": PANEL}, "estimator": hub.did, "start": 3},
    "placebo_in_space": FEW,
    "placebo_in_time": FEW | {"periods": [3]},
    "power_before": {"history": PANEL.treat({}), "hubs": 2}
    | {"draws": 9, "samples": 1},
    "power_by_horizon": FEW | {"draws": 29},
    "power_of_lot": {"lot": hub.randomization_test(PANEL, hub.did)},
    "prediction_interval": {"panel": ONE, "draws": 9},
    "randomization_band": {"panel": PANEL},
    "randomization_test": FEW,
    "simulate_panel": {},
    "specification_curve": {"panel": PANEL, "estimators": {"a": hub.did}},
    "synthetic_control": {"panel": ONE},
    "synthetic_did": {"panel": PANEL},
    "wild_cluster_bootstrap": {"panel": PANEL, "draws": 29},
}  # fmt: skip


def test_every_estimator_and_question_is_among_the_calls():
    asks = {
        name
        for name in DOORS
        if getattr(hub, name).__module__.split(".")[1] in ("estimators", "inference")
    }
    assert asks - {"estimator"} == set(CALLS) - {"simulate_panel"}, "put it into CALLS"


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", CALLS)
def test_a_wrong_argument_is_refused_in_a_sentence(name):
    function, foreign = getattr(hub, name), {}
    for argument in inspect.signature(function).parameters:
        for what, wrong in WRONG.items():
            given = CALLS[name] | {argument: wrong}
            if (found := answered(lambda given=given: function(**given))) is not True:
                foreign[argument, what] = found
    assert foreign == {}


def methods(thing):
    """Public methods that take something, and what."""
    return {
        name: [p.name for p in list(inspect.signature(method).parameters.values())[1:]]
        for name, method in inspect.getmembers(type(thing), inspect.isfunction)
        if not name.startswith("_") and len(inspect.signature(method).parameters) > 1
    }


THINGS = results.RESULTS | {
    "Estimator": lambda: hub.ESTIMATORS["did"],
    "Case": lambda: hub.Case.open("yozma"),
}
# They take minutes, or write files; what they are given goes through the others.
LONG = {"battery", "verdict", "report", "change"}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", THINGS)
def test_a_method_refuses_a_wrong_argument_in_a_sentence(name):
    thing, foreign = THINGS[name](), {}
    for method, arguments in methods(thing).items():
        if method in LONG:
            continue
        for argument in arguments:
            for what, wrong in WRONG.items():
                call = lambda m=method, g={argument: wrong}: getattr(thing, m)(**g)  # noqa: E731
                if (found := answered(call)) is not True:
                    foreign[method, argument, what] = found
    assert foreign == {}


LEVELS = {
    f"{name}.{method}": (make, method)
    for name, make in results.RESULTS.items()
    for method, arguments in methods(make()).items()
    if "level" in arguments
}


@pytest.mark.parametrize("name", LEVELS)
@pytest.mark.parametrize("level", [0.0, 1.0, -0.5, 95, 0.05, 0.49, "95%", None, True])
def test_a_result_refuses_a_level_that_is_no_coverage(name, level):
    make, method = LEVELS[name]
    with pytest.raises(hub.HubError, match=r"level.* must lie between 0"):
        getattr(make(), method)(level=level)


@pytest.mark.parametrize("bar", ["no", None, 0, 1, 3.0, np.nan])
def test_a_bar_that_is_neither_true_nor_false_is_refused(bar):
    with pytest.raises(hub.HubError, match="bar must be True or False"):
        hub.randomization_test(PANEL, hub.did, bar=bar)


# What a reader may really write, and a piece of the answer.
ANSWERS = {
    "bounds of a panel": (lambda: hub.honest_bounds(PANEL), "Panel.*event_study"),
    "bounds of a band": (
        lambda: hub.honest_bounds(hub.randomization_band(PANEL, level=0.9)),
        "Band.*event_study",
    ),
    "a breakdown of group-time effects": (
        lambda: hub.breakdown(hub.group_time_att(PANEL, draws=0)),
        "GroupTimeATT.*aggregate",
    ),
    "bounds of imputation": (
        lambda: hub.honest_bounds(hub.imputation(PANEL)),
        "event time -1.*Ask event_study with reference=-1, or",
    ),
    "bounds of group-time effects by varying base": (
        lambda: hub.honest_bounds(
            hub.group_time_att(PANEL, draws=0).aggregate("dynamic")
        ),
        "Ask group_time_att with base_period=.universal",
    ),
    "bounds at two event times": (
        lambda: hub.honest_bounds(hub.event_study(PANEL), event_time=[0, 1]),
        "one event time.*weights",
    ),
    "bounds for text": (
        lambda: hub.honest_bounds(hub.event_study(PANEL), m="one"),
        "m must be a finite number",
    ),
    "estimators in a list": (
        lambda: hub.specification_curve(PANEL, [hub.did]),
        "estimators of specification_curve.*DiD",
    ),
    "donors in a list": (
        lambda: hub.specification_curve(PANEL, {"a": hub.did}, donors=["u08"]),
        "donors of specification_curve.*Name each pool",
    ),
    "windows in a list": (
        lambda: hub.specification_curve(PANEL, {"a": hub.did}, windows=[(1, 5)]),
        "windows of specification_curve.*late",
    ),
    "a window of three": (
        lambda: hub.specification_curve(PANEL, {"a": hub.did}, None, {"x": (1, 2, 3)}),
        "a first and a last period",
    ),
    "a counterfactual of many dates": (
        lambda: hub.counterfactual_plot(
            hub.group_time_att(PANEL, draws=0).aggregate("dynamic")
        ),
        "different times.*event_plot",
    ),
    "an interval without ends": (
        lambda: hub.counterfactual_plot(
            hub.synthetic_control(PANEL), interval=pd.DataFrame({"low": [1.0]})
        ),
        "no column 'lower'",
    ),
    "a lot to draw": (
        lambda: hub.distribution_plot(
            hub.randomization_test(PANEL, hub.did), 1.0, "effect"
        ),
        r"lot\.distribution",
    ),
    "no estimates to draw": (
        lambda: hub.distribution_plot(pd.Series([], dtype=float), 1.0, "effect"),
        "must be estimates",
    ),
    "one power to draw": (
        lambda: hub.power_plot(hub.minimum_detectable_effect(PANEL, hub.did), "x"),
        "mapping, not a Power",
    ),
    "no power to draw": (lambda: hub.power_plot({}, "x"), "no curve"),
    "a base that is no period": (lambda: hub.first_look(PANEL, base=99), "no period"),
    "power from a long table": (
        lambda: hub.power_before(WRONG["a long table"], 2),
        "column unit of the history is no number.*from_long",
    ),
    "power of an estimate": (
        lambda: hub.power_of_lot(hub.did(PANEL)),
        "takes a Lot, not an Estimate",
    ),
    "what an effect of nothing is worth": (
        lambda: hub.power_before(PANEL.treat({}), 2, draws=20, samples=1).significance(
            0
        ),
        "effect of 0",
    ),
    "a penalty in words": (
        lambda: hub.augmented_synthetic_control(PANEL, penalty="cv"),
        "penalty must be a finite number",
    ),
    "a function that forgets to return": (
        lambda: PANEL.transform(lambda frame: None),
        "gives None.*return",
    ),
    "a function that writes": (
        lambda: PANEL.transform(lambda frame: frame.astype(str)),
        "does not hold numbers",
    ),
    "a pool without a name": (
        lambda: PANEL.pool(["u07", "u08"], None),
        "needs a name",
    ),
    "a pool with a list for a name": (
        lambda: PANEL.pool(["u07", "u08"], ["both"]),
        "needs a name",
    ),
    "the first period as a start": (
        lambda: hub.one_at_a_time({"a": PANEL}, hub.did, 1),
        "1 is the panel's first period.*Take 2",
    ),
    "a seed in words": (
        lambda: hub.randomization_test(PANEL, hub.did, seed="a"),
        "seed must be a whole number",
    ),
    "a seed below zero": (
        lambda: hub.group_time_att(PANEL, seed=-1),
        "seed must be a whole number",
    ),
    "strata in words": (
        lambda: hub.leave_one_out(PANEL, hub.did, strata="region"),
        "mapping from unit to stratum",
    ),
    "minus one to be tested": (
        lambda: hub.leave_one_out(PANEL, hub.did, tested=-1),
        "tested must be a whole number",
    ),
    "an intercept in words": (
        lambda: hub.synthetic_control(PANEL, intercept="yes"),
        "True or False",
    ),
    "decimals in words": (
        lambda: hub.did(PANEL).to_latex(digits="a"),
        "digits must be a whole number",
    ),
    "a scale of another name": (
        lambda: hub.effect_text(0.1, scale="pct"),
        "scale must be one of log",
    ),
    "amounts in words": (
        lambda: hub.location_quotient(pd.DataFrame({"fish": ["six", "two"]})),
        "holds no numbers",
    ),
    "an activity twice": (
        lambda: hub.location_quotient(pd.DataFrame([[1, 2]], columns=["a", "a"])),
        "activity a is there twice",
    ),
    "no table": (lambda: hub.load(None), "dataset/table"),
    "no cases": (lambda: hub.landing([]), "at least one case"),
    "a word that no figure has": (
        lambda: hub.first_look(PANEL, titel="It rose"),
        "no word for a figure 'titel'",
    ),
    "a colour of another name": (lambda: hub.COLOURS["purple"], "no colour 'purple'"),
}  # fmt: skip


@pytest.mark.parametrize("name", ANSWERS)
def test_the_answer_says_what_to_do(name):
    act, message = ANSWERS[name]
    with pytest.raises(hub.HubError, match=f"(?s){message}"):
        act()


# Both are called level, and mean the opposite. What else each is asked with.
STUDY, AHEAD = hub.event_study(PANEL), PANEL.treat({})
TESTS = {
    hub.minimum_detectable_effect: (PANEL, hub.did),
    hub.power_of_lot: (hub.randomization_test(PANEL, hub.did),),
    hub.power_by_horizon: (PANEL, hub.did),
    hub.power_before: (AHEAD, 2),
    hub.leave_one_out: (PANEL, hub.did),
}
INTERVALS = {
    hub.honest_bounds: (STUDY,),
    STUDY.interval: (),
    STUDY.to_frame: (),
    hub.group_time_att: (PANEL,),
    hub.randomization_band: (PANEL,),
    hub.wild_cluster_bootstrap: (PANEL,),
    hub.conformal_interval: (PANEL.drop(["u01", "u02"]),),
    hub.prediction_interval: (PANEL,),
    hub.placebo_in_space(PANEL, hub.did).interval: (),
}


def called(function):
    return function.__name__


@pytest.mark.parametrize("ask", TESTS, ids=called)
def test_a_coverage_is_not_taken_for_the_level_of_a_test(ask):
    with pytest.raises(hub.HubError, match=r"not an interval's coverage.*mean 0\.05"):
        ask(*TESTS[ask], level=0.95)


@pytest.mark.parametrize("ask", INTERVALS, ids=called)
def test_the_level_of_a_test_is_not_taken_for_a_coverage(ask):
    with pytest.raises(hub.HubError, match=r"interval's coverage here.*mean 0\.95"):
        ask(*INTERVALS[ask], level=0.05)
