"""A pupil's whole answer: each spell of it with what decided, and what all of them come to."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.expected_calls import Pence
from engine.modules.top_ups.outcome import TopUpOutcome
from engine.modules.top_ups.several_reasons import REASON_NAMES, every_reason
from engine.modules.top_ups.working import pupil_sentences


@dataclass(frozen=True, slots=True)
class SpellStatement:
    """One row of the table about a pupil, pence; None is not known, or has no price.

    ``total`` is what all rows of the pupil come to; ``reason`` names what decided, both reasons of one not known for two.
    """

    row: int
    pupil_key: str
    band: str | None
    annual: Pence
    amount: Pence
    reason: str
    sentence: str
    total: Pence


def spell_statements(outcome: TopUpOutcome) -> Iterator[SpellStatement]:
    """Yield the spells of all pupils in the order in which they were sent."""
    order = np.argsort(outcome.pupils.rows)
    names, keys = outcome.top_ups.bands, outcome.pupils.keys.to_list()
    totals = pupil_totals(outcome)
    sentences = pupil_sentences(outcome, np.arange(len(outcome.pupils)))
    for at, row, band, annual, priced, amount, known, reason in zip(
        order.tolist(),
        outcome.pupils.rows[order].tolist(),
        outcome.pupil_bands()[order].tolist(),
        outcome.annual[order].tolist(),
        outcome.rate_known[order].tolist(),
        outcome.amount[order].tolist(),
        outcome.known[order].tolist(),
        every_reason(outcome)[order].tolist(),
        strict=True,
    ):
        yield SpellStatement(
            row=row,
            pupil_key=keys[at],
            band=names[band] if band >= 0 else None,
            annual=annual if priced else None,
            amount=amount if known else None,
            reason=REASON_NAMES[reason],
            sentence=sentences[at],
            total=totals[keys[at]],
        )


def pupil_totals(outcome: TopUpOutcome) -> dict[str, Pence]:
    """Return what the rows of each pupil come to, by key: None where one of them is not known."""
    totals: dict[str, Pence] = {}
    keys, amounts = outcome.pupils.keys.to_list(), outcome.amount.tolist()
    for key, amount, known in zip(keys, amounts, outcome.known.tolist(), strict=True):
        before = totals.get(key, 0)
        totals[key] = before + amount if known and before is not None else None
    return totals
