"""How far a command is: its steps, and what it has counted of all, on a terminal's standard error."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Steps:
    """A bar of the steps of a command; nothing where there is no terminal.

    Called with a name, the next step begins. ``count`` says how many of all are done within it.
    """

    def __init__(self, number: int, bar: "Progress | None" = None) -> None:
        self._number, self._begun, self._bar = number, 0, bar
        self._task: TaskID | None = None if bar is None else bar.add_task("", total=number)

    def __call__(self, name: str) -> None:
        """Name the step that begins."""
        self._begun += 1
        # A step that is over before the next look of the bar is shown too.
        self._show(name, self._begun - 1, self._number, refresh=True)

    def count(self, done: int, of: int, what: str) -> None:
        """Say how many are done of all that a step is about."""
        if self._bar is not None:
            self._show(f"{done:,} of {of:,} {what}", done, of, refresh=False)

    def _show(self, words: str, done: int, of: int, *, refresh: bool) -> None:
        if self._bar is not None and self._task is not None:
            self._bar.update(
                self._task, description=words, completed=done, total=of, refresh=refresh
            )


@contextmanager
def steps(number: int) -> Iterator[Steps]:
    """Yield what names each step; a bar is shown on a terminal and nowhere else."""
    errors = Console(stderr=True)
    if not errors.is_terminal:
        yield Steps(number)
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True) as bar:
        yield Steps(number, bar)
