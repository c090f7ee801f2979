"""Rules and tables as a command names them, read and checked once for all rule sets in play."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import reduce
from operator import or_
from pathlib import Path
from typing import NamedTuple

from app.commands.exits import Misuses, about, misused, say
from app.commands.published import rule_set
from app.commands.table_options import TableFiles, layout_file
from engine.code_cache import CodeCache, PupilReading, read_pupils
from engine.columns import ColumnSelection
from engine.errors import OverrideRefused, PairRefused, Problem, Refusal
from engine.expected_calls import support_cost
from engine.export import Input
from engine.input_file import STANDARD_INPUT, InputFile
from engine.modules import AbsentLines, counts_pupils, declare_absent
from engine.notices import MAPPING_UNUSED, Notice, of_every_table
from engine.reading import (
    Entry,
    Habits,
    Layout,
    Location,
    TableSource,
    load_layout_file,
    read_tables_file,
    school_table,
    unused_statements,
)
from engine.refusals import Refusals
from engine.row_chunks import Blocks
from engine.rules import CompiledRules, RuleSet, check_day, compile_what_if, pupil_columns
from engine.rules.authorities import commissioners_of
from engine.rules.override import pair_of
from engine.tables import PupilTable, RowCounts, SchoolTable

PUPIL_KEY = "pupil_key"


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
    rows_of_others: Mapping[str, RowCounts] = field(default_factory=dict)
    """The rows of tables that are none of schools or pupils."""
    rule_notes: tuple[Mapping[str, str], ...] = ()
    """What is to be known of the rules themselves."""
    warnings: tuple[Mapping[str, object], ...] = ()
    """Figures that may be wrong, counted."""

    @property
    def row_counts(self) -> dict[str, RowCounts]:
        """Return, by table, the rows that were read, are valued and are set apart."""
        schools = next((one.schools for one in self.sides if one.schools is not None), None)
        read = {"schools": schools, "pupils": self.pupils}
        counts = {name: one.row_counts for name, one in read.items() if one is not None}
        return {**counts, **self.rows_of_others}


def read_side(name: str, day: date | None, overrides: Sequence[str] | None = None) -> Side:
    """Return a rule set in force in its year, or with one day's values, with values replaced for a what-if."""
    misuses = Misuses()
    pairs: list[tuple[str, str]] = []
    for one in overrides or ():
        with misuses.part():
            pairs.append(_pair(one))
    misuses.refuse()
    document, file = rule_set(name)
    refusals = Refusals()
    with refusals.part():
        _check_on(document, day)
    if refusals.found:
        with refusals.part():
            _check_overrides(document, pairs)
    refusals.refuse()
    side = Side(_tried(document, pairs, day, file), tuple(pairs), file)
    say([f"--override {one.place}: {one.note}" for one in side.rules.trials if one.note])
    return side


def _tried(
    document: RuleSet, pairs: Sequence[tuple[str, str]], day: date | None, file: InputFile
) -> CompiledRules:
    """Return compiled rules with values tried; what is refused of these names the option, all else the file."""
    try:
        with about(file.place):
            return compile_what_if(document, pairs, day)
    except OverrideRefused as refusal:
        # The file is as it should be: what was typed is not.
        refusal.__notes__ = ["--override"]
        raise


def _check_overrides(document: RuleSet, pairs: Sequence[tuple[str, str]]) -> None:
    """Refuse values that cannot be tried on any day, where the day itself is wrong."""
    try:
        compile_what_if(document, pairs)
    except OverrideRefused as refusal:
        refusal.add_note("--override")
        raise
    except Refusal:
        # Of the values of each day alone, and one day was asked for.
        return


def read_sides(*named: tuple[str, date | None, Sequence[str] | None]) -> list[Side]:
    """Return several rule sets as ``read_side`` does, or raise what is refused of any of them."""
    refusals, misuses = Refusals(), Misuses()
    sides: list[Side] = []
    for one in named:
        with refusals.part(), misuses.part():
            sides.append(read_side(*one))
    misuses.refuse()
    refusals.refuse()
    return sides


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


class Read(NamedTuple):
    """A part of a result, the file that was read for it, the rows of its table, and what was stated of how it is read."""

    part: str
    file: InputFile
    rows: int | None = None
    stated: Mapping[str, object] = {}


def inputs_of(read: Sequence[Read]) -> tuple[Input, ...]:
    """Return files that were read as a manifest names them."""
    return tuple(Input.of(*one) for one in read)


