"""The working of one school or pupil, row by row, with the source of each value."""

from dataclasses import dataclass

import polars as pl

from engine.explain import Explanation as EngineExplanation
from engine.explain import Working
from engine.export import exact, working_rows
from engine.money import is_digits
from evenband.display import Table, as_html, as_text, paragraph, working_table, workings


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Explanation:
    """Everything that led to the figures of one school or pupil; printed, it is the whole working.

    ``working`` is the engine's own form. ``calls`` are what a school's budget is expected to pay for,
    where anything is known of it, and the extra funding under rules that have some.
    """

    working: EngineExplanation
    calls: tuple[Working, ...] = ()

    @property
    def sentence(self) -> str:
        """Return how the parts add up, or which clause decided, in one sentence."""
        return self.working.sentence

    @property
    def not_known(self) -> int:
        """Return how many parts of the working are not known."""
        return self.working.absent

    def to_polars(self) -> pl.DataFrame:
        """Return one row a row of the working, all text: pounds have two decimals and no sign.

        Columns: ``working``, ``label``, ``operator``, ``row``, ``value`` (null where not known),
        ``unit``, ``place`` in the rule set, ``source``, ``standing``, ``note``.
        """
        return exact(working_rows(self.working, self.calls))

    def __repr__(self) -> str:
        """Return what is explained, in one line; no key and no figure of a pupil."""
        return f"<Explanation of {subject_of(self.working)} under {self._rules}>"

    def __str__(self) -> str:
        """Return the whole working as lines of text."""
        return "\n\n".join([self._rules, *map(as_text, self._tables), self.sentence])

    def _repr_html_(self) -> str:
        """Return the whole working as HTML."""
        tables = "".join(map(as_html, self._tables))
        return paragraph(self._rules) + tables + paragraph(self.sentence)

    @property
    def _tables(self) -> list[Table]:
        return [
            *workings(self.working),
            *(working_table(one.label, one.rows) for one in self.calls),
        ]

    @property
    def _rules(self) -> str:
        working = self.working
        name = f"{working.rule_set} version {working.version}"
        return f"{name}, {working.values}, digest {working.digest[:12]}"


def subject_of(working: EngineExplanation) -> str:
    """Return who is explained: a school by its number, and no key of a pupil."""
    return f"school {working.subject}" if is_digits(working.subject) else f"a {working.subject}"
