"""A case opens, begins and reads plans, and says what is missing."""

import pytest

import hubanalysis as hub
from hubanalysis.datasets import catalog
from tests.cases.ours import change


def test_every_outcome_of_the_plan_can_be_built(case):
    for name in case.outcomes:
        assert case.panel(name).is_balanced


def test_an_unknown_outcome_offers_the_nearest(case):
    with pytest.raises(ValueError, match=r"no outcome 'total_night'.*total_nights"):
        case.panel("total_night")


def test_a_dataset_without_a_plan_says_which_file_is_missing():
    with pytest.raises(ValueError, match=r"no plan.*plan\.toml"):
        hub.Case.open("validation")


def test_a_new_case_is_the_template_to_the_letter(folder):
    for name in ("plan.toml", "outcomes.csv"):
        original = catalog.path("plan-template") / name
        assert (folder / name).read_bytes() == original.read_bytes()
    assert len(list(folder.iterdir())) == 2


def test_nothing_is_written_over(folder):
    (folder / "outcomes.csv").write_text("mine")
    with pytest.raises(ValueError, match="nothing is written over"):
        hub.Case.new(folder)
    assert (folder / "outcomes.csv").read_text() == "mine"


def test_a_folder_without_a_plan_says_how_to_begin(tmp_path):
    with pytest.raises(ValueError, match=r"no plan at .*hub\.Case\.new"):
        hub.Case.from_folder(tmp_path)


def test_the_plan_as_written_is_that_of_the_folder(folder):
    case = change(folder, "jobs in member firms", "posts in member firms")
    assert "posts in member firms" in case.written()


def test_a_plan_without_an_award_yet_says_what_to_do(rewritten):
    with pytest.raises(ValueError, match=r"nobody is treated up to 2023.*pretend"):
        rewritten(lambda t: t.assign(first_award=2026))


def test_a_zero_under_a_log_offers_another_transform(rewritten):
    def zero(table):
        table.loc[7, "jobs"] = 0
        return table

    with pytest.raises(ValueError, match=r"A01.*set transform to asinh or none"):
        rewritten(zero)
