"""What numbers that are tried in the rules change of a result."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.pages.trials import Choice, Trials, by_part
from app.pages.words import value_words
from engine.money import difference
from engine.rules.trials import Replaced
from engine.rules.trials import Trial as RuleTrial


@dataclass(frozen=True, slots=True)
class Change:
    """A figure under the rules as published and under those with numbers tried, pence; None is not known."""

    label: str
    before: int | None
    after: int | None

    @property
    def difference(self) -> int | None:
        """Return by how much the figure changes, pence."""
        return difference(self.after, self.before)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The numbers that are tried in the rules, those that can be, and what they change."""

    trials: Trials
    choices: tuple[Choice, ...]
    changes: tuple[Change, ...]

    @property
    def parts(self) -> Iterator[tuple[str, list[Choice]]]:
        """Yield the numbers that can be tried, by the part of the rules that they are in."""
        yield from by_part(self.choices)

    def name(self, path: str) -> str:
        """Return a number's name in words, or its path where it has none."""
        return next((one.words for one in self.choices if one.path == path), path)

    def published(self, path: str) -> str | None:
        """Return a number's published value in words; None where the path is none of the choices."""
        return next((one.value for one in self.choices if one.path == path), None)

    def words(self, trial: RuleTrial) -> str:
        """Return what a trial replaces in words, never by its path."""
        said = dict.fromkeys(map(self._replaced, trial.replaced))
        return "; ".join([*said, *([] if trial.note is None else [trial.note])])

    def _replaced(self, one: Replaced) -> str:
        paths = {one.path, f"{one.path}@{one.first}"}
        choice = next((held for held in self.choices if held.path in paths), None)
        name = "Another number of these rules" if choice is None else choice.words
        value = value_words(one.path, one.value)
        if one.published is None:
            return f"{name}: {value}, a new value"
        return f"{name}: {value} in place of {value_words(one.path, one.published)}"

    @property
    def changes_nothing(self) -> bool:
        """Return whether every figure is as published."""
        return all(one.before == one.after for one in self.changes)

    @property
    def figures(self) -> list[Change]:
        """Return the figures that change; the first, where none does."""
        return [one for one in self.changes if one.before != one.after] or [*self.changes[:1]]

    @property
    def same(self) -> list[Change]:
        """Return the other figures, which are as published."""
        return [one for one in self.changes if one not in self.figures]
