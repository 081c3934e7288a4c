"""Verdicts of every kind, without a battery behind them."""

from dataclasses import replace

import numpy as np

from hubanalysis.cases.left_out import LeftOut
from hubanalysis.cases.measured import Measured
from hubanalysis.cases.plan import Yardstick
from hubanalysis.cases.verdict import Verdict
from hubanalysis.inference.power import Significance

PLAIN = Verdict(
    case="made-up",
    question="Did the hub move <jobs>?",
    conclusion="cannot tell",
    outcome="jobs",
    scale="log",
    units="1 treated: Oslo",
    donors=29,
    estimator="synthetic control",
    estimate=0.02,
    effect=0.01,
    interval=(-0.2, 0.25),
    p_value=0.57,
    p_gain=0.2,
    rank=(17, 30),
    mde=0.3,
    left_out=LeftOut((0.0, 0.03), (0.2, 0.4), (0.03, 0.04)),
)


def measured(kind, effect, reading="fits"):
    yardstick = Yardstick(kind, effect, f"a {kind} programme", "made up")
    return Measured(yardstick, effect, reading, Significance(0.1, 2.0, 0.1))


CANNOT_TELL = replace(PLAIN, measured=(measured("break-even", 0.002),))
SEEN = replace(
    PLAIN,
    conclusion="effect seen",
    effect=0.15,
    interval=(0.1, 0.2),
    measured=(measured("promised", 0.05, "ruled out"),),
)
RULED_OUT = replace(
    PLAIN,
    conclusion="a comparable effect is ruled out",
    interval=(-0.01, 0.02),
    mde=0.03,
    measured=(measured("comparable", 0.2, "ruled out"),),
)
TOO_FEW = replace(
    PLAIN,
    conclusion="too few places to tell",
    interval=(-np.inf, np.inf),
    rank=(1, 12),
    mde=np.inf,
    measured=(measured("promised", 0.15),),
)
REFUSED = Verdict(
    case="made-up",
    question="Did closing it do harm?",
    conclusion="not identified",
    cannot_show=("nobody counted after it closed",),
)
ALL = (SEEN, RULED_OUT, CANNOT_TELL, TOO_FEW, REFUSED)
