"""What a workbook of candidates says of itself, and its sheets beside the summary of all."""

from app.commands.candidate_plan import Plan
from app.commands.inputs import Tables
from app.commands.outputs import Book, result_record
from engine.candidates import BlockRun
from engine.candidates.summary import Summary
from engine.export import Front, engine_record
from engine.export.candidate_sheets import candidate_sheets
from engine.report import label_pairs


def candidate_book(plan: Plan, run: BlockRun, summary: Summary, tables: Tables) -> Book:
    """Return the labels of a run, and the sheets of the front, of groups of a few, and of who was left out."""
    record = {**result_record(tables, "candidates"), "candidates": plan.record(run, summary)}
    labels = label_pairs(run, {**record, "engine": engine_record()})
    title = plan.document.title
    return Book(Front(title, [("Title", title), *labels]), candidate_sheets(run, summary))
