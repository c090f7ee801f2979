"""A result as CSV and as a workbook: one row for each row of the page."""

import io
from collections.abc import Iterator

from app.pages.forms import BudgetCheck, SchoolBudget
from app.pages.percentages import NO_PERCENTAGES
from app.pages.words import span_words, year_words
from engine.explain import Operator, Row, Unit, Working, calls_workings
from engine.export import (
    ALONE,
    Format,
    Front,
    file_metadata,
    rows_as_bytes,
    rows_of,
    rules_record,
    with_rules,
    with_total,
    write_workbook,
)
from engine.modules import SEMANTICS
from engine.rows import Rows

CHECK = "Check this figure"
"""How a download names what may be wrong; it changes no amount."""

NOTE = "Note on these rules"
"""How a download names what is to be known of the rules."""


def as_csv(result: BudgetCheck) -> bytes:
    """Return the working as CSV, and last what to check, a sentence a row; what is not known is empty."""
    return rows_as_bytes(_rows(result, CHECK), Format.csv)


def as_workbook(result: BudgetCheck) -> bytes:
    """Return the working as an XLSX workbook: what it answers first, then its rows."""
    file = io.BytesIO()
    metadata = file_metadata({"rule_sets": [rules_record(result.rules, _tried(result))]})
    is_budget = isinstance(result, SchoolBudget)
    title = "Notional SEN budget" if is_budget else "Budget against expected costs"
    write_workbook(_rows(result), file, metadata, Front(title, tuple(_about(result))))
    return file.getvalue()


def _tried(result: BudgetCheck) -> list[tuple[str, str]]:
    """Return the numbers that are tried in the rules, each a path and a value."""
    return [(one.place, one.value) for one in result.rules.trials]


def _rows(result: BudgetCheck, checks: str | None = None) -> Rows:
    """Return the rows, each with the rules that it is of: what is downloaded has no manifest.

    With a label for ``checks``, each figure that may be wrong and each note on the rules has a row after them.
    """
    parts: tuple[Working, ...] = calls_workings(result.rules, result.calls, result.targeted)
    if isinstance(result, SchoolBudget):
        parts = (*with_total(result.explanation), *parts)
    if checks is not None:
        said = {
            ("check", checks): [one.sentence for one in result.warnings],
            ("note", NOTE): result.notes,
        }
        for (name, label), sentences in said.items():
            if sentences:
                rows = tuple(Row(Operator.start, one, None, Unit.text) for one in sentences)
                parts = (*parts, Working(name, label, rows))
    return with_rules(rows_of(parts), [rules_record(result.rules, _tried(result))], ALONE)


def _about(result: BudgetCheck) -> Iterator[tuple[str, str]]:
    """Yield what is not known of a result, and the rules that it follows from."""
    if isinstance(result, SchoolBudget):
        missing = result.school.missing
        yield "Complete", "no" if missing else "yes"
        yield "Not known", "; ".join(missing) or "nothing"
    targeted = result.targeted
    if targeted is not None and targeted.missing is not None:
        yield targeted.rule.label, f"not worked out: {targeted.missing}"
    if isinstance(result, SchoolBudget):
        yield "Rounding", result.explanation.sentence
    for warning in result.warnings:
        yield CHECK, warning.sentence
    for note in result.notes:
        yield NOTE, note
    document = result.rules.document
    percentages = result.percentages if isinstance(result, SchoolBudget) else NO_PERCENTAGES
    for label, entered in percentages.entered:
        yield "Percentage entered", f"{label}: {entered}"
    for one in percentages.trials_besides(result.rules.trials):
        yield "Tried", one.sentence
    yield "Rules", document.title
    yield "Year", f"{year_words(document)}, {span_words(document)}"
    yield "Standing of the rules", document.standing.value
    yield "Rule set", f"{document.identifier}, version {document.version}"
    yield "Values used", result.rules.values_used
    yield "Reference of the rules (digest)", result.rules.digest
    yield "Version of the calculation", str(SEMANTICS)
