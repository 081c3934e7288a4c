"""Cells give in a browser what they give in a notebook."""

import importlib.util
import json
import sys
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.font_manager import json_load

import hubanalysis as hub
from tools.live.assemble import STATIC


@pytest.fixture
def kernel(monkeypatch):
    """The kernel, with stand-ins undone after the test."""
    spec = importlib.util.spec_from_file_location("hub_kernel", STATIC / "kernel.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("IPython", "IPython.display", "tqdm"):
        monkeypatch.setitem(sys.modules, name, sys.modules.get(name))
    module.settle()
    module.said = []
    module.tell = module.said.append
    return module


def outputs(kernel, source, space=None):
    kernel.said.clear()
    well = kernel.run(source, "cell 3", {} if space is None else space)
    assert well != any("error" in said for said in kernel.said)
    return list(kernel.said)


def test_the_value_at_the_end_of_a_cell_is_shown(kernel):
    assert outputs(kernel, "a = 2\na + 1") == [{"text": "3"}]
    assert outputs(kernel, "a = 2\na + 1;") == []
    assert outputs(kernel, "a = 2") == []
    assert outputs(kernel, "None") == []


def test_names_live_from_one_cell_to_the_next(kernel):
    space = {}
    outputs(kernel, "a = 2", space)
    assert outputs(kernel, "a", space) == [{"text": "2"}]


def test_a_table_and_a_figure_are_shown_as_html(kernel):
    table = pd.DataFrame({"a": [1]})
    figure = hub.Figure(lambda ax: ax.plot([1, 3]), title="It rises", alt="A line.")
    space = {"table": table, "figure": figure}
    assert outputs(kernel, "table", space) == [{"html": table._repr_html_()}]
    (drawn,) = outputs(kernel, "figure", space)
    assert "<svg" in drawn["html"]


def test_what_is_printed_comes_before_what_is_shown(kernel):
    found = outputs(kernel, "print('first')\nprint('second', end='')\n7")
    assert found[0] == {"printed": "first\n"}
    assert "".join(said.get("printed", "") for said in found) == "first\nsecond"


def test_said_numbers_are_told_by_name_and_without_quotes(kernel):
    found = outputs(kernel, "hub.say('g', rise='−3', n=4)", {"hub": hub})
    assert found == [
        {"name": "g_rise", "number": "−3"},
        {"name": "g_n", "number": "4"},
    ]


def test_an_error_names_its_kind_and_line_and_keeps_our_own_frames_out(kernel):
    *_, said = outputs(kernel, "a = 1\n\ndef f():\n    return 1 / 0\nf()")
    assert (said["kind"], said["line"]) == ("ZeroDivisionError", 5)
    assert "return 1 / 0" in said["trace"]
    assert "kernel.py" not in said["trace"]
    *_, said = outputs(kernel, "a = (")
    assert said["kind"] == "SyntaxError"


def test_no_memory_is_told_as_such_whoever_lacks_it(kernel):
    for cell in ("raise MemoryError", "import numpy as np\nnp.ones(1 << 55)"):
        *_, said = outputs(kernel, cell)
        assert said["kind"] == "MemoryError"


def test_a_refusal_of_the_library_is_told_in_its_own_words(kernel):
    *_, said = outputs(kernel, "hub.Case.open('norwya')", {"hub": hub})
    assert "norwya" in said["error"]


def test_what_is_not_here_is_told_when_it_is_used_and_not_before(kernel, monkeypatch):
    monkeypatch.setattr(kernel, "_missing", lambda module: True)
    space = {}
    cell = (
        "import statsmodels.api as sm, math\nfrom linearmodels import PanelOLS\nmath.pi"
    )
    (pi,) = outputs(kernel, cell, space)
    assert pi["text"].startswith("3.14")
    for use in ("sm.OLS.from_formula('y ~ x')", "PanelOLS(1, 2)"):
        (said,) = outputs(kernel, use, space)
        assert said["kind"] == "NotHere"
        assert "not part of the Python that runs in a browser" in said["error"]


def test_what_the_library_refuses_for_want_of_a_package_is_not_here(
    kernel, monkeypatch
):
    monkeypatch.setitem(sys.modules, "linearmodels.panel", None)
    panel = hub.simulate_panel(units=12, periods=6, treated=4, start=4, seed=1)
    space = {"hub": hub, "panel": panel}
    (said,) = outputs(kernel, "hub.did(panel, errors='two_way')", space)
    assert said["kind"] == "NotHere"
    assert "needs linearmodels" in said["error"]
    (said,) = outputs(kernel, "import no_such_package")
    assert said["kind"] == "ModuleNotFoundError"


def test_what_is_here_is_imported(kernel):
    (found,) = outputs(kernel, "import statsmodels.api as sm\nsm.OLS")
    assert "statsmodels" in found["text"]


def test_an_open_drawing_is_shown_and_closed(kernel):
    plt.close("all")
    (said,) = outputs(kernel, "_ = plt.plot([1, 2])", {"plt": plt})
    assert said["html"].startswith("<img")
    assert plt.get_fignums() == []


def test_a_long_computation_tells_how_far_it_is(kernel):
    found = outputs(
        kernel,
        "from tqdm import tqdm\nlist(tqdm([5, 6], total=2, desc='lot'))",
    )
    assert found[:2] == [
        {"doing": "lot", "done": 0, "of": 2},
        {"doing": "lot", "done": 1, "of": 2},
    ]
    assert found[2] == {"text": "[5, 6]"}


def test_matplotlib_is_told_of_fonts_that_it_carries(kernel, tmp_path):
    kernel.know_fonts(tmp_path)
    known = tmp_path / "fontlist.json"
    version = matplotlib.font_manager.FontManager.__version__
    assert json.loads(known.read_text())["_version"] == version  # or unread
    for entry in json.loads(known.read_text())["ttflist"]:
        assert Path(matplotlib.get_data_path(), entry["fname"]).is_file()
    found = json_load(known)  # as matplotlib reads it
    assert found.findfont("DejaVu Sans", fallback_to_default=False)


def test_a_file_that_a_cell_made_is_told_with_its_content(kernel, tmp_path):
    made = tmp_path / "report.html"
    made.write_text("<p>found</p>", "utf8")
    (said,) = outputs(kernel, "offer", {"offer": hub.Offer(made, "The report")})
    assert (said["file"], said["content"]) == ("report.html", "<p>found</p>")
    assert "The report" in said["html"]
