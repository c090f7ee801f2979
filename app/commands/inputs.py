"""Rules and tables as a command names them, read and checked once for all rule sets in play."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from pathlib import Path
from typing import NamedTuple

import polars as pl

from app.commands.exits import about, misused
from app.commands.published import rule_set
from engine.columns import AMOUNT_PREFIX, UNITS_PREFIX, ColumnSelection
from engine.data import FIXTURES
from engine.errors import PairRefused, Problem
from engine.export.manifest import Input
from engine.input_file import STANDARD_INPUT, InputFile
from engine.modules.school_formula.missing_lines import AbsentLines, declare_absent
from engine.reading import (
    Layout,
    load_layout_file,
    pupil_table,
    read_table_file,
    school_table,
)
from engine.rules.compile import check_day, compile_rules, pupil_columns
from engine.rules.compiled import CompiledRules
from engine.rules.formula import Counts
from engine.rules.override import override
from engine.tables import PupilTable, SchoolTable

LAYOUTS = FIXTURES / "layouts"
PUPIL_KEY = "pupil_key"


@dataclass(frozen=True, slots=True)
class Asked:
    """The tables that a command names, and how they are to be read."""

    schools: Path | None
    pupils: Path | None
    layout: str | None
    absent_lines: str
    schools_sheet: str | None = None
    pupils_sheet: str | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """Return the files that must not be written over."""
        layout = () if self.layout is None else (layout_file(self.layout),)
        tables = (self.schools, self.pupils)
        return tuple(
            path for path in (*tables, *layout) if path is not None and path != STANDARD_INPUT
        )


@dataclass(frozen=True, slots=True)
class Side:
    """One rule set in force, what was tried in it, its file, and the schools as it reads them."""

    rules: CompiledRules
    overrides: tuple[tuple[str, str], ...]
    file: InputFile
    schools: SchoolTable | None = None


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything read: each side with its schools, the pupils, and the files by digest.

    ``files`` are those inputs as they were read, which must not have changed at the end.
    """

    sides: tuple[Side, ...]
    pupils: PupilTable | None
    inputs: tuple[Input, ...]
    files: tuple[InputFile, ...]


class Read(NamedTuple):
    """A file that was read for one part of a result, the rows of its table, and its sheet where one was named."""

    part: str
    file: InputFile
    rows: int | None = None
    sheet: str | None = None


def side(name: str, day: date | None, overrides: Sequence[str] | None) -> Side:
    """Return a rule set in force on a day, with values replaced for a what-if."""
    pairs = tuple(_pair(written) for written in overrides or ())
    document, file = rule_set(name)
    with about(file.place):
        changed = override(document, pairs)
        check_day(changed, day)
        return Side(compile_rules(changed, day), pairs, file)


def _pair(written: str) -> tuple[str, str]:
    place, equals, value = written.partition("=")
    if not equals or not place or not value:
        raise misused(
            "--override must be PLACE=VALUE, such as schools_formula.area_cost_adjustment=1.02"
        )
    return place, value


def paths_of(sides: Sequence[Side]) -> list[Path]:
    """Return the files of the rules of each side."""
    return [one.file.path for one in sides if one.file.path is not None]


def read_tables(asked: Asked, sides: Sequence[Side]) -> Tables:
    """Read the tables for all sides, or raise a refusal with every problem of the first file."""
    if asked.schools is None and asked.pupils is None:
        raise misused("give --schools, --pupils or both")
    if asked.schools == asked.pupils == STANDARD_INPUT:
        raise misused("standard input holds one table; name a file for the other")
    layout = None if asked.layout is None else _layout(layout_file(asked.layout))
    _refuse_stray_sheets(asked)
    files = [Read("rules", one.file) for one in sides]
    files += [] if layout is None else [Read("layout", layout[1])]
    read: tuple[Side, ...] = tuple(sides)
    if asked.schools is not None:
        wanted = reduce(or_, (one.rules.wanted for one in sides))
        with about(asked.schools):
            frame, file = _frame(asked.schools, asked.schools_sheet, layout, of_pupils=False)
            table = school_table(frame, wanted)
        read = tuple(_with_schools(one, table, asked.absent_lines) for one in sides)
        files.append(Read("schools", file, len(table), asked.schools_sheet))
    pupils = None
    if asked.pupils is not None:
        with about(asked.pupils):
            frame, file = _frame(asked.pupils, asked.pupils_sheet, layout, of_pupils=True)
            pupils = pupil_table(frame, reduce(or_, map(_pupil_wanted, read)))
        files.append(Read("pupils", file, len(pupils), asked.pupils_sheet))
    for one in read:
        _check_something_is_valued(one, pupils)
    inputs = tuple(Input.of(*one) for one in files)
    return Tables(read, pupils, inputs, tuple(one.file for one in files))


def _refuse_stray_sheets(asked: Asked) -> None:
    """Refuse a sheet of a table that is not given."""
    pairs = (
        ("schools", asked.schools, asked.schools_sheet),
        ("pupils", asked.pupils, asked.pupils_sheet),
    )
    for name, path, sheet in pairs:
        if sheet is not None and path is None:
            raise misused(f"--{name}-sheet names a sheet of --{name}; give --{name} too")


def _layout(path: Path) -> tuple[Layout, InputFile]:
    with about(path):
        return load_layout_file(path)


def layout_file(name: str) -> Path:
    """Return the file of a layout: a path, or the name of one that comes with the program."""
    path = Path(name)
    if path.suffix or path.parent != Path():
        return path
    known = sorted(file.stem for file in LAYOUTS.glob("*.yaml"))
    if name not in known:
        raise misused(f"layout not found: {name!r}; the layouts are {', '.join(known)}")
    return LAYOUTS / f"{name}.yaml"


def _frame(
    path: Path, sheet: str | None, layout: tuple[Layout, InputFile] | None, *, of_pupils: bool
) -> tuple[pl.DataFrame, InputFile]:
    frame, file = read_table_file(path, sheet)
    if layout is None:
        return frame, file
    chosen = layout[0]
    names = {*chosen.columns, *chosen.constants}
    return (chosen.apply(frame) if (PUPIL_KEY in names) is of_pupils else frame), file


def _with_schools(one: Side, table: SchoolTable, absent_lines: str) -> Side:
    formula = one.rules.formula
    if formula is None:
        return one
    meaning = AbsentLines(absent_lines.replace("-", "_"))
    return Side(one.rules, one.overrides, one.file, declare_absent(formula, table, meaning))


def _pupil_wanted(one: Side) -> ColumnSelection:
    """Return the pupil columns that a side uses, those it counts schools' units from included."""
    formula = one.rules.formula
    counting = (
        formula is not None
        and one.schools is not None
        and any(
            {UNITS_PREFIX + line.name, AMOUNT_PREFIX + line.name}.isdisjoint(one.schools.values)
            for line in formula.lines
            if line.counts is Counts.pupils
        )
    )
    return pupil_columns(one.rules, counting=counting)


def _check_something_is_valued(one: Side, pupils: PupilTable | None) -> None:
    schools = one.rules.formula is not None and one.schools is not None
    if schools or (one.rules.top_ups is not None and pupils is not None):
        return
    has = "schools" if one.rules.formula is not None else "pupils"
    sentence = f"{one.rules.document.identifier} has rules for {has} only; give --{has}"
    raise PairRefused([Problem(sentence, "nothing-to-value")])
