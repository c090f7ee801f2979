"""The start-up token of a service without sign-in: programs of its owner send it with what they change."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

FILE = "start-up-token"
_OWNER_ALONE = 0o600


def new_token() -> str:
    """Return a new token of 256 bits."""
    return secrets.token_urlsafe(32)


def keep_token(folder: Path, token: str) -> Path | None:
    """Keep the token in a file of the data folder that no other user can read, and return the file.

    None where the folder cannot be written: the token is printed at the start all the same.
    """
    path = folder / FILE
    beside = path.with_suffix(f".{os.getpid()}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, _OWNER_ALONE)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            os.fchmod(file.fileno(), _OWNER_ALONE)
            file.write(f"{token}\n")
        beside.replace(path)
    except OSError:
        with suppress(OSError):
            beside.unlink()
        return None
    return path
