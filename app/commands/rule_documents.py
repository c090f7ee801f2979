"""What the commands under ``evenband rules`` do, once their options are read."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import typer

from app.commands import shown
from app.commands.exits import REFUSED, about, refusal_lines, say
from app.commands.outputs import chosen, deliver, refuse_changes
from app.commands.published import load, rule_set
from engine.errors import Refusal
from engine.export import Rows, write_whole
from engine.export.manifest import as_json
from engine.export.rule_values import difference_rows, value_rows
from engine.input_file import STANDARD_INPUT
from engine.rules.compile import compile_rules
from engine.rules.folder import names_file
from engine.rules.load import digest, json_schema
from engine.rules.notes import notes

SCHEMA = "rule-set.json"


def check_named(names: Sequence[str]) -> None:
    """Print for each file or published rule set that it is valid, or what is wrong with it; fail if any is wrong."""
    wrong = 0
    for path in [_file(name) for name in names]:
        try:
            document = load(path)
            with about(path):
                compile_rules(document)
        except (Refusal, UnicodeDecodeError) as refusal:
            say(refusal_lines(refusal))
            wrong += 1
        else:
            typer.echo(
                f"{path}: {document.identifier} version {document.version},"
                f" {document.standing.value}, digest {digest(document)[:12]}"
            )
            for sentence in notes(document):
                typer.echo(f"  note: {sentence}")
    if wrong:
        raise typer.Exit(REFUSED)


def _file(name: str) -> Path:
    """Return the file that a name is a path of, or that of the published rule set it is the identifier of."""
    path = Path(name)
    if path == STANDARD_INPUT or names_file(name) or path.exists():
        return path
    return rule_set(name)[1].place


def show_values(name: str, day: date | None, kind: str | None) -> None:
    """Print a rule set's values in force."""
    document, file = rule_set(name)
    chosen_day = day or document.effective.first
    rows = value_rows(document, chosen_day)
    refuse_changes((file,))
    if kind is None:
        typer.echo(f"{document.identifier} version {document.version}: {document.title}")
        typer.echo(f"in force on {chosen_day.isoformat()}, digest {digest(document)}")
    _print(rows, kind, frozenset({"note"}))


def show_differences(before: str, after: str, day: date | None, kind: str | None) -> None:
    """Print where two rule sets differ."""
    (earlier, earlier_file), (later, later_file) = rule_set(before), rule_set(after)
    rows = difference_rows(earlier, later, day)
    refuse_changes((earlier_file, later_file))
    if kind is None and not len(rows):
        typer.echo("The two rule sets give the same results.")
        return
    _print(rows, kind)


def _print(rows: Rows, kind: str | None, leave_out: frozenset[str] = frozenset()) -> None:
    output = chosen(None, kind, [])
    if output.kind is not None:
        deliver(output, rows, {})
        return
    console = shown.console()
    console.print(shown.table(rows, leave_out=leave_out, most=len(rows)))


def write_schema(folder: Path | None) -> None:
    """Write the JSON Schema into a folder, or print it."""
    text = as_json(json_schema())
    if folder is None:
        typer.echo(text.decode(), nl=False)
        return
    folder.mkdir(parents=True, exist_ok=True)
    write_whole([(folder / SCHEMA, lambda file: file.write(text))])


def print_digests(names: Sequence[str]) -> None:
    """Print the digest, identifier and version of each rule set."""
    for name in names:
        document, file = rule_set(name)
        refuse_changes((file,))
        typer.echo(f"{digest(document)}  {document.identifier} version {document.version}")
