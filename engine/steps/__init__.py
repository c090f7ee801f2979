"""Arithmetic as typed steps: worked exactly, folded to the whole numbers of kernels, printed as rows."""

from engine.steps.fold import Folded, NotFoldable, counted, fold
from engine.steps.rows import Operator, Row, label_of, rows, words_of
from engine.steps.step import (
    PENNY,
    Earlier,
    Given,
    Of,
    Op,
    Own,
    Plain,
    Said,
    Step,
    Steps,
    Unit,
    Value,
    result,
    said,
    start,
)
from engine.steps.work import OwnNumbers, known, results, run, work

__all__ = [
    "PENNY",
    "Earlier",
    "Folded",
    "Given",
    "NotFoldable",
    "Of",
    "Op",
    "Operator",
    "Own",
    "OwnNumbers",
    "Plain",
    "Row",
    "Said",
    "Step",
    "Steps",
    "Unit",
    "Value",
    "counted",
    "fold",
    "known",
    "label_of",
    "result",
    "results",
    "rows",
    "run",
    "said",
    "start",
    "words_of",
    "work",
]
