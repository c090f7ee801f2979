"""The command line: ``evenband`` and its commands, wired together."""

import os
import signal
import sys
from typing import Annotated

import typer

from app.commands import audit, cache, keys, register, rules
from app.commands.allocations import block, places, targeted
from app.commands.backup import backup, restore
from app.commands.candidates import candidates
from app.commands.columns import columns
from app.commands.compare import compare
from app.commands.exits import (
    CODES,
    FAILED,
    TRACE,
    UNREADABLE,
    failure,
    say,
    sentence_of,
)
from app.commands.reproduce import reproduce
from app.commands.seek import seek
from app.commands.serve import serve
from app.commands.synth import synth
from app.commands.usage import Commands
from app.commands.value import value
from app.commands.verify import verify
from app.commands.warm import warm
from app.commands.workbook import workbook

TERMINATED = 143

app = typer.Typer(
    name="evenband",
    cls=Commands,
    help=f"High-needs funding and national banding, to the penny.\n\n{CODES}",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)


def _say_version(asked: bool) -> None:  # noqa: FBT001 - typer gives the flag by position
    if asked:
        from importlib.metadata import version  # noqa: PLC0415 - help is shown without it

        typer.echo(f"evenband {version('evenband')}")
        raise typer.Exit


@app.callback()
def options(
    _version: Annotated[
        bool | None,
        typer.Option("--version", callback=_say_version, is_eager=True, help="Print the version."),
    ] = None,
) -> None:
    """Read the options given before a command."""


app.command()(value)
app.command()(compare)
app.command()(candidates)
app.command()(seek)
app.command()(places)
app.command()(block)
app.command()(targeted)
app.add_typer(rules.app, name="rules")
app.add_typer(cache.app, name="cache")
app.add_typer(register.app, name="register")
app.add_typer(audit.app, name="audit")
app.add_typer(keys.app, name="keys")
app.command()(backup)
app.command()(restore)
app.command()(workbook)
app.command()(columns)
app.command()(synth)
app.command()(verify)
app.command()(reproduce)
app.command()(serve)
app.command()(warm)


def main() -> None:
    """Run the command line; a signal to end first removes half-written files."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    try:
        app()
    except OSError as error:
        say([sentence_of(error)])
        sys.exit(UNREADABLE)
    except Exception as error:
        if os.environ.get(TRACE):
            raise
        say([failure(error)])
        sys.exit(FAILED)


if __name__ == "__main__":
    main()
