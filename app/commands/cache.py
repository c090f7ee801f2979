"""``evenband cache``: what is kept of pupils that were read before, and an end to it."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from app.commands import options
from app.commands.exits import CODES, answered, misused

if TYPE_CHECKING:
    from engine.code_cache import CodeCache

FOLDER = "EVENBAND_CODE_CACHE"
DAYS = "EVENBAND_CODE_CACHE_DAYS"
MOST_DAYS = 366
_MEGABYTE = 1_000_000

app = typer.Typer(
    name="cache",
    help="What --cache keeps of pupils that were read before: list it, or remove all of it.",
    no_args_is_help=True,
)


def chosen_cache(folder: Path | None) -> "CodeCache | None":
    """Return the cache in the folder that an option or the environment names; None where neither does."""
    named = folder or Path(os.environ.get(FOLDER) or "")
    if named == Path():
        return None
    from engine.code_cache import code_cache

    return code_cache(named, _days())


def _days() -> int:
    """Return after how many days an entry is removed."""
    from engine.code_cache import DAYS as USUAL
    from engine.money import is_digits

    written = os.environ.get(DAYS)
    if written is None:
        return USUAL
    if not (is_digits(written) and 1 <= int(written) <= MOST_DAYS):
        raise misused(f"{DAYS} is a whole number of days from 1 to {MOST_DAYS}")
    return int(written)


def _named(folder: Path | None) -> "CodeCache":
    found = chosen_cache(folder)
    if found is None:
        raise misused(f"name the folder: --cache FOLDER, or {FOLDER}")
    return found


@app.command("list")
def entries(cache: options.Cache = None) -> None:
    """List what is kept: when it was written, pupils and size. What is too old is removed first."""
    with answered():
        found = list(_named(cache).entries())
        for one in found:
            pupils = "not whole" if one.pupils is None else f"{one.pupils:,} pupils"
            written = one.written.strftime("%Y-%m-%d %H:%M UTC")
            typer.echo(f"{one.key[:12]}  {written}  {pupils}  {one.size / _MEGABYTE:,.1f} MB")
        if not found:
            typer.echo("Nothing is kept.")


@app.command()
def empty(cache: options.Cache = None) -> None:
    """Remove everything that is kept."""
    with answered():
        number = _named(cache).empty()
        typer.echo(f"{number:,} {'entry' if number == 1 else 'entries'} removed.")


for one in (entries, empty):
    one.__doc__ = f"{one.__doc__}\n\n{CODES}"
