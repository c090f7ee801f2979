"""Whose pupils and schools rules are for: codes by their days, codes of others, and codes outside England.

A pupil whose commissioner is another authority, or a school of one, is counted and set apart. A code that
was not in use in the rules' year stops the run, unless it is said which one replaces it.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.authority_codes import AuthorityCode, authority_codes, countries, nine_character_codes
from engine.errors import Problem
from engine.money import is_digits
from engine.notices import MOST_ROWS, Notice
from engine.reading.column_names import plain_spelling
from engine.reading.habits import Entry
from engine.reading.table_text import TableText
from engine.reading.text import is_textual
from engine.tables.rows_apart import RowCounts, RowsApart, Why

LA = "la"
NO_ROW = "no-row-of-authority"
"""The rule of a table of which no row is of the rules' authority."""

_DIGITS = 3
"""Digits of a code in England."""

_MAP = {
    Entry.command: "--la-map {old}={new}",
    Entry.python: 'la_map={{"{old}": "{new}"}}',
    Entry.request: '"la_map": {{"{old}": "{new}"}}',
}
_OTHERS = {
    Entry.command: "--other-authorities valued",
    Entry.python: 'other_authorities="valued"',
    Entry.request: '"other_authorities": "valued"',
}
"""How it is said what replaces a code, and that other authorities' pupils and schools are valued too."""


@dataclass(frozen=True, slots=True)
class Commissioners:
    """Whose rows rules value: ``own`` authorities, of all where it is empty, by codes in use from ``first`` to ``last``.

    ``mapping`` says which code replaces another, an empty text where what replaces it is refused already; ``entry`` is where the table comes in.
    """

    first: date | None = None
    last: date | None = None
    own: frozenset[int] = frozenset()
    mapping: Mapping[str, str] = field(default_factory=dict)
    entry: Entry = Entry.request

    def at(self, entry: Entry) -> "Commissioners":
        """Return the same where the table comes in at another entry."""
        return replace(self, entry=entry)


ANYONE = Commissioners()
"""Rows of any authority, by any code there ever was."""


@dataclass(frozen=True, slots=True)
class SortedRows:
    """A table whose codes of authorities are in use, which of its rows are valued, and the others by reason.

    ``valued`` is None where all rows are. A row that is set apart is blank, so that nothing of it is refused:
    its cells may be in another authority's own words. What cannot be used is among the problems of ``text``, to be said with all others.
    """

    text: TableText
    valued: NDArray[np.bool_] | None = None
    apart: tuple[RowsApart, ...] = ()

    @property
    def rows_apart(self) -> int:
        """Return how many rows are set apart."""
        return 0 if self.valued is None else int(np.count_nonzero(~self.valued))


def sorted_rows(
    table: TableText, commissioners: Commissioners, kept: Mapping[str, pl.Expr]
) -> SortedRows:
    """Return the rows of a table by whether rules value them.

    ``kept`` has the columns that no row may leave blank, with what those of rows set apart hold.
    Problems are a mapping to a code that was not in use in the rules' year, that no row is of the rules'
    authority, and codes out of use where the rules are of one authority, with how many rows have each.
    """
    frame = table.frame
    if spelled := _spelled_otherwise(table, [LA, *kept]):
        # These headings are refused, and say all the same whose each row is.
        rows = sorted_rows(replace(table, frame=frame.rename(spelled)), commissioners, kept)
        theirs = {ours: name for name, ours in spelled.items()}
        return replace(rows, text=replace(rows.text, frame=rows.text.frame.rename(theirs)))
    if LA not in frame.columns:
        unused = unused_mappings(commissioners, ())
        return SortedRows(replace(table, notices=(*table.notices, *unused)))
    if commissioners.first is None or not frame.height:
        return SortedRows(table)
    if LA in table.untyped or not is_textual(frame.schema[LA]):
        return SortedRows(table)
    numbers: Counter[str] = Counter()
    for cell, number in frame[LA].value_counts().iter_rows():
        numbers[_text(cell)] += number
    codes = codes_of_rows(numbers, commissioners)
    table = replace(
        _with_problems(table, list(codes.problems)), notices=(*table.notices, *codes.notices)
    )
    if codes.as_they_are:
        return SortedRows(table)
    return _divided(table, codes.read, codes.apart, numbers, commissioners, kept)


