"""The names of a table's columns against those that rules read: unknown, missing, spelled otherwise, in another row."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from engine import table_checks as check
from engine.errors import Problem, TableRefused
from engine.reading.report import refusal
from engine.reading.table_text import TableText

_NAMED = 20
"""Names that one sentence lists."""
_LEAST = 2
"""Cells of a row that must be column names before it is taken for the row that has them."""

_PUNCTUATION = re.compile(r"[\W_]+")


_OURS = "column names must be spelled exactly, in small letters with underscores"
_OF_LAYOUT = "column names must be spelled exactly as the layout has them"


def plain_spelling(name: str) -> str:
    """Return a name without capitals, blanks and punctuation.

    >>> plain_spelling("Pupil Key") == plain_spelling("pupil_key")
    True
    """
    return _PUNCTUATION.sub("", unicodedata.normalize("NFKC", name)).casefold()


def column_problems(
    table: TableText,
    known: Collection[str],
    required: Collection[str],
    elsewhere: Collection[str] = (),
) -> list[Problem]:
    """Return what is wrong with the columns of a table, each cause once.

    Raises ``TableRefused`` with one problem where the names are in another row, or in none: the rest would be untrue.
    """
    refuse_names_elsewhere(table, known)
    names = table.frame.columns
    rows = check.no_rows(table.frame.height)
    alike = _alike(names, {*known, *elsewhere})
    if not set(names) & set(known) and not alike:
        raise TableRefused(check.no_header(names, known, table.header_row, len(table.above)))
    others = [name for name in names if name not in alike]
    meant = check.probably_meant(others, known, {*names, *alike.values()})
    twice = {name: ours for name, ours in alike.items() if _is_twice(ours, names, alike)}
    spelled = {name: ours for name, ours in alike.items() if ours in known and name not in twice}
    problems = [*_spelling(table, spelled, _OURS), *_twice(table, twice)]
    unused = {name: ours for name, ours in alike.items() if ours not in known}
    problems += check.unknown_columns(
        names, known, {*elsewhere, *unused}, meant=meant, skip=alike, places=table.places
    )
    there = {*names, *alike.values(), *meant.values(), *_spelled_in(table, required)}
    problems += check.missing_columns(there, required)
    return [_of_layout(one, table.layout) for one in problems] + rows


def _of_layout(problem: Problem, layout: str) -> Problem:
    """Return a problem of a column as one of the layout that names the columns, where there is one."""
    if not layout or problem.rule not in {"unknown-column", "missing-column"}:
        return problem
    where = f"in 'columns' of the {layout}"
    if problem.rule == "unknown-column":
        return replace(problem, sentence=f"{where}: {problem.sentence}")
    return replace(problem, sentence=f"{problem.sentence}; name the column that has it {where}")


def as_we_spell(
    table: TableText, known: Collection[str], elsewhere: Collection[str] = ()
) -> TableText:
    """Return a table whose columns have our names where theirs are ours but for capitals, blanks and punctuation.

    The headings are refused; the cells below them can be looked at all the same.
    """
    names = table.frame.columns
    alike = _alike(names, {*known, *elsewhere})
    ours = {
        name: one
        for name, one in alike.items()
        if one in known and not _is_twice(one, names, alike)
    }
    return table.with_names({name: [one] for name, one in ours.items()}, table.frame.rename(ours))


def refused_columns(
    table: TableText,
    known: Collection[str],
    required: Collection[str],
    elsewhere: Collection[str] = (),
) -> set[str]:
    """Return the columns of ours that a table has in a way that is refused, or has to have: none of them can be read."""
    names = table.frame.columns
    alike = _alike(names, {*known, *elsewhere})
    meant = check.probably_meant(names, known, {*names, *alike.values()})
    there = {*alike.values(), *meant.values(), *table.untyped, *table.columns.values()}
    return there | ({*required} - {*names})


def without_unknown(
    table: TableText, known: Collection[str], elsewhere: Collection[str] = ()
) -> TableText:
    """Return a table without the problems of cells in columns that are not known, and are to be removed or named."""
    if not table.problems:
        return table
    names = table.frame.columns
    alike = _alike(names, {*known, *elsewhere})
    meant = check.probably_meant(names, known, {*names, *alike.values()})
    return table.without_columns({"", *known, *alike, *meant})


def layout_problems(
    table: TableText, theirs: Collection[str], ignored: Collection[str] | None, layout: str
) -> list[Problem]:
    """Return what is wrong with the columns of a table that a layout names as ``theirs``, each cause once.

    ``ignored`` are those that it leaves out, None where it leaves out all others. Raises ``TableRefused`` as
    ``column_problems`` does.
    """
    refuse_names_elsewhere(table, theirs)
    names = table.frame.columns
    alike = _alike(names, {*theirs, *(ignored or ())})
    twice = {name: one for name, one in alike.items() if _is_twice(one, names, alike)}
    spelled = {name: one for name, one in alike.items() if name not in twice}
    problems = [*_spelling(table, spelled, _OF_LAYOUT), *_twice(table, twice)]
    lacks = f"is missing; the {layout} names it, and the table has no such column"
    problems += check.missing_columns({*names, *alike.values()}, theirs, lacks)
    if ignored is None:
        return problems
    known = {*theirs, *ignored}
    return problems + check.unknown_columns(
        names, known, (), check.heading, skip=alike, places=table.places
    )


def _alike(names: Sequence[str], ours: Collection[str]) -> dict[str, str]:
    """Return the names that are ours but for capitals, blanks and punctuation, with ours."""
    spelled = {plain_spelling(name): name for name in sorted(ours)}
    found = {
        name: spelled[plain]
        for name in names
        if name not in ours and (plain := plain_spelling(name)) in spelled
    }
    return {name: one for name, one in found.items() if len(name) <= check.LONGEST_TEXT}


def _spelling(table: TableText, alike: Mapping[str, str], sentence: str) -> list[Problem]:
    """Return one problem for all names that are spelled otherwise."""
    if not alike:
        return []
    shown = [f"{ours} for {_quoted(name)}" for name, ours in list(alike.items())[:_NAMED]]
    more = f" and {len(alike) - _NAMED} more" if len(alike) > _NAMED else ""
    return [
        Problem(
            f"{sentence}: write {', '.join(shown)}{more}", "column-spelling", row=table.header_row
        )
    ]


def _spelled_in(table: TableText, ours: Collection[str]) -> list[str]:
    """Return the names that the row of column names has, also where a heading could not be used."""
    row = table.header_row
    cells = table.above[row - 1] if row is not None and row <= len(table.above) else ()
    spelled = set(map(plain_spelling, cells))
    return [name for name in ours if plain_spelling(name) in spelled]


def _is_twice(ours: str, names: Sequence[str], alike: Mapping[str, str]) -> bool:
    return ours in names or list(alike.values()).count(ours) > 1


def _twice(table: TableText, twice: Mapping[str, str]) -> list[Problem]:
    """Return the problems of names that would be one column, were they spelled exactly."""
    return [
        Problem(
            f"several columns are called {ours} but for capitals, blanks and punctuation; keep one",
            "repeated-column",
            row=table.header_row,
        )
        for ours in sorted(set(twice.values()))
    ]


def _quoted(name: str) -> str:
    """Return a name as a sentence shows it: it is ours but for blanks and capitals."""
    return f"'{' '.join(name.split())}'"


def refuse_names_elsewhere(table: TableText, known: Collection[str]) -> None:
    """Raise ``TableRefused`` for a file whose column names are in another row than was read as theirs."""
    if table.header_row is None:
        return
    ours = {plain_spelling(name) for name in known}
    counts = [len({plain_spelling(cell) for cell in cells} & ours) for cells in table.above]
    most = max(counts, default=0)
    here = len({*_spelled_in(table, known), *(set(table.frame.columns) & set(known))})
    if most < _LEAST or most <= here:
        return
    row = counts.index(most) + 1
    sentence = (
        f"the column names are in row {row}: name it with --header-row {row} (header_row={row} in Python), "
        "or delete the rows above it"
    )
    raise refusal("header-row", sentence, row=table.header_row)
