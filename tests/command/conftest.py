"""Small lots, where what is asked does not hang on their size."""

import pytest

from hubanalysis.cases import battery


@pytest.fixture
def few_draws(monkeypatch):
    monkeypatch.setattr(battery, "MOST", 199)
    monkeypatch.setattr(battery, "FEWER", 199)
    monkeypatch.setattr(battery, "SOME", 0)