def _spelled_otherwise(table: TableText, ours: Collection[str]) -> dict[str, str]:
    """Return the headings of a table that are some of ours but for capitals, blanks and punctuation, one for each."""
    names = table.frame.columns
    spelled = {plain_spelling(one): one for one in ours if one not in names}
    found = {
        spelled[plain]: name
        for name in names
        if (plain := plain_spelling(name)) in spelled and name not in table.untyped
    }
    return {name: one for one, name in found.items()}


@dataclass(frozen=True, slots=True)
class CodesOfRows:
    """What the codes of a table's rows mean: as which each is read, and why rows with it are set apart."""

    read: Mapping[str, str]
    apart: Mapping[str, tuple[Why, str, str]]
    problems: tuple[Problem, ...]
    notices: tuple[Notice, ...]

    @property
    def as_they_are(self) -> bool:
        """Return whether every row is valued, by the code that it has."""
        return not self.apart and all(one == new for one, new in self.read.items())


def codes_of_rows(numbers: Mapping[str, int], commissioners: Commissioners) -> CodesOfRows:
    """Return what codes mean of which each is on so many rows.

    A mapping to what is no code in use is a problem. Its rows are looked at as those of the rules' authority, so that
    everything is said of their other cells; of the code itself only which codes replace it.
    """
    wrong = _wrong_mappings(commissioners)
    own = str(min(commissioners.own or _codesis_in_use(commissioners)))
    stated = {old: new or own for old, new in commissioners.mapping.items()}
    unmapped = {old: new for old, new in stated.items() if old not in wrong}
    stale = _codes_out_of_use(
        {one: _replaced(one, unmapped) for one in numbers}, numbers, commissioners
    )
    followed = {old: own if old in wrong else new for old, new in stated.items()}
    commissioners = replace(commissioners, mapping=followed)
    read = {one: _replaced(one, commissioners.mapping) for one in numbers}
    apart = {one: why for one in numbers if (why := _why_apart(read[one], commissioners))}
    problems = [*wrong.values()]
    notices: list[Notice] = []
    if commissioners.own:
        problems += [Problem(one.sentence, one.rule, column=LA) for one in stale]
    else:
        notices += stale
    if len(apart) == len(numbers):
        none = _none_of_authority(apart, numbers, commissioners)
        # A body may be one of the batches of a table, whose other rows are the authority's own.
        if commissioners.entry is Entry.request:
            notices.append(Notice(NO_ROW, none.sentence, sum(numbers.values())))
        else:
            problems.append(none)
    if commissioners.own and 0 < (bare := numbers.get("", 0)) < sum(numbers.values()):
        said = f"rows without a code, taken for the authority's own: {bare:,}"
        notices.append(Notice("authority-blank", said, bare))
    notices += _replacements(numbers, commissioners)
    notices += unused_mappings(commissioners, numbers)
    return CodesOfRows(read, apart, tuple(problems), tuple(notices))


