"""Where a result goes: tables for people, standard output, or a file with its manifest."""

import errno
import io
import os
import sys
from collections.abc import Callable, Mapping, Sequence, Sized
from dataclasses import dataclass
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, NamedTuple

from app.commands.call import record as call_record
from app.commands.call import results, without_folders
from app.commands.exits import misused
from app.commands.inputs import Side, Tables
from engine.export import (
    EMBEDDED,
    FORMAT,
    PLACE,
    ContentDigest,
    ControlTotals,
    Format,
    Front,
    LongRows,
    Writing,
    about_rows,
    as_json,
    disk_errors_about,
    engine_record,
    file_metadata,
    manifest_text,
    notes_of,
    program_record,
    put_in_parquet,
    rules_record,
    totals_record,
    with_rules,
    write_long,
    write_rows,
    write_whole,
    write_workbook,
)
from engine.input_file import STANDARD_INPUT, InputFile
from engine.money import pounds
from engine.rows import Rows

MANIFEST = ".manifest.json"
STANDARD_OUTPUT = "-"
BINARY = frozenset({Format.parquet, Format.xlsx})
"""Kinds of file that hold no text."""
_PIECE = 1 << 20
Later = Callable[[], Mapping[str, object]]
"""What a manifest says besides once all rows are written."""

NOT_KNOWN = {
    "calls_not_known": "Expected costs",
    "targeted_funding_not_known": "Targeted funding",
    "why_not_known": "Targeted funding",
}
"""The columns of rows of schools that say why money is not known, with whose reasons they are."""


@dataclass(frozen=True, slots=True)
class Output:
    """The file to write, or none for standard output; no kind means tables for people."""

    path: Path | None
    kind: Format | None

    @property
    def manifest(self) -> Path | None:
        """Return where the manifest of a file goes."""
        return None if self.path is None else self.path.with_name(self.path.name + MANIFEST)

    @property
    def is_for_screen(self) -> bool:
        """Return whether tables for people are printed."""
        return self.kind is None


def output_of(
    out: str | None, kind: str | None, sides: Sequence[Side] = (), tables: Sequence[Path] = ()
) -> Output:
    """Return where to write, or refuse before anything is read what could not be written."""
    if out is None or out == STANDARD_OUTPUT:
        plain = None if out is None else Format.csv
        output = Output(None, plain if kind is None else Format(kind))
        if output.kind in BINARY and sys.stdout.isatty():
            raise misused(
                f"--format {output.kind} is a file that a terminal cannot show: send it to one, "
                f"for example with > FILE.{output.kind}"
            )
        return output
    # A link stays: what it names is written.
    path = _target(Path(out))
    ending = path.suffix.lower().removeprefix(".")
    if kind is None and ending not in Format.__members__:
        raise misused(f"say --format, or let --out end in .{', .'.join(Format.__members__)}")
    output = Output(path, Format(kind or ending))
    inputs = [*(one.file.path for one in sides), *tables]
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path.parent))
    for target in (path, output.manifest):
        if target is not None and target.exists() and not target.is_file():
            raise misused(
                f"{target} exists and is not a file that can be replaced; choose another name"
            )
        if target is not None and any(_same(target, one) for one in inputs):
            raise misused(f"{target} is one of the inputs; choose another name for the output")
    return output


def _target(path: Path) -> Path:
    """Return the file that a path names, through its links; raises ``OSError`` where they lead nowhere."""
    if not path.is_symlink():
        return path
    try:
        return path.resolve()
    except RuntimeError:
        # Links that lead to each other: the library has an error of its own for them.
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path)) from None


def _same(target: Path, one: Path | None) -> bool:
    """Return whether a target is an input; standard input is none."""
    if one is None or one == STANDARD_INPUT:
        return False
    return target.exists() and one.exists() and target.samefile(one)


class Book(NamedTuple):
    """What a workbook has beside its rows: the sheet before them, and sheets after them."""

    front: Front
    more: Sequence[Rows]


def write_result(
    output: Output,
    rows: Rows | LongRows,
    tables: Tables,
    totals: Sequence[Rows],
    *,
    cost: int | None = None,
    later: Later = dict,
    book: Book | None = None,
    **others: object,
) -> None:
    """Write rows with a manifest of what they were made from, unless they are shown.

    ``cost`` is pence that a pupil on SEN support is assumed to cost; ``later`` and ``book`` are what ``deliver`` takes.
    """
    if not output.is_for_screen:
        record = {**call_record(), **_record(tables, rows.name, totals, cost)}
        deliver(output, rows, {**record, **others}, tables.files, later, book)


