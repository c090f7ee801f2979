"""Rules and tables as a command names them, read and checked once for all rule sets in play."""

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import reduce
from operator import or_
from pathlib import Path
from typing import NamedTuple, TypeVar

from app.commands.exits import about, misused, say
from app.commands.published import rule_set
from engine.columns import Column, ColumnSelection
from engine.data import FIXTURES
from engine.errors import OverrideRefused, PairRefused, Problem, Refusal
from engine.expected_calls import support_cost
from engine.export import Input
from engine.input_file import STANDARD_INPUT, InputFile
from engine.modules import AbsentLines, counts_pupils, declare_absent
from engine.notices import Notice
from engine.reading import (
    ANYWHERE,
    PLAIN,
    Entry,
    Habits,
    Layout,
    Location,
    TableText,
    habits_of,
    load_layout_file,
    mapping_of,
    pupil_table,
    read_table_file,
    school_table,
)
from engine.row_chunks import Blocks
from engine.rules import CompiledRules, RuleSet, check_day, compile_what_if, pupil_columns
from engine.rules.authorities import OtherAuthorities, commissioners_of
from engine.rules.override import pair_of
from engine.tables import PupilTable, RowCounts, SchoolTable

LAYOUTS = FIXTURES / "layouts"
PUPIL_KEY = "pupil_key"


def location(
    path: Path | None, sheet: str | None, header_row: int | None, of: str = "schools"
) -> Location:
    """Return where in a file its table is; refuse to say it of a table that is not there."""
    if path is None and sheet is not None:
        raise misused(f"--{of}-sheet names a sheet of --{of}; give --{of} too")
    if path is None and header_row is not None:
        raise misused(f"--{of}-header-row names a row of --{of}; give --{of} too")
    return Location(sheet, header_row)


def locations(
    schools: Path | None,
    pupils: Path | None,
    sheets: tuple[str | None, str | None, str | None],
    header_rows: tuple[int | None, int | None, int | None],
) -> tuple[Location, Location]:
    """Return where the tables of schools and of pupils are.

    ``sheets`` and ``header_rows`` are those of the only table, of the schools and of the pupils.
    """
    both = schools is not None and pupils is not None
    for name, (alone, *_) in (("sheet", sheets), ("header-row", header_rows)):
        if both and alone is not None:
            raise misused(
                f"--{name} is of one table; with two, give --schools-{name} or --pupils-{name}"
            )
    if schools is not None or pupils is None:
        sheets, header_rows = _of_schools(sheets), _of_schools(header_rows)
    else:
        sheets, header_rows = _of_pupils(sheets), _of_pupils(header_rows)
    return (
        location(schools, sheets[1], header_rows[1]),
        location(pupils, sheets[2], header_rows[2], "pupils"),
    )


T = TypeVar("T")
Three = tuple[T | None, T | None, T | None]


def _of_schools(named: Three[T]) -> Three[T]:
    return None, named[0] or named[1], named[2]


def _of_pupils(named: Three[T]) -> Three[T]:
    return None, named[1], named[0] or named[2]


