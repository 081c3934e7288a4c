"""Least squares on the simplex: weights that are not negative and add up to one."""

from __future__ import annotations

import numpy as np
from scipy.optimize import nnls

# A donor with more than this weight stands in for the whole pool.
ONE_DONOR = 0.9
# So many donors, and no more, are given to the active set at once.
AT_ONCE = 64
# With the nearest donor at a distance of one: a fit closer than this is exact, and
# donors whose slopes differ by less than this share of it lie on the same face.
SAME = 1e-9
# What rounding leaves of a figure, as a share of it, once means have been taken out.
ROUNDING = 64 * np.finfo(float).eps
# A ridge from here on is strong enough for the dual to keep ten digits.
STRONG_RIDGE = 1e-3


def simplex_weights(
    donors: np.ndarray,
    target: np.ndarray,
    ridge: float = 0.0,
    size: np.ndarray | None = None,
) -> np.ndarray:
    r"""Solve a least-squares problem over the unit simplex exactly.

    Minimises :math:`\lVert A w - b \rVert^2 + r^2 \lVert w \rVert^2` over
    :math:`w \ge 0`, :math:`\sum w = 1`. Where several weightings fit equally well, as
    they can with more donors than rows, the one of least norm is taken: it is
    unique, does not depend on the order of donors, and treats equal donors alike.

    As the weights add up to one, :math:`A w - b = (A - b 1') w`, and the problem is
    to find the shortest vector in the hull of the columns of :math:`M = A - b 1'`.
    Non-negative least squares on :math:`[M; 1'] x \approx [0; 1]` has its optimum
    on the same ray: for :math:`x = s w` the best :math:`s` leaves
    :math:`q / (1 + q)` with :math:`q = \lVert M w \rVert^2`, which grows with q.
    At most one donor more than there are rows is needed, so an active set of a few
    is solved, and those that would improve on it are let in, until none does.

    Parameters
    ----------
    donors : numpy.ndarray of shape (n_rows, n_donors)
        Matrix A, one column per donor.
    target : numpy.ndarray of shape (n_rows,)
        Vector b.
    ridge : float
        r, in units of the rows.
    size : numpy.ndarray of shape (n_donors,), optional
        How large the figures were, for each donor, before means were taken out of
        them: a gap that their rounding can make is none.

    Returns
    -------
    numpy.ndarray of shape (n_donors,)
        The weights.

    Examples
    --------
    >>> import numpy as np
    >>> simplex_weights(np.array([[0.0, 2.0], [0.0, 2.0]]), np.array([1.0, 1.0]))
    array([0.5, 0.5])
    """
    gaps, blur = gaps_of(donors, target, size)
    n = gaps.shape[1]
    largest = max(gaps.max(), -gaps.min())
    if n == 1 or largest == 0:
        return np.full(n, 1.0 / n)
    gaps, blur = gaps / largest, blur / largest
    if len(gaps) > n:
        gaps = np.asarray(np.linalg.qr(gaps, mode="r"))
    # No fit is worse than the nearest donor, whose distance is the unit from here on.
    far = np.sqrt(np.einsum("tj,tj->j", gaps, gaps))
    near = far[far > 0].min()
    gaps, far, blur = gaps / near, far / near, blur / near
    ridge = ridge / (largest * near)
    if ridge <= blur.min():
        ridge = 0.0
    if ridge > STRONG_RIDGE and n > AT_ONCE:
        system = np.vstack([gaps, np.ones(n)])
        goal = np.zeros(len(system))
        goal[-1] = 1.0
        damping = np.append(np.full(len(gaps), ridge**2), 0.0)
        return _least_norm(system, goal, damping, goal / n)
    weights = _active_set(gaps, far, ridge)
    return weights if ridge else even_out(gaps, weights, blur)


