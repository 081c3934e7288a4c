"""Weights on the simplex for many problems that differ in who may be a donor."""

from __future__ import annotations

import numpy as np

from hubanalysis.estimators.weights import SAME, simplex_weights

# Donors looked at first: those nearest to use when all may be used.
NEAREST = 512
# Problems in step with each other at most, so that memory stays flat.
TOGETHER = 2000


def weights_without(
    donors: np.ndarray, target: np.ndarray, barred: np.ndarray
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
    whole = simplex_weights(donors, target)
    weights = np.tile(whole, (len(barred), 1))
    open_ = np.flatnonzero((barred & (whole > 0)).any(axis=1))
    gaps = donors - target[:, None]
    far = np.sqrt(np.einsum("tj,tj->j", gaps, gaps))
    used = np.flatnonzero(whole)
    system = np.vstack([gaps[:, used], np.full(len(used), np.abs(gaps).max())])
    unique = np.linalg.matrix_rank(system) == len(used)
    if len(open_) and far.min() > 0 and unique:
        gaps, far = gaps / far.min(), far / far.min()
        gap = gaps @ whole
        # How much donors lack to be used, with all of one length.
        lack = (gap @ gaps) / far
        lack[used] = -np.inf
        near = np.sort(np.argsort(lack, kind="stable")[:NEAREST])
        for part in np.array_split(open_, len(open_) // TOGETHER + 1):
            found = _in_step(gaps[:, near], whole[near], barred[np.ix_(part, near)])
            found /= np.maximum(found.sum(axis=1, keepdims=True), 0.5)
            weights[part] = 0.0
            weights[np.ix_(part, near)] = found
            gap = weights[part] @ gaps.T
            size = np.einsum("it,it->i", gap, gap)
            slope = (gap @ gaps - size[:, None]) / far
            slope[barred[part]] = np.inf
            # Those in use have slope zero; any other that is as low is a tie.
            level = SAME * np.sqrt(size)[:, None]
            tied = (slope <= level).sum(axis=1) > np.count_nonzero(found, axis=1)
            weights[part[tied | (slope < -1e-3 * level).any(axis=1)]] = np.nan
        open_ = open_[np.isnan(weights[open_, 0])]
    for i in open_:
        free = ~barred[i]
        weights[i] = 0.0
        weights[i, free] = simplex_weights(donors[:, free], target)
    return weights


def _in_step(gaps: np.ndarray, start: np.ndarray, barred: np.ndarray) -> np.ndarray:
    """Take active-set steps for all problems at once; zero where they lead nowhere."""
    crowd = _Crowd(gaps, start, barred)
    found = np.zeros(barred.shape)
    for _ in range(10 * crowd.slot.shape[1]):
        if not len(crowd.which):
            break
        crowd.step()
        crowd.let_in(found)
    return found


class _Crowd:
    """Active sets of many problems, in slots; those that are done leave."""

    def __init__(self, gaps: np.ndarray, start: np.ndarray, barred: np.ndarray) -> None:
        rows, self.empty = gaps.shape
        count, used = len(barred), np.flatnonzero(start)
        slots = max(rows + 1, len(used)) + 1
        # A last column stands for empty slots.
        self.gaps, self.wide = gaps, np.column_stack([gaps, np.zeros(rows)])
        self.gram = np.zeros((self.empty + 1, self.empty + 1))
        self.gram[:-1, :-1] = gaps.T @ gaps + 1.0
        self.closed = np.full((count, self.empty + 1), np.inf)
        self.closed[:, :-1] = np.where(barred, np.inf, 0.0)
        self.which = np.arange(count)
        self.slot = np.full((count, slots), self.empty)
        self.slot[:, : len(used)] = used
        self.weights = np.zeros((count, slots))
        self.weights[:, : len(used)] = start[used]
        self.inverse = np.zeros((count, slots, slots))
        first = np.linalg.inv(self.gram[np.ix_(used, used)])
        self.inverse[:, : len(used), : len(used)] = first
        for place, donor in enumerate(used):
            hit = np.flatnonzero(barred[:, donor])
            self.drop(hit, np.full(len(hit), place))
        lost = np.flatnonzero(self.weights.sum(axis=1) == 0)
        size = np.where(barred[lost], np.inf, np.diag(self.gram)[:-1])
        # Nobody is left: begin with the nearest.
        self.add(lost, size.argmin(axis=1))
        self.weights[lost, 0] = 1.0
        self.weights /= self.weights.sum(axis=1, keepdims=True)

    def add(self, problem: np.ndarray, donor: np.ndarray) -> None:
        """Give the donor an empty slot, with no weight yet."""
        place = (self.slot[problem] == self.empty).argmax(axis=1)
        column = self.gram[self.slot[problem], donor[:, None]]
        moved = np.matmul(self.inverse[problem], column[:, :, None])[:, :, 0]
        left = self.gram[donor, donor] - np.einsum("pk,pk->p", column, moved)
        with np.errstate(divide="ignore", invalid="ignore"):
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
        full = np.zeros((len(free), self.empty + 1))
        full[at[:, None], slot] = self.weights[free]
        gap = full[:, :-1] @ self.gaps.T
        size = np.einsum("pt,pt->p", gap, gap)
        slope = gap @ self.wide
        own = slope[at[:, None], slot]
        slope += self.closed[free]
        slope[at[:, None], slot] = np.inf
        donor = slope.argmin(axis=1)
        gain = size - slope[at, donor]
        better = gain > 1e-14 * np.sqrt(size * self.gram[donor, donor])
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
