"""``evenband rules import``: published tables turned into rule documents and margins."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from app.commands import options
from app.commands.exits import CODES, about, answered, misused

if TYPE_CHECKING:
    import polars as pl

    from engine.input_file import InputFile
    from engine.lab.imports import Proforma
    from engine.reading import Location, TableText

RECONCILIATION = "reconciliation.csv"
File = tuple[Path, Callable[[BinaryIO], object]]

app = typer.Typer(
    no_args_is_help=True,
    help=f"Convert published tables into rule documents, or into margins for synth.\n\n{CODES}",
)
Table = Annotated[Path, typer.Argument(metavar="FILE", show_default=False)]
Folder = Annotated[
    Path, typer.Option("--out", metavar="FOLDER", help="Folder to write into.", show_default=False)
]


@app.command()
def proforma(
    file: Table,
    out: Folder,
    totals: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Table of the totals printed beside the lines.", show_default=False
        ),
    ] = None,
    la: Annotated[
        list[str] | None,
        typer.Option(metavar="CODE", help="Only this authority; may be repeated."),
    ] = None,
    year: Annotated[
        str | None,
        typer.Option(
            metavar="YYYY-YY", help="Year of the proformas; by default the last one known."
        ),
    ] = None,
    sheet: options.Sheet = None,
    header_row: options.HeaderRow = None,
    totals_sheet: Annotated[str | None, options.sheet_of("totals")] = None,
    totals_header_row: Annotated[int | None, options.header_row_of("totals")] = None,
) -> None:
    """Write each authority's rule document and table of totals, compared with printed totals."""
    with answered():
        from app.commands.display import console, table
        from app.commands.outputs import refuse_changes
        from app.commands.table_options import location
        from engine.export import Format, write_rows, write_whole
        from engine.lab.imports import (
            import_proforma,
            proforma_rules,
            read_proformas,
            reconciliation_rows,
        )
        from engine.reading import Location

        rules = proforma_rules(year)
        at = location(totals, totals_sheet, totals_header_row, "totals")
        named = [(file, Location(sheet, header_row)), (totals, at)]
        (lines, *printed), read = _tables(named)
        with about(file):
            found = read_proformas(lines, printed[0] if printed else None, rules)
            imported = [import_proforma(one, rules) for one in _of(found, la or [])]
        rows = reconciliation_rows(imported)
        out.mkdir(parents=True, exist_ok=True)
        files: list[File] = [
            (out / RECONCILIATION, lambda target: write_rows(rows, Format.csv, target))
        ]
        for one in imported:
            files.append((out / f"{one.identifier}.yaml", partial(_put, one.text.encode())))
            files.append((out / f"{one.identifier}.csv", partial(_put_table, one.table)))
        write_whole(files, before_place=partial(refuse_changes, read))
        screen = console()
        screen.print(table(rows, most=len(rows)))
        screen.print(f"{len(imported)} rule sets and their tables are in {out}")


@app.command()
def ehc(
    plans: Annotated[
        Path,
        typer.Option(
            metavar="FILE", help="Plans by area, age, placement and need.", show_default=False
        ),
    ],
    caseload: Annotated[
        Path,
        typer.Option(metavar="FILE", help="Caseload by area and placement.", show_default=False),
    ],
    out: Folder,
    ages: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Caseload by authority and age.", show_default=False),
    ] = None,
    year: Annotated[
        str | None,
        typer.Option(
            metavar="YYYYYY",
            help="Academic year, such as 202425; by default the last one of the table.",
        ),
    ] = None,
    plans_sheet: Annotated[str | None, options.sheet_of("plans")] = None,
    plans_header_row: Annotated[int | None, options.header_row_of("plans")] = None,
    caseload_sheet: Annotated[str | None, options.sheet_of("caseload")] = None,
    caseload_header_row: Annotated[int | None, options.header_row_of("caseload")] = None,
    ages_sheet: Annotated[str | None, options.sheet_of("ages")] = None,
    ages_header_row: Annotated[int | None, options.header_row_of("ages")] = None,
) -> None:
    """Write published tables of plans as the margins that 'evenband synth --margins' adds to."""
    with answered():
        from app.commands.display import console
        from app.commands.outputs import refuse_changes
        from app.commands.table_options import location
        from engine.export import write_whole
        from engine.lab.imports import plan_margins
        from engine.reading import Location

        tables, read = _tables(
            [
                (plans, Location(plans_sheet, plans_header_row)),
                (caseload, Location(caseload_sheet, caseload_header_row)),
                (ages, location(ages, ages_sheet, ages_header_row, "ages")),
            ]
        )
        with about(plans):
            margins = plan_margins(*tables, year=year)
        out.mkdir(parents=True, exist_ok=True)
        write_whole(
            [
                (out / f"{name}.csv", partial(_put_table, rows))
                for name, rows in margins.tables.items()
            ],
            before_place=partial(refuse_changes, read),
        )
        screen = console()
        screen.print(
            f"{out}: {margins.year}, {margins.authorities} authorities with {margins.plans:,} of"
            f" {margins.national:,} plans in England"
        )
        for share, count in margins.left_out.items():
            if count:
                screen.print(f"{count} authorities are too small or not published: {share}")


for _command in (proforma, ehc):
    _command.__doc__ = f"{_command.__doc__}\n\n{CODES}"


def _tables(
    named: "Sequence[tuple[Path | None, Location]]",
) -> "tuple[list[TableText], list[InputFile]]":
    """Return the tables of the files that are named, and which bytes each was read from."""
    from app.commands.inputs import say_notices
    from engine.input_file import STANDARD_INPUT
    from engine.reading import read_table_file

    if sum(path == STANDARD_INPUT for path, _ in named) > 1:
        raise misused("standard input holds one table; name files for the others")
    tables, files = [], []
    for path, at in named:
        if path is None:
            continue
        with about(path):
            text, file = read_table_file(path, at)
        say_notices(text.notices)
        tables.append(text)
        files.append(file)
    return tables, files


def _of(proformas: "Sequence[Proforma]", codes: Sequence[str]) -> "Sequence[Proforma]":
    """Return the proformas of some authorities, of all where none is named."""
    known = {f"{one.code:03d}" for one in proformas}
    if absent := sorted(set(codes) - known):
        raise misused(f"not found in the table: authority {', '.join(absent)}")
    return [one for one in proformas if not codes or f"{one.code:03d}" in codes]


def _put(text: bytes, file: BinaryIO) -> None:
    file.write(text)


def _put_table(rows: "pl.DataFrame | Sequence[Mapping[str, str]]", file: BinaryIO) -> None:
    """Write a table as CSV; text that a spreadsheet would calculate with is guarded."""
    import polars as pl

    from engine.export import guarded
    from engine.rows import Shape

    table = pl.DataFrame(rows)
    texts = {name: Shape.text for name, dtype in table.schema.items() if dtype == pl.String}
    guarded(table, texts).write_csv(file, line_terminator="\n")
