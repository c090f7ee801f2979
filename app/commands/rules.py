"""``evenband rules``: check, list, show and compare rule documents."""

from pathlib import Path
from typing import Annotated

import typer

from app.commands import imports, options, tables
from app.commands.atlas import atlas
from app.commands.exits import CODES, answered

app = typer.Typer(no_args_is_help=True, help=f"Check, list, show and compare rule sets.\n\n{CODES}")
app.command()(atlas)
app.add_typer(imports.app, name="import")
app.add_typer(tables.app, name="table")


@app.command()
def check(
    names: options.RuleSets,
) -> None:
    """Check rule documents, or published rule sets, and name every problem with its line."""
    with answered():
        from app.commands.rule_documents import check_named  # noqa: PLC0415 - help without the engine

        check_named(names)


@app.command("list")
def list_rules(
    authority: options.Authority = None,
    year: options.Year = None,
    works_out: options.WorksOut = None,
    kind: options.ShownKinds = None,
) -> None:
    """List the published rule sets, by authority, year or what they work out."""
    with answered():
        from app.commands.rule_list import Sought, list_published  # noqa: PLC0415

        list_published(Sought(authority, year, works_out), kind)


@app.command()
def show(name: options.RuleSet, on: options.On = None, kind: options.ShownKinds = None) -> None:
    """Show the values in force on a day, with their sources and how far they were checked."""
    with answered():
        from app.commands.rule_documents import show_values  # noqa: PLC0415

        show_values(name, on, kind)


@app.command()
def diff(
    before: options.RuleSet,
    after: options.RuleSet,
    on: options.On = None,
    kind: options.ShownKinds = None,
) -> None:
    """Show where two rule sets differ, by place: before, after, standing."""
    with answered():
        from app.commands.rule_documents import show_differences  # noqa: PLC0415

        show_differences(before, after, on, kind)


@app.command()
def schema(
    write: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write rule-set.json into this folder.")
    ] = None,
) -> None:
    """Print the JSON Schema of a rule document, for editors."""
    with answered():
        from app.commands.rule_documents import write_schema  # noqa: PLC0415

        write_schema(write)


@app.command()
def digest(
    names: options.RuleSets,
) -> None:
    """Print the digest by which results name a rule set."""
    with answered():
        from app.commands.rule_documents import print_digests  # noqa: PLC0415

        print_digests(names)
