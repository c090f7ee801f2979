"""What ``evenband rules atlas`` does, once its options are read."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import BinaryIO

from app.commands import shown
from app.commands.inputs import Asked, Tables, paths_of, read_tables, side
from app.commands.inputs import Side as Read
from app.commands.outputs import (
    Output,
    chosen,
    refuse_changes,
    to_standard_output,
    write_with_manifest,
)
from engine.errors import PairRefused, Problem
from engine.export import Format, write_rows
from engine.export.manifest import Input, as_json, rules_record
from engine.lab.atlas import (
    Atlas,
    Side,
    atlas,
    atlas_record,
    atlas_rows,
    screen_rows,
    write_atlas_workbook,
)
from engine.run import evaluate

SHOWN_APART = frozenset({"label", "unit"})


def run(
    names: Sequence[str],
    day: date | None,
    asked: Asked,
    out: str | None,
    kind: str | None,
) -> None:
    """Read, value the schools under each formula, and show or write."""
    read = [side(name, day, []) for name in names]
    output = chosen(out, kind, [*paths_of(read), *asked.files])
    with shown.steps(3) as step:
        step("Reading")
        tables = _tables(asked, read)
        step("Valuing")
        laid = atlas([_side(one, tables) for one in read])
        step("Writing")
        _write(output, laid, read, tables)
    if output.kind is None:
        rows = screen_rows(laid)
        refuse_changes([one.file for one in read] if tables is None else tables.files)
        console = shown.console()
        for one in read:
            console.print(shown.heading(one.rules, 0))
        console.print(shown.table(rows, leave_out=SHOWN_APART, most=len(rows)))


def _tables(asked: Asked, read: Sequence[Read]) -> Tables | None:
    """Return the schools as each formula reads them; None where no schools were given."""
    if asked.schools is None:
        return None
    formulas = [one for one in read if one.rules.formula is not None]
    if not formulas:
        sentence = "none of these rule sets has a schools formula; leave --schools out"
        raise PairRefused([Problem(sentence, "no-formula")])
    return read_tables(asked, formulas)


def _side(one: Read, tables: Tables | None) -> Side:
    for valued in () if tables is None else tables.sides:
        if valued.rules is one.rules:
            return Side(one.rules, evaluate(valued.rules, valued.schools).notional)
    return Side(one.rules)


def _write(output: Output, laid: Atlas, read: Sequence[Read], tables: Tables | None) -> None:
    if output.kind is None:
        return
    writing = _writing(laid, output.kind)
    files = [one.file for one in read] if tables is None else tables.files
    if output.path is None or output.manifest is None:
        to_standard_output(writing, files)
        return
    inputs = [Input.of("rules", one.file) for one in read] if tables is None else tables.inputs
    record = {
        "detail": "atlas",
        "rule_sets": [rules_record(one.rules, one.overrides) for one in read],
        "inputs": [one.record() for one in inputs],
    }
    write_with_manifest([(output.path, writing, len(laid.rows))], output.manifest, record, files)


def _writing(laid: Atlas, kind: Format) -> Callable[[BinaryIO], object]:
    if kind is Format.json:
        return lambda file: file.write(as_json(atlas_record(laid)))
    if kind is Format.xlsx:
        return partial(write_atlas_workbook, laid)
    return partial(write_rows, atlas_rows(laid), kind)
