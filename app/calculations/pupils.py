"""Pupils valued: band, annual rate, top-up and the clause that decided it."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from app.calculations.answers import Payment, PupilValued, Sum, Sums
from app.caller import go_on
from engine.compare import Group, compare_top_ups
from engine.compare.outcomes import NOT_SUPPLIED
from engine.evaluate import evaluate
from engine.explain import Explanation, explain_pupil
from engine.ingest import pupil_table, records
from engine.money import known_pounds, pounds
from engine.outcome import TopUpOutcome
from engine.rules.compile import pupil_columns
from engine.rules.compiled import CompiledRules
from engine.schedule import Schedule
from engine.statement import spell_statements
from engine.tables import NO_SCHOOL, PupilTable

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
