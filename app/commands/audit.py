"""``evenband audit``: who did what, proved from the first event to the last."""

from pathlib import Path
from typing import Annotated

import typer

from app.commands.exits import CODES, REFUSED, about, answered, say
from app.commands.stored import stored_session

FEW = 20

app = typer.Typer(
    name="audit",
    help="What was done to rule sets and the register, by whom: list it, prove that nothing of it was changed, and keep an anchor of it elsewhere.",
    no_args_is_help=True,
)


@app.command("list")
def events(
    *,
    newest: Annotated[
        int, typer.Option("--newest", metavar="NUMBER", min=1, max=100_000, help="How many events.")
    ] = FEW,
) -> None:
    """List the newest events, the last first: number, when, who, what, of what."""
    from app.access import OWNER
    from app.audit.service import newest as newest_events

    with stored_session() as session:
        found = newest_events(OWNER, session, newest)
        for one in found:
            when = one.at.strftime("%Y-%m-%d %H:%M:%S UTC")
            typer.echo(f"{one.seq}  {when}  {one.actor}  {one.action}: {one.subject}")
    if not found:
        typer.echo("No event is recorded.")


@app.command("verify")
def verify_chain(
    *,
    anchor: Annotated[
        list[Path] | None,
        typer.Option(
            "--anchor",
            metavar="PATH",
            help="A file that evenband audit anchor or the service wrote, or the folder of them, kept where the owner of the database cannot write. May be repeated.",
        ),
    ] = None,
) -> None:
    """Prove that no event was changed, removed or put in between, and that each anchor is of this chain."""
    from app.access import OWNER
    from app.audit.anchors import anchor_files, read_anchor
    from app.audit.service import check_chain

    anchors = []
    for path in (file for one in anchor or () for file in anchor_files(one)):
        with answered(), about(path):
            anchors.append(read_anchor(path))
    with stored_session() as session:
        found = check_chain(OWNER, session, anchors)
    if found.fault is not None:
        say([f"The audit is broken: {found.fault}. The {found.events:,} events before it fit."])
        raise typer.Exit(REFUSED)
    typer.echo(f"All {found.events:,} events fit{' and every anchor is of them' * bool(anchors)}.")


@app.command("anchor")
def write_anchor(
    folder: Annotated[
        Path,
        typer.Argument(
            help="Where to write it: best a place where no owner of the database writes."
        ),
    ],
) -> None:
    """Write the number and hash of the newest event into FOLDER, in a file under the day of today (UTC)."""
    from datetime import UTC, datetime

    from app.access import OWNER
    from app.audit.anchors import file_of
    from app.audit.service import anchor
    from app.commands.outputs import write_texts

    with stored_session() as session:
        found = anchor(OWNER, session, datetime.now(UTC).date())
    if found is None:
        typer.echo("No event is recorded.")
        return
    name, content = file_of(found)
    with answered():
        write_texts({folder / name: content})
    typer.echo(f"Event {found.seq:,} is kept in {folder / name}.")


for one in (events, verify_chain, write_anchor):
    one.__doc__ = f"{one.__doc__}\n\n{CODES}"