def read_tables(
    files: TableFiles,
    sides: Sequence[Side],
    *,
    only_read: bool = True,
    cache: CodeCache | None = None,
) -> Tables:
    """Read the tables for all sides, or raise a refusal with every problem of each file.

    With ``only_read`` the pupils keep the columns that the sides' rules read, and no others. Pupils
    are kept in a ``cache``, and taken from there.
    """
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
    of_tables: list[tuple[Notice, ...]] = []
    there: set[str] = set()
    refusals = Refusals()
    if files.schools is not None:
        columns = reduce(or_, (one.rules.wanted for one in sides))
        with refusals.part(), about(files.schools):
            source, at = _source(files.schools, files.schools_at, layout)
            there.update(source.text.frame.columns)
            stated = _habits(files, layout, of_pupils=False).and_of_rules(columns.blank_means_none)
            table = school_table(source.text, columns, habits=stated, commissioners=commissioners)
            valued = tuple(_with_schools(one, table, files.absent_lines) for one in sides)
            of_tables.append(table.notices)
            rows = table.row_counts.read
            read.append(Read("schools", source.source, rows, files.stated(at, stated)))
    pupils = None
    if files.pupils is not None:
        with refusals.part(), about(files.pupils):
            chosen = None if layout is None or not _fits(layout[0], of_pupils=True) else layout
            at = files.pupils_at if chosen is None else files.pupils_at | chosen[0].location
            columns = reduce(or_, (_pupil_columns(one, only_read=only_read) for one in valued))
            stated = _habits(files, layout, of_pupils=True).and_of_rules(columns.blank_means_none)
            reading = PupilReading(
                files.pupils, at, None if chosen is None else chosen[0],
                "" if chosen is None else chosen[1].sha256, columns, stated, commissioners,
            )  # fmt: skip
            pupils, file, names = read_pupils(reading, cache)
            there.update(names)
            of_tables.append(pupils.notices)
            read.append(Read("pupils", file, pupils.row_counts.read, files.stated(at, stated)))
    refusals.refuse()
    for one in valued:
        _check_something_is_valued(one, pupils)
    notices = (*of_every_table(of_tables), *unused_statements(files.habits, there))
    files_read = tuple(one.file for one in read)
    tables = Tables(valued, pupils, inputs_of(read), files_read, notices)
    say_notices(notices)
    return tables


def with_notices(tables: Tables, found: Iterable[Notice]) -> Tables:
    """Return tables with what valuing them says beside what reading them did, which is said now."""
    # Whether a mapping is used in any table was said when all were read.
    more = tuple(
        one
        for one in dict.fromkeys(found)
        if one not in tables.notices and one.rule != MAPPING_UNUSED
    )
    say_notices(more)
    return replace(tables, notices=(*tables.notices, *more))


def say_notices(notices: Sequence[Notice]) -> None:
    """Say on standard error what is to be known of the tables that were read."""
    say([f"{one}." for one in notices])


def _layout(path: Path) -> tuple[Layout, InputFile]:
    with about(path):
        return load_layout_file(path)


def _source(
    path: Path, at: Location, layout: tuple[Layout, InputFile] | None
) -> tuple[TableSource, Location]:
    """Return the table of a file of schools under our names, and where in the file it is."""
    chosen = layout[0] if layout is not None and _fits(layout[0], of_pupils=False) else None
    at = at if chosen is None else at | chosen.location
    return TableSource(read_tables_file(path), at, chosen), at


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


def _pupil_columns(one: Side, *, only_read: bool) -> ColumnSelection:
    """Return the pupil columns that a side uses, those it counts schools' units from included."""
    formula, schools = one.rules.formula, one.schools
    counting = formula is not None and schools is not None and counts_pupils(formula, schools)
    return pupil_columns(one.rules, counting=counting, only_read=only_read)


def _check_something_is_valued(one: Side, pupils: PupilTable | None) -> None:
    schools = one.rules.formula is not None and one.schools is not None
    if schools or (one.rules.top_ups is not None and pupils is not None):
        return
    sentence = f"{one.rules.document.identifier} has rules for neither schools nor pupils"
    for has, part in {"schools": one.rules.formula, "pupils": one.rules.top_ups}.items():
        if part is not None:
            sentence = f"{one.rules.document.identifier} has rules for {has} only; give --{has}"
    raise PairRefused([Problem(sentence, "nothing-to-value")])