@dataclass(frozen=True, slots=True)
class TableFiles:
    """The tables that a command names, and how they are to be read."""

    schools: Path | None
    pupils: Path | None
    layout: str | None
    absent_lines: str
    schools_at: Location = ANYWHERE
    pupils_at: Location = ANYWHERE
    habits: Habits = PLAIN
    la_map: Mapping[str, str] = field(default_factory=dict)
    other_authorities: OtherAuthorities = OtherAuthorities.apart

    @property
    def paths(self) -> tuple[Path, ...]:
        """Return the files that must not be written over."""
        layout = () if self.layout is None else (layout_file(self.layout),)
        tables = (self.schools, self.pupils)
        return tuple(path for path in (*tables, *layout) if path is not None)

    def stated(self, at: Location, written: Habits) -> dict[str, object]:
        """Return what was stated of how a table is read, as plain values: where it is, how it is written, whose rows."""
        choices: dict[str, object] = {
            "absent_lines": None if self.absent_lines == "refused" else self.absent_lines,
            "la_map": dict(self.la_map),
            "other_authorities": None
            if self.other_authorities is OtherAuthorities.apart
            else self.other_authorities.value,
        }
        chosen = {name: one for name, one in choices.items() if one}
        return {**at.record(), **written.record(), **chosen}


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

    ``files`` are those inputs as they were read, which must not have changed at the end; ``notices``
    notes on the tables.
    """

    sides: tuple[Side, ...]
    pupils: PupilTable | None
    inputs: tuple[Input, ...]
    files: tuple[InputFile, ...]
    notices: tuple[Notice, ...] = ()

    @property
    def row_counts(self) -> dict[str, RowCounts]:
        """Return, by table, the rows that were read, are valued and are set apart."""
        schools = next((one.schools for one in self.sides if one.schools is not None), None)
        read = {"schools": schools, "pupils": self.pupils}
        return {name: one.row_counts for name, one in read.items() if one is not None}


def read_side(name: str, day: date | None, overrides: Sequence[str] | None = None) -> Side:
    """Return a rule set in force in its year, or with one day's values, with values replaced for a what-if."""
    pairs = tuple(map(_pair, overrides or ()))
    document, file = rule_set(name)
    _check_on(document, day)
    try:
        with about(file.place):
            side = Side(compile_what_if(document, pairs, day), pairs, file)
            say([f"--override {one.place}: {one.note}" for one in side.rules.trials if one.note])
            return side
    except OverrideRefused as refusal:
        # The file is as it should be: what was typed is not.
        refusal.__notes__ = ["--override"]
        raise


def _check_on(document: RuleSet, day: date | None) -> None:
    """Refuse a day on which a rule set does not apply, by the option that names it."""
    try:
        check_day(document, day)
    except PairRefused as refusal:
        of = f"{document.identifier} version {document.version}"
        wrong = Refusal([replace(one, place=of) for one in refusal.problems])
        wrong.add_note("--on")
        raise wrong from None


def _pair(text: str) -> tuple[str, str]:
    try:
        return pair_of(text)
    except ValueError as error:
        raise misused(f"--override {error}") from None


def cost_of(pounds: str | None) -> int | None:
    """Return pence for what a pupil on SEN support is assumed to cost, or refuse the option."""
    try:
        return None if pounds is None else support_cost(pounds)
    except ValueError:
        raise misused("--sen-support-cost is pounds such as 1500 or 1500.50") from None


def chunks_of(threads: int) -> Blocks:
    """Return how rows are divided among threads; 0 is one for each processor."""
    return Blocks(threads or os.cpu_count() or 1)


def habits(
    dates: str | None,
    blank_means_none: Sequence[str] | None,
    round_to_pence: Sequence[str] | None,
    columns: Collection[Column] | None = None,
) -> Habits:
    """Return what options state of how tables are written; names of columns may be divided by commas."""

    def named(names: Sequence[str] | None) -> list[str]:
        return [name.strip() for one in names or () for name in one.split(",") if name.strip()]

    try:
        stated = named(blank_means_none), named(round_to_pence)
        return habits_of(dates, *stated, Entry.command, columns)
    except ValueError as error:
        raise misused(str(error)) from None


def la_map_of(pairs: Sequence[str] | None) -> dict[str, str]:
    """Return which code of an authority replaces another, as options say it."""
    try:
        return mapping_of(one for each in pairs or () for one in each.split(","))
    except ValueError as error:
        raise misused(f"--la-map {error}") from None


class Read(NamedTuple):
    """A part of a result, the file that was read for it, the rows of its table, and what was stated of how it is read."""

    part: str
    file: InputFile
    rows: int | None = None
    stated: Mapping[str, object] = {}


def inputs_of(read: Sequence[Read]) -> tuple[Input, ...]:
    """Return files that were read as a manifest names them."""
    return tuple(Input.of(*one) for one in read)