def write_published(
    output: Output,
    rows: Rows,
    tables: Tables,
    publication: Mapping[str, object],
    **others: object,
) -> None:
    """Write rows that may be published; the manifest names rules and inputs, and counts no pupils."""
    if not output.is_for_screen:
        record = {**published_record(tables, rows.name, publication), **others}
        deliver(output, rows, record, tables.files)


def published_record(
    tables: Tables, detail: str, publication: Mapping[str, object]
) -> dict[str, object]:
    """Return what a manifest says of rows that may be published: rules and inputs, and no numbers of pupils."""
    names = [one.name for one in tables.inputs]
    return {
        **without_folders(call_record(), names),
        "detail": detail,
        "rule_sets": [rules_record(one.rules, one.overrides) for one in tables.sides],
        "inputs": [
            {name: one for name, one in each.record().items() if name != "rows"}
            for each in tables.inputs
        ],
        "notes": list(tables.rule_notes),
        # Those of pupils and schools are counted, and may be few.
        "warnings": [one for one in tables.warnings if one["of"] == "rules"],
        "publication": publication,
    }


def row_reasons(
    rows: Rows, columns: Mapping[str, str] = NOT_KNOWN, of: str = "school"
) -> list[dict[str, object]]:
    """Return why money is not known that rows say so of in some columns, and of how many schools or rows."""
    return [
        {"of": of, "part": part, "why": why, "number": number}
        for name, part in columns.items()
        if name in rows.shapes and rows.name != "lines"
        for why, number in rows.frame[name].drop_nulls().value_counts(sort=True).iter_rows()
    ]


def write_working(
    output: Output,
    rows: Rows,
    plain: Mapping[str, object],
    tables: Tables,
    *,
    cost: int | None = None,
) -> None:
    """Write a working as rows, or as nested records where JSON is written."""
    record = _record(tables, rows.name, [], cost)
    if output.kind is not Format.json:
        deliver(output, rows, record, tables.files)
    else:
        put(output, lambda file: file.write(as_json(plain)), rows, record, tables.files)


def _record(
    tables: Tables, detail: str, totals: Sequence[Rows], cost: int | None
) -> dict[str, object]:
    """Return what a manifest says of rules, inputs, totals, and a cost that was chosen."""
    return {
        "detail": detail,
        "rule_sets": [rules_record(one.rules, one.overrides) for one in tables.sides],
        "inputs": [each.record() for each in tables.inputs],
        "totals": [each for one in totals for each in totals_record(one)],
        "notices": [one.record() for one in tables.notices],
        "notes": list(tables.rule_notes),
        "warnings": list(tables.warnings),
        **({} if cost is None else {"sen_support_cost": pounds(cost)}),
        **_rows_read(tables),
    }


def result_record(tables: Tables, detail: str) -> dict[str, object]:
    """Return what a manifest says of rules, inputs and rows, without totals."""
    return {**call_record(), **_record(tables, detail, [], None)}


def _rows_read(tables: Tables) -> dict[str, object]:
    """Return the rows of each table: read, valued, and set apart by reason, which add."""
    rows = {name: one.record() for name, one in tables.row_counts.items()}
    return {"rows": rows} if rows else {}


def deliver(
    output: Output,
    rows: Rows | LongRows,
    manifest: Mapping[str, object],
    files: Sequence[InputFile] = (),
    later: Later = dict,
    book: Book | None = None,
) -> None:
    """Write rows to standard output, or to a file with its manifest: both whole or neither.

    The last columns say by which rules each row was worked out. ``later`` returns what the manifest says once all rows
    are written, ``book`` what a workbook has beside them. Raises ``FileRefused`` where one of the ``files`` that were read has changed since.
    """
    rule_sets = manifest.get("rule_sets")
    sides = rule_sets if isinstance(rule_sets, list) else []
    kind = output.kind or Format.csv
    if isinstance(rows, LongRows):
        long = rows.with_rules(sides)
        if kind is not Format.xlsx:
            _deliver_long(output, long, manifest, files, later)
            return
        rows = long.whole()
    else:
        rows = with_rules(rows, sides)
    record = {**manifest, **later(), **about_rows(ContentDigest.of(rows), ControlTotals.of(rows))}
    if (found := results()) is not None:
        found.append(record)
        return
    about, notes, short = file_metadata(manifest), notes_of(manifest), rows
    if kind in BINARY:
        about[EMBEDDED] = manifest_text(whole_manifest(record))
    if kind is Format.xlsx and book is not None:
        front, more = book
        put(
            output,
            lambda file: write_workbook(short, file, about, front, notes, more),
            short,
            record,
            files,
        )
        return
    put(output, lambda file: write_rows(short, kind, file, about, notes), short, record, files)


