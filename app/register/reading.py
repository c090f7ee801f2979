"""The Department's download of its register of schools: which columns are read, and what is refused."""

import csv
import io
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from engine.authority_codes import authority_codes
from engine.errors import FileRefused, Problem, TableRefused
from engine.input_file import read_input
from engine.money import is_digits
from engine.vocabulary import SchoolPhase

MOST_BYTES = 400 * 1024 * 1024
"""Bytes of the table; that of all schools in England since 2002 has a sixth of it."""
LONGEST_NAME, LONGEST_WORD = 250, 120
HIGHEST_URN = 9_999_999
ZIP = b"PK\x03\x04"
PHASE_COLUMN, TYPE_COLUMN = "PhaseOfEducation (name)", "TypeOfEstablishment (name)"
COLUMNS = (
    "URN", "LA (code)", "EstablishmentName", TYPE_COLUMN, "EstablishmentStatus (name)", PHASE_COLUMN,
    "Postcode", "Town", "OpenDate", "CloseDate",
)  # fmt: skip
PHASES = {
    "primary": SchoolPhase.primary,
    "secondary": SchoolPhase.secondary,
    "all-through": SchoolPhase.all_through,
    "middle deemed primary": SchoolPhase.middle,
    "middle deemed secondary": SchoolPhase.middle,
    "nursery": SchoolPhase.nursery,
}
"""The register's phases that rules know; 16 plus has none, and other kinds of school none of their own."""
OTHER_KINDS = (
    ("special", SchoolPhase.special),
    ("pupil referral", SchoolPhase.alternative_provision),
    ("alternative provision", SchoolPhase.alternative_provision),
)
"""Words of a type of school without a phase of its own, and the phase that rules call it by."""
OWN_MONEY = "independent"
_NAME_DAY = re.compile(r"(20[0-9]{2})([0-9]{2})([0-9]{2})")
_APOSTROPHES = re.compile(r"['\u2018\u2019`]")
_NO_WORD = re.compile(r"[^0-9a-z]+")


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """A school as the register has it; ``phase`` is None where it has none that rules know."""

    urn: int
    name: str
    authority: int
    phase: SchoolPhase | None
    kind: str
    status: str
    town: str
    postcode: str
    opened: date | None
    closed: date | None


@dataclass(frozen=True, slots=True)
class Register:
    """An edition of the register: its schools in England, and how many rows of other codes were left out.

    ``day`` is the day in the file's name, None where there is none; ``digest`` the SHA-256 of its bytes.
    """

    schools: tuple[SchoolRow, ...]
    left_out: Counter[str]
    day: date | None
    digest: str


def read_register(path: Path) -> Register:
    """Return the register in a download: a table of comma-separated text, or the archive that holds one.

    Raises ``FileRefused`` where it is no such file and ``TableRefused`` with every row that cannot be read.
    """
    content, source = read_input(path, MOST_BYTES)
    name = source.name
    if content.startswith(ZIP):
        name, content = _only_table(content)
    search = _Search(_table(content))
    schools = tuple(search)
    if search.problems:
        raise TableRefused(search.problems)
    return Register(schools, search.left_out, _day_in(name), source.sha256)


def words_of(text: str) -> str:
    """Return words as searches compare them: without marks, capitals and punctuation, a blank between them.

    >>> words_of("St. Mary's R.C. Voluntary-Aided"), words_of("Penn-y-Fán")
    ('st marys r c voluntary aided', 'penn y fan')
    """
    plain = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text)).casefold()
    letters = "".join(one for one in plain if not unicodedata.combining(one))
    return _NO_WORD.sub(" ", letters).strip()


def compact(postcode: str) -> str:
    """Return a postcode, or its beginning, in capitals without blanks.

    >>> compact("ne61 1qd")
    'NE611QD'
    """
    return "".join(postcode.split()).upper()


