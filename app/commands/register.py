"""``evenband register``: the register of schools of a service, imported, shown and removed."""

from pathlib import Path
from typing import Annotated

import typer

from app.commands.exits import CODES, about, answered, misused
from app.commands.stored import stored_session

app = typer.Typer(
    name="register",
    help="The register of schools by which the pages find a school: import it, show it, or remove it.",
    no_args_is_help=True,
)


@app.command("import")
def import_file(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            help="The download of all establishment data, as CSV or as the archive that it comes in.",
        ),
    ] = None,
    *,
    invented: Annotated[
        bool, typer.Option("--invented", help="Import a few invented schools, to try the pages.")
    ] = False,
) -> None:
    """Read the register of schools and keep it in place of the one before; a running service has it at once."""
    if (file is None) != invented:
        raise misused("name the file of the register, or ask for --invented")
    from app.access import OWNER
    from app.register.reading import read_register
    from app.register.service import import_register
    from engine.data import FIXTURES

    path = file or FIXTURES / "register" / "invented.csv"
    with answered(), about(path):
        register = read_register(path)
    with stored_session() as session:
        import_register(OWNER, session, register)
    is_open = sum(one.status.startswith("Open") for one in register.schools)
    typer.echo(
        f"Schools in England that are kept: {len(register.schools):,}, of them open: {is_open:,}."
    )
    if register.left_out:
        codes = ", ".join(register.left_out)
        typer.echo(
            f"Rows left out, whose code is of no authority in England: {register.left_out.total():,} ({codes})."
        )


@app.command("show")
def show() -> None:
    """Say which edition of the register is kept, and how many schools it has."""
    from app.access import OWNER
    from app.register.service import edition, status_numbers

    with stored_session() as session:
        kept = edition(OWNER, session)
        if kept is None:
            typer.echo("No register is kept.")
            return
        day = "of an unknown day" if kept.day is None else f"of {kept.day:%-d %B %Y}"
        typer.echo(f"The register {day}, imported on {kept.imported_at:%-d %B %Y at %H:%M UTC}.")
        for status, number in status_numbers(OWNER, session):
            typer.echo(f"{number:,}  {status}")


@app.command("remove")
def remove() -> None:
    """Remove the register that is kept."""
    from app.access import OWNER
    from app.register.service import remove_register

    with stored_session() as session:
        was = remove_register(OWNER, session)
    typer.echo("The register is removed." if was else "No register is kept.")


for one in (import_file, show, remove):
    one.__doc__ = f"{one.__doc__}\n\n{CODES}"
