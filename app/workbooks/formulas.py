"""The formulas of a row: the address that it asks, the answer, the number, and what is wrong.

A number of a sheet becomes text in the language of its computer, ``12,5`` in German; the address
takes a point. The answer is read by a point whatever the language. Excel takes formulas of 8,192
characters, addresses of 2,048 and answers of 32,767; LibreOffice takes more of each.
"""

from dataclasses import dataclass

from xlsxwriter.utility import xl_rowcol_to_cell

from app.workbooks.questions import Input, Question, Sheet, Takes

CELLS, AGAIN = "Evenband_cells", "Evenband_again"
"""Names of the cells of ``About`` from which every address is put together."""

ASKS, READS, ENCODES = "_xlfn.WEBSERVICE", "_xlfn.NUMBERVALUE", "_xlfn.ENCODEURL"
"""Functions newer than the format of the file, as it spells them."""

LONGEST_ADDRESS = 2_000
YES, NO = "yes", "no"
TOO_LONG = (
    "ERROR: this row asks for more than an address may hold; empty the columns that do not matter"
)
NO_ANSWER = "No answer: see the sheet About"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row's cells are: columns from 0, by the name of an input and by the answer's place."""

    row: int
    columns: dict[str, int]
    addresses: tuple[int, ...]
    replies: tuple[int, ...]

    def of(self, column: int) -> str:
        """Return a cell of this row, its column fixed."""
        return str(xl_rowcol_to_cell(self.row, column, col_abs=True))


def address(
    sheet: Sheet, question: Question, version: int, place: Place, empties: str | None
) -> str:
    """Return the formula of the address of an answer, empty while the row is.

    ``empties`` is the cell that says whether empty cells count as 0, where there is one.
    """
    inputs = {one.name: one for one in sheet.inputs}
    start = f'"{question.endpoint}?version={version}&errors=text&v="&{AGAIN}'
    parts = [CELLS, start]
    parts += [_part(inputs[name], place.of(place.columns[name])) for name in question.sent]
    if empties is not None:
        parts.append(f'IF({empties}="{YES}","&others=0","")')
    # A row with anything in it is asked: the service says what is missing.
    row = f"{place.of(min(place.columns.values()))}:{place.of(max(place.columns.values()))}"
    return f'=IF(COUNTA({row})=0,"",{"&".join(parts)})'


def _part(one: Input, cell: str) -> str:
    """Return what a cell adds to an address; an empty one adds nothing, or its default."""
    empty = '""' if one.otherwise is None else f'"&{one.name}={one.otherwise}"'
    return f'IF({cell}="",{empty},"&{one.name}="&{_sent(one, cell)})'


def _sent(one: Input, cell: str) -> str:
    """Return a cell's value as an address takes it; what is no number is refused by the service."""
    match one.takes:
        case Takes.number | Takes.whole:
            return f'IF(ISNUMBER({cell}),SUBSTITUTE({cell},",","."),{ENCODES}({cell}))'
        case Takes.day:
            day = f'YEAR({cell})&"-"&RIGHT("0"&MONTH({cell}),2)&"-"&RIGHT("0"&DAY({cell}),2)'
            return f"IF(ISNUMBER({cell}),{day},{ENCODES}({cell}))"
        case _:
            return f"{ENCODES}({cell})"


def reply(address_cell: str) -> str:
    """Return the formula of what the service answers to an address."""
    answer = f'IF(LEN({address_cell})>{LONGEST_ADDRESS},"{TOO_LONG}",{ASKS}({address_cell}))'
    return f'=IF({address_cell}="","",{answer})'


def number(reply_cell: str) -> str:
    """Return the formula of the number of an answer: an error where the row is refused."""
    return f'=IF({reply_cell}="","",{READS}({reply_cell},".",","))'


def wrong(reply_cells: tuple[str, ...]) -> str:
    """Return the formula of what is missing or wrong: the first refusal of the row, in its words."""
    text = '""'
    for cell in reversed(reply_cells):
        text = f'IF(LEFT({cell},6)="ERROR:",MID({cell},8,2000),{text})'
    return f'=IFERROR({text},"{NO_ANSWER}")'
