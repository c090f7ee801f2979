"""A report for people: one page with charts, each with its table, that needs nothing beside it."""

from engine.report.candidates import report_of
from engine.report.choice import Choice, choice_of
from engine.report.figures import Figures, exact_figures, published_figures
from engine.report.labels import label_pairs
from engine.report.page import page_of
from engine.report.parts import Report, Section, Table

__all__ = [
    "Choice",
    "Figures",
    "Report",
    "Section",
    "Table",
    "choice_of",
    "exact_figures",
    "label_pairs",
    "page_of",
    "published_figures",
    "report_of",
]
