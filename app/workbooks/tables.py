"""One table of a workbook: headings, lists to choose from, examples, rows to fill in, formulas."""

from collections.abc import Mapping
from datetime import date, datetime, time

import xlsxwriter
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from app.workbooks import formulas
from app.workbooks.formats import Formats
from app.workbooks.formulas import NO, YES, Place
from app.workbooks.questions import Cell, Input, Sheet, Takes
from engine.days import day_of

FILLED_IN = 10
"""Rows to fill in, under the examples."""

TITLE, GUIDANCE, EMPTIES, HEADINGS, NAMES, FIRST = 0, 1, 2, 4, 5, 6
"""Rows of a sheet from 0: its title, its notes, its table."""

EMPTIES_LABEL = "Empty cells count as 0"
WRONG = "What is missing or wrong"
HEADING_HEIGHT, NAME_HEIGHT = 78, 36
A4, ON_A_PAGE = 9, 12
"""The paper, as XLSX numbers it, and the columns to fill in that a page of it takes."""

NOTE_WIDTH, ANSWER_WIDTH, WRONG_WIDTH, INPUT_WIDTH = 24, 16, 36, 15
MOST = 10**11
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
Codes = Mapping[tuple[str, ...], str]
"""Where each list of codes is, as a validation names it."""


class Table:
    """A sheet that is being written."""

    def __init__(
        self, file: xlsxwriter.Workbook, formats: Formats, sheet: Sheet, version: int, codes: Codes
    ) -> None:
        """Keep the content to write; ``version`` is that of the rule set which answers."""
        self.sheet, self.version, self.codes, self.formats = sheet, version, codes, formats
        self.page: Worksheet = file.add_worksheet(sheet.name)
        self.answers = range(1, 1 + len(sheet.questions))
        self.wrong = self.answers.stop
        self.inputs = {one.name: at for at, one in enumerate(sheet.inputs, start=self.wrong + 1)}
        beyond = self.wrong + 1 + len(sheet.inputs)
        self.addresses = tuple(range(beyond, beyond + len(sheet.questions)))
        self.replies = tuple(at + len(sheet.questions) for at in self.addresses)

    def write(self) -> None:
        """Write the whole sheet."""
        self._head()
        self._headings()
        rows = [*self.sheet.examples, *({} for _ in range(FILLED_IN))]
        for at, row in enumerate(rows, start=FIRST):
            example = at < FIRST + len(self.sheet.examples)
            self._inputs(at, row, example=example)
            self._formulas(at, example=example)
        for one in self.sheet.inputs:
            self._validate(one, FIRST, FIRST + len(rows) - 1)
        self.page.freeze_panes(FIRST, self.wrong)
        self._paper(FIRST + len(rows) - 1)

    def _paper(self, last: int) -> None:
        """Leave the addresses off paper, and repeat what a row is on each page of a wide sheet."""
        self.page.set_paper(A4)
        self.page.set_landscape()
        self.page.print_area(0, 0, last, self.addresses[0] - 1)
        self.page.repeat_rows(HEADINGS, NAMES)
        if len(self.inputs) <= ON_A_PAGE:
            self.page.fit_to_pages(1, 0)
        else:
            self.page.set_print_scale(55)
            self.page.repeat_columns(0, self.wrong - 1)

    def _head(self) -> None:
        named = self.formats.named
        self.page.write_string(TITLE, 0, self.sheet.title, named["title"])
        self.page.write_string(GUIDANCE, 0, self.sheet.guidance)
        if self.sheet.optional:
            self.page.write_string(EMPTIES, 0, EMPTIES_LABEL, named["label"])
            self.page.write_string(EMPTIES, 1, NO, named["setting"])
            self.page.data_validation(
                EMPTIES, 1, EMPTIES, 1, {"validate": "list", "source": [NO, YES]}
            )

    def _headings(self) -> None:
        heading, name = self.formats.named["heading"], self.formats.named["name"]
        named = {at: one for one, at in self.inputs.items()}
        texts = {0: (self.sheet.note, NOTE_WIDTH), self.wrong: (WRONG, WRONG_WIDTH)}
        texts |= {
            at: (question.heading, ANSWER_WIDTH)
            for at, question in zip(self.answers, self.sheet.questions, strict=True)
        }
        texts |= {self.inputs[one.name]: (one.heading, INPUT_WIDTH) for one in self.sheet.inputs}
        texts |= dict.fromkeys(self.addresses, ("Address that is asked", INPUT_WIDTH))
        texts |= dict.fromkeys(self.replies, ("What the service answers", INPUT_WIDTH))
        self.page.set_row(HEADINGS, HEADING_HEIGHT)
        self.page.set_row(NAMES, NAME_HEIGHT)
        for at, (text, width) in texts.items():
            self.page.set_column(at, at, width)
            self.page.write_string(HEADINGS, at, text, heading)
            self.page.write_string(NAMES, at, named.get(at, ""), name)
        for one in self.sheet.inputs:
            if one.hint:
                self.page.write_comment(HEADINGS, self.inputs[one.name], one.hint)

    def _inputs(self, row: int, values: Mapping[str, Cell], *, example: bool) -> None:
        note = self.formats.cells[Takes.text, example]
        if example:
            self.page.write_string(row, 0, f"Example {row - FIRST + 1}: invented", note)
        else:
            self.page.write_blank(row, 0, None, note)
        for one in self.sheet.inputs:
            at, form = self.inputs[one.name], self.formats.cells[one.takes, example]
            match values.get(one.name):
                case None:
                    self.page.write_blank(row, at, None, form)
                case str(day) if one.takes is Takes.day:
                    moment = datetime.combine(day_of(day), time())
                    self.page.write_datetime(row, at, moment, form)
                case str(text):
                    self.page.write_string(row, at, text, form)
                case number:
                    self.page.write_number(row, at, number, form)

    def _formulas(self, row: int, *, example: bool) -> None:
        place = Place(row, self.inputs, self.addresses, self.replies)
        empties = xl_range_abs(EMPTIES, 1, EMPTIES, 1) if self.sheet.optional else None
        replies = tuple(place.of(at) for at in self.replies)
        plumbing, answer = self.formats.named["plumbing"], self.formats.cells["answer", example]
        for at, question in enumerate(self.sheet.questions):
            address = formulas.address(self.sheet, question, self.version, place, empties)
            where = place.of(self.addresses[at])
            # An empty text is kept until a program works the formula out: no invented 0 is shown.
            self.page.write_formula(row, self.addresses[at], address, plumbing, "")
            self.page.write_formula(row, self.replies[at], formulas.reply(where), plumbing, "")
            self.page.write_formula(row, self.answers[at], formulas.number(replies[at]), answer, "")
        wrong = self.formats.cells["wrong", example]
        self.page.write_formula(row, self.wrong, formulas.wrong(replies), wrong, "")

    def _validate(self, one: Input, first: int, last: int) -> None:
        at = self.inputs[one.name]
        rule: dict[str, object] = {"error_type": "warning", "error_title": one.heading[:32]}
        match one.takes:
            case Takes.code:
                rule |= {
                    "validate": "list",
                    "source": self.codes[one.codes],
                    "error_message": "Choose one from the list; the sheet Codes has them all.",
                }
            case Takes.number | Takes.whole:
                rule |= {
                    "validate": "decimal" if one.takes is Takes.number else "integer",
                    "criteria": "between",
                    "minimum": -MOST,
                    "maximum": MOST,
                    "error_message": "Write a number.",
                }
            case Takes.day:
                rule |= {
                    "validate": "date",
                    "criteria": "between",
                    "minimum": FIRST_DAY,
                    "maximum": LAST_DAY,
                    "error_message": "Write a date.",
                }
            case _:
                return
        self.page.data_validation(first, at, last, at, rule)
