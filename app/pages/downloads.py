"""A result as CSV and as a workbook: a row for each step, under plain headings, with what the file is checked by."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from app.pages.check_codes import code_of
from app.pages.file_codes import ADDRESS_LINE, CODE_LINE, FILE_LINE, code_of_cells, csv_cells
from app.pages.forms import BudgetCheck, Form, SchoolBudget
from app.pages.percentages import NO_PERCENTAGES
from app.pages.qr_codes import qr_png
from app.pages.words import day_words, span_words, year_words
from app.pages.working_book import (
    CHECKED,
    FIRST_ROW,
    HEADINGS,
    Figure,
    Line,
    WorkingBook,
    counts_words,
)
from engine.explain import (
    Operator,
    Row,
    SheetPart,
    Working,
    calls_workings,
    parts_after,
    school_sheet,
)
from engine.export import Format, file_metadata, rows_as_bytes, rules_record, with_total
from engine.modules import SEMANTICS
from engine.rows import Rows, Shape

CHECK = "Check this figure"
"""How a download names what may be wrong; it changes no amount."""

NOTE = "Note on these rules"
"""How a download names what is to be known of the rules."""

ABOUT = "About this file"
MOST_NAME = 60
"""Letters of a school that the name of a file has."""

SHAPES = {**dict.fromkeys(HEADINGS, Shape.text), "Value": Shape.figure}


@dataclass(frozen=True, slots=True)
class Download:
    """A form with its result, and the whole address of it."""

    form: Form
    result: BudgetCheck
    address: str

    @property
    def school(self) -> str:
        """Return the school as the name of a file has it, empty where it was not said."""
        return in_file_name(self.form.answers.school) or self.form.answers.urn

    def as_csv(self) -> bytes:
        """Return the working as CSV, and last what to check and what the file is; what is not known is empty."""
        said = [(CHECK, one.sentence) for one in self.result.warnings]
        said += [(NOTE, one) for one in self.result.notes]
        records = [*self._records(), *(_record(name, None, text) for name, text in said)]
        lines = [*self._school_lines(), *self._file_lines()]
        content = self._csv([*records, *(_record(ABOUT, *line) for line in lines)])
        code = code_of_cells([csv_cells(content.decode())])
        return content + self._csv([_record(ABOUT, FILE_LINE, code)]).partition(b"\n")[2]

    def as_workbook(self) -> bytes:
        """Return the working as an XLSX workbook: what it answers first, then its steps with formulas."""
        budget, after = self._parts()
        parts = (*budget, *after)
        is_budget = isinstance(self.result, SchoolBudget)
        title = "Notional SEN budget" if is_budget else "Budget against expected costs"
        lines: list[Line] = [
            *self._school_lines(),
            *_answers((*budget[-1:], *after)),
            *self._about(),
        ]
        lines += [("How to use this file", counts_words(parts)), *self._file_lines()]
        bare = WorkingBook(title, lines, parts, None)
        code = code_of_cells(bare.tables())
        whole = WorkingBook(title, [*lines, (FILE_LINE, code)], parts, qr_png(self.address))
        metadata = file_metadata({"rule_sets": [rules_record(self.result.rules, self._tried())]})
        return whole.content(metadata)

    def _tried(self) -> list[tuple[str, str]]:
        """Return the numbers that are tried in the rules, each a path and a value."""
        return [(one.place, one.value) for one in self.result.rules.trials]

    def _csv(self, records: list[dict[str, str | int | None]]) -> bytes:
        return rows_as_bytes(Rows.of_records("working", SHAPES, records), Format.csv)

    def _after(self) -> tuple[Working, ...]:
        """Return what follows from the budget."""
        result = self.result
        return calls_workings(result.rules, result.calls, result.targeted)

    def _records(self) -> Iterator[dict[str, str | int | None]]:
        """Yield the steps of the working, each with its part."""
        parts: tuple[Working, ...] = self._after()
        if isinstance(self.result, SchoolBudget):
            parts = (*with_total(self.result.explanation), *parts)
        for part in parts:
            for row in part.rows:
                yield _of_row(part.label, row)

    def _parts(self) -> tuple[tuple[SheetPart, ...], tuple[SheetPart, ...]]:
        """Return the parts of the sheet of the working: those of the budget, its totals last, and what follows."""
        budget: tuple[SheetPart, ...] = ()
        if isinstance(self.result, SchoolBudget):
            outcome = self.result.outcome
            budget = school_sheet(outcome, int(outcome.schools.urn[0]), FIRST_ROW)
        return budget, parts_after(budget, self._after(), FIRST_ROW)

    def _about(self) -> Iterator[tuple[str, str]]:
        """Yield what is not known of a result, and what is to be known of it."""
        result = self.result
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
        percentages = result.percentages if isinstance(result, SchoolBudget) else NO_PERCENTAGES
        for label, entered in percentages.entered:
            yield "Percentage entered", f"{label}: {entered}"
        for one in percentages.trials_besides(result.rules.trials):
            yield "Tried", one.sentence

    def _school_lines(self) -> Iterator[tuple[str, str]]:
        """Yield which school it is, as far as it was said."""
        answers = self.form.answers
        if answers.school:
            yield "School", answers.school
        if answers.urn:
            yield "Number of the school (URN)", answers.urn

    def _file_lines(self) -> Iterator[tuple[str, str]]:
        """Yield the rules, and by what the file is checked."""
        rules = self.result.rules
        document = rules.document
        yield "Rules", document.title
        yield "Year", f"{year_words(document)}, {span_words(document)}"
        yield "Values of the rules", CHECKED[document.standing.value]
        yield "Name of the rules", f"{document.identifier}, version {document.version}"
        if self.form.known is not None:
            yield "Rules as known at the end of", day_words(self.form.known)
        yield "Values used", rules.values_used
        yield "Reference of the rules", rules.digest
        yield "Version of the calculation", str(SEMANTICS)
        yield ADDRESS_LINE, self.address
        yield CODE_LINE, code_of(self.form)


def _answers(parts: Iterable[SheetPart]) -> Iterator[tuple[str, Figure]]:
    """Yield what a result comes to, where it is known: the sums that follow when a count is changed."""
    for part in parts:
        for at, row in enumerate(part.rows, start=part.row):
            is_sum = row.operator is Operator.equals and row.formula is not None
            if is_sum and isinstance(row.value, Fraction):
                yield row.label, Figure(at, float(row.value))


def _record(part: str, step: str | None, text: str) -> dict[str, str | int | None]:
    """Return a row that says something: of a part or, with a name in ``step``, about the file."""
    if step is None:
        return {"Part": part, "Step": text}
    return {"Part": part, "Step": step, "Value": text}


def _of_row(part: str, row: Row) -> dict[str, str | int | None]:
    how = row.operator
    return {
        "Part": part,
        "How": None if how in {Operator.start, Operator.decides} else how.value,
        "Step": row.label,
        "Value": row.value,
        "Counted in": row.unit.words or None,
        "Source": row.source,
        "Checked": CHECKED.get(row.standing or ""),
        "Note": row.note,
    }


def in_file_name(words: str) -> str:
    """Return words as any system takes them in the name of a file: small letters, digits and hyphens.

    >>> in_file_name("St Mary's C of E First School"), in_file_name("Ysgol Tŷ Gwyn"), in_file_name("../")
    ('st-marys-c-of-e-first-school', 'ysgol-ty-gwyn', '')
    """
    plain = unicodedata.normalize("NFKD", words.lower()).encode("ascii", "ignore").decode()
    joined = re.sub("[^a-z0-9]+", "-", plain.replace("'", ""))
    return joined[:MOST_NAME].strip("-")


def download_of(form: Form, address: str) -> Download | None:
    """Return the files of a form's result, None where it has none."""
    return None if form.result is None else Download(form, form.result, address)
