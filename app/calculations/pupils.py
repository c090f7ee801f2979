"""Pupils valued: band, annual rate, top-up and the clause that decided it."""

from collections.abc import Mapping, Sequence

import numpy as np

from app.calculations.answers import PupilValued, Sum, Sums
from engine.compare import Group, compare_top_ups
from engine.evaluate import evaluate
from engine.explain import explain_pupil
from engine.explain.pupils import SENTENCES
from engine.ingest import pupil_table, records
from engine.money import pounds
from engine.outcome import TopUpOutcome
from engine.rules.compile import pupil_columns
from engine.rules.compiled import CompiledRules
from engine.tables import PupilTable
from engine.vocabulary import Reason

FIRST_ROW = 1
WITHOUT_RATE = {Reason.not_funded, Reason.not_supplied, Reason.no_price, Reason.no_band}


def value_pupils(rules: CompiledRules, sent: Sequence[Mapping[str, object]]) -> TopUpOutcome:
    """Return the pupils of a body valued; rows count from 1 in the order sent."""
    wanted = pupil_columns(rules, counting=False)
    return value_table(rules, pupil_table(records(sent), wanted, first_row=FIRST_ROW))


def value_table(rules: CompiledRules, pupils: PupilTable) -> TopUpOutcome:
    """Return a checked table of pupils valued."""
    outcome = evaluate(rules, pupils=pupils).top_ups
    if outcome is None:
        message = "rules with a band profile valued no pupil"
        raise RuntimeError(message)
    return outcome


def pupils_valued(outcome: TopUpOutcome, *, explain: bool) -> tuple[PupilValued, ...]:
    """Return each pupil's answer in the order in which the pupils were sent."""
    order = np.argsort(outcome.pupils.rows)
    names = outcome.top_ups.bands
    return tuple(
        PupilValued(
            row=row,
            pupil_key=key,
            band=names[band] if band >= 0 else None,
            annual_rate=None if Reason(reason) in WITHOUT_RATE else pounds(annual),
            top_up=None if reason == Reason.not_supplied else pounds(amount),
            reason=Reason(reason).name,
            sentence=SENTENCES[Reason(reason)],
            explanation=explain_pupil(outcome, key) if explain else None,
        )
        for row, key, band, annual, amount, reason in zip(
            outcome.pupils.rows[order].tolist(),
            outcome.pupils.keys.gather(order).to_list(),
            outcome.pupil_bands()[order].tolist(),
            outcome.annual[order].tolist(),
            outcome.amount[order].tolist(),
            outcome.reason[order].tolist(),
            strict=True,
        )
    )


def sums_of(outcome: TopUpOutcome) -> tuple[Sum, tuple[Sums, ...]]:
    """Return the sum of all top-ups, and the sums by school, authority, need and setting."""
    # An outcome against itself has the same sums on both sides.
    same = compare_top_ups(outcome, outcome)
    groupings = tuple(
        Sums(one.kind, tuple(_sum(group) for group in one.groups)) for one in same.groupings
    )
    return _sum(same.total), groupings


def _sum(group: Group) -> Sum:
    return Sum(group.name, pounds(group.before), group.number, group.absent)
