"""``evenband backup`` and ``restore``: the embedded file copied while the service runs, and put back whole."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.exits import CODES, REFUSED, UNREADABLE, answered, misused, say

if TYPE_CHECKING:
    from app.settings import Settings


def backup(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Where the copy goes; a file that is not there.")
    ],
) -> None:
    """Copy the service's own SQLite file to FILE, whole, while the service runs.

    A PostgreSQL database is copied by its own tools, such as pg_dump.
    """
    from app.embedded_file import NotWhole, copy_whole

    place = _embedded(_settings())
    if file.exists():
        raise misused(f"{file} is there already; name a file that is not")
    try:
        with answered():
            facts = copy_whole(place, file)
    except NotWhole as error:
        say([f"{place}: {error}"])
        raise typer.Exit(UNREADABLE) from None
    typer.echo(f"{file} has {facts}.")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What evenband backup wrote.")],
) -> None:
    """Put FILE in place of the service's own SQLite file, once the service has stopped.

    FILE is refused unless it is a whole database of this service: its pages, its schema and the chain of its
    audit are proved first. The file before is kept beside it, under its name and the moment.
    """
    from app.embedded_file import InUse, NotWhole, put_in_place

    place = _embedded(_settings())
    try:
        with answered():
            facts, kept = put_in_place(file, place)
    except (NotWhole, InUse) as error:
        say([f"{file if isinstance(error, NotWhole) else place}: {error}"])
        raise typer.Exit(REFUSED) from None
    before = f" The file before is kept as {kept}." if kept is not None else ""
    typer.echo(f"{place} has {facts}.{before}")


def _settings() -> "Settings":
    from pydantic import ValidationError

    from app.commands.published import sentences
    from app.settings import Settings

    with answered():
        try:
            return Settings()
        except ValidationError as error:
            raise misused(sentences(error)) from None


def _embedded(settings: "Settings") -> Path:
    """Return where the service's own file is; refuse a database that is none."""
    address = settings.address
    if address.get_backend_name() != "sqlite" or address.database is None:
        raise misused(
            "the database of EVENBAND_DATABASE_URL is PostgreSQL; copy it with pg_dump and put it back with pg_restore"
        )
    return Path(address.database)


for one in (backup, restore):
    one.__doc__ = f"{one.__doc__}\n\n{CODES}"
