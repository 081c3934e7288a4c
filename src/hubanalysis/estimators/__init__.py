"""From a panel to an estimate; `ESTIMATORS` are those that a plan may name."""

from hubanalysis.estimators.did import detrended_did, did, event_study
from hubanalysis.estimators.estimator import Estimator, estimator
from hubanalysis.estimators.group_time_average import group_time_average
from hubanalysis.estimators.imputation import imputation
from hubanalysis.estimators.synthetic_control import (
    synthetic_control,
    synthetic_control_with_intercept,
)
from hubanalysis.estimators.synthetic_did import synthetic_did

__all__ = ["ESTIMATORS"]

ESTIMATORS: dict[str, Estimator] = {
    known.name: known
    for known in map(
        estimator,
        (
            did,
            detrended_did,
            event_study,
            synthetic_control,
            synthetic_control_with_intercept,
            synthetic_did,
            group_time_average,
            imputation,
        ),
    )
}
