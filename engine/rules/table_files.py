"""Tables of values in CSV files beside a rule document: their rows put into it while it is read.

A column that is named as one that conditions read is a condition; an empty cell of it asks nothing.
The columns ``from``, ``source``, ``standing`` and ``note`` say of each row what they say of any value.
Rows with the same conditions, one below the other, are the values of one row from their days on.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path as File
from typing import Any

from engine.errors import FileRefused, Problem, TableRefused
from engine.input_file import MOST_DOCUMENT_BYTES, read_input
from engine.reading.comma_separated import read_comma_separated
from engine.reading.limits import Limits
from engine.rules.inputs import Input
from engine.rules.rows_without_value import FileRow, faults_of
from engine.rules.value_tables import COLUMN, ROWS, TABLE
from engine.rules.yaml_source import Path, YamlSource, place
from engine.wording import nearest

OF_VALUE = ("from", "source", "standing", "note")
LEVEL = "level_"
NO_FILE = "file not found beside the document"

Cells = dict[str, str]
Rows = list[tuple[int, Cells]]


def with_table_files(source: YamlSource, folder: File) -> YamlSource:
    """Return a document with the rows of the files that it names; what is wrong with them is among its problems.

    A file is read once, however many values name it.
    """
    held: dict[str, Rows | Problem] = {}
    for path, named in _named(source.value, ()):
        name = str(named[TABLE])
        if name not in held:
            held[name] = _read(folder, name)
        _expand(source, path, named, held[name])
    return source


def _named(part: object, path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield each value of a document that is in a file."""
    if isinstance(part, dict):
        if isinstance(part.get(TABLE), str):
            yield path, part
        else:
            for name, one in part.items():
                yield from _named(one, (*path, name))
    elif isinstance(part, list):
        for at, one in enumerate(part):
            yield from _named(one, (*path, at))


def _read(folder: File, name: str) -> Rows | Problem:
    """Return the rows of a file with their numbers, or what is wrong with it."""
    if File(name).name != name or not name.endswith(".csv"):
        sentence = "must be the name of a CSV file in the document's folder, such as prices.csv"
        return Problem(sentence, "table-file")
    try:
        content, _ = read_input(folder / name, MOST_DOCUMENT_BYTES)
        text = read_comma_separated(content, None, Limits())
        frame = text.whole()
    except (TableRefused, FileRefused) as refused:
        return Problem(f"{name}: {refused}", "table-file")
    except OSError:
        return Problem(f"{name}: {NO_FILE}", "table-file")
    columns = {one: frame[one].to_list() for one in frame.columns}
    return [
        (text.first_row + at, {one: (cells[at] or "").strip() for one, cells in columns.items()})
        for at in range(frame.height)
    ]


def _expand(source: YamlSource, path: Path, named: dict[str, Any], rows: Rows | Problem) -> None:
    """Put the rows of a file in the place of its name."""
    problems = [rows] if isinstance(rows, Problem) else list(_wrong(rows, named))
    if problems or isinstance(rows, Problem):
        _refuse(source, path, problems)
        if not isinstance(rows, Problem) and rows and named.get(COLUMN) in rows[0][1]:
            # Whether none holds depends on conditions, of which a column may be wrong.
            read = [one for one in _rows(rows, str(named[COLUMN])) if not one.is_none]
            _name_rows_without_value(source, path, named, read)
        return
    read = _rows(rows, str(named[COLUMN]))
    _name_rows_without_value(source, path, named, read)
    file, column = str(named.pop(TABLE)), str(named.pop(COLUMN))
    named[ROWS] = [] if not isinstance(named.get(ROWS), list) else named[ROWS]
    line, before = source.line_of((*path, TABLE)), None
    for (number, cells), row in zip(rows, read, strict=True):
        if not row.value or row.is_none:
            continue
        when = dict(row.when)
        value = {one: cells[one] for one in OF_VALUE if cells.get(one)} | {"value": cells[column]}
        if when == before and "from" not in value:
            sentence = f"{file}, row {number}: has the same conditions as the row above it; keep one, or give its first day in a column 'from'"
            where = (*path, ROWS, len(named[ROWS]) - 1)
            source.problems.append(Problem(sentence, "repeated-row", place=place(where), line=line))
        elif when == before:
            named[ROWS][-1]["value"].append(value)
        else:
            named[ROWS].append({"when": when, "value": [value]})
        here = (*path, ROWS, len(named[ROWS]) - 1)
        source.files.setdefault(here, (file, number))
        source.files[(*here, "value", len(named[ROWS][-1]["value"]) - 1)] = (file, number)
        before = when


def _rows(rows: Rows, column: str) -> list[FileRow]:
    return [
        FileRow(
            number, {one: cells[one] for one in _conditions(cells) if cells[one]}, cells[column]
        )
        for number, cells in rows
    ]


def _name_rows_without_value(
    source: YamlSource, path: Path, named: dict[str, Any], read: list[FileRow]
) -> None:
    """Put each row of a file that has no value, and may not go without, among the problems."""
    where = (*path, TABLE)
    line = source.line_of(where)
    for fault in faults_of(read, str(named[COLUMN]), named.get("otherwise")):
        sentence = f"{named[TABLE]}: {fault}"
        source.problems.append(Problem(sentence, "no-value", place=place(where), line=line))


def _refuse(source: YamlSource, path: Path, problems: list[Problem]) -> None:
    where = (*path, TABLE)
    line = source.line_of(where)
    source.problems += [replace(one, place=place(where), line=line) for one in problems]
    source.faults.append(path)


def _conditions(cells: Cells) -> list[str]:
    return [one for one in cells if one in list(Input) or one.startswith(LEVEL)]


def _wrong(rows: Rows, named: dict[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with the column names of a file, for a value that names it."""
    column, file = named.get(COLUMN), str(named[TABLE])
    if not rows:
        yield Problem(f"{file}: has no rows", "table-file")
        return
    names = list(rows[0][1])
    if column not in names:
        known = ", ".join(one for one in names if one not in (*_conditions(rows[0][1]), *OF_VALUE))
        sentence = (
            f"{file}: {'column not found' if column else 'needs the column that has the values'};"
            f" its columns of values are {known}"
        )
        yield Problem(sentence, "table-file")
    known_names = {*_conditions(rows[0][1]), *OF_VALUE}
    slips = [
        f"{one} (did you mean {near}?)"
        for one in names
        if one not in known_names and one != column
        and (near := nearest(one, [*Input, *OF_VALUE])) is not None
    ]  # fmt: skip
    if slips:
        yield Problem(f"{file}: unknown column {', '.join(slips)}", "table-file")
