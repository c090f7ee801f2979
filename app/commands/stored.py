"""A session of a command on the database of the settings."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from app.commands.exits import UNREADABLE, answered, misused, say

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@contextmanager
def stored_session() -> "Iterator[Session]":
    """Give a session on the database of the settings, with the newest schema; what it writes is kept at the end."""
    from contextlib import closing

    from pydantic import ValidationError

    from app.commands.published import sentences
    from app.settings import Settings
    from app.start import StartRefused, open_storage, prepare

    with answered():
        try:
            settings = Settings()
        except ValidationError as error:
            raise misused(sentences(error)) from None
        try:
            with closing(open_storage(settings)) as database:
                prepare(settings, database)
                with database.writing() as session:
                    yield session
        except StartRefused as error:
            say([str(error)])
            raise typer.Exit(UNREADABLE) from None
