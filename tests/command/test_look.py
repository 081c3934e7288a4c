"""A page that needs nothing else, in the book's look."""

import re
import tomllib
from pathlib import Path

import pandas as pd

import hubanalysis as hub
from hubanalysis.command.look import SHEETS, shown, style


def test_the_style_sheet_asks_for_no_other_file():
    addresses = re.findall(r"url\(\"?([^)\"]{0,30})", style())
    assert addresses
    assert all(address.startswith("data:") for address in addresses)


def test_a_table_can_be_reached_by_keyboard_and_has_a_name():
    html = shown(hub.table(pd.DataFrame({"a": [1]}), "One & all."))
    assert 'tabindex="0" role="region" aria-label="One &amp; all."' in html


def test_a_figure_has_its_words_and_both_widths():
    figure = hub.Figure(lambda ax: ax.plot([1, 2]), title="It rises", alt="A line.")
    html = shown(figure)
    assert "It rises." in html
    assert html.count('aria-label="A line."') == 2


def test_an_installed_package_holds_every_sheet_and_letter():
    root = Path(__file__).parents[2]
    made = tomllib.loads((root / "pyproject.toml").read_text("utf8"))
    wheel = made["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["sources"]["assets"] == "hubanalysis/assets"
    for name in [*(f"{sheet}.css" for sheet in SHEETS), "fonts"]:
        assert f"assets/{name}" in wheel["only-include"]
        assert (root / "assets" / name).exists()
