"""The command line: ``evenband`` and its commands, wired together."""

import signal
import sys

import typer

from app.commands import rules
from app.commands.allocations import block, places, targeted
from app.commands.compare import compare
from app.commands.exits import CODES
from app.commands.serve import serve
from app.commands.synth import synth
from app.commands.value import value
from app.commands.warm import warm

TERMINATED = 143

app = typer.Typer(
    name="evenband",
    help=f"High-needs funding and national banding, to the penny.\n\n{CODES}",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
app.command()(value)
app.command()(compare)
app.command()(places)
app.command()(block)
app.command()(targeted)
app.add_typer(rules.app, name="rules")
app.command()(synth)
app.command()(serve)
app.command()(warm)


def main() -> None:
    """Run the command line; a request to end lets half-written files be removed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    app()


if __name__ == "__main__":
    main()
