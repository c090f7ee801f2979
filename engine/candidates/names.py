"""Candidates by their names."""

from collections.abc import Sequence
from difflib import get_close_matches

import numpy as np

from engine.candidates.block_run import BlockRun
from engine.candidates.summary import Summary
from engine.columns import Int
from engine.errors import PairRefused, Problem


def places_of(run: BlockRun, summary: Summary, names: Sequence[str], top: int | None = None) -> Int:
    """Return the places of the candidates of some names, then of so many of the cheapest, each once.

    Raises ``PairRefused`` with every name that no candidate has, or whose candidate was left out.
    """
    place = {run.candidates.name(at): at for at in range(len(run.candidates))}
    left_out = {one.name: one.reason for one in summary.left_out}
    problems = []
    for name in names:
        if name in left_out:
            problems.append(Problem(f"candidate {name} is left out: {left_out[name]}", "left-out"))
        elif name not in place:
            near = get_close_matches(name, place, 3)
            also = f"; did you mean {' or '.join(near)}?" if near else ""
            problems.append(Problem(f"no candidate is called {name}{also}", "not-found"))
    if problems:
        raise PairRefused(problems)
    best = [] if top is None else summary.cheapest(top).tolist()
    return np.asarray(list(dict.fromkeys([*(place[name] for name in names), *best])), np.int64)
