"""How far one unknown can move for all that a reader knows: worlds reached from the true one, by a barrier method.

Every world on the way agrees with all equations and bounds, so that the reader cannot tell it from the true one:
what is reached is a proof that at least so much is open.
"""

import numpy as np

STEPS = 60


def reach(unknown, goal, start, equal, within, room):
    """Return how far ``unknown`` (a row of weights) can go towards ``goal`` from ``start``.

    ``equal`` (rows, unknowns) must keep what they come to; each of ``within`` may move by less than ``room``: (below, above).
    Unknowns of 0 stay 0; the others stay above 0.
    """
    where = np.flatnonzero(start > 0)
    x, row = start[where].astype(float), unknown[where].astype(float)
    held, near = _independent(equal[:, where]), within[:, where]
    low, high = room[0].astype(float), room[1].astype(float)
    way = 1.0 if goal > row @ x else -1.0
    begin = near @ x
    pull = 1e-3
    for _ in range(STEPS):
        if way * (row @ x - goal) >= 0:
            break
        moved = near @ x - begin
        gradient = way * pull * row + 1 / x
        hessian = np.diag(1 / x**2)
        if len(near):
            above, below = 1 / (high - moved), 1 / (moved + low)
            gradient = gradient - near.T @ above + near.T @ below
            hessian = hessian + near.T @ ((above**2 + below**2)[:, None] * near)
        step = _newton(hessian, gradient, held)
        size = _longest(x, step, moved, near @ step, low, high)
        x = x + min(1.0, 0.9 * size) * step
        pull *= 2
    return row @ x


def _newton(hessian, gradient, held):
    scale = 1 / np.sqrt(np.diag(hessian))
    inner = scale[:, None] * hessian * scale
    inverse = np.linalg.pinv(inner, rcond=1e-13, hermitian=True)
    inverse = scale[:, None] * inverse * scale
    free = inverse @ gradient
    if not len(held):
        return free
    across = inverse @ held.T
    forces, *_ = np.linalg.lstsq(held @ across, held @ free, rcond=1e-12)
    return free - across @ forces


def _longest(x, step, moved, change, low, high):
    limits = [1e9]
    limits += (-x[step < 0] / step[step < 0]).tolist()
    limits += ((high - moved)[change > 0] / change[change > 0]).tolist()
    limits += ((moved + low)[change < 0] / -change[change < 0]).tolist()
    return min(limits)


def _independent(rows):
    """Return rows that say the same, none of which follows from the others."""
    if not len(rows):
        return rows
    _, sizes, across = np.linalg.svd(rows, full_matrices=False)
    return across[sizes > 1e-9 * max(sizes.max(initial=0), 1)]
