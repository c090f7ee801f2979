"""The options that say which tables a command reads and how: read once, for the commands that share them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from app.commands.exits import Misuses, misused
from engine.columns import Column
from engine.data import FIXTURES
from engine.reading import ANYWHERE, PLAIN, Entry, Habits, Location, habits_of, mapping_of
from engine.rules.authorities import OtherAuthorities

LAYOUTS = FIXTURES / "layouts"
Names = Sequence[str] | None
"""What an option that may be repeated names, with commas between; None where it is not given."""


def location(
    path: Path | None, sheet: str | None, header_row: int | None, of: str = "schools"
) -> Location:
    """Return where in a file its table is; refuse to say it of a table that is not there."""
    if path is None:
        misuses = Misuses()
        for name, word, held in (("sheet", "a sheet", sheet), ("header-row", "a row", header_row)):
            if held is not None:
                misuses.add(f"--{of}-{name} names {word} of --{of}; give --{of} too")
        misuses.refuse()
    return Location(sheet, header_row)


T = TypeVar("T")
Three = tuple[T | None, T | None, T | None]
"""What options give for the only table, for the schools and for the pupils."""


def locations(
    schools: Path | None,
    pupils: Path | None,
    sheets: Three[str],
    header_rows: Three[int],
) -> tuple[Location, Location]:
    """Return where the tables of schools and of pupils are.

    ``sheets`` and ``header_rows`` are those of the only table, of the schools and of the pupils.
    """
    misuses = Misuses()
    both = schools is not None and pupils is not None
    of = "schools" if schools is not None or pupils is None else "pupils"
    sheet = _by_table(sheets, of, both=both)
    header_row = _by_table(header_rows, of, both=both)
    for name, (alone, *named) in (("sheet", sheets), ("header-row", header_rows)):
        if both and alone is not None:
            misuses.add(
                f"--{name} is of one table; with two, give --schools-{name} or --pupils-{name}"
            )
        elif alone is not None and named[of == "pupils"] is not None:
            misuses.add(f"--{name} and --{of}-{name} say the same of one table; give one of them")
    found = [ANYWHERE, ANYWHERE]
    for at, path in enumerate((schools, pupils)):
        with misuses.part():
            found[at] = location(path, sheet[at], header_row[at], ("schools", "pupils")[at])
    misuses.refuse()
    return found[0], found[1]


def _by_table(named: Three[T], of: str, *, both: bool) -> tuple[T | None, T | None]:
    """Return what options give for the schools and for the pupils; what they give for the only table is for ``of``."""
    alone, schools, pupils = named
    if alone is None or both:
        return schools, pupils
    return (alone, pupils) if of == "schools" else (schools, alone)


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
        absent = {} if self.absent_lines == "refused" else {"absent_lines": self.absent_lines}
        authorities = authorities_record(self.la_map, self.other_authorities)
        return {**at.record(), **written.record(), **absent, **authorities}


def table_files(
    schools: Path | None,
    pupils: Path | None,
    layout: str | None,
    absent_lines: str,
    sheets: Three[str],
    header_rows: Three[int],
    statements: tuple[str | None, Names, Names],
    authorities: tuple[Names, str],
) -> TableFiles:
    """Return the tables of ``value`` and ``compare`` and how they are read, or refuse what options say.

    ``sheets`` and ``header_rows`` are those of the only table, of the schools and of the pupils; ``statements`` the
    order of days, the columns in which a blank means none, and those that are rounded to pence; ``authorities`` which
    codes replace others, and what is done with rows of other authorities.
    """
    la_map, others = authorities
    at, written, mapping = (ANYWHERE, ANYWHERE), PLAIN, dict[str, str]()
    misuses = Misuses()
    with misuses.part():
        at = locations(schools, pupils, sheets, header_rows)
    with misuses.part():
        written = habits(*statements)
    with misuses.part():
        mapping = la_map_of(la_map)
    files = [schools, pupils]
    if layout is not None:
        with misuses.part():
            files.append(layout_file(layout))
    misuses.refuse(files)
    return TableFiles(
        schools, pupils, layout, absent_lines, *at, written, mapping, OtherAuthorities(others)
    )


def layout_file(name: str) -> Path:
    """Return the file of a layout: a path, or the name of one that comes with the program."""
    path = Path(name)
    if path.suffix or path.parent != Path():
        return path
    known = sorted(file.stem for file in LAYOUTS.glob("*.yaml"))
    if name not in known:
        raise misused(f"layout not found: {name!r}; the layouts are {', '.join(known)}")
    return LAYOUTS / f"{name}.yaml"


def habits(
    dates: str | None,
    blank_means_none: Sequence[str] | None,
    round_to_pence: Sequence[str] | None,
    columns: Collection[Column] | None = None,
    more: Collection[Column] = (),
) -> Habits:
    """Return what options state of how tables are written; names of columns may be divided by commas."""

    def named(names: Sequence[str] | None) -> list[str]:
        return [name.strip() for one in names or () for name in one.split(",") if name.strip()]

    try:
        stated = named(blank_means_none), named(round_to_pence)
        return habits_of(dates, *stated, Entry.command, columns, more)
    except ValueError as error:
        raise misused(str(error)) from None


def la_map_of(pairs: Sequence[str] | None) -> dict[str, str]:
    """Return which code of an authority replaces another, as options say it."""
    try:
        return mapping_of(one for each in pairs or () for one in each.split(","))
    except ValueError as error:
        raise misused(f"--la-map {error}") from None


def authorities_record(la_map: Mapping[str, str], others: OtherAuthorities) -> dict[str, object]:
    """Return what options state of authorities, as plain values; nothing where they state nothing."""
    mapping = {"la_map": dict(la_map)} if la_map else {}
    apart = others is OtherAuthorities.apart
    return {**mapping, **({} if apart else {"other_authorities": others.value})}
