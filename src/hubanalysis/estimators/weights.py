"""Least squares on the simplex: weights that are not negative and add up to one."""

from __future__ import annotations

import numpy as np
from scipy.optimize import nnls

# A donor with more than this weight stands in for the whole pool.
ONE_DONOR = 0.9

# Where several weightings fit equally well, this share of the scale of the problem
# picks the most even one; it moves the objective by less than 1e-12 of its size.
TIE_BREAK = 1e-7


def simplex_weights(
    donors: np.ndarray, target: np.ndarray, ridge: float = 0.0
) -> np.ndarray:
    r"""Solve a least-squares problem over the unit simplex exactly.

    Minimises :math:`\lVert A w - b \rVert^2 + r^2 \lVert w \rVert^2` over
    :math:`w \ge 0`, :math:`\sum w = 1`.

    As the weights add up to one, :math:`A w - b = (A - b 1') w`, and the problem is
    to find the shortest vector in the hull of the columns of :math:`M = A - b 1'`.
    Non-negative least squares on :math:`[M; 1'] x \approx [0; 1]` has its optimum
    on the same ray: for :math:`x = s w` the best :math:`s` leaves
    :math:`q / (1 + q)` with :math:`q = \lVert M w \rVert^2`, which grows with q.

    Parameters
    ----------
    donors : numpy.ndarray of shape (n_rows, n_donors)
        Matrix A, one column per donor.
    target : numpy.ndarray of shape (n_rows,)
        Vector b.
    ridge : float
        r, in units of the rows.

    Returns
    -------
    numpy.ndarray of shape (n_donors,)
        The weights. Where the optimum is not unique, the most even one.

    Examples
    --------
    >>> import numpy as np
    >>> simplex_weights(np.array([[0.0, 2.0], [0.0, 2.0]]), np.array([1.0, 1.0]))
    array([0.5, 0.5])
    """
    gaps = donors - target[:, None]
    n = gaps.shape[1]
    scale = max(gaps.max(), -gaps.min())
    if n == 1 or scale == 0:
        return np.full(n, 1.0 / n)
    rows = len(gaps)
    system = np.zeros((rows + n + 1, n))
    system[:rows] = gaps / scale
    system[rows:-1].flat[:: n + 1] = max(ridge / scale, TIE_BREAK)
    system[-1] = 1.0
    goal = np.zeros(rows + n + 1)
    goal[-1] = 1.0
    x, _ = nnls(system, goal, maxiter=30 * n)
    return x / x.sum()
