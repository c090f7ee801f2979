"""``evenband rules atlas``: rule sets side by side."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from app.commands import options
from app.commands.exits import CODES, answered

if TYPE_CHECKING:
    from app.commands.inputs import Side, Tables
    from app.commands.outputs import Output
    from app.commands.table_options import TableFiles
    from engine.export import Format, Writing
    from engine.lab.atlas import Atlas
    from engine.lab.atlas import Side as Column

HIDDEN_COLUMNS = frozenset({"label", "unit"})
Kinds = Annotated[
    Literal["csv", "json", "xlsx"] | None,
    typer.Option(
        "--format",
        metavar="KIND",
        help="Kind of file: csv, json or xlsx; by default the ending of --out.",
    ),
]


def atlas(
    names: options.RuleSets,
    on: options.On = None,
    schools: options.Schools = None,
    sheet: options.Sheet = None,
    header_row: options.HeaderRow = None,
    schools_sheet: options.OlderSheet = None,
    layout: options.Layout = None,
    absent_lines: options.AbsentLines = "refused",
    dates: options.Dates = None,
    blank_means_none: options.BlankMeansNone = None,
    round_to_pence: options.RoundToPence = None,
    la_map: options.LaMap = None,
    out: options.Out = None,
    kind: Kinds = None,
) -> None:
    """Show rule sets side by side: factors, bands, prices, and the results for schools."""
    with answered():
        from app.commands.display import console, heading, table
        from app.commands.inputs import read_sides
        from app.commands.outputs import output_of, refuse_changes
        from app.commands.progress import steps
        from app.commands.table_options import table_files
        from engine.lab.atlas import atlas as side_by_side
        from engine.lab.atlas import screen_rows
        from engine.rules.authorities import OtherAuthorities

        files = table_files(
            schools, None, layout, absent_lines,
            (sheet, schools_sheet, None), (header_row, None, None),
            (dates, blank_means_none, round_to_pence), (la_map, OtherAuthorities.valued),
        )  # fmt: skip
        sides = read_sides(*((name, on, None) for name in names))
        output = output_of(out, kind, sides, files.paths)
        with steps(3) as step:
            step("Reading")
            tables = _tables(files, sides)
            step("Valuing")
            columns = side_by_side([_column(one, tables) for one in sides])
            step("Writing")
            if not output.is_for_screen:
                _write(output, columns, sides, tables)
        if output.is_for_screen:
            refuse_changes(tables.files)
            screen, rows = console(), screen_rows(columns)
            for one in sides:
                screen.print(heading(one))
            screen.print(table(rows, leave_out=HIDDEN_COLUMNS, most=len(rows)))


atlas.__doc__ = f"{atlas.__doc__}\n\n{CODES}"


def _tables(files: "TableFiles", sides: "Sequence[Side]") -> "Tables":
    """Return the schools as each formula reads them; no tables where no schools were given."""
    from app.commands.inputs import Read, Tables, inputs_of, read_tables
    from engine.errors import PairRefused, Problem

    if files.schools is None:
        read = inputs_of([Read("rules", one.file) for one in sides])
        return Tables((), None, read, tuple(one.file for one in sides))
    formulas = [one for one in sides if one.rules.formula is not None]
    if not formulas:
        sentence = "none of these rule sets has a schools formula; leave --schools out"
        raise PairRefused([Problem(sentence, "no-formula")])
    return read_tables(files, formulas)


def _column(side: "Side", tables: "Tables") -> "Column":
    from engine.lab.atlas import Side as Column
    from engine.run import evaluate

    for valued in tables.sides:
        if valued.rules is side.rules:
            return Column(side.rules, evaluate(valued.rules, valued.schools).notional)
    return Column(side.rules)


def _write(output: "Output", columns: "Atlas", sides: "Sequence[Side]", tables: "Tables") -> None:
    from app.commands.outputs import put
    from engine.export import rules_record

    record = {
        "detail": "atlas",
        "rule_sets": [rules_record(one.rules, one.overrides) for one in sides],
        "inputs": [one.record() for one in tables.inputs],
        "notices": [one.record() for one in tables.notices],
    }
    put(output, _writing(columns, output.kind), columns.rows, record, tables.files)


def _writing(columns: "Atlas", kind: "Format | None") -> "Writing":
    from engine.export import Format, as_json, write_rows
    from engine.lab.atlas import atlas_record, atlas_rows, write_atlas_workbook

    if kind is Format.json:
        return lambda file: file.write(as_json(atlas_record(columns)))
    if kind is Format.xlsx:
        return lambda file: write_atlas_workbook(columns, file)
    return lambda file: write_rows(atlas_rows(columns), kind or Format.csv, file)
