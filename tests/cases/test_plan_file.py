"""A plan is read in one place, and a bad one is refused by name."""

import pytest

import hubanalysis as hub
from tests.cases.ours import change


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('question = "Did having', 'answer = "Did having', "lacks question"),
        (
            'main = "synthetic_control"',
            'main = "synthetic"',
            "no estimator 'synthetic'",
        ),
        ('transform = "log"', 'transform = "logs"', "no transform 'logs'"),
        ('role = "contrast"', 'role = "contrst"', r"no role 'contrst'.*contrast"),
        ('role = "primary"', 'role = "secondary"', "must have one primary outcome"),
        ('value = "guest_nights"\n', "", "lacks value"),
        (
            "placebo_periods = [2005]\n",
            'placebo_periods = [2005]\ndesign_tests = ["holiday_nights"]\n',
            "names 'holiday_nights'. Name an outcome with role = \"design test\"",
        ),
        ("placebo_periods", "placebo_period", r"no key .*'placebo_period'"),
        (
            '"without Rogaland" = { drop',
            '"without Rogaland" = { omit',
            r"no change .*'omit'",
        ),
        ("[outcomes.total_nights]", "[outcomes.total_nights", "cannot be read"),
    ],
)
def test_a_plan_that_cannot_be_carried_out_is_refused(edited, old, new, message):
    with pytest.raises(ValueError, match=message):
        edited(old, new)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'table = "outcomes"',
            'table = "outcome"',
            r"outcome\.csv is missing.*outcomes",
        ),
        ('unit = "applicant"', 'unit = "aplicant"', r"'aplicant'.*applicant"),
        ('period = "year"', 'period = "yaer"', r"'yaer'.*'year'"),
        ('value = "jobs"', 'value = "jobs_"', r"jobs.*cannot be worked out"),
        ('"revenue / jobs"', '"revenue /"', "cannot be worked out"),
        ('"first_award" ', '"first_awards" ', r"'first_awards'.*first_award"),
        ('"A08"', '"A99"', r"variant 'without the largest winner'.*A99"),
        ("[2014, 2023]", "[2023, 2014]", r"variant 'from 2014 on'"),
        ("[2016]", "[2013]", r"placebo_periods 2013: it leaves fewer than two"),
        ("[2016]", "2016", r"placebo_periods is 2016; write it as \[2016\]"),
        ("[2014, 2023]", "[2014]", "variant 'from 2014 on'"),
        ('= ["did", "event_study"]', '= "did"', r"also is 'did'; write it as"),
        (
            'kind = "promised"',
            'kind = "promised"\noutcome = "job"',
            r"yardsticks: there is no outcome 'job'.*'jobs'",
        ),
        ("cannot_show", "canot_show", r"no key .*'canot_show'.*cannot_show"),
    ],
)
def test_a_plan_that_does_not_fit_the_table_is_refused(folder, old, new, message):
    def carry_out():
        case = change(folder, old, new)
        return [case.battery(outcome).variants for outcome in case.outcomes]

    with pytest.raises(ValueError, match=message):
        carry_out()


def test_a_plan_with_a_byte_order_mark_is_read(folder):
    plan = (folder / "plan.toml").read_text(encoding="utf-8")
    (folder / "plan.toml").write_text(plan, encoding="utf-8-sig")
    assert hub.Case.from_folder(folder).primary == "jobs"
    (folder / "plan.toml").write_bytes(plan.replace("Hubs", "Møre").encode("latin-1"))
    with pytest.raises(ValueError, match=r"plan\.toml is not in UTF-8"):
        hub.Case.from_folder(folder)
