"""Effects by group and period, and who moves them, in the form that is averaged."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import sparse

from hubanalysis.estimators.given import cluster_codes
from hubanalysis.estimators.group_time_cells import Layout, adjusted_cells, plain_cells
from hubanalysis.estimators.group_time_sections import section_cells
from hubanalysis.panels.cross_sections import CrossSections
from hubanalysis.panels.panel import Panel

Blocks = list[tuple[np.ndarray, np.ndarray]]


def assembled(
    panel: Panel | CrossSections,
    layout: Layout,
    design: pd.DataFrame,
    method: str,
    clusters: Mapping | None,
) -> tuple[np.ndarray, dict[int, str], Blocks, sparse.csc_array, np.ndarray, pd.Index]:
    """Estimate all cells, in the cheapest way that the panel allows.

    Returns
    -------
    tuple
        Effects; why some are missing; blocks, map and ones of `GroupTimeATT`; and who
        the rows of the blocks are.
    """
    cohort, where, controls = layout.cohort, layout.where, layout.controls
    n, n_cohorts = len(cohort), len(layout.starts)
    why: dict[int, str] = {}
    plain = design.shape[1] == 1 and panel.weights is None
    if isinstance(panel, Panel) and plain and panel.is_balanced:
        values, sizes = panel.values[:, : layout.end], np.bincount(cohort)
        att, blocks, link, ones = plain_cells(values, cohort, sizes, where, controls)
    else:
        if isinstance(panel, Panel):
            found = adjusted_cells(panel, cohort, where, controls, design, method)
        else:
            found = section_cells(panel, cohort, where, controls, design, method)
        att, influence, why = found
        members = np.eye(n_cohorts)[cohort] * panel.weight[:, None]
        blocks = [(np.arange(n), np.hstack([influence, members]))]
        link = sparse.eye_array(len(att) + n_cohorts, len(att), format="csc")
        ones = len(att) + np.arange(n_cohorts)
    names = panel.units
    if clusters is not None:
        blocks, names = _in_clusters(blocks, cluster_codes(panel, clusters))
    return att, why, blocks, link, ones, names


def _in_clusters(blocks: Blocks, codes: np.ndarray) -> tuple[Blocks, pd.Index]:
    """Add up blocks within clusters, into one; and its rows."""
    total = np.zeros((codes.max() + 1, sum(basis.shape[1] for _, basis in blocks)))
    at = 0
    for rows, basis in blocks:
        np.add.at(total[:, at : at + basis.shape[1]], codes[rows], basis)
        at += basis.shape[1]
    numbers = np.arange(len(total))
    return [(numbers, total)], pd.Index(numbers, name="cluster")
