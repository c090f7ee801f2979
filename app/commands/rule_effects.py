"""What each difference of two rule sets brings in pounds, over tables of schools and pupils."""

from datetime import date
from pathlib import Path

from app.commands.inputs import read_sides, read_tables
from app.commands.outputs import refuse_changes
from app.commands.table_options import table_files
from engine.attribution import clause_effects, effect_rows, pupil_amounts, school_amounts
from engine.modules import AbsentLines
from engine.rows import Rows


def effects_of_files(
    names: tuple[str, str],
    day: date | None,
    of: tuple[Path | None, Path | None],
    absent_lines: str,
) -> Rows:
    """Return the clauses of two rule sets with what each brings, over tables of schools and of pupils."""
    files = table_files(
        *of,
        None,
        absent_lines,
        (None, None, None),
        (None, None, None),
        (None, None, None),
        (None, "apart"),
    )
    before, after = read_sides(*((name, day, None) for name in names))
    tables = read_tables(files, [before, after])
    first, last = (one.rules for one in tables.sides)
    schools, pupils, found = tables.sides[0].schools, tables.pupils, {}
    if schools is not None and first.formula is not None and last.formula is not None:
        meaning = AbsentLines(absent_lines.replace("-", "_"))
        found["schools"] = clause_effects(first, last, school_amounts(schools, pupils, meaning))
    if pupils is not None and first.top_ups is not None and last.top_ups is not None:
        found["pupils"] = clause_effects(first, last, pupil_amounts(pupils))
    refuse_changes(tables.files)
    return effect_rows(found)
