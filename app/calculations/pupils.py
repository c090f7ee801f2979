"""Pupils valued: band, annual rate, top-up and the clause that decided it."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from app.calculations.answers import Payment, PupilValued, Sum, Sums
from app.caller import go_on
from engine.compare import Group, compare_top_ups
from engine.compare.outcomes import NOT_SUPPLIED
from engine.evaluate import evaluate
from engine.explain import Explanation, explain_pupil
from engine.explain.pupils import pupil_sentence
from engine.ingest import pupil_table, records
from engine.money import pounds
from engine.outcome import TopUpOutcome
from engine.rules.compile import pupil_columns
from engine.rules.compiled import CompiledRules
from engine.schedule import Schedule
from engine.tables import NO_SCHOOL, PupilTable
from engine.vocabulary import Reason

FIRST_ROW = 1
WITHOUT_RATE = {Reason.not_funded, Reason.not_supplied, Reason.no_price, Reason.no_band}


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
    order = np.argsort(outcome.pupils.rows)
    paid = (
        [None] * len(order)
        if schedule is None
        else _payments(outcome.reason[order].tolist(), schedule.payments[order].tolist())
    )
    names, keys = outcome.top_ups.bands, outcome.pupils.keys.to_list()
    for at, row, key, band, annual, amount, reason, payments in zip(
        order.tolist(),
        outcome.pupils.rows[order].tolist(),
        [keys[at] for at in order.tolist()],
        outcome.pupil_bands()[order].tolist(),
        outcome.annual[order].tolist(),
        outcome.amount[order].tolist(),
        outcome.reason[order].tolist(),
        paid,
        strict=True,
    ):
        yield PupilValued(
            row=row,
            pupil_key=key,
            band=names[band] if band >= 0 else None,
            annual_rate=None if Reason(reason) in WITHOUT_RATE else pounds(annual),
            top_up=None if reason == Reason.not_supplied else pounds(amount),
            reason=Reason(reason).name,
            sentence=pupil_sentence(outcome, at),
            payments=payments,
            explanation=_explanation(outcome, key) if explain else None,
        )


def _explanation(outcome: TopUpOutcome, key: str) -> Explanation:
    go_on()
    return explain_pupil(outcome, key)


def _payments(reasons: list[int], paid: list[list[int]]) -> list[tuple[str | None, ...] | None]:
    return [
        tuple(None if reason == Reason.not_supplied else pounds(one) for one in payments)
        for reason, payments in zip(reasons, paid, strict=True)
    ]


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
    # An outcome against itself has the same sums on both sides.
    same = compare_top_ups(outcome, outcome)
    groupings = tuple(
        Sums(one.kind, tuple(_sum(outcome, one.kind, group) for group in one.groups))
        for one in same.groupings
    )
    return _sum(outcome, "total", same.total), groupings


def _sum(outcome: TopUpOutcome, kind: str, group: Group) -> Sum:
    protected, absent = _protection(outcome, kind, group.name)
    return Sum(group.name, pounds(group.before), group.number, group.absent, protected, absent)


def _protection(outcome: TopUpOutcome, kind: str, name: str) -> tuple[str | None, int]:
    """Return what protects the schools of a group, and of how many it is not known."""
    if outcome.top_ups.school_protection is None or kind not in {"total", "la", "school"}:
        return None, 0
    placements = outcome.pupils.placement_urn if kind == "school" else outcome.pupils.placement_la
    among = np.ones(len(placements), bool)
    if kind != "total":
        among = placements == (NO_SCHOOL if name == NOT_SUPPLIED else int(name))
    absent = outcome.school_protection_absent[among]
    known = len(absent) > absent.sum()
    total = int(outcome.school_protection[among].sum())
    return pounds(total) if known else None, int(absent.sum())
