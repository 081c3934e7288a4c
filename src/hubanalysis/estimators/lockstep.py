"""Weights on the simplex for many problems that differ in their donors or rows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from hubanalysis.estimators.weights import (
    AT_ONCE,
    ROUNDING,
    SAME,
    gaps_of,
    simplex_weights,
)

# Donors looked at first: those nearest to use when all may be used.
NEAREST = 512
# Problems in step with each other at most, and numbers at once, so that memory stays
# flat.
TOGETHER, NUMBERS = 2000, 2**22
# From which problems, and their weights, to squared gaps and products of gaps with
# donors: shapes (n_problems,) and (n_problems, n_donors).
Look = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]


def weights_without(
    donors: np.ndarray,
    target: np.ndarray,
    barred: np.ndarray,
    size: np.ndarray | None = None,
) -> np.ndarray:
    """Solve `simplex_weights` again and again, each time without some of the donors.

    Leaving out donors without weight changes nothing. The others start from what is
    left of the weights with all donors, and move in step: each lets in the donor
    that would gain most, or drops the first whose weight would turn negative, until
    none gains. The inverse that this takes is brought up to date by one column at a
    time. What is not exact to the last digits in the end, or not unique, is solved on
    its own.

    Parameters
    ----------
    donors : numpy.ndarray of shape (n_rows, n_donors)
    target : numpy.ndarray of shape (n_rows,)
    barred : numpy.ndarray of shape (n_problems, n_donors)
        Which donors may not be used; never all of them.
    size : numpy.ndarray of shape (n_donors,), optional
        As for `simplex_weights`.

    Returns
    -------
    numpy.ndarray of shape (n_problems, n_donors)

    Examples
    --------
    >>> import numpy as np
    >>> donors, barred = np.array([[0.0, 2.0, 4.0]]), np.array([[True, False, False]])
    >>> weights_without(donors, np.array([1.0]), barred)
    array([[0., 1., 0.]])
    """
    gaps, blur = gaps_of(donors, target, size)
    whole = simplex_weights(donors, target, size=size)
    weights = np.tile(whole, (len(barred), 1))
    open_ = np.flatnonzero((barred & (whole > 0)).any(axis=1))
    far = np.sqrt(np.einsum("tj,tj->j", gaps, gaps))
    used = np.flatnonzero(whole)
    system = np.vstack([gaps[:, used], np.full(len(used), np.abs(gaps).max())])
    unique = np.linalg.matrix_rank(system) == len(used)
    if len(open_) and far.min() > 0 and unique:
        gaps, blur, far = gaps / far.min(), blur / far.min(), far / far.min()
        gap = gaps @ whole
        # How much donors lack to be used, with all of one length.
        lack = (gap @ gaps) / far
        lack[used] = -np.inf
        near = np.sort(np.argsort(lack, kind="stable")[:NEAREST])
        few = gaps[:, near]
        gram = (few.T @ few)[None]

        def look(_: np.ndarray, mix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            gap = mix @ few.T
            return np.einsum("pt,pt->p", gap, gap), gap @ few

        for part in np.array_split(open_, len(open_) // TOGETHER + 1):
            closed = barred[np.ix_(part, near)]
            found = _in_step(gram, look, len(gaps), whole[near], closed)
            weights[part] = 0.0
            weights[np.ix_(part, near)] = found
            gap = weights[part] @ gaps.T
            left = np.einsum("it,it->i", gap, gap)
            slope = np.where(barred[part], np.inf, gap @ gaps - left[:, None])
            doubt = _in_doubt(found, left, slope / far, weights[part] @ blur)
            weights[part[doubt]] = np.nan
        open_ = open_[np.isnan(weights[open_, 0])]
    for i in open_:
        free = ~barred[i]
        weights[i] = 0.0
        own = None if size is None else size[free]
        weights[i, free] = simplex_weights(donors[:, free], target, size=own)
    return weights


def weights_beside(
    gaps: np.ndarray, sets: np.ndarray, size: np.ndarray | None = None
) -> np.ndarray:
    """Solve `simplex_weights` again and again, each time without some of the rows.

    The mean over the rows that are left is taken out of each column. In step as in
    `weights_without`, from the column that varies least.

    Parameters
    ----------
    gaps : numpy.ndarray of shape (n_rows, n_columns)
        Columns less the target.
    sets : numpy.ndarray of shape (n_problems, n_without)
        Positions of the rows that do not count; never all of them.
    size : numpy.ndarray of shape (n_columns,), optional
        As for `simplex_weights`; that of the gaps by default.

    Returns
    -------
    numpy.ndarray of shape (n_problems, n_columns)

    Examples
    --------
    >>> import numpy as np
    >>> gaps = np.array([[1.0, -1.0], [3.0, -1.0], [0.0, 9.0]])
    >>> weights_beside(gaps, np.array([[2]]))
    array([[0., 1.]])
    """
    rows, n = gaps.shape
    left = rows - sets.shape[1]
    size = np.abs(gaps).max(axis=0) if size is None else size
    blur = ROUNDING * np.sqrt(left) * size
    gaps = gaps - gaps.mean(axis=0)
    total = gaps.T @ gaps
    weights = np.zeros((len(sets), n))
    together = max(1, min(TOGETHER, NUMBERS // (n * max(n, sets.shape[1]) + rows)))
    for begin in range(0, len(sets), together):
        part = sets[begin : begin + together]
        out = gaps[part]
        # The means of what is left, from those of what is not.
        means = -out.sum(axis=1) / left
        gram = total - np.matmul(out.transpose(0, 2, 1), out)
        gram -= left * means[:, :, None] * means[:, None, :]
        far = np.sqrt(np.maximum(np.diagonal(gram, axis1=1, axis2=2), 0.0))
        unit = far.min(axis=1)
        clear = np.flatnonzero(unit > np.maximum(SAME * far.max(axis=1), blur.max()))
        if not len(clear):
            continue
        part, far, unit = part[clear], far[clear], unit[clear]
        gram = gram[clear] / unit[:, None, None] ** 2

        def look(
            which: np.ndarray,
            mix: np.ndarray,
            part: np.ndarray = part,
            unit: np.ndarray = unit,
        ) -> tuple[np.ndarray, np.ndarray]:
            gap = mix @ gaps.T
            np.put_along_axis(gap, part[which], 0.0, axis=1)
            gap -= gap.sum(axis=1, keepdims=True) / left
            np.put_along_axis(gap, part[which], 0.0, axis=1)
            gap /= unit[which, None]
            return np.einsum("pt,pt->p", gap, gap), gap @ gaps / unit[which, None]

        shut = np.zeros((len(part), n), dtype=bool)
        found = _in_step(gram, look, min(left, n), np.zeros(n), shut)
        squares, slope = look(np.arange(len(part)), found)
        slope = (slope - squares[:, None]) / (far / unit[:, None])
        found[_in_doubt(found, squares, slope, found @ blur / unit)] = 0.0
        weights[begin + clear] = found
    for i in np.flatnonzero(~weights.any(axis=1)):
        rest = np.delete(gaps, sets[i], axis=0)
        rest = rest - rest.mean(axis=0)
        weights[i] = simplex_weights(rest, np.zeros(left), size=size)
    return weights


def weights_following(
    paths: np.ndarray,
    sets: np.ndarray,
    ridges: np.ndarray,
    size: np.ndarray | None = None,
) -> np.ndarray:
    """Solve `simplex_weights` again and again, to follow the mean of other rows.

    In step as in `weights_without`, from equal weights, as a ridge leaves most donors
    in use. Many donors are left to the single solver, which then is the quicker.

    Parameters
    ----------
    paths : numpy.ndarray of shape (n_units, n_rows)
    sets : numpy.ndarray of shape (n_problems, n_followed)
        Positions of the units whose mean is followed; all others are donors.
    ridges : numpy.ndarray of shape (n_problems,)
    size : numpy.ndarray of shape (n_units,), optional
        How large the figures of each unit were before means were taken out of them.

    Returns
    -------
    numpy.ndarray of shape (n_problems, n_units)
        Zero for those that are followed.

    Examples
    --------
    >>> import numpy as np
    >>> paths = np.array([[1.0, 1.0], [0.0, 0.0], [3.0, 3.0]])
    >>> weights_following(paths, np.array([[0]]), np.array([1.0])).round(2)
    array([[0.  , 0.65, 0.35]])
    """
    n = len(paths)
    size = np.abs(paths).max(axis=1) if size is None else size
    blur = ROUNDING * np.sqrt(paths.shape[1]) * size
    weights = np.zeros((len(sets), n))
    free = np.ones(weights.shape, dtype=bool)
    np.put_along_axis(free, sets, False, axis=1)
    donors = np.nonzero(free)[1].reshape(len(sets), -1)
    few = donors.shape[1]
    open_ = np.flatnonzero(ridges > blur.max()) if few <= AT_ONCE else np.arange(0)
    paths = paths - paths.mean(axis=0)
    products = paths @ paths.T
    together = max(1, min(TOGETHER, NUMBERS // (few * few + paths.shape[1])))
    for begin in range(0, len(open_), together):
        part = open_[begin : begin + together]
        own, goal = donors[part], paths[sets[part]].mean(axis=1)
        lean = np.take_along_axis(goal @ paths.T, own, axis=1)
        gram = products[own[:, :, None], own[:, None, :]]
        gram += np.einsum("pt,pt->p", goal, goal)[:, None, None]
        gram -= lean[:, :, None] + lean[:, None, :]
        gram[:, np.arange(few), np.arange(few)] += ridges[part, None] ** 2
        unit = np.sqrt(np.diagonal(gram, axis1=1, axis2=2).min(axis=1))
        gram /= unit[:, None, None] ** 2

        def look(
            which: np.ndarray,
            mix: np.ndarray,
            part: np.ndarray = part,
            own: np.ndarray = own,
            goal: np.ndarray = goal,
            unit: np.ndarray = unit,
        ) -> tuple[np.ndarray, np.ndarray]:
            own, unit = own[which], unit[which, None]
            full = np.zeros((len(which), n))
            np.put_along_axis(full, own, mix, axis=1)
            gap = (full @ paths - mix.sum(axis=1, keepdims=True) * goal[which]) / unit
            held = mix * (ridges[part[which], None] / unit)
            size = np.einsum("pt,pt->p", gap, gap) + np.einsum("pj,pj->p", held, held)
            slope = np.take_along_axis(gap @ paths.T, own, axis=1)
            slope -= np.einsum("pt,pt->p", gap, goal[which])[:, None]
            return size, (slope + held * ridges[part[which], None]) / unit

        shut = np.zeros(own.shape, dtype=bool)
        found = _in_step(gram, look, 0, np.full(few, 1 / few), shut)
        squares, slope = look(np.arange(len(part)), found)
        far = np.sqrt(np.diagonal(gram, axis1=1, axis2=2))
        slope = (slope - squares[:, None]) / far
        own_blur = np.einsum("pj,pj->p", found, blur[own]) / unit
        found[_in_doubt(found, squares, slope, own_blur)] = 0.0
        weights[part[:, None], own] = found
    for i in np.flatnonzero(~weights.any(axis=1)):
        target = paths[sets[i]].mean(axis=0)
        weights[i, donors[i]] = simplex_weights(
            paths[donors[i]].T,
            target,
            float(ridges[i]),
            np.maximum(size[donors[i]], size[sets[i]].max()),
        )
    return weights


def _in_doubt(
    found: np.ndarray, size: np.ndarray, slope: np.ndarray, blur: np.ndarray
) -> np.ndarray:
    """Which weights are not the optimum to the last digits, or one of several.

    Slopes are by donor, per unit of its length, from that of the mix; `blur` is how far
    rounding may move the mix, with the nearest donor at a distance of one.
    """
    # Those in use have slope zero; any other that is as low is a tie. Where the fit
    # is exact all may be.
    length, same = np.sqrt(size), np.maximum(SAME, blur)
    level = (same * length)[:, None]
    tied = (slope <= level).sum(axis=1) > np.count_nonzero(found, axis=1)
    exact = ~(length > same)
    return exact | tied | (slope < -1e-3 * level).any(axis=1)


def _in_step(
    gram: np.ndarray, look: Look, rows: int, start: np.ndarray, barred: np.ndarray
) -> np.ndarray:
    """Take active-set steps for all problems at once; zero where they lead nowhere."""
    crowd = _Crowd(gram, look, rows, start, barred)
    found = np.zeros(barred.shape)
    # An exact fit, or donors that depend on each other, end in no number.
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for _ in range(10 * crowd.slot.shape[1]):
            if not len(crowd.which):
                break
            crowd.step()
            crowd.let_in(found)
    return found / np.maximum(found.sum(axis=1, keepdims=True), 0.5)


class _Crowd:
    """Active sets of many problems, in slots; those that are done leave.

    Products of donors, `gram`, are those of all problems or of each.
    """

    def __init__(
        self,
        gram: np.ndarray,
        look: Look,
        rows: int,
        start: np.ndarray,
        barred: np.ndarray,
    ) -> None:
        self.look, self.empty = look, gram.shape[1]
        count, used = len(barred), np.flatnonzero(start)
        slots = max(rows + 1, len(used)) + 1
        # A last donor stands for empty slots.
        self.gram = np.zeros((len(gram), self.empty + 1, self.empty + 1))
        self.gram[:, :-1, :-1] = gram + 1.0
        self.closed = np.full((count, self.empty + 1), np.inf)
        self.closed[:, :-1] = np.where(barred, np.inf, 0.0)
        self.which = np.arange(count)
        self.slot = np.full((count, slots), self.empty)
        self.slot[:, : len(used)] = used
        self.weights = np.zeros((count, slots))
        self.weights[:, : len(used)] = start[used]
        self.inverse = np.zeros((count, slots, slots))
        first = np.linalg.inv(self.gram[:, used[:, None], used])
        self.inverse[:, : len(used), : len(used)] = first
        for place, donor in enumerate(used):
            hit = np.flatnonzero(barred[:, donor])
            self.drop(hit, np.full(len(hit), place))
        lost = np.flatnonzero(self.weights.sum(axis=1) == 0)
        size = self.products(lost[:, None], np.arange(self.empty))
        # Nobody is left: begin with the nearest.
        self.add(lost, np.where(barred[lost], np.inf, size).argmin(axis=1))
        self.weights[lost, 0] = 1.0
        self.weights /= self.weights.sum(axis=1, keepdims=True)

    def products(
        self, problem: np.ndarray, one: np.ndarray, other: np.ndarray | None = None
    ) -> np.ndarray:
        """Products of donors with others, or with themselves."""
        whose = self.which[problem] if len(self.gram) > 1 else 0
        return self.gram[whose, one, one if other is None else other]

    def add(self, problem: np.ndarray, donor: np.ndarray) -> None:
        """Give the donor an empty slot, with no weight yet."""
        place = (self.slot[problem] == self.empty).argmax(axis=1)
        column = self.products(problem[:, None], self.slot[problem], donor[:, None])
        moved = np.matmul(self.inverse[problem], column[:, :, None])[:, :, 0]
        left = self.products(problem, donor) - np.einsum("pk,pk->p", column, moved)
        share = moved / left[:, None]
        self.inverse[problem] += moved[:, :, None] * share[:, None, :]
        self.inverse[problem, place, :] = self.inverse[problem, :, place] = -share
        self.inverse[problem, place, place] = 1 / left
        self.slot[problem, place] = donor

    def drop(self, problem: np.ndarray, place: np.ndarray) -> None:
        """Empty a slot."""
        column = self.inverse[problem, :, place]
        share = column / self.inverse[problem, place, place][:, None]
        self.inverse[problem] -= column[:, :, None] * share[:, None, :]
        self.inverse[problem, place, :] = self.inverse[problem, :, place] = 0.0
        self.slot[problem, place] = self.empty
        self.weights[problem, place] = 0.0

    def step(self) -> None:
        """Go towards the best mix of those in use as far as all weights allow."""
        best = self.inverse.sum(axis=2)
        best /= best.sum(axis=1, keepdims=True)
        falling = (self.slot < self.empty) & ~(best > 0)
        self.blocked = falling.any(axis=1)
        room = np.full(best.shape, np.inf)
        room[falling] = self.weights[falling] / (self.weights - best)[falling]
        first = room.argmin(axis=1)
        share = np.where(self.blocked, room[np.arange(len(room)), first], 1.0)
        self.weights += share[:, None] * (best - self.weights)
        hit = np.flatnonzero(self.blocked)
        self.drop(hit, first[hit])

    def let_in(self, found: np.ndarray) -> None:
        """Let in the donor that gains most, and send home the problems with none."""
        free = np.flatnonzero(~self.blocked)
        slot, at = self.slot[free], np.arange(len(free))
        full, slope = np.zeros((2, len(free), self.empty + 1))
        full[at[:, None], slot] = self.weights[free]
        size, slope[:, :-1] = self.look(self.which[free], full[:, :-1])
        own = slope[at[:, None], slot]
        slope += self.closed[free]
        slope[at[:, None], slot] = np.inf
        donor = slope.argmin(axis=1)
        gain = size - slope[at, donor]
        better = gain > 1e-14 * np.sqrt(size * self.products(free, donor))
        better &= (slot == self.empty).any(axis=1)
        self.add(free[better], donor[better])

        done = np.flatnonzero(~better)
        if len(done):
            # One round of refinement, against gaps and not their products.
            taken = slot[done] < self.empty
            off = np.where(taken, size[done, None] - own[done], 0.0)
            mend = np.matmul(self.inverse[free[done]], off[:, :, None])[:, :, 0]
            mended = np.where(taken, self.weights[free[done]] + mend, 0.0)
            full[done[:, None], slot[done]] = np.maximum(mended, 0.0)
            found[self.which[free[done]]] = full[done, :-1]
            stay = np.ones(len(self.which), dtype=bool)
            stay[free[done]] = False
            for name in ("which", "slot", "weights", "inverse", "closed"):
                setattr(self, name, getattr(self, name)[stay])