def _divided(
    table: TableText,
    read: Mapping[str, str],
    apart: Mapping[str, tuple[Why, str, str]],
    numbers: Mapping[str, int],
    commissioners: Commissioners,
    kept: Mapping[str, pl.Expr],
) -> SortedRows:
    """Return a table with codes as they are read, and blanks in the rows that are set apart."""
    frame = table.frame
    own = str(min(commissioners.own or authority_codes()))
    written = {one: own if one in apart else new for one, new in read.items()}
    text = frame[LA].cast(pl.String).str.strip_chars().fill_null("")
    is_valued = ~text.is_in(list(apart))
    valued = is_valued.to_numpy()
    codes = text.replace(list(written), list(written.values())).alias(LA)
    if not apart:
        return SortedRows(replace(table, frame=frame.with_columns(codes)))
    cells = [
        pl.when(is_valued).then(pl.col(name)).otherwise(kept.get(name)).alias(name)
        for name in frame.columns
        if name != LA
    ]
    counts = RowCounts(frame.height, int(valued.sum()), _counted(apart, numbers))
    rows = tuple(int(at) + table.first_row for at in np.flatnonzero(~valued)[:MOST_ROWS])
    notice = Notice("rows-set-apart", counts.sentence, counts.read - counts.valued, rows)
    blanked = frame.with_columns(cells).with_columns(codes)
    text_of_rows = replace(table, frame=blanked, notices=(*table.notices, notice))
    return SortedRows(text_of_rows, valued, counts.apart)


def _with_problems(table: TableText, problems: list[Problem]) -> TableText:
    """Return a table with further problems, which are said with those found before."""
    if not problems:
        return table
    total = table.total + len(problems) if table.total else 0
    return replace(table, problems=(*table.problems, *problems), total=total)


