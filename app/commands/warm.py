"""``evenband warm``: compile every kernel now, so that the first answer does not wait for it."""

import typer

from app.commands.exits import answered


def warm() -> None:
    """Compile every kernel once, so that the first run does not wait for the compiler."""
    with answered():
        from engine.jit import cache_folder
        from engine.warm import warm as compile_all

        compile_all()
        typer.echo(f"Every kernel is compiled; kept in {cache_folder() or 'memory only'}.")
