"""``evenband warm``: compile every kernel now, so that the first answer does not wait for it."""

import typer

from app.commands.exits import answered


def warm() -> None:
    """Compile every kernel once, so that the first run does not wait for the compiler."""
    with answered():
        from engine.jit import cache_folder  # noqa: PLC0415 - help is shown without the engine
        from engine.warm import warm as compile_all  # noqa: PLC0415

        compile_all()
        typer.echo(f"Every kernel is compiled; kept in {cache_folder() or 'memory only'}.")
