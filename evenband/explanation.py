"""The working of one school or pupil, row by row, with the source of each value."""

from dataclasses import dataclass

import polars as pl

from engine.explain import Explanation as EngineExplanation
from engine.explain import explain as engine_explain
from engine.export import working_rows
from engine.export.cell_text import exact
from engine.money import is_digits
from evenband.arguments import of_kind
from evenband.display import as_html, as_text, paragraph, workings
from evenband.outcome import Outcome


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Explanation:
    """Everything that led to the figures of one school or pupil; printed, it is the whole working.

    ``working`` is the engine's own form.
    """

    working: EngineExplanation

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
        return exact(working_rows(self.working))

    def __repr__(self) -> str:
        """Return what is explained, in one line; no key and no figure of a pupil."""
        subject = self.working.subject
        what = f"school {subject}" if is_digits(subject) else f"a {subject}"
        return f"<Explanation of {what} under {self._rules}>"

    def __str__(self) -> str:
        """Return the whole working as lines of text."""
        tables = map(as_text, workings(self.working))
        return "\n\n".join([self._rules, *tables, self.sentence])

    def _repr_html_(self) -> str:
        """Return the whole working as HTML."""
        tables = "".join(map(as_html, workings(self.working)))
        return paragraph(self._rules) + tables + paragraph(self.sentence)

    @property
    def _rules(self) -> str:
        working = self.working
        return f"{working.rule_set} version {working.version}, digest {working.digest[:12]}"


def explain(outcome: Outcome, subject: int | str) -> Explanation:
    """Return the whole working of a school or a pupil whom an outcome values.

    ``subject`` is a school's reference number, or a pupil's key. Text of digits is a school where one of that number was valued. Raises ``PairRefused``, which
    names no pupil, where neither was valued.
    """
    of_kind(outcome, Outcome, "the outcome is what value returns")
    of_kind(subject, (int, str), "the subject is a school's reference number or a pupil's key")
    return Explanation(engine_explain(outcome.parts, str(subject)))
