"""The colours, sizes and letters of the book's figures."""

from __future__ import annotations

from pathlib import Path

from cycler import cycler
from matplotlib import font_manager

from hubanalysis.words.refusals import check_name

# As on light paper. A page replaces each by its variable of the same name in
# assets/tokens.css, so that figures follow the reader into the dark and onto paper.
TOKENS = {
    "paper": "#fbfaf7",
    "panel": "#ffffff",
    "sunk": "#f2f0ea",
    "ink": "#1b2428",
    "soft": "#4a575d",
    "mute": "#5f6c72",
    "teal": "#14606e",
    "band": "#b9dadf",
    "edge": "#598e97",
    "amber": "#9a5b00",
    "amber-line": "#c77a0a",
    "wine": "#8e2437",
    "grey": "#b9bdbb",
    "rule": "#ddd9cf",
    "hair": "#eae7df",
}


class _Named(dict[str, str]):
    """Colours by name, which say what there is where a name is none."""

    def __missing__(self, name: object) -> str:
        check_name(name, self, "colour")
        raise KeyError(name)


# What they mean. Told apart with every common kind of colour blindness; wine and
# amber come near each other in the dark and never share a figure.
COLOURS: dict[str, str] = _Named(
    {
        "treated": TOKENS["teal"],  # what happened
        "other": TOKENS["amber-line"],  # what would have happened: always dotted
        "third": TOKENS["wine"],  # what was promised or claimed
        "donor": TOKENS["grey"],  # other places, other lots
        "band": TOKENS["band"],  # what fits
        "edge": TOKENS["edge"],  # where it ends: the band alone is too faint to see
        **{name: TOKENS[name] for name in ("ink", "soft", "mute", "rule", "hair")},
    }
)

# Letters need more contrast than lines do.
LETTERS: dict[str, str] = _Named(
    COLOURS | {"other": TOKENS["amber"], "donor": TOKENS["mute"]}
)

FAMILY = "Hub Sans"
for _file in sorted((Path(__file__).parent / "fonts").glob("*.ttf")):
    font_manager.fontManager.addfont(_file)

# A point is a pixel of the page: figures are sized in 72nds of an inch.
STYLE: dict = {
    "figure.dpi": 72,
    "figure.facecolor": TOKENS["paper"],
    "figure.constrained_layout.use": True,
    "figure.constrained_layout.w_pad": 0.03,
    "figure.constrained_layout.h_pad": 0.03,
    "savefig.dpi": 144,
    "font.family": [FAMILY, "DejaVu Sans"],
    "font.size": 13,
    "text.color": COLOURS["ink"],
    "axes.facecolor": "none",
    "axes.labelsize": 13,
    "axes.labelcolor": COLOURS["soft"],
    "axes.edgecolor": COLOURS["rule"],
    "axes.spines.top": False,
    "axes.spines.left": False,
    "axes.spines.right": False,
    "axes.prop_cycle": cycler(color=[COLOURS["treated"]]),
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "grid.color": COLOURS["hair"],
    "grid.linewidth": 1,
    "xtick.color": COLOURS["rule"],
    "ytick.color": COLOURS["rule"],
    "xtick.labelcolor": COLOURS["soft"],
    "ytick.labelcolor": COLOURS["soft"],
    "xtick.labelsize": 13,
    "ytick.labelsize": 13,
    "ytick.major.size": 0,
    "lines.linewidth": 2,
    "lines.solid_capstyle": "round",
    "patch.linewidth": 0,
    "svg.fonttype": "none",
}
