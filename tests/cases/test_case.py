"""A case opens, begins and reads plans, and says what is missing."""

import tomllib
from datetime import date

import pytest

import hubanalysis as hub
from hubanalysis.datasets import catalog
from tests.cases.ours import change, written


def test_every_outcome_of_the_plan_can_be_built(case):
    for name in case.outcomes:
        assert case.panel(name).is_balanced


def test_an_unknown_outcome_offers_the_nearest(case):
    with pytest.raises(ValueError, match=r"no outcome 'total_night'.*total_nights"):
        case.panel("total_night")


def test_a_dataset_without_a_plan_says_which_file_is_missing():
    with pytest.raises(ValueError, match=r"no plan.*plan\.toml"):
        hub.Case.open("validation")


def test_a_new_case_is_the_template_to_the_letter(tmp_path):
    folder = hub.Case.new(tmp_path / "new").folder
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


def test_a_sentence_of_the_template_reaches_no_card(tmp_path):
    new = hub.Case.new(tmp_path / "new")
    told = [
        "question",
        "outcomes jobs title",
        "cannot_show 2",
        "rivals 1 what",
        "yardsticks 1 source",
    ]
    with pytest.raises(ValueError, match="still the template's") as refusal:
        new.verdict()
    assert all(
        f"{place};" in f"{refusal.value}; ".replace(". Write", ";") for place in told
    )
    text = (new.folder / "plan.toml").read_text(encoding="utf-8")
    whole = tomllib.loads(text)
    mine = hub.Case.from_folder(written(new.folder))
    (new.folder / "plan.toml").write_text(
        text.replace("REPLACE: ", "").replace("Did winning", "REPLACE: Did winning"),
        encoding="utf-8",
    )
    with pytest.raises(ValueError, match=r"plan\.toml.*: question\. Write your own"):
        hub.Case.from_folder(new.folder).verdict("revenue_per_job")
    assert whole["question"] == f"REPLACE: {mine.plan.question}"


def sentences(part):
    """Every text of a plan that is no name, formula or file."""
    if isinstance(part, str):
        return [part] if " " in part and "/" not in part else []
    items = part.values() if isinstance(part, dict) else part
    return (
        [s for item in items for s in sentences(item)]
        if not isinstance(part, int | float | date)
        else []
    )


def test_every_sentence_of_the_template_says_that_it_must_be_replaced():
    text = (catalog.path("plan-template") / "plan.toml").read_text(encoding="utf-8")
    found = sentences(tomllib.loads(text))
    assert len(found) > 10
    assert all(sentence.startswith("REPLACE: ") for sentence in found)


def test_a_case_says_who_decides(folder):
    assert "jobs  (primary, synthetic_did)" in repr(hub.Case.from_folder(folder))
    told = repr(change(folder, "[outcomes.jobs]", "[outcomes.jobs]\ncontest = true"))
    assert "(primary, a contest of synthetic_did, did, event_study)" in told


def test_a_zero_under_a_log_offers_another_transform(rewritten):
    def zero(table):
        table.loc[7, "jobs"] = 0
        return table

    with pytest.raises(ValueError, match=r"A01.*set transform to asinh or none"):
        rewritten(zero)
