"""A candidate's outcome compared with a baseline's: pupils, their schools, and schools' budgets."""

from dataclasses import dataclass

from engine.compare.outcomes import Change, compare_notional, compare_top_ups
from engine.compare.schools import SchoolChange, compare_schools, protects_schools
from engine.errors import PairRefused, Problem
from engine.row_chunks import ONE_THREAD, Blocks
from engine.run import Outcome


@dataclass(frozen=True, slots=True)
class Comparison:
    """A candidate's outcome compared with a baseline's.

    ``placed`` is there where either rule set protects schools' top-ups against loss.
    """

    baseline: Outcome
    candidate: Outcome
    pupils: Change | None
    schools: Change | None
    placed: SchoolChange | None = None

    def __repr__(self) -> str:
        """Return the totals of what changes."""
        return f"<Comparison: {self.pupils!r}, {self.schools!r}>"


def compare(baseline: Outcome, candidate: Outcome, *, blocks: Blocks = ONE_THREAD) -> Comparison:
    """Compare two outcomes over the same tables.

    Raises ``PairRefused`` where they share neither pupils nor schools.
    """
    pupils = schools = placed = None
    if baseline.top_ups is not None and candidate.top_ups is not None:
        pupils = compare_top_ups(baseline.top_ups, candidate.top_ups, blocks=blocks)
        if protects_schools(baseline.top_ups) or protects_schools(candidate.top_ups):
            placed = compare_schools(baseline.top_ups, candidate.top_ups, blocks=blocks)
    if baseline.notional is not None and candidate.notional is not None:
        schools = compare_notional(baseline.notional, candidate.notional, blocks=blocks)
    if pupils is None and schools is None:
        sentence = (
            "the two rule sets have no part in common that can be worked out from these tables"
        )
        raise PairRefused([Problem(sentence, "nothing-to-compare")])
    return Comparison(baseline, candidate, pupils, schools, placed)