def _only_table(content: bytes) -> tuple[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            tables = [one for one in archive.infolist() if one.filename.lower().endswith(".csv")]
            if len(tables) != 1:
                raise _refused(
                    f"the archive holds {len(tables)} tables: take the one of schools out, and import that"
                )
            if tables[0].file_size > MOST_BYTES:
                raise _refused(f"the table in the archive has more than {MOST_BYTES:,} bytes")
            with archive.open(tables[0]) as table:
                # What an archive says of a size need not be true.
                unpacked = table.read(MOST_BYTES + 1)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, RuntimeError):
        raise _refused("is not a whole archive: download it again") from None
    if len(unpacked) > MOST_BYTES:
        raise _refused(f"the table in the archive has more than {MOST_BYTES:,} bytes")
    return Path(tables[0].filename).name, unpacked


def _refused(sentence: str) -> FileRefused:
    return FileRefused([Problem(sentence, "register-file")])


def _table(content: bytes) -> Iterator[list[str]]:
    """Yield the rows of a table, which the Department writes as Windows does."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    return csv.reader(io.StringIO(text, newline=""))


@dataclass
class _Search:
    """The schools of a table, met one by one; what is wrong with them, and rows outside England."""

    table: Iterator[list[str]]
    problems: list[Problem] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    seen: dict[int, int] = field(default_factory=dict)

    def __iter__(self) -> Iterator[SchoolRow]:
        try:
            yield from self._rows()
        except csv.Error:
            raise _refused("is not a table of comma-separated text") from None

    def _rows(self) -> Iterator[SchoolRow]:
        headings = [one.strip() for one in next(self.table, [])]
        absent = [one for one in COLUMNS if one not in headings]
        if absent:
            raise _refused(
                f"has no column {', '.join(absent)}: download all establishment data, with every field, as CSV"
            )
        places = {one: headings.index(one) for one in COLUMNS}
        for number, cells in enumerate(self.table, start=2):
            if not any(cells):
                continue
            row = {one: cells[at].strip() if at < len(cells) else "" for one, at in places.items()}
            school = self._school(number, row)
            if school is not None:
                yield school

    def _school(self, number: int, row: Mapping[str, str]) -> SchoolRow | None:
        wrong = len(self.problems)
        code, urn = row["LA (code)"], row["URN"]
        if not is_digits(urn) or not 0 < int(urn) <= HIGHEST_URN:
            self._wrong(number, "URN", f"must be a whole number from 1 to {HIGHEST_URN}")
        elif int(urn) in self.seen:
            self._wrong(number, "URN", f"is that of row {self.seen[int(urn)]} too")
        else:
            self.seen[int(urn)] = number
        if not row["EstablishmentName"]:
            self._wrong(number, "EstablishmentName", "must be filled in")
        days = [self._day(number, row, name) for name in ("OpenDate", "CloseDate")]
        if len(self.problems) > wrong:
            return None
        if not is_digits(code) or int(code) not in authority_codes():
            self.left_out[code or "none"] += 1
            return None
        return SchoolRow(
            int(urn), row["EstablishmentName"][:LONGEST_NAME], int(code), phase_of(row),
            row[TYPE_COLUMN][:LONGEST_WORD], row["EstablishmentStatus (name)"][:60],
            row["Town"][:LONGEST_WORD], compact(row["Postcode"])[:8], *days,
        )  # fmt: skip

    def _day(self, number: int, row: Mapping[str, str], name: str) -> date | None:
        text = row[name]
        if not text:
            return None
        parts = text.split("-")
        try:
            day, month, year = map(int, parts)
            return date(year, month, day)
        except ValueError:
            self._wrong(number, name, "must be a day such as 01-09-2012")
            return None

    def _wrong(self, number: int, column: str, sentence: str) -> None:
        self.problems.append(Problem(sentence, "register-cell", column=column, row=number))


def phase_of(row: Mapping[str, str]) -> SchoolPhase | None:
    """Return the phase of a row of the register; None for sixth forms, independent schools and others."""
    kind = row[TYPE_COLUMN].casefold()
    if OWN_MONEY in kind:
        return None
    own = PHASES.get(row[PHASE_COLUMN].casefold())
    other = next((phase for word, phase in OTHER_KINDS if word in kind), None)
    # A special school may have a phase of education besides, and is not funded by it.
    return other or own


def _day_in(name: str) -> date | None:
    """Return the day in the name of a download, such as edubasealldata20250422.csv."""
    for year, month, day in _NAME_DAY.findall(name):
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None
