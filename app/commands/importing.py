"""What the commands under ``evenband rules import`` do, once their options are read."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO

import polars as pl

from app.commands import shown
from app.commands.exits import about, misused
from app.commands.outputs import refuse_changes
from engine.export import Format, Rows, Shape, write_rows, write_whole
from engine.export.cell_text import guarded
from engine.input_file import STANDARD_INPUT, InputFile
from engine.lab.imports.ehc_margins import ehc_margins
from engine.lab.imports.proforma import Proforma, proforma_rules, read_proformas
from engine.lab.imports.proforma_import import ProformaImport, import_proforma, reconciliation_rows
from engine.reading import read_table_file

RECONCILIATION = "reconciliation.csv"
Writing = Callable[[BinaryIO], object]


def import_proformas(
    file: Path, totals: Path | None, codes: Sequence[str], year: str | None, folder: Path
) -> None:
    """Read, import, write everything or nothing, and show how each authority reconciles."""
    rules = proforma_rules(year)
    (lines, *printed), read = _tables([file, *(() if totals is None else (totals,))])
    with about(file):
        proformas = _chosen(read_proformas(lines, printed[0] if printed else None, rules), codes)
        imported = [import_proforma(one, rules) for one in proformas]
    rows = reconciliation_rows(imported)
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(
        [*_files(folder, imported), (folder / RECONCILIATION, _as_csv(rows))],
        before_place=partial(refuse_changes, read),
    )
    console = shown.console()
    console.print(shown.table(rows, most=len(rows)))
    console.print(f"{len(imported)} rule sets and their tables are in {folder}")


def import_margins(
    plans: Path, caseload: Path, ages: Path | None, year: str | None, folder: Path
) -> None:
    """Write margins of plans into a folder, and say what they do not hold."""
    frames, read = _tables([plans, caseload, *(() if ages is None else (ages,))])
    with about(plans):
        margins = ehc_margins(*frames, year=year)
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(
        [
            (folder / f"{name}.csv", _as_table(pl.DataFrame(rows)))
            for name, rows in margins.tables.items()
        ],
        before_place=partial(refuse_changes, read),
    )
    console = shown.console()
    console.print(
        f"{folder}: {margins.year}, {margins.authorities} authorities with {margins.plans:,} of"
        f" {margins.national:,} plans in England"
    )
    for share, count in margins.left_out.items():
        if count:
            console.print(f"{count} authorities are too small or not published: {share}")


def _tables(paths: Sequence[Path]) -> tuple[list[pl.DataFrame], list[InputFile]]:
    """Return the tables of files, and which bytes each was read from."""
    if sum(path == STANDARD_INPUT for path in paths) > 1:
        raise misused("standard input holds one table; name files for the others")
    frames, files = [], []
    for path in paths:
        with about(path):
            frame, file = read_table_file(path)
        frames.append(frame)
        files.append(file)
    return frames, files


def _chosen(proformas: Sequence[Proforma], codes: Sequence[str]) -> Sequence[Proforma]:
    known = {f"{one.code:03d}" for one in proformas}
    if absent := sorted(set(codes) - known):
        raise misused(f"not found in the table: authority {', '.join(absent)}")
    return [one for one in proformas if not codes or f"{one.code:03d}" in codes]


def _files(folder: Path, imported: Sequence[ProformaImport]) -> list[tuple[Path, Writing]]:
    files: list[tuple[Path, Writing]] = []
    for one in imported:
        files.append((folder / f"{one.identifier}.yaml", _as_text(one.text)))
        files.append((folder / f"{one.identifier}.csv", _as_table(one.table)))
    return files


def _as_text(text: str) -> Writing:
    return lambda file: file.write(text.encode())


def _as_table(table: pl.DataFrame) -> Writing:
    texts = {name: Shape.text for name, dtype in table.schema.items() if dtype == pl.String}
    return lambda file: guarded(table, texts).write_csv(file, line_terminator="\n")


def _as_csv(rows: Rows) -> Writing:
    return lambda file: write_rows(rows, Format.csv, file)
