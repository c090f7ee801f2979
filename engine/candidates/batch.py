"""Candidates as a document names them: drawn, a row a candidate of a table, or a rule document each."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from engine.candidates.designs import MOST, Design, draw
from engine.candidates.document import CandidateDocument, Range, is_value
from engine.candidates.structure import LeftOut, reason_of
from engine.candidates.values import Candidates, PathValues
from engine.errors import CandidatesRefused, FileRefused, Problem, RuleRefused, TableRefused
from engine.input_file import InputFile
from engine.money import is_digits, pence
from engine.reading import Location, read_table_file
from engine.reading.text import as_text
from engine.rules.compiled import CompiledRules
from engine.rules.folder import rule_files
from engine.rules.load import digest, read_rule_file
from engine.rules.override import numbers_at
from engine.vocabulary import local_authorities

CANDIDATE, LA, BUDGET = "candidate", "la", "budget"
FIRST_ROW = 2


class Batch(NamedTuple):
    """The candidates of a document, those that are left out while it is read, and the files that were read for it."""

    candidates: Candidates
    left_out: tuple[LeftOut, ...]
    files: tuple[InputFile, ...]


def batch_of(document: CandidateDocument, folder: Path, *, of_schools: bool = False) -> Batch:
    """Return the candidates of a document, for pupils or ``of_schools``; its files are named from ``folder``.

    Raises ``CandidatesRefused`` for a design of too many, ``TableRefused`` with every problem of a table.
    """
    if document.table is not None:
        return _of_table(folder / document.table, document.sheet)
    if document.rule_sets is not None:
        return _of_folder(folder / document.rule_sets, of_schools=of_schools)
    design = document.design or Design.grid
    drawn = draw(document.levels, design, document.number or 0, document.seed or 0)
    return Batch(drawn, (), ())


def digest_of(candidates: Candidates) -> str:
    """Return the SHA-256 that names candidates, in hexadecimal: their numbers, names, values and documents."""
    found = hashlib.sha256()
    for one in candidates.values:
        found.update(f"{one.place}\0{one.decimals}\0{chr(1).join(one.words)}\0".encode())
        found.update(np.ascontiguousarray(one.held, "<i8").tobytes())
    found.update(np.ascontiguousarray(candidates.numbers, "<i8").tobytes())
    found.update("\0".join(candidates.names).encode())
    for document in candidates.documents:
        found.update(digest(document).encode())
    return found.hexdigest()


def _table(path: Path, sheet: str | None) -> tuple[pl.DataFrame, InputFile]:
    """Return a table as text without spaces around cells; raises ``TableRefused``."""
    text, file = read_table_file(path, Location(sheet))
    frame, problems = as_text(text.whole())
    if problems:
        raise TableRefused(problems)
    return frame.select(pl.all().str.strip_chars(" ")), file


def _of_table(path: Path, sheet: str | None) -> Batch:
    frame, file = _table(path, sheet)
    places = [name for name in frame.columns if name != CANDIDATE]
    problems = list(_table_problems(frame, places))
    if problems:
        raise TableRefused(problems)
    names = frame[CANDIDATE].to_list()
    values = [PathValues.of_texts(name, frame[name].to_list()) for name in places]
    return Batch(Candidates.of(values, names), (), (file,))


def _table_problems(frame: pl.DataFrame, places: Sequence[str]) -> Iterator[Problem]:
    if CANDIDATE not in frame.columns:
        yield Problem("is missing; it names each candidate", "missing-column", column=CANDIDATE)
    if not places:
        yield Problem("has no column of a path that varies", "missing-column")
    if not 0 < frame.height <= MOST:
        yield Problem(f"must have 1 to {MOST:,} candidates, a row each", "rows")
    for name in frame.columns:
        column = frame[name].fill_null("")
        for row in column.eq("").arg_true().to_list():
            sentence = "is blank; write the published number where nothing is tried"
            yield Problem(sentence, "blank", column=name, row=row + FIRST_ROW)
        if name == CANDIDATE:
            again = [one for one, many in Counter(column.to_list()).items() if many > 1 and one]
            for row in column.is_in(again).arg_true().to_list():
                yield Problem(
                    "duplicate; name each candidate once",
                    "repeated",
                    column=name,
                    row=row + FIRST_ROW,
                )
            continue
        wrong = [one for one in column.unique().to_list() if one and not is_value(one)]
        for row in column.is_in(wrong).arg_true().to_list():
            sentence = "must be a plain number such as 5 or 1234.50, or a fraction such as 2/3"
            yield Problem(sentence, "number", column=name, row=row + FIRST_ROW)


def _of_folder(folder: Path, *, of_schools: bool) -> Batch:
    found = []
    left_out: list[LeftOut] = []
    for path in rule_files(folder):
        name = path.relative_to(folder).with_suffix("").as_posix()
        try:
            document, file = read_rule_file(path)
        except (RuleRefused, FileRefused) as refusal:
            left_out.append(LeftOut(name, reason_of(refusal)))
            continue
        if of_schools and document.schools_formula is None:
            left_out.append(LeftOut(name, "has no schools formula"))
            continue
        if not of_schools and document.band_profile is None:
            left_out.append(LeftOut(name, "has no rules for pupils"))
            continue
        found.append((name, document, file))
    if not found and not left_out:
        raise CandidatesRefused(
            [Problem("has no rule documents (.yaml)", "empty", place="rule_sets")]
        )
    candidates = Candidates.of((), [name for name, _, _ in found], [one for _, one, _ in found])
    return Batch(candidates, tuple(left_out), tuple(file for _, _, file in found))


class Budgets(NamedTuple):
    """Pence that each authority may spend, by its code, and the file that says it."""

    of: dict[int, int]
    file: InputFile


def read_budgets(path: Path) -> Budgets:
    """Return the budgets of a table with a row an authority; raises ``TableRefused`` with every problem."""
    frame, file = _table(path, None)
    problems = [
        Problem("is missing", "missing-column", column=name)
        for name in (LA, BUDGET)
        if name not in frame.columns
    ]
    codes = frame[LA].to_list() if LA in frame.columns else []
    amounts = frame[BUDGET].to_list() if BUDGET in frame.columns else []
    problems += [*_wrong_codes(codes), *_wrong_amounts(amounts)]
    if problems:
        raise TableRefused(problems)
    return Budgets(
        {int(la): pence(budget) for la, budget in zip(codes, amounts, strict=True)}, file
    )


def _wrong_codes(codes: Sequence[str | None]) -> Iterator[Problem]:
    """Yield each code of no authority, and each that is there again."""
    seen: set[int] = set()
    for row, la in enumerate(codes, FIRST_ROW):
        code = int(la) if la and is_digits(la) else 0
        if code not in local_authorities():
            sentence = "must be the three-digit code of a local authority in England"
            yield Problem(sentence, "la", column=LA, row=row)
        elif code in seen:
            yield Problem("duplicate; give each authority once", "repeated", column=LA, row=row)
        seen.add(code)


def _wrong_amounts(amounts: Sequence[str | None]) -> Iterator[Problem]:
    """Yield each amount that is none."""
    for row, budget in enumerate(amounts, FIRST_ROW):
        try:
            pence(budget or "")
        except ValueError as error:
            yield Problem(str(error), "number", column=BUDGET, row=row)


def refuse_paths(document: CandidateDocument, batch: Batch | None, rules: CompiledRules) -> None:
    """Raise ``OverrideRefused`` for every path of a document, or of its table, that leads to no number of the rules.

    ``batch`` is None where its candidates could not be drawn or read.
    """
    varied = document.vary or {}
    tried = [
        (path, one.from_ if isinstance(one, Range) else one[0])
        for path, one in varied.items()
        if one
    ]
    if batch is not None and not tried and len(batch.candidates):
        tried = list(batch.candidates.overrides(0))
    numbers_at(rules.document, tried, rules.day)
