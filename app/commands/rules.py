"""``evenband rules``: check, test, list, show and compare rule documents."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from app.commands import options, rule_cases, rule_imports, rule_publishing, rule_tables
from app.commands.atlas import atlas
from app.commands.exits import CODES, REFUSED, about, answered, refusal_lines, say

if TYPE_CHECKING:
    from datetime import date

    from engine.rows import Rows
    from engine.rules import RuleSet

app = typer.Typer(
    no_args_is_help=True, help=f"Check, test, list, show and compare rule sets.\n\n{CODES}"
)
app.command()(atlas)
app.command("test")(rule_cases.try_cases)
app.command("publish")(rule_publishing.publish_file)
app.command("withdraw")(rule_publishing.withdraw_version)
app.add_typer(rule_imports.app, name="import")
app.add_typer(rule_tables.app, name="table")
app.add_typer(rule_tables.formula, name="formula")


@app.command()
def check(
    names: options.RuleSets,
) -> None:
    """Check rule documents, or published rule sets, and name every problem with its line."""
    with answered():
        from engine.errors import Refusal

        wrong = 0
        for path in map(_file, names):
            try:
                lines = _validity(path)
            except (Refusal, UnicodeDecodeError) as refusal:
                say(refusal_lines(refusal))
                wrong += 1
            else:
                typer.echo("\n".join(lines))
        if wrong:
            raise typer.Exit(REFUSED)


def _file(name: str) -> Path:
    """Return the file that a name is a path of, or that of the published rule set it is the identifier of."""
    from app.commands.published import rule_set
    from engine.input_file import STANDARD_INPUT
    from engine.rules import names_file

    path = Path(name)
    if path == STANDARD_INPUT or names_file(name) or path.exists():
        return path
    return rule_set(name)[1].place


def _validity(path: Path) -> list[str]:
    """Return that a document is valid, and notes for its author, or raise what is wrong with it."""
    from app.commands.published import load
    from engine.rules import compile_rules, digest
    from engine.rules.notes import notes

    document = load(path)
    with about(path):
        compile_rules(document, document.effective.first)
    facts = f"{document.standing.value}, digest {digest(document)[:12]}"
    head = f"{path}: {document.identifier} version {document.version}, {facts}"
    return [head, *(f"  note: {sentence}" for sentence in notes(document))]


@app.command("list")
def list_rules(
    authority: options.Authority = None,
    year: options.Year = None,
    works_out: options.WorksOut = None,
    kind: options.ScreenKinds = None,
) -> None:
    """List the published rule sets, by authority, year or what they work out."""
    with answered():
        from app.commands.rule_list import Sought, list_published

        list_published(Sought(authority, year, works_out), kind)


@app.command()
def show(name: options.RuleSet, on: options.On = None, kind: options.ScreenKinds = None) -> None:
    """Show the values in force in the year, or on one day, with their sources and how far they were checked."""
    with answered():
        from app.commands.outputs import refuse_changes
        from app.commands.published import rule_set
        from engine.export import value_rows
        from engine.rules import digest

        document, file = rule_set(name)
        rows = value_rows(document, on)
        refuse_changes((file,))
        _say_outside(on, document)
        if kind is None:
            typer.echo(f"{document.identifier} version {document.version}: {document.title}")
            first, last = document.days_in_force
            days = f"{first} to {last}" if on is None else f"on {on}"
            typer.echo(f"in force {days}, digest {digest(document)}")
        _print(rows, kind, frozenset({"note"}))
        if kind is None:
            typer.echo(f"'evenband rules paths {name}' lists every number that --override can try.")


@app.command()
def paths(name: options.RuleSet, kind: options.ScreenKinds = None) -> None:
    """List every number that --override can try: values with their dates, cut-offs, other numbers."""
    with answered():
        from app.commands.outputs import refuse_changes
        from app.commands.published import rule_set
        from engine.export import path_rows

        document, file = rule_set(name)
        rows = path_rows(document)
        refuse_changes((file,))
        if kind is None:
            typer.echo(f"{document.identifier} version {document.version}: {document.title}")
        _print(rows, kind)


@app.command()
def diff(
    before: options.RuleSet,
    after: options.RuleSet,
    on: options.On = None,
    schools: options.Schools = None,
    pupils: options.Pupils = None,
    absent_lines: options.AbsentLines = "refused",
    kind: options.ScreenKinds = None,
) -> None:
    """Show where two rule sets differ, by place: before, after, standing. With tables, what each difference brings in pounds.

    alone: changed by itself in the earlier rules. last: changed when all else is. interaction: what they do to each other.
    """
    with answered():
        if schools is not None or pupils is not None:
            from app.commands.rule_effects import effects_of_files

            _print(effects_of_files((before, after), on, (schools, pupils), absent_lines), kind)
            return
        from app.commands.outputs import refuse_changes
        from app.commands.published import rule_set
        from engine.export import difference_rows

        (earlier, earlier_file), (later, later_file) = rule_set(before), rule_set(after)
        rows = difference_rows(earlier, later, on)
        refuse_changes((earlier_file, later_file))
        _say_outside(on, earlier, later)
        if kind is None and not len(rows):
            typer.echo("The two rule sets give the same results.")
            return
        _print(rows, kind)


def _say_outside(on: "date | None", *documents: "RuleSet") -> None:
    """Say on standard error that a rule set does not apply on the day whose values are shown."""
    from engine.errors import PairRefused
    from engine.rules import check_day

    for document in documents:
        try:
            check_day(document, on)
        except PairRefused as refusal:
            days = refusal.problems[0].sentence.partition(", ")[2]
            name = f"{document.identifier} version {document.version}"
            say([f"--on {on}: {name} does not apply on this day; it applies {days}"])


def _print(rows: "Rows", kind: str | None, leave_out: frozenset[str] = frozenset()) -> None:
    from app.commands.display import console, table
    from app.commands.outputs import deliver, output_of

    output = output_of(None, kind)
    if output.is_for_screen:
        console().print(table(rows, leave_out=leave_out, most=len(rows)))
    else:
        deliver(output, rows, {})


@app.command()
def schema(
    write: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="Write rule-set.json and candidates.json into this folder."
        ),
    ] = None,
    of: Annotated[
        Literal["rule-set", "candidates"],
        typer.Option(metavar="WORD", help="The document: rule-set, or candidates."),
    ] = "rule-set",
) -> None:
    """Print the JSON Schema of a rule document, or of a document of candidates, for editors."""
    with answered():
        from app.commands.outputs import write_texts
        from engine.candidates import candidates_schema
        from engine.export import as_json
        from engine.rules import json_schema

        texts = {"rule-set": as_json(json_schema()), "candidates": as_json(candidates_schema())}
        if write is None:
            typer.echo(texts[of].decode(), nl=False)
            return
        write.mkdir(parents=True, exist_ok=True)
        write_texts({write / f"{name}.json": text for name, text in texts.items()})


@app.command()
def digest(
    names: options.RuleSets,
) -> None:
    """Print the digest by which results name a rule set."""
    with answered():
        from app.commands.outputs import refuse_changes
        from app.commands.published import rule_set
        from engine.rules import digest as digest_of

        for name in names:
            document, file = rule_set(name)
            refuse_changes((file,))
            typer.echo(f"{digest_of(document)}  {document.identifier} version {document.version}")
