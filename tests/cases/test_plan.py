"""A plan is a type: every key has its default, its line and an example that reads."""

import tomllib
from dataclasses import FrozenInstanceError, fields, is_dataclass

import pytest

import hubanalysis as hub
from hubanalysis.cases.plan import Fact, OutcomePlan, Plan, Refused, Rival, Variant
from hubanalysis.cases.plan_file import read_plan

SMALLEST = """
question = "Did it?"
[outcomes.jobs]
role = "primary"
table = "outcomes"
unit = "applicant"
period = "year"
value = "jobs"
first_treated = "first_award"
main = "did"
"""


def last_gap(panel):
    """An estimator of a reader's own: the mean gap after, less that before."""
    mean = panel.frame.loc[panel.treated].mean() - panel.frame.loc[panel.donors].mean()
    before = mean.iloc[: panel.start].mean()
    return hub.Estimate(
        "last_gap", float(mean.iloc[panel.start :].mean() - before), panel
    )


@pytest.mark.parametrize("kind", [Plan, OutcomePlan, Variant, Rival, Refused, Fact])
def test_every_key_says_what_it_means_in_a_sentence(kind):
    for key in fields(kind):
        assert key.metadata["about"].endswith((".", ".\n")), key.name


def as_written(value):
    """Put what was read back into the form of the file."""
    if isinstance(value, hub.Estimator):
        return value.name
    if isinstance(value, tuple):
        return [as_written(item) for item in value]
    if is_dataclass(value):
        value = {k: v for k, v in vars(value).items() if v is not None}
    if isinstance(value, dict):
        return {str(key): as_written(item) for key, item in value.items()}
    return value


@pytest.mark.parametrize("key", fields(OutcomePlan), ids=lambda key: key.name)
def test_the_example_of_every_key_of_an_outcome_can_be_read(tmp_path, key):
    example = f"{key.name} = {key.metadata['example']}"
    lines = [
        line for line in SMALLEST.splitlines() if not line.startswith(f"{key.name} =")
    ]
    other = SMALLEST.partition("[outcomes.jobs]")[2].replace("primary", "secondary")
    test = other.replace("secondary", "design test")
    more = ["[outcomes.other_manufactures]", other, "[outcomes.jobs_of_2016]", test]
    text = "\n".join([*lines, example, *more])
    file = tmp_path / "plan.toml"
    file.write_text(text, encoding="utf-8")
    read = getattr(read_plan(file).outcomes["jobs"], key.name)
    assert as_written(read) == tomllib.loads(example)[key.name]


@pytest.mark.parametrize(
    "key", [k for k in fields(Plan) if k.metadata["example"]], ids=lambda key: key.name
)
def test_the_example_of_every_key_of_a_plan_can_be_read(tmp_path, key):
    file = tmp_path / "plan.toml"
    rest = SMALLEST if key.name != "question" else SMALLEST.replace("question", "title")
    file.write_text(f"{key.name} = {key.metadata['example']}\n{rest}", "utf-8")
    assert getattr(read_plan(file), key.name)


def test_a_plan_cannot_be_changed_by_accident():
    plan = hub.OutcomePlan(main="did")
    with pytest.raises(FrozenInstanceError):
        plan.title = "other"


def test_an_estimator_of_ones_own_may_be_named_in_a_plan(tmp_path):
    hub.Case.new(tmp_path / "ours")
    file = tmp_path / "ours" / "plan.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('"synthetic_did"', '"last_gap"'), encoding="utf-8")
    with pytest.raises(ValueError, match="no estimator 'last_gap'"):
        hub.Case.from_folder(tmp_path / "ours")
    case = hub.Case.from_folder(tmp_path / "ours", estimators=[last_gap])
    assert case.outcomes["jobs"].main.label == "last gap"


def test_an_estimator_of_ones_own_works_wherever_ours_do():
    panel = hub.simulate_panel(units=9, periods=8, treated=2, start=6, seed=0)
    plan = hub.OutcomePlan(main=last_gap, also=["did"], placebo_periods=(4,))
    battery = hub.Battery("mine", "y", plan, panel)
    # With one date and no hole it is difference-in-differences by another name.
    for column in ("att", "p_value"):
        ours, theirs = battery.tests[column]
        assert ours == pytest.approx(theirs)
    ours, theirs = (power.mde for power in battery.powers.values())
    assert ours == pytest.approx(theirs)
    assert list(hub.estimates_table(battery).index) == [
        "last gap",
        "difference-in-differences",
    ]
    assert len(hub.in_time_table(battery)) == 2
    ours, theirs = (
        hub.leave_one_out(panel, e, draws=0)["att"] for e in (last_gap, hub.did)
    )
    assert ours.sort_index().to_numpy() == pytest.approx(theirs.sort_index().to_numpy())


def test_what_an_own_estimator_lacks_is_said_in_a_sentence():
    panel = hub.simulate_panel(units=9, periods=8, treated=4, start=[5, 6], seed=0)
    plan = hub.OutcomePlan(main=last_gap)
    with pytest.raises(
        ValueError, match=r"last_gap cannot be tested.*Estimator\.deals"
    ):
        hub.Battery("mine", "y", plan, panel)
