"""Many candidates of one rule set, as data: what each costs, who gains and who loses."""

from engine.candidates.answers import BlockAnswer
from engine.candidates.run import Run
from engine.candidates.values import Candidates, PathValues

__all__ = ["BlockAnswer", "Candidates", "PathValues", "Run"]
