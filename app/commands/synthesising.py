"""What ``evenband synth`` does, once its options are read."""

from functools import partial
from pathlib import Path
from typing import BinaryIO

import polars as pl
import typer

from app.commands import shown
from app.commands.outputs import write_with_manifest
from engine.export.manifest import Input
from engine.input_file import read_input
from engine.lab.synth import synthesise
from engine.lab.synth.margins import SHIPPED

MOST_BYTES = 64 << 20
"""Bytes of a table of margins; those published have a thousandth of that."""


def run(
    pupils: int, seed: int, schools: int | None, folders: tuple[Path, Path | None], kind: str
) -> None:
    """Invent pupils and schools and write them into a folder with a manifest.

    The second folder holds the margins that they add to; those published with the program
    where there is none.
    """
    folder, margins = folders
    folder.mkdir(parents=True, exist_ok=True)
    with shown.steps(2) as step:
        read = [
            read_input(path, MOST_BYTES)[1]
            for path in ([] if margins is None else sorted(margins.glob("*.csv")))
        ]
        step("Inventing")
        invented = synthesise(pupils, seed=seed, schools=schools, folder=margins or SHIPPED)
        step("Writing")
        frames = {"pupils": invented.pupils, "schools": invented.schools}
        files = [
            (folder / f"{name}.{kind}", partial(_write, frame, kind), frame.height)
            for name, frame in frames.items()
        ]
        record: dict[str, object] = {
            "synthetic": {"pupils": pupils, "schools": invented.schools.height, "seed": seed},
            "inputs": [Input.of("margins", one).record() for one in read],
        }
        write_with_manifest(files, folder / "manifest.json", record, read)
    for path, _, rows in files:
        typer.echo(f"{path}: {rows:,} rows")


def _write(frame: pl.DataFrame, kind: str, file: BinaryIO) -> None:
    if kind == "csv":
        frame.write_csv(file, line_terminator="\n")
    else:
        frame.write_parquet(file, compression="zstd", row_group_size=100_000)