def read_tables(files: TableFiles, sides: Sequence[Side]) -> Tables:
    """Read the tables for all sides, or raise a refusal with every problem of the first file."""
    if files.schools is None and files.pupils is None:
        raise misused("give --schools, --pupils or both")
    if files.schools == files.pupils == STANDARD_INPUT:
        raise misused("standard input holds one table; name a file for the other")
    layout = None if files.layout is None else _layout(layout_file(files.layout))
    read = [Read("rules", one.file) for one in sides]
    if layout is not None:
        read.append(Read("layout", layout[1]))
    valued: tuple[Side, ...] = tuple(sides)
    commissioners = commissioners_of(
        [one.rules for one in sides], files.la_map, files.other_authorities, Entry.command
    )
    notices: tuple[Notice, ...] = ()
    there: set[str] = set()
    if files.schools is not None:
        columns = reduce(or_, (one.rules.wanted for one in sides))
        with about(files.schools):
            text, file, at = _text(files.schools, files.schools_at, layout, of_pupils=False)
            there.update(text.frame.columns)
            stated = _habits(files, layout, of_pupils=False)
            table = school_table(text, columns, habits=stated, commissioners=commissioners)
        valued = tuple(_with_schools(one, table, files.absent_lines) for one in sides)
        notices += table.notices
        read.append(Read("schools", file, table.row_counts.read, files.stated(at, stated)))
    pupils = None
    if files.pupils is not None:
        with about(files.pupils):
            text, file, at = _text(files.pupils, files.pupils_at, layout, of_pupils=True)
            there.update(text.frame.columns)
            stated = _habits(files, layout, of_pupils=True)
            pupils = pupil_table(
                text,
                reduce(or_, map(_pupil_columns, valued)),
                habits=stated,
                commissioners=commissioners,
            )
        notices += pupils.notices
        read.append(Read("pupils", file, pupils.row_counts.read, files.stated(at, stated)))
    for one in valued:
        _check_something_is_valued(one, pupils)
    files_read = tuple(one.file for one in read)
    tables = Tables(valued, pupils, inputs_of(read), files_read, notices)
    say_notices(notices)
    _say_what_changes_nothing(files.habits, there)
    return tables


def _say_what_changes_nothing(stated: Habits, there: set[str]) -> None:
    """Say which columns of an option no table has."""
    options = {
        "--blank-means-none": stated.blank_means_none,
        "--round-to-pence": stated.round_to_pence,
    }
    for option, names in options.items():
        say(
            [
                f"{option} {name} changes nothing: no table has this column."
                for name in sorted(names - there)
            ]
        )


def say_notices(notices: Sequence[Notice]) -> None:
    """Say on standard error what is to be known of the tables that were read."""
    say([f"{one}." for one in notices])


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


def _text(
    path: Path, at: Location, layout: tuple[Layout, InputFile] | None, *, of_pupils: bool
) -> tuple[TableText, InputFile, Location]:
    """Return the table of a file under our names, which bytes it was read from, and where in them."""
    if layout is None or not _fits(layout[0], of_pupils=of_pupils):
        return (*read_table_file(path, at), at)
    chosen, at = layout[0], at | layout[0].location
    text, file = read_table_file(path, at)
    return chosen.apply_to(text), file, at


def _fits(layout: Layout, *, of_pupils: bool) -> bool:
    """Return whether a layout is of a table of pupils, or of schools."""
    return (PUPIL_KEY in {*layout.columns, *layout.constants}) is of_pupils


def _habits(
    files: TableFiles, layout: tuple[Layout, InputFile] | None, *, of_pupils: bool
) -> Habits:
    """Return what options and the table's layout state of how it is written."""
    if layout is None or not _fits(layout[0], of_pupils=of_pupils):
        return files.habits
    return files.habits | layout[0].habits


def _with_schools(one: Side, table: SchoolTable, absent_lines: str) -> Side:
    formula = one.rules.formula
    if formula is None:
        return one
    meaning = AbsentLines(absent_lines.replace("-", "_"))
    return Side(one.rules, one.overrides, one.file, declare_absent(formula, table, meaning))


def _pupil_columns(one: Side) -> ColumnSelection:
    """Return the pupil columns that a side uses, those it counts schools' units from included."""
    formula, schools = one.rules.formula, one.schools
    counting = formula is not None and schools is not None and counts_pupils(formula, schools)
    return pupil_columns(one.rules, counting=counting)


def _check_something_is_valued(one: Side, pupils: PupilTable | None) -> None:
    schools = one.rules.formula is not None and one.schools is not None
    if schools or (one.rules.top_ups is not None and pupils is not None):
        return
    sentence = f"{one.rules.document.identifier} has rules for neither schools nor pupils"
    for has, part in {"schools": one.rules.formula, "pupils": one.rules.top_ups}.items():
        if part is not None:
            sentence = f"{one.rules.document.identifier} has rules for {has} only; give --{has}"
    raise PairRefused([Problem(sentence, "nothing-to-value")])
