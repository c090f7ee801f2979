"""What explains one school or pupil: its working under a rule set, or under both of a comparison."""

from dataclasses import dataclass
from typing import overload

import polars as pl

from engine.explain import Row, explain_allocation
from engine.explain import explain as engine_explain
from engine.export import change_rows, exact
from engine.statement import explain_change, school_workings
from evenband.allocations import Allocation
from evenband.arguments import of_kind
from evenband.comparison import Comparison
from evenband.display import as_html, as_text, paragraph, working_table
from evenband.explanation import Explanation, subject_of
from evenband.outcome import Outcome


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ChangeExplanation:
    """One school's or pupil's working under both rule sets of a comparison, and what changes."""

    baseline: Explanation
    candidate: Explanation
    rows: tuple[Row, ...]

    def to_polars(self) -> pl.DataFrame:
        """Return one row a row of both workings and of the change, all text.

        Columns: ``side`` (baseline, candidate or change) and those of an explanation.
        """
        return exact(change_rows(self.baseline.working, self.candidate.working, self.rows))

    def __repr__(self) -> str:
        """Return what is explained, in one line; no key and no figure of a pupil."""
        sides = f"{self.baseline.working.rule_set} and {self.candidate.working.rule_set}"
        return f"<ChangeExplanation of {subject_of(self.baseline.working)} under {sides}>"

    def __str__(self) -> str:
        """Return both workings and the change as lines of text."""
        change = as_text(working_table("Change", self.rows))
        return f"Baseline {self.baseline}\n\nCandidate {self.candidate}\n\n{change}"

    def _repr_html_(self) -> str:
        """Return both workings and the change as HTML."""
        sides = {"Baseline": self.baseline, "Candidate": self.candidate}
        texts = "".join(paragraph(word) + one._repr_html_() for word, one in sides.items())
        return texts + as_html(working_table("Change", self.rows))


@overload
def explain(outcome: Outcome, subject: int | str) -> Explanation: ...


@overload
def explain(outcome: Allocation, subject: int | str) -> Explanation: ...


@overload
def explain(outcome: Comparison, subject: int | str) -> ChangeExplanation: ...


def explain(
    outcome: Outcome | Allocation | Comparison, subject: int | str
) -> Explanation | ChangeExplanation:
    """Return the whole working of a school or a pupil whom an outcome values, of an authority's own row, or both sides of a comparison.

    ``subject`` is a school's reference number, a pupil's key, or what ``--explain`` of the commands names a row by. Text of digits is a school where one of that number was valued. Raises ``PairRefused``, which
    names no pupil, where neither was valued.
    """
    sentence = "the outcome is what value, value_places and their like, or compare returns"
    of_kind(outcome, (Outcome, Allocation, Comparison), sentence)
    of_kind(subject, (int, str), "the subject is a school's reference number or a pupil's key")
    if isinstance(outcome, Comparison):
        change = explain_change(outcome.parts.baseline, outcome.parts.candidate, str(subject))
        before, after = Explanation(change.baseline), Explanation(change.candidate)
        return ChangeExplanation(before, after, change.rows)
    if isinstance(outcome, Allocation):
        return Explanation(explain_allocation(outcome.parts, str(subject)))
    calls = school_workings(outcome.parts, str(subject), outcome.sen_support_cost)
    return Explanation(engine_explain(outcome.parts, str(subject)), calls)
