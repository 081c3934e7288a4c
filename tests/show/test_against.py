"""Effects in print and intervals go into the page as they are."""

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub

SPANS = pd.DataFrame(
    {"lower": [-3.0, -np.inf], "upper": [4.0, np.inf], "estimate": [1.0, 9.0]},
    index=["jobs", "exports"],
)
PRINTED = pd.DataFrame(
    {"effect": [11.0], "beside": "", "reading": "-"}, index=["Salta"]
)
PYTHON = {"jobs": "(0, 1)", "exports": "(0, 2)"}


def test_an_open_end_has_no_number():
    spans = hub.against(SPANS, PRINTED, PYTHON, title="x").data["spans"]
    assert spans[0] == {"name": "jobs", "low": -3.0, "high": 4.0, "estimate": 1.0}
    assert (spans[1]["low"], spans[1]["high"]) == (None, None)


def test_its_python_names_every_interval():
    code = hub.against(SPANS, PRINTED, PYTHON, title="x").code
    assert "    'jobs': (0, 1),\n    'exports': (0, 2),\n" in code


def test_the_static_figure_is_drawn_at_both_widths():
    figure = hub.against(SPANS, PRINTED, PYTHON, title="x").figure
    assert figure.drawn()
    assert figure.drawn(narrow=True)


def test_nothing_to_compare_is_refused():
    with pytest.raises(hub.HubError, match="give an effect"):
        hub.against(SPANS, PRINTED.iloc[:0], PYTHON)
    with pytest.raises(hub.HubError, match="two ends"):
        hub.against(SPANS.iloc[1:], PRINTED, PYTHON)
