"""Pupils valued: band, annual rate, top-up and the clause that decided it."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from app.calculations.answers import Payment, PupilValued, Sum, Sums
from app.caller import go_on
from engine.explain import Explanation, explain_pupil
from engine.money import known_pounds, pounds
from engine.outcome import TopUpOutcome
from engine.reading import pupil_table, records
from engine.rules.compile import pupil_columns
from engine.rules.compiled import CompiledRules
from engine.run import evaluate
from engine.schedule import Schedule
from engine.statement import SumStatement, spell_statements, top_up_sums
from engine.tables import PupilTable

FIRST_ROW = 1


def value_pupils(rules: CompiledRules, sent: Sequence[Mapping[str, object]]) -> TopUpOutcome:
    """Return the pupils of a body valued; rows count from 1 in the order sent."""
    wanted = pupil_columns(rules, counting=False)
    return value_table(rules, pupil_table(records(sent), wanted, first_row=FIRST_ROW))


def value_table(rules: CompiledRules, pupils: PupilTable) -> TopUpOutcome:
    """Return a checked table of pupils valued."""
    go_on()
    outcome = evaluate(rules, pupils=pupils).top_ups
    if outcome is None:
        message = "rules with a band profile valued no pupil"
        raise RuntimeError(message)
    return outcome


def pupils_valued(
    outcome: TopUpOutcome, *, explain: bool, schedule: Schedule | None = None
) -> Iterator[PupilValued]:
    """Yield each pupil's answer in the order in which the pupils were sent."""
    divided = None if schedule is None else schedule.payments[np.argsort(outcome.pupils.rows)]
    for at, one in enumerate(spell_statements(outcome)):
        known = None if divided is None else divided[at].tolist()
        yield PupilValued(
            row=one.row,
            pupil_key=one.pupil_key,
            band=one.band,
            annual_rate=known_pounds(one.annual),
            top_up=known_pounds(one.amount),
            pupil_total=known_pounds(one.total),
            reason=one.reason.name,
            sentence=one.sentence,
            payments=None if known is None else _payments(known, is_known=one.amount is not None),
            explanation=_explanation(outcome, one.pupil_key) if explain else None,
        )


def _explanation(outcome: TopUpOutcome, key: str) -> Explanation:
    go_on()
    return explain_pupil(outcome, key)


def _payments(paid: list[int], *, is_known: bool) -> tuple[str | None, ...]:
    return tuple(pounds(one) if is_known else None for one in paid)


def payments_of(outcome: TopUpOutcome, schedule: Schedule) -> tuple[Payment, ...]:
    """Return the payments of the year with the sum of each."""
    last_days: list[str | None] = [day.isoformat() for day in schedule.last_days]
    last_days = last_days or [None] * len(schedule.names)
    return tuple(
        Payment(name, last_day, pounds(total), outcome.absent)
        for name, last_day, total in zip(
            schedule.names, last_days, schedule.totals().tolist(), strict=True
        )
    )


def sums_of(outcome: TopUpOutcome) -> tuple[Sum, tuple[Sums, ...]]:
    """Return the sum of all top-ups, and the sums by school, authority, need and setting."""
    total, groupings = top_up_sums(outcome)
    return _sum(total), tuple(
        Sums(kind, tuple(map(_sum, groups))) for kind, groups in groupings.items()
    )


def _sum(one: SumStatement) -> Sum:
    return Sum(
        one.name, pounds(one.top_up), one.pupils, one.not_known,
        known_pounds(one.school_protection), one.protection_not_known,
    )  # fmt: skip
