"""``evenband keys``: keys of programs and spreadsheets, made, listed and revoked."""

from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.exits import CODES, REFUSED, misused, say
from app.commands.stored import stored_session

if TYPE_CHECKING:
    from app.access import Asker

app = typer.Typer(
    name="keys",
    help="Keys with which programs and spreadsheets ask a service that needs keys: make, list and revoke them.",
    no_args_is_help=True,
)
LONGEST = 120
"""Characters of a name."""

Organisation = Annotated[
    str,
    typer.Option(
        "--organisation",
        metavar="CODE",
        help="Whose key it is: an authority's code, such as 929. By default that of everybody's rule sets.",
    ),
]


@app.command("create")
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the key is for.")],
    *,
    organisation: Organisation = "local",
    role: Annotated[
        list[str] | None,
        typer.Option(
            "--role",
            metavar="ROLE",
            help="viewer (the default), modeller, author, reviewer, publisher or admin. May be repeated.",
        ),
    ] = None,
    days: Annotated[
        int, typer.Option("--days", min=1, max=731, metavar="DAYS", help="Until it expires.")
    ] = 365,
    cell: Annotated[
        bool,
        typer.Option(
            "--cell", help="A key for the addresses of spreadsheets, which reads cells alone."
        ),
    ] = False,
) -> None:
    """Make a key and print it: it is kept nowhere, and cannot be shown again."""
    from app.access.rights import Role
    from app.access.secrets_of_keys import KeyKind
    from app.access.service import create_key

    if not all(one.isprintable() and 1 <= len(one) <= LONGEST for one in (name, organisation)):
        raise misused(f"NAME and CODE have 1 to {LONGEST} characters")
    try:
        roles = [Role(one) for one in role or ["viewer"]]
    except ValueError:
        raise misused(f"--role is one of {', '.join(Role)}") from None
    kind = KeyKind.cell if cell else KeyKind.service
    with stored_session() as session:
        _, text = create_key(_owner_of(organisation), session, name, roles, days, kind)
    typer.echo(text)


@app.command("list")
def show(*, organisation: Organisation = "local") -> None:
    """List the keys of an organisation: prefix, whether it is in use, kind, roles, when it expires, last use, what it is for."""
    from datetime import UTC, datetime

    from app.access.service import keys_of, state_of

    with stored_session() as session:
        found = keys_of(_owner_of(organisation), session)
        for one in found:
            state = state_of(one, datetime.now(UTC))
            used = "never used" if one.last_used is None else f"used {one.last_used}"
            until = f"until {one.expires_at:%Y-%m-%d}"
            typer.echo(
                f"{one.prefix}  {state}  {one.kind}  {one.roles}  {until}  {used}  {one.name}"
            )
    if not found:
        typer.echo("No key was made.")


@app.command("revoke")
def revoke(
    prefix: Annotated[
        str, typer.Argument(metavar="PREFIX", help="The ten characters after 'ev_' of the key.")
    ],
    *,
    organisation: Organisation = "local",
) -> None:
    """Revoke a key at once: a running service takes it no more."""
    from app.access.service import KeyUnknown, revoke_key

    try:
        with stored_session() as session:
            _, was = revoke_key(_owner_of(organisation), session, prefix)
    except KeyUnknown:
        say(["the organisation has no key with this prefix"])
        raise typer.Exit(REFUSED) from None
    typer.echo("The key is revoked." if was else "The key was revoked before.")


def _owner_of(organisation: str) -> "Asker":
    from app.access import OWNER, Asker

    return Asker(OWNER.actor, organisation, OWNER.roles)


for one in (create, show, revoke):
    one.__doc__ = f"{one.__doc__}\n\n{CODES}"
