"""Counterfactual analysis of regional innovation hubs."""

from hubanalysis.did import detrended_did, did, event_study
from hubanalysis.estimate import Estimate
from hubanalysis.panel import Panel
from hubanalysis.synthetic import synthetic_control, synthetic_did
