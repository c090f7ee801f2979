"""A candidate against a baseline over the same tables: who gains, who loses, and the totals."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import polars as pl

from engine.compare import Comparison as EngineComparison
from engine.compare import Group
from engine.compare import compare as compare_outcomes
from engine.errors import PairRefused, Problem
from engine.export import change_totals, exact, with_rules
from engine.rows import Rows
from engine.statement import change_detail_rows
from evenband.arguments import of_kind, one_of
from evenband.display import as_html, as_text, counted, in_pounds, listing, money, paragraph
from evenband.outcome import Outcome

Detail = Literal["totals", "schools", "pupils"]
"""One row a total, decile or group, a school, or a pupil."""

BY_SCHOOL = "school"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Comparison:
    """What changes from a baseline to a candidate. ``parts`` is the engine's own form."""

    baseline: Outcome
    candidate: Outcome
    parts: EngineComparison

    @property
    def change(self) -> Decimal | None:
        """Return what the candidate pays above the baseline, pounds, of what is known on both sides.

        Pupils' top-ups where both value pupils, else schools' notional SEN budgets. None where
        nothing is known, as under rules without notional percentages.
        """
        return in_pounds(self._group.change) if self._group.is_known else None

    @property
    def winners(self) -> int:
        """Return how many pupils, or else schools, get more."""
        return self._group.winners

    @property
    def losers(self) -> int:
        """Return how many pupils, or else schools, get less."""
        return self._group.losers

    @property
    def not_known(self) -> int:
        """Return how many pupils, or else schools, are not known on one side or both."""
        return self._group.absent

    def to_polars(self, detail: Detail = "totals") -> pl.DataFrame:
        """Return a frame with the columns of ``evenband compare --detail``.

        Money is pounds, ``Decimal`` with two places; what is not known is null. The last columns
        say year and rule set of both sides. Raises
        ``PairRefused`` where the two sides do not both value schools, or pupils.
        """
        one_of(detail, Detail, "detail")
        sides = [self.baseline.rules.record, self.candidate.rules.record]
        return exact(with_rules(self._rows(detail), sides))

    def _rows(self, detail: Detail) -> Rows:
        rows = change_detail_rows(self.parts, detail)
        if rows is None:
            sentence = f"the two sides do not both value {detail}"
            raise PairRefused([Problem(sentence, "nothing-to-show")])
        return rows

    @property
    def _group(self) -> Group:
        change = self.parts.pupils or self.parts.schools
        if change is None:
            # A comparison without either was refused.
            raise PairRefused([Problem("nothing is compared here", "nothing-to-compare")])
        return change.total

    @property
    def _summary(self) -> str:
        group = self._group
        what = "pupil" if self.parts.pupils is not None else "school"
        sums = (
            f"£{money(group.before)} to £{money(group.after)}, a change of £{money(group.change)}"
            if group.is_known
            else "not known"
        )
        counts = f"{group.winners:,} gain, {group.losers:,} lose, {group.unchanged:,} unchanged"
        absent = f", {group.absent:,} not known" if group.absent else ""
        return f"{counted(group.number, what)}: {sums}; {counts}{absent}"

    def __repr__(self) -> str:
        """Return the totals in one line; nothing about a single pupil."""
        return f"<Comparison: {self._summary}>"

    def __str__(self) -> str:
        """Return both rule sets, the totals and the groups but schools, as lines of text."""
        return "\n".join([*self._heading, as_text(listing(self._groups, most=len(self._groups)))])

    def _repr_html_(self) -> str:
        """Return both rule sets, the totals and the groups but schools, as HTML."""
        table = as_html(listing(self._groups, most=len(self._groups)))
        return "".join(map(paragraph, self._heading)) + table

    @property
    def _heading(self) -> tuple[str, ...]:
        names = self.baseline.rules.name, self.candidate.rules.name
        return (f"Baseline {names[0]}", f"Candidate {names[1]}", self._summary)

    @property
    def _groups(self) -> Rows:
        rows = change_totals(self.parts)
        kept = rows.frame.filter(~rows.frame["grouping"].is_in([BY_SCHOOL, "decile"]))
        return Rows(rows.name, rows.shapes, kept)


def compare(baseline: Outcome, candidate: Outcome) -> Comparison:
    """Compare a candidate's outcome with a baseline's: each pupil, school, authority, need and setting.

    Read the tables once, naming both rule sets, and value them under each. Raises ``PairRefused`` where
    the two sides value different tables, or have nothing in common.
    """
    for side, outcome in {"baseline": baseline, "candidate": candidate}.items():
        of_kind(outcome, Outcome, f"the {side} is what value returns")
    return Comparison(baseline, candidate, compare_outcomes(baseline.parts, candidate.parts))
