"""Plans to change: a copy of the Norwegian one, and the template in a new folder."""

import shutil

import pandas as pd
import pytest

import hubanalysis as hub
from hubanalysis.cases import battery
from hubanalysis.cases.verdict import Verdict
from hubanalysis.datasets import catalog
from tests.cases.norway import NAME
from tests.cases.ours import written


@pytest.fixture(scope="module")
def case():
    return hub.Case.open(NAME)


@pytest.fixture
def edited(tmp_path, monkeypatch):
    """A copy of the dataset whose plan can be changed by replacing text."""
    folder = tmp_path / NAME
    shutil.copytree(catalog.path(NAME), folder)
    monkeypatch.setenv("HUBANALYSIS_DATA", str(tmp_path))

    def edit(old: str, new: str):
        file = folder / "plan.toml"
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")
        return hub.Case.open(NAME)

    return edit


@pytest.fixture
def folder(tmp_path):
    """A new case whose two files can be changed; its sentences are our own."""
    return written(hub.Case.new(tmp_path / "ours").folder)


@pytest.fixture
def few_draws(monkeypatch):
    """Small lots, where what is asked does not hang on their size."""
    monkeypatch.setattr(battery, "FEWER", 199)
    monkeypatch.setattr(battery, "SOME", 0)


@pytest.fixture
def rewritten(folder):
    """Change the table by a function and read the case again."""

    def rewrite(function):
        table = pd.read_csv(folder / "outcomes.csv", dtype={"first_award": "Int64"})
        function(table).to_csv(folder / "outcomes.csv", index=False)
        return hub.Case.from_folder(folder)

    return rewrite


@pytest.fixture(scope="module")
def judged():
    """Judge a simulated panel, with yardsticks."""

    def judge(yardsticks=(), outcome=None, **options):
        shape = {"units": 30, "periods": 8, "treated": 1, "start": 5, "seed": 0}
        panel = hub.simulate_panel(**(shape | options))
        plan = outcome or hub.OutcomePlan(main="did", placebo_periods=(3,))
        found = hub.Battery("mine", "y", plan, panel)
        plan = hub.Plan("Did it?", {"y": plan}, yardsticks=yardsticks)
        return Verdict.of(found, plan), found

    return judge


@pytest.fixture
def left_out_untested(monkeypatch):
    """Leave units out without a lot for each, which one test below asks for."""
    monkeypatch.setattr(battery, "SOME", 0)
