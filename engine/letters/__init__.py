"""What an authority's statement prints of a school: its rows read, and compared with what the rules come to."""

from engine.letters.causes import Cause, CauseKind, Change
from engine.letters.figure_meanings import Figure, Meaning
from engine.letters.label_words import figure_place
from engine.letters.letter_words import as_much_words, change_words, headline, paragraph, value_text
from engine.letters.own_sums import OwnSum
from engine.letters.printed_figures import (
    Difference,
    LetterComparison,
    LineDifference,
    PrintedFigures,
    PrintedLine,
    compare_with_letter,
)
from engine.letters.search import LetterCheck, check_letter
from engine.letters.statement_answers import StatementAnswers, statement_answers
from engine.letters.statement_lines import LineName, StatementLabels
from engine.letters.statement_rows import LEFT_OUT, Statement, StatementRow, read_statement
from engine.rules.compile_school_tables import MINIMUM, PROTECTION

__all__ = [
    "LEFT_OUT",
    "MINIMUM",
    "PROTECTION",
    "Cause",
    "CauseKind",
    "Change",
    "Difference",
    "Figure",
    "LetterCheck",
    "LetterComparison",
    "LineDifference",
    "LineName",
    "Meaning",
    "OwnSum",
    "PrintedFigures",
    "PrintedLine",
    "Statement",
    "StatementAnswers",
    "StatementLabels",
    "StatementRow",
    "as_much_words",
    "change_words",
    "check_letter",
    "compare_with_letter",
    "figure_place",
    "headline",
    "paragraph",
    "read_statement",
    "statement_answers",
    "value_text",
]
