"""Many candidates of one rule set, as data: what each costs, who gains and who loses."""

from engine.candidates.answer_file import AnswerFile, in_order
from engine.candidates.answers import BlockAnswer
from engine.candidates.batch import Batch, Budgets, batch_of, digest_of, read_budgets
from engine.candidates.document import CandidateDocument, load_candidates, read_candidates_file
from engine.candidates.run import Run
from engine.candidates.structure import LeftOut
from engine.candidates.values import Candidates, PathValues

__all__ = [
    "AnswerFile",
    "Batch",
    "BlockAnswer",
    "Budgets",
    "CandidateDocument",
    "Candidates",
    "LeftOut",
    "PathValues",
    "Run",
    "batch_of",
    "digest_of",
    "in_order",
    "load_candidates",
    "read_budgets",
    "read_candidates_file",
]
