"""Expected results: rows of inputs with what they should come to, each valued and compared to the penny."""

from engine.cases.expectation import Refused
from engine.cases.files import CaseTable, case_files, case_tables
from engine.cases.report import CaseReport, CaseResult, result_rows
from engine.cases.results import case_results, table_reports
from engine.cases.subject import Choices
from engine.cases.subjects import case_columns

__all__ = [
    "CaseReport",
    "CaseResult",
    "CaseTable",
    "Choices",
    "Refused",
    "case_columns",
    "case_files",
    "case_results",
    "case_tables",
    "result_rows",
    "table_reports",
]
