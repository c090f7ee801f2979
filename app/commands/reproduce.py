"""``evenband reproduce``: a result worked out again from its manifest, and whether it is the same."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.exits import CODES, REFUSED, answered

if TYPE_CHECKING:
    from app.commands.reproduction import Plain


def reproduce(
    manifest: Annotated[
        Path,
        typer.Argument(
            metavar="MANIFEST",
            help="A manifest, or a file of results that has one beside it or inside.",
            show_default=False,
        ),
    ],
    inputs: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Where the input files are, by their names; else at the paths by which the command named them.",
            show_default=False,
            exists=True,
            file_okay=False,
        ),
    ] = None,
) -> None:
    """Run a command again from the manifest of its result, and say whether the result is the same.

    Nothing is written. Inputs and rule sets must be those that the manifest names by digest, and the arithmetic the same; else it
    is refused. Exit code 1 where the result is not the same.
    """
    with answered():
        from app.commands.call import in_place_of_files
        from app.commands.reproduction import call_of, differences, refuse_other_inputs
        from engine.export import manifest_of

        held = manifest_of(manifest)
        words = call_of(held, manifest, inputs)
        with in_place_of_files() as results:
            code = _run(words)
        if code or not results:
            raise typer.Exit(code or REFUSED)
        alike = [one for one in results if one.get("detail") == held.get("detail")]
        again = (alike or results)[0]
        refuse_other_inputs(held, again, manifest)
        found = differences(held, again)
        _say(held, found)
    if found:
        raise typer.Exit(REFUSED)


reproduce.__doc__ = f"{reproduce.__doc__}\n\n{CODES}"


def _run(words: list[str]) -> int:
    from app.cli import app

    code = app(words, standalone_mode=False)
    return code if isinstance(code, int) else 0


def _say(held: "Mapping[str, Plain]", found: list[str]) -> None:
    from app.commands.reproduction import other_program

    content = held.get("content")
    rows = content.get("rows") if isinstance(content, dict) else None
    if not found:
        number = "" if not isinstance(rows, int) else f"{rows:,} row{'s' if rows != 1 else ''} and "
        typer.echo(f"the same: {number}everything that the manifest says of the result.")
        return
    typer.echo("not the same:")
    for line in [*found, *other_program(held)]:
        typer.echo(f"  {line}")
