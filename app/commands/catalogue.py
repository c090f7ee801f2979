"""What ``evenband columns`` does, once its options are read."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

import typer

from app.commands import shown
from app.commands.exits import about, misused
from app.commands.outputs import chosen, deliver
from app.commands.published import load, rule_set, rules_folder
from engine.catalogue import Table, column_rows, page, table_schema, tables
from engine.export import write_whole
from engine.export.manifest import as_json
from engine.rules.compile import compile_rules
from engine.rules.compiled import CompiledRules
from engine.rules.folder import rule_files

LONG = frozenset({"table", "rule_sets", "meaning", "codes"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which table, under which rules, and where it goes."""

    table: str | None
    rules: str | None
    kind: str | None
    write: Path | None
    page: Path | None
    schema: bool = False


def run(wanted: Wanted) -> None:
    """Print the columns, or write schemas or the page."""
    if wanted.schema and wanted.table is None:
        raise misused("--schema prints one table: name it, for example 'evenband columns pupils'")
    sets = _sets(wanted.rules)
    found = tables(sets)
    if wanted.rules is not None:
        found = {name: _read(one) for name, one in found.items()}
    if wanted.write is not None or wanted.page is not None:
        _write(wanted, found)
        return
    some = [found[wanted.table]] if wanted.table else [one for one in found.values() if one.entries]
    if wanted.schema:
        typer.echo(as_json(table_schema(some[0])).decode(), nl=False)
        return
    output = chosen(None, wanted.kind, [])
    if output.kind is not None:
        deliver(output, column_rows(*some), {})
        return
    console = shown.console()
    for one in some:
        rows = column_rows(one)
        console.print(shown.table(rows, one.title, LONG, most=len(rows)))


def _sets(name: str | None) -> list[CompiledRules]:
    """Return the one rule set that is named, or all that are published."""
    if name is not None:
        document, file = rule_set(name)
        with about(file.place):
            return [compile_rules(document)]
    return [compile_rules(load(path)) for path in rule_files(rules_folder())]


def _read(table: Table) -> Table:
    """Return a table without the columns that its rule set does not read."""
    return replace(table, entries=tuple(entry for entry in table.entries if entry.read_by))


def _write(wanted: Wanted, found: Mapping[str, Table]) -> None:
    files: list[tuple[Path, bytes]] = []
    if wanted.write is not None:
        wanted.write.mkdir(parents=True, exist_ok=True)
        files += [
            (wanted.write / f"table-{name}.json", as_json(table_schema(one)))
            for name, one in found.items()
        ]
    if wanted.page is not None:
        files.append((wanted.page, page(found).encode()))
    write_whole([(path, partial(_put, text)) for path, text in files])


def _put(text: bytes, file: BinaryIO) -> None:
    file.write(text)
