"""Counterfactual analysis of regional innovation hubs."""

from importlib.metadata import PackageNotFoundError, version

from hubanalysis.cases.amended import amended
from hubanalysis.cases.battery import Battery
from hubanalysis.cases.case import Case
from hubanalysis.cases.plan import OutcomePlan, Plan
from hubanalysis.cases.plan_keys import plan_keys
from hubanalysis.cases.verdict import Verdict
from hubanalysis.command.report import report
from hubanalysis.datasets.catalog import (
    DataError,
    datasets,
    fields,
    load,
    provenance,
)
from hubanalysis.estimators import ESTIMATORS
from hubanalysis.estimators.augmented import augmented_synthetic_control
from hubanalysis.estimators.bacon import bacon_decomposition
from hubanalysis.estimators.did import detrended_did, did, event_study
from hubanalysis.estimators.estimate import Estimate
from hubanalysis.estimators.estimator import Estimator, estimator
from hubanalysis.estimators.group_time import GroupTimeATT, group_time_att
from hubanalysis.estimators.group_time_average import group_time_average
from hubanalysis.estimators.imputation import imputation
from hubanalysis.estimators.synthetic_control import synthetic_control
from hubanalysis.estimators.synthetic_did import synthetic_did
from hubanalysis.inference.bands import Band, randomization_band
from hubanalysis.inference.bootstrap import (
    WildBootstrap,
    jackknife,
    wild_cluster_bootstrap,
)
from hubanalysis.inference.bounds import breakdown, honest_bounds
from hubanalysis.inference.conformal import conformal_interval
from hubanalysis.inference.contest import Contest, contest
from hubanalysis.inference.lot import Lot, randomization_test
from hubanalysis.inference.one_at_a_time import one_at_a_time
from hubanalysis.inference.placebo import (
    Placebos,
    placebo_in_space,
    placebo_in_time,
)
from hubanalysis.inference.power import (
    Power,
    minimum_detectable_effect,
    power_of_lot,
)
from hubanalysis.inference.power_before import PowerBefore, power_before
from hubanalysis.inference.power_by_horizon import power_by_horizon
from hubanalysis.inference.prediction import prediction_interval
from hubanalysis.inference.robustness import leave_one_out, specification_curve
from hubanalysis.panels.cross_sections import CrossSections
from hubanalysis.panels.homework import Homework, homework
from hubanalysis.panels.panel import Panel
from hubanalysis.panels.simulate import simulate_panel
from hubanalysis.panels.specialisation import herfindahl, location_quotient, shift_share
from hubanalysis.show.against import against
from hubanalysis.show.book import (
    Offer,
    battery_numbers,
    mark_choices,
    say,
    show_in_full,
)
from hubanalysis.show.calculator import calculator
from hubanalysis.show.card import Card, card
from hubanalysis.show.deal import deal
from hubanalysis.show.drawing import (
    draw_band,
    draw_lines,
    draw_map,
    draw_outline,
    draw_rows,
    draw_spans,
    is_narrow,
    label_colours,
    label_point,
    mark_time,
    show_percent,
)
from hubanalysis.show.figure import Figure, figure
from hubanalysis.show.figures import (
    counterfactual_plot,
    distribution_plot,
    event_plot,
    first_look,
    forest_plot,
)
from hubanalysis.show.landing import Landing, landing
from hubanalysis.show.palette import COLOURS
from hubanalysis.show.power_figures import horizon_plot, power_plot
from hubanalysis.show.pretend import pretend
from hubanalysis.show.sift import sift
from hubanalysis.show.since import since
from hubanalysis.show.specifications import specifications
from hubanalysis.show.tables import (
    Sources,
    Table,
    amendments_table,
    estimates_table,
    in_time_table,
    outcomes_table,
    sources,
    table,
)
from hubanalysis.show.true_effect import true_effect
from hubanalysis.show.widget import Widget
from hubanalysis.words.numbers import effect_text, number_text, p_text, percent_text
from hubanalysis.words.refusals import HubError

try:
    __version__ = version("hubanalysis")
except PackageNotFoundError:  # a checkout that was never installed
    __version__ = "0+unknown"

__all__ = [
    "COLOURS",
    "ESTIMATORS",
    "Band",
    "Battery",
    "Card",
    "Case",
    "Contest",
    "CrossSections",
    "DataError",
    "Estimate",
    "Estimator",
    "Figure",
    "GroupTimeATT",
    "Homework",
    "HubError",
    "Landing",
    "Lot",
    "Offer",
    "OutcomePlan",
    "Panel",
    "Placebos",
    "Plan",
    "Power",
    "PowerBefore",
    "Sources",
    "Table",
    "Verdict",
    "Widget",
    "WildBootstrap",
    "against",
    "amended",
    "amendments_table",
    "augmented_synthetic_control",
    "bacon_decomposition",
    "battery_numbers",
    "breakdown",
    "calculator",
    "card",
    "conformal_interval",
    "contest",
    "counterfactual_plot",
    "datasets",
    "deal",
    "detrended_did",
    "did",
    "distribution_plot",
    "draw_band",
    "draw_lines",
    "draw_map",
    "draw_outline",
    "draw_rows",
    "draw_spans",
    "effect_text",
    "estimates_table",
    "estimator",
    "event_plot",
    "event_study",
    "fields",
    "figure",
    "first_look",
    "forest_plot",
    "group_time_att",
    "group_time_average",
    "herfindahl",
    "homework",
    "honest_bounds",
    "horizon_plot",
    "imputation",
    "in_time_table",
    "is_narrow",
    "jackknife",
    "label_colours",
    "label_point",
    "landing",
    "leave_one_out",
    "load",
    "location_quotient",
    "mark_choices",
    "mark_time",
    "minimum_detectable_effect",
    "number_text",
    "one_at_a_time",
    "outcomes_table",
    "p_text",
    "percent_text",
    "placebo_in_space",
    "placebo_in_time",
    "plan_keys",
    "power_before",
    "power_by_horizon",
    "power_of_lot",
    "power_plot",
    "prediction_interval",
    "pretend",
    "provenance",
    "randomization_band",
    "randomization_test",
    "report",
    "say",
    "shift_share",
    "show_in_full",
    "show_percent",
    "sift",
    "simulate_panel",
    "since",
    "sources",
    "specification_curve",
    "specifications",
    "synthetic_control",
    "synthetic_did",
    "table",
    "true_effect",
    "wild_cluster_bootstrap",
]
