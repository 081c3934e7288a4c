"""Without statsmodels and linearmodels, as in a browser, all but a few things work."""

import subprocess
import sys
import textwrap

import pandas as pd
import pytest

import hubanalysis as hub

# In another process: here both are imported already.
BLOCKED = """
    import sys

    class Blocker:
        def find_spec(self, name, path=None, target=None):
            if name.partition(".")[0] in ("statsmodels", "linearmodels"):
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    sys.meta_path.insert(0, Blocker())
    import hubanalysis as hub
"""


def without(code):
    """What a program prints where neither package can be imported."""
    program = textwrap.dedent(BLOCKED) + textwrap.dedent(code)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_neither_can_be_imported_there():
    assert "missing" in without("""
        try:
            import linearmodels
        except ModuleNotFoundError:
            print("missing")
    """)


def test_a_whole_case_is_answered_and_its_answer_is_the_same():
    battery = hub.Case.open("yozma").battery("gdp_per_head")
    here = [battery.lot.effect, *battery.interval, battery.estimates["did"].se]
    there = without("""
        battery = hub.Case.open("yozma").battery("gdp_per_head")
        print(battery.lot.effect, *battery.interval)
        print(battery.estimates["did"].se)
    """)
    assert [float(x) for x in there.split()] == pytest.approx(here, rel=1e-12)


def test_event_studies_and_their_errors_are_the_same():
    panel = hub.simulate_panel(
        units=14, periods=7, treated=6, start=[4, 5], effect=1.0, seed=3
    )
    here = hub.event_study(panel).path
    there = without("""
        panel = hub.simulate_panel(
            units=14, periods=7, treated=6, start=[4, 5], effect=1.0, seed=3
        )
        print(hub.event_study(panel).path.to_csv())
    """)
    table = pd.DataFrame([line.split(",") for line in there.split()[1:]]).astype(float)
    assert table[1].to_numpy() == pytest.approx(here["effect"].to_numpy(), rel=1e-10)
    assert table[2].to_numpy() == pytest.approx(
        here["se"].to_numpy(), rel=1e-10, nan_ok=True
    )


@pytest.mark.parametrize(
    ("ask", "package"),
    [
        ("hub.did(panel, errors='two_way')", "linearmodels"),
        (
            "hub.did(replace(panel, covariates=size))",
            "linearmodels",
        ),
        (
            "hub.group_time_att(replace(panel, covariates=size), method='ipw')",
            "statsmodels",
        ),
    ],
)
def test_the_few_things_that_need_them_say_so(ask, package):
    said = without(f"""
        from dataclasses import replace

        import numpy as np
        import pandas as pd

        panel = hub.simulate_panel(units=20, periods=6, treated=8, start=4, seed=3)
        size = pd.DataFrame(
            {{"size": np.random.default_rng(0).normal(size=20)}}, panel.units
        )
        try:
            {ask}
        except hub.HubError as error:
            print(error)
    """)
    assert f"needs {package}, which is not installed here" in said
    assert "run this on a computer" in said
