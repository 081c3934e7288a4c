"""Counterfactual analysis of regional innovation hubs."""

from hubanalysis.bacon import bacon_decomposition
from hubanalysis.battery import ESTIMATORS, Battery
from hubanalysis.bootstrap import WildBootstrap, jackknife, wild_cluster_bootstrap
from hubanalysis.bounds import breakdown, honest_bounds
from hubanalysis.case import Case
from hubanalysis.catalog import DataError, datasets, fields, load, provenance
from hubanalysis.conformal import conformal_interval
from hubanalysis.did import detrended_did, did, event_study
from hubanalysis.estimate import Estimate
from hubanalysis.figures import (
    COLOURS,
    canvas,
    counterfactual_plot,
    distribution_plot,
    event_plot,
    finish,
    first_look,
    forest_plot,
    power_plot,
)
from hubanalysis.group_average import group_time_average
from hubanalysis.imputation import imputation
from hubanalysis.panel import Panel
from hubanalysis.placebo import (
    Placebos,
    leave_one_out,
    placebo_in_space,
    placebo_in_time,
)
from hubanalysis.power import Power, minimum_detectable_effect, simulate_panel
from hubanalysis.randomization import Randomization, randomization_test
from hubanalysis.specialisation import herfindahl, location_quotient, shift_share
from hubanalysis.specification import specification_curve
from hubanalysis.staggered import GroupTimeATT, group_time_att
from hubanalysis.synthetic import synthetic_control, synthetic_did
from hubanalysis.tables import estimates_table, in_time_table, outcomes_table
from hubanalysis.verdict import Verdict
from hubanalysis.wording import effect_text, number_text, percent_text

__all__ = [
    "COLOURS",
    "ESTIMATORS",
    "Battery",
    "Case",
    "DataError",
    "Estimate",
    "GroupTimeATT",
    "Panel",
    "Placebos",
    "Power",
    "Randomization",
    "Verdict",
    "WildBootstrap",
    "bacon_decomposition",
    "breakdown",
    "canvas",
    "conformal_interval",
    "counterfactual_plot",
    "datasets",
    "detrended_did",
    "did",
    "distribution_plot",
    "effect_text",
    "estimates_table",
    "event_plot",
    "event_study",
    "fields",
    "finish",
    "first_look",
    "forest_plot",
    "group_time_att",
    "group_time_average",
    "herfindahl",
    "honest_bounds",
    "imputation",
    "in_time_table",
    "jackknife",
    "leave_one_out",
    "load",
    "location_quotient",
    "minimum_detectable_effect",
    "number_text",
    "outcomes_table",
    "percent_text",
    "placebo_in_space",
    "placebo_in_time",
    "power_plot",
    "provenance",
    "randomization_test",
    "shift_share",
    "simulate_panel",
    "specification_curve",
    "synthetic_control",
    "synthetic_did",
    "wild_cluster_bootstrap",
]
