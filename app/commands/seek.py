"""``evenband seek``: the value of one path at which all top-ups come to a target."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands import options
from app.commands.exits import CODES, answered, misused

if TYPE_CHECKING:
    from engine.candidates.seek import Found
    from engine.rows import Rows

Place = Annotated[
    str,
    typer.Option(
        "--path", metavar="PATH", help="The value that is sought, as 'evenband rules paths' names it.", show_default=False
    ),
]  # fmt: skip
Target = Annotated[
    str, typer.Option(metavar="POUNDS", help="What all top-ups are to come to.", show_default=False)
]
Low = Annotated[
    str | None,
    typer.Option(
        "--from", metavar="VALUE", help="The lowest value that is looked at.", show_default=False
    ),
]
High = Annotated[
    str | None,
    typer.Option(
        "--to", metavar="VALUE", help="The highest value that is looked at.", show_default=False
    ),
]


def seek(
    rules: options.Rules,
    path: Place,
    total: Target,
    pupils: Annotated[
        Path,
        typer.Option(
            metavar="FILE", help="Table of pupils: CSV, XLSX or Parquet.", show_default=False
        ),
    ],
    low: Low = None,
    high: High = None,
    on: options.On = None,
    overrides: options.Overrides = None,
    sheet: options.Sheet = None,
    header_row: options.HeaderRow = None,
    layout: options.Layout = None,
    dates: options.Dates = None,
    blank_means_none: options.BlankMeansNone = None,
    round_to_pence: options.RoundToPence = None,
    la_map: options.LaMap = None,
    other_authorities: options.OtherAuthorities = "apart",
    out: options.Out = None,
    kind: options.Kinds = None,
    cache: options.Cache = None,
) -> None:
    """Find the value of a path at which all top-ups come to a total, or the values nearest to it; with all that tie."""
    with answered():
        from app.commands.cache import chosen_cache
        from app.commands.inputs import read_side, read_tables
        from app.commands.outputs import output_of, refuse_changes, write_result
        from app.commands.table_options import table_files
        from engine.candidates.seek import seek as seek_value
        from engine.money import pence

        try:
            target = pence(total)
        except ValueError:
            raise misused("--total is pounds such as 4500000 or 4500000.50") from None
        if (low is None) != (high is None):
            raise misused("give --from and --to together, or neither")
        kept = chosen_cache(cache)
        files = table_files(
            None, pupils, layout, "refused", (sheet, None, None), (header_row, None, None),
            (dates, blank_means_none, round_to_pence), (la_map, other_authorities),
        )  # fmt: skip
        side = read_side(rules, on, overrides)
        output = output_of(out, kind, [side], files.paths)
        tables = read_tables(files, [side], cache=kept)
        bounds = None if low is None or high is None else (low, high)
        if tables.pupils is None or side.rules.top_ups is None:
            raise misused(f"{side.rules.document.identifier} pays no pupil")
        found = seek_value(side.rules, tables.pupils, path, target, bounds)
        rows = _rows(found, path)
        write_result(output, rows, tables, [], target={"path": path, "total": total})
        if output.is_for_screen:
            from app.commands.display import console, heading, show_rows

            refuse_changes(tables.files)
            console().print(heading(tables.sides[0]))
            show_rows(rows, f"Values of {path}")
            if not found.exact:
                console().print("No value comes to it exactly.")


seek.__doc__ = f"{seek.__doc__}\n\n{CODES}"


def _rows(found: "Found", path: str) -> "Rows":
    """Return a row for each run of values: those that come to the target, and those nearest to it."""
    from engine.rows import Rows, Shape

    runs = [
        *(("exact", one) for one in found.exact),
        *(("nearest below", one) for one in [found.below] if one is not None),
        *(("nearest above", one) for one in [found.above] if one is not None),
    ]
    records: list[dict[str, str | int | None]] = [
        {"is": word, "path": path, "from": one.first, "to": one.last, "total": one.total}
        for word, one in runs
    ]
    shapes = {
        "is": Shape.text, "path": Shape.text, "from": Shape.figure, "to": Shape.figure, "total": Shape.pounds,
    }  # fmt: skip
    return Rows.of_records("seek", shapes, records)
