"""``evenband columns``: what every column of every table holds, and which rules read it."""

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from app.commands import completion, options
from app.commands.exits import CODES, about, answered, misused

if TYPE_CHECKING:
    from engine.catalogue import Table
    from engine.rules import CompiledRules

TableName = Literal["pupils", "schools", "places", "block", "targeted"]


def columns(
    table: Annotated[
        TableName | None,
        typer.Argument(
            metavar="TABLE",
            help="Table of pupils, schools, places, block or targeted; by default all five.",
            show_default=False,
        ),
    ] = None,
    rules: Annotated[
        str | None,
        typer.Option(
            metavar="ID|FILE.yaml",
            help="Only the columns that this rule set reads; by default all, with every published "
            "rule set that reads each.",
            show_default=False,
            autocompletion=completion.rule_sets,
        ),
    ] = None,
    schema: Annotated[  # noqa: FBT002 - an option has its name
        bool, typer.Option("--schema", help="Print one table as a Table Schema, in JSON.")
    ] = False,
    write: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="Write a Table Schema for each table into this folder."
        ),
    ] = None,
    page: Annotated[
        Path | None, typer.Option(metavar="FILE.md", help="Write the catalogue as a page.")
    ] = None,
    kind: options.ScreenKinds = None,
) -> None:
    """List the columns of a table: unit, range, codes, what a blank means, who reads them."""
    with answered():
        from app.commands.column_list import USUAL, column_list
        from app.commands.outputs import deliver, output_of
        from engine.catalogue import column_rows, table_schema, tables
        from engine.export import as_json

        if schema and table is None:
            raise misused(
                "--schema prints one table: name it, for example 'evenband columns pupils'"
            )
        found = tables(_sets(rules))
        if rules is not None:
            found = {name: _read(one) for name, one in found.items()}
        if write is not None or page is not None:
            _write(found, write, page)
            return
        some = [found[table]] if table else [one for one in found.values() if one.entries]
        if schema:
            typer.echo(as_json(table_schema(some[0])).decode(), nl=False)
            return
        output = output_of(None, kind)
        if not output.is_for_screen:
            deliver(output, column_rows(*some), {})
            return
        width = get_terminal_size((USUAL, 0)).columns if sys.stdout.isatty() else USUAL
        typer.echo("\n\n".join(column_list(column_rows(one), one.title, width) for one in some))


columns.__doc__ = f"{columns.__doc__}\n\n{CODES}"


def _sets(name: str | None) -> "list[CompiledRules]":
    """Return the one rule set that is named, or all that are published."""
    from app.commands.published import load, rule_set, rules_folder
    from engine.rules import compile_rules, rule_files

    if name is not None:
        document, file = rule_set(name)
        with about(file.place):
            return [compile_rules(document)]
    return [compile_rules(load(path)) for path in rule_files(rules_folder())]


def _read(table: "Table") -> "Table":
    """Return a table without the columns that its rule set does not read."""
    return replace(table, entries=tuple(entry for entry in table.entries if entry.read_by))


def _write(tables: "Mapping[str, Table]", folder: Path | None, page: Path | None) -> None:
    """Write a schema of each table into a folder, and all of them as a page."""
    from app.commands.outputs import write_texts
    from engine.catalogue import page as page_of
    from engine.catalogue import table_schema
    from engine.export import as_json

    files: dict[Path, bytes] = {}
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        files |= {
            folder / f"table-{name}.json": as_json(table_schema(one))
            for name, one in tables.items()
        }
    if page is not None:
        files[page] = page_of(tables).encode()
    write_texts(files)