def gaps_of(
    donors: np.ndarray, target: np.ndarray, size: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Donors less the target, with zero where only rounding sets them apart.

    Parameters
    ----------
    donors, target, size : numpy.ndarray
        As for `simplex_weights`.

    Returns
    -------
    tuple of numpy.ndarray
        Gaps, (n_rows, n_donors), and how long one can be by rounding, (n_donors,).
    """
    if size is None:
        largest = np.abs(target).max(initial=0.0)
        size = np.maximum(np.abs(donors).max(axis=0, initial=0.0), largest)
    gaps = donors - target[:, None]
    blur = ROUNDING * np.sqrt(len(gaps)) * np.asarray(size)
    gaps[:, np.sqrt(np.einsum("tj,tj->j", gaps, gaps)) <= blur] = 0.0
    return gaps, blur


def even_out(gaps: np.ndarray, weights: np.ndarray, blur: np.ndarray) -> np.ndarray:
    """Of all weightings that fit as well as this optimum, the one of least norm.

    Parameters
    ----------
    gaps : numpy.ndarray of shape (n_rows, n_donors)
        Donors less the target, the nearest at a distance of one.
    weights : numpy.ndarray of shape (n_donors,)
    blur : numpy.ndarray of shape (n_donors,)
        How far rounding may move each donor.

    Returns
    -------
    numpy.ndarray of shape (n_donors,)
    """
    gap = gaps @ weights
    length = np.sqrt(gap @ gap)
    # Any mix of donors on the face where the slope is least fits as well, if it has
    # the same gap; where the fit is exact, that is all of them.
    same = np.maximum(SAME, blur)
    if length > same @ weights:
        face = (gap @ gaps <= length * (length + same)) | (weights > 0)
    else:
        face = np.ones(len(weights), dtype=bool)
    if face.sum() == np.count_nonzero(weights):
        return weights
    system = np.vstack([gaps[:, face], np.ones(face.sum())])
    _, size, rows = np.linalg.svd(system, full_matrices=False)
    rows = rows[size > max(same[face] @ weights[face], 1e-13 * size[0])]
    goal = rows @ weights[face]
    even = np.zeros(len(weights))
    even[face] = _least_norm(rows, goal, np.zeros(len(goal)), goal)
    return even


def _active_set(gaps: np.ndarray, far: np.ndarray, ridge: float) -> np.ndarray:
    """Shortest vector in the hull, from few columns (with these lengths) at a time."""
    rows, n = gaps.shape
    tried = np.arange(n)
    if n > AT_ONCE:
        tried = np.argpartition(far, AT_ONCE)[:AT_ONCE]
    # Columns of one length, so that a donor far away does not hide the others.
    level = 1 / np.maximum(far, 1.0)
    best, weights = np.inf, np.zeros(n)
    while True:
        few = len(tried)
        system = np.zeros((rows + (few if ridge else 0) + 1, few))
        system[:rows] = gaps[:, tried]
        if ridge:
            system[rows:-1].flat[:: few + 1] = ridge
        system[-1] = 1.0
        system *= level[tried]
        goal = np.zeros(len(system))
        goal[-1] = 1.0
        x, _ = nnls(system, goal, maxiter=30 * few)
        found = np.zeros(n)
        x *= level[tried]
        found[tried] = x / x.sum()
        if few == n:
            return found
        gap = gaps @ found
        size = gap @ gap + ridge**2 * (found @ found)
        # What could yet be gained is at most the difference of these.
        slope = gap @ gaps + ridge**2 * found
        if size >= best:
            return weights
        best, weights = float(size), found
        slope[tried] = np.inf
        better = np.flatnonzero(slope < size - 1e-15 * np.sqrt(size) * far)
        if not len(better):
            return weights
        better = better[np.argsort(slope[better], kind="stable")][: AT_ONCE // 2]
        tried = np.sort(np.append(np.flatnonzero(found), better))


def _least_norm(
    system: np.ndarray, goal: np.ndarray, damping: np.ndarray, start: np.ndarray
) -> np.ndarray:
    r"""Least-norm :math:`w \ge 0` with :math:`B w + D y = c`, by Newton on the dual.

    There :math:`w = \max(0, B'y)`, and y minimises the convex, piecewise quadratic
    :math:`\lVert w \rVert^2 / 2 + y'Dy / 2 - c'y`, in as many unknowns as there are
    rows (Woodbury's identity, once the donors in use are known).
    """
    y = start
    w = np.maximum(y @ system, 0.0)
    slope = system @ w + damping * y - goal
    height = _height(w, y, damping, goal)
    for _ in range(100):
        off = np.abs(slope).max()
        if off <= 1e-15:
            break
        used = system[:, w > 0]
        bend = used @ used.T + np.diag(damping)
        # Where few are in use it is flat in some directions.
        bend.flat[:: len(y) + 1] += 1e-3 * np.clip(off, 1e-11, 1e-3) * np.trace(bend)
        step = -np.linalg.solve(bend, slope)
        fall = slope @ step
        for share in 0.5 ** np.arange(30):
            further = y + share * step
            w_there = np.maximum(further @ system, 0.0)
            slope_there = system @ w_there + damping * further - goal
            there = _height(w_there, further, damping, goal)
            # Close to the end the height is flat to the last digit, its slope is not.
            if (
                there <= height + 1e-4 * share * fall
                or np.abs(slope_there).max() < off / 2
            ):
                break
        else:
            break
        y, w, slope, height = further, w_there, slope_there, there
    return w / w.sum()


def _height(
    w: np.ndarray, y: np.ndarray, damping: np.ndarray, goal: np.ndarray
) -> float:
    return float(w @ w + y @ (damping * y)) / 2 - float(goal @ y)
