"""Counterfactual analysis of regional innovation hubs."""

from hubanalysis.bacon import bacon_decomposition
from hubanalysis.battery import Battery, Verdict
from hubanalysis.case import Case
from hubanalysis.catalog import DataError, datasets, fields, load, provenance
from hubanalysis.did import detrended_did, did, event_study
from hubanalysis.estimate import Estimate
from hubanalysis.imputation import imputation
from hubanalysis.panel import Panel
from hubanalysis.placebo import (
    Placebos,
    Randomization,
    leave_one_out,
    placebo_in_space,
    placebo_in_time,
    randomization_test,
)
from hubanalysis.power import Power, minimum_detectable_effect, simulate_panel
from hubanalysis.staggered import GroupTimeATT, group_time_att
from hubanalysis.synthetic import synthetic_control, synthetic_did

__all__ = [
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
    "bacon_decomposition",
    "datasets",
    "detrended_did",
    "did",
    "event_study",
    "fields",
    "group_time_att",
    "imputation",
    "leave_one_out",
    "load",
    "minimum_detectable_effect",
    "placebo_in_space",
    "placebo_in_time",
    "provenance",
    "randomization_test",
    "simulate_panel",
    "synthetic_control",
    "synthetic_did",
]
