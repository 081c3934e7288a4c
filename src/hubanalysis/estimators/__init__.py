"""From a panel to an estimate; `ESTIMATORS` are those that a plan may name."""

from hubanalysis.estimators.augmented import augmented_synthetic_control
from hubanalysis.estimators.did import detrended_did, did, event_study
from hubanalysis.estimators.estimator import Estimator, estimator
from hubanalysis.estimators.group_time_average import group_time_average
from hubanalysis.estimators.imputation import imputation
from hubanalysis.estimators.synthetic_control import (
    synthetic_control,
    synthetic_control_with_intercept,
)
from hubanalysis.estimators.synthetic_did import synthetic_did

ESTIMATORS: dict[str, Estimator] = {
    known.name: known
    for known in (
        estimator(did),
        estimator(detrended_did),
        estimator(event_study),
        estimator(synthetic_control),
        synthetic_control_with_intercept,
        estimator(augmented_synthetic_control),
        estimator(synthetic_did),
        estimator(group_time_average),
        estimator(imputation),
    )
}
