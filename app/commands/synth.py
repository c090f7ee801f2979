"""``evenband synth``: invented pupils and schools that match the national tables."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, Literal

import typer

from app.commands.exits import CODES, answered

if TYPE_CHECKING:
    import polars as pl

MOST_BYTES = 64 << 20
"""Bytes of a table of margins; those published have a thousandth of that."""


def synth(
    pupils: Annotated[
        int,
        typer.Option(
            min=10, max=9_000_000, metavar="N", help="How many pupils.", show_default=False
        ),
    ],
    out: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Folder to write into.", show_default=False)
    ],
    seed: Annotated[
        int, typer.Option(min=0, metavar="N", help="The same seed gives the same bytes.")
    ] = 1,
    schools: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="How many schools; by default in proportion to the pupils."
        ),
    ] = None,
    kind: Annotated[
        Literal["csv", "parquet"], typer.Option("--format", metavar="KIND", help="csv or parquet.")
    ] = "csv",
    margins: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Margins of another year, as 'evenband rules import ehc' writes them.",
            show_default=False,
        ),
    ] = None,
    bands: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RULES",
            help="Local rules: plan holders hold one of their bands today, those of the rules' authority where they "
            "name one. May be repeated; of several for a pupil the last decides.",
            show_default=False,
        ),
    ] = None,
    moves: Annotated[  # noqa: FBT002 - an option has its name
        bool,
        typer.Option(
            "--moves",
            help="Give plan holders who moved school or authority within the year a row for each stay.",
        ),
    ] = False,
) -> None:
    """Write invented pupils and schools, with a manifest. No real person is in them."""
    with answered():
        from app.commands.inputs import Read, inputs_of, read_sides
        from app.commands.outputs import write_with_manifest
        from app.commands.progress import steps
        from engine.export import rules_record
        from engine.input_file import read_input
        from engine.lab.synth import SHIPPED, synthesise

        out.mkdir(parents=True, exist_ok=True)
        with steps(2) as step:
            tables = [] if margins is None else sorted(margins.glob("*.csv"))
            read = [read_input(path, MOST_BYTES)[1] for path in tables]
            step("Inventing")
            local = read_sides(*((name, None, None) for name in bands or ()))
            invented = synthesise(
                pupils, seed=seed, schools=schools, folder=margins or SHIPPED,
                profiles=[one.rules for one in local], moves=moves,
            )  # fmt: skip
            step("Writing")
            frames = {"pupils": invented.pupils, "schools": invented.schools}
            files = [
                (out / f"{name}.{kind}", partial(_write, frame, kind), frame)
                for name, frame in frames.items()
            ]
            inputs = inputs_of([Read("margins", one) for one in read])
            made = {"pupils": pupils, "schools": invented.schools.height, "seed": seed}
            record: dict[str, object] = {
                "synthetic": made | {"rows_of_pupils": invented.pupils.height, "moves": moves},
                "bands_of": [rules_record(one.rules, one.overrides) for one in local],
                "inputs": [one.record() for one in inputs],
            }
            write_with_manifest(files, out / "manifest.json", record, read)
        for path, _, rows in files:
            typer.echo(f"{path}: {len(rows):,} rows")


synth.__doc__ = f"{synth.__doc__}\n\n{CODES}"


def _write(frame: "pl.DataFrame", kind: str, file: BinaryIO) -> None:
    if kind == "csv":
        frame.write_csv(file, line_terminator="\n")
    else:
        frame.write_parquet(file, compression="zstd", row_group_size=100_000)
