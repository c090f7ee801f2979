"""Many candidates of one rule set, as data: what each costs, who gains and who loses."""

from engine.candidates.answer_file import AnswerFile, FigureFile, in_order
from engine.candidates.answers import BlockAnswer
from engine.candidates.batch import Batch, Budgets, batch_of, digest_of, read_budgets, refuse_paths
from engine.candidates.block_run import BlockRun
from engine.candidates.document import (
    CandidateDocument,
    Known,
    candidates_schema,
    known_of,
    read_known,
)
from engine.candidates.run import Run
from engine.candidates.structure import LeftOut
from engine.candidates.values import Candidates, PathValues

__all__ = [
    "AnswerFile",
    "Batch",
    "BlockAnswer",
    "BlockRun",
    "Budgets",
    "CandidateDocument",
    "Candidates",
    "FigureFile",
    "Known",
    "LeftOut",
    "PathValues",
    "Run",
    "batch_of",
    "candidates_schema",
    "digest_of",
    "in_order",
    "known_of",
    "read_budgets",
    "read_known",
    "refuse_paths",
]
