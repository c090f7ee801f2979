"""Bands and top-ups of each pupil."""

from engine.modules.explanation import Explanation, urn_of
from engine.modules.module import Inputs, Module
from engine.modules.top_ups.outcome import TopUpOutcome
from engine.modules.top_ups.school_working import explain_protection
from engine.modules.top_ups.table import pupil_rows, pupil_sums
from engine.modules.top_ups.valuation import value_pupils
from engine.modules.top_ups.working import explain_pupil
from engine.rows import Rows
from engine.rules.compiled import CompiledTopUps
from engine.rules.reads import Reads

__all__ = ["TOP_UPS", "TopUpOutcome", "TopUps"]


class TopUps(Module[CompiledTopUps, TopUpOutcome]):
    """Each pupil's band and top-up."""

    name = "band_profile"
    subject = "pupil with this key"
    compiled = CompiledTopUps

    def reads(self, part: CompiledTopUps) -> Reads:
        """Return the columns of pupils that are read."""
        return part.reads

    def value(self, inputs: Inputs) -> TopUpOutcome | None:
        """Value pupils, reconciled while their amounts are written: a second pass would take most of the time."""
        top_ups = self.of(inputs.rules)
        if top_ups is None or inputs.tables.pupils is None:
            return None
        return value_pupils(inputs.rules, top_ups, inputs.tables.pupils, inputs.blocks)

    def rows(self, outcome: TopUpOutcome) -> Rows:
        """Return one row a pupil."""
        return pupil_rows(outcome)

    def totals(self, outcome: TopUpOutcome) -> Rows:
        """Return the sums of top-ups, in all and by group."""
        return pupil_sums(outcome)

    def explanation(self, outcome: TopUpOutcome, subject: str) -> Explanation | None:
        """Return the working of what protects a school by its reference number, else of a pupil by the key."""
        urn = urn_of(subject)
        school = None if urn is None else explain_protection(outcome, urn)
        if school is not None or not (outcome.pupils.keys == subject).any():
            return school
        return explain_pupil(outcome, subject)

    def reconcile(self, outcome: TopUpOutcome) -> None:
        """Do nothing: valuing has reconciled every amount."""


TOP_UPS = TopUps()
