"""``evenband rules publish`` and ``withdraw``: one's own rule sets of a service, without a restart."""

from pathlib import Path
from typing import Annotated

import typer

from app.commands.exits import CODES, REFUSED, answered, say
from app.commands.stored import stored_session


def publish_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The rule document.")],
) -> None:
    """Publish the rule document in FILE: a running service has it at once, beside those that come with it.

    A published version never changes. To correct it, raise version: the later one takes its place, and the
    earlier one still answers by its number. The event is recorded; no second person approves it.
    """
    from app.access import OWNER
    from app.commands.published import load
    from app.models import State
    from app.rule_sets.publish import PublishedVersionChanged, publish
    from app.rule_sets.service import version_of

    with answered():
        document = load(file)
    named = f"{document.identifier} version {document.version}"
    try:
        with stored_session() as session:
            is_new = publish(OWNER, session, document, author=OWNER.actor)
            version = version_of(OWNER, session, document.identifier, document.version)
    except PublishedVersionChanged as error:
        say([str(error)])
        raise typer.Exit(REFUSED) from None
    said = "is published" if is_new else "was published before"
    became = "" if version.state == State.published else f", and is {version.state} now"
    typer.echo(f"{named} {said}{became}.")


def withdraw_version(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="The rule set.")],
    version: Annotated[
        int, typer.Argument(metavar="VERSION", min=1, help="The number of the version.")
    ],
    *,
    because: Annotated[
        str, typer.Option("--because", metavar="WORDS", help="Why, in a sentence: it is recorded.")
    ],
) -> None:
    """Withdraw a published version, in whose place no other comes: it is kept, and answers by its number."""
    from app.access import OWNER
    from app.rule_sets.publish import NotThere, withdraw

    try:
        with stored_session() as session:
            was = withdraw(OWNER, session, identifier, version, because)
    except NotThere as error:
        say([f"{error}."])
        raise typer.Exit(REFUSED) from None
    named = f"{identifier} version {version}"
    typer.echo(f"{named} is withdrawn." if was else f"{named} was not in use any more.")


for one in (publish_file, withdraw_version):
    one.__doc__ = f"{one.__doc__}\n\n{CODES}"