def _deliver_long(
    output: Output,
    rows: LongRows,
    manifest: Mapping[str, object],
    files: Sequence[InputFile],
    later: Later,
) -> None:
    """Write rows in pieces; what a Parquet file says of them takes its place inside once all are written."""
    digest, control = ContentDigest(rows.shapes), ControlTotals(rows.shapes)
    through = rows.through(digest, control)
    last = cache(lambda: {**later(), **about_rows(digest, control)})
    if (found := results()) is not None:
        for _ in through:
            pass
        found.append({**manifest, **last()})
        return
    about, kind = file_metadata(manifest), output.kind or Format.csv

    def writing(file: BinaryIO) -> None:
        if kind is not Format.parquet:
            write_long(through, kind, file, about)
            return
        # Standard output cannot be gone back in.
        target = io.BytesIO() if output.path is None else file
        write_long(through, kind, target, {**about, EMBEDDED: PLACE})
        put_in_parquet(target, whole_manifest({**manifest, **last()}))
        if isinstance(target, io.BytesIO):
            file.write(target.getbuffer())

    put(output, writing, through, manifest, files, last)


def put(
    output: Output,
    writing: Writing,
    rows: Sized,
    manifest: Mapping[str, object],
    files: Sequence[InputFile] = (),
    later: Later = dict,
) -> None:
    """Write to standard output once the files that were read prove unchanged, or to a file with its manifest."""
    if output.path is not None and output.manifest is not None:
        written = [(output.path, writing, rows)]
        write_with_manifest(written, output.manifest, manifest, files, later)
        return
    refuse_changes(files)
    with disk_errors_about("standard output"):
        writing(sys.stdout.buffer)
        sys.stdout.flush()
    # No manifest is written, but what it would say may be said on the way.
    later()


def write_texts(texts: Mapping[Path, bytes], files: Sequence[InputFile] = ()) -> None:
    """Write the contents of files, all or none, unless one of the ``files`` that were read has changed."""
    write_whole(
        [(path, partial(_put, text)) for path, text in texts.items()],
        before_place=partial(refuse_changes, files),
    )


def _put(text: bytes, file: BinaryIO) -> None:
    file.write(text)


def whole_manifest(record: Mapping[str, object]) -> dict[str, object]:
    """Return a manifest with what it says of the program, without the files that it is of."""
    return {"format": FORMAT, "engine": engine_record(), "program": program_record(), **record}


def refuse_changes(files: Sequence[InputFile]) -> None:
    """Raise ``FileRefused`` where a file no longer holds what was read from it."""
    for one in files:
        one.refuse_change()


def write_with_manifest(
    files: Sequence[tuple[Path, Writing, Sized]],
    manifest: Path,
    record: Mapping[str, object],
    inputs: Sequence[InputFile] = (),
    later: Later = dict,
) -> None:
    """Write files, each with its rows, and a manifest that holds their digests and how many rows they have.

    Raises ``FileRefused``, and puts nothing in place, where one of the ``inputs`` has changed.
    """
    written: list[dict[str, object]] = []

    def writing(target: Path, write: Writing, rows: Sized, file: BinaryIO) -> None:
        write(file)
        file.flush()
        file.seek(0)
        digest = sha256()
        while piece := file.read(_PIECE):
            digest.update(piece)
        written.append({"name": target.name, "sha256": digest.hexdigest(), "rows": len(rows)})

    def closing(file: BinaryIO) -> None:
        file.write(as_json({**whole_manifest({**record, **later()}), "files": written}))

    write_whole(
        [
            *((path, partial(writing, path, write, rows)) for path, write, rows in files),
            (manifest, closing),
        ],
        before_place=partial(refuse_changes, inputs),
    )