def _text(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


def _replaced(text: str, mapping: Mapping[str, str]) -> str:
    """Return the three-digit code of a cell as it is mapped, or the cell where it has none."""
    code = mapping.get(text, text)
    code = nine_character_codes().get(code.upper(), code)
    return mapping.get(code, code)


def _replacements(numbers: Mapping[str, int], commissioners: Commissioners) -> list[Notice]:
    """Return a notice of the rows whose code of an authority is read as another, by codes, in order."""
    rows: Counter[tuple[str, str]] = Counter()
    for text, number in numbers.items():
        code = _replaced(text, {})
        new = _replaced(text, commissioners.mapping)
        if code != new and known_code(new):
            rows[code if known_code(code) else "another code", new] += number
    if not rows:
        return []
    said = ", ".join(f"{old} by {new} in {at:,}" for (old, new), at in sorted(rows.items()))
    total = sum(rows.values())
    subject = "1 row" if total == 1 else f"{total:,} rows"
    sentence = f"{subject} with a code of an authority that is replaced, as was stated: {said}"
    return [Notice("authority-replaced", sentence, total)]


def unused_mappings(commissioners: Commissioners, codes: Collection[str]) -> list[Notice]:
    """Return a notice of each mapping of a code that is none of those of a table's rows, which is usually a slip."""
    mapping, digits = commissioners.mapping, nine_character_codes()
    if not mapping:
        return []
    first = [mapping.get(one, one) for one in codes]
    used = {*codes, *(digits.get(one.upper(), one) for one in first)}
    return [
        Notice(
            "mapping-unused",
            f"{_MAP[commissioners.entry].format(old=old[:20], new=new[:20])} changes nothing: no row has this code of an authority",
            1,
        )
        for old, new in mapping.items()
        if old not in used
    ]


def known_code(text: str) -> AuthorityCode | None:
    """Return the authority in England that has a code, None where a text is no such code."""
    return authority_codes().get(int(text)) if len(text) == _DIGITS and is_digits(text) else None


def _why_apart(code: str, commissioners: Commissioners) -> tuple[Why, str, str] | None:
    """Return why rows with a code are set apart, with code and name; None for rows that are valued or refused."""
    for country in countries():
        if country.has(code):
            return Why.outside_england, "", country.name
    known = known_code(code)
    if known is None or not commissioners.own or known.code in commissioners.own:
        return None
    return Why.other_authority, code, known.name


def _wrong_mappings(commissioners: Commissioners) -> dict[str, Problem]:
    """Return what is wrong with each mapping to what is no code in use in the rules' year, by the code that it replaces."""
    problems = {}
    for old, new in commissioners.mapping.items():
        known = known_code(new)
        if not new:
            continue
        if known is None or not is_in_use(known, commissioners):
            sentence = f"{new[:20]} replaces {old[:20]}, and is no code of an authority in England in the rules' year"
            problems[old] = Problem(sentence, "authority-mapping", place="la_map")
    return problems


def _codesis_in_use(commissioners: Commissioners) -> list[int]:
    return [code for code, one in authority_codes().items() if is_in_use(one, commissioners)]


def is_in_use(code: AuthorityCode, commissioners: Commissioners) -> bool:
    """Return whether a code is in use on some day of the rules' year, or is that of their authority."""
    if code.code in commissioners.own:
        return True
    begins = (
        code.first is not None
        and commissioners.last is not None
        and code.first > commissioners.last
    )
    return not has_ended(code, commissioners) and not begins


def has_ended(code: AuthorityCode, commissioners: Commissioners) -> bool:
    """Return whether a code ended before the rules' year."""
    last, first = code.last, commissioners.first
    return last is not None and first is not None and last < first


def _codes_out_of_use(
    read: Mapping[str, str], numbers: Mapping[str, int], commissioners: Commissioners
) -> list[Notice]:
    """Return codes that ended before the rules' year or begin after it, with their rows counted.

    They are refused where rules are of one authority, which would drop the rows. Where all authorities are
    valued no row is dropped, and it is said.
    """
    rows: Counter[int] = Counter()
    for text, code in read.items():
        known = known_code(code)
        if known is not None and not is_in_use(known, commissioners):
            rows[known.code] += numbers[text]
    return [
        Notice(
            "authority-not-in-use",
            _sentence(authority_codes()[code], number, commissioners),
            number,
        )
        for code, number in sorted(rows.items())
    ]


def _sentence(code: AuthorityCode, number: int, commissioners: Commissioners) -> str:
    have = "row has" if number == 1 else "rows have"
    ended = has_ended(code, commissioners)
    others = [authority_codes()[one] for one in code.successors]
    if not ended:
        others = [one for one in authority_codes().values() if code.code in one.successors]
    day = code.last if ended else code.first
    said = f"{number:,} {have} {code}, which {'ended' if ended else 'begins'} on {_day(day)}"
    if not others:
        return said
    which = " or ".join(str(one) for one in others)
    way = _MAP[commissioners.entry].format(old=code.code, new=others[0].code)
    return f"{said}; say which code replaces it, {which}: {way}"


def _day(day: date | None) -> str:
    return "" if day is None else f"{day.day} {day:%B %Y}"


def _none_of_authority(
    apart: Mapping[str, tuple[Why, str, str]],
    numbers: Mapping[str, int],
    commissioners: Commissioners,
) -> Problem:
    """Return that no row of a table is of the rules' authority."""
    counted = _counted(apart, numbers)
    own = " or ".join(str(authority_codes()[one]) for one in sorted(commissioners.own))
    those = ", ".join(f"{one.number:,} of {one.whose}" for one in counted[:3])
    more = f" and {len(counted) - 3} more" if len(counted) > len(counted[:3]) else ""
    whose = f"is of the rules' authority, {own}" if own else "is of an authority in England"
    sentence = f"no row {whose}: {those}{more}"
    if any(one.why is Why.other_authority for one in counted):
        sentence += f"; check the codes, or value all with {_OTHERS[commissioners.entry]}"
    return Problem(sentence, NO_ROW, column=LA)


def _counted(
    apart: Mapping[str, tuple[Why, str, str]], numbers: Mapping[str, int]
) -> tuple[RowsApart, ...]:
    """Return how many rows are set apart by reason and code, in that order."""
    counts: Counter[tuple[Why, str, str]] = Counter()
    for text, why in apart.items():
        counts[why] += numbers[text]
    order = list(Why)
    found = sorted(counts.items(), key=lambda one: (order.index(one[0][0]), one[0][1:]))
    return tuple(RowsApart(*why, number) for why, number in found)
